"""Hands the pieces of a table to those who resolve them, a few at a time, and gives the answers in order."""

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from geo112.cli.points.pieces import Answer, Layout, Piece
from geo112.cli.points.work import Work
from geo112.core.errors import SetupError
from geo112.zones.index import ZoneIndex

# Other processes take about a second to start: work that is done by then needs none.
_ALONE_S = 1.0
# Pieces on their way for each worker: one in work, one waiting, one finished and not yet fetched.
PIECES_PER_WORKER = 3


class Pending(Protocol):
    """An answer that comes."""

    def result(self) -> Answer:
        """Wait for it."""

    def cancel(self) -> object:
        """Say that nobody waits for it any more."""


class Crew(Protocol):
    """Those who resolve pieces; `room` is how many pieces may be on their way at once."""

    @property
    def room(self) -> int:
        """Tell how many pieces may be on their way at once."""

    def submit(self, piece: Piece) -> Pending:
        """Give a piece to somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A piece with its answer: the table is done from `start` to `end`, bytes of CSV or rows of Parquet."""

    start: int
    end: int
    answer: Answer


Cutter = Callable[[int, int], Iterator[Piece]]
"""Cuts a table from a start on, into pieces this many times larger than usual."""


def in_order(crew: Crew, cutter: Cutter, *, start: int) -> Iterator[Resolved]:
    """Resolve a table from `start` on; where a piece was cut inside a record, cut anew from that record on."""
    pending: deque[tuple[Piece, Pending]] = deque()
    pieces, times = cutter(start, 1), 1
    try:
        while True:
            while len(pending) < crew.room and (piece := next(pieces, None)) is not None:
                pending.append((piece, crew.submit(piece)))
            if not pending:
                return
            piece, waiting = pending.popleft()
            answer = waiting.result()
            end = piece.end - answer.left_bytes
            if answer.left_bytes:
                _forget(pending)
                times = times * 2 if end == piece.start else 1
                pieces = cutter(end, times)
            if end > piece.start:
                yield Resolved(start=piece.start, end=end, answer=replace(answer, left_bytes=0))
    finally:
        _forget(pending)


def _forget(pending: deque[tuple[Piece, Pending]]) -> None:
    for _, waiting in pending:
        waiting.cancel()
    pending.clear()


def usable_cores() -> int:
    """Count the cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalCrew:
    """This process for short work; for longer work one more process for each core."""

    def __init__(
        self, layout: Layout, zones: ZoneIndex, zones_file: Path, *, cores: int, alone_s: float = _ALONE_S
    ) -> None:
        """Begin alone; `zones_file` is what the other processes open."""
        self._work = Work(layout, zones, threads=cores)
        self._layout, self._zones_file, self._cores = layout, zones_file, cores
        self._alone_until_s = time.monotonic() + alone_s
        self._pool: ProcessPoolExecutor | None = None

    @property
    def room(self) -> int:
        """Tell how many pieces may be on their way at once: one while this process is alone."""
        return 1 if self._pool is None and self._alone() else PIECES_PER_WORKER * self._cores

    def _alone(self) -> bool:
        return self._cores == 1 or time.monotonic() < self._alone_until_s

    def submit(self, piece: Piece) -> Pending:
        """Resolve a piece here, or give it to another process."""
        if self._pool is None and self._alone():
            done: Future[Answer] = Future()
            done.set_result(self._work(piece))
            return done
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._cores,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self._layout, self._zones_file),
            )
        return _FromProcess(self._pool.submit(_resolve, piece))

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the other processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


class _FromProcess:
    """An answer from another process."""

    def __init__(self, future: Future[Answer]) -> None:
        self._future = future

    def result(self) -> Answer:
        try:
            return self._future.result()
        except BrokenProcessPool:
            raise SetupError("a worker process was ended from outside, perhaps for want of memory") from None

    def cancel(self) -> object:
        return self._future.cancel()


class _Own:
    """What a worker process keeps between pieces."""

    work: Work | None = None


def _begin(layout: Layout, zones_file: Path) -> None:
    """Open the zones once in a worker process."""
    _Own.work = Work(layout, ZoneIndex.open(zones_file))


def _resolve(piece: Piece) -> Answer:
    """Resolve a piece in a worker process."""
    assert _Own.work is not None  # noqa: S101 - the process began with _begin
    return _Own.work(piece)
