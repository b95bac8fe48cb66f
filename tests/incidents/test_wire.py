import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import CALL, INCIDENT, PERSON, located, outside, received

from geo112.core.errors import StorageError
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon
from geo112.incidents.events import CallAnswered, CallLocated, CallRinging, Event, IncidentClosed, IncidentDisposition
from geo112.incidents.wire import (
    canonical_json,
    event_from_body,
    event_to_body,
    kind_of,
    moment_from_wire,
    moment_to_wire,
    subject_of,
)
from geo112.zones.decision import DecisionRule
from geo112.zones.jurisdiction import OutsideKind, OutsidePart, SecondLine

MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


POSITIONS = st.builds(Position, lon_deg=st.floats(-180, 180), lat_deg=st.floats(-90, 90))
LENGTHS = st.floats(min_value=0.001, max_value=20_000_000)
ANGLES = st.floats(min_value=-360, max_value=360)
CONFIDENCES = st.floats(min_value=0.001, max_value=1)


@st.composite
def ellipses(draw: st.DrawFn) -> Ellipse:
    minor, major = sorted((draw(LENGTHS), draw(LENGTHS)))
    return Ellipse(
        middle=draw(POSITIONS),
        semi_major_m=major,
        semi_minor_m=minor,
        orientation_deg=draw(ANGLES),
        confidence_share=draw(CONFIDENCES),
    )


@st.composite
def bands(draw: st.DrawFn) -> ArcBand:
    outer = draw(LENGTHS)
    return ArcBand(
        apex=draw(POSITIONS),
        inner_m=outer * draw(st.floats(0, 0.99)),
        outer_m=outer,
        start_deg=draw(ANGLES),
        opening_deg=draw(st.floats(min_value=0.001, max_value=360)),
        confidence_share=draw(CONFIDENCES),
    )


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """A rectangle, perhaps with a triangle cut out of it."""
    west, south = draw(st.floats(94, 140)), draw(st.floats(-11, 6))
    side = draw(st.floats(0.001, 1))

    def ring(*corners: tuple[float, float]) -> tuple[Position, ...]:
        return tuple(Position(lon_deg=west + side * x, lat_deg=south + side * y) for x, y in corners)

    hole = ring((0.2, 0.2), (0.4, 0.8), (0.8, 0.3))
    return Polygon(
        ring=ring((0, 0), (1, 0), (1, 1), (0, 1)),
        holes=draw(st.sampled_from([(), (hole,)])),
        confidence_share=draw(CONFIDENCES),
    )


SHAPES: dict[object, st.SearchStrategy[object]] = {
    Circle: st.builds(Circle, middle=POSITIONS, radius_m=LENGTHS, confidence_share=CONFIDENCES),
    Ellipse: ellipses(),
    ArcBand: bands(),
    Polygon: polygons(),
    DecisionRule: st.lists(st.floats(0.001, 1), min_size=2, max_size=2)
    .map(sorted)
    .map(lambda ends: DecisionRule(tell_share=ends[0], sure_share=ends[1])),
}


def values_of(kind: object) -> st.SearchStrategy[object]:
    """Any value of a field's type; every field of every dataclass below it gets one, also where it has a default."""
    kind = getattr(kind, "__supertype__", kind)
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([values_of(one) for one in get_args(kind)])
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=3).map(tuple)
    if kind is Position:
        return POSITIONS
    if kind in SHAPES:
        return SHAPES[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{item.name: values_of(hints[item.name]) for item in fields(kind)})
    plain = {datetime: MOMENTS, float: FLOATS, str: st.text(), NoneType: st.none(), int: st.integers()}
    return plain[kind] if kind in plain else st.from_type(kind)


EVENTS = st.one_of([values_of(one) for one in get_args(Event)])


@settings(deadline=None)
@given(EVENTS)
def test_every_event_reads_back_as_it_was_written(event: Event) -> None:
    assert event_from_body(kind_of(event), event_to_body(event)) == event


@settings(deadline=None)
@given(EVENTS)
def test_canonical_json_is_ascii_and_its_own_canonical_form(event: Event) -> None:
    written = canonical_json(event_to_body(event))
    assert written.isascii()
    assert canonical_json(json.loads(written)) == written
    assert event_from_body(kind_of(event), json.loads(written)) == event


@settings(deadline=None)
@given(MOMENTS)
def test_moments_keep_their_microseconds(moment: datetime) -> None:
    assert moment_from_wire(moment_to_wire(moment)) == moment


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    wib = timezone(timedelta(hours=7))
    assert moment_to_wire(datetime(2026, 11, 22, 17, 0, tzinfo=wib)) == "2026-11-22T10:00:00.000000Z"


def test_half_characters_survive() -> None:
    event = CallAnswered(call=CALL, by="\ud800")
    written = canonical_json(event_to_body(event))
    assert written == '{"at":null,"by":"\\ud800","call":"' + CALL + '"}'


def test_events_name_the_call_and_the_incident_they_are_about() -> None:
    assert subject_of(CallRinging(call=CALL)) == (CALL, None)
    assert subject_of(IncidentClosed(incident=INCIDENT, disposition=IncidentDisposition.SELESAI)) == (None, INCIDENT)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(StorageError, match="unknown kind 'CallSold'"):
        event_from_body("CallSold", {})


@pytest.mark.parametrize("missing", ["call", "channel", "simulated"])
def test_a_body_that_lacks_something_is_refused(missing: str) -> None:
    body = event_to_body(received(person=PERSON))
    del body[missing]
    with pytest.raises(StorageError, match="CallReceived is damaged"):
        event_from_body("CallReceived", body)


def test_an_outcome_that_nobody_knows_is_refused() -> None:
    body = event_to_body(located())
    body["jurisdiction"]["outcome"] = "perhaps"
    with pytest.raises(StorageError, match="'perhaps' is no outcome"):
        event_from_body("CallLocated", body)


def test_nan_never_enters_the_log() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"share": float("nan")})


def test_outside_says_how_far_the_next_kecamatan_is() -> None:
    event = replace(located(), jurisdiction=outside())
    assert event_to_body(event)["jurisdiction"]["nearest"] == ["35.05.07", "Kademangan", "35.05", "Kab. Blitar", 812.5]


def test_what_is_outside_and_whom_to_call_there_is_kept() -> None:
    abroad = OutsidePart(kind=OutsideKind.ABROAD, share=0.4, kode="MY", nama="Malaysia")
    sea = OutsidePart(kind=OutsideKind.SEA, share=0.6)
    basarnas = SecondLine(number="115", nama="Basarnas", why="laut")
    told = outside()
    told = replace(told, shares=replace(told.shares, outside=(sea, abroad), second_line=(basarnas,)))
    event = replace(located(), jurisdiction=told)
    body = json.loads(json.dumps(event_to_body(event)))
    assert event_from_body("CallLocated", body) == event


def test_logs_of_earlier_versions_do_not_tell_what_is_outside() -> None:
    body = event_to_body(replace(located(), jurisdiction=outside()))
    del body["jurisdiction"]["outside"], body["jurisdiction"]["second_line"]
    event = event_from_body("CallLocated", body)
    assert isinstance(event, CallLocated)
    assert event.jurisdiction is not None
    assert (event.jurisdiction.shares.outside, event.jurisdiction.shares.second_line) == (None, ())
