"""Many doors at once, as the threads of a server: nothing twice, nothing lost."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from told import AML, NOW, NUMBER, SITI, Scene

from geo112.core.codes import CallId
from geo112.core.errors import Conflict
from geo112.desk.joining import Joining
from geo112.desk.locating import Locator
from geo112.desk.panic import PanicButton
from geo112.desk.recorder import Recorder
from geo112.incidents.chain import verify
from geo112.incidents.events import Actor
from geo112.store.sql import SqlLog

THREADS = 24


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    log = SqlLog.open(tmp_path / "centre.sqlite3")
    yield Scene(log)
    log.close()


def test_the_same_message_from_many_threads_is_one(scene: Scene) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        receipts = list(pool.map(lambda _: scene.sms(AML, received_at=NOW), range(THREADS)))
    assert sum(receipt.new for receipt in receipts) == 1
    assert scene.kinds() == ["CallReceived", "MessageReceived", "CallLocated"]


def test_a_ring_and_a_message_of_one_caller_meet_whoever_is_first(scene: Scene) -> None:
    def come(number: int) -> str:
        sender = f"+628123456{number // 2:04}"
        if number % 2:
            return scene.sms(AML, sender=sender).call.call_id
        return scene.rings(f"pbx-{number}", number=sender).call_id

    with ThreadPoolExecutor(THREADS) as pool:
        calls = list(pool.map(come, range(2 * THREADS)))
    assert len(set(calls)) == THREADS
    assert calls[::2] == calls[1::2]
    verify(scene.log.read(), head=scene.log.head())


def test_what_the_exchange_says_from_many_threads_is_once(scene: Scene) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        calls = list(pool.map(lambda _: scene.rings("pbx-1", number=None).call_id, range(THREADS)))
    assert len(set(calls)) == 1
    assert scene.kinds() == ["CallReceived", "CallRinging"]


def test_one_call_is_answered_by_one_call_taker(scene: Scene) -> None:
    call_id = scene.rings(number=NUMBER).call_id

    def answer(number: int) -> bool:
        try:
            scene.desk.answer(call_id, actor=Actor(name=f"taker-{number}", role=SITI.role))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(answer, range(THREADS))) == 1
    assert scene.kinds().count("CallAnswered") == 1


@pytest.fixture
def hurry() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual_s)


@pytest.mark.usefixtures("hurry")
def test_the_pace_of_many_panic_buttons_is_kept_by_threads_together(scene: Scene) -> None:
    recorder = Recorder(log=scene.log, board=scene.board, clock=scene.clock)
    button = PanicButton(recorder, Joining(recorder), Locator(zones=scene.zones))

    def press(thread: int) -> int:
        moments = (NOW + timedelta(milliseconds=10 * step) for step in range(4_000))
        calls = (CallId(f"{thread}-{step % 500}") for step in range(4_000))
        return sum(button._is_time(call, now=moment) for call, moment in zip(calls, moments, strict=True))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(press, range(8))) == [4_000] * 8
