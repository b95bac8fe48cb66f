"""What every step at the desk does: write the fact down, bring the board up to date, show the call."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

from geo112.core.clock import Clock
from geo112.core.codes import CallId, PersonRef
from geo112.core.ids import fresh_uuid7, person_ref
from geo112.desk.board import Board
from geo112.incidents.events import Actor, CallLocated, Event
from geo112.incidents.ports import IncidentLog, Person

_LOCKS = 64

Ids = Callable[[datetime], str]


class Recorder:
    """Writes events to the log and folds them into the board."""

    def __init__(self, *, log: IncidentLog, board: Board, clock: Clock, ids: Ids = fresh_uuid7) -> None:
        """Write to this log, fold into this board; the clock and the ids come from outside."""
        self.log = log
        self.board = board
        self.clock = clock
        self.ids = ids
        # What follows from a position once it is on disk.
        self.after_located: Callable[[CallId, Actor], None] = _nothing
        # One caller's messages are taken one after another, different callers' at the same time.
        self._locks = tuple(threading.RLock() for _ in range(_LOCKS))

    def write(self, *events: Event, at: datetime, actor: Actor, people: Sequence[Person] = ()) -> None:
        """Put events and people on disk in one transaction, then on the board; raises StorageError."""
        self.board.take(self.log.append(events, at=at, actor=actor, people=people))
        for call in dict.fromkeys(event.call for event in events if isinstance(event, CallLocated)):
            self.after_located(call, actor)

    def new_person(self, now: datetime) -> PersonRef:
        """Name what identifies a caller or a message."""
        return person_ref(self.ids(now))

    @contextmanager
    def one_at_a_time(self, *keys: str | None) -> Iterator[None]:
        """Let nobody else in this process work on the same number, call or sender's id meanwhile."""
        chosen = sorted({hash(key) % _LOCKS for key in keys if key is not None})
        with ExitStack() as held:
            # Always in the same order, so that two threads never wait for each other.
            for one in chosen:
                held.enter_context(self._locks[one])
            yield


def _nothing(_call: CallId, _actor: Actor) -> None:
    """Let a position be all that is recorded."""
