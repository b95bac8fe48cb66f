"""What the desk needs of a place that keeps events and people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from geo112.core.codes import PersonRef
from geo112.incidents.events import Actor, Event, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What identifies a caller, and what the telephone sent: kept apart from the log so that it can be erased."""

    ref: PersonRef
    number: str | None = None
    imei: str | None = None
    imsi: str | None = None
    raw_message: str | None = None


class IncidentLog(Protocol):
    """An append-only record. When `append` returns, the events and people are on disk."""

    def append(
        self, events: Sequence[Event], *, at: datetime, actor: Actor, people: Sequence[Person] = ()
    ) -> tuple[Recorded, ...]:
        """Write events and people in one transaction and give them their numbers; raises StorageError."""

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Give the events with a number above `after`, in order."""

    def head(self) -> tuple[int, str]:
        """Give the number and the hash of the last event; (0, "") for an empty log."""

    def person(self, ref: PersonRef) -> Person | None:
        """Give the person behind a reference; None when erased or unknown."""

    def people(self, refs: Sequence[PersonRef]) -> dict[PersonRef, Person]:
        """Give many people at once, leaving out who is unknown."""
