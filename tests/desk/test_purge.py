"""What nobody rang for ends in its time, and nobody stays behind it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from told import AML, DOOR, NUMBER, SITI, Scene

from geo112.core.errors import StorageError
from geo112.incidents.chain import verify
from geo112.incidents.events import Actor, EndReason
from geo112.incidents.fold import CallState

SYSTEM = Actor(name="geo112", role="system")
DAY = timedelta(hours=24)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def purge(scene: Scene) -> int:
    return scene.desk.purge_waiting(actor=SYSTEM, older_than=DAY)


def people(scene: Scene) -> tuple[object, ...]:
    return scene.log.find_people(number=NUMBER)


def test_a_message_waits_a_day_for_its_call_and_is_then_erased(scene: Scene) -> None:
    call = scene.sms(AML).call
    scene.clock.wait(hours=24)
    assert purge(scene) == 0
    assert len(people(scene)) == 2
    scene.clock.wait(seconds=1)
    assert purge(scene) == 1
    gone = scene.board.call(call.call_id)
    assert (gone.state, gone.end_reason) == (CallState.ENDED, EndReason.EXPIRED)
    assert (gone.fix, gone.jurisdiction) == (call.fix, call.jurisdiction)
    assert people(scene) == ()
    verify(scene.log.read(), head=scene.log.head())
    assert purge(scene) == 0
    assert scene.kinds().count("CallEnded") == 1


def test_the_note_of_a_panic_button_goes_with_it(scene: Scene) -> None:
    app = Actor(name="siaga", role="app")
    call = scene.desk.press_panic(actor=app, app_call_id="p-1", name="Budi", note="tolong").call
    scene.clock.wait(hours=25)
    assert purge(scene) == 1
    assert scene.log.people([call.note.removeprefix("person:")]) == {}
    assert scene.log.find_people(external_ref="app:siaga:p-1") == ()


def test_what_somebody_works_on_stays(scene: Scene) -> None:
    rung = scene.rings("pbx-1", number="+6281200000001")
    taken = scene.sms(sender="+6281200000002").call
    scene.desk.answer(taken.call_id, actor=SITI)
    part = scene.sms(sender="+6281200000003").call
    scene.desk.open_incident(actor=SITI, call_id=part.call_id, category="BANJIR", priority=1)
    scene.clock.wait(hours=100)
    assert purge(scene) == 0
    assert {call.state for call in scene.board.calls()} == {CallState.RINGING, CallState.ANSWERED, CallState.WAITING}
    assert rung.person is not None
    assert scene.log.person(rung.person) is not None


def test_a_message_that_comes_again_later_waits_anew(scene: Scene) -> None:
    first = scene.sms(AML).call
    scene.clock.wait(hours=25)
    purge(scene)
    again = scene.sms(AML)
    assert (again.new, again.call.call_id != first.call_id) == (True, True)


class Full:
    """A log that cannot be written any more."""

    def __init__(self, log) -> None:
        self.log = log

    def append(self, events, **said):
        raise StorageError("disk is full")

    def __getattr__(self, name: str):
        return getattr(self.log, name)


def test_what_a_full_disk_left_is_ended_by_the_next_run(scene: Scene) -> None:
    scene.sms(AML)
    broken = Scene(Full(scene.log))
    broken.clock.wait(hours=25)
    with suppress(StorageError):
        purge(broken)
    assert people(scene) == ()
    scene.clock.wait(hours=25)
    assert purge(scene) == 1
    assert scene.board.calls()[0].end_reason is EndReason.EXPIRED
    assert scene.desk.finish_unread(actor=DOOR) == 0
