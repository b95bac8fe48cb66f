"""Backup and restore: one tar file with the database and the settings, checked by its hash chain on both ways."""

import os
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo112.cli.centre.folder import FILE_NAME, LOCK_NAME, backups_dir, lock_folder, tls_dir
from geo112.cli.centre.spool import make_folders
from geo112.core.errors import BadInput, Conflict, Geo112Error, NotFound, SetupError, StorageError
from geo112.settings import Settings, read_settings
from geo112.store import backup as store

_DATABASE = "centre.sqlite"
_MAX_SETTINGS_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy on disk: how many events it holds, and the hash of the last one."""

    file: Path
    n: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A centre that stands again; `kept` is where the database of before lies, None when there was none."""

    folder: Path
    kode: str
    n: int
    hash: str
    kept: Path | None


def backup_centre(settings: Settings, to: Path | None, *, now: datetime) -> Copy:
    """Copy a centre, running or not, into one file that only the owner can read; raises StorageError or Conflict."""
    out = to or backups_dir(settings) / f"{settings.kode}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar"
    if to is None:
        out.parent.mkdir(mode=0o700, exist_ok=True)
    if not out.parent.is_dir():
        raise NotFound(f"there is no folder {out.parent}", field="to")
    if out.exists():
        raise Conflict(f"{out} exists and is not written over", field="to")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".backup-") as work:
            database = Path(work) / _DATABASE
            checked = store.backup(settings.database, database)
            whole = Path(work) / "whole.tar"
            _pack(whole, database, settings.folder / FILE_NAME)
            whole.rename(out)
            _flush(out.parent)
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror}") from None
    return Copy(file=out, n=checked.n, hash=checked.hash)


def restore_centre(file: Path, folder: Path, *, replace: bool, now: datetime) -> Returned:
    """Put a copy in place of the centre in a folder, which may be new; raises BadInput, Conflict or StorageError.

    The database of before is kept beside the restored one, and the settings that are in the folder stay.
    """
    if not file.is_file():
        raise NotFound(f"there is no file {file}", field="file")
    try:
        with (
            _folder_for(folder),
            lock_folder(folder),
            tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as work,
        ):
            database, text = _unpack(file, Path(work))
            _require_whole(database)
            fresh = not (folder / FILE_NAME).exists()
            settings = _settle_settings(folder, text, replace=replace)
            try:
                restored = store.restore(database, settings.database, now=now, replace=replace)
            except Geo112Error:
                if fresh:
                    (folder / FILE_NAME).unlink()
                raise
            if settings.spool_dir is not None:
                make_folders(settings.spool_dir)
            for path in (tls_dir(settings), backups_dir(settings)):
                path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}") from None
    return Returned(folder=folder, kode=settings.kode, n=restored.n, hash=restored.hash, kept=restored.kept)


@contextmanager
def _folder_for(folder: Path) -> Iterator[None]:
    """Make the folder of a centre where there is none, and leave nothing of it when what follows fails."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        if new:
            (folder / LOCK_NAME).unlink(missing_ok=True)
        for path in new:
            # What somebody else put there meanwhile stays, with the folder that holds it.
            with suppress(OSError):
                path.rmdir()
        raise


def _damaged(how: str) -> BadInput:
    """Refuse a copy without a word of what it holds: that is personal."""
    return BadInput(f"this backup is damaged: {how}", field="file")


def _require_whole(database: Path) -> None:
    """Check the database of a copy by its hash chain; raises BadInput when it is not as it was written."""
    try:
        store.check(database)
    except ValueError:
        # SQLite names the damaged part in bytes that are no text.
        raise _damaged("the database in it is not whole") from None
    except StorageError as error:
        at = error.facts.get("n")
        how = "the database in it is not whole" if at is None else f"event {at} is not as it was written"
        raise _damaged(how) from None


def _settle_settings(folder: Path, text: bytes, *, replace: bool) -> Settings:
    """Use the settings that are there, else those of the copy; the copy of another centre is refused."""
    there = folder / FILE_NAME
    if not there.exists():
        there.write_bytes(text)
        try:
            return read_settings(folder)
        except SetupError:
            there.unlink()
            raise
    settings = read_settings(folder)
    if not replace:
        raise Conflict(f"{folder} holds the centre {settings.kode}: say --replace", field="folder")
    copied = tomllib.loads(text.decode("utf-8")).get("kode")
    if copied != settings.kode:
        raise Conflict(f"the copy is of centre {copied}, the folder of {settings.kode}", field="file")
    return settings


def _pack(out: Path, database: Path, settings_file: Path) -> None:
    out.touch(mode=0o600)
    with out.open("r+b") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(database, _DATABASE, filter=_plain)
            tar.add(settings_file, FILE_NAME, filter=_plain)
        file.flush()
        os.fsync(file.fileno())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whose file it was on this machine."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _unpack(file: Path, work: Path) -> tuple[Path, bytes]:
    """Take exactly the two files out of a copy, whatever else it holds."""
    try:
        with tarfile.open(file, mode="r:") as tar:
            members = {member.name: member for member in tar.getmembers() if member.isreg()}
            if len(members.keys() & {_DATABASE, FILE_NAME}) == 1:
                raise _damaged("one of its two files is missing")
            if set(members) != {_DATABASE, FILE_NAME}:
                raise BadInput(f"{file.name} is no backup of geo112", field="file")
            if members[FILE_NAME].size > _MAX_SETTINGS_BYTES:
                raise BadInput(f"{FILE_NAME} in {file.name} is too long", field="file")
            tar.extractall(work, members=list(members.values()), filter="data")
    except (tarfile.TarError, EOFError, ValueError, OverflowError):
        raise _damaged(f"{file.name} is no whole tar file") from None
    text = (work / FILE_NAME).read_bytes()
    try:
        tomllib.loads(text.decode("utf-8"))
    except ValueError:
        raise _damaged(f"{FILE_NAME} in it cannot be read") from None
    return work / _DATABASE, text


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
