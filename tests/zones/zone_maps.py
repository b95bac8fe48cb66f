"""What the tests of zones share besides fixtures."""

from collections.abc import Callable

from shapely import MultiPolygon, Polygon

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.zones.index import ZoneIndex
from geo112.zones.records import Zone

Shape = Polygon | MultiPolygon
DrawMap = Callable[..., ZoneIndex]


def zone(kode: str, *, area_km2: float = 1.0) -> Zone:
    return Zone(
        kode=KodeKecamatan(kode),
        nama=f"Kecamatan {kode}",
        kode_kabkota=KodeKabKota(kode[:5]),
        kabkota=f"Kota {kode[:5]}",
        area_km2=area_km2,
    )
