"""Plus codes: whole ones, short ones with and without a place to start from, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openlocationcode import openlocationcode as olc

from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.locate.fix import FixSource, Located, NoPosition, NotUnderstood
from geo112.locate.pluscode import codes_in, read_plus_code
from geo112.locate.typed import read_typed

BLITAR = Position(lat_deg=-8.0983, lon_deg=112.1681)


def cell(text: str, *, near: Position | None = None) -> Polygon:
    reading = read_plus_code(text, near=near)
    assert isinstance(reading, Located), reading
    assert isinstance(reading.fix.area, Polygon)
    return reading.fix.area


def holds(area: Polygon, place: Position) -> bool:
    lats, lons = [one.lat_deg for one in area.ring], [one.lon_deg for one in area.ring]
    return min(lats) <= place.lat_deg <= max(lats) and min(lons) <= place.lon_deg <= max(lons)


@pytest.mark.parametrize("text", ["6P3JW529+M6", "Saya di 6p3jw529+m6, tolong!", "6P3JW529+M6 6P3JW529+M6"])
def test_whole_code(text: str) -> None:
    area = cell(text)
    assert holds(area, BLITAR)
    assert area.ring[0].distance_m(area.ring[2]) == pytest.approx(19.6, abs=0.5)
    assert area.confidence_share == 0.95
    reading = read_typed(text)
    assert isinstance(reading, Located)
    assert (reading.fix.source, reading.fix.area, reading.warnings) == (FixSource.TYPED, area, ())


def test_longer_and_padded_codes() -> None:
    assert holds(cell("6P3JW529+M6Q"), Position(lat_deg=-8.0983, lon_deg=112.1681))
    wide = cell("6P3JW500+")
    assert holds(wide, BLITAR)
    assert wide.ring[0].distance_m(wide.ring[1]) == pytest.approx(5512, abs=20)


@pytest.mark.parametrize("text", ["6P3J0000+", "6P000000+"])
def test_a_square_of_a_hundred_kilometres_is_no_position(text: str) -> None:
    reading = read_plus_code(text)
    assert isinstance(reading, NoPosition)
    assert "ask for the whole code" in reading.reason


@pytest.mark.parametrize("text", ["W529+M6 Blitar", "w529+m6, Kota Blitar"])
def test_short_code_needs_a_place_to_start_from(text: str) -> None:
    reading = read_typed(text)
    assert isinstance(reading, NotUnderstood)
    assert "ask for the whole code" in reading.reason
    near = Position(lat_deg=-8.3, lon_deg=112.4)
    assert cell(text, near=near) == cell("6P3JW529+M6")
    typed = read_typed(text, near=near)
    assert isinstance(typed, Located)


@pytest.mark.parametrize(
    "text",
    ["22+33", "081234+5678", "2233+44", "5+5", "C+C", "WC+CR", "6P3JW529", "6P3JW529+M6A", "A6P3JW529+M6", "tolong", "",
     "FFFFFFFF+FF", "6P3JW529 + M6", "x" * 5000, "6P59W5XR+8F 6P3JW529+M6"],
)  # fmt: skip
def test_no_plus_code(text: str) -> None:
    assert isinstance(read_plus_code(text, near=BLITAR), NotUnderstood)


def test_two_codes_are_refused() -> None:
    reading = read_typed("6P59W5XR+8F atau 6P3JW529+M6")
    assert isinstance(reading, NotUnderstood)
    assert "2 plus codes" in reading.reason
    assert codes_in("W529+M6 6P3JW529+M6").full == ("6P3JW529+M6",)


def test_at_the_pole_and_abroad() -> None:
    assert max(one.lat_deg for one in cell("CFX3X2X2+X2").ring) == 90
    assert read_plus_code("8FVC9G8F+6X").warnings == ("outside Indonesia",)


@given(st.floats(-11, 6), st.floats(95, 141), st.sampled_from([8, 10, 11, 12, 15]))
def test_what_is_encoded_holds_its_place(lat_deg: float, lon_deg: float, length: int) -> None:
    place = Position(lat_deg=round(lat_deg, 6), lon_deg=round(lon_deg, 6))
    area = cell(olc.encode(place.lat_deg, place.lon_deg, length))
    lats, lons = [one.lat_deg for one in area.ring], [one.lon_deg for one in area.ring]
    assert min(lats) - 1e-7 <= place.lat_deg <= max(lats) + 1e-7
    assert min(lons) - 1e-7 <= place.lon_deg <= max(lons) + 1e-7


@given(st.text(max_size=60) | st.text("23456789CFGHJMPQRVWXcf0+ ", max_size=40))
def test_any_text_gives_a_reading(text: str) -> None:
    assert isinstance(read_plus_code(text), Located | NoPosition | NotUnderstood)
    assert isinstance(read_plus_code(text, near=BLITAR), Located | NoPosition | NotUnderstood)
