"""Fixtures that several rooms share."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run; `tools/fuzz` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, derandomize=False, max_examples=3_000, print_blob=True)
settings.load_profile("same")


def pytest_report_header() -> str:
    """Say which examples this run draws: `--hypothesis-profile` is read after the line above."""
    now = settings.default
    assert now is not None
    kind = "the same" if now.derandomize else "new"
    return f"properties: up to {now.max_examples} examples each, {kind} at every run"


ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def boundaries_dir() -> Path:
    """The boundaries that `make setup` built for the whole country."""
    built = ROOT / "data" / "boundaries" / "build"
    assert (built / "kecamatan.parquet").is_file(), "run `make setup` first: it builds the boundaries"
    return built
