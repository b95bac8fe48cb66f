import json
import math
import re
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from told import AML, CALL, DOOR, IMEI, IMSI, NOW, NUMBER, PERSON, SITI, Scene, outside

from geo112.core.errors import BadMessage, BadPosition, BadShape, DataMissing, NotFound, StorageError
from geo112.desk.desk import GivenPosition
from geo112.desk.given import CONFIDENCE_MISSING
from geo112.desk.locating import TAKEN_LATER
from geo112.incidents.chain import verify
from geo112.incidents.events import CallReceived, Channel, EndReason, MessageReceived
from geo112.incidents.fold import CallState
from geo112.incidents.ports import Person
from geo112.locate.fix import FixSource
from geo112.store.sql import SqlLog

SWAPPED = GivenPosition(lat_deg=112.1681, lon_deg=-8.0985, radius_m=20.0)
HERE = GivenPosition(lat_deg=-8.0985, lon_deg=112.1681, radius_m=50.0, confidence_share=0.95)
NO_POSITION = (
    f'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20261122095955;lc=0;pm=N;si={IMSI};ei={IMEI};mcc=510;mnc=10;ml=1'
)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def received(scene: Scene, **said: object):
    return scene.desk.receive_call(actor=SITI, channel=said.pop("channel", Channel.CONSOLE), **said)


def test_a_call_is_on_record_with_nothing_known(scene: Scene) -> None:
    receipt = received(scene)
    assert receipt.new
    assert scene.kinds() == ["CallReceived", "CallAnswered"]
    assert (receipt.call.person, receipt.call.fix, receipt.call.received_at) == (None, None, NOW)


def test_who_types_a_call_in_has_the_caller_on_the_line(scene: Scene) -> None:
    call = received(scene, external_ref="kartu-1").call
    assert (call.state, call.answered_by, call.answered_at) == (CallState.ANSWERED, "siti", NOW)
    assert received(scene, external_ref="kartu-1").call == call
    assert scene.desk.answer(call.call_id, actor=SITI) == call
    assert scene.kinds() == ["CallReceived", "CallAnswered"]


def test_a_call_from_a_spool_waits_for_a_call_taker(scene: Scene) -> None:
    call = received(scene, channel=Channel.SPOOL, number=NUMBER).call
    assert (call.state, call.answered_by) == (CallState.WAITING, None)


def test_a_telephone_call_rings(scene: Scene) -> None:
    call = received(scene, channel=Channel.PBX, number="0812 3456 7890", simulated=True).call
    assert scene.kinds() == ["CallReceived", "CallRinging"]
    assert (call.state, call.simulated) == (CallState.RINGING, True)
    assert scene.log.person(call.person).number == NUMBER


def test_a_position_is_recorded_and_located(scene: Scene) -> None:
    call = received(scene, position=HERE, category=" BANJIR ", note="di jembatan").call
    assert scene.kinds() == ["CallReceived", "CallAnswered", "MessageReceived", "CallNoted", "CallLocated"]
    assert (call.fix.area.radius_m, call.fix.source, call.jurisdiction) == (50.0, FixSource.TYPED, scene.zones.answer)
    assert (call.category, call.note) == ("BANJIR", "di jembatan")


def test_the_call_is_on_disk_before_the_position_is_looked_at(scene: Scene) -> None:
    seen: list[list[str]] = []

    def look(text: str, *, format: str = "auto") -> None:  # noqa: A002 - the word of the reader
        seen.append(scene.kinds())
        raise RuntimeError("the parser broke")

    scene = Scene(read=look)
    call = received(scene, channel=Channel.PBX, number=NUMBER, message="apa saja", position=HERE).call
    assert seen == [["CallReceived", "CallRinging", "MessageReceived", "MessageReceived"]]
    assert [one.reason for one in call.refused] == ["this position could not be worked out (RuntimeError)"]
    assert call.fix is not None


def test_a_swapped_position_is_kept_with_the_call_and_not_turned(scene: Scene) -> None:
    call = received(scene, position=SWAPPED).call
    assert call.fix is None
    assert [(one.field, one.understood) for one in call.refused] == [("lat_deg", False)]
    assert "swapped" in call.refused[0].reason
    message = [one.event for one in scene.log.read() if isinstance(one.event, MessageReceived)]
    kept = json.loads(scene.log.person(message[0].person).raw_message)["position"]
    assert (kept["lat_deg"], kept["lon_deg"]) == (112.1681, -8.0985)


def test_boundaries_that_fail_lose_no_call(scene: Scene) -> None:
    scene.zones.fault = ZeroDivisionError("a ring of no length")
    call = received(scene, number=NUMBER, position=HERE).call
    assert [(one.reason, one.understood) for one in call.refused] == [
        ("this position could not be worked out (ZeroDivisionError)", False)
    ]
    assert scene.board.unread() == {}


def test_boundaries_that_are_missing_say_so(scene: Scene) -> None:
    scene.zones.fault = DataMissing("run `make setup`: there is no index")
    call = received(scene, position=HERE).call
    assert [(one.reason, one.understood) for one in call.refused] == [("run `make setup`: there is no index", True)]


def test_outside_is_a_place_too(scene: Scene) -> None:
    scene.zones.answer = outside()
    assert received(scene, position=HERE).call.jurisdiction == outside()


def test_a_radius_without_confidence_is_taken_as_95_percent_and_says_so(scene: Scene) -> None:
    call = received(scene, position=GivenPosition(lat_deg=-8.0985, lon_deg=112.1681, radius_m=20.0)).call
    assert (call.fix.area.confidence_share, call.fix.warnings) == (0.95, (CONFIDENCE_MISSING,))


def test_a_position_of_the_future_is_used_with_a_warning(scene: Scene) -> None:
    ahead = GivenPosition(lat_deg=-8.0985, lon_deg=112.1681, taken_at=NOW + timedelta(minutes=1))
    assert received(scene, position=ahead).call.fix.warnings == (TAKEN_LATER,)


def test_a_confidence_next_to_nothing_is_as_wide_as_the_earth_and_the_board_goes_on(scene: Scene) -> None:
    tiny = GivenPosition(lat_deg=-8.0985, lon_deg=112.1681, radius_m=20.0, confidence_share=1e-300)
    call = received(scene, position=tiny).call
    assert (len(call.fixes), call.refused) == (1, ())
    better = scene.desk.add_position(call.call_id, actor=SITI, position=HERE)
    assert better.fix.area.radius_m == 50.0


def test_the_same_id_again_is_the_same_call(scene: Scene) -> None:
    first = received(scene, channel=Channel.SPOOL, external_ref="f-1", message=AML)
    again = received(scene, channel=Channel.SPOOL, external_ref="f-1", message=AML)
    elsewhere = received(scene, channel=Channel.CONSOLE, external_ref="f-1")
    assert (first.new, again.new, elsewhere.new) == (True, False, True)
    assert again.call == first.call
    assert elsewhere.call.call_id != first.call.call_id


def test_ids_are_known_again_after_a_restart(scene: Scene) -> None:
    first = received(scene, channel=Channel.SPOOL, external_ref="f-1")
    restarted = Scene(scene.log)
    assert received(restarted, channel=Channel.SPOOL, external_ref="f-1").call == first.call
    assert scene.log.person(first.call.person).external_ref == "spool:f-1"


def test_an_id_is_known_again_while_its_person_is(scene: Scene) -> None:
    first = scene.rings("pbx-1", number=None)
    scene.log.erase_people([first.person])
    assert scene.rings("pbx-1", number=None).call_id != first.call_id


@pytest.mark.parametrize("pbx_call_id", ["", " ", "%", "\x00", "\ud800", "a\nb", "🔥", "x" * 5_000])
def test_whatever_the_exchange_takes_for_an_id_is_one(tmp_path: Path, pbx_call_id: str) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite3")
    other = Scene(log).rings("pbx-1", number=None)
    call = Scene(log).rings(pbx_call_id, number=None)
    ended = Scene(log).desk.pbx(actor=DOOR, event="ended", pbx_call_id=pbx_call_id)
    log.close()
    assert (ended.call_id, ended.state) == (call.call_id, CallState.ENDED)
    assert other.call_id != call.call_id


def test_an_aml_message_without_a_call_waits_for_one(scene: Scene) -> None:
    receipt = scene.sms()
    assert (receipt.new, receipt.understood, receipt.reason) == (True, True, None)
    assert (receipt.call.state, receipt.call.channel) == (CallState.WAITING, Channel.SMS)
    assert scene.kinds() == ["CallReceived", "MessageReceived", "CallLocated"]
    message = next(one.event for one in scene.log.read() if isinstance(one.event, MessageReceived))
    person = scene.log.person(message.person)
    assert (person.number, person.imei, person.imsi, person.raw_message) == (NUMBER, IMEI, IMSI, AML)


def test_a_message_without_a_position_is_understood(scene: Scene) -> None:
    receipt = scene.sms(NO_POSITION)
    assert (receipt.understood, receipt.call.fix) == (True, None)
    assert [(one.field, one.understood, one.reason) for one in receipt.call.refused] == [(None, True, receipt.reason)]
    message = next(one.event for one in scene.log.read() if isinstance(one.event, MessageReceived))
    assert scene.log.person(message.person).imei == IMEI


@pytest.mark.parametrize(
    "text", ["", "Tolong kebakaran di pasar", 'A"ML=1;lt=-8.0x;lg=112.1;rd=5', "\x00\udcff\ud800", "A" * 5000]
)
def test_a_message_that_nobody_understands_is_kept(scene: Scene, text: str) -> None:
    receipt = scene.sms(text)
    assert (receipt.new, receipt.understood, receipt.call.fix) == (True, False, None)
    assert [one.understood for one in receipt.call.refused] == [False]
    assert scene.kinds() == ["CallReceived", "MessageReceived", "FixRefused"]


def test_a_repeated_message_is_one(scene: Scene) -> None:
    first = scene.sms(received_at=NOW)
    scene.clock.wait(hours=5)
    again = scene.sms(sender="0812-3456-7890", received_at=NOW)
    assert (again.new, again.understood, again.call) == (False, True, first.call)
    assert scene.sms(received_at=NOW + timedelta(seconds=1)).new
    assert scene.sms("lain", received_at=NOW).new
    assert scene.sms(sender="081234567891", received_at=NOW).new


def test_without_the_carriers_time_a_message_repeats_for_a_minute(scene: Scene) -> None:
    first = scene.sms()
    scene.clock.wait(seconds=60)
    assert not scene.sms().new
    scene.clock.wait(seconds=1)
    later = scene.sms()
    assert later.new
    assert later.call.call_id == first.call.call_id


def test_messages_without_a_sender_are_never_repeats_and_never_joined(scene: Scene) -> None:
    calls = {scene.sms(sender=sender, received_at=NOW).call.call_id for sender in (None, "", None)}
    assert len(calls) == 3


@pytest.mark.parametrize("sender", ["anonymous", "1234"])
def test_who_has_no_full_number_is_never_joined(scene: Scene, sender: str) -> None:
    scene.rings(number=sender)
    assert scene.sms(sender=sender).call.state is CallState.WAITING
    assert not scene.sms(sender=sender).new


def test_a_message_joins_the_call_of_its_number(scene: Scene) -> None:
    call = scene.rings()
    scene.rings("pbx-2", number="081234567891")
    scene.clock.wait(minutes=30)
    assert scene.sms().call.call_id == call.call_id
    assert scene.kinds() == ["CallReceived", "CallRinging"] * 2 + ["MessageReceived", "CallLocated"]


def test_a_message_after_half_an_hour_is_a_call_of_its_own(scene: Scene) -> None:
    call = scene.rings()
    scene.clock.wait(minutes=30, seconds=1)
    assert scene.sms().call.call_id != call.call_id


def test_a_call_that_just_ended_still_takes_a_message(scene: Scene) -> None:
    call = scene.rings()
    scene.clock.wait(hours=1)
    scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-1")
    scene.clock.wait(minutes=29)
    assert scene.sms().call.call_id == call.call_id


def test_a_message_joins_the_latest_of_several_calls(scene: Scene) -> None:
    scene.rings("pbx-1")
    scene.clock.wait(minutes=1)
    latest = scene.rings("pbx-2")
    assert scene.sms().call.call_id == latest.call_id


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


def test_a_better_position_is_added(scene: Scene) -> None:
    call_id = received(scene).call.call_id
    assert scene.desk.add_position(call_id, actor=SITI, position=HERE).fix.area.radius_m == 50.0
    assert scene.desk.add_message(call_id, actor=SITI, text=AML).fix.area.radius_m == 14.0


@pytest.mark.parametrize(
    ("position", "error", "field"),
    [
        (SWAPPED, BadPosition, "lat_deg"),
        (GivenPosition(lat_deg=math.nan, lon_deg=112.0), BadPosition, "lat_deg"),
        (GivenPosition(lat_deg=0.0, lon_deg=0.0), BadPosition, "lat_deg"),
        (GivenPosition(lat_deg=-8.0, lon_deg=112.0, radius_m=-1.0), BadShape, "radius_m"),
        (GivenPosition(lat_deg=-8.0, lon_deg=112.0, radius_m=1.0, confidence_share=2.0), BadShape, "confidence_share"),
    ],
    ids=["swapped", "nan", "zero", "radius", "confidence"],
)
def test_a_bad_position_is_recorded_and_then_refused(
    scene: Scene, position: GivenPosition, error: type[Exception], field: str
) -> None:
    call_id = received(scene).call.call_id
    with pytest.raises(error, match=field) as raised:
        scene.desk.add_position(call_id, actor=SITI, position=position)
    refused = scene.board.call(call_id).refused
    assert [(one.field, one.reason) for one in refused] == [(field, raised.value.message)]
    assert scene.board.unread() == {}


def test_a_bad_message_is_recorded_and_then_refused(scene: Scene) -> None:
    call_id = received(scene).call.call_id
    with pytest.raises(BadMessage):
        scene.desk.add_message(call_id, actor=SITI, text="di mana-mana")
    assert len(scene.board.call(call_id).refused) == 1


def test_a_position_beyond_the_field_is_refused_with_its_field(scene: Scene) -> None:
    call_id = received(scene).call.call_id
    with pytest.raises((BadPosition, BadMessage)):
        scene.desk.add_message(call_id, actor=SITI, text=AML.replace("lt=-8.09850", "lt=+48.20000"))
    assert [one.field for one in scene.board.call(call_id).refused] in (["lt"], ["lat_deg"])


def test_a_message_that_says_no_position_is_no_error(scene: Scene) -> None:
    call_id = received(scene).call.call_id
    call = scene.desk.add_message(call_id, actor=SITI, text=NO_POSITION, format="aml-sms")
    assert [one.understood for one in call.refused] == [True]


def test_a_position_of_an_unknown_call_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.desk.add_position(CALL, actor=SITI, position=HERE)
    with pytest.raises(NotFound):
        scene.desk.add_message(CALL, actor=SITI, text=AML)
    assert scene.kinds() == []


class Failing:
    """A log whose disk is full after so many appends."""

    def __init__(self, scene: Scene, *, after: int) -> None:
        self.log, self.left = scene.log, after

    def append(self, events, **said):
        if self.left == 0:
            raise StorageError("the log cannot be written: disk is full")
        self.left -= 1
        return self.log.append(events, **said)

    def __getattr__(self, name: str):
        return getattr(self.log, name)


@pytest.mark.parametrize(("after", "kept"), [(0, []), (1, ["CallReceived", "CallAnswered", "MessageReceived"])])
def test_what_was_not_read_before_a_fault_is_read_after_it(after: int, kept: list[str]) -> None:
    healthy = Scene()
    broken = Scene(Failing(healthy, after=after))
    with pytest.raises(StorageError, match="disk is full"):
        broken.desk.receive_call(actor=SITI, channel=Channel.CONSOLE, position=HERE)
    assert healthy.kinds() == kept
    assert healthy.desk.finish_unread(actor=DOOR) == kept.count("MessageReceived")
    assert [call.fix is not None for call in healthy.board.calls()] == [True] * kept.count("MessageReceived")
    assert healthy.desk.finish_unread(actor=DOOR) == 0


def test_a_repeat_finishes_what_a_fault_left() -> None:
    healthy = Scene()
    broken = Scene(Failing(healthy, after=1))
    with pytest.raises(StorageError):
        broken.sms(received_at=NOW)
    again = healthy.sms(received_at=NOW)
    assert (again.new, again.call.fix.area.radius_m) == (False, 14.0)


def test_a_repeat_of_a_call_finishes_what_a_fault_left() -> None:
    healthy = Scene()
    broken = Scene(Failing(healthy, after=1))
    with pytest.raises(StorageError):
        received(broken, external_ref="c-1", position=HERE)
    assert received(healthy, external_ref="c-1", position=HERE).call.fix.area.radius_m == 50.0


def test_an_erased_message_stays_unread_and_harms_nobody() -> None:
    healthy = Scene()
    with pytest.raises(StorageError):
        Scene(Failing(healthy, after=1)).sms()
    healthy.board.catch_up()
    healthy.log.erase_people(list(healthy.board.unread()))
    assert healthy.desk.finish_unread(actor=DOOR) == 1
    assert healthy.board.calls()[0].fixes == ()


def test_a_person_without_a_call_is_nobody_to_join(scene: Scene) -> None:
    scene.log.append([], at=NOW, actor=DOOR, people=[Person(ref="stray", number=NUMBER, raw_message=AML)])
    assert scene.sms().new


def test_other_calls_stay_unread_when_one_is_finished() -> None:
    healthy = Scene()
    for number in ("081234567891", "081234567892"):
        with pytest.raises(StorageError):
            Scene(Failing(healthy, after=1)).sms(sender=number, received_at=NOW)
    healthy.sms(sender="081234567892", received_at=NOW)
    assert len(healthy.board.unread()) == 1


def test_no_body_ever_holds_what_identifies_a_caller(scene: Scene) -> None:
    texts = [AML, NO_POSITION, f"tolong {NUMBER}", f'A"ML=1;ei={IMEI}X;imei {IMEI};lt=q', f"{IMSI} {IMEI}", AML[:60]]
    for text in texts:
        scene.sms(text)
    call = scene.rings(f"sip:{NUMBER}@192.0.2.1")
    received(
        scene, channel=Channel.SPOOL, number=NUMBER, message=AML, external_ref=NUMBER, note="hubungi 0812-3456-7890"
    )
    scene.desk.note(call.call_id, actor=SITI, note=f"nomor {NUMBER}")
    scene.desk.open_incident(actor=SITI, call_id=call.call_id, category="A", priority=0, note="0812 3456 7890")
    for text in (*texts, f"-8.1, 112.1, {IMEI}"):
        with suppress(BadMessage):
            scene.desk.add_message(call.call_id, actor=SITI, text=text)
    events = list(scene.log.read())
    assert len(events) > 30
    for one in events:
        for secret in (NUMBER[3:], IMEI, IMSI, AML, "0812-3456", "0812 3456"):
            assert secret not in one.body_json
    verify(events, head=scene.log.head())


def test_an_id_that_holds_the_number_leaves_no_trace_of_it_in_any_body(scene: Scene) -> None:
    digits = NUMBER.removeprefix("+")
    ids = (NUMBER, digits, f"0{digits[2:]}", f"SIP/{NUMBER}-0001", f"{digits}@192.0.2.1", f"1763805600.{digits}")
    for number, one in enumerate(ids):
        # A message waits for the first ring; the second has a sender's id of its own; the others are new calls.
        if number == 0:
            scene.sms()
        elif number == 1:
            scene.clock.wait(hours=1)
            received(scene, channel=Channel.SPOOL, number=NUMBER, external_ref=one)
        scene.rings(one)
        scene.rings(one, number=None)
        scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id=one, agent="siti")
        scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id=one)
        received(scene, channel=Channel.CONSOLE, external_ref=one)
    assert len(scene.board.calls()) == 2 * len(ids)
    hidden = [f"{before}{one}" for one in ids for before in ("", "pbx:", "spool:", "console:", "pbx\n")]
    traces = {sha256(one.encode()).hexdigest()[:12] for one in hidden} | {digits[2:]}
    for one in scene.log.read():
        assert [trace for trace in traces if trace in one.body_json] == []
        # No id of ours has so many digits in a row: nothing that looks like a digest, of whatever kind.
        assert re.search(r"[0-9A-Fa-f]{24}", one.body_json) is None


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


def test_an_agent_named_by_a_telephone_number_is_not_in_the_log(scene: Scene) -> None:
    scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", agent="081299992222")
    assert "99992222" not in "".join(one.body_json for one in scene.log.read())
