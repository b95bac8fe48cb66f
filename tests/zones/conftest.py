"""Small maps that tests draw themselves, and the index of the whole country."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo112.zones.warm import forget_stale

forget_stale()

from zone_maps import DrawMap, Shape, zone  # noqa: E402 - stale kernels have to go before kernels load

from geo112.bench.reference import read_kecamatan  # noqa: E402 - as above
from geo112.zones.compact import write_zones  # noqa: E402 - as above
from geo112.zones.index import ZoneIndex  # noqa: E402 - as above
from geo112.zones.overlaps import rank_of, remainders  # noqa: E402 - as above
from geo112.zones.records import DEFAULT_ACCURACY_M, Zone  # noqa: E402 - as above


@pytest.fixture(scope="session")
def draw_map(tmp_path_factory: pytest.TempPathFactory) -> DrawMap:
    """Make an index of shapes by code; areas decide who wins overlaps."""

    def draw(
        shapes: dict[str, Shape],
        *,
        areas_km2: dict[str, float] | None = None,
        accuracies_m: dict[str, float] | None = None,
    ) -> ZoneIndex:
        path = tmp_path_factory.mktemp("zones") / "zones.geo112"
        codes = sorted(shapes)
        areas = {code: (areas_km2 or {}).get(code, shapes[code].area) for code in codes}
        write_zones(
            path,
            zones=[
                replace(zone(code, area_km2=areas[code]), accuracy_m=(accuracies_m or {}).get(code, DEFAULT_ACCURACY_M))
                for code in codes
            ],
            polygons=np.array([shapes[code] for code in codes], object),
            version="test",
        )
        return ZoneIndex.open(path)

    return draw


@pytest.fixture(scope="session")
def country(boundaries_dir: Path) -> ZoneIndex:
    """The index of the whole country."""
    return ZoneIndex.open(boundaries_dir / "zones.geo112")


@pytest.fixture(scope="session")
def drawn_country(boundaries_dir: Path) -> tuple[list[Zone], np.ndarray]:
    """The kecamatan of the whole country with their polygons, as shapely has them."""
    return read_kecamatan(boundaries_dir)


@pytest.fixture(scope="session")
def partition(drawn_country: tuple[list[Zone], np.ndarray]) -> np.ndarray:
    """The polygons of the country without what the overlap rule takes from them."""
    zones, polygons = drawn_country
    losers, left = remainders(polygons, rank_of(zones))
    parts = polygons.copy()
    parts[losers] = left
    return parts
