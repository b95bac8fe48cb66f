"""Fixtures that several rooms share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def boundaries_dir() -> Path:
    """The boundaries that `make setup` built for the whole country."""
    built = ROOT / "data" / "boundaries" / "build"
    assert (built / "kecamatan.parquet").is_file(), "run `make setup` first: it builds the boundaries"
    return built
