"""The live stream: every change of a call or incident to every console, in order and without a gap.

A subscriber is only a number: the last event it was sent. When something changed it asks the board for everything
beyond that number, so a slow console holds no queue, gets the latest state of each item once, and never a gap.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import anyio
from anyio import to_thread

from geo112.api.views import Numbers, call_view, incident_view, numbers_of
from geo112.core.clock import Clock, to_iso
from geo112.core.errors import StorageError
from geo112.desk.board import Board, Changes
from geo112.incidents.fold import Call, Incident
from geo112.incidents.ports import IncidentLog

# Who lags behind by more items than this does better to fetch the whole state.
TOO_FAR = 500
# How often a stream looks whether its session still holds.
SESSION_EVERY_S = 1.0
KEPT_BATCHES = 64
RETRY_MS = 2_000


class WatchedLog(IncidentLog, Protocol):
    """A log that says when another process wrote to it."""

    def data_version(self) -> int:
        """Give a number that changes with every commit of another process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a subscriber gets at once, ready to send, and the number it then has."""

    n: int
    text: bytes


class Feed:
    """Feeds all streams of a centre."""

    def __init__(
        self,
        *,
        board: Board,
        log: IncidentLog,
        clock: Clock,
        boundaries: Callable[[], str],
        heartbeat_s: float,
        poll_s: float,
    ) -> None:
        """Follow this board, look for other processes' writes each `poll_s`, tell the version of the boundaries."""
        self._board = board
        self._log = log
        self._clock = clock
        self._boundaries = boundaries
        self._heartbeat_s = heartbeat_s
        self._poll_s = poll_s
        self._changed = asyncio.Event()
        self._closing = False
        self._n = board.n
        self._batches: dict[tuple[int, bool], Batch] = {}
        self._drawing = asyncio.Lock()
        # Streams must go on while every thread of the routes is busy.
        self._threads = anyio.CapacityLimiter(4)
        self.streams = 0

    async def run(self) -> None:
        """Follow the board until `close`; belongs into a task of its own."""
        loop = asyncio.get_running_loop()
        subscription = self._board.subscribe()

        def tell(changes: Changes) -> None:
            """Hand the news from whatever thread to the loop."""
            loop.call_soon_threadsafe(self._moved_to, changes.n)

        subscription.on_change(tell)
        try:
            seen = -1
            while not self._closing:
                seen = await self._look(seen)
                await asyncio.sleep(self._poll_s)
        finally:
            subscription.close()

    async def _look(self, seen: int) -> int:
        """Take in what other processes wrote, if any; a log that cannot be read now is tried again."""
        version = getattr(self._log, "data_version", None)
        try:
            now = seen if version is None else await to_thread.run_sync(version, limiter=self._threads)
            if now != seen or version is None:
                await to_thread.run_sync(self._board.catch_up, limiter=self._threads)
        except StorageError:
            return -1
        self._moved_to(self._board.n)
        return now

    def _moved_to(self, n: int) -> None:
        """Wake all streams when there is something new."""
        if n > self._n:
            self._n = n
            self._batches.clear()
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def close(self) -> None:
        """End all streams at once, so that the server can stop."""
        self._closing = True
        self._wake()

    async def stream(
        self, *, after: int | None, with_numbers: bool, still_allowed: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """Give the text of one stream: what changed after event `after`, then everything as it happens."""
        self.streams += 1
        try:
            n = self._n if after is None else after
            yield f"retry: {RETRY_MS}\n\n".encode()
            if n > self._n and n > self._board.n:
                # The console knows more than the log: it speaks of another log, or of one before a restore.
                n = self._board.n
                yield self._resync(n)
            async for part in self._follow(n, with_numbers=with_numbers, still_allowed=still_allowed):
                yield part
        finally:
            self.streams -= 1

    async def _follow(
        self, n: int, *, with_numbers: bool, still_allowed: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        heartbeat_at = loop.time()
        while not self._closing and await still_allowed():
            changed = self._changed
            if n < self._n:
                batch = await self._batch(n, with_numbers=with_numbers)
                n = batch.n
                yield batch.text
                # The log may have moved on while the text was sent.
                continue
            left_s = heartbeat_at - loop.time()
            if left_s <= 0:
                yield self._heartbeat(n)
                heartbeat_at = loop.time() + self._heartbeat_s
                continue
            try:
                await asyncio.wait_for(changed.wait(), min(left_s, SESSION_EVERY_S))
            except TimeoutError:
                continue

    async def _batch(self, n: int, *, with_numbers: bool) -> Batch:
        """Give what came after `n`; consoles that are equally far share the work."""
        key = (n, with_numbers)
        async with self._drawing:
            known = self._batches.get(key)
            if known is not None:
                return known
            drawn = await to_thread.run_sync(self._draw, n, with_numbers, limiter=self._threads)
            if len(self._batches) < KEPT_BATCHES and drawn.n >= self._n:
                self._batches[key] = drawn
            return drawn

    def _draw(self, n: int, with_numbers: bool) -> Batch:  # noqa: FBT001 - called through a thread pool, which takes no names
        """Write what came after `n`, oldest change first."""
        n_now, items = self._board.changed_after(n)
        if len(items) > TOO_FAR:
            return Batch(n=n_now, text=self._resync(n_now))
        numbers: Numbers = {}
        if with_numbers:
            numbers = numbers_of(items, self._log)
        parts = []
        for at, item in enumerate(items):
            # A number is only given with the last item of its event: whoever is cut off before gets them all again.
            last = at + 1 == len(items) or items[at + 1].n != item.n
            parts.append(_item(item, numbers, n=item.n if last else None))
        if not items or items[-1].n < n_now:
            # Events that changed no item count, too: the console need not ask for them again.
            parts.append(self._heartbeat(n_now))
        return Batch(n=n_now, text=b"".join(parts))

    def _heartbeat(self, n: int) -> bytes:
        told = {"n": n, "at": to_iso(self._clock.now()), "boundaries": self._boundaries()}
        return _message("heartbeat", told, n=n)

    def _resync(self, n: int) -> bytes:
        return _message("resync", {"n": n}, n=n)


def _item(item: Call | Incident, numbers: Numbers, *, n: int | None) -> bytes:
    """Write one call or incident."""
    if isinstance(item, Call):
        return _message("call", call_view(item, numbers), n=n)
    return _message("incident", incident_view(item, numbers), n=n)


def _message(event: str, data: dict[str, object], *, n: int | None) -> bytes:
    """Write one server-sent event; JSON holds no line ends of its own."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    number = "" if n is None else f"id: {n}\n"
    return f"{number}event: {event}\ndata: {text}\n\n".encode()
