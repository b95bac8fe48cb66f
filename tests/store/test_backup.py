from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from told import CALL, NOW, NUMBER, PERSON, SITI, received

from geo112.core.errors import Conflict, NotFound, StorageError
from geo112.incidents.events import CallRinging
from geo112.incidents.ports import Person
from geo112.store.backup import Checked, backup, check, restore
from geo112.store.sql import SqlLog


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "centre.sqlite3"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "copy.sqlite3"


@pytest.fixture
def log(db: Path) -> Iterator[SqlLog]:
    log = SqlLog.open(db)
    log.append([received(person=PERSON)], at=NOW, actor=SITI, people=[Person(ref=PERSON, number=NUMBER)])
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    yield log
    log.close()


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def damage(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    middle = whole.index(b"CallRinging")
    whole[middle : middle + 11] = b"CallRanging"
    path.write_bytes(whole)


def test_a_running_centre_is_copied_into_one_file(log: SqlLog, db: Path, out: Path) -> None:
    assert backup(db, out) == Checked(n=2, hash=log.head()[1])
    assert check(out) == Checked(n=2, hash=log.head()[1])
    assert [name for name in names(out.parent) if name.startswith("copy")] == ["copy.sqlite3"]
    assert out.stat().st_mode & 0o777 == 0o600
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    log.backup(out)
    assert check(out).n == 3


def test_a_closed_centre_is_copied_too(log: SqlLog, db: Path, out: Path) -> None:
    log.close()
    assert backup(db, out).n == 2


def test_a_copy_is_a_centre_that_works(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    copy = SqlLog.open(out)
    assert list(copy.read()) == list(log.read())
    assert copy.person(PERSON).number == NUMBER
    copy.close()


def test_a_damaged_centre_gives_no_copy_and_keeps_the_last_good_one(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    good = out.read_bytes()
    log.close()
    damage(db)
    with pytest.raises(StorageError):
        backup(db, out)
    assert out.read_bytes() == good
    assert names(out.parent) == ["centre.sqlite3", "copy.sqlite3"]


def test_a_copy_never_takes_the_place_of_the_centre_itself(log: SqlLog, db: Path) -> None:
    with pytest.raises(Conflict, match="cannot be written over"):
        backup(db, db)
    with pytest.raises(Conflict, match="cannot be written over"):
        backup(db, db.parent)


def test_what_is_not_there_is_not_found(db: Path, out: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        backup(db, out)
    with pytest.raises(NotFound, match="no file"):
        restore(out, db, now=NOW)
    assert names(db.parent) == []


def test_a_folder_that_is_not_there_is_told(log: SqlLog, db: Path) -> None:
    with pytest.raises(StorageError, match="cannot be copied"):
        backup(db, db.parent / "nowhere" / "copy.sqlite3")


def test_a_copy_comes_back_where_nothing_is(log: SqlLog, db: Path, out: Path, tmp_path: Path) -> None:
    backup(db, out)
    fresh = tmp_path / "fresh.sqlite3"
    restored = restore(out, fresh, now=NOW)
    assert (restored.n, restored.hash, restored.kept) == (2, log.head()[1], None)
    again = SqlLog.open(fresh)
    [written] = again.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    assert written.n == 3
    again.close()


def test_a_database_is_replaced_only_when_told_and_kept_beside(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    log.close()
    with pytest.raises(Conflict, match="exists"):
        restore(out, db, now=NOW)
    restored = restore(out, db, now=NOW, replace=True)
    assert restored.kept == db.with_name("centre.sqlite3.before-restore-20261122T100000Z")
    assert (check(db).n, check(restored.kept).n) == (2, 3)
    with pytest.raises(Conflict, match="before-restore-20261122T100000Z exists"):
        restore(out, db, now=NOW, replace=True)
    assert restore(out, db, now=NOW + timedelta(seconds=1), replace=True).kept is not None


def test_a_running_centre_is_not_replaced(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    with pytest.raises(Conflict, match="stop it first"):
        restore(out, db, now=NOW, replace=True)
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    assert log.head()[0] == 3
    assert [name for name in names(db.parent) if "partial" in name or "before" in name] == []


def test_a_damaged_copy_does_not_come_back(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    log.close()
    damage(out)
    before = db.read_bytes()
    with pytest.raises(StorageError):
        restore(out, db, now=NOW, replace=True)
    assert db.read_bytes() == before
    assert names(db.parent) == ["centre.sqlite3", "copy.sqlite3"]


def test_a_database_that_broke_is_kept_as_it_is(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    log.close()
    db.write_bytes(b"scrambled" * 1_000)
    db.with_name("centre.sqlite3-wal").write_bytes(b"left over")
    kept = restore(out, db, now=NOW, replace=True).kept
    assert kept.read_bytes() == b"scrambled" * 1_000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"left over"
    assert check(db).n == 2


def test_a_write_ahead_file_that_was_left_over_is_not_mixed_in(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    log.close()
    db.unlink()
    db.with_name("centre.sqlite3-wal").write_bytes(b"left over")
    assert restore(out, db, now=NOW).n == 2
    assert names(db.parent) == ["centre.sqlite3", "copy.sqlite3"]


@pytest.mark.parametrize("what", [b"", b"nothing of the kind" * 500])
def test_any_other_file_is_no_copy(db: Path, out: Path, what: bytes) -> None:
    out.write_bytes(what)
    with pytest.raises(StorageError):
        restore(out, db, now=NOW)
    assert names(db.parent) == ["copy.sqlite3"]


def test_a_copy_without_a_head_is_no_copy(log: SqlLog, db: Path, out: Path) -> None:
    backup(db, out)
    connection = dbapi2.connect(str(out), isolation_level=None)
    connection.execute("DROP TRIGGER head_is_not_removed")
    connection.execute("DELETE FROM head")
    connection.close()
    with pytest.raises(StorageError, match="no head"):
        check(out)


def test_broken_pages_are_found(log: SqlLog, db: Path, out: Path) -> None:
    log.append([received(call=f"call-{n}") for n in range(500)], at=NOW, actor=SITI)
    backup(db, out)
    whole = bytearray(out.read_bytes())
    whole[20_480:20_500] = b"\xff" * 20
    out.write_bytes(whole)
    with pytest.raises(StorageError):
        check(out)
