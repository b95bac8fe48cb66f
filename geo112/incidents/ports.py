"""What the desk needs of a place that keeps events and people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from geo112.core.codes import PersonRef
from geo112.incidents.events import Actor, Event, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What identifies a caller, and what the telephone sent: kept apart from the log so that it can be erased.

    `received_at` is when the carrier had the message, `external_ref` the sender's own id of the call behind the name of
    its door, such as `pbx:…`: it may hold the number, so it stands here alone.
    """

    ref: PersonRef
    number: str | None = None
    imei: str | None = None
    imsi: str | None = None
    raw_message: str | None = None
    received_at: datetime | None = None
    external_ref: str | None = None


class IncidentLog(Protocol):
    """An append-only record. When `append` returns, the events and people are on disk."""

    def append(
        self, events: Sequence[Event], *, at: datetime, actor: Actor, people: Sequence[Person] = ()
    ) -> tuple[Recorded, ...]:
        """Write events and people in one transaction and give them their numbers; raises StorageError.

        A person whose reference is known already is completed: what is None stays as it was.
        """

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Give the events with a number above `after`, in order."""

    def head(self) -> tuple[int, str]:
        """Give the number and the hash of the last event; (0, "") for an empty log."""

    def person(self, ref: PersonRef) -> Person | None:
        """Give the person behind a reference; None when erased or unknown."""

    def people(self, refs: Sequence[PersonRef]) -> dict[PersonRef, Person]:
        """Give many people at once, leaving out who is unknown."""

    def find_people(
        self,
        *,
        number: str | None = None,
        raw_message: str | None = None,
        external_ref: str | None = None,
        since: datetime | None = None,
    ) -> tuple[Person, ...]:
        """Find who has exactly what is given, first recorded at or after `since`, in the order of the first record.

        Without a number and an `external_ref` this would be a search through everybody: ValueError.
        """

    def erase_people(self, refs: Sequence[PersonRef]) -> int:
        """Remove people for good and say how many there were; the events and their chain stay as they are."""
