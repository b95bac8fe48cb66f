"""Messages that come in: kept, read, joined to the call of their number."""

from datetime import timedelta

import pytest
from intake_words import NO_POSITION
from told import AML, DOOR, IMEI, IMSI, NOW, NUMBER, Scene

from geo112.incidents.events import Channel, MessageReceived
from geo112.incidents.fold import CallState


@pytest.fixture
def scene() -> Scene:
    return Scene()


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
