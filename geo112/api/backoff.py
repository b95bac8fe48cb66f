"""Slows down who guesses passwords, without ever shutting a person out."""

import math
from collections import OrderedDict
from datetime import datetime, timedelta

from geo112.core.errors import TooManyTries

FREE_TRIES = 5
FORGOTTEN_AFTER = timedelta(minutes=15)
REMEMBERED = 10_000

Tried = tuple[str, str]


class Backoff:
    """Counts wrong passwords of a user from an address: five are free, then 1, 2, 4 … seconds of waiting."""

    def __init__(self, *, wait_max_s: float) -> None:
        """Never let anybody wait longer than this."""
        self._wait_max_s = wait_max_s
        self._failures: OrderedDict[Tried, tuple[int, datetime]] = OrderedDict()

    def require(self, tried: Tried, *, now: datetime) -> None:
        """Raise TooManyTries, with the seconds to wait, while it is too early for the next try."""
        count, last = self._failures.get(tried, (0, now))
        # A clock that was set back must not keep anybody out.
        passed_s = max(0.0, (now - last).total_seconds()) if now >= last else math.inf
        left_s = self._wait_s(count) - passed_s
        if left_s > 0:
            seconds = math.ceil(left_s)
            raise TooManyTries(f"wait {seconds} s before the next try", facts={"retry_after_s": seconds})

    def failed(self, tried: Tried, *, now: datetime) -> None:
        """Count a wrong password."""
        count, last = self._failures.get(tried, (0, now))
        if now - last > FORGOTTEN_AFTER:
            count = 0
        self._failures[tried] = (count + 1, now)
        self._failures.move_to_end(tried)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, tried: Tried) -> None:
        """Forget the wrong ones."""
        self._failures.pop(tried, None)

    def _wait_s(self, count: int) -> float:
        """Seconds to wait after that many wrong passwords."""
        if count < FREE_TRIES:
            return 0.0
        return min(self._wait_max_s, 2.0 ** min(count - FREE_TRIES, 10))
