"""The one door for messages, and what it gives as JSON."""

import itertools
import json
import math

import pytest

from geo112.core.errors import BadInput
from geo112.core.extent import outline
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.locate.area_wire import radius_95_m
from geo112.locate.fix import Located, NoPosition, NotUnderstood
from geo112.locate.read import read_message
from geo112.locate.wire import reading_to_dict

BLITAR = (
    'A"ML=1;lt=-8.09830;lg=+112.16810;rd=14;top=20261122031530;lc=68;pm=W;'
    "si=510100000000000;ei=356708041746734;mcc=510;mnc=10;ml=128"
)


@pytest.mark.parametrize("text", [BLITAR, "-8.0983, 112.1681"])
def test_auto_finds_out_which_message_it_is(text: str) -> None:
    assert isinstance(read_message(text), Located)


def test_named_format_reads_nothing_else() -> None:
    assert isinstance(read_message(BLITAR, format="text"), NotUnderstood)
    assert isinstance(read_message("-8.0983, 112.1681", format="aml-sms"), NotUnderstood)
    assert isinstance(read_message(BLITAR, format="aml-sms"), Located)


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
