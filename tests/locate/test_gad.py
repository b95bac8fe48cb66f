"""GAD octets: each shape, the codes rounded up, what is written covers what was meant, and what is no GAD."""

import base64
import math

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo112.core.crs import to_plane
from geo112.core.errors import BadInput, BadMessage, BadShape
from geo112.core.extent import outline
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.locate.fix import FixSource, Located, NoPosition, NotUnderstood
from geo112.locate.gad import GadArea, decode_gad, is_plainly_gad, read_gad
from geo112.locate.gad_codes import (
    FINE,
    IN_HEIGHT,
    ON_GROUND,
    read_fine_place,
    read_place,
    uncertainty_code,
    uncertainty_m,
    write_place,
)
from geo112.locate.gad_write import write_gad

BLITAR = Position(lat_deg=-8.0983, lon_deg=112.1681)
PLACE = "8b84804fc394"
PLACES = st.builds(Position, lat_deg=st.floats(-12, 7), lon_deg=st.floats(94, 142))


def decoded(octets: str, *, factor: int = 2) -> GadArea:
    return decode_gad(bytes.fromhex(octets.replace(" ", "")), orientation_factor=factor)


def near(one: Position, other: Position, within_m: float = 1.5) -> bool:
    return one.distance_m(other) <= within_m


@pytest.mark.parametrize(
    ("code", "metres"),
    [(0, 0), (1, 1), (10, 15.937), (20, 57.275), (30, 164.494), (40, 442.593), (60, 3034.816), (100, 137_796.123),
     (127, 1_806_627.477)],
)  # fmt: skip
def test_uncertainty_of_a_code(code: int, metres: float) -> None:
    assert uncertainty_m(code) == pytest.approx(metres, abs=0.001)
    assert uncertainty_code(uncertainty_m(code)) == code


def test_other_scales() -> None:
    assert IN_HEIGHT.metres(127) == pytest.approx(990.5, abs=0.1)
    assert FINE.metres(255) == pytest.approx(46.49, abs=0.01)


@pytest.mark.parametrize(("radius_m", "code"), [(850.24, 47), (850.0, 47), (791.8, 47), (791.79, 46), (0.1, 1), (0, 0)])
def test_codes_are_rounded_up(radius_m: float, code: int) -> None:
    assert uncertainty_code(radius_m) == code


@pytest.mark.parametrize("radius_m", [-1, 1_806_628, math.inf, math.nan])
def test_no_code_for_this(radius_m: float) -> None:
    with pytest.raises(BadShape):
        uncertainty_code(radius_m)


@given(st.floats(0, 1_806_627), st.sampled_from([ON_GROUND, IN_HEIGHT, FINE]))
def test_a_code_is_the_lowest_that_covers(metres: float, scale) -> None:
    assume(metres <= scale.metres(scale.highest))
    code = scale.code(metres)
    assert scale.metres(code) >= metres
    assert code == 0 or scale.metres(code - 1) < metres


@given(st.builds(Position, lat_deg=st.floats(-90, 90), lon_deg=st.floats(-180, 179.9999)))
def test_a_place_is_written_within_its_step(place: Position) -> None:
    back = read_place(write_place(place))
    assert abs(back.lat_deg - place.lat_deg) <= 90 / 2**24 * 1.01
    assert abs(back.lon_deg - place.lon_deg) <= 360 / 2**25 * 1.01


def test_both_sides_of_the_equator() -> None:
    assert read_place(write_place(BLITAR)).lat_deg == pytest.approx(-8.0983, abs=6e-6)
    assert write_place(BLITAR).hex() == PLACE
    assert read_place(bytes.fromhex("000000000000")).lat_deg > 0 > read_place(bytes.fromhex("800000ffffff")).lat_deg
    fine = read_fine_place(bytes.fromhex("f47b8d8c" + "4fc39476"))
    assert fine.lat_deg == pytest.approx(-8.0983, abs=1e-2)
    assert fine.lon_deg == pytest.approx(112.168, abs=1e-2)


def test_point() -> None:
    found = decoded("00" + PLACE)
    assert isinstance(found.area, Point)
    assert near(found.area.middle, BLITAR)
    assert found.warnings == ("radius unknown",)


def test_circle() -> None:
    found = decoded("10" + PLACE + "1c")
    assert isinstance(found.area, Circle)
    assert found.area.radius_m == pytest.approx(134.21, abs=0.01)
    assert found.area.confidence_share == 0.68
    assert found.warnings == ("confidence unknown: 68 % taken",)


def test_circle_of_code_zero_is_a_point() -> None:
    assert isinstance(decoded("10" + PLACE + "00").area, Point)


@pytest.mark.parametrize(("factor", "deg"), [(2, 60), (1, 30)])
def test_ellipse_with_either_orientation(factor: int, deg: float) -> None:
    found = decoded("30" + PLACE + "28 14 1e 43", factor=factor)
    assert isinstance(found.area, Ellipse)
    assert found.area.semi_major_m == pytest.approx(442.593, abs=0.001)
    assert found.area.semi_minor_m == pytest.approx(57.275, abs=0.001)
    assert (found.area.orientation_deg, found.area.confidence_share) == (deg, 0.67)
    assert found.warnings == ()


def test_ellipse_whose_axes_stand_the_wrong_way_round() -> None:
    right, wrong = decoded("30" + PLACE + "28 14 1e 43").area, decoded("30" + PLACE + "14 28 1e 43")
    assert isinstance(right, Ellipse)
    assert isinstance(wrong.area, Ellipse)
    assert wrong.area.semi_major_m == right.semi_major_m
    assert wrong.area.orientation_deg == (right.orientation_deg + 90) % 180
    assert wrong.warnings == ("the semi-minor axis is the longer one: taken as the semi-major",)


@pytest.mark.parametrize("confidence", ["00", "65", "7f"])
def test_unknown_confidence_is_taken_as_68_percent(confidence: str) -> None:
    found = decoded("30" + PLACE + "28 14 1e" + confidence)
    assert isinstance(found.area, Ellipse)
    assert found.area.confidence_share == 0.68
    assert "confidence unknown: 68 % taken" in found.warnings


@pytest.mark.parametrize(
    ("axes", "shape"),
    [("00 00 00", Point), ("28 00 00", Circle), ("00 28 00", Circle), ("28 28 1e", Circle), ("28 14 b4", Circle)],
)
def test_ellipse_that_is_none(axes: str, shape: type[Area]) -> None:
    found = decoded("30" + PLACE + axes + "43")
    assert isinstance(found.area, shape)
    if isinstance(found.area, Circle):
        assert found.area.radius_m == pytest.approx(442.593, abs=0.001)


def test_polygon() -> None:
    corners = [Position(lat_deg=lat, lon_deg=lon) for lat, lon in ((-8.1, 112.1), (-8.1, 112.2), (-8.0, 112.15))]
    found = decode_gad(bytes([0x53]) + b"".join(write_place(one) for one in corners))
    assert isinstance(found.area, Polygon)
    assert len(found.area.ring) == 3
    assert all(any(near(one, other) for other in corners) for one in found.area.ring)


def test_polygon_that_crosses_itself_names_the_ring() -> None:
    corners = ((-8.1, 112.1), (-8.0, 112.2), (-8.1, 112.2), (-8.0, 112.1))
    octets = bytes([0x54]) + b"".join(write_place(Position(lat_deg=lat, lon_deg=lon)) for lat, lon in corners)
    reading = read_gad(octets.hex())
    assert isinstance(reading, NotUnderstood)
    assert reading.field == "ring"
    assert read_gad("52" + "00" * 12).field == "ring"  # type: ignore[union-attr] - two corners are not understood


@pytest.mark.parametrize(("altitude", "metres"), [("009c", 156), ("8064", -100), ("0000", 0), ("7fff", 32767)])
def test_point_with_altitude(altitude: str, metres: float) -> None:
    found = decoded("80" + PLACE + altitude)
    assert isinstance(found.area, Point)
    assert (found.altitude_m, found.vertical_accuracy_m) == (metres, None)


def test_ellipsoid_loses_its_height() -> None:
    found = decoded("90" + PLACE + "009c 28 14 1e 0a 43")
    assert isinstance(found.area, Ellipse)
    assert (found.altitude_m, found.area.orientation_deg) == (156, 60)
    assert found.vertical_accuracy_m == pytest.approx(45 * (1.025**10 - 1))
    assert found.area.confidence_share == pytest.approx(0.67 ** (2 / 3))


def test_arc() -> None:
    found = decoded("a0" + PLACE + "02cf 28 0f 3c 44")
    assert found.area == ArcBand(
        apex=found.area.apex, inner_m=3595, outer_m=3595 + uncertainty_m(40), start_deg=30, opening_deg=120,
        confidence_share=0.68,
    )  # fmt: skip
    assert near(found.area.apex, BLITAR)
    assert found.warnings == ()


@pytest.mark.parametrize(("included", "opening_deg"), [("00", 2), ("01", 2), ("59", 178), ("b3", 360)])
def test_opening_of_an_arc(included: str, opening_deg: float) -> None:
    found = decoded("a0" + PLACE + "02cf 28 0f" + included + "44").area
    assert isinstance(found, ArcBand)
    assert found.opening_deg == opening_deg


@pytest.mark.parametrize(
    ("octets", "field"),
    [("02cf 00 0f 3c 44", "outer_m"), ("02cf 28 b4 3c 44", "start_deg"), ("02cf 28 0f b4 44", "opening_deg")],
)
def test_arc_that_cannot_be_meant(octets: str, field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decoded("a0" + PLACE + octets)
    assert caught.value.field == field


def test_high_accuracy_shapes() -> None:
    lat, lon = (round(BLITAR.lat_deg / 90 * 2**31), round(BLITAR.lon_deg / 180 * 2**31))
    place = lat.to_bytes(4, signed=True).hex() + lon.to_bytes(4, signed=True).hex()
    flat = decoded("b0" + place + "64 32 1e 43")
    assert isinstance(flat.area, Ellipse)
    assert near(flat.area.middle, BLITAR, within_m=0.02)
    assert flat.area.semi_major_m == pytest.approx(0.3 * (1.02**100 - 1))
    solid = decoded("c0" + place + "004e00 ff 32 1e 43 64 5f")
    assert solid.altitude_m == 156.0
    assert solid.vertical_accuracy_m == pytest.approx(0.3 * (1.02**100 - 1))
    assert decoded("c0" + place + "3fff80 ff 32 1e 43 64 5f").altitude_m == -1.0


@pytest.mark.parametrize(
    "octets", ["", "1020b60c", "10" + PLACE, "20" + PLACE + "1c", "f0" + PLACE, "50", "53" + PLACE * 2, "zz", "10 zz"]
)
def test_broken_octets_are_refused(octets: str) -> None:
    reading = read_gad(octets)
    assert isinstance(reading, NotUnderstood)
    assert reading.field
    assert not is_plainly_gad(octets)


def test_octets_behind_the_area_and_spare_bits_are_told() -> None:
    assert decoded("10" + PLACE + "1c 0000").warnings[0] == "2 octets behind the area ignored"
    assert "spare bits not zero" in decoded("11" + PLACE + "1c").warnings
    assert "spare bits not zero" in decoded("10" + PLACE + "9c").warnings


def test_no_octets_at_all() -> None:
    with pytest.raises(BadMessage, match="empty"):
        decode_gad(b"")


def test_reading_from_an_operator() -> None:
    for text in (
        "108b84804fc3941c",
        "10 8B 84 80 4F C3 94 1C",
        base64.b64encode(bytes.fromhex("108b84804fc3941c")).decode(),
    ):
        reading = read_gad(text)
        assert isinstance(reading, Located)
        assert (reading.fix.source, reading.fix.taken_at) == (FixSource.OPERATOR, None)
        assert is_plainly_gad(text)
    assert isinstance(read_gad("1000000000000028"), NoPosition)
    abroad = read_gad("1020b60c1dddde28")
    assert "outside Indonesia" in abroad.warnings


@pytest.mark.parametrize(
    "text",
    ["081234567890", "6281234567890", "00628123456789", "0062812345678901", "1234567890123456", "8962100000000000000f",
     "356708041746734", "deadbeef", "cafebabe", "tolong kebakaran", "kebakaran", "Kepanjenkidul", "abcdefabcdef12",
     "30" + PLACE + "28141e65", "10" + PLACE + "9c", "11" + PLACE + "1c", "10" + PLACE + "1c00",
     "a0" + PLACE + "02cf00000044",
     "f0" + PLACE + "1c", "20261122031530", "550e8400-e29b-41d4-a716-446655440000", "550e8400e29b41d4a716446655440000"],
)  # fmt: skip
def test_numbers_and_words_are_never_taken_for_gad(text: str) -> None:
    assert not is_plainly_gad(text)


def covers(outer: Area, inner: Area, *, within_m: float) -> bool:
    """Tell whether one area holds another, but for so many metres, in the plane around the inner one."""
    plane = to_plane(inner.middle)

    def flat(area: Area) -> shapely.Polygon:
        rings = [[plane.transform(lon, lat) for lon, lat in ring] for ring in outline(area, corners=360)]
        return shapely.Polygon(rings[0], rings[1:])

    return bool(flat(outer).buffer(within_m).covers(flat(inner)))


AREAS = st.one_of(
    st.builds(Circle, middle=PLACES, radius_m=st.floats(1, 50_000), confidence_share=st.floats(0.01, 1)),
    st.builds(
        lambda middle, axes, turn, share: Ellipse(
            middle=middle, semi_major_m=max(axes), semi_minor_m=min(axes), orientation_deg=turn, confidence_share=share
        ),
        PLACES, st.tuples(st.floats(1, 20_000), st.floats(1, 20_000)), st.floats(-360, 360), st.floats(0.01, 1),
    ),
    st.builds(
        lambda apex, inner, width, start, opening, share: ArcBand(
            apex=apex, inner_m=inner, outer_m=inner + width, start_deg=start, opening_deg=opening,
            confidence_share=share,
        ),
        PLACES, st.floats(0, 30_000), st.floats(10, 5_000), st.floats(0, 359), st.floats(5, 360), st.floats(0.01, 1),
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(AREAS, st.sampled_from([1, 2]))
def test_what_is_written_covers_what_was_meant(area: Area, factor: int) -> None:
    found = decode_gad(write_gad(area, orientation_factor=factor), orientation_factor=factor)
    # The outlines are polygons of 360 corners, which lie a little inside of the curves.
    sag_m = 0.00005 * (area.outer_m if isinstance(area, ArcBand) else getattr(area, "radius_m", 20_000))
    assert covers(found.area, area, within_m=(2.0 if isinstance(area, ArcBand) else 0.2) + sag_m)
    assert not isinstance(found.area, Point)
    assert found.area.confidence_share <= max(area.confidence_share, 0.01) + 1e-9 or area.confidence_share < 0.011  # type: ignore[union-attr] - no point is drawn


@settings(max_examples=60, deadline=None)
@given(
    PLACES, st.lists(st.tuples(st.floats(0, 359), st.floats(50, 5_000)), min_size=3, max_size=25),
)  # fmt: skip
def test_a_written_polygon_covers_the_one_that_was_meant(middle: Position, corners: list[tuple[float, float]]) -> None:
    ring = tuple(middle.moved(bearing_deg=deg, distance_m=metres) for deg, metres in sorted(corners))
    try:
        area = Polygon(ring=ring)
    except BadInput:
        assume(False)  # noqa: FBT003 - not every star is a polygon
    octets = write_gad(area)
    found = decode_gad(octets).area
    assert covers(found, area, within_m=0.5)
    assert len(octets) <= 1 + 6 * 15


def test_a_polygon_that_does_not_fit_is_written_as_a_circle() -> None:
    round_one = tuple(BLITAR.moved(bearing_deg=-18 * n, distance_m=1000) for n in range(20))
    unsure = round_one[::5]
    for area in (Polygon(ring=round_one), Polygon(ring=unsure, confidence_share=0.5)):
        found = decode_gad(write_gad(area)).area
        assert isinstance(found, Circle)
        assert found.confidence_share == area.confidence_share
        assert covers(found, area, within_m=0.1)
    assert isinstance(decode_gad(write_gad(Polygon(ring=unsure))).area, Polygon)


def test_a_polygon_with_a_slit_thinner_than_a_step_is_written_as_its_hull() -> None:
    slit = ((0, 0), (100, 0), (100, 100), (52.25, 100), (52.25, 10), (47.75, 10), (47.75, 100), (0, 100))
    area = Polygon(ring=tuple(Position(lon_deg=112.1 + x / 1e5, lat_deg=-8.1 + y / 1e5) for x, y in slit))
    found = decode_gad(write_gad(area)).area
    assert isinstance(found, Polygon)
    assert covers(found, area, within_m=0.1)
    assert len(found.ring) == 4


def test_a_place_in_the_middle_of_its_step_does_not_move() -> None:
    middle = read_place(write_place(BLITAR))
    ellipse = Ellipse(
        middle=middle, semi_major_m=uncertainty_m(40) - 1e-6, semi_minor_m=uncertainty_m(20) - 1e-6,
        orientation_deg=60, confidence_share=0.67,
    )  # fmt: skip
    assert write_gad(ellipse).hex() == "30" + PLACE + "28141e43"


def test_a_point_is_written_as_one() -> None:
    assert write_gad(Point(middle=BLITAR)).hex() == "00" + PLACE
    back = decode_gad(write_gad(Point(middle=BLITAR))).area
    assert isinstance(back, Point)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100), st.sampled_from([1, 2]))
def test_any_octets_give_a_reading(octets: bytes, factor: int) -> None:
    assert isinstance(read_gad(octets.hex(), orientation_factor=factor), Located | NoPosition | NotUnderstood)
    is_plainly_gad(octets.hex())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text("0123456789abcdef= \n", max_size=80))
def test_any_text_gives_a_reading(text: str) -> None:
    assert isinstance(read_gad(text), Located | NoPosition | NotUnderstood)
    is_plainly_gad(text)
