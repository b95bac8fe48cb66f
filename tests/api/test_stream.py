"""The live stream, through a real server: complete, in order, resumable, and ended in time."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from time import monotonic

import httpx
import pytest
from api_centre import RunCentre, Running
from api_words import IN_KOTA

from geo112.core.codes import CallId
from geo112.desk.board import Board
from geo112.desk.desk import Desk
from geo112.incidents.events import Actor, CallAnswered, CallReceived, Channel
from geo112.store.sql import SqlLog

ACTOR = Actor(name="siti", role="call_taker")


@dataclass
class Event:
    id: int | None
    event: str
    data: dict[str, object]


def events_of(response: httpx.Response) -> Iterator[Event]:
    """Read a stream as a browser does: a message without `id` leaves the last one as it was."""
    said: dict[str, str] = {}
    for line in response.iter_lines():
        if line:
            key, _, value = line.partition(": ")
            said[key] = value
        elif "data" in said:
            yield Event(int(said["id"]) if "id" in said else None, said["event"], json.loads(said["data"]))
            said = {}
        else:
            said = {}


@contextmanager
def streaming(one: Running, *, after: int | None = None, last_event_id: str | None = None, user: str = "siti"):
    client = one.client(user)
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    params = {} if after is None else {"after": after}
    with client.stream("GET", "/api/v1/stream", headers=headers, params=params) as response:
        assert response.status_code == 200
        yield response, events_of(response)


def first(events: Iterator[Event], wanted: Callable[[Event], bool]) -> Event:
    return next(event for event in events if wanted(event))


def take(one: Running, client: httpx.Client, **said: object) -> dict[str, object]:
    answer = client.post("/api/v1/calls", json={"number": "+628123456789", **said})
    assert answer.status_code == 201
    return answer.json()


def test_the_answer_is_a_stream_that_nobody_keeps(run_centre: RunCentre) -> None:
    with streaming(run_centre()) as (response, events):
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        assert response.headers["cache-control"] == "no-store"
        assert next(events).event == "heartbeat"


def test_a_new_call_shows_at_once_with_its_number(run_centre: RunCentre) -> None:
    one = run_centre()
    client = one.client("siti")
    with streaming(one) as (_, events):
        next(events)
        call = take(one, client, position=IN_KOTA)
        began = monotonic()
        shown = first(events, lambda event: event.event == "call" and event.data["n"] == call["n"])
        assert shown.data == call
        assert shown.id == call["n"]
        assert monotonic() - began < 2


def test_heartbeats_come_without_any_news(run_centre: RunCentre) -> None:
    with streaming(run_centre(heartbeat_s=0.2)) as (_, events):
        beats = [next(events) for _ in range(4)]
        assert {beat.event for beat in beats} == {"heartbeat"}
        assert len({beat.data["at"] for beat in beats}) == 4
        assert {beat.data["n"] for beat in beats} == {0}
        assert {beat.data["boundaries"] for beat in beats} == {"kecil-1"}


@pytest.mark.parametrize("how", ["header", "query"])
def test_a_stream_goes_on_without_a_gap(run_centre: RunCentre, how: str) -> None:
    one = run_centre()
    client = one.client("siti")
    calls = [take(one, client, external_ref=f"ref-{number}") for number in range(4)]
    resume_at = calls[1]["n"]
    said = {"last_event_id": str(resume_at)} if how == "header" else {"after": resume_at}
    with streaming(one, **said) as (_, events):
        seen = [next(events) for _ in range(2)]
    assert [event.data["call_id"] for event in seen] == [call["call_id"] for call in calls[2:]]


def test_a_cut_between_two_items_of_one_event_loses_neither(run_centre: RunCentre) -> None:
    one = run_centre()
    client = one.client("siti")
    call = take(one, client)
    body = {"call_id": call["call_id"], "category": "MEDIS", "priority": 1}
    incident = client.post("/api/v1/incidents", json=body).json()
    with streaming(one, after=0) as (_, events):
        seen = [next(events) for _ in range(2)]
    assert {event.event for event in seen} == {"call", "incident"}
    assert [event.data["n"] for event in seen] == [incident["n"]] * 2
    # Cut off after the first of the two, a browser still has its old number and gets both again.
    assert [event.id for event in seen] == [None, incident["n"]]


def test_random_cuts_still_give_every_last_state(run_centre: RunCentre) -> None:
    one = run_centre()
    client = one.client("siti")
    taken = {}

    def write() -> None:
        for number in range(30):
            call = take(one, client, external_ref=f"ref-{number}")
            taken[call["call_id"]] = call["n"]

    writer = Thread(target=write)
    writer.start()
    seen: dict[str, int] = {}
    last_id = 0
    for cut_after in (1, 3, 2, 5, 1, 4, 2, 7, 1, 30):
        with streaming(one, last_event_id=str(last_id)) as (_, events):
            for _ in range(cut_after):
                event = next(events)
                last_id = last_id if event.id is None else event.id
                if event.event == "call":
                    assert event.data["n"] >= seen.get(event.data["call_id"], 0)
                    seen[event.data["call_id"]] = event.data["n"]
                if len(taken) == 30 and last_id >= max(taken.values()):
                    break
    writer.join()
    assert seen == taken


def test_what_another_process_writes_shows_within_a_second(run_centre: RunCentre) -> None:
    one = run_centre()
    other = SqlLog.open(one.centre.settings.database)
    try:
        with streaming(one) as (_, events):
            next(events)
            received = CallReceived(call=CallId("dari-luar"), channel=Channel.SPOOL, person=None, simulated=False)
            other.append([received], at=one.centre.clock.now(), actor=ACTOR)
            began = monotonic()
            assert first(events, lambda event: event.event == "call").data["call_id"] == "dari-luar"
            assert monotonic() - began < 1
    finally:
        other.close()


@pytest.mark.parametrize("number", ["5000", "abc", "-3", "9" * 40])
def test_a_number_that_the_log_does_not_have_asks_for_the_whole_state(run_centre: RunCentre, number: str) -> None:
    with streaming(run_centre(), last_event_id=number) as (_, events):
        event = next(events)
        assert (event.event, event.data, event.id) == ("resync", {"n": 0}, 0)


def test_who_lags_too_far_behind_fetches_the_whole_state(run_centre: RunCentre) -> None:
    one = run_centre()
    board = one.centre.board
    for number in range(501):
        received = CallReceived(call=CallId(f"call-{number}"), channel=Channel.SPOOL, person=None, simulated=False)
        one.centre.log.append([received], at=one.centre.clock.now(), actor=ACTOR)
    board.catch_up()
    with streaming(one, after=0) as (_, events):
        assert next(events).event == "resync"
    with streaming(one, after=1) as (_, events):
        assert next(events).data["call_id"] == "call-1"


def test_an_event_that_changes_nothing_still_moves_the_number(run_centre: RunCentre) -> None:
    one = run_centre()
    one.centre.log.append([CallAnswered(call=CallId("nobody"), by=None)], at=one.centre.clock.now(), actor=ACTOR)
    one.centre.board.catch_up()
    with streaming(one, after=0) as (_, events):
        assert first(events, lambda event: event.id != 0).id == 1


@pytest.mark.parametrize("end", ["logout", "roles"])
def test_a_stream_ends_within_seconds_of_its_session(run_centre: RunCentre, end: str) -> None:
    one = run_centre()
    client = one.client("siti")
    with client.stream("GET", "/api/v1/stream") as response:
        events = events_of(response)
        next(events)
        began = monotonic()
        if end == "logout":
            other = httpx.Client(base_url=one.url, cookies=client.cookies)
            assert other.post("/api/v1/logout").status_code == 204
            other.close()
        else:
            assert one.client("dewi").patch("/api/v1/users/siti", json={"roles": ["planner"]}).status_code == 200
        assert {event.event for event in events} <= {"heartbeat"}
        assert monotonic() - began < 4


@pytest.mark.parametrize("user", ["agus", "dewi"])
def test_planner_and_admin_get_no_stream(run_centre: RunCentre, user: str) -> None:
    client = run_centre().client(user)
    assert client.get("/api/v1/stream").status_code == 403
    assert client.get("/api/v1/state").status_code == 403


def test_the_server_stops_at_once_with_open_streams(run_centre: RunCentre) -> None:
    one = run_centre()
    with streaming(one) as (_, events), streaming(one, user="budi") as (_, more):
        next(events)
        next(more)
        assert one.stop() < 3
        assert {event.event for event in (*events, *more)} <= {"heartbeat"}


def test_a_console_that_goes_away_leaves_nothing_behind(run_centre: RunCentre) -> None:
    one = run_centre(heartbeat_s=0.2)
    feed = one.server.app.state.feed
    for _ in range(5):
        with streaming(one) as (_, events):
            next(events)
            assert feed.streams >= 1
    with streaming(one) as (_, events):
        until = monotonic() + 5
        while feed.streams > 1 and monotonic() < until:
            next(events)
        assert feed.streams == 1


def test_many_consoles_get_the_same(run_centre: RunCentre) -> None:
    one = run_centre()
    client = one.client("siti")
    got: list[object] = []

    def watch() -> None:
        watcher = httpx.Client(base_url=one.url, cookies=client.cookies, timeout=10)
        with watcher, watcher.stream("GET", "/api/v1/stream", params={"after": 0}) as response:
            got.append(first(events_of(response), lambda event: event.event == "call").data["call_id"])

    watchers = [Thread(target=watch) for _ in range(12)]
    for watcher in watchers:
        watcher.start()
    call = take(one, client)
    for watcher in watchers:
        watcher.join(10)
    assert got == [call["call_id"]] * 12


def test_a_desk_beside_the_server_shows_on_its_streams(run_centre: RunCentre) -> None:
    one = run_centre()
    log = SqlLog.open(one.centre.settings.database)
    try:
        desk = Desk(log=log, zones=one.centre.zones, board=Board(log), clock=one.centre.clock, kode=one.centre.kode)
        with streaming(one) as (_, events):
            next(events)
            receipt = desk.receive_sms(actor=ACTOR, channel=Channel.SPOOL, sender="+62811", text="-8.10, 112.15")
            shown = first(events, lambda event: event.event == "call" and event.data["fix"] is not None)
            assert shown.data["call_id"] == receipt.call.call_id
            assert shown.data["jurisdiction"]["centre"]["kode"] == "35.72"
    finally:
        log.close()
