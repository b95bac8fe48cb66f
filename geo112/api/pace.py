"""Holds back who guesses addresses of links, and telephones that send without end."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from geo112.core.clock import Clock
from geo112.core.errors import TooManyTries

MINUTE = timedelta(minutes=1)
POSTS_A_MINUTE = 30
GUESSES_A_MINUTE = 5
REMEMBERED = 10_000


class Pace:
    """Lets each key do something so many times within a minute."""

    def __init__(self, most: int) -> None:
        """Allow this many times."""
        self._most = most
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()

    def take(self, key: str, *, now: datetime) -> None:
        """Count one time; raises TooManyTries, with the seconds to wait, when it is one too many."""
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        # A clock that was set back must not keep anybody out.
        while times and not timedelta(0) <= now - times[0] < MINUTE:
            times.popleft()
        if len(times) >= self._most:
            seconds = max(1, ceil((times[0] + MINUTE - now).total_seconds()))
            raise TooManyTries(f"wait {seconds} s", facts={"retry_after_s": seconds})
        times.append(now)
        while len(self._times) > REMEMBERED:
            self._times.popitem(last=False)


class LinkPace:
    """The two limits of links; used on the event loop alone.

    Only wrong addresses of links count against where they come from: behind one address of a mobile network there are
    thousands of telephones, and none that has a right link may be kept out by another's guesses.
    """

    def __init__(self, clock: Clock) -> None:
        """Count by this clock."""
        self._clock = clock
        self._posts = Pace(POSTS_A_MINUTE)
        self._guesses = Pace(GUESSES_A_MINUTE)

    def post(self, digest: str) -> None:
        """Count what a telephone sends by a link that exists; raises TooManyTries."""
        self._posts.take(digest, now=self._clock.now())

    def guess(self, address: str) -> None:
        """Count a wrong address of a link; raises TooManyTries."""
        self._guesses.take(_network(address), now=self._clock.now())


def _network(address: str) -> str:
    """Give the part of an address that one subscriber has: all of IPv4, 64 bits of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return known.exploded[:19] if isinstance(known, IPv6Address) else str(known)
