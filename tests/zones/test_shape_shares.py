"""Ellipses, arc bands and polygons: shares of the shape itself, not of a circle around it."""

import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from zone_maps import DrawMap

from geo112.bench.shares import by_shapely
from geo112.core.geo import Position
from geo112.core.polygons import from_shapely
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Inside, Jurisdiction, Outside, Straddles
from geo112.zones.service_areas import FILE, ServiceAreas

KOTA, KOTA_2, KABUPATEN = "35.72.01", "35.72.02", "35.05.01"
WEST, EAST = box(112.10, -8.12, 112.15, -8.05), box(112.15, -8.12, 112.20, -8.05)
AROUND = shapely.Polygon(box(112.0, -8.3, 112.4, -7.9).exterior, [box(112.10, -8.12, 112.20, -8.05).exterior])
# In the kota, on its border, at the coast, and in the sea.
PLACES = st.builds(
    lambda lon, lat: Position(lon_deg=lon, lat_deg=lat), st.floats(111.97, 112.43), st.floats(-8.33, -7.87)
)
BEARINGS = st.floats(-360, 360)
REACHES_M = st.floats(-1, 4.5).map(lambda power: 10**power)


def at(lon: float, lat: float) -> Position:
    return Position(lon_deg=lon, lat_deg=lat)


def ring(*corners: tuple[float, float]) -> tuple[Position, ...]:
    return tuple(at(lon, lat) for lon, lat in corners)


def ellipse(middle: Position, major_m: float, minor_m: float, turn_deg: float) -> Ellipse:
    return Ellipse(middle=middle, semi_major_m=major_m, semi_minor_m=minor_m, orientation_deg=turn_deg)


def band(apex: Position, inner_m: float, outer_m: float, start_deg: float, opening_deg: float) -> ArcBand:
    return ArcBand(apex=apex, inner_m=inner_m, outer_m=outer_m, start_deg=start_deg, opening_deg=opening_deg)


def star(middle: Position, reach_m: float, parts: list[float], turn_deg: float) -> Polygon:
    step_deg = 360 / len(parts)
    corners = [
        middle.moved(bearing_deg=turn_deg - n * step_deg, distance_m=reach_m * part) for n, part in enumerate(parts)
    ]
    return Polygon(ring=tuple(corners))


ELLIPSES = st.builds(
    lambda middle, major_m, part, turn_deg: ellipse(middle, major_m, major_m * part, turn_deg),
    PLACES, REACHES_M, st.floats(0.02, 1), BEARINGS,
)  # fmt: skip
BANDS = st.builds(
    lambda apex, outer_m, part, start_deg, opening_deg: band(apex, outer_m * part, outer_m, start_deg, opening_deg),
    PLACES, REACHES_M, st.one_of(st.just(0.0), st.floats(0, 0.98)), BEARINGS,
    st.one_of(st.just(360.0), st.floats(1, 360)),
)  # fmt: skip
STARS = st.builds(star, PLACES, REACHES_M, st.lists(st.floats(0.2, 1), min_size=3, max_size=40), BEARINGS)
SHAPES = st.one_of(ELLIPSES, BANDS, STARS)


def total(answer: Jurisdiction) -> float:
    shares = answer.shares
    return math.fsum([share.share for share in shares.centres]) + shares.outside_share + shares.unknown_share


def by_centre(answer: Jurisdiction) -> dict[str, float]:
    return {share.kode: share.share for share in answer.shares.centres}


def by_kecamatan(answer: Jurisdiction) -> dict[str, float]:
    return {share.kode: share.share for share in answer.shares.kecamatan}


@pytest.fixture(scope="module")
def neighbours(draw_map: DrawMap) -> ZoneIndex:
    """Two kecamatan of a kota, side by side in a hole of a kabupaten, and the sea around it."""
    return draw_map({KOTA: WEST, KOTA_2: EAST, KABUPATEN: AROUND})


@pytest.fixture(scope="module")
def tree(partition: np.ndarray) -> shapely.STRtree:
    return shapely.STRtree(partition)


@given(area=SHAPES)
def test_any_shape_over_a_drawn_map_agrees_with_shapely(neighbours: ZoneIndex, area: Uncertain) -> None:
    polygons = np.array([AROUND, WEST, EAST], object)
    want = by_shapely(shapely.STRtree(polygons), polygons, area, corners=8_192, step_deg=0.002)
    answer = neighbours.jurisdiction(area)
    got = by_kecamatan(answer)
    for row, zone in enumerate(neighbours.zones):
        assert got.get(zone.kode, 0.0) == pytest.approx(want.get(row, 0.0), abs=1e-5)
    assert total(answer) == pytest.approx(1, abs=1e-9)
    assert answer.shares.unknown_share == pytest.approx(0.05)


@settings(max_examples=60)
@given(
    lon=st.floats(112.02, 112.32), lat=st.floats(-8.36, -7.98), outer_m=st.floats(20, 15_000), data=st.data()
)  # fmt: skip
def test_any_shape_around_blitar_and_its_coast_agrees_with_shapely(
    country: ZoneIndex,
    partition: np.ndarray,
    tree: shapely.STRtree,
    *,
    lon: float,
    lat: float,
    outer_m: float,
    data: st.DataObject,
) -> None:
    turn_deg, part = data.draw(BEARINGS), data.draw(st.floats(0.05, 0.95))
    parts = data.draw(st.lists(st.floats(0.2, 1), min_size=3, max_size=24))
    areas: tuple[Uncertain, ...] = (
        ellipse(at(lon, lat), outer_m, outer_m * part, turn_deg),
        band(at(lon, lat), outer_m * part, outer_m, turn_deg, data.draw(st.sampled_from([20.0, 120.0, 300.0, 360.0]))),
        star(at(lon, lat), outer_m, parts, turn_deg),
    )
    for area in areas:
        want = by_shapely(tree, partition, area, corners=8_192, step_deg=0.0005)
        answer = country.jurisdiction(area)
        got = by_kecamatan(answer)
        by_code = {country.zones[row].kode: share for row, share in want.items()}
        for code in {*got, *by_code}:
            assert got.get(code, 0.0) == pytest.approx(by_code.get(code, 0.0), abs=1e-5)
        assert total(answer) == pytest.approx(1, abs=1e-9)


@settings(max_examples=300)
@given(area=SHAPES, bearing=st.floats(0, 360), part=st.floats(0, 0.999))
def test_inside_and_outside_hold_for_every_place_in_the_shape(
    neighbours: ZoneIndex, area: Uncertain, bearing: float, part: float
) -> None:
    answer = neighbours.jurisdiction(area)
    match area:
        case Ellipse():
            angle = math.radians(bearing)
            along, across = part * area.semi_major_m * math.cos(angle), part * area.semi_minor_m * math.sin(angle)
            turned = area.orientation_deg + math.degrees(math.atan2(across, along))
            place = area.middle.moved(bearing_deg=turned, distance_m=math.hypot(along, across))
        case ArcBand():
            away_m = area.inner_m + (area.outer_m - area.inner_m) * (0.0005 + part * 0.999)
            place = area.apex.moved(
                bearing_deg=area.start_deg + area.opening_deg * bearing / 360.0001, distance_m=away_m
            )
        case _:
            corners = area.ring
            first = int(bearing / 360.0001 * len(corners))
            one, other = corners[first], corners[(first + 1) % len(corners)]
            place = at(
                one.lon_deg + (other.lon_deg - one.lon_deg) * part, one.lat_deg + (other.lat_deg - one.lat_deg) * part
            )
    zone = neighbours.at(place)
    if isinstance(answer, Inside) and not isinstance(area, Polygon):
        assert zone is not None
        assert zone.kode_kabkota == answer.centre.kode
    elif isinstance(answer, Inside):
        # The place is on the rim, which may be the border of another.
        assert (
            answer.centre.kode in {each.kode_kabkota for each in neighbours.all_at(place)}
            or neighbours.nearest(place).gap_m < 1e-3
        )
    elif isinstance(answer, Outside) and not isinstance(area, Polygon):
        assert zone is None


@given(middle=PLACES, radius_m=REACHES_M, turn_deg=BEARINGS)
def test_an_ellipse_with_equal_axes_and_a_whole_ring_without_hole_are_circles(
    neighbours: ZoneIndex, middle: Position, radius_m: float, turn_deg: float
) -> None:
    circle = neighbours.jurisdiction(Circle(middle=middle, radius_m=radius_m))
    for area in (ellipse(middle, radius_m, radius_m, turn_deg), band(middle, 0.0, radius_m, turn_deg, 360.0)):
        answer = neighbours.jurisdiction(area)
        assert type(answer) is type(circle)
        assert by_kecamatan(answer) == pytest.approx(by_kecamatan(circle), abs=1e-9)
        assert answer.shares.outside_share == pytest.approx(circle.shares.outside_share, abs=1e-9)
        assert answer.shares.warnings == circle.shares.warnings


@given(middle=PLACES, radius_m=st.floats(0, 4.3).map(lambda power: 10**power))
def test_a_polygon_of_512_corners_is_all_but_a_circle(neighbours: ZoneIndex, middle: Position, radius_m: float) -> None:
    circle = neighbours.jurisdiction(Circle(middle=middle, radius_m=radius_m))
    answer = neighbours.jurisdiction(star(middle, radius_m, [1.0] * 512, 0.0))
    got, want = by_kecamatan(answer), by_kecamatan(circle)
    for code in {*got, *want}:
        assert got.get(code, 0.0) == pytest.approx(want.get(code, 0.0), abs=1e-4)


@settings(max_examples=50)
@given(area=STARS, turn=st.integers(1, 39))
def test_where_a_ring_begins_and_which_way_it_runs_changes_nothing(
    neighbours: ZoneIndex, area: Polygon, turn: int
) -> None:
    first = turn % len(area.ring)
    again = Polygon(ring=tuple(reversed(area.ring[first:] + area.ring[:first])))
    one, other = neighbours.jurisdiction(area), neighbours.jurisdiction(again)
    assert type(one) is type(other)
    assert by_kecamatan(one) == pytest.approx(by_kecamatan(other), abs=1e-9)


def test_the_parts_of_a_cut_polygon_add_up(country: ZoneIndex) -> None:
    """Nothing is counted twice and nothing is lost where a polygon is cut, the cut being anywhere."""
    whole = box(112.03, -8.21, 112.31, -8.02)
    sums: dict[str, float] = {}
    for cut_deg in (112.1, 112.1681, 112.2513):
        sums.clear()
        for west, east in ((112.03, cut_deg), (cut_deg, 112.31)):
            outer, _ = from_shapely(box(west, -8.21, east, -8.02))
            answer = country.jurisdiction(Polygon(ring=outer, confidence_share=1.0))
            for code, share in by_kecamatan(answer).items():
                sums[code] = sums.get(code, 0.0) + share * (east - west) / (112.31 - 112.03)
        outer, _ = from_shapely(whole)
        assert sums == pytest.approx(by_kecamatan(country.jurisdiction(Polygon(ring=outer, confidence_share=1.0))))


def test_a_polygon_keeps_its_own_confidence(neighbours: ZoneIndex) -> None:
    answer = neighbours.jurisdiction(
        Polygon(ring=ring((112.11, -8.1), (112.13, -8.1), (112.12, -8.09)), confidence_share=0.68)
    )
    assert isinstance(answer, Inside)
    assert (answer.centre.share, answer.shares.unknown_share) == (pytest.approx(0.68), pytest.approx(0.32))


def test_an_ellipse_of_68_percent_is_scaled_first(neighbours: ZoneIndex) -> None:
    """At 68 % it ends before the border of the kota, at 95 % beyond it."""
    middle = at(112.10, -8.08).moved(bearing_deg=90, distance_m=500)
    narrow = Ellipse(middle=middle, semi_major_m=400, semi_minor_m=100, orientation_deg=90, confidence_share=0.95)
    assert isinstance(neighbours.jurisdiction(narrow), Inside)
    stated = Ellipse(middle=middle, semi_major_m=400, semi_minor_m=100, orientation_deg=90, confidence_share=0.68)
    answer = neighbours.jurisdiction(stated)
    assert isinstance(answer, Straddles)
    assert answer.shares.unknown_share == pytest.approx(0.05)


def test_a_ring_asks_nothing_of_the_ground_in_its_middle(draw_map: DrawMap) -> None:
    """The kota lies within the ring: the caller is in the kabupaten, or in the sea around the island."""
    tiny = box(112.14, -8.09, 112.16, -8.07)
    around = shapely.Polygon(box(112.0, -8.2, 112.3, -7.96).exterior, [tiny.exterior])
    index = draw_map({KOTA: tiny, KABUPATEN: around})
    middle = at(112.15, -8.08)
    answer = index.jurisdiction(band(middle, 3_000.0, 4_000.0, 0.0, 360.0))
    assert isinstance(answer, Inside)
    assert by_centre(answer) == {"35.05": pytest.approx(0.95)}
    horseshoe = [middle.moved(bearing_deg=-float(turn), distance_m=4_000) for turn in range(0, 331, 10)]
    horseshoe += [middle.moved(bearing_deg=-float(turn), distance_m=3_000) for turn in range(330, -1, -10)]
    answer = index.jurisdiction(Polygon(ring=tuple(horseshoe)))
    assert isinstance(answer, Inside)
    assert by_centre(answer) == {"35.05": pytest.approx(0.95)}
    island = draw_map({KOTA: tiny})
    for area in (band(middle, 3_000.0, 4_000.0, 0.0, 360.0), Polygon(ring=tuple(horseshoe))):
        lost = island.jurisdiction(area)
        assert isinstance(lost, Outside)
        assert lost.shares.outside_share == pytest.approx(0.95)
        assert 1_000 < lost.nearest.gap_m < 3_000


def test_a_polygon_with_a_hole_leaves_out_what_the_hole_has(neighbours: ZoneIndex) -> None:
    outer = ring((112.05, -8.2), (112.25, -8.2), (112.25, -8.0), (112.05, -8.0))
    hole = ring((112.10, -8.12), (112.20, -8.12), (112.20, -8.05), (112.10, -8.05))
    answer = neighbours.jurisdiction(Polygon(ring=outer, holes=(hole,)))
    assert isinstance(answer, Inside), "its hole is the kota, edge on edge"
    assert by_centre(answer) == {"35.05": pytest.approx(0.95)}
    only = neighbours.jurisdiction(Polygon(ring=hole))
    assert isinstance(only, Inside), "the kota itself, edge on edge"
    assert by_kecamatan(only) == pytest.approx({KOTA: 0.475, KOTA_2: 0.475})


@pytest.mark.parametrize(("beyond_deg", "kind"), [(-1e-6, Inside), (0.0, Inside), (1e-7, Straddles), (1e-6, Straddles)])
def test_a_tip_that_reaches_over_the_border_is_seen(
    neighbours: ZoneIndex, beyond_deg: float, kind: type[Jurisdiction]
) -> None:
    """The tip is a centimetre long: far less than rounding of the shares would show."""
    for tip, base in (
        ((112.10 - beyond_deg, -8.08), ((112.11, -8.081), (112.11, -8.079))),
        ((112.12, -8.05 + beyond_deg), ((112.119, -8.06), (112.121, -8.06))),
    ):
        answer = neighbours.jurisdiction(Polygon(ring=ring(tip, *base)))
        assert isinstance(answer, kind)
        assert answer.centre.kode == "35.72"


@pytest.mark.parametrize("turn_deg", [0.0, 37.0, 90.0, 270.0])
def test_a_sector_that_only_touches_the_border_is_inside(neighbours: ZoneIndex, turn_deg: float) -> None:
    """Its antenna stands on the border of the kota; it looks into the kota, or out of it."""
    mast = at(112.10, -8.08)
    answer = neighbours.jurisdiction(band(mast, 0.0, 1_000.0, 90.0 - 60.0, 120.0))
    assert isinstance(answer, Inside)
    assert answer.centre.kode == "35.72"
    away = neighbours.jurisdiction(band(mast, 100.0, 1_000.0, 270.0 - 60.0, 120.0))
    assert isinstance(away, Inside)
    assert away.centre.kode == "35.05"
    aside = neighbours.jurisdiction(band(mast, 0.0, 1_000.0, turn_deg, 360.0))
    assert by_centre(aside) == pytest.approx({"35.72": 0.475, "35.05": 0.475}, abs=1e-6)


def test_every_service_area_lies_in_its_centre(country: ZoneIndex, boundaries_dir: Path) -> None:
    areas = ServiceAreas.open(boundaries_dir / FILE)
    for code in ("35.72", "35.05", "32.71", "94.03"):
        for polygon in areas.area(code)[:3]:
            answer = country.jurisdiction(polygon)
            assert by_centre(answer)[code] == pytest.approx(1, abs=1e-5)
            assert total(answer) == pytest.approx(1, abs=1e-9)


def test_wide_shapes_carry_the_warning(country: ZoneIndex) -> None:
    blitar = at(112.1681, -8.0985)
    wide = [
        ellipse(blitar, 12_000, 300, 45),
        band(blitar, 0, 30_000, 0, 90),
        star(blitar, 12_000, [1.0] * 32, 0),
    ]
    for area in wide:
        assert [warning[:17] for warning in country.jurisdiction(area).shares.warnings] == ["area is very wide"]
    narrow = [ellipse(blitar, 9_900, 300, 45), band(blitar, 29_000, 30_000, 0, 15), star(blitar, 9_900, [1.0] * 32, 0)]
    for area in narrow:
        assert country.jurisdiction(area).shares.warnings == ()


CORNERS = [(112.0, -8.0), (94.0, 7.0), (-178.0, 80.0), (-179.9, 0.0), (20.0, 90.0), (20.0, -90.0)]


@pytest.mark.parametrize(("lon", "lat"), CORNERS)
@pytest.mark.parametrize("reach_m", [1e-9, 1e-3, 1.0, 200_000.0, 3_000_000.0, 20_000_000.0])
def test_shapes_of_any_size_anywhere_add_up(country: ZoneIndex, lon: float, lat: float, reach_m: float) -> None:
    middle = at(lon, lat)
    areas = [
        ellipse(middle, reach_m, reach_m * 1e-9, 200.0),
        band(middle, reach_m * (1 - 1e-12), reach_m, 10.0, 360.0),
        band(middle, reach_m * 0.9, reach_m, 10.0, 200.0),
        band(middle, 0.0, reach_m, 359.0, 1e-9),
        Ellipse(middle=middle, semi_major_m=reach_m, semi_minor_m=reach_m, orientation_deg=0, confidence_share=1e-300),
    ]
    for area in areas:
        answer = country.jurisdiction(area)
        assert total(answer) == pytest.approx(1, abs=1e-9)
        assert all(0 <= share.share <= 1 for share in answer.shares.kecamatan)


@pytest.mark.parametrize("side_deg", [1e-12, 1e-9, 1e-7, 1e-5])
def test_the_smallest_polygons_lie_where_they_are(neighbours: ZoneIndex, side_deg: float) -> None:
    west, south = 112.12, -8.08
    corners = ring((west, south), (west + side_deg, south), (west + side_deg, south + side_deg))
    answer = neighbours.jurisdiction(Polygon(ring=corners))
    assert isinstance(answer, Inside)
    assert by_centre(answer) == {"35.72": pytest.approx(0.95)}


def test_a_polygon_around_the_country_and_one_around_a_third_of_the_earth(country: ZoneIndex) -> None:
    land_km2 = sum(zone.area_km2 for zone in country.zones)
    third_km2 = 510_065_621.7 / 3
    answer = country.jurisdiction(Polygon(ring=ring((58, -90), (178, -90), (178, 90), (58, 90))))
    assert isinstance(answer, Straddles)
    assert 0.95 - answer.shares.outside_share == pytest.approx(0.95 * land_km2 / third_km2, rel=1e-3)
    part = country.jurisdiction(Polygon(ring=ring((94, -12), (142, -12), (142, 7), (94, 7))))
    assert math.fsum(share.share for share in part.shares.centres) == pytest.approx(0.95 - part.shares.outside_share)
    assert len(part.shares.kecamatan) == len(country.zones)


def test_a_comb_of_three_thousand_corners_over_a_province_is_answered(country: ZoneIndex) -> None:
    teeth = [(111 + 3 * n / 1_500, -6.8 if n % 2 else -8.76) for n in range(1_500)]
    comb = Polygon(ring=ring((110.997, -8.9), (114.003, -8.9), *reversed(teeth)))
    answer = country.jurisdiction(comb)
    assert isinstance(answer, Straddles)
    assert total(answer) == pytest.approx(1, abs=1e-9)
