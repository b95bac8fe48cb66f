"""The log in a database file: what `append` acknowledged is on disk, whatever happens next."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pysqlite3 import dbapi2
from sqlalchemy import Engine, delete, select

from geo112.core.codes import PersonRef
from geo112.core.errors import SetupError, StorageError
from geo112.incidents.chain import Draft
from geo112.incidents.events import Actor, Event, Recorded
from geo112.incidents.ports import Person
from geo112.incidents.wire import moment_to_wire
from geo112.store import tables
from geo112.store.backup import backup
from geo112.store.database import connect, migrate, open_engine, reading, storage_errors
from geo112.store.rows import (
    EVENT_COLUMNS,
    INSERT_EVENT,
    INSERT_PERSON,
    PERSON_COLUMNS,
    event_row,
    person_from_row,
    person_row,
    recorded_from_row,
    storable,
)

_PAGE = 1_000
_MANY = 500
_EVENT = tuple(tables.event.c[name] for name in EVENT_COLUMNS)
_PERSON = tuple(tables.person.c[name] for name in PERSON_COLUMNS)


@dataclass(slots=True, kw_only=True)
class _Wish:
    """One append that waits for its commit."""

    drafts: list[Draft]
    people: list[tuple[str | None, ...]]
    written: tuple[Recorded, ...] | None = None
    error: StorageError | None = field(default=None)


class SqlLog:
    """A log in one SQLite file; many threads and several processes may append at once."""

    def __init__(self, path: Path, engine: Engine) -> None:
        """Use `SqlLog.open` instead: it sees to the tables."""
        self.path = path
        self.engine = engine
        self._queue: list[_Wish] = []
        self._queue_lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._writer: Any = None
        self._watch_lock = threading.Lock()
        self._watch: Any = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the log, making it when there is none yet; raises SetupError or StorageError."""
        if not path.parent.is_dir():
            raise SetupError(f"there is no folder {path.parent}")
        with storage_errors("opened"):
            # Personal data: nobody but the owner may read it, and SQLite gives its other files the same rights.
            path.touch(mode=0o600, exist_ok=True)
        engine = open_engine(path)
        try:
            migrate(engine)
        except (SetupError, StorageError):
            engine.dispose()
            raise
        return cls(path, engine)

    def close(self) -> None:
        """Close every connection; the last one that closes folds the write-ahead file into the database."""
        with self._write_lock:
            self._drop_writer()
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.engine.dispose()

    def append(
        self, events: Sequence[Event], *, at: datetime, actor: Actor, people: Sequence[Person] = ()
    ) -> tuple[Recorded, ...]:
        """Write events and people in one transaction; when it returns they are on disk. Raises StorageError.

        Threads that come while a commit is under way share the next one.
        """
        if not (actor.name.isascii() and actor.role.isascii()):
            actor = Actor(name=storable(actor.name), role=storable(actor.role))
        wish = _Wish(
            drafts=[Draft.of(event, at=at, actor=actor) for event in events],
            people=[person_row(person, at=at) for person in people],
        )
        with self._queue_lock:
            self._queue.append(wish)
        with self._write_lock:
            if wish.written is None and wish.error is None:
                self._write_all()
        if wish.error is not None:
            raise wish.error
        return wish.written or ()

    def _write_all(self) -> None:
        """Commit everything that waits; when that fails, each alone, so that nobody fails for another."""
        with self._queue_lock:
            wishes, self._queue = self._queue, []
        try:
            self._commit(wishes)
        except dbapi2.Error as error:
            if len(wishes) == 1:
                wishes[0].error = StorageError(f"the log cannot be written: {error}")
                return
            for wish in wishes:
                self._write_one(wish)
        except StorageError as error:
            for wish in wishes:
                wish.error = error
        finally:
            for wish in wishes:
                if wish.written is None and wish.error is None:
                    wish.error = StorageError("the log was interrupted while writing")

    def _write_one(self, wish: _Wish) -> None:
        try:
            self._commit([wish])
        except dbapi2.Error as error:
            wish.error = StorageError(f"the log cannot be written: {error}")
        except StorageError as error:
            wish.error = error

    def _commit(self, wishes: list[_Wish]) -> None:
        """Write in one transaction, and only then say so."""
        try:
            if self._writer is None:
                self._writer = connect(self.path)
            done = self._transaction(self._writer.cursor(), wishes)
        except BaseException:
            # Closing undoes what was not committed, and the next append starts with a fresh connection.
            self._drop_writer()
            raise
        for wish, written in zip(wishes, done, strict=True):
            wish.written = written

    def _transaction(self, cursor: Any, wishes: list[_Wish]) -> list[tuple[Recorded, ...]]:  # noqa: ANN401 - pysqlite3 has no types
        # The write lock is taken before the head is read: no other process can give the same number.
        cursor.execute("BEGIN IMMEDIATE")
        head = cursor.execute("SELECT n, hash FROM head").fetchone()
        if head is None:
            raise StorageError("the log has lost its head")
        n, digest = head
        done: list[tuple[Recorded, ...]] = []
        for wish in wishes:
            written = []
            for draft in wish.drafts:
                n += 1
                one = draft.record(n=n, prev_hash=digest)
                digest = one.hash
                written.append(one)
                # A trigger moves the head along.
                cursor.execute(INSERT_EVENT, event_row(draft, one))
            for row in wish.people:
                cursor.execute(INSERT_PERSON, row)
            done.append(tuple(written))
        cursor.execute("COMMIT")
        return done

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def read(self, *, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Give the events with a number above `after`, in order, page by page so that no reader holds up the log."""
        left = limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(_PAGE, left)
            query = select(*_EVENT).where(tables.event.c.n > after).order_by(tables.event.c.n).limit(size)
            with reading(self.engine) as connection:
                rows = connection.execute(query).all()
            for row in rows:
                yield recorded_from_row(row)
            if len(rows) < size:
                return
            after = rows[-1].n
            left = None if left is None else left - size

    def head(self) -> tuple[int, str]:
        """Give the number and the hash of the last event; (0, "") for an empty log."""
        with reading(self.engine) as connection:
            row = connection.execute(select(tables.head.c.n, tables.head.c.hash)).one()
        return row.n, row.hash

    def person(self, ref: PersonRef) -> Person | None:
        """Give the person behind a reference; None when erased or unknown."""
        return self.people([ref]).get(ref)

    def people(self, refs: Sequence[PersonRef]) -> dict[PersonRef, Person]:
        """Give many people at once, leaving out who is unknown."""
        found: dict[PersonRef, Person] = {}
        with reading(self.engine) as connection:
            for start in range(0, len(refs), _MANY):
                query = select(*_PERSON).where(tables.person.c.ref.in_(refs[start : start + _MANY]))
                for row in connection.execute(query):
                    person = person_from_row(row)
                    found[person.ref] = person
        return found

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
        # A reference begins with its time, so this is the order of the first record.
        query = select(*_PERSON).order_by(tables.person.c.ref)
        given = {"number": number, "raw_message": raw_message, "external_ref": external_ref}
        for name, value in given.items():
            if value is not None:
                query = query.where(tables.person.c[name] == storable(value))
        if since is not None:
            query = query.where(tables.person.c.at >= moment_to_wire(since))
        with reading(self.engine) as connection:
            return tuple(person_from_row(row) for row in connection.execute(query))

    def erase_people(self, refs: Sequence[PersonRef]) -> int:
        """Remove people for good and say how many there were; the events and their chain stay as they are."""
        erased = 0
        with storage_errors("written"), self.engine.begin() as connection:
            for start in range(0, len(refs), _MANY):
                gone = connection.execute(
                    delete(tables.person).where(tables.person.c.ref.in_(refs[start : start + _MANY]))
                )
                erased += gone.rowcount
        return erased

    def data_version(self) -> int:
        """Give a number that changes when anybody, in this process or another, has written to the file."""
        with self._watch_lock, storage_errors("read"):
            if self._watch is None:
                self._watch = connect(self.path)
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def backup(self, to: Path) -> None:
        """Write a checked copy of the whole centre into one file while it goes on working; raises StorageError."""
        backup(self.path, to)
