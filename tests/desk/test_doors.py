"""One call through several doors is one call, in whatever order they open; two calls stay two."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import AML, DOOR, NOW, NUMBER, SITI, Scene

from geo112.desk.desk import GivenPosition, Kept, Panic
from geo112.incidents.events import Actor, CallDisposition, Channel, EndReason
from geo112.incidents.fold import Call, CallState

APP = Actor(name="siaga-blitar", role="app")
OTHER_APP = Actor(name="lapor", role="app")
HERE = GivenPosition(lat_deg=-8.0985, lon_deg=112.1681, radius_m=12.0, confidence_share=0.68)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def panic(scene: Scene, app_call_id: str = "p-1", *, number: str | None = NUMBER, **said: object) -> Panic:
    return scene.desk.press_panic(actor=said.pop("actor", APP), app_call_id=app_call_id, number=number, **said)


def ring(scene: Scene) -> Call:
    return scene.rings("pbx-1")


def press(scene: Scene) -> Call:
    return panic(scene).call


def message(scene: Scene) -> Call:
    return scene.sms(AML, received_at=NOW).call


@pytest.mark.parametrize(
    "doors", list(permutations([ring, press, message])), ids=lambda doors: " ".join(d.__name__ for d in doors)
)
def test_ring_panic_and_message_of_one_number_are_one_call(scene: Scene, doors) -> None:
    found = []
    for door in doors:
        found.append(door(scene).call_id)
        scene.clock.wait(minutes=9)
    [call] = scene.board.calls()
    assert found == [call.call_id] * 3
    assert (call.state, len(call.fixes)) == (CallState.RINGING, 1)
    assert set(call.channels) >= {Channel.PBX, Channel.APP}
    assert call.channels[0] is call.channel
    # Each door finds it again by its own id, in this process and after a restart.
    for later in (scene, Scene(scene.log)):
        assert later.rings("pbx-1", number=None).call_id == call.call_id
        assert panic(later, number=None).call.call_id == call.call_id
        assert panic(later).new is False
    assert len(scene.board.calls()) == 1


@pytest.mark.parametrize(
    "doors", list(permutations([ring, press, message], 2)), ids=lambda doors: " ".join(d.__name__ for d in doors)
)
def test_half_an_hour_later_it_is_another_call(scene: Scene, doors) -> None:
    first, second = doors
    before = first(scene)
    scene.clock.wait(minutes=31)
    assert second(scene).call_id != before.call_id


def test_other_numbers_and_none_never_join(scene: Scene) -> None:
    found = [
        panic(scene, "p-1", number=None).call,
        panic(scene, "p-2", number="anonymous").call,
        panic(scene, "p-3", number="+6281299999999").call,
        scene.rings("pbx-1", number="anonymous"),
        scene.rings("pbx-2", number=None),
        scene.rings("pbx-3"),
    ]
    assert len({call.call_id for call in found}) == len(found)


def test_two_calls_of_one_number_at_one_door_stay_two(scene: Scene) -> None:
    """A company's exchange has one number for all: a second id may be a second person."""
    first, second = scene.rings("pbx-1"), scene.rings("pbx-2")
    assert first.call_id != second.call_id
    joined = panic(scene).call
    assert joined.call_id in (first.call_id, second.call_id)
    assert panic(scene, "p-2").call.call_id not in (None, joined.call_id)


def test_the_same_id_of_two_apps_is_two_calls(scene: Scene) -> None:
    one, other = panic(scene, number=None), panic(scene, number=None, actor=OTHER_APP)
    assert one.call.call_id != other.call.call_id


def test_a_call_that_is_over_takes_nobody_in(scene: Scene) -> None:
    rung = scene.rings("pbx-1")
    scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", agent="siti")
    scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-1")
    pressed = panic(scene).call
    assert (pressed.call_id != rung.call_id, pressed.state) == (True, CallState.WAITING)
    again = scene.rings("pbx-2")
    assert again.call_id == pressed.call_id


def test_what_a_call_taker_typed_in_is_a_call_of_its_own(scene: Scene) -> None:
    typed = scene.desk.receive_call(actor=SITI, channel=Channel.CONSOLE, number=NUMBER).call
    assert panic(scene).call.call_id != typed.call_id


def test_a_line_that_goes_down_unanswered_leaves_the_panic_button_on_the_board(scene: Scene) -> None:
    call_id = panic(scene).call.call_id
    scene.rings("pbx-1")
    for _ in range(2):
        down = scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-1", reason=EndReason.CALLER_HUNG_UP)
    assert (down.call_id, down.state, down.left) == (call_id, CallState.WAITING, (Channel.PBX,))
    scene.clock.wait(minutes=1)
    again = scene.rings("pbx-2")
    assert (again.call_id, again.state, again.ringing_at) == (call_id, CallState.RINGING, NOW + timedelta(minutes=1))
    taken = scene.desk.answer(call_id, actor=SITI)
    assert taken.state is CallState.ANSWERED
    ended = scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-2", reason=EndReason.CENTRE_HUNG_UP)
    assert (ended.state, ended.end_reason) == (CallState.ENDED, EndReason.CENTRE_HUNG_UP)


def test_an_end_that_nobody_expected_ends_no_panic_button(scene: Scene) -> None:
    pressed = panic(scene).call
    ended = scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="an hour ago", number=NUMBER)
    assert (ended.call_id != pressed.call_id, ended.state) == (True, CallState.ENDED)
    assert scene.board.call(pressed.call_id).state is CallState.WAITING


def test_an_answer_before_the_ring_joins_too(scene: Scene) -> None:
    pressed = panic(scene).call
    answered = scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", number=NUMBER, agent="siti")
    assert (answered.call_id, answered.state, answered.answered_by) == (pressed.call_id, CallState.ANSWERED, "siti")


def test_letting_go_ends_a_call_that_nobody_took(scene: Scene) -> None:
    panic(scene)
    for _ in range(2):
        call = scene.desk.let_go_panic(actor=APP, app_call_id="p-1").call
        assert (call.state, call.end_reason) == (CallState.ENDED, EndReason.CALLER_HUNG_UP)
    assert scene.kinds().count("CallEnded") == 1


@pytest.mark.parametrize("taken", [False, True])
def test_letting_go_ends_no_call_that_rings_or_was_taken(scene: Scene, taken: bool) -> None:  # noqa: FBT001 - a case
    call_id = panic(scene).call.call_id
    if taken:
        scene.desk.answer(call_id, actor=SITI)
    else:
        scene.rings("pbx-1")
    for _ in range(2):
        call = scene.desk.let_go_panic(actor=APP, app_call_id="p-1").call
        assert call.state is (CallState.ANSWERED if taken else CallState.RINGING)
        assert call.left == (Channel.APP,)
    scene.desk.screen(call_id, actor=SITI, disposition=CallDisposition.NORMAL)
    ended = scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id="pbx-1", number=NUMBER)
    assert ended.state is CallState.ENDED


DOORS = {"ring": ring, "press": press, "message": message}


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(sorted(DOORS)), min_size=1, max_size=7),
    st.lists(st.integers(0, 200), min_size=7, max_size=7),
)
def test_however_often_and_in_whatever_order_they_open_it_is_one_call(order: list[str], waits: list[int]) -> None:
    scene = Scene()
    for door, seconds in zip(order, waits, strict=False):
        DOORS[door](scene)
        scene.clock.wait(seconds=seconds)
    [call] = scene.board.calls()
    assert call.channels.count(Channel.PBX) <= 1
    assert (call.ringing_at is not None) is ("ring" in order)
    assert (Channel.APP in call.channels) is ("press" in order)
    assert len(call.fixes) == ("message" in order)


def test_a_position_that_came_along_is_placed(scene: Scene) -> None:
    pressed = panic(scene, position=HERE, category=" MEDIS ", note="jatuh dari motor")
    assert (pressed.new, pressed.kept) == (True, Kept.RECORDED)
    assert (pressed.call.category, pressed.call.note) == ("MEDIS", "jatuh dari motor")
    assert pressed.call.fix is not None
    assert scene.kinds() == ["CallReceived", "CallNoted", "MessageReceived", "CallLocated"]
