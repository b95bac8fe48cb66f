"""PIDF-LO: which of several locations counts, what is said of it, and what breaks."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point, Polygon
from geo112.locate.fix import FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading
from geo112.locate.pidf import read_pidf

FLAT = 'srsName="urn:ogc:def:crs:EPSG::4326"'
HEAD = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
    'xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" '
    'xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" '
    'xmlns:con="urn:ietf:params:xml:ns:geopriv:conf" entity="{entity}">'
)


def circle(lat_deg: float = -8.0983, radius_m: float = 14) -> str:
    return (
        f"<gs:Circle {FLAT}><gml:pos>{lat_deg} 112.1681</gml:pos>"
        f'<gs:radius uom="urn:ogc:def:uom:EPSG::9001">{radius_m}</gs:radius></gs:Circle>'
    )


def point(text: str = "-8.0983 112.1681") -> str:
    return f"<gml:Point {FLAT}><gml:pos>{text}</gml:pos></gml:Point>"


def confidence(text: str) -> str:
    return f"<con:confidence>{text}</con:confidence>"


CIVIC = "<ca:civicAddress><ca:A3>Blitar</ca:A3><ca:FLR>2</ca:FLR><ca:RD> </ca:RD></ca:civicAddress>"


def geopriv(inside: str, *, method: str = "") -> str:
    how = f"<gp:method>{method}</gp:method>" if method else ""
    return f"<gp:geopriv><gp:location-info>{inside}</gp:location-info><gp:usage-rules/>{how}</gp:geopriv>"


def device(inside: str, *, method: str = "", at: str = "2026-11-22T03:15:30Z", named: str = "urn:uuid:1") -> str:
    time = f"<dm:timestamp>{at}</dm:timestamp>" if at else ""
    return f'<dm:device id="d">{geopriv(inside, method=method)}<dm:deviceID>{named}</dm:deviceID>{time}</dm:device>'


def tuple_(inside: str, *, method: str = "", at: str = "2026-11-22T03:00:00Z", contact: str = "") -> str:
    said = f"<contact>{contact}</contact>" if contact else ""
    status = f"<status>{geopriv(inside, method=method)}</status>"
    return f'<tuple id="t">{status}{said}<timestamp>{at}</timestamp></tuple>'


def person(inside: str) -> str:
    return f'<dm:person id="p">{geopriv(inside)}<dm:timestamp>2026-11-22T02:00:00Z</dm:timestamp></dm:person>'


def document(*parts: str, entity: str = "pres:abc@example.com") -> str:
    return HEAD.format(entity=entity) + "".join(parts) + "</presence>"


def located(message: str | bytes) -> Located:
    reading = read_pidf(message)
    assert isinstance(reading, Located), reading
    return reading


def lat_of(message: str) -> float:
    return located(message).fix.area.middle.lat_deg


def test_device_with_a_circle() -> None:
    reading = located(document(device(circle() + confidence("67"), method="GPS")))
    fix = reading.fix
    assert fix.area == Circle(middle=fix.area.middle, radius_m=14, confidence_share=0.67)
    assert (fix.area.middle.lat_deg, fix.area.middle.lon_deg) == (-8.0983, 112.1681)
    assert fix.taken_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
    assert (fix.source, fix.method, fix.warnings) == (FixSource.SIP, FixMethod.GNSS, ())


def test_bytes_and_text_are_the_same() -> None:
    text = document(device(circle()))
    assert read_pidf(text) == read_pidf(text.encode()) == read_pidf("\ufeff \n" + text)


def test_where_it_came_from_is_the_callers_word() -> None:
    reading = read_pidf(document(device(circle())), source=FixSource.OPERATOR)
    assert isinstance(reading, Located)
    assert reading.fix.source is FixSource.OPERATOR


def test_device_counts_before_tuple_before_person() -> None:
    assert lat_of(document(person(circle(-1)), tuple_(circle(-2)), device(circle(-3)), device(circle(-4)))) == -3
    assert lat_of(document(person(circle(-1)), tuple_(circle(-2)))) == -2
    assert lat_of(document(person(circle(-1)))) == -1


def test_several_locations_are_said() -> None:
    assert any("2 locations" in one for one in located(document(tuple_(circle()), device(circle()))).warnings)


@pytest.mark.parametrize("word", ["Derived", "derived", "Default"])
def test_what_is_not_measured_counts_only_when_there_is_nothing_else(word: str) -> None:
    reading = located(document(device(circle(-1), method=word), person(circle(-2))))
    assert reading.fix.area.middle.lat_deg == -2
    alone = located(document(device(circle(-1), method=word)))
    assert alone.fix.area.middle.lat_deg == -1
    assert any(one.startswith("perkiraan") for one in alone.warnings)


def test_default_comes_after_derived() -> None:
    assert lat_of(document(device(circle(-1), method="Default"), device(circle(-2), method="Derived"))) == -2


def test_the_coarse_shape_stands_first() -> None:
    reading = located(document(device(circle(-8, 5_000) + circle(-8.1, 10) + confidence("95"))))
    assert isinstance(reading.fix.area, Circle)
    assert reading.fix.area.radius_m == 5_000
    assert any("2 shapes" in one for one in reading.warnings)


@pytest.mark.parametrize(
    ("word", "method"),
    [
        ("GPS", FixMethod.GNSS),
        ("A-GNSS", FixMethod.GNSS),
        ("802.11", FixMethod.WIFI),
        ("WiFi", FixMethod.WIFI),
        ("Triangulation", FixMethod.CELL),
        ("E-CID", FixMethod.CELL),
        ("Hybrid_A-GPS", FixMethod.FUSED),
        ("DBH", FixMethod.FUSED),
        ("DHCP", FixMethod.UNKNOWN),
        ("Manual", FixMethod.UNKNOWN),
        ("Wireless", FixMethod.UNKNOWN),
        ("", FixMethod.UNKNOWN),
    ],
)
def test_methods(word: str, method: FixMethod) -> None:
    assert located(document(device(circle(), method=word))).fix.method is method


def test_cell_means_the_place_of_the_antenna() -> None:
    assert any("antenna" in one for one in located(document(device(point(), method="Cell"))).warnings)
    assert not any("antenna" in one for one in located(document(device(circle(), method="Cell"))).warnings)


@pytest.mark.parametrize(
    ("text", "share", "warns"),
    [
        (None, 0.95, False),
        ("68", 0.68, False),
        ("100", 1.0, False),
        ("99.5", 0.995, False),
        ("unknown", 0.95, True),
        ("101", 0.95, True),
        ("many", 0.95, True),
        ("", 0.95, True),
    ],
)
def test_confidence(text: str | None, share: float, *, warns: bool) -> None:
    fix = located(document(device(circle() + ("" if text is None else confidence(text))))).fix
    assert isinstance(fix.area, Circle)
    assert fix.area.confidence_share == pytest.approx(share)
    assert bool(fix.warnings) is warns


def test_confidence_of_nought_leaves_a_bare_point() -> None:
    fix = located(document(device(circle() + confidence("0")))).fix
    assert isinstance(fix.area, Point)
    assert "radius unknown" in fix.warnings


def test_point_says_that_its_radius_is_unknown() -> None:
    assert located(document(device(point()))).warnings == ("radius unknown",)


@pytest.mark.parametrize(
    ("text", "taken_at"),
    [
        ("2026-11-22T10:15:30+07:00", datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)),
        ("2026-11-22t03:15:30z", datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)),
        ("2026-11-22T03:15:30", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("", None),
    ],
)
def test_time_of_the_location(text: str, taken_at: datetime | None) -> None:
    reading = located(document(device(circle(), at=text)))
    assert reading.fix.taken_at == taken_at
    assert bool(reading.warnings) is (taken_at is None)


def test_address_and_position_are_both_kept() -> None:
    reading = located(document(device(circle() + CIVIC)))
    assert reading.civic == (("A3", "Blitar"), ("FLR", "2"))
    assert reading.fix.floor == "2"


def test_address_of_another_location_is_kept_too() -> None:
    assert located(document(device(circle()), tuple_(CIVIC))).civic[0] == ("A3", "Blitar")


def test_address_alone_is_no_position() -> None:
    reading = read_pidf(document(device(CIVIC)))
    assert isinstance(reading, NoPosition)
    assert reading.civic == (("A3", "Blitar"), ("FLR", "2"))
    assert reading.taken_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)


def test_unreadable_shape_with_an_address_keeps_the_address() -> None:
    reading = read_pidf(document(device(point("112 -8") + CIVIC)))
    assert isinstance(reading, NoPosition)
    assert reading.civic
    assert "swapped" in reading.warnings[0]


def test_next_location_is_taken_where_the_first_is_broken() -> None:
    reading = located(document(device(point("x y")), tuple_(circle(-3))))
    assert reading.fix.area.middle.lat_deg == -3
    assert any("unreadable" in one for one in reading.warnings)


def test_swapped_position_is_refused_by_name() -> None:
    reading = read_pidf(document(device(point("112.1681 -8.0983"))))
    assert isinstance(reading, NotUnderstood)
    assert reading.field == "pos"
    assert "swapped" in reading.reason


@pytest.mark.parametrize("shape", [point("0 0"), circle(0).replace("112.1681", "0")])
def test_null_island_is_no_position(shape: str) -> None:
    assert isinstance(read_pidf(document(device(shape))), NoPosition)


def test_position_abroad_is_said() -> None:
    assert "outside Indonesia" in located(document(device(circle(42)))).warnings


@pytest.mark.parametrize("parts", [(), ("<note>nothing</note>",), (device(""),)])
def test_document_without_a_location(parts: tuple[str, ...]) -> None:
    assert isinstance(read_pidf(document(*parts)), NoPosition)


@pytest.mark.parametrize(
    ("entity", "contact", "number"),
    [
        ("tel:+6281234567890", "", "+6281234567890"),
        ("tel:+62-812-3456-7890;phone-context=x", "", "+6281234567890"),
        ("tel:081234567890", "", "081234567890"),
        ("sip:+6281234567890@ims.example.id;user=phone", "", "+6281234567890"),
        ("sip:6281234567890@example.id", "", None),
        ("pres:abc@example.com", "tel:+6281234567890", "+6281234567890"),
        ("", "", None),
    ],
)
def test_number_of_the_caller(entity: str, contact: str, number: str | None) -> None:
    assert located(document(tuple_(circle(), contact=contact), entity=entity)).device.number == number


def test_imei_of_the_device() -> None:
    reading = located(document(device(circle(), named="urn:gsma:imei:35670804-174673-4")))
    assert reading.device.imei == "356708041746734"


def test_polygon_with_many_corners_is_said() -> None:
    middle = Position(lat_deg=-8, lon_deg=112)
    corners = [middle.moved(bearing_deg=-360 * n / 16, distance_m=500) for n in range(17)]
    numbers = " ".join(f"{one.lat_deg} {one.lon_deg}" for one in (*corners[:16], corners[0]))
    lines = f"<gml:exterior><gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing></gml:exterior>"
    fix = located(document(device(f"<gml:Polygon {FLAT}>{lines}</gml:Polygon>"))).fix
    assert isinstance(fix.area, Polygon)
    assert len(fix.area.ring) == 16
    assert any("16 corners" in one for one in fix.warnings)


def test_location_inside_an_answer_of_held() -> None:
    held = 'locationResponse xmlns="urn:ietf:params:xml:ns:geopriv:held"'
    assert lat_of(f"<{held}>{document(tuple_(circle(-3)))}</locationResponse>") == -3


def multipart(part: str, *, coding: str = "", end: str = "--b1--") -> str:
    how = f"Content-Transfer-Encoding: {coding}\r\n" if coding else ""
    return (
        "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n"
        f"--b1\r\nContent-Type: application/pidf+xml;\r\n charset=utf-8\r\n{how}"
        f"Content-ID: <a@b>\r\n\r\n{part}\r\n{end}\r\n"
    )


@pytest.mark.parametrize("before", ["", "Content-Type: multipart/mixed;\r\n boundary=b1\r\n\r\n", "\r\n"])
def test_body_of_a_sip_message(before: str) -> None:
    assert lat_of(before + multipart(document(tuple_(circle(-3))))) == -3


def test_body_of_parts_within_a_part() -> None:
    inner = multipart(document(tuple_(circle(-3))))
    mixed = "--a\r\nContent-Type: text/plain\r\n\r\nx\r\n--a\r\nContent-Type: multipart/related; boundary=b1\r\n\r\n"
    outer = f"{mixed}{inner}--a--\r\n"
    assert lat_of(outer) == -3
    broken = read_pidf(outer.replace("--b1", "b1"))
    assert isinstance(broken, NotUnderstood)
    assert broken.field == "Content-Type"
    deep = inner
    for name in "cdefgh":
        deep = f"--{name}\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{deep}--{name}--\r\n"
    assert isinstance(read_pidf(deep), NotUnderstood)


def test_body_that_breaks_off_after_the_document() -> None:
    assert lat_of(multipart(document(tuple_(circle(-3))), end="")) == -3


def test_parts_may_be_encoded() -> None:
    text = document(tuple_(circle(-3)))
    assert lat_of(multipart(base64.b64encode(text.encode()).decode(), coding="base64")) == -3
    assert lat_of(multipart(text.replace("=", "=3D"), coding="quoted-printable")) == -3


def test_several_documents_count_in_their_order() -> None:
    two = (
        multipart(document(tuple_(circle(-3)))).replace("\r\n--b1--", "")
        + "\r\n"
        + multipart(document(device(circle(-4))))
    )
    assert lat_of(two) == -3


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (multipart("x", coding="base64") .replace("\r\nx\r\n", "\r\n!\r\n"), "Content-Transfer-Encoding"),
        (multipart("x", coding="uuencode"), "Content-Transfer-Encoding"),
        ("--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1--", "Content-Type"),
        ("--b1\r\n" * 40, "message"),
        ("--<>\r\nx", "boundary"),
        ("hello\r\n--b1\r\n", "message"),
        ("", "message"),
        ("-8.0983, 112.1681", "message"),
        ("x" * 70_000, "message"),
        ("\ud800", "message"),
        ("<presence", "message"),
        ("<other/>", "presence"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><presence>&a;</presence>', "message"),
        ("<a>" * 40 + "</a>" * 40, "message"),
    ],
)  # fmt: skip
def test_what_is_not_understood(message: str, field: str) -> None:
    reading = read_pidf(message)
    assert isinstance(reading, NotUnderstood)
    assert reading.field == field


SAMPLE = document(
    device(circle() + CIVIC + confidence("67"), method="GPS"), tuple_(point()), entity="tel:+6281234567890"
)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_nothing_raises(message: str | bytes) -> None:
    assert isinstance(read_pidf(message), Reading)


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 30), st.text(max_size=12)), max_size=4))
def test_no_damage_raises(changes: list[tuple[int, int, str]]) -> None:
    text = SAMPLE
    for start, length, new in changes:
        text = text[:start] + new + text[start + length :]
    assert isinstance(read_pidf(text), Reading)
