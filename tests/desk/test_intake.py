"""Calls as they are received: on record first, looked at afterwards."""

import json
from datetime import timedelta

import pytest
from intake_words import HERE, SWAPPED, received
from told import AML, NOW, NUMBER, SITI, Scene, outside

from geo112.core.errors import DataMissing
from geo112.desk.desk import GivenPosition
from geo112.desk.given import CONFIDENCE_MISSING
from geo112.desk.locating import TAKEN_LATER
from geo112.incidents.events import Channel, MessageReceived
from geo112.incidents.fold import CallState
from geo112.locate.fix import FixSource


@pytest.fixture
def scene() -> Scene:
    return Scene()


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


def test_a_category_needs_no_note(scene: Scene) -> None:
    call = received(scene, category="BANJIR").call
    assert (call.category, call.note) == ("BANJIR", "")


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
