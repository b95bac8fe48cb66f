import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import text
from told import AML, CALL, NOW, NUMBER, PERSON, SITI, received

from geo112.core.codes import PersonRef
from geo112.core.errors import SetupError, StorageError
from geo112.incidents.chain import verify
from geo112.incidents.events import CallRinging
from geo112.incidents.ports import Person
from geo112.store.database import LEAST_SQLITE, form_of, newest_form, reading, require_sqlite
from geo112.store.sql import SqlLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "centre.sqlite3"


@pytest.fixture
def log(path: Path) -> Iterator[SqlLog]:
    log = SqlLog.open(path)
    log.append([received(), CallRinging(call=CALL)], at=NOW, actor=SITI)
    yield log
    log.close()


def change(path: Path, *statements: str) -> None:
    """Do to the file what only somebody with the right to write it could do, past every guard."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_sqlite_that_can_lose_calls_is_refused() -> None:
    with pytest.raises(SetupError, match=r"SQLite 3\.51\.2 can damage the log; 3\.51\.3 or later is needed"):
        require_sqlite((3, 51, 2))
    require_sqlite(LEAST_SQLITE)
    require_sqlite()


def test_every_connection_is_durable(log: SqlLog) -> None:
    with reading(log.engine) as connection:
        asked = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        assert asked == {"journal_mode": "wal", "synchronous": 2}
        assert connection.execute(text("PRAGMA mmap_size")).scalar() == 0
    assert log._writer.execute("PRAGMA synchronous").fetchone() == (2,)
    assert log._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("column", ["number", "external_ref"])
def test_a_caller_is_found_without_looking_at_all_of_them(log: SqlLog, column: str) -> None:
    asked = text(f"EXPLAIN QUERY PLAN SELECT * FROM person WHERE {column} = 'x' ORDER BY ref")  # noqa: S608 - a name above
    with reading(log.engine) as connection:
        assert [row.detail for row in connection.execute(asked)] == [
            f"SEARCH person USING INDEX person_{column} ({column}=?)"
        ]


def test_the_file_is_for_its_owner_alone(log: SqlLog, path: Path) -> None:
    for one in path.parent.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600, one.name


def test_a_log_is_still_there_after_closing(log: SqlLog, path: Path) -> None:
    head = log.head()
    log.close()
    again = SqlLog.open(path)
    assert again.head() == head
    again.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    assert verify(again.read(), head=again.head())[0] == 3
    again.close()


def test_the_tables_are_those_of_the_newest_form(log: SqlLog) -> None:
    with reading(log.engine) as connection:
        assert form_of(connection) == newest_form()


def test_a_database_of_a_later_form_is_left_alone(log: SqlLog, path: Path) -> None:
    log.close()
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupError, match="later geo112"):
        SqlLog.open(path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no folder"):
        SqlLog.open(tmp_path / "nowhere" / "centre.sqlite3")


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database, but something else of some length" * 100)
    with pytest.raises(StorageError, match="not a database"):
        SqlLog.open(path)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE event SET actor = 'budi' WHERE n = 1", "never changed"),
        ("DELETE FROM event WHERE n = 2", "never removed"),
        ("INSERT OR REPLACE INTO event SELECT * FROM event WHERE n = 1", "comes after the last one"),
        (
            "INSERT INTO event SELECT 9, at, actor, role, kind, NULL, NULL, body_json, hash, hash FROM event",
            "comes after",
        ),
        (
            "INSERT INTO event SELECT 3, at, actor, role, kind, NULL, NULL, body_json, 'x', hash FROM event",
            "comes after",
        ),
        ("UPDATE head SET n = 1", "only goes forward"),
        ("UPDATE head SET hash = ''", "only goes forward"),
        ("UPDATE head SET id = 2, n = 9", "only goes forward"),
        ("DELETE FROM head", "never removed"),
        ("INSERT INTO head (id, n, hash) VALUES (2, 0, '')", "there is one head"),
    ],
)
def test_the_database_itself_refuses_to_change_the_log(log: SqlLog, statement: str, refusal: str) -> None:
    before = list(log.read())
    with pytest.raises(dbapi2.IntegrityError, match=refusal):
        log._writer.execute(statement)
    assert list(log.read()) == before
    assert log.head() == (2, before[-1].hash)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'budi' WHERE n = 1",
        "UPDATE event SET role = 'admin' WHERE n = 1",
        "UPDATE event SET at = '2020-01-01T00:00:00.000000Z' WHERE n = 1",
        "UPDATE event SET at = 'yesterday' WHERE n = 1",
        "UPDATE event SET call_id = 'other' WHERE n = 1",
        "UPDATE event SET incident_id = 'other' WHERE n = 1",
        "UPDATE event SET kind = 'CallAnswered' WHERE n = 2",
        "UPDATE event SET kind = 'CallSold' WHERE n = 2",
        "UPDATE event SET body_json = replace(body_json, 'false', 'true') WHERE n = 1",
        "UPDATE event SET body_json = body_json || ' ' WHERE n = 1",
        "UPDATE event SET body_json = '' WHERE n = 1",
        "UPDATE event SET prev_hash = 'x' WHERE n = 1",
        "UPDATE event SET hash = 'x' WHERE n = 2",
        "DELETE FROM event WHERE n = 1",
        "DELETE FROM event WHERE n = 2",
        "UPDATE head SET n = 3",
    ],
)
def test_a_change_past_the_guards_is_found(log: SqlLog, path: Path, statement: str) -> None:
    verify(log.read(), head=log.head())
    change(path, statement)
    with pytest.raises(StorageError):
        verify(log.read(), head=log.head())


def fill(log: SqlLog, *, spare_pages: int) -> None:
    """Leave room for only so many pages: SQLite then answers as on a full disk (SQLITE_FULL)."""
    pages = log._writer.execute("PRAGMA page_count").fetchone()[0]
    log._writer.execute(f"PRAGMA max_page_count = {pages + spare_pages}")


def test_a_full_disk_is_told_and_nothing_is_acknowledged(log: SqlLog) -> None:
    before = list(log.read())
    fill(log, spare_pages=1)
    huge = Person(ref=PERSON, number=NUMBER, raw_message=AML * 1_000)
    with pytest.raises(StorageError, match=r"cannot be written: database or disk is full"):
        log.append([received(call="lost", person=PERSON)], at=NOW, actor=SITI, people=[huge])
    assert list(log.read()) == before
    assert log.person(PERSON) is None
    assert log.head() == (2, before[-1].hash)


def test_after_a_full_disk_the_log_works_again(log: SqlLog) -> None:
    fill(log, spare_pages=0)
    huge = Person(ref=PERSON, raw_message=AML * 1_000)
    with pytest.raises(StorageError):
        log.append([received(call="lost")], at=NOW, actor=SITI, people=[huge])
    [written] = log.append([received(call="kept")], at=NOW, actor=SITI, people=[huge])
    assert written.n == 3
    assert verify(log.read(), head=log.head())[0] == 3
    assert log.person(PERSON) == huge


def test_who_waits_with_somebody_who_fails_does_not_fail_for_him(log: SqlLog) -> None:
    """Three appends share a commit; the middle one does not fit."""
    from geo112.incidents.chain import Draft  # noqa: PLC0415 - only this test looks inside
    from geo112.store.rows import person_row  # noqa: PLC0415 - as above
    from geo112.store.sql import _Wish  # noqa: PLC0415 - as above

    def wish(call: str, *people: Person) -> _Wish:
        rows = [person_row(person, at=NOW) for person in people]
        return _Wish(drafts=[Draft.of(received(call=call), at=NOW, actor=SITI)], people=rows)

    broken = wish("second")
    broken.people.append((None, None, None, None, None, None, None, None))
    wishes = [wish("first"), broken, wish("third", Person(ref=PersonRef("3"), number=NUMBER))]
    log._queue.extend(wishes)
    log._write_all()
    assert [one.written is not None for one in wishes] == [True, False, True]
    assert "cannot be written" in str(wishes[1].error)
    assert [one.event.call for one in log.read()] == [CALL, CALL, "first", "third"]
    assert verify(log.read(), head=log.head())[0] == 4


def test_a_log_that_lost_its_head_takes_no_more_calls(log: SqlLog, path: Path) -> None:
    change(path, "DELETE FROM head")
    for _ in range(2):
        with pytest.raises(StorageError, match="lost its head"):
            log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)


def test_a_file_that_cannot_be_reached_is_told(log: SqlLog, path: Path) -> None:
    log.close()
    for one in path.parent.iterdir():
        one.unlink()
    path.parent.rmdir()
    with pytest.raises(StorageError, match="cannot be opened"):
        log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    with pytest.raises(StorageError, match="cannot be read"):
        list(log.read())
    path.parent.mkdir()


def test_data_version_moves_when_anybody_writes(log: SqlLog, path: Path) -> None:
    first = log.data_version()
    assert log.data_version() == first
    log.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    second = log.data_version()
    other = SqlLog.open(path)
    other.append([CallRinging(call=CALL)], at=NOW, actor=SITI)
    other.close()
    assert len({first, second, log.data_version()}) == 3


def test_no_number_stands_outside_the_people(log: SqlLog, path: Path) -> None:
    log.append([received(person=PERSON)], at=NOW, actor=SITI, people=[Person(ref=PERSON, number=NUMBER)])
    log.erase_people([PERSON])
    log.close()
    assert NUMBER.encode() not in path.read_bytes()
    assert list(path.parent.iterdir()) == [path]
