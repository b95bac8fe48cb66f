"""A region with boundaries in force, and a way to import a file over them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import pytest
from tiny_country import write_atlas
from tiny_region import write_base

from geo112.prepare.imports.run import ImportedSet, ImportRequest, import_boundaries
from geo112.prepare.phases import Phases

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
RunImport = Callable[..., ImportedSet]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    # A small world is read at once; the real one takes a second for each import.
    write_atlas(tmp_path, {"Indonesia": [(112.0, -8.2, 112.2, -8.0)], "Malaysia": [(112.0, -7.0, 112.2, -6.9)]})
    return write_base(tmp_path / "build")


@pytest.fixture
def run_import(tmp_path: Path, base: Path) -> RunImport:
    def run(file: Path, **given: object) -> ImportedSet:
        places = {"build": base, "sets": tmp_path / "sets", "source": tmp_path, "tables": tmp_path, "now": NOW}
        return import_boundaries(ImportRequest(file=file, **(places | given)), phases=Phases(shown=False))

    return run


@pytest.fixture
def kecamatan_of() -> Callable[[ImportedSet], geopandas.GeoDataFrame]:
    def read(done: ImportedSet) -> geopandas.GeoDataFrame:
        return geopandas.read_parquet(done.folder / "kecamatan.parquet").set_index("kode_kecamatan")

    return read
