"""Kernels that were compiled from older sources are forgotten, all at once."""

import os
from pathlib import Path

import pytest

from geo112.zones.warm import KERNELS, WITHIN_KERNELS, forget_stale, warm


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sources of second 100 and what was compiled from them in second 200."""
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    for name in (*KERNELS, *WITHIN_KERNELS):
        source = tmp_path / f"{name}.py"
        source.touch()
        os.utime(source, (100, 100))
    for name in ("predicates.turn-1.py312.nbi", "lookup.winner-2.py312.1.nbc", "index.cpython-312.pyc"):
        (cache / name).touch()
        os.utime(cache / name, (200, 200))
    return tmp_path


def test_fresh_ones_stay(folder: Path) -> None:
    assert forget_stale(folder) == 0
    assert len(list((folder / "__pycache__").iterdir())) == 3


@pytest.mark.parametrize("changed", ["predicates", "layout", "intrinsics", "shares"])
def test_a_newer_source_of_any_makes_all_stale(folder: Path, changed: str) -> None:
    os.utime(folder / f"{changed}.py", (300, 300))
    assert forget_stale(folder) == 2
    assert [path.name for path in (folder / "__pycache__").iterdir()] == ["index.cpython-312.pyc"]


def test_nothing_compiled_is_nothing_stale(folder: Path) -> None:
    for path in (folder / "__pycache__").iterdir():
        path.unlink()
    assert forget_stale(folder) == 0


def test_all_kernels_compile() -> None:
    warm()
    assert forget_stale() == 0
