"""What real processes do to one log: they are killed in the middle, and they write at the same time."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo112.core.codes import PersonRef
from geo112.desk.board import Board
from geo112.incidents.chain import verify
from geo112.incidents.events import CallReceived
from geo112.store.backup import check
from geo112.store.sql import SqlLog

KILLS = 30
Nursery = subprocess.Popen[str]
Acknowledged = dict[str, tuple[int, str]]


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    script = Path(__file__).with_name("nursery.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        yield started
        started.stdin.close()


def acknowledgements(nursery: Nursery, *, kill_after: int | None = None) -> Acknowledged:
    """Read until everybody is dead; kill the process once it has acknowledged so many calls."""
    found: Acknowledged = {}
    pid = None
    for line in nursery.stdout:
        match line.split():
            case ["dead"]:
                return found
            case ["pid", number]:
                pid = int(number)
            case ["ack", n, digest, call]:
                found[call] = (int(n), digest)
                if len(found) == kill_after:
                    os.kill(pid, signal.SIGKILL)
    raise AssertionError("the processes ended without saying so")


def start(nursery: Nursery, db: Path, *, processes: int, threads: int, appends: int) -> None:
    nursery.stdin.write(f"{db} {processes} {threads} {appends}\n")
    nursery.stdin.flush()


def assert_on_record(log: SqlLog, acknowledged: Acknowledged) -> None:
    kept = {one.event.call: (one.n, one.hash) for one in log.read() if isinstance(one.event, CallReceived)}
    assert {call: kept.get(call) for call in acknowledged} == acknowledged
    refs = [PersonRef(call) for call in acknowledged]
    assert set(log.people(refs)) == set(refs)


def test_kill_9_at_any_moment_loses_no_acknowledged_call(nursery: Nursery, tmp_path: Path) -> None:
    db = tmp_path / "centre.sqlite3"
    SqlLog.open(db).close()
    choose = random.Random(112)  # noqa: S311 - when to kill, no secret
    acknowledged: Acknowledged = {}
    for _ in range(KILLS):
        start(nursery, db, processes=1, threads=4, appends=1_000_000)
        acknowledged |= acknowledgements(nursery, kill_after=choose.randint(1, 60))
        log = SqlLog.open(db)
        verify(log.read(after=0), head=log.head())
        log.close()
    assert len(acknowledged) > KILLS
    log = SqlLog.open(db)
    assert_on_record(log, acknowledged)
    # A call and its ringing are one transaction: no kill leaves one without the other.
    calls = Board(log).calls()
    assert all(call.ringing_at is not None and log.person(call.person) is not None for call in calls)
    log.close()
    assert check(db).n == 2 * len(calls)


def test_four_processes_append_to_one_log(nursery: Nursery, tmp_path: Path) -> None:
    db = tmp_path / "centre.sqlite3"
    start(nursery, db, processes=4, threads=2, appends=40)
    acknowledged = acknowledgements(nursery)
    assert len(acknowledged) == 4 * 2 * 40
    log = SqlLog.open(db)
    assert verify(log.read(), head=log.head())[0] == 2 * len(acknowledged)
    assert_on_record(log, acknowledged)
    log.close()


def test_a_write_error_of_the_disk_itself_is_told(tmp_path: Path) -> None:
    """A real EFBIG from the kernel: the process may not make files longer than this."""
    program = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from pathlib import Path
from told import NOW, SITI, received
from geo112.core.errors import StorageError
from geo112.store.sql import SqlLog
log = SqlLog.open(Path({str(tmp_path)!r}) / "centre.sqlite3")
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
kept = 0
try:
    while True:
        log.append([received(call=f"call-{{kept}}")], at=NOW, actor=SITI)
        kept += 1
except StorageError as error:
    print(kept, log.head()[0], error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(log.append([received(call="after")], at=NOW, actor=SITI)[0].n)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    told, after = done.stdout.splitlines()
    kept, head, reason = told.split(maxsplit=2)
    assert int(kept) == int(head) > 10
    assert reason.startswith("the log cannot be written: ")
    assert int(after) == int(kept) + 1
    assert check(tmp_path / "centre.sqlite3").n == int(after)
