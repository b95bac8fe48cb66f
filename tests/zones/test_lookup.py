"""Points: exactly as `covers` says, with one kecamatan for each by the overlap rule."""

import math
import threading
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box
from zone_maps import DrawMap, Shape

from geo112.core.geo import Position
from geo112.zones.index import ZoneIndex
from geo112.zones.predicates import turn

WEST, EAST, OTHER = "35.72.01", "35.72.02", "35.05.01"


def at(index: ZoneIndex, lon: float, lat: float) -> str | None:
    found = index.at(Position(lon_deg=lon, lat_deg=lat))
    return found.kode if found else None


def agree(index: ZoneIndex, shapes: dict[str, Shape], points: list[tuple[float, float]]) -> None:
    """Hold every way of asking against `covers`, point by point."""
    by_rule = sorted(index.zones, key=lambda zone: (zone.area_km2, zone.kode))
    lons, lats = np.array(points).T
    ids = index.zone_ids(lons, lats)
    for (lon, lat), row in zip(points, ids.tolist(), strict=True):
        covering = tuple(zone for zone in by_rule if shapes[zone.kode].covers(Point(lon, lat)))
        place = Position(lon_deg=lon, lat_deg=lat)
        assert index.all_at(place) == covering, (lon, lat)
        assert index.at(place) == (covering[0] if covering else None), (lon, lat)
        assert (index.zones[row] if row >= 0 else None) == (covering[0] if covering else None), (lon, lat)


def corners_and_edges(shapes: dict[str, Shape]) -> list[tuple[float, float]]:
    """Take all corners, points on and a hair beside edges, and points level with corners."""
    corners = shapely.get_coordinates(list(shapes.values()))
    middles = (corners[:-1] + corners[1:]) / 2
    hair = np.nextafter(middles, np.inf)
    level = np.column_stack([np.roll(corners[:, 0], 1), corners[:, 1]])
    upright = np.column_stack([corners[:, 0], np.roll(corners[:, 1], 2)])
    beside = np.add(corners, [[3e-10, -2e-10]])
    return [tuple(point) for point in np.concatenate([corners, middles, hair, level, upright, beside]).tolist()]


def test_two_squares_that_share_an_edge(draw_map: DrawMap) -> None:
    shapes: dict[str, Shape] = {WEST: box(112.0, -8.0, 112.1, -7.9), EAST: box(112.1, -8.0, 112.2, -7.9)}
    index = draw_map(shapes)
    assert at(index, 112.05, -7.95) == WEST
    assert at(index, 112.15, -7.95) == EAST
    assert at(index, 112.1, -7.95) == WEST  # both cover their common edge; equal areas, so the lower code
    assert [zone.kode for zone in index.all_at(Position(lon_deg=112.1, lat_deg=-7.95))] == [WEST, EAST]
    assert at(index, 112.25, -7.95) is None
    assert at(index, 100.0, 0.0) is None
    assert index.all_at(Position(lon_deg=100.0, lat_deg=0.0)) == ()
    agree(index, shapes, corners_and_edges(shapes))


def test_a_kota_in_a_hole_of_its_kabupaten(draw_map: DrawMap) -> None:
    kota = box(112.15, -8.11, 112.19, -8.06)
    kabupaten = Polygon(box(112.0, -8.3, 112.5, -7.9).exterior, [kota.exterior])
    shapes: dict[str, Shape] = {WEST: kota, OTHER: kabupaten}
    index = draw_map(shapes)
    assert at(index, 112.17, -8.09) == WEST
    assert [zone.kode for zone in index.all_at(Position(lon_deg=112.17, lat_deg=-8.09))] == [WEST]
    assert at(index, 112.3, -8.0) == OTHER
    agree(index, shapes, corners_and_edges(shapes))


def test_where_kecamatan_overlap_the_smaller_one_wins(draw_map: DrawMap) -> None:
    shapes: dict[str, Shape] = {
        OTHER: box(112.0, -8.0, 112.2, -7.9),
        WEST: box(112.1, -8.0, 112.3, -7.9),
        EAST: box(112.12, -7.99, 112.18, -7.92),
    }
    index = draw_map(shapes, areas_km2={OTHER: 9.0, WEST: 8.0, EAST: 7.0})
    assert at(index, 112.11, -7.95) == WEST
    assert at(index, 112.15, -7.95) == EAST
    place = Position(lon_deg=112.15, lat_deg=-7.95)
    assert [zone.kode for zone in index.all_at(place)] == [EAST, WEST, OTHER]
    agree(index, shapes, corners_and_edges(shapes))


def test_of_equal_areas_the_lower_code_wins(draw_map: DrawMap) -> None:
    same = box(112.0, -8.0, 112.2, -7.9)
    index = draw_map({EAST: same, WEST: same, OTHER: same})
    assert [zone.kode for zone in index.all_at(Position(lon_deg=112.15, lat_deg=-7.95))] == [OTHER, WEST, EAST]


def test_more_kecamatan_in_one_place_than_a_record_holds(draw_map: DrawMap) -> None:
    shapes: dict[str, Shape] = {
        f"35.72.{number:02d}": box(112.0, -8.0, 112.001 + number / 10_000, -7.999) for number in range(1, 31)
    }
    index = draw_map(shapes)
    agree(index, shapes, [*corners_and_edges(shapes), (112.0005, -7.9995), (112.0035, -7.9995), (112.01, -7.9995)])
    assert len(index.all_at(Position(lon_deg=112.0005, lat_deg=-7.9995))) == 30


def test_many_parts_and_holes_that_touch(draw_map: DrawMap) -> None:
    island = box(112.4, -8.0, 112.45, -7.95)
    holes = [box(112.05, -7.97, 112.06, -7.96), box(112.06, -7.96, 112.07, -7.95)]
    land = Polygon(box(112.0, -8.0, 112.1, -7.9).exterior, [hole.exterior for hole in holes])
    shapes: dict[str, Shape] = {WEST: MultiPolygon([land, island]), EAST: holes[0]}
    index = draw_map(shapes)
    agree(index, shapes, [*corners_and_edges(shapes), (112.43, -7.97), (112.25, -7.97), (112.065, -7.955)])


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Draw a ring around a middle; rounded corners make vertices of one latitude, and lie on cell borders."""
    west, south = draw(st.floats(112.0, 112.03)), draw(st.floats(-8.03, -8.0))
    digits = draw(st.sampled_from([3, 4, 15]))
    reach = draw(st.lists(st.floats(0.0005, 0.03), min_size=3, max_size=14))
    turned = [2 * math.pi * k / len(reach) for k in range(len(reach))]
    ring = [
        (round(west + r * math.cos(angle), digits), round(south + r * math.sin(angle), digits))
        for r, angle in zip(reach, turned, strict=True)
    ]
    return Polygon(ring)


@settings(max_examples=60, deadline=None)
@given(drawn=st.lists(stars(), min_size=1, max_size=6), seed=st.integers(0, 2**32 - 1))
def test_any_map_agrees_with_covers(draw_map: DrawMap, drawn: list[Polygon], seed: int) -> None:
    valid = [polygon for polygon in drawn if polygon.is_valid and polygon.area > 0]
    shapes: dict[str, Shape] = {f"35.72.{number + 1:02d}": polygon for number, polygon in enumerate(valid)}
    if not shapes:
        return
    random = np.random.default_rng(seed)
    anywhere = random.uniform([111.98, -8.05], [112.06, -7.97], (100, 2))
    rounded = np.round(random.uniform([111.98, -8.05], [112.06, -7.97], (100, 2)), 3)
    points = [tuple(point) for point in np.concatenate([anywhere, rounded]).tolist()]
    agree(draw_map(shapes), shapes, [*points, *corners_and_edges(shapes)])


def test_a_cell_middle_on_an_edge_is_told_exactly(draw_map: DrawMap) -> None:
    # The grid begins half a cell before the bounds, so whole cells on these lines have their middles on edges.
    lines = [112.0 + 0.0128 * k for k in range(6)]
    shapes: dict[str, Shape] = {
        f"35.72.{k + 1:02d}": Polygon([(a, -8.0), (b, -7.9360), (b, -7.9), (a, -7.9)])
        for k, (a, b) in enumerate(pairwise(lines))
    }
    index = draw_map(shapes)
    grid = [(112.0 + 0.0032 * i, -8.0 + 0.0032 * k) for i in range(24) for k in range(32)]
    agree(index, shapes, [*corners_and_edges(shapes), *grid])


def test_edges_longer_than_many_cells(draw_map: DrawMap) -> None:
    shapes: dict[str, Shape] = {WEST: Polygon([(100.0, -5.0), (103.0, 1.0), (101.0, -4.0)])}
    random = np.random.default_rng(4)
    share = random.random((400, 2))
    ring = shapely.get_coordinates(shapes[WEST])
    edge = random.integers(0, 3, 400)
    near = ring[edge] + (ring[edge + 1] - ring[edge]) * share[:, :1] + 1e-12 * (share - 0.5)
    agree(draw_map(shapes), shapes, [tuple(point) for point in near.tolist()])


def test_columns_of_points_with_gaps(draw_map: DrawMap) -> None:
    index = draw_map({WEST: box(112.0, -8.0, 112.1, -7.9)})
    lons = [112.05, math.nan, 112.05, math.inf, 200.0, 112.0]
    lats = [-7.95, -7.95, math.nan, -7.95, -math.inf, -8.0]
    assert index.zone_ids(lons, lats).tolist() == [0, -1, -1, -1, -1, 0]
    assert index.zone_ids(lons, lats).dtype == np.int32
    assert index.zone_ids([], []).tolist() == []
    assert index.zone_ids([], [], threads=4).tolist() == []
    with pytest.raises(ValueError, match="2 longitudes with 1 latitudes"):
        index.zone_ids([112.0, 112.1], [-8.0])


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_threads_share_a_column(country: ZoneIndex, threads: int) -> None:
    random = np.random.default_rng(3)
    lons, lats = random.uniform(95, 141, 10_001), random.uniform(-11, 6, 10_001)
    lons.flags.writeable = False
    assert np.array_equal(country.zone_ids(lons, lats, threads=threads), country.zone_ids(lons[::1], lats.tolist()))


def test_an_index_may_be_asked_by_many_threads(country: ZoneIndex) -> None:
    random = np.random.default_rng(5)
    places = [
        Position(lon_deg=lon, lat_deg=lat)
        for lon, lat in zip(random.uniform(106, 114, 3_000), random.uniform(-8.5, -6, 3_000), strict=True)
    ]
    want = [country.at(place) for place in places]
    wrong: list[Position] = []

    def ask() -> None:
        wrong.extend(place for place, zone in zip(places, want, strict=True) if country.at(place) != zone)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(zone is not None for zone in want) > 100


COORDINATES = st.floats(-180, 180, allow_subnormal=False).filter(lambda value: value == 0 or abs(value) > 1e-30)


@settings(deadline=None)
@given(a=st.tuples(COORDINATES, COORDINATES), b=st.tuples(COORDINATES, COORDINATES), share=st.floats(0, 1))
def test_turn_is_exact(a: tuple[float, float], b: tuple[float, float], share: float) -> None:
    p = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
    (ax, ay), (bx, by), (px, py) = ([Fraction(value) for value in point] for point in (a, b, p))
    exact = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    assert np.sign(turn(*a, *b, *p)) == (exact > 0) - (exact < 0)
    assert turn(*a, *b, *a) == 0
    assert turn(*a, *b, *b) == 0
