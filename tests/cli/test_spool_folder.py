import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from geo112.cli.centre.spool import PATIENCE_S, Spool, Taken, make_folders
from geo112.core.errors import StorageError

WIB = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 22, 3, 20, tzinfo=UTC)
NAME = "IN20261122_101530_00_+6285700002290_00.txt"


class Centre:
    """Keeps what the spool stores; with `broken` set, the disk is full."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.broken = False

    def store(self, taken: Taken) -> None:
        if self.broken:
            raise StorageError("the disk is full")
        self.taken.append(taken)


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def spool(tmp_path: Path, centre: Centre) -> Spool:
    make_folders(tmp_path)
    return Spool(tmp_path, centre.store, zone=WIB)


def put(folder: Path, name: str, data: bytes, *, at: datetime = NOW) -> Path:
    path = folder / "inbox" / name
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def names(folder: Path) -> dict[str, list[str]]:
    return {kind: sorted(path.name for path in (folder / kind).iterdir()) for kind in ("inbox", "done", "failed")}


def test_a_file_is_taken_once_it_stopped_growing(tmp_path: Path, spool: Spool, centre: Centre) -> None:
    put(tmp_path, NAME, b"api di")
    assert spool.scan(now=NOW) == 0
    put(tmp_path, NAME, b"api di Sentul")
    assert spool.scan(now=NOW) == 0
    assert spool.scan(now=NOW) == 1
    assert [taken.message.text for taken in centre.taken] == ["api di Sentul"]
    assert centre.taken[0].received_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
    assert names(tmp_path) == {"inbox": [], "done": [NAME], "failed": []}


def test_a_file_without_a_time_gets_its_own_which_a_repeat_keeps(tmp_path: Path, spool: Spool, centre: Centre) -> None:
    changed = NOW - timedelta(minutes=3)
    put(tmp_path, "note", b"halo", at=changed)
    for _ in range(2):
        spool.scan(now=NOW)
    (tmp_path / "done" / "note").rename(tmp_path / "inbox" / "note")
    for _ in range(2):
        spool.scan(now=NOW + timedelta(hours=1))
    assert [taken.received_at for taken in centre.taken] == [changed, changed]


def test_nothing_is_moved_before_it_is_stored(tmp_path: Path, spool: Spool, centre: Centre) -> None:
    put(tmp_path, NAME, b"halo")
    centre.broken = True
    assert [spool.scan(now=NOW) for _ in range(3)] == [0, 0, 0]
    assert names(tmp_path)["inbox"] == [NAME]
    centre.broken = False
    assert spool.scan(now=NOW) == 1
    assert names(tmp_path) == {"inbox": [], "done": [NAME], "failed": []}


def test_binary_junk_is_stored_as_hex_and_put_aside_with_its_reason(
    tmp_path: Path, spool: Spool, centre: Centre
) -> None:
    junk = bytes(range(256))
    put(tmp_path, "junk", junk)
    for _ in range(2):
        spool.scan(now=NOW)
    assert centre.taken[0].message.text == junk.hex()
    assert names(tmp_path) == {"inbox": [], "done": [], "failed": ["junk", "junk.reason"]}
    assert (tmp_path / "failed" / "junk").read_bytes() == junk
    assert "not text" in (tmp_path / "failed" / "junk.reason").read_text()


def test_a_name_that_comes_again_overwrites_nothing(tmp_path: Path, spool: Spool) -> None:
    for text in (b"satu", b"dua", b"tiga"):
        put(tmp_path, "GSM1.x", text)
        for _ in range(2):
            spool.scan(now=NOW)
    assert names(tmp_path)["done"] == ["GSM1.x", "GSM1.x.1", "GSM1.x.2"]
    assert {path.read_bytes() for path in (tmp_path / "done").iterdir()} == {b"satu", b"dua", b"tiga"}


def test_temporary_files_folders_and_links_stay(tmp_path: Path, spool: Spool, centre: Centre) -> None:
    for name in (".hidden", "a.tmp", "b.LOCK", "c~"):
        put(tmp_path, name, b"halo")
    (tmp_path / "inbox" / "folder").mkdir()
    (tmp_path / "inbox" / "link").symlink_to("/etc/hostname")
    assert [spool.scan(now=NOW) for _ in range(3)] == [0, 0, 0]
    assert centre.taken == []


def test_half_a_file_waits_and_is_kept_in_the_end(tmp_path: Path, spool: Spool, centre: Centre) -> None:
    put(tmp_path, "GSM1.a", b"")
    put(tmp_path, "GSM1.b", b"From: 62857\nLength: 5\n\nhal")
    assert [spool.scan(now=NOW) for _ in range(3)] == [0, 0, 0]
    assert spool.scan(now=NOW + timedelta(seconds=PATIENCE_S)) == 2
    assert sorted(taken.message.text for taken in centre.taken) == ["", "hal"]
    assert names(tmp_path)["failed"] == ["GSM1.a", "GSM1.a.reason"]


def test_files_are_stored_in_the_order_they_came(tmp_path: Path, spool: Spool, centre: Centre) -> None:
    for age_s, name in ((3, "b"), (2, "a"), (1, "c")):
        put(tmp_path, name, name.encode(), at=NOW - timedelta(seconds=age_s))
    for _ in range(2):
        spool.scan(now=NOW)
    assert [taken.name for taken in centre.taken] == ["b", "a", "c"]
