"""A checked copy of a running centre in one file, and the way back."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2

from geo112.core.errors import Conflict, NotFound, StorageError
from geo112.incidents.chain import verify
from geo112.incidents.events import Recorded
from geo112.store.database import WAIT_S, require_sqlite, storage_errors
from geo112.store.rows import EVENT_COLUMNS, recorded_from_row

_BESIDE = ("-wal", "-shm")
_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A copy that was found whole: its last event and the hash of it."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What now stands in place, and where the database of before is kept; None when there was none."""

    n: int
    hash: str
    kept: Path | None


def check(path: Path) -> Checked:
    """Check a database file: its pages, its chain, and that the head is its last event; raises StorageError."""
    if not path.is_file():
        raise NotFound(f"there is no file {path}", field="file")
    with storage_errors("read"), closing(_open(path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise StorageError(f"{path.name} is damaged: {found[0][0]}")
        row = connection.execute("SELECT n, hash FROM head").fetchone()
        if row is None:
            raise StorageError(f"{path.name} has no head")
        n, digest = verify(_events(connection), head=(row[0], row[1]))
    return Checked(n=n, hash=digest)


def backup(db: Path, out: Path) -> Checked:
    """Copy a running centre into one file, check the copy, and only then give it its name.

    What was called `out` before stays until the new copy is whole. Raises StorageError.
    """
    if not db.is_file():
        raise NotFound(f"there is no file {db}", field="db")
    if out.is_dir() or (out.exists() and out.samefile(db)):
        raise Conflict(f"{out} cannot be written over", field="out")
    partial = out.with_name(f"{out.name}.partial")
    try:
        checked = _copy(db, partial)
        with storage_errors("copied"):
            _settle(partial, out)
    finally:
        partial.unlink(missing_ok=True)
    return checked


def restore(file: Path, db: Path, *, now: datetime, replace: bool = False) -> Restored:
    """Put a checked copy in the place of the centre's database; the one of before is kept beside it with its time.

    Raises Conflict when there is a database and `replace` is not said, or when the centre is running.
    """
    if db.exists() and not replace:
        raise Conflict(f"{db} exists; say that it is to be replaced", field="db")
    partial = db.with_name(f"{db.name}.partial")
    try:
        check(file)
        checked = _copy(file, partial)
        with storage_errors("restored"):
            kept = _put_aside(db, now=now) if db.exists() else None
            for beside in _BESIDE:
                db.with_name(db.name + beside).unlink(missing_ok=True)
            _settle(partial, db)
    finally:
        partial.unlink(missing_ok=True)
    return Restored(n=checked.n, hash=checked.hash, kept=kept)


def _open(path: Path) -> Any:  # noqa: ANN401 - pysqlite3 has no types
    """Open a file that is there. Not "ro": a database in write-ahead mode needs the file beside it even for reading."""
    require_sqlite()
    return dbapi2.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=WAIT_S, isolation_level=None)


def _events(connection: Any) -> Iterator[Recorded]:  # noqa: ANN401 - pysqlite3 has no types
    query = f"SELECT {', '.join(EVENT_COLUMNS)} FROM event ORDER BY n"  # noqa: S608 - names of columns, no input
    for row in connection.execute(query):
        yield recorded_from_row(row)


def _copy(source: Path, partial: Path) -> Checked:
    """Copy by SQLite's own online backup into a file that nobody else may read, and check it."""
    with storage_errors("copied"):
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        with closing(_open(source)) as whole, closing(_open(partial)) as copy:
            whole.backup(copy)
            # One file: without this the copy would ask for a write-ahead file of its own.
            copy.execute("PRAGMA journal_mode = DELETE")
    return check(partial)


def _settle(partial: Path, out: Path) -> None:
    """Give the copy its name once its bytes are on disk, and the name itself too."""
    for path, flags in ((partial, os.O_RDWR), (out.parent, os.O_RDONLY)):
        if path == out.parent:
            partial.replace(out)
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _put_aside(db: Path, *, now: datetime) -> Path:
    """Rename the database of before, in one file where it still can be read."""
    if _is_database(db):
        _join_beside(db)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = db.with_name(f"{db.name}.before-restore-{stamp}")
    if kept.exists():
        raise Conflict(f"{kept} exists", field="db")
    db.replace(kept)
    for beside in _BESIDE:
        left = db.with_name(db.name + beside)
        if left.exists():
            left.replace(kept.with_name(kept.name + beside))
    return kept


def _is_database(path: Path) -> bool:
    """Tell whether a file begins as a database does; SQLite would remove what stands beside any other one."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _join_beside(db: Path) -> None:
    """Take the write-ahead file into the database; raises Conflict while somebody works on it."""
    try:
        with closing(_open(db)) as old:
            old.execute("PRAGMA busy_timeout = 1000")
            # Leaving the write-ahead mode needs the file for itself: it fails while a centre is running on it.
            old.execute("PRAGMA journal_mode = DELETE")
    except dbapi2.OperationalError as error:
        raise Conflict("the centre is running on this database: stop it first", field="db") from error
    except dbapi2.DatabaseError:
        return  # It is damaged: it is kept as it is, with what stands beside it.
