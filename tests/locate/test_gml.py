"""Shapes as XML: those that RFC 5491 prints, the ways in which senders get them wrong, and back again."""

import math
from itertools import pairwise

import pytest
from grammars import grammar
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geo112.core.errors import BadInput
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.core.xml import parse_xml
from geo112.locate.gml import ShapeRead, read_shape, write_shape

NAMES = 'xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"'
FLAT, SPACE = "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4979"
METRE, DEGREE = "urn:ogc:def:uom:EPSG::9001", "urn:ogc:def:uom:EPSG::9102"


def element(name: str, inside: str, *, srs: str | None = FLAT) -> etree._Element:
    system = "" if srs is None else f' srsName="{srs}"'
    return parse_xml(f"<{name} {NAMES}{system}>{inside}</{name}>".encode())


def read(name: str, inside: str, *, srs: str | None = FLAT) -> ShapeRead:
    return read_shape(element(name, inside, srs=srs))


def refused(name: str, inside: str, *, srs: str | None = FLAT) -> str | None:
    with pytest.raises(BadInput) as error:
        read(name, inside, srs=srs)
    return error.value.field


def pos(text: str = "-8.0983 112.1681") -> str:
    return f"<gml:pos>{text}</gml:pos>"


def length(name: str, value: object, uom: str | None = METRE) -> str:
    unit = "" if uom is None else f' uom="{uom}"'
    return f"<gs:{name}{unit}>{value}</gs:{name}>"


def angle(name: str, value: object, uom: str | None = DEGREE) -> str:
    return length(name, value, uom)


def ring(numbers: str, *, name: str = "exterior") -> str:
    return f"<gml:{name}><gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing></gml:{name}>"


SQUARE = "-8 112 -8 113 -7 113 -7 112 -8 112"


def test_point_has_no_stated_uncertainty() -> None:
    found = read("gml:Point", pos("-34.407 150.883"))
    assert found == ShapeRead(area=Point(middle=Position(lat_deg=-34.407, lon_deg=150.883)))


def test_point_in_space_keeps_its_height() -> None:
    found = read("gml:Point", pos("-8.1 112.2 163.5"), srs=SPACE)
    assert (found.altitude_m, found.vertical_accuracy_m, found.warnings) == (163.5, None, ())


def test_circle() -> None:
    area = read("gs:Circle", pos("42.5463 -73.2512") + length("radius", 850.24)).area
    assert area == Circle(middle=Position(lat_deg=42.5463, lon_deg=-73.2512), radius_m=850.24, confidence_share=0.95)


def test_circle_of_radius_nought_states_nothing() -> None:
    found = read("gs:Circle", pos() + length("radius", 0))
    assert isinstance(found.area, Point)
    assert found.warnings == ("radius unknown",)


def test_ellipse() -> None:
    inside = pos("42.5463 -73.2512") + length("semiMajorAxis", 1275) + length("semiMinorAxis", 670)
    area = read("gs:Ellipse", inside + angle("orientation", 43.2)).area
    assert isinstance(area, Ellipse)
    assert (area.semi_major_m, area.semi_minor_m, area.orientation_deg) == (1275, 670, 43.2)


def test_ellipse_with_its_axes_exchanged_is_turned() -> None:
    inside = pos() + length("semiMajorAxis", 10) + length("semiMinorAxis", 30) + angle("orientation", 300)
    found = read("gs:Ellipse", inside)
    assert isinstance(found.area, Ellipse)
    assert (found.area.semi_major_m, found.area.semi_minor_m, found.area.orientation_deg) == (30, 10, 30)
    assert len(found.warnings) == 1


@pytest.mark.parametrize(("major", "minor", "kind"), [(30, 0, Circle), (0, 0, Point)])
def test_ellipse_without_an_axis(major: int, minor: int, kind: type) -> None:
    inside = pos() + length("semiMajorAxis", major) + length("semiMinorAxis", minor) + angle("orientation", 0)
    assert isinstance(read("gs:Ellipse", inside).area, kind)


def test_arc_band_has_an_opening_and_no_end() -> None:
    inside = pos("42.5463 -73.2512") + length("innerRadius", 3594) + length("outerRadius", 4148)
    area = read("gs:ArcBand", inside + angle("startAngle", 20) + angle("openingAngle", 120)).area
    assert isinstance(area, ArcBand)
    assert (area.inner_m, area.outer_m, area.start_deg, area.opening_deg) == (3594, 4148, 20, 120)


def test_arc_band_angles_are_brought_into_one_turn() -> None:
    inside = pos() + length("innerRadius", 0) + length("outerRadius", 500)
    found = read("gs:ArcBand", inside + angle("startAngle", -10) + angle("openingAngle", 400))
    assert isinstance(found.area, ArcBand)
    assert (found.area.start_deg, found.area.opening_deg) == (350, 360)
    assert len(found.warnings) == 1


@pytest.mark.parametrize(
    ("inner", "outer", "opening", "field"),
    [
        (500, 400, 90, "outerRadius"),
        (500, 500, 90, "outerRadius"),
        (0, 500, 0, "openingAngle"),
        (0, 500, -20, "openingAngle"),
    ],
)
def test_arc_band_that_cannot_be_meant(inner: int, outer: int, opening: int, field: str) -> None:
    inside = pos() + length("innerRadius", inner) + length("outerRadius", outer)
    assert refused("gs:ArcBand", inside + angle("startAngle", 0) + angle("openingAngle", opening)) == field


def test_sphere_becomes_a_circle_with_more_confidence() -> None:
    shape = element("gs:Sphere", pos("42.5463 -73.2512 26.3") + length("radius", 850.24), srs=SPACE)
    found = read_shape(shape, confidence_share=0.95)
    assert isinstance(found.area, Circle)
    assert found.area.confidence_share == pytest.approx(0.95 ** (2 / 3))
    assert (found.area.radius_m, found.altitude_m, found.vertical_accuracy_m) == (850.24, 26.3, 850.24)
    assert found.three_dimensional


def test_ellipsoid_becomes_an_ellipse() -> None:
    inside = pos("42.5463 -73.2512 26.3") + length("semiMajorAxis", 7.7156) + length("semiMinorAxis", 3.31)
    inside += length("verticalAxis", 28.7) + angle("orientation", 90)
    found = read_shape(element("gs:Ellipsoid", inside, srs=SPACE), confidence_share=0.19)
    assert isinstance(found.area, Ellipse)
    assert found.area.confidence_share == pytest.approx(0.19 ** (2 / 3))
    assert (found.altitude_m, found.vertical_accuracy_m) == (26.3, 28.7)


def test_prism_is_its_base_with_the_height_of_its_middle() -> None:
    numbers = (
        "42.556844 -73.248157 36.6 42.656844 -73.248157 36.6 42.656844 -73.348157 36.6 "
        "42.556844 -73.348157 36.6 42.556844 -73.248157 36.6"
    )
    base = f"<gs:base><gml:Polygon>{ring(numbers)}</gml:Polygon></gs:base>"
    found = read("gs:Prism", base + length("height", 2.4), srs=SPACE)
    assert isinstance(found.area, Polygon)
    assert {one.lat_deg for one in found.area.ring} == {42.556844, 42.656844}
    assert {one.lon_deg for one in found.area.ring} == {-73.248157, -73.348157}
    assert found.altitude_m == pytest.approx(37.8)
    assert found.vertical_accuracy_m == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("heights", "altitude_m"), [((10, 10, 12, 12, 10), 11.0), ((None,) * 5, None)], ids=["not level", "no height"]
)
def test_prism_with_an_odd_base(heights: tuple[int | None, ...], altitude_m: float | None) -> None:
    corners = ["-8 112", "-8 113", "-7 113", "-7 112", "-8 112"]
    rows = [
        f"{corner} {height}" if height is not None else corner for corner, height in zip(corners, heights, strict=True)
    ]
    inner = "".join(f"<gml:pos>{row}</gml:pos>" for row in rows)
    outer = f"<gml:exterior><gml:LinearRing>{inner}</gml:LinearRing></gml:exterior>"
    base = f"<gs:base><gml:Polygon>{outer}</gml:Polygon></gs:base>"
    found = read("gs:Prism", base + length("height", 2), srs=SPACE)
    assert found.altitude_m == altitude_m
    assert len(found.warnings) == 1


@pytest.mark.parametrize("numbers", [SQUARE, "-8 112 -7 112 -7 113 -8 113 -8 112"], ids=["one way", "other way"])
def test_polygon_is_the_same_in_both_directions(numbers: str) -> None:
    found = read("gml:Polygon", ring(numbers))
    assert isinstance(found.area, Polygon)
    corners = [(one.lat_deg, one.lon_deg) for one in found.area.ring]
    start = corners.index((-8, 112))
    assert corners[start:] + corners[:start] == [(-8, 112), (-8, 113), (-7, 113), (-7, 112)]
    assert found.warnings == ()


def test_polygon_of_single_positions_and_a_hole() -> None:
    outer = "".join(pos(one) for one in ("-8 112", "-8 113", "-7 113", "-7 112", "-8 112"))
    outer = f"<gml:exterior><gml:LinearRing>{outer}</gml:LinearRing></gml:exterior>"
    hole = ring("-7.6 112.4 -7.6 112.6 -7.4 112.6 -7.4 112.4 -7.6 112.4", name="interior")
    area = read("gml:Polygon", outer + hole).area
    assert isinstance(area, Polygon)
    assert len(area.ring) == 4
    assert len(area.holes) == 1


def test_ring_that_is_not_closed_is_closed_with_a_warning() -> None:
    found = read("gml:Polygon", ring("-8 112 -8 113 -7 113 -7 112"))
    assert isinstance(found.area, Polygon)
    assert len(found.area.ring) == 4
    assert "not closed" in found.warnings[0]


@pytest.mark.parametrize(
    "numbers", ["-8 112 -7 113 -8 113 -7 112 -8 112", "-8 112 -8 113 -8 112", "-8 112", "", "-8 112 -7"]
)
def test_polygon_that_encloses_nothing(numbers: str) -> None:
    assert refused("gml:Polygon", ring(numbers)) in ("exterior", "posList")


def test_ring_may_say_how_many_numbers_a_position_has() -> None:
    numbers = "-8 112 9 -8 113 9 -7 113 9 -7 112 9 -8 112 9"
    inside = ring(numbers).replace("<gml:posList>", '<gml:posList srsDimension="3">')
    found = read("gml:Polygon", inside)
    assert isinstance(found.area, Polygon)
    assert (len(found.area.ring), found.altitude_m) == (4, 9)


def test_corner_with_four_numbers_is_refused() -> None:
    corners = "".join(pos(one) for one in ("-8 112 1 2", "-8 113 1 2", "-7 113 1 2", "-8 112 1 2"))
    assert refused("gml:Polygon", f"<gml:exterior><gml:LinearRing>{corners}</gml:LinearRing></gml:exterior>") == "pos"


def test_shape_in_space_without_a_height_is_said() -> None:
    found = read("gs:Sphere", pos() + length("radius", 9), srs=SPACE)
    assert (found.altitude_m, found.vertical_accuracy_m) == (None, None)
    assert len(found.warnings) == 1


def test_polygon_with_very_many_corners_is_refused() -> None:
    middle = Position(lat_deg=-8, lon_deg=112)
    corners = [middle.moved(bearing_deg=-360 * n / 2_000, distance_m=5_000) for n in range(2_000)]
    numbers = [f"{one.lat_deg:.6f} {one.lon_deg:.6f}" for one in corners]
    assert isinstance(read("gml:Polygon", ring(" ".join(numbers))).area, Polygon)
    assert refused("gml:Polygon", ring(" ".join([*numbers, numbers[0]]))) == "pos"


@pytest.mark.parametrize(
    "srs",
    [
        FLAT,
        "urn:ogc:def::crs:EPSG:4326",
        "urn:ogc:def::crs:EPSG::4326",
        "urn:ogc:def:crs:EPSG:4326",
        "urn:ogc:def:crs:EPSG:6.6:4326",
        "EPSG:4326",
        "epsg:4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        "http://www.opengis.net/gml/srs/epsg.xml#4326",
    ],
)
def test_coordinate_systems_are_latitude_first_however_written(srs: str) -> None:
    found = read("gml:Point", pos(), srs=srs)
    assert (found.area.middle.lat_deg, found.area.middle.lon_deg) == (-8.0983, 112.1681)
    assert found.warnings == ()


@pytest.mark.parametrize("srs", ["urn:ogc:def:crs:EPSG::3857", "urn:ogc:def:crs:OGC:1.3:CRS84", "", "4326", "WGS84"])
def test_unknown_coordinate_system_is_refused(srs: str) -> None:
    assert refused("gml:Point", pos(), srs=srs) == "srsName"


def test_missing_coordinate_system_is_said() -> None:
    assert "srsName" in read("gml:Point", pos(), srs=None).warnings[0]


@pytest.mark.parametrize(
    ("uom", "metres"),
    [
        (METRE, 14),
        (None, 14),
        ("m", 14),
        ("EPSG:9001", 14),
        ("urn:ogc:def::uom:EPSG::9001", 14),
        ("urn:ogc:def:uom:EPSG::9036", 14_000),
    ],
)
def test_units_of_length(uom: str | None, metres: float) -> None:
    area = read("gs:Circle", pos() + length("radius", 14, uom)).area
    assert isinstance(area, Circle)
    assert area.radius_m == metres


@pytest.mark.parametrize("uom", ["urn:ogc:def:uom:EPSG::9101", "rad"])
def test_radians_are_turned_into_degrees(uom: str) -> None:
    inside = pos() + length("semiMajorAxis", 30) + length("semiMinorAxis", 10) + angle("orientation", math.pi / 4, uom)
    area = read("gs:Ellipse", inside).area
    assert isinstance(area, Ellipse)
    assert area.orientation_deg == pytest.approx(45)


@pytest.mark.parametrize("uom", [DEGREE, "urn:ogc:def:uom:EPSG::9002", "furlong"])
def test_unit_that_is_no_length_is_refused(uom: str) -> None:
    assert refused("gs:Circle", pos() + length("radius", 14, uom)) == "radius"


@pytest.mark.parametrize("value", ["nan", "INF", "1_0", "٣", "", "-1", "1e400", "30000000"])
def test_radius_that_cannot_be_meant(value: str) -> None:
    assert refused("gs:Circle", pos() + length("radius", value)) == "radius"


@pytest.mark.parametrize("text", ["112.1681 -8.0983", "-8.0983", "-8 112 3 4", "x y", "-91 0", "0 181", ""])
def test_position_that_cannot_be_meant(text: str) -> None:
    assert refused("gml:Point", pos(text)) == "pos"


def test_swapped_position_is_named() -> None:
    with pytest.raises(BadInput, match="swapped"):
        read("gml:Point", pos("112.1681 -8.0983"))


def test_height_without_a_system_for_it_is_kept_with_a_warning() -> None:
    found = read("gs:Circle", pos("-8 112 90") + length("radius", 5))
    assert found.altitude_m == 90
    assert len(found.warnings) == 1


def test_number_with_an_exponent_is_a_number() -> None:
    assert read("gml:Point", pos("-8.0983E0 1.121681e2")).area.middle.lon_deg == pytest.approx(112.1681)


@pytest.mark.parametrize(
    ("text", "lat_deg", "lon_deg"),
    [("37:46:30N 122:25:10W", 37.775, -122.419444), ("-8.0983,112.1681", -8.0983, 112.1681)],
)
def test_coordinates_as_rfc_4119_had_them(text: str, lat_deg: float, lon_deg: float) -> None:
    middle = read("gml:Point", f"<gml:coordinates>{text}</gml:coordinates>").area.middle
    assert middle.lat_deg == pytest.approx(lat_deg, abs=1e-6)
    assert middle.lon_deg == pytest.approx(lon_deg, abs=1e-6)


@pytest.mark.parametrize("text", ["37:60:30N 122:25:10W", "1,2,3", "x,y"])
def test_old_coordinates_that_cannot_be_meant(text: str) -> None:
    assert refused("gml:Point", f"<gml:coordinates>{text}</gml:coordinates>") == "coordinates"


@pytest.mark.parametrize(
    ("name", "inside", "field"),
    [
        ("gml:Point", "", "pos"),
        ("gs:Circle", pos(), "radius"),
        ("gml:Polygon", "", "exterior"),
        ("gml:Polygon", "<gml:exterior/>", "LinearRing"),
        ("gs:Prism", length("height", 2), "base"),
        ("gml:Curve", pos(), "shape"),
    ],
)
def test_missing_parts_are_named(name: str, inside: str, field: str) -> None:
    assert refused(name, inside) == field


def test_shape_of_another_language_is_no_shape() -> None:
    with pytest.raises(BadInput):
        read_shape(parse_xml(b'<Circle xmlns="urn:other"/>'))


# Beyond the twentieth decimal nothing is written, so that the smallest latitudes are left to a test of their own.
latitudes = st.floats(-11, 6).filter(lambda one: one == 0 or abs(one) > 1e-3)
places = st.builds(Position, lat_deg=latitudes, lon_deg=st.floats(95, 141))
metres = st.floats(0.5, 40_000)
angles = st.floats(0, 359).map(lambda one: round(one, 6))
shares = st.floats(0.01, 1)


@st.composite
def ellipses(draw: st.DrawFn) -> Ellipse:
    major_m = draw(metres)
    return Ellipse(
        middle=draw(places),
        semi_major_m=major_m,
        semi_minor_m=major_m * draw(st.floats(0.01, 1)),
        orientation_deg=draw(angles),
    )


@st.composite
def bands(draw: st.DrawFn) -> ArcBand:
    inner_m = draw(st.floats(0, 30_000))
    return ArcBand(
        apex=draw(places),
        inner_m=inner_m,
        outer_m=inner_m + draw(metres),
        start_deg=draw(angles),
        opening_deg=draw(st.floats(0.5, 360)),
    )


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    middle, corners = draw(places), draw(st.integers(3, 15))
    far = [draw(st.floats(50, 5_000)) for _ in range(corners)]
    ring = [middle.moved(bearing_deg=360 * n / corners, distance_m=one) for n, one in enumerate(far)]
    return Polygon(ring=tuple(ring))


areas = st.one_of(
    st.builds(Point, middle=places),
    st.builds(Circle, middle=places, radius_m=metres),
    ellipses(),
    bands(),
    polygons(),
)


@given(areas)
def test_what_is_written_is_valid_and_reads_back(area: Area) -> None:
    written = write_shape(area)
    schema = grammar("gml.xsd" if isinstance(area, Point | Polygon) else "geoshape.xsd")
    schema.assertValid(etree.fromstring(etree.tostring(written)))
    found = read_shape(written)
    assert found.warnings == ()
    assert same(found.area, area)


def same(found: Area, sent: Area) -> bool:
    """The same place to the last digit; lengths never shorter, and at most a millimetre longer."""
    match found, sent:
        case Circle(), Circle():
            return found.middle == sent.middle and grown(found.radius_m, sent.radius_m)
        case Ellipse(), Ellipse():
            axes = grown(found.semi_major_m, sent.semi_major_m) and grown(found.semi_minor_m, sent.semi_minor_m)
            return axes and found.middle == sent.middle and found.orientation_deg == sent.orientation_deg
        case ArcBand(), ArcBand():
            radii = grown(found.outer_m, sent.outer_m) and grown(sent.inner_m, found.inner_m)
            return radii and (found.apex, found.start_deg, found.opening_deg) == (
                sent.apex,
                sent.start_deg,
                sent.opening_deg,
            )
        case _:
            return found == sent


def grown(found_m: float, sent_m: float) -> bool:
    return -1e-8 <= found_m - sent_m <= 0.001 + 1e-8


def test_lengths_are_rounded_away_from_the_caller() -> None:
    band = ArcBand(
        apex=Position(lat_deg=-8, lon_deg=112), inner_m=100.0006, outer_m=200.0004, start_deg=-5, opening_deg=9
    )
    written = write_shape(band)
    assert written.findtext("{*}innerRadius") == "100"
    assert written.findtext("{*}outerRadius") == "200.001"
    assert written.findtext("{*}startAngle") == "355"


def test_polygon_is_written_closed_and_counter_clockwise() -> None:
    area = read("gml:Polygon", ring("-8 112 -7 112 -7 113 -8 113 -8 112")).area
    numbers = [float(one) for one in (write_shape(area).findtext(".//{*}posList") or "").split()]
    corners = list(zip(numbers[1::2], numbers[::2], strict=True))
    assert corners[0] == corners[-1]
    turned = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(corners))
    assert turned > 0


def test_point_is_written_with_its_height() -> None:
    written = write_shape(Point(middle=Position(lat_deg=-8, lon_deg=112)), altitude_m=163.5)
    assert (written.get("srsName"), written.findtext("{*}pos")) == (SPACE, "-8 112 163.5")


def test_small_numbers_are_written_without_an_exponent() -> None:
    assert write_shape(Point(middle=Position(lat_deg=1e-7, lon_deg=112))).findtext("{*}pos") == "0.0000001 112"
    assert write_shape(Point(middle=Position(lat_deg=-1e-108, lon_deg=112))).findtext("{*}pos") == "0 112"


def test_an_opening_too_narrow_to_be_written_stays_an_opening() -> None:
    place = Position(lat_deg=-8, lon_deg=112)
    band = ArcBand(apex=place, inner_m=3_594, outer_m=4_148, start_deg=20, opening_deg=1e-99)
    read = read_shape(write_shape(band)).area
    assert isinstance(read, ArcBand)
    assert 0 < read.opening_deg < 1e-6
