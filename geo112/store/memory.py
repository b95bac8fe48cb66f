"""A log in memory: for tests, drills and wherever nothing has to outlive the process."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime

from geo112.core.codes import PersonRef
from geo112.incidents.chain import Draft
from geo112.incidents.events import Actor, Event, Recorded
from geo112.incidents.ports import Person


def completed(known: Person, more: Person) -> Person:
    """Give the known person with what the other one knows besides."""
    news = {item.name: getattr(more, item.name) for item in fields(Person)}
    return replace(known, **{name: value for name, value in news.items() if value is not None})


class MemoryLog:
    """Keeps events and people in memory; many threads may use it."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._events: list[Recorded] = []
        self._people: dict[PersonRef, tuple[Person, datetime]] = {}

    def append(
        self, events: Sequence[Event], *, at: datetime, actor: Actor, people: Sequence[Person] = ()
    ) -> tuple[Recorded, ...]:
        """Keep events and people in one step and give the events their numbers."""
        drafts = [Draft.of(event, at=at, actor=actor) for event in events]
        with self._lock:
            written: list[Recorded] = []
            n, digest = self._head()
            for draft in drafts:
                n += 1
                one = draft.record(n=n, prev_hash=digest)
                digest = one.hash
                written.append(one)
            self._events.extend(written)
            for person in people:
                known, since = self._people.get(person.ref, (person, at))
                self._people[person.ref] = completed(known, person), since
        return tuple(written)

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Give the events with a number above `after`, in order."""
        with self._lock:
            end = None if limit is None else after + limit
            found = self._events[after:end]
        return iter(found)

    def head(self) -> tuple[int, str]:
        """Give the number and the hash of the last event; (0, "") for an empty log."""
        with self._lock:
            return self._head()

    def _head(self) -> tuple[int, str]:
        return (self._events[-1].n, self._events[-1].hash) if self._events else (0, "")

    def person(self, ref: PersonRef) -> Person | None:
        """Give the person behind a reference; None when erased or unknown."""
        with self._lock:
            found = self._people.get(ref)
        return None if found is None else found[0]

    def people(self, refs: Sequence[PersonRef]) -> dict[PersonRef, Person]:
        """Give many people at once, leaving out who is unknown."""
        with self._lock:
            return {ref: self._people[ref][0] for ref in refs if ref in self._people}

    def find_people(
        self,
        *,
        number: str | None = None,
        raw_message: str | None = None,
        external_ref: str | None = None,
        since: datetime | None = None,
    ) -> tuple[Person, ...]:
        """Find who has exactly what is given, first recorded at or after `since`; ValueError for everybody."""
        if number is None and external_ref is None:
            raise ValueError("a number or an external_ref is needed")
        with self._lock:
            kept = list(self._people.values())
        return tuple(
            person
            for person, at in kept
            if (number is None or person.number == number)
            and (external_ref is None or person.external_ref == external_ref)
            and (raw_message is None or person.raw_message == raw_message)
            and (since is None or at >= since)
        )

    def erase_people(self, refs: Sequence[PersonRef]) -> int:
        """Remove people for good and say how many there were; the events and their chain stay as they are."""
        with self._lock:
            return sum(self._people.pop(ref, None) is not None for ref in refs)
