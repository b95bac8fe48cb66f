"""Replies of geolocation services: circles of 95 %, and the answers that must never become a caller's place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.shapes import Circle, Point
from geo112.locate.fix import FixMethod, FixSource, Located, NoPosition, NotUnderstood
from geo112.locate.geolocate_reply import read_reply
from geo112.locate.read import read_message

BLITAR = {"location": {"lat": -8.0983, "lng": 112.1681}, "accuracy": 850.0}
KEYS = ["location", "lat", "lng", "accuracy", "error", "code", "fallback"]
NOT_FOUND = {
    "error": {"errors": [{"domain": "geolocation", "reason": "notFound"}], "code": 404, "message": "Not found"}
}


def said(**changes: object) -> str:
    return json.dumps(BLITAR | changes)


def test_reply_is_a_circle_of_95_percent() -> None:
    reading = read_message(said())
    assert isinstance(reading, Located)
    fix = reading.fix
    assert fix.area == Circle(middle=fix.area.middle, radius_m=850, confidence_share=0.95)
    assert (fix.area.middle.lat_deg, fix.area.middle.lon_deg) == (-8.0983, 112.1681)
    assert (fix.source, fix.method, fix.taken_at) == (FixSource.OPERATOR, FixMethod.UNKNOWN, None)


@pytest.mark.parametrize("accuracy", [0, 0.0, -5, None])
def test_unknown_accuracy_is_a_point(accuracy: float | None) -> None:
    reading = read_reply(said(accuracy=accuracy))
    assert isinstance(reading, Located)
    assert isinstance(reading.fix.area, Point)
    assert "radius unknown" in reading.warnings


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"fallback": "ipf", "accuracy": 600_000.0}, "internet address"),
        ({"fallback": "lacf", "accuracy": 60_000.0}, "location area"),
        ({"fallback": "lacf", "accuracy": 10.0}, "location area"),
        ({"fallback": 1}, "fallback"),
        ({"accuracy": 50_001}, "internet address"),
        ({"location": {"lat": 0, "lng": 0}}, "0/0"),
    ],
)
def test_what_is_no_place_of_a_caller(changes: dict[str, object], says: str) -> None:
    reading = read_message(said(**changes))
    assert isinstance(reading, NoPosition)
    assert says in reading.reason


def test_a_very_wide_answer_is_doubted() -> None:
    reading = read_reply(said(accuracy=30_000))
    assert isinstance(reading, Located)
    assert "so wide an answer may be the place of an internet address" in reading.warnings


def test_errors_of_the_service() -> None:
    known = read_message(json.dumps(NOT_FOUND))
    assert isinstance(known, NoPosition)
    assert "knows none" in known.reason
    for error, says in (({"code": 403}, "error 403"), ({"code": True}, "error"), ("x", "error")):
        reading = read_reply(json.dumps({"error": error}))
        assert isinstance(reading, NoPosition)
        assert says in reading.reason


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (said(location={"lat": -8.1}), "lng"), (said(location={"lng": 112.1}), "lat"), (said(location=[]), "location"),
        (said(location={"lat": "-8.1", "lng": 112.1}), "lat"), (said(location={"lat": True, "lng": 1}), "lat"),
        (said(location={"lat": 112.1, "lng": -8.1}), "lat"), (said(location={"lat": 1, "lng": 181}), "lng"),
        (said(accuracy="wide"), "accuracy"), ('{"location": {"lat": NaN, "lng": 1}}', "message"),
        ('{"location": {"lat": 1, "lat": 2, "lng": 1}}', "lat"), ("[]", "message"), ("tolong", "message"),
        ("{}", "location"), ("[" * 60_000, "message"), ("{" * 70_000, "message"),
        ('{"location": {"lat": ' + "9" * 400 + ', "lng": 1}}', "lat"), ('{"a": ' + "9" * 5000 + "}", "message"),
    ],
)  # fmt: skip
def test_broken_replies_are_refused_by_field(text: str, field: str) -> None:
    reading = read_reply(text)
    assert isinstance(reading, NotUnderstood)
    assert reading.field == field


def test_a_request_is_a_report_of_cells() -> None:
    tower = {"radioType": "lte", "mobileCountryCode": 510, "mobileNetworkCode": 10, "locationAreaCode": 1, "cellId": 2}
    reading = read_message(json.dumps({"cellTowers": [tower]}))
    assert isinstance(reading, NoPosition)
    assert "no cell table" in reading.reason
    networks = read_message(json.dumps({"wifiAccessPoints": [{"macAddress": "01:23:45:67:89:ab"}]}), format="geolocate")
    assert isinstance(networks, NoPosition)
    assert "names no cells" in networks.reason
    assert isinstance(read_message("tolong", format="geolocate"), NotUnderstood)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 50_000))
def test_what_is_written_is_read(lat: float, lon: float, accuracy: float) -> None:
    reading = read_reply(said(location={"lat": lat, "lng": lon}, accuracy=accuracy))
    if lat == lon == 0:
        assert isinstance(reading, NoPosition)
        return
    assert isinstance(reading, Located)
    area = reading.fix.area
    assert isinstance(area, Circle)
    assert (area.middle.lat_deg, area.middle.lon_deg, area.radius_m) == (lat, lon, accuracy)


@settings(max_examples=200, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
), st.text(max_size=40))  # fmt: skip
def test_anything_gives_a_reading(value: object, text: str) -> None:
    for one in (json.dumps(value), text, json.dumps(value) + text):
        assert isinstance(read_reply(one), Located | NoPosition | NotUnderstood)
