"""Enters further sets of boundaries, checked first, and takes them out again; a running centre follows by itself."""

import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from geo112.basemap.tiles import Basemap
from geo112.core.clock import to_iso
from geo112.core.errors import BadInput, NotFound, StorageError
from geo112.prepare.cache import is_whole
from geo112.prepare.outputs import MANIFEST
from geo112.zones.catalogue import DEFAULT, SETS_FILE, BoundarySet, read_sets
from geo112.zones.index import ZoneIndex
from geo112.zones.opening import open_compact
from geo112.zones.outside import OUTSIDE_FILE
from geo112.zones.service_areas import FILE as SERVICE_AREAS
from geo112.zones.service_areas import ServiceAreas

ZONES_FILE, BASEMAP_FILE = "zones.geo112", "basemap.geo112"
_LONGEST_NAME = 200


def check_set(folder: Path) -> str:
    """Open every file of a set as a service would and give its version; raises DataMissing or StorageError."""
    version = ZoneIndex.open(folder / ZONES_FILE).version
    others = {BASEMAP_FILE: Basemap.open(folder / BASEMAP_FILE).version}
    others[SERVICE_AREAS] = ServiceAreas.open(folder / SERVICE_AREAS).version
    if (folder / OUTSIDE_FILE).is_file():
        others[OUTSIDE_FILE] = open_compact(folder / OUTSIDE_FILE).version
    for name, other in others.items():
        if other != version:
            raise StorageError(f"{folder / name} has version {other}, not {version}", field="boundaries")
    if (folder / MANIFEST).is_file() and not is_whole(folder):
        raise StorageError(f"{folder} does not fit its {MANIFEST}", field="boundaries")
    return version


def put_in_force(fresh: Path, *, sets_dir: Path, valid_from: date | None, name: str, now: datetime) -> Path:
    """Enter a finished set and give where its folder stands now: `fresh` is moved there.

    It takes over on `valid_from` in each centre's own time zone, without one at once. Nothing changes where a file of
    it does not pass its checks: DataMissing or StorageError. A set with the same version takes the old one's place.
    """
    shown = " ".join(name.split())
    if not shown or len(shown) > _LONGEST_NAME:
        raise BadInput(f"a name has 1 to {_LONGEST_NAME} letters", field="name")
    version = check_set(fresh)
    with _changing(sets_dir):
        sets = read_sets(sets_dir)
        folder = _free_name(sets_dir, version)
        _move_in(fresh, sets_dir / folder)
        entry = BoundarySet(version=version, name=shown, valid_from=valid_from, loaded_at=now, folder=folder)
        _write(sets_dir, [*(one for one in sets if one.version != version), entry])
        _drop_folders(sets_dir, [one for one in sets if one.version == version])
    return sets_dir / folder


def use(version: str, *, sets_dir: Path, valid_from: date | None, now: datetime) -> BoundarySet:
    """Put a set that is there in force from a day, or from now; `default` goes back to the build. Raises NotFound."""
    with _changing(sets_dir):
        sets = read_sets(sets_dir)
        found = next((one for one in sets if one.version == version), None)
        if found is None and version == DEFAULT:
            found = BoundarySet(version=DEFAULT, name=DEFAULT, valid_from=None, loaded_at=now, folder=None)
        if found is None:
            raise _unknown(version, sets)
        if found.folder is not None:
            check_set(sets_dir / found.folder)
        entry = replace(found, valid_from=valid_from, loaded_at=now)
        _write(sets_dir, [*(one for one in sets if one.version != version), entry])
    return entry


def remove(version: str, *, sets_dir: Path) -> BoundarySet:
    """Take a set out and delete its folder; who uses it now goes on until it looks again. Raises NotFound."""
    with _changing(sets_dir):
        sets = read_sets(sets_dir)
        gone = [one for one in sets if one.version == version]
        if not gone:
            raise _unknown(version, sets)
        _write(sets_dir, [one for one in sets if one.version != version])
        _drop_folders(sets_dir, gone)
    return gone[0]


def _unknown(version: str, sets: Sequence[BoundarySet]) -> NotFound:
    known = ", ".join(one.version for one in sets) or "none"
    return NotFound(f"there is no set {version!r}; entered: {known}", field="version")


@contextmanager
def _changing(sets_dir: Path) -> Iterator[None]:
    """Keep other programs from changing the list at the same time."""
    sets_dir.mkdir(parents=True, exist_ok=True)
    with (sets_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_name(sets_dir: Path, version: str) -> str:
    """Name a new folder: a set of this version may be in use, so its files are never written over."""
    number = 1
    while (sets_dir / (name := version if number == 1 else f"{version}-{number}")).exists():
        number += 1
    return name


def _move_in(fresh: Path, target: Path) -> None:
    """Move a folder into the folder of sets, from another disk too, and make sure that a power cut leaves it whole."""
    for path in fresh.iterdir():
        _sync(path)
    try:
        fresh.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".in-") as beside:
            copy = shutil.copytree(fresh, Path(beside) / "set")
            for path in copy.iterdir():
                _sync(path)
            copy.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    # Geometry is never committed, wherever the folder is.
    (target / ".gitignore").write_text("*\n", encoding="utf-8")
    _sync(target)
    _sync(target.parent)


def _write(sets_dir: Path, sets: Sequence[BoundarySet]) -> None:
    """Replace the list as a whole, so that nobody ever reads half of one."""
    rows = [
        {
            "version": one.version,
            "name": one.name,
            "valid_from": None if one.valid_from is None else one.valid_from.isoformat(),
            "loaded_at": to_iso(one.loaded_at),
            "folder": one.folder,
        }
        for one in sets
    ]
    beside = sets_dir / (SETS_FILE + ".part")
    beside.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _sync(beside)
    beside.replace(sets_dir / SETS_FILE)
    _sync(sets_dir)


def _drop_folders(sets_dir: Path, sets: Sequence[BoundarySet]) -> None:
    for one in sets:
        if one.folder is not None:
            shutil.rmtree(sets_dir / one.folder, ignore_errors=True)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
