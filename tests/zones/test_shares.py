"""Uncertain areas: shares as RFC 7459 has them, and inside only where the whole area is."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from zone_maps import DrawMap, Shape

from geo112.bench.shares import by_shapely
from geo112.core.confidence import scale_factor
from geo112.core.crs import to_plane
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.zones.index import RADIUS_UNKNOWN, ZoneIndex
from geo112.zones.jurisdiction import Inside, Jurisdiction, Outside, Straddles

KOTA, KOTA_2, KABUPATEN = "35.72.01", "35.72.02", "35.05.01"


def circle(lon: float, lat: float, radius_m: float, confidence_share: float = 0.95) -> Circle:
    return Circle(middle=Position(lon_deg=lon, lat_deg=lat), radius_m=radius_m, confidence_share=confidence_share)


def total(answer: Jurisdiction) -> float:
    shares = answer.shares
    return math.fsum([share.share for share in shares.centres]) + shares.outside_share + shares.unknown_share


def by_centre(answer: Jurisdiction) -> dict[str, float]:
    return {share.kode: share.share for share in answer.shares.centres}


def disc_at(lon: float, lat: float, radius_m: float, *, corners: int = 2_000) -> Polygon:
    """Draw a circle as a polygon of many corners with its exact area."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = radius_m * math.sqrt(2 * math.pi / corners / math.sin(2 * math.pi / corners))
    lons, lats = to_plane(Position(lon_deg=lon, lat_deg=lat)).transform(
        reach * np.cos(angle), reach * np.sin(angle), direction="INVERSE"
    )
    return Polygon(np.column_stack([lons, lats]))


@pytest.fixture(scope="module")
def neighbours(draw_map: DrawMap) -> ZoneIndex:
    """Two kecamatan of a kota, side by side in a hole of a kabupaten, and the sea around it."""
    west, east = box(112.10, -8.12, 112.15, -8.05), box(112.15, -8.12, 112.20, -8.05)
    around = Polygon(box(112.0, -8.3, 112.4, -7.9).exterior, [box(112.10, -8.12, 112.20, -8.05).exterior])
    return draw_map({KOTA: west, KOTA_2: east, KABUPATEN: around})


def test_a_circle_within_one_kecamatan(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(circle(112.12, -8.08, 100))
    assert isinstance(answer, Inside)
    assert (answer.centre.kode, answer.centre.share) == ("35.72", pytest.approx(0.95))
    assert [(share.kode, share.share) for share in answer.shares.kecamatan] == [(KOTA, pytest.approx(0.95))]
    assert answer.shares.outside_share == 0
    assert answer.shares.unknown_share == pytest.approx(0.05)
    assert answer.shares.warnings == ()
    assert answer.shares.boundaries == "test"


def test_two_kecamatan_of_one_centre_are_inside(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(circle(112.15, -8.08, 200))
    assert isinstance(answer, Inside)
    assert answer.centre.share == pytest.approx(0.95, abs=1e-12)
    assert [share.kode for share in answer.shares.kecamatan] == [KOTA, KOTA_2]
    assert [share.share for share in answer.shares.kecamatan] == pytest.approx([0.475, 0.475], abs=1e-7)


def test_half_in_either_centre_straddles(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(circle(112.10, -8.08, 200))
    assert isinstance(answer, Straddles)
    assert by_centre(answer) == pytest.approx({"35.72": 0.475, "35.05": 0.475}, abs=1e-6)
    assert answer.shares.outside_share == 0


def test_over_the_sea_is_a_share_of_its_own(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(circle(112.40, -8.2, 500))
    assert isinstance(answer, Straddles)
    assert answer.centre.kode == "35.05"
    assert answer.shares.outside_share == pytest.approx(0.475, abs=1e-6)
    assert total(answer) == pytest.approx(1, abs=1e-12)


def test_wholly_in_the_sea_is_outside_with_the_nearest(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(circle(112.41, -8.2, 500))
    assert isinstance(answer, Outside)
    assert (answer.nearest.kode, answer.nearest.kecamatan) == ("35.05", KABUPATEN)
    edge = Position(lon_deg=112.4, lat_deg=-8.2)
    assert answer.nearest.gap_m == pytest.approx(edge.distance_m(Position(lon_deg=112.41, lat_deg=-8.2)), abs=0.01)
    assert answer.shares.outside_share == pytest.approx(0.95)
    assert answer.shares.centres == ()
    assert total(answer) == pytest.approx(1, abs=1e-12)


def test_a_bare_point_has_all_and_says_that_the_radius_is_unknown(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(Point(middle=Position(lon_deg=112.12, lat_deg=-8.08)))
    assert isinstance(answer, Inside)
    assert (answer.centre.kode, answer.centre.share, answer.shares.unknown_share) == ("35.72", 1.0, 0.0)
    assert answer.shares.warnings == (RADIUS_UNKNOWN,)
    at_sea = neighbours.jurisdiction(Point(middle=Position(lon_deg=113.0, lat_deg=-8.08)))
    assert isinstance(at_sea, Outside)
    assert (at_sea.shares.outside_share, at_sea.shares.centres) == (1.0, ())
    assert at_sea.shares.warnings == (RADIUS_UNKNOWN,)


def test_certainty_leaves_nothing_unknown(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(circle(112.12, -8.08, 100, 1.0))
    assert isinstance(answer, Inside)
    assert (answer.centre.share, answer.shares.unknown_share) == (1.0, 0.0)


def test_a_lower_confidence_grows_the_circle(neighbours: ZoneIndex) -> None:
    edge_m = Position(lon_deg=112.1, lat_deg=-8.08).distance_m(Position(lon_deg=112.12, lat_deg=-8.08))
    for radius_m, outcome in ((edge_m * 0.99, Inside), (edge_m * 1.01, Straddles)):
        scaled = radius_m / scale_factor(from_share=0.68, to_share=0.95)
        assert isinstance(neighbours.jurisdiction(circle(112.12, -8.08, scaled, 0.68)), outcome)


@pytest.mark.parametrize("beyond_m", [-1.0, -1e-3, -1e-4, 1e-4, 1e-3, 1.0])
@pytest.mark.parametrize(("lon", "lat"), [(112.12, -8.08), (112.1999, -8.1)])
def test_inside_ends_where_the_circle_meets_another_centre(
    neighbours: ZoneIndex, beyond_m: float, lon: float, lat: float
) -> None:
    middle = Position(lon_deg=lon, lat_deg=lat)
    edge = Position(lon_deg=112.1 if lon < 112.15 else 112.2, lat_deg=lat)
    # A meridian is a geodesic, but the perpendicular to it is none: the nearest place is a little aside.
    aside = [edge.lat_deg + step * 1e-7 for step in range(-2_000, 2_001)]
    reach_m = min(middle.distance_m(Position(lon_deg=edge.lon_deg, lat_deg=lat)) for lat in aside)
    answer = neighbours.jurisdiction(circle(lon, lat, reach_m + beyond_m))
    assert isinstance(answer, Straddles if beyond_m > 0 else Inside)
    if beyond_m > 0:
        assert set(by_centre(answer)) == {"35.72", "35.05"}


def test_an_overlap_counts_once(draw_map: DrawMap) -> None:
    shapes: dict[str, Shape] = {KOTA: box(112.0, -8.0, 112.2, -7.9), KABUPATEN: box(112.1, -8.0, 112.3, -7.9)}
    index = draw_map(shapes, areas_km2={KOTA: 5.0, KABUPATEN: 9.0})
    in_both = index.jurisdiction(circle(112.15, -7.95, 1_000))
    assert isinstance(in_both, Inside)
    assert by_centre(in_both) == {"35.72": pytest.approx(0.95)}
    at_its_end = index.jurisdiction(circle(112.2, -7.95, 1_000))
    assert by_centre(at_its_end) == pytest.approx({"35.72": 0.475, "35.05": 0.475}, abs=1e-6)
    wholly_beaten = draw_map({KOTA: box(112.0, -8.0, 112.2, -7.9), KABUPATEN: box(112.0, -8.0, 112.2, -7.9)})
    assert by_centre(wholly_beaten.jurisdiction(circle(112.0, -8.0, 500))) == {
        "35.05": pytest.approx(0.95 / 4, abs=1e-6)
    }


def test_a_kecamatan_smaller_than_the_circle(draw_map: DrawMap) -> None:
    tiny = disc_at(112.15, -8.08, 30.0)
    index = draw_map({KOTA: tiny, KABUPATEN: Polygon(box(112.0, -8.2, 112.3, -8.0).exterior, [tiny.exterior])})
    answer = index.jurisdiction(circle(112.15, -8.08, 300))
    assert by_centre(answer) == pytest.approx({"35.72": 0.95 * 0.01, "35.05": 0.95 * 0.99}, abs=1e-7)
    assert answer.shares.outside_share == 0
    far = index.jurisdiction(circle(112.1503, -8.0803, 300))
    assert by_centre(far)["35.72"] == pytest.approx(0.95 * 0.01, abs=1e-7)


# RFC 7459, 6.3, with Bob's place as its distance and overlap demand: a circle of 99.1 m and a region of 1,950 or
# 1,920 m, whose middles are 1,915.24 m apart.
@pytest.mark.parametrize(("region_m", "share"), [(1_950.0, 0.678), (1_920.0, 0.499)])
def test_the_region_of_rfc_7459(draw_map: DrawMap, region_m: float, share: float) -> None:
    bob = Position(lon_deg=151.215102, lat_deg=-33.856926)
    middle = Position(lon_deg=151.215102, lat_deg=-33.856926).moved(bearing_deg=200.0, distance_m=1_915.24)
    index = draw_map({KOTA: disc_at(middle.lon_deg, middle.lat_deg, region_m, corners=20_000)})
    answer = index.jurisdiction(Circle(middle=bob, radius_m=99.1))
    r, big, d = 99.1, region_m, 1_915.24
    a = (r**2 - big**2 + d**2) / (2 * d)
    overlap = r**2 * math.acos(a / r) + big**2 * math.acos((d - a) / big) - d * math.sqrt(r**2 - a**2)
    assert by_centre(answer)["35.72"] == pytest.approx(0.95 * overlap / (math.pi * r**2), abs=2e-4)
    assert by_centre(answer)["35.72"] == pytest.approx(share, abs=1e-3)
    assert answer.shares.outside_share == pytest.approx(0.95 - by_centre(answer)["35.72"], abs=1e-12)


@pytest.fixture(scope="module")
def tree(country: ZoneIndex, partition: np.ndarray) -> shapely.STRtree:
    return shapely.STRtree(partition)


@pytest.mark.parametrize("radius_m", [50.0, 250.0, 1_000.0, 5_000.0, 15_000.0, 40_000.0])
@pytest.mark.parametrize(
    ("lon", "lat"),
    [(112.1681, -8.0985), (112.15, -8.07), (106.8, -6.6), (104.75, -3.0), (140.7, -2.6), (95.3, 5.56), (107.0, -6.0)],
)
def test_shares_of_the_country_against_shapely(
    country: ZoneIndex,
    partition: np.ndarray,
    tree: shapely.STRtree,
    *,
    lon: float,
    lat: float,
    radius_m: float,
) -> None:
    area = circle(lon, lat, radius_m)
    step_deg = 0.0005 if radius_m < 10_000 else 0.002
    want = by_shapely(tree, partition, area, corners=8_192, step_deg=step_deg)
    answer = country.jurisdiction(area)
    got = {share.kode: share.share for share in answer.shares.kecamatan}
    by_code = {country.zones[row].kode: share for row, share in want.items()}
    for code in {*got, *by_code}:
        assert got.get(code, 0.0) == pytest.approx(by_code.get(code, 0.0), abs=1e-5)
    assert total(answer) == pytest.approx(1, abs=1e-9)
    assert math.fsum(got.values()) == pytest.approx(math.fsum(by_centre(answer).values()), abs=1e-12)


def test_a_very_wide_area_is_answered_with_a_warning(country: ZoneIndex) -> None:
    answer = country.jurisdiction(circle(112.1681, -8.0985, 40_000))
    assert isinstance(answer, Straddles)
    assert answer.shares.warnings == ("area is very wide (40 km): ask where the caller is",)
    assert len(answer.shares.centres) > 5
    assert country.jurisdiction(circle(112.1681, -8.0985, 9_999)).shares.warnings == ()


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m"),
    [
        (112.0, -8.0, 200_000.0),
        (112.0, -8.0, 1_499_000.0),
        (112.0, -8.0, 3_000_000.0),
        (112.0, -8.0, 20_000_000.0),
        (94.0, 7.0, 1_400_000.0),
        (-178.0, 80.0, 100_000.0),
        (-179.9, 0.0, 500_000.0),
        (20.0, 90.0, 15_000_000.0),
        (20.0, -90.0, 10.0),
    ],
)
def test_circles_of_any_size_anywhere_add_up(country: ZoneIndex, lon: float, lat: float, radius_m: float) -> None:
    answer = country.jurisdiction(circle(lon, lat, radius_m))
    assert total(answer) == pytest.approx(1, abs=1e-9)
    assert all(0 < share.share <= 1 for share in answer.shares.kecamatan)
    assert answer.shares.outside_share >= 0


def test_the_whole_country_weighs_what_its_land_does(country: ZoneIndex) -> None:
    answer = country.jurisdiction(circle(118.0, -2.5, 3_000_000, 1.0))
    chord_m = 2 * 6_371_007.2 * math.sin(3_000_000 / (2 * 6_371_007.2))
    land_km2 = (1 - answer.shares.outside_share) * math.pi * chord_m**2 / 1e6
    assert land_km2 == pytest.approx(sum(zone.area_km2 for zone in country.zones), rel=5e-3)
    assert len(answer.shares.kecamatan) == len(country.zones)


@settings(max_examples=200, deadline=None)
@given(
    lon=st.floats(112.05, 112.3),
    lat=st.floats(-8.25, -7.95),
    radius_m=st.floats(1.0, 20_000.0),
    bearing=st.floats(0, 360),
    part=st.floats(0, 0.999),
)
def test_no_place_inside_the_circle_is_in_another_centre(
    country: ZoneIndex, lon: float, lat: float, radius_m: float, bearing: float, part: float
) -> None:
    area = circle(lon, lat, radius_m)
    answer = country.jurisdiction(area)
    assert total(answer) == pytest.approx(1, abs=1e-9)
    zone = country.at(area.middle.moved(bearing_deg=bearing, distance_m=radius_m * part))
    if isinstance(answer, Inside):
        assert zone is not None
        assert zone.kode_kabkota == answer.centre.kode
    elif isinstance(answer, Outside):
        assert zone is None


@settings(max_examples=100, deadline=None)
@given(lon=st.floats(111.99, 112.45), lat=st.floats(-8.35, -7.85), radius_m=st.floats(0.1, 60_000.0))
def test_any_circle_over_a_drawn_map_agrees_with_shapely(
    neighbours: ZoneIndex, lon: float, lat: float, radius_m: float
) -> None:
    west, east = box(112.10, -8.12, 112.15, -8.05), box(112.15, -8.12, 112.20, -8.05)
    around = Polygon(box(112.0, -8.3, 112.4, -7.9).exterior, [box(112.10, -8.12, 112.20, -8.05).exterior])
    polygons = np.array([around, west, east], object)
    area = circle(lon, lat, radius_m)
    want = by_shapely(shapely.STRtree(polygons), polygons, area, corners=8_192, step_deg=0.002)
    answer = neighbours.jurisdiction(area)
    got = {share.kode: share.share for share in answer.shares.kecamatan}
    for row, zone in enumerate(neighbours.zones):
        assert got.get(zone.kode, 0.0) == pytest.approx(want.get(row, 0.0), abs=1e-5)
    assert total(answer) == pytest.approx(1, abs=1e-9)


def test_an_edge_that_only_touches_the_circle_is_no_other_centre(neighbours: ZoneIndex) -> None:
    middle = Position(lon_deg=112.1001, lat_deg=-8.08)
    reach_m = min(
        middle.distance_m(Position(lon_deg=112.1, lat_deg=-8.08 + step * 1e-9)) for step in range(-1_000, 1_001)
    )
    assert isinstance(neighbours.jurisdiction(circle(112.1001, -8.08, reach_m + 5e-7)), Inside)
    assert isinstance(neighbours.jurisdiction(circle(112.1001, -8.08, reach_m + 5e-6)), Straddles)


@pytest.mark.parametrize(("crack_deg", "kind"), [(1e-10, Inside), (1e-6, Straddles)])
def test_dust_between_two_kecamatan_is_no_border_and_a_crack_is(
    draw_map: DrawMap, crack_deg: float, kind: type[Jurisdiction]
) -> None:
    """A hundredth of a millimetre between polygons is what cutting leaves; a decimetre is a place in no kecamatan."""
    west, east = box(112.05, -8.15, 112.15, -8.0), box(112.15 + crack_deg, -8.15, 112.25, -8.0)
    answer = draw_map({KOTA: west, KOTA_2: east}).jurisdiction(circle(112.15, -8.07, 2_000))
    assert isinstance(answer, kind)
    assert (answer.shares.outside_share == 0) is (kind is Inside)
    assert total(answer) == pytest.approx(1, abs=1e-12)


def test_a_small_part_of_a_neighbour_is_never_dust(neighbours: ZoneIndex) -> None:
    """The circle reaches two centimetres over the border of another centre."""
    border = Position(lon_deg=112.10, lat_deg=-8.08)
    middle = border.moved(bearing_deg=90, distance_m=500 - 0.02)
    answer = neighbours.jurisdiction(Circle(middle=middle, radius_m=500))
    assert isinstance(answer, Straddles)
