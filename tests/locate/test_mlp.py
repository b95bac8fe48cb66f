"""Answers of MLP gateways: axes, offsets, absolute angles, and gateways that know nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.shapes import ArcBand, Circle, Ellipse, Point, Polygon
from geo112.locate.fix import FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading
from geo112.locate.mlp import read_mlp

COORD = "<coord><X>8 5 53.880S</X><Y>112 10 5.160E</Y></coord>"
CIRCLE = f'<CircularArea srsName="www.epsg.org#4326">{COORD}<radius>850</radius></CircularArea>'
TIME = '<time utc_off="+0700">20261122101530</time>'


def coord(x: object, y: object) -> str:
    return f"<coord><X>{x}</X><Y>{y}</Y></coord>"


def place(shape: str = CIRCLE, *, time: str = TIME, more: str = "<lev_conf>67</lev_conf>") -> str:
    return f"<pd>{time}<shape>{shape}</shape>{more}</pd>"


def pos(inside: str, *, msid: str = "<msid>6281234567890</msid>") -> str:
    return f"<pos>{msid}{inside}</pos>"


def answer(*positions: str, name: str = "slia") -> str:
    return f'<svc_result ver="3.1.0"><{name} ver="3.0.0">{"".join(positions)}</{name}></svc_result>'


def located(message: str | bytes) -> Located:
    reading = read_mlp(message)
    assert isinstance(reading, Located), reading
    return reading


def refused(message: str) -> NotUnderstood:
    reading = read_mlp(message)
    assert isinstance(reading, NotUnderstood), reading
    return reading


def test_circle_from_blitar() -> None:
    reading = located(answer(pos(place())))
    fix = reading.fix
    assert isinstance(fix.area, Circle)
    assert fix.area.middle.lat_deg == pytest.approx(-8.0983, abs=1e-9)
    assert fix.area.middle.lon_deg == pytest.approx(112.1681, abs=1e-9)
    assert (fix.area.radius_m, fix.area.confidence_share) == (850, 0.67)
    assert fix.taken_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
    assert (fix.source, fix.method, fix.warnings) == (FixSource.OPERATOR, FixMethod.UNKNOWN, ())
    assert reading.device.number == "+6281234567890"


@pytest.mark.parametrize(
    "message",
    [
        place(),
        pos(place()),
        answer(pos(place()), name="slirep"),
        answer(f"<eme_pos><msid>6281234567890</msid>{place()}<esrd>112</esrd></eme_pos>", name="eme_lia"),
        f"<svc_result><emerep><eme_event><eme_pos>{place()}</eme_pos></eme_event></emerep></svc_result>",
    ],
)
def test_every_kind_of_answer(message: str) -> None:
    assert isinstance(located(message).fix.area, Circle)
    assert located(message.encode()) == located(message)


def test_sample_of_a_gateway_in_another_country() -> None:
    shape = f"<Point>{coord('27 28 25.00S', '153 01 43.00E')}</Point>"
    time = '<time utc_off="+1000">20140507082957</time>'
    reading = located(answer(pos(place(shape, time=time, more=""), msid="<msid>61307341370</msid>")))
    assert isinstance(reading.fix.area, Point)
    assert reading.fix.area.middle.lat_deg == pytest.approx(-27.473611, abs=1e-6)
    assert reading.fix.area.middle.lon_deg == pytest.approx(153.028611, abs=1e-6)
    assert reading.fix.taken_at == datetime(2014, 5, 6, 22, 29, 57, tzinfo=UTC)
    assert reading.device.number == "+61307341370"
    assert reading.warnings == ("radius unknown", "outside Indonesia")


@pytest.mark.parametrize(
    ("x", "y", "lat_deg", "lon_deg"),
    [
        ("-8.0983", "112.1681", -8.0983, 112.1681),
        ("8.0983S", "112.1681E", -8.0983, 112.1681),
        ("1 30 00.00N", "124 50 00.00E", 1.5, 124.8333333),
        ("8 5.898 s", "112 10.086 e", -8.0983, 112.1681),
        ("8:05:53.88S", "112:10:05.16E", -8.0983, 112.1681),
        ("112 10 5.160E", "8 5 53.880S", -8.0983, 112.1681),
        ("080553.88S", "1121005.16E", -8.0983, 112.1681),
        ("-080553.88", "1121005.16", -8.0983, 112.1681),
        ("000000N", "1092033E", 0.0, 109.3425),
        ("S 8.0983", "E112.1681", -8.0983, 112.1681),
        ("8\u00b005'53.88\"S", "112\u00b010\u203205.16\u2033 E", -8.0983, 112.1681),
    ],
)
def test_coordinates(x: str, y: str, lat_deg: float, lon_deg: float) -> None:
    middle = located(place(f"<Point>{coord(x, y)}</Point>")).fix.area.middle
    assert middle.lat_deg == pytest.approx(lat_deg, abs=1e-6)
    assert middle.lon_deg == pytest.approx(lon_deg, abs=1e-6)


def test_exchanged_letters_are_said() -> None:
    reading = located(place(f"<Point>{coord('112 10 5.160E', '8 5 53.880S')}</Point>"))
    assert any("exchanged" in one for one in reading.warnings)


@pytest.mark.parametrize(
    ("x", "y", "field"),
    [
        ("112.1681", "-8.0983", "X"),
        ("8 60 0S", "112E", "X"),
        ("086000S", "112E", "X"),
        ("080560S", "112E", "X"),
        ("8.5 5 0S", "112E", "X"),
        ("-8.0983S", "112E", "X"),
        ("8S", "112S", "Y"),
        ("8E", "112E", "X"),
        ("8", "181", "Y"),
        ("", "112", "X"),
        ("nan", "112", "X"),
        ("1e1", "112", "X"),
    ],
)
def test_coordinates_that_cannot_be_meant(x: str, y: str, field: str) -> None:
    assert refused(place(f"<Point>{coord(x, y)}</Point>")).field == field


def test_arc_ends_at_an_absolute_angle() -> None:
    inside = f"{COORD}<inRadius>3594</inRadius><outRadius>4148</outRadius>"
    angles = "<startAngle>{}</startAngle><stopAngle>{}</stopAngle>"
    area = located(place(f"<CircularArcArea>{inside}{angles.format(350, 30)}</CircularArcArea>")).fix.area
    assert isinstance(area, ArcBand)
    assert (area.inner_m, area.outer_m, area.start_deg, area.opening_deg) == (3594, 4148, 350, 40)
    whole = located(place(f"<CircularArcArea>{inside}{angles.format(20, 20)}</CircularArcArea>")).fix.area
    assert isinstance(whole, ArcBand)
    assert whole.opening_deg == 360


def test_ellipse_with_units() -> None:
    inside = f"{COORD}<angle>1.5707963267948966</angle><semiMajor>2</semiMajor><semiMinor>1</semiMinor>"
    units = "<angularUnit>Radians</angularUnit><distanceUnit>km</distanceUnit>"
    area = located(place(f"<EllipticalArea>{inside}{units}</EllipticalArea>")).fix.area
    assert isinstance(area, Ellipse)
    assert (area.semi_major_m, area.semi_minor_m) == (2000, 1000)
    assert area.orientation_deg == pytest.approx(90)


@pytest.mark.parametrize(("unit", "radius_m"), [("", 850), ("meter", 850), ("Feet", 259.08), ("mile", 1_367_942.4)])
def test_units_of_distance(unit: str, radius_m: float) -> None:
    said = f"<distanceUnit>{unit}</distanceUnit>" if unit else ""
    area = located(place(CIRCLE.replace("</CircularArea>", f"{said}</CircularArea>"))).fix.area
    assert isinstance(area, Circle)
    assert area.radius_m == pytest.approx(radius_m)


def test_ellipse_with_its_axes_exchanged() -> None:
    inside = f"{COORD}<angle>10</angle><semiMajor>100</semiMajor><semiMinor>400</semiMinor>"
    area = located(place(f"<EllipticalArea>{inside}</EllipticalArea>")).fix.area
    assert isinstance(area, Ellipse)
    assert (area.semi_major_m, area.orientation_deg) == (400, 100)


def lines(*corners: tuple[float, float]) -> str:
    return "".join(coord(*corner) for corner in corners)


SQUARE = ((-8, 112), (-8, 113), (-7, 113), (-7, 112))


def test_polygon_with_a_hole() -> None:
    outer = f"<outerBoundaryIs><LinearRing>{lines(*SQUARE, SQUARE[0])}</LinearRing></outerBoundaryIs>"
    small = lines((-7.6, 112.4), (-7.6, 112.6), (-7.4, 112.6))
    inner = f"<innerBoundaryIs><LinearRing>{small}</LinearRing></innerBoundaryIs>"
    area = located(place(f"<Polygon>{outer}{inner}</Polygon>")).fix.area
    assert isinstance(area, Polygon)
    assert (len(area.ring), len(area.holes)) == (4, 1)


def test_box_is_a_rectangle() -> None:
    area = located(place(f"<Box>{lines((-7, 113), (-8, 112))}</Box>")).fix.area
    assert isinstance(area, Polygon)
    assert {(one.lat_deg, one.lon_deg) for one in area.ring} == set(SQUARE)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (f"<LineString>{lines((-8, 112), (-7.9, 112), (-7.9, 112.1))}</LineString>", Polygon),
        (f"<LineString>{lines((-8, 112), (-7.9, 112))}</LineString>", Circle),
        (f"<LineString>{lines((-8, 112))}</LineString>", Point),
        (f"<MultiPoint><Point>{lines((-8, 112))}</Point><Point>{lines((-8.1, 112))}</Point></MultiPoint>", Circle),
    ],
)
def test_area_around_a_line_is_a_guess(shape: str, kind: type) -> None:
    fix = located(place(shape)).fix
    assert isinstance(fix.area, kind)
    assert any(one.startswith("perkiraan") for one in fix.warnings)


def test_area_around_a_line_holds_it() -> None:
    fix = located(place(f"<LineString>{lines((-8, 112), (-7.9, 112))}</LineString>")).fix
    assert isinstance(fix.area, Circle)
    assert fix.area.middle.lat_deg == pytest.approx(-7.95)
    assert fix.area.radius_m == pytest.approx(5_529, abs=2)


def test_several_shapes_with_one_member_are_that_member() -> None:
    point = f"<MultiPoint><Point>{lines((-8, 112))}</Point></MultiPoint>"
    assert located(place(point)).warnings == ("radius unknown",)


@pytest.mark.parametrize(
    ("shape", "field"),
    [
        ("<Blob/>", "shape"),
        ("", "shape"),
        ("<CircularArea/>", "coord"),
        (f"<CircularArea>{COORD}</CircularArea>", "radius"),
        (f"<CircularArea>{COORD}<radius>-1</radius></CircularArea>", "radius"),
        (f"<CircularArea>{COORD}<radius>x</radius></CircularArea>", "radius"),
        (f"<CircularArea>{COORD}<radius>1</radius><distanceUnit>ell</distanceUnit></CircularArea>", "distanceUnit"),
        (f'<CircularArea srsName="www.epsg.org#3857">{COORD}<radius>1</radius></CircularArea>', "srsName"),
        (f"<Box>{COORD}</Box>", "Box"),
        ("<LineString/>", "coord"),
        (f"<MultiCircle>{CIRCLE}{CIRCLE}</MultiCircle>", "MultiCircle"),
    ],
)
def test_shapes_that_cannot_be_meant(shape: str, field: str) -> None:
    assert refused(place(shape)).field == field


@pytest.mark.parametrize("axes", [("300", "0", Circle), ("0", "0", Point)])
def test_ellipse_without_an_axis(axes: tuple[str, str, type]) -> None:
    inside = f"{COORD}<angle>0</angle><semiMajor>{axes[0]}</semiMajor><semiMinor>{axes[1]}</semiMinor>"
    assert isinstance(located(place(f"<EllipticalArea>{inside}</EllipticalArea>")).fix.area, axes[2])


def test_circle_of_radius_nought_states_nothing() -> None:
    assert isinstance(located(place(CIRCLE.replace("850", "0"))).fix.area, Point)


@pytest.mark.parametrize(
    ("more", "share", "warns"),
    [("<lev_conf>100</lev_conf>", 1.0, False), ("<lev_conf>0</lev_conf>", 0.95, True), ("", 0.95, True)],
)
def test_level_of_confidence(more: str, share: float, *, warns: bool) -> None:
    fix = located(place(more=more)).fix
    assert isinstance(fix.area, Circle)
    assert fix.area.confidence_share == share
    assert bool(fix.warnings) is warns


@pytest.mark.parametrize("text", ["101", "-1", "high"])
def test_level_of_confidence_that_cannot_be_meant_costs_no_position(text: str) -> None:
    fix = located(place(more=f"<lev_conf>{text}</lev_conf>")).fix
    assert isinstance(fix.area, Circle)
    assert fix.area.confidence_share == 0.95
    assert f"lev_conf not understood: {text!r}, 95 % taken" in fix.warnings


def test_survey_foot_is_1200_by_3937_of_a_metre() -> None:
    circle = CIRCLE.replace("</radius>", "</radius><distanceUnit>surveyfoot</distanceUnit>").replace("850", "3937")
    area = located(place(circle)).fix.area
    assert isinstance(area, Circle)
    assert area.radius_m == pytest.approx(1200)


def test_height() -> None:
    fix = located(place(more="<alt>163.5</alt><alt_acc>20</alt_acc>")).fix
    assert (fix.altitude_m, fix.vertical_accuracy_m) == (163.5, 20)
    inside = "<Point><coord><X>8S</X><Y>112E</Y><Z>90</Z></coord></Point>"
    assert located(place(inside)).fix.altitude_m == 90


@pytest.mark.parametrize(
    ("time", "hour"),
    [
        ("<time>20261122101530</time>", 10),
        ('<time utc_off="0900">20261122101530</time>', 1),
        ('<time utc_off="-0500">20261122101530</time>', 15),
        ('<time utc_off="+07:00">20261122101530</time>', 3),
        ('<time utc_off="+2500">20261122101530</time>', None),
        ("<time>20261322101530</time>", None),
        ("<time>2026-11-22</time>", None),
        ('<time utc_off="+0700">00010101000000</time>', None),
        ("", None),
    ],
)
def test_times_are_local_to_their_offset(time: str, hour: int | None) -> None:
    reading = located(place(time=time))
    assert (reading.fix.taken_at.hour if reading.fix.taken_at else None) == hour
    assert bool(reading.warnings) is (hour is None)


@pytest.mark.parametrize(
    ("msid", "number", "imsi"),
    [
        ('<msid type="MSISDN">+6281234567890</msid>', "+6281234567890", None),
        ('<msid type="IMSI">510101234567890</msid>', None, "510101234567890"),
        ('<msid enc="CRP">6281234567890</msid>', None, None),
        ("<msid>112</msid>", "112", None),
        ("<msid>081234567890</msid>", "081234567890", None),
        ("<msid>x</msid>", None, None),
    ],
)
def test_names_of_the_telephone(msid: str, number: str | None, imsi: str | None) -> None:
    device = located(answer(pos(place(), msid=msid))).device
    assert (device.number, device.imsi) == (number, imsi)


def test_network_of_the_telephone() -> None:
    cgi = "<cgi><mcc>510</mcc><mnc>01</mnc><lac>1</lac><cellid>2</cellid></cgi>"
    cell = f"<gsm_net_param>{cgi}<imsi>510011234567890</imsi></gsm_net_param>"
    device = located(answer(pos(place() + cell))).device
    assert (device.mcc, device.mnc, device.imsi) == ("510", "01", "510011234567890")


def test_gateway_that_knows_nothing_says_why() -> None:
    error = '<result resid="10">QOP NOT ATTAINABLE</result><add_info>no cell</add_info><time>20261122101530</time>'
    reading = read_mlp(answer(pos(f"<poserr>{error}</poserr>")))
    assert isinstance(reading, NoPosition)
    assert reading.reason == "QOP NOT ATTAINABLE (10): no cell"
    assert reading.taken_at == datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC)
    assert reading.device.number == "+6281234567890"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (answer('<result resid="4">UNKNOWN SUBSCRIBER</result>'), "UNKNOWN SUBSCRIBER (4)"),
        (answer(), "the answer holds no position"),
        (answer(pos("")), "the gateway knew no position"),
        (place(f"<Point>{coord(0, 0)}</Point>"), "0/0 is what devices send when they know no position"),
    ],
)
def test_answers_without_a_position(message: str, reason: str) -> None:
    reading = read_mlp(message)
    assert isinstance(reading, NoPosition)
    assert reading.reason == reason


def test_newest_of_several_positions_counts() -> None:
    old, new = (
        place(CIRCLE.replace("850", radius), time=f"<time>{at}</time>")
        for radius, at in (("1", "20261122101530"), ("2", "20261122101531"))
    )
    broken = place("<Blob/>", time="<time>20261122101532</time>")
    reading = located(answer(pos(new), pos(old), pos("<poserr/>"), pos(broken)))
    assert isinstance(reading.fix.area, Circle)
    assert reading.fix.area.radius_m == 2
    assert any("4 positions" in one for one in reading.warnings)
    both = read_mlp(answer(pos("<poserr/>"), pos("<poserr/>")))
    assert isinstance(both, NoPosition)
    assert any("2 positions" in one for one in both.warnings)


def test_message_with_very_many_positions_is_refused() -> None:
    assert isinstance(read_mlp(answer("<pos/>" * 40)), NoPosition)
    assert refused(answer("<pos/>" * 41)).field == "pos"


def test_document_type_is_refused_with_its_reason() -> None:
    reading = refused('<!DOCTYPE svc_result SYSTEM "MLP_SVC_RESULT_310.DTD">' + answer(pos(place())))
    assert reading.field == "message"
    assert "document type" in reading.reason


@pytest.mark.parametrize("message", ["", "x", "<slir/>", "<svc_init/>", "\ud800", "<a>" * 40, "x" * 70_000])
def test_what_is_no_answer(message: str) -> None:
    assert refused(message).field == "message"


SAMPLE = answer(pos(place()), pos("<poserr><result resid='1'>x</result></poserr>"))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_nothing_raises(message: str | bytes) -> None:
    assert isinstance(read_mlp(message), Reading)


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 30), st.text(max_size=12)), max_size=4))
def test_no_damage_raises(changes: list[tuple[int, int, str]]) -> None:
    text = SAMPLE
    for start, length, new in changes:
        text = text[:start] + new + text[start + length :]
    assert isinstance(read_mlp(text), Reading)
