"""What a fault leaves undone is done later, and harms nobody else."""

import pytest
from intake_words import HERE, received
from told import AML, DOOR, NOW, NUMBER, SITI, Scene

from geo112.core.errors import StorageError
from geo112.incidents.events import Channel
from geo112.incidents.ports import Person


@pytest.fixture
def scene() -> Scene:
    return Scene()


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
