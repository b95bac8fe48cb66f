"""Tiny packages and a way to build them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_country import write_packages, write_tables

from geo112.prepare.boundaries import Prepared, Request, prepare_boundaries
from geo112.prepare.evidence import Placed
from geo112.prepare.layers import Inputs, Layers, make_layers, read_inputs
from geo112.prepare.phases import Phases

SILENT = Phases(shown=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_packages(tmp_path / "node_modules")


@pytest.fixture
def tables(tmp_path: Path, source: Path) -> Path:
    return write_tables(tmp_path / "tables", source)


@pytest.fixture
def build(tmp_path: Path, source: Path, tables: Path) -> Callable[..., Prepared]:
    def run(out: str = "build", *, cache: str = "cache", force: bool = False) -> Prepared:
        request = Request(
            source=source, tables=tables, out=tmp_path / out, cache=tmp_path / cache, compare=None, force=force
        )
        return prepare_boundaries(request, phases=Phases(shown=False))

    return run


@pytest.fixture
def made(source: Path, tables: Path) -> tuple[Inputs, Layers]:
    inputs = read_inputs(source, tables, phases=SILENT)
    return inputs, make_layers(inputs, phases=SILENT)


@pytest.fixture
def placed_by_name(made: tuple[Inputs, Layers]) -> dict[tuple[str, str], Placed]:
    inputs, layers = made
    return {(inputs.villages[i].kecamatan, inputs.villages[i].desa): place for i, place in layers.placed.items()}
