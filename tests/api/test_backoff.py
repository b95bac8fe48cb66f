"""The wait after wrong passwords."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo112.api.backoff import FREE_TRIES, REMEMBERED, Backoff
from geo112.core.errors import TooManyTries

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WHO = ("siti", "127.0.0.1")


def wait_s(backoff: Backoff, now: datetime) -> int:
    try:
        backoff.require(WHO, now=now)
    except TooManyTries as error:
        return int(str(error.facts["retry_after_s"]))
    return 0


def test_the_wait_doubles_up_to_its_limit() -> None:
    backoff = Backoff(wait_max_s=30)
    waits = []
    for _ in range(FREE_TRIES + 8):
        backoff.failed(WHO, now=NOW)
        waits.append(wait_s(backoff, NOW))
    assert waits[FREE_TRIES - 1 :] == [1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert waits[: FREE_TRIES - 1] == [0] * (FREE_TRIES - 1)


@given(tries=st.integers(0, 2_000), seconds=st.integers(30, 10**6))
def test_nobody_waits_longer_than_30_seconds(tries: int, seconds: int) -> None:
    backoff = Backoff(wait_max_s=30)
    for _ in range(tries):
        backoff.failed(WHO, now=NOW)
    assert wait_s(backoff, NOW) <= 30
    assert wait_s(backoff, NOW + timedelta(seconds=seconds)) == 0


def test_a_clock_that_was_set_back_keeps_nobody_out() -> None:
    backoff = Backoff(wait_max_s=30)
    for _ in range(20):
        backoff.failed(WHO, now=NOW)
    assert wait_s(backoff, NOW - timedelta(days=1)) == 0


def test_a_quarter_of_an_hour_is_forgotten() -> None:
    backoff = Backoff(wait_max_s=30)
    for _ in range(20):
        backoff.failed(WHO, now=NOW)
    later = NOW + timedelta(minutes=16)
    backoff.failed(WHO, now=later)
    assert wait_s(backoff, later) == 0


def test_it_remembers_only_so_many() -> None:
    backoff = Backoff(wait_max_s=30)
    for number in range(REMEMBERED + 50):
        backoff.failed((f"user-{number}", "127.0.0.1"), now=NOW)
    assert len(backoff._failures) == REMEMBERED


def test_no_wait_at_all_is_a_setting() -> None:
    backoff = Backoff(wait_max_s=0)
    for _ in range(20):
        backoff.failed(WHO, now=NOW)
    backoff.require(WHO, now=NOW)
    assert wait_s(backoff, NOW) == 0
