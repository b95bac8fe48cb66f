"""Presence documents that geo112 writes: valid by their grammars, and read back as they were."""

from datetime import UTC, datetime, timedelta

import pytest
from grammars import require_valid
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NoPosition
from geo112.locate.pidf import read_pidf
from geo112.locate.pidf_write import write_pidf

BLITAR = Position(lat_deg=-8.0983, lon_deg=112.1681)
AT = datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
NOBODY = "pres:abc@geo112.invalid"
EAST, NORTH = BLITAR.moved(bearing_deg=90, distance_m=900), BLITAR.moved(bearing_deg=0, distance_m=700)
AREAS: tuple[Area, ...] = (
    Point(middle=BLITAR),
    Circle(middle=BLITAR, radius_m=14, confidence_share=0.68),
    Ellipse(middle=BLITAR, semi_major_m=300, semi_minor_m=20.5, orientation_deg=43.2, confidence_share=0.39),
    ArcBand(apex=BLITAR, inner_m=3594, outer_m=4148, start_deg=20, opening_deg=120, confidence_share=0.9),
    Polygon(ring=(BLITAR, EAST, NORTH), confidence_share=1.0),
)


def fix(area: Area, *, method: FixMethod = FixMethod.GNSS, taken_at: datetime | None = AT, **more: object) -> Fix:
    return Fix(area=area, source=FixSource.SIP, method=method, taken_at=taken_at, **more)


@pytest.mark.parametrize("area", AREAS, ids=lambda area: type(area).__name__)
def test_every_shape_is_valid_and_reads_back(area: Area) -> None:
    civic = (("country", "ID"), ("A3", "Blitar"), ("FLR", "2"))
    written = write_pidf(fix(area), entity=NOBODY, civic=civic, keep_until=AT + timedelta(hours=24))
    require_valid(written, "pidf.xsd")
    reading = read_pidf(written)
    assert isinstance(reading, Located)
    assert (reading.fix.area, reading.fix.taken_at, reading.fix.method) == (area, AT, FixMethod.GNSS)
    assert (reading.fix.floor, reading.civic) == ("2", civic)
    assert reading.warnings == (("radius unknown",) if isinstance(area, Point) else ())


@pytest.mark.parametrize("method", list(FixMethod))
def test_methods_read_back(method: FixMethod) -> None:
    reading = read_pidf(write_pidf(fix(AREAS[1], method=method), entity=NOBODY))
    assert isinstance(reading, Located)
    assert reading.fix.method is method


@given(st.floats(0.001, 1))
def test_confidence_is_rounded_down_and_never_to_nought(share: float) -> None:
    written = write_pidf(fix(Circle(middle=BLITAR, radius_m=14, confidence_share=share)), entity=NOBODY)
    require_valid(written, "pidf.xsd")
    reading = read_pidf(written)
    assert isinstance(reading, Located)
    assert isinstance(reading.fix.area, Circle)
    assert -1e-8 <= share - reading.fix.area.confidence_share <= 1.1e-8


def test_confidence_is_left_out_for_a_lone_point_alone() -> None:
    assert [b"confidence" in write_pidf(fix(area), entity=NOBODY).split(b"<tuple")[1] for area in AREAS] == [
        False,
        True,
        True,
        True,
        True,
    ]


def test_height_of_a_point_and_the_floor_are_kept() -> None:
    written = write_pidf(fix(AREAS[0], altitude_m=163.5, floor="3A"), entity=NOBODY)
    require_valid(written, "pidf.xsd")
    reading = read_pidf(written)
    assert isinstance(reading, Located)
    assert (reading.fix.altitude_m, reading.fix.floor) == (163.5, "3A")


def test_unknown_time_is_left_out() -> None:
    written = write_pidf(fix(AREAS[1], taken_at=None), entity=NOBODY)
    assert b"timestamp" not in written
    reading = read_pidf(written)
    assert isinstance(reading, Located)
    assert reading.fix.taken_at is None


def test_rules_of_use_are_stated() -> None:
    root = etree.fromstring(write_pidf(fix(AREAS[1]), entity=NOBODY, keep_until=AT))
    assert root.findtext(".//{*}retransmission-allowed") == "false"
    assert root.findtext(".//{*}retention-expiry") == "2026-11-22T03:15:30Z"
    root = etree.fromstring(write_pidf(fix(AREAS[1]), entity=NOBODY, retransmission_allowed=True))
    assert root.findtext(".//{*}retransmission-allowed") == "true"
    assert root.find(".//{*}retention-expiry") is None


def test_document_names_nobody() -> None:
    root = etree.fromstring(write_pidf(fix(AREAS[1]), entity=NOBODY))
    assert root.get("entity") == NOBODY
    assert root.find(".//{*}deviceID") is None
    assert root.find(".//{*}contact") is None


def test_address_is_put_in_order_once_and_without_what_xml_cannot_hold() -> None:
    civic = (("RD", "Jl. Merdeka \x00\ud83d"), ("A3", "Blitar"), ("A3", "Malang"), ("made-up", "x"))
    written = write_pidf(None, entity=NOBODY, civic=civic)
    require_valid(written, "pidf.xsd")
    reading = read_pidf(written)
    assert isinstance(reading, NoPosition)
    assert reading.civic == (("A3", "Blitar"), ("RD", "Jl. Merdeka"))


def test_document_is_one_line_whatever_the_address_holds() -> None:
    written = write_pidf(None, entity=NOBODY, civic=(("RD", "Jl. Merdeka\nBarat"),))
    assert b"\n" not in written
    assert etree.fromstring(written).findtext(".//{*}RD") == "Jl. Merdeka Barat"


@pytest.mark.parametrize("area", [AREAS[1], AREAS[2], AREAS[4], Circle(middle=BLITAR, radius_m=10.5)])
def test_shapes_in_space_are_written_and_read_back(area: Area) -> None:
    held = fix(area, altitude_m=163.5, vertical_accuracy_m=10.5)
    written = write_pidf(held, entity=NOBODY, in_space=True)
    require_valid(written, "pidf.xsd")
    reading = read_pidf(written)
    assert isinstance(reading, Located)
    found = reading.fix
    assert (found.altitude_m, found.vertical_accuracy_m) == (163.5, 10.5)
    assert found.area.confidence_share == pytest.approx(area.confidence_share, abs=1e-6)
    name = {Polygon: b"Prism"}.get(type(area), b"Sphere" if getattr(area, "radius_m", 0) == 10.5 else b"Ellipsoid")
    assert b"<gs:" + name in written
    flat = read_pidf(write_pidf(held, entity=NOBODY))
    assert isinstance(flat, Located)
    assert type(flat.fix.area) is type(area)


def test_a_band_has_no_shape_in_space() -> None:
    written = write_pidf(fix(AREAS[3], altitude_m=163.5, vertical_accuracy_m=10.5), entity=NOBODY, in_space=True)
    assert b"<gs:ArcBand" in written
