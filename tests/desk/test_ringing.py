"""Calls as a telephone exchange tells them, in whatever order."""

from datetime import timedelta
from pathlib import Path

import pytest
from intake_words import HERE, received
from told import AML, CALL, DOOR, NOW, NUMBER, PERSON, Scene

from geo112.incidents.events import CallReceived, Channel, EndReason, MessageReceived
from geo112.incidents.fold import CallState
from geo112.incidents.ports import Person
from geo112.store.sql import SqlLog


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_telephone_call_joins_the_message_that_waits(scene: Scene) -> None:
    waiting = scene.sms().call
    scene.clock.wait(seconds=20)
    call = scene.rings("pbx-7")
    assert call.call_id == waiting.call_id
    assert (call.state, call.ringing_at) == (CallState.RINGING, NOW + timedelta(seconds=20))
    assert scene.rings("pbx-7") == call
    assert scene.log.person(call.person).external_ref == "pbx:pbx-7"
    restarted = Scene(scene.log)
    ended = restarted.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-7", reason=EndReason.CALLER_HUNG_UP)
    assert (ended.call_id, ended.end_reason) == (call.call_id, EndReason.CALLER_HUNG_UP)


def test_a_message_with_an_id_of_its_own_keeps_it_when_the_telephone_call_joins(scene: Scene) -> None:
    waiting = received(scene, channel=Channel.SPOOL, number=NUMBER, message=AML, external_ref="f-1").call
    assert scene.rings("f-1").call_id == waiting.call_id
    restarted = Scene(scene.log)
    again = received(restarted, channel=Channel.SPOOL, number=NUMBER, message=AML, external_ref="f-1")
    assert (again.call.call_id, again.new) == (waiting.call_id, False)
    ended = restarted.desk.pbx(actor=DOOR, event="ended", pbx_call_id="f-1", number=NUMBER)
    assert (ended.call_id, ended.state) == (waiting.call_id, CallState.ENDED)
    assert {one.external_ref for one in scene.log.find_people(number=NUMBER)} == {"spool:f-1", "pbx:f-1"}


@pytest.mark.parametrize("person", [None, "erased"])
def test_a_waiting_call_of_nobody_is_found_by_the_id_of_the_exchange(scene: Scene, person: str | None) -> None:
    events = [
        CallReceived(call=CALL, channel=Channel.SMS, person=person, simulated=False),
        MessageReceived(call=CALL, channel=Channel.SMS, person=PERSON),
    ]
    scene.log.append(events, at=NOW, actor=DOOR, people=[Person(ref=PERSON, number=NUMBER, raw_message=AML)])
    assert scene.rings("pbx-7").call_id == CALL
    call = Scene(scene.log).rings("pbx-7")
    assert (call.call_id, call.person, len(scene.board.calls())) == (CALL, person, 1)
    assert person is None or scene.log.person(person) is None
    assert [one.number for one in scene.log.find_people(external_ref="pbx:pbx-7")] == [NUMBER]


def test_a_telephone_call_without_an_id_joins_too(scene: Scene) -> None:
    waiting = scene.sms().call
    assert received(scene, channel=Channel.PBX, number=NUMBER).call.call_id == waiting.call_id
    assert scene.log.person(waiting.person).external_ref is None


def test_a_second_telephone_call_does_not_join_the_first(scene: Scene) -> None:
    scene.sms()
    first, second = scene.rings("pbx-1"), scene.rings("pbx-2")
    assert first.call_id != second.call_id


def test_a_call_of_the_same_number_through_another_door_joins_too(scene: Scene) -> None:
    waiting = scene.sms().call
    joined = received(scene, channel=Channel.PBX, number=NUMBER, position=HERE)
    assert (joined.call.call_id, joined.new) == (waiting.call_id, True)
    assert len(joined.call.fixes) == 2


def test_what_the_exchange_says_twice_is_once(scene: Scene) -> None:
    for _ in range(2):
        scene.rings(at=NOW - timedelta(seconds=3))
        scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", agent="siti")
        scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-1", reason=EndReason.CENTRE_HUNG_UP)
    assert scene.kinds() == ["CallReceived", "CallRinging", "CallAnswered", "CallEnded"]
    assert scene.board.calls()[0].ringing_at == NOW - timedelta(seconds=3)


def test_who_answered_may_be_said_later(scene: Scene) -> None:
    scene.rings()
    for agent in (None, None, "siti", "budi"):
        scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", agent=agent)
    assert scene.kinds().count("CallAnswered") == 2
    assert scene.board.calls()[0].answered_by == "siti"


@pytest.mark.parametrize(("event", "state"), [("answered", CallState.ANSWERED), ("ended", CallState.ENDED)])
def test_an_unknown_call_is_kept_whatever_is_said_of_it(scene: Scene, event: str, state: CallState) -> None:
    call = scene.desk.pbx(actor=DOOR, event=event, pbx_call_id="late", number=NUMBER)
    assert (call.state, call.ringing_at) == (state, None)
    assert scene.log.person(call.person).number == NUMBER


def test_events_of_the_exchange_in_the_wrong_order(scene: Scene) -> None:
    ended = scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-1", at=NOW, number=NUMBER)
    assert ended.end_reason is EndReason.UNKNOWN
    scene.rings(at=None)
    answered_at = NOW - timedelta(minutes=1)
    scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", agent="siti", at=answered_at)
    call = scene.rings(at=NOW - timedelta(minutes=2))
    assert (call.ringing_at, call.answered_at, call.ended_at) == (NOW - timedelta(minutes=2), answered_at, NOW)
    assert (call.state, len(scene.board.calls())) == (CallState.ENDED, 1)


def test_an_exchange_whose_clock_is_ahead_is_not_believed(scene: Scene) -> None:
    assert scene.rings(at=NOW + timedelta(hours=1)).ringing_at == NOW


def test_a_call_without_sim_rings_too(scene: Scene) -> None:
    call = scene.rings(number=None)
    assert scene.log.person(call.person).number is None
    assert scene.rings("pbx-2", number=None).call_id != call.call_id


@pytest.mark.parametrize("event", ["ringing", "answered", "ended"])
def test_a_number_that_the_exchange_says_later_is_kept(scene: Scene, event: str) -> None:
    for first in ("ringing", "answered"):
        scene.desk.pbx(actor=DOOR, event=first, pbx_call_id="pbx-1")
    call = scene.desk.pbx(actor=DOOR, event=event, pbx_call_id="pbx-1", number="081234567890")
    assert call.person is not None
    assert scene.log.person(call.person).number == NUMBER
    n = scene.board.n
    assert scene.desk.pbx(actor=DOOR, event=event, pbx_call_id="pbx-1", number="089999999999").call_id == call.call_id
    assert scene.log.person(call.person).number == NUMBER
    assert scene.board.n == n


@pytest.mark.parametrize("pbx_call_id", ["", " ", "%", "\x00", "\ud800", "a\nb", "🔥", "x" * 5_000])
def test_whatever_the_exchange_takes_for_an_id_is_one(tmp_path: Path, pbx_call_id: str) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite3")
    other = Scene(log).rings("pbx-1", number=None)
    call = Scene(log).rings(pbx_call_id, number=None)
    ended = Scene(log).desk.pbx(actor=DOOR, event="ended", pbx_call_id=pbx_call_id)
    log.close()
    assert (ended.call_id, ended.state) == (call.call_id, CallState.ENDED)
    assert other.call_id != call.call_id
