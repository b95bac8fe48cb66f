"""How far an area reaches: the circle around it, its size, its outline."""

import math
from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.extent import enclosing_circle, outline, reach_m, size_m2
from geo112.core.geo import Position, wgs84
from geo112.core.polygons import as_shapely, from_shapely
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon

HERE = Position(lat_deg=-8.0983, lon_deg=112.1681)
# RFC 7459, figure 9: the Sydney Opera House.
OPERA = Polygon(
    ring=tuple(
        Position(lat_deg=lat, lon_deg=lon)
        for lat, lon in (
            (-33.856625, 151.215906),
            (-33.856299, 151.215343),
            (-33.856326, 151.214731),
            (-33.857533, 151.214495),
            (-33.857720, 151.214613),
            (-33.857369, 151.215375),
        )
    )
)
CIRCLE = Circle(middle=HERE, radius_m=850, confidence_share=0.68)
ELLIPSE = Ellipse(middle=HERE, semi_major_m=1_275, semi_minor_m=670, orientation_deg=43.2)
BAND = ArcBand(apex=HERE, inner_m=3_594, outer_m=4_148, start_deg=20, opening_deg=120)
RING = ArcBand(apex=HERE, inner_m=3_594, outer_m=4_148, start_deg=20, opening_deg=360)
SECTOR = ArcBand(apex=HERE, inner_m=0, outer_m=2_000, start_deg=300, opening_deg=90)
SQUARE = tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in ((-8, 112), (-8, 113), (-7, 113), (-7, 112)))
HOLE = tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in ((-7.6, 112.4), (-7.4, 112.6), (-7.6, 112.6)))
AREAS = (CIRCLE, ELLIPSE, BAND, RING, SECTOR, OPERA, Polygon(ring=SQUARE, holes=(HOLE,)))


def drawn(area: Area) -> shapely.Polygon:
    outer, *holes = outline(area, corners=720)
    return shapely.Polygon(outer, holes)


def test_polygon_of_the_rfc() -> None:
    """RFC 7459, figures 9 and 10: centre, size and the circle around it."""
    assert OPERA.middle.lat_deg == pytest.approx(-33.856926, abs=2e-6)
    assert OPERA.middle.lon_deg == pytest.approx(151.215102, abs=2e-6)
    assert size_m2(OPERA) == pytest.approx(12_600, abs=10)
    assert reach_m(OPERA) == pytest.approx(99.1, abs=0.15)


@pytest.mark.parametrize(
    ("area", "metres"),
    [(CIRCLE, 850), (ELLIPSE, 1_275), (RING, 4_148), (Point(middle=HERE), None)],
)
def test_reach(area: Area, metres: float | None) -> None:
    assert reach_m(area) == metres


@pytest.mark.parametrize("area", AREAS, ids=lambda one: type(one).__name__)
def test_circle_around_holds_the_whole_outline(area: Area) -> None:
    around = enclosing_circle(area)
    assert around is not None
    assert around.confidence_share == area.confidence_share
    far = max(around.middle.distance_m(Position(lon_deg=lon, lat_deg=lat)) for lon, lat in outline(area)[0])
    assert far <= around.radius_m * (1 + 1e-6) + 0.02
    assert far >= around.radius_m * 0.98


def test_point_has_neither_circle_nor_size_nor_outline() -> None:
    nothing = Point(middle=HERE)
    assert (enclosing_circle(nothing), size_m2(nothing), outline(nothing)) == (None, None, [])


@pytest.mark.parametrize("area", AREAS, ids=lambda one: type(one).__name__)
def test_size_is_that_of_the_outline(area: Area) -> None:
    square_metres = abs(wgs84().geometry_area_perimeter(shapely.geometry.polygon.orient(drawn(area)))[0])
    assert size_m2(area) == pytest.approx(square_metres, rel=1e-3)


@pytest.mark.parametrize("area", AREAS, ids=lambda one: type(one).__name__)
def test_outline_is_closed_simple_and_turns_as_geojson_asks(area: Area) -> None:
    outer, *holes = outline(area)
    for ring in (outer, *holes):
        assert ring[0] == ring[-1]
    assert shapely.Polygon(outer, holes).is_valid
    assert turn(outer) > 0
    assert all(turn(hole) < 0 for hole in holes)


def turn(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([[x - 112, y + 8] for x, y in ring]))


def test_ellipse_lies_along_its_orientation() -> None:
    far = max(
        outline(ELLIPSE, corners=720)[0], key=lambda one: HERE.distance_m(Position(lon_deg=one[0], lat_deg=one[1]))
    )
    bearing_deg, _, metres = wgs84().inv(HERE.lon_deg, HERE.lat_deg, *far)
    assert bearing_deg % 180 == pytest.approx(43.2, abs=0.3)
    assert metres == pytest.approx(1_275, abs=0.1)


def test_outline_of_a_band_stays_between_its_radii() -> None:
    for lon, lat in outline(BAND)[0]:
        bearing_deg, _, metres = wgs84().inv(HERE.lon_deg, HERE.lat_deg, lon, lat)
        assert 3_594 - 0.02 <= metres <= 4_148 + 0.02
        assert 20 - 0.001 <= bearing_deg % 360 <= 140 + 0.001


def test_middle_of_an_area_is_that_of_its_outline() -> None:
    for area in (BAND, SECTOR, ELLIPSE, OPERA):
        found = drawn(area).centroid
        metres = area.middle.distance_m(Position(lon_deg=found.x, lat_deg=found.y))
        assert metres < 0.003 * (reach_m(area) or 0)


def test_polygon_there_and_back() -> None:
    ring, holes = from_shapely(as_shapely(SQUARE, (HOLE[::-1],)))
    area = Polygon(ring=ring, holes=holes)
    assert area.ring == Polygon(ring=SQUARE).ring
    kept, meant = area.holes[0], Polygon(ring=SQUARE, holes=(HOLE,)).holes[0]
    start = kept.index(meant[0])
    assert kept[start:] + kept[:start] == meant
    assert size_m2(area) == pytest.approx(12_205e6 * 0.98, rel=0.02)


@given(st.floats(0.1, 359.9), st.floats(0, 2_000), st.floats(1, 2_000))
def test_reach_of_a_band_is_enough_and_no_more(opening_deg: float, inner_m: float, thick_m: float) -> None:
    band = ArcBand(apex=HERE, inner_m=inner_m, outer_m=inner_m + thick_m, start_deg=0, opening_deg=opening_deg)
    reach = reach_m(band)
    assert reach is not None
    middle_m, half = band.distance_to_middle_m, math.radians(opening_deg / 2)
    corners = [math.dist((middle_m, 0), (r * math.cos(half), r * math.sin(half))) for r in (inner_m, band.outer_m)]
    assert reach >= max(corners) - 1e-6
    assert reach >= band.outer_m - middle_m - 1e-6
