"""A PostGIS of its own: right answers, nothing left behind, and an error that names the package."""

from pathlib import Path

import numpy as np
import psycopg
import pytest
import shapely

from geo112.bench.postgis import EXTENSION, PACKAGE, PROGRAMS, postgis, require_postgis
from geo112.core.errors import SetupError

# Two squares side by side, and a small one that lies on the first and wins.
SQUARES = np.array([shapely.box(112, -8, 113, -7), shapely.box(113, -8, 114, -7), shapely.box(112, -8, 112.5, -7.5)])
RANKS = [1, 2, 0]


def test_a_throw_away_cluster_answers_and_goes() -> None:
    with postgis(SQUARES, RANKS) as rival:
        assert rival.version.startswith("3.")
        assert [rival.at(lon, -7.9) for lon in (112.7, 113.2, 112.1, 110.0)] == [0, 1, 2, None]
        # A border belongs to both; the rank decides.
        assert rival.at(113.0, -7.2) == 0
        rival.load_points(np.array([112.7, 113.2, 112.1, 110.0]), np.full(4, -7.9))
        assert rival.join() == 4
        shares = rival.shares(shapely.to_wkb(shapely.box(112.9, -7.4, 113.1, -7.3)))
        assert shares == {0: pytest.approx(0.5), 1: pytest.approx(0.5)}
        address = rival.address
        folder = Path(address.split()[0].removeprefix("host="))
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)


def test_an_interrupted_bench_leaves_nothing() -> None:
    folders: list[Path] = []

    def interrupted() -> None:
        with postgis(SQUARES, RANKS) as rival:
            folders.append(Path(rival.address.split()[0].removeprefix("host=")))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not folders[0].exists()


@pytest.mark.parametrize("missing", ["programs", "extension"])
def test_without_postgis_the_package_is_named(tmp_path: Path, missing: str) -> None:
    there = {"programs": PROGRAMS, "extension": EXTENSION, missing: tmp_path / "nothing"}
    with pytest.raises(SetupError, match=PACKAGE) as refusal:
        require_postgis(**there)
    assert refusal.value.field == "bench"


def test_with_postgis_nothing_is_refused() -> None:
    assert require_postgis() is None
