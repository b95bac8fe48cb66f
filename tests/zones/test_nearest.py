"""The nearest kecamatan, on the ellipsoid."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from zone_maps import DrawMap

from geo112.core.geo import Position, wgs84
from geo112.zones.index import ZoneIndex
from geo112.zones.records import Zone

KOTA, KABUPATEN = "35.72.01", "35.05.01"


def place(lon: float, lat: float) -> Position:
    return Position(lon_deg=lon, lat_deg=lat)


def brute_gap_m(polygon: Polygon | shapely.LineString, position: Position) -> float:
    """Walk along all edges in ever smaller steps around the nearest place so far."""
    ring = shapely.get_coordinates(polygon)
    best = np.inf
    for a, b in pairwise(ring):
        low, high = 0.0, 1.0
        for _ in range(6):
            share = np.linspace(low, high, 201)
            on = a + (b - a) * share[:, None]
            _, _, metres = wgs84().inv(
                np.full(201, position.lon_deg), np.full(201, position.lat_deg), on[:, 0], on[:, 1]
            )
            least = int(np.argmin(metres))
            low, high = share[max(0, least - 1)], share[min(200, least + 1)]
        best = min(best, float(np.min(metres)))
    return best


def test_inside_the_gap_is_nothing(draw_map: DrawMap) -> None:
    index = draw_map({KOTA: box(112.0, -8.0, 112.1, -7.9)})
    nearest = index.nearest(place(112.05, -7.95))
    assert (nearest.kecamatan, nearest.kode, nearest.gap_m) == (KOTA, "35.72", 0.0)
    assert (nearest.kecamatan_nama, nearest.nama) == ("Kecamatan 35.72.01", "Kota 35.72")


@settings(max_examples=60, deadline=None)
@given(lon=st.floats(94, 142), lat=st.floats(-12, 7))
def test_gaps_to_a_drawn_triangle(triangle: ZoneIndex, lon: float, lat: float) -> None:
    shape = Polygon([(110.0, -3.0), (113.0, -4.5), (111.0, -1.0)])
    position = place(lon, lat)
    nearest = triangle.nearest(position)
    if shape.covers(shapely.Point(lon, lat)):
        assert nearest.gap_m == 0
    else:
        assert nearest.gap_m == pytest.approx(brute_gap_m(shape, position), abs=0.005)


@pytest.fixture(scope="module")
def triangle(draw_map: DrawMap) -> ZoneIndex:
    return draw_map({KOTA: Polygon([(110.0, -3.0), (113.0, -4.5), (111.0, -1.0)])})


def test_between_equals_the_overlap_rule_chooses(draw_map: DrawMap) -> None:
    two = {KOTA: box(112.0, -8.0, 112.1, -7.9), KABUPATEN: box(112.0, -8.1, 112.1, -8.0)}
    index = draw_map(two, areas_km2={KOTA: 1.0, KABUPATEN: 2.0})
    assert index.nearest(place(112.2, -8.0)).kecamatan == KOTA
    index = draw_map(two, areas_km2={KOTA: 2.0, KABUPATEN: 2.0})
    assert index.nearest(place(112.2, -8.0)).kecamatan == KABUPATEN


def test_in_a_gap_between_kecamatan(draw_map: DrawMap) -> None:
    index = draw_map({KOTA: box(112.0, -8.0, 112.1, -7.9), KABUPATEN: box(112.1004, -8.0, 112.2, -7.9)})
    nearest = index.nearest(place(112.1001, -7.95))
    assert nearest.kecamatan == KOTA
    assert nearest.gap_m == pytest.approx(place(112.1, -7.95).distance_m(place(112.1001, -7.95)), abs=0.001)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(94.0, -12.0), (142.0, 7.0), (94.0, 7.0), (142.0, -12.0), (112.2, -8.6), (105.0, -9.5), (118.5, -9.99), (110, -4)],
)
def test_gaps_to_the_country(
    country: ZoneIndex, drawn_country: tuple[list[Zone], np.ndarray], lon: float, lat: float
) -> None:
    _, polygons = drawn_country
    position = place(lon, lat)
    nearest = country.nearest(position)
    parts, zone_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    _, _, metres = wgs84().inv(np.full(len(corners), lon), np.full(len(corners), lat), corners[:, 0], corners[:, 1])
    _, _, lengths = wgs84().inv(corners[:-1, 0], corners[:-1, 1], corners[1:, 0], corners[1:, 1])
    reach = np.minimum(metres[:-1], metres[1:]) - np.asarray(lengths)
    may = np.flatnonzero((ring_of[:-1] == ring_of[1:]) & (reach <= metres.min()))
    gaps = [(brute_gap_m(shapely.LineString(corners[k : k + 2]), position), k) for k in may]
    best = min(gap for gap, _ in gaps)
    assert nearest.gap_m == pytest.approx(best, abs=0.01)
    rows = {int(zone_of_part[part_of_ring[ring_of[k]]]) for gap, k in gaps if gap <= best + 0.01}
    assert nearest.kecamatan in {country.zones[row].kode for row in rows}


def test_beyond_the_field_it_still_answers(country: ZoneIndex) -> None:
    for lon, lat in ((-75.0, 5.0), (0.0, 90.0), (0.0, -90.0), (-180.0, 0.0), (-65.0, 2.0)):
        nearest = country.nearest(place(lon, lat))
        assert 1_000_000 < nearest.gap_m < 20_100_000
