"""Positions and messages that a call taker adds."""

import math

import pytest
from intake_words import HERE, NO_POSITION, SWAPPED, received
from told import AML, CALL, SITI, Scene

from geo112.core.errors import BadMessage, BadPosition, BadShape, NotFound
from geo112.desk.desk import GivenPosition
from geo112.incidents.events import Channel, MessageReceived


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_position_says_through_which_door_it_came(scene: Scene) -> None:
    call_id = received(scene).call.call_id
    scene.desk.add_position(call_id, actor=SITI, position=HERE)
    scene.desk.add_position(call_id, actor=SITI, position=HERE, channel=Channel.SIP)
    doors = [one.event.channel for one in scene.log.read() if isinstance(one.event, MessageReceived)]
    assert doors == [Channel.CONSOLE, Channel.SIP]


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
