"""The service boundaries of the tiny country: made of its kecamatan, without dust, simplified together."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from shapely import Polygon, box
from tiny_country import SIDE, SOUTH, WEST

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.polygons import as_shapely
from geo112.prepare.boundaries import Prepared
from geo112.prepare.service_areas import service_areas
from geo112.zones.records import Zone
from geo112.zones.service_areas import FILE, ServiceAreas


def zone(kode: str, area_km2: float) -> Zone:
    return Zone(
        kode=KodeKecamatan(kode), nama=kode, kode_kabkota=KodeKabKota(kode[:5]), kabkota=kode[:5], area_km2=area_km2
    )


def test_a_build_has_the_boundary_of_each_kabupaten(build: Callable[..., Prepared]) -> None:
    prepared = build()
    areas = ServiceAreas.open(prepared.out / FILE)
    assert areas.version == prepared.report["version"]
    assert areas.codes == ("35.01", "35.02", "35.71")
    [baru] = areas.area(KodeKabKota("35.02"))
    anggrek = box(WEST + 2 * SIDE, SOUTH + SIDE, WEST + 3 * SIDE, SOUTH + 2 * SIDE)
    assert as_shapely(baru.ring).symmetric_difference(anggrek).area < 1e-9 * anggrek.area
    whole = shapely.union_all([as_shapely(one.ring, one.holes) for kode in areas.codes for one in areas.area(kode)])
    assert whole.area == pytest.approx(10 * SIDE * SIDE)


def test_dust_and_overlaps_go_and_a_kota_is_a_hole() -> None:
    kota, overlapping = box(112.1, -8.1, 112.2, -8.0), box(112.0, -8.2, 112.1 + 3e-9, -7.9)
    east = Polygon(box(112.1, -8.2, 112.4, -7.9).exterior, [box(112.1 + 2e-9, -8.1, 112.2, -8.0).exterior])
    claims_more = box(112.39, -8.2, 112.5, -7.9)
    zones = [zone("35.05.01", 300.0), zone("35.05.02", 800.0), zone("35.06.01", 350.0), zone("35.72.01", 110.0)]
    codes, levels = service_areas(zones, np.array([overlapping, east, claims_more, kota], object))
    assert codes == ["35.05", "35.06", "35.72"]
    for level in levels:
        kabupaten, other, city = level.shapes
        assert shapely.coverage_is_valid(level.shapes)
        assert [len(kabupaten.interiors), len(city.interiors)] == [1, 0]
        assert Polygon(kabupaten.interiors[0]).equals(city)
        assert other.bounds[0] == 112.39, "the smaller one wins the ground that both claim"


def test_small_bends_go_on_both_sides_of_a_border_at_once() -> None:
    bends = [(112.1 + (0.0001 if n % 2 else 0.0), -8.2 + n * 0.0005) for n in range(401)]
    west = Polygon([(112.0, -8.2), *bends, (112.0, -8.0)])
    east = Polygon([(112.2, -8.2), *bends, (112.2, -8.0)])
    _, (whole, simple) = service_areas([zone("35.05.01", 1.0), zone("35.06.01", 2.0)], np.array([west, east], object))
    assert shapely.get_num_coordinates(whole.shapes[0]) > 400
    assert shapely.get_num_coordinates(simple.shapes[0]) < 50
    assert shapely.coverage_is_valid(simple.shapes)
    assert simple.tolerance_m == 50.0
