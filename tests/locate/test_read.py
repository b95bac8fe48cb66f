"""The one door for messages, and what it gives as JSON."""

import itertools
import json
import math
import time

import pytest

from geo112.core.errors import BadInput
from geo112.core.extent import outline
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Ellipse
from geo112.locate.area_wire import radius_95_m
from geo112.locate.fix import Located, NoPosition, NotUnderstood
from geo112.locate.read import FORMATS, format_of, read_message
from geo112.locate.wire import reading_to_dict

BLITAR = (
    'A"ML=1;lt=-8.09830;lg=+112.16810;rd=14;top=20261122031530;lc=68;pm=W;'
    "si=510100000000000;ei=356708041746734;mcc=510;mnc=10;ml=128"
)


FORM = "v=1&location_latitude=-8.0983&location_longitude=112.1681&location_accuracy=14"
PIDF = (
    '<?xml version="1.0"?><!-- x --><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="a">'
    '<status><gp:geopriv xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"><gp:location-info>'
    '<gml:Point xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>-8.0983 112.1681'
    "</gml:pos></gml:Point></gp:location-info></gp:geopriv></status></tuple></presence>"
)
MLP = (
    '<svc_result ver="3.1.0"><slia ver="3.1.0"><pos><msid>6281234567890</msid><pd><time utc_off="+0700">20261122101530'
    "</time><shape><Point><coord><X>8 05 53.88S</X><Y>112 10 05.16E</Y></coord></Point></shape></pd></pos></slia>"
    "</svc_result>"
)
OF_EACH = {
    "aml-sms": BLITAR,
    "aml-data-sms": BLITAR.encode().hex(),
    "aml-https": FORM,
    "pidf-lo": PIDF,
    "mlp": MLP,
    "gad": "108b84804fc3941c",
    "geolocate": '{"location": {"lat": -8.0983, "lng": 112.1681}, "accuracy": 850}',
    "text": "-8.0983, 112.1681",
}


@pytest.mark.parametrize(("name", "text"), OF_EACH.items())
@pytest.mark.parametrize("around", ["{}", "\ufeff  {}\r\n", "\n\n{}"])
def test_auto_finds_out_which_message_it_is(name: str, text: str, around: str) -> None:
    assert format_of(around.format(text) if "{" not in text else around.replace("{}", text)) == name
    reading = read_message(text)
    assert isinstance(reading, Located)
    middle = reading.fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == pytest.approx((-8.0983, 112.1681), abs=3e-5)
    assert reading == read_message(text, format=name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"lat": -8.0983, "lng": 112.1681}', "text"), ("{", "text"), ("[]", "text"), ("", "text"), ("<", "pidf-lo"),
        ("<html>", "pidf-lo"), ("<!DOCTYPE slia><slia/>", "mlp"), ("<x:pd/>", "mlp"), ("081234567890", "text"),
        ('{"mcc": "510", "mnc": "10", "lac": 1, "ci": 2}', "cells"), ("510-10-1234-56789", "cells"),
        ('{"cellTowers": []}', "geolocate"), ('{"cellTowers": [', "cells"), ('[{"mcc": "510"}]', "cells"),
        ('{"wifiAccessPoints": []}', "geolocate"), ('{"error": {}}', "geolocate"), ("deadbeef", "text"),
        ("--x\r\nContent-Type: application/pidf+xml\r\n", "pidf-lo"), ("Tolong ada kebakaran", "text"),
        ("https://a.id/?location_latitude=-8.1&device_imei=1", "text"),
    ],
)  # fmt: skip
def test_what_a_text_is_taken_for(text: str, name: str) -> None:
    assert format_of(text) == name


@pytest.mark.parametrize("name", [*FORMATS])
@pytest.mark.parametrize(
    "text",
    ["", "\0", "Tolong ada kebakaran di Jalan Melati 5", "081234567890", "+62 812-3456-7890", "x" * 1_000_000,
     "<" * 5000, "2026-11-22", "KTP 3572012345678901", "deadbeef", "Rp 10.000,00", "10:15"],
)  # fmt: skip
def test_no_words_and_numbers_become_a_position(name: str, text: str) -> None:
    assert isinstance(read_message(text, format=name), NotUnderstood)


def test_named_format_reads_nothing_else() -> None:
    for name in OF_EACH:
        for other, text in OF_EACH.items():
            # Two names of one text: coordinates in braces are a reply and typed coordinates of nobody.
            assert isinstance(read_message(text, format=name), Located) is (name == other), (name, other)


def test_orientation_factor_reaches_the_octets() -> None:
    for factor, deg in ((1, 30.0), (2, 60.0)):
        reading = read_message("308b84804fc39428141e43", gad_orientation_factor=factor)
        assert isinstance(reading, Located)
        assert isinstance(reading.fix.area, Ellipse)
        assert reading.fix.area.orientation_deg == deg


def test_cells_are_asked_for_only_where_a_cell_is_named() -> None:
    asked: list[str] = []
    for text in (*OF_EACH.values(), "510-10-1234-56789"):
        read_message(text, cells=lambda text=text: asked.append(text))
    assert asked == [OF_EACH["geolocate"], "510-10-1234-56789"]


def test_hostile_texts_take_no_time() -> None:
    hostile = ["A" * 10**6, "<a>" * 300_000, "[" * 65_000, " " * 10**6, "\n" * 65_000, "10" * 2000, "10\n" * 1300,
               "https://" * 500, "https://a.id/?" + "q=1&" * 1000, "8°" * 2000, "22+" * 1300, "--" * 30_000,
               "510-10-" * 9000, '{"mcc":' + "1" * 64_000, "geo:1," * 600, "device_imei=&" * 300]  # fmt: skip
    for text in hostile:
        for name in FORMATS:
            started = time.thread_time()
            read_message(text, format=name)
            assert time.thread_time() - started < 0.1, (text[:20], name)


@pytest.mark.parametrize("name", ["pidf", "aml-mms", "", "AUTO"])
def test_unknown_format_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(BadInput, match="aml-sms") as caught:
        read_message(BLITAR, format=name)
    assert caught.value.field == "format"


def test_circle_as_json() -> None:
    facts = reading_to_dict(read_message(BLITAR))
    assert facts["warnings"] == []
    assert facts["fix"] == {
        "shape": "Circle", "lat_deg": -8.0983, "lon_deg": 112.1681, "radius_m": 14.0, "confidence_share": 0.68,
        "radius_95_m": 23.11, "area_m2": 615.8, "taken_at": "2026-11-22T03:15:30Z", "source": "AML", "method": "wifi",
        "altitude_m": None, "vertical_accuracy_m": None, "floor": None,
        "imei": "356708041746734", "imsi": "510100000000000", "mcc": "510", "mnc": "10",
    }  # fmt: skip
    feature = facts["geojson"]
    assert isinstance(feature, dict)
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["middle"] == [112.1681, -8.0983]
    json.dumps(facts, allow_nan=False)


def test_point_as_json_has_null_for_what_is_unknown() -> None:
    facts = reading_to_dict(read_message("-8.0983, 112.1681"))
    fix, feature = facts["fix"], facts["geojson"]
    assert isinstance(fix, dict)
    assert isinstance(feature, dict)
    assert [fix[key] for key in ("radius_m", "confidence_share", "radius_95_m", "taken_at")] == [None] * 4
    assert feature["geometry"] == {"type": "Point", "coordinates": [112.1681, -8.0983]}
    assert facts["warnings"] == ["radius unknown"]


def test_no_position_as_json() -> None:
    reading = read_message('A"ML=2;en=112;et=1593187189;lt=0;lc=0')
    assert isinstance(reading, NoPosition)
    assert reading_to_dict(reading) == {
        "fix": None, "reason": "the handset knew no position", "taken_at": "2020-06-26T15:59:49Z", "number": "112",
        "call_started_at": "2020-06-26T15:59:49Z", "warnings": [],
    }  # fmt: skip
    unknown = reading_to_dict(read_message('A"ML=1;rd=N'))
    assert unknown["taken_at"] is None


def test_not_understood_as_json() -> None:
    facts = reading_to_dict(read_message("halo", format="aml-sms"))
    assert facts["fix"] is None
    assert facts["field"] == "message"
    assert facts["reason"]


def test_ring_is_closed_and_runs_counter_clockwise_at_the_radius() -> None:
    middle = Position(lon_deg=112.1681, lat_deg=-8.0983)
    (ring,) = outline(Circle(middle=middle, radius_m=500.0), corners=32)
    assert ring[0] == ring[-1]
    assert len(ring) == 33
    for lon, lat in ring:
        assert middle.distance_m(Position(lon_deg=lon, lat_deg=lat)) == pytest.approx(500, abs=0.02)
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    assert area > 0


@pytest.mark.parametrize(
    ("radius_m", "share", "expected"), [(14.0, 0.68, 23.11), (100.0, 0.95, 100.0), (5.0, 1.0, 5.0)]
)
def test_radius_at_95_percent_is_rounded_up(radius_m: float, share: float, expected: float) -> None:
    circle = Circle(middle=Position(lon_deg=112, lat_deg=-8), radius_m=radius_m, confidence_share=share)
    assert radius_95_m(circle) == expected
    assert math.isclose(expected * 100, round(expected * 100))
