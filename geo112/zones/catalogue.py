"""Which sets of boundaries this machine has, from which day each is valid, and which one is in force on a day.

The national default is the build, valid since always. Further sets stand beside each other in a folder of sets:

    sets.json      a list of {version, name, valid_from, loaded_at, folder}; replaced as a whole
    <folder>/      one set, with the same files as the build

`valid_from` is a day in the centre's own time zone, or null: valid from the moment it was loaded. `folder` is a name in
the folder of sets, or null for the build, which is how one goes back to the default.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from geo112.core.clock import from_iso
from geo112.core.errors import BadInput, NotFound, StorageError
from geo112.zones.centres import WIB

SETS_FILE, MANIFEST = "sets.json", "manifest.json"
DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundarySet:
    """One set of boundaries that was entered; `folder` is None for the build."""

    version: str
    name: str
    valid_from: date | None
    loaded_at: datetime
    folder: str | None

    def first_day(self, zone: tzinfo) -> date:
        """Give the day from which it is valid, in a time zone."""
        return self.valid_from or self.loaded_at.astimezone(zone).date()

    def path(self, sets_dir: Path, build_dir: Path) -> Path:
        """Give the folder with its files."""
        return build_dir if self.folder is None else sets_dir / self.folder


def read_sets(sets_dir: Path) -> tuple[BoundarySet, ...]:
    """Read the sets that were entered, in the order of loading; none without the file, StorageError if it is broken."""
    path = sets_dir / SETS_FILE
    try:
        rows = json.loads(path.read_bytes())
        sets = [_set(row) for row in rows]
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadInput) as error:
        raise StorageError(
            f"{path} is no list of sets ({type(error).__name__}: {error})", field="boundary_sets"
        ) from None
    return tuple(sorted(sets, key=lambda one: one.loaded_at))


def in_force(sets: Sequence[BoundarySet], *, on: date, zone: tzinfo = WIB) -> BoundarySet | None:
    """Give the set in force on a day: the latest that is valid by then, the later loaded of equals; None: the build.

    `sets` are in the order of loading, as `read_sets` gives them.
    """
    valid = [one for one in reversed(sets) if one.first_day(zone) <= on]
    return max(valid, key=lambda one: (one.first_day(zone), one.loaded_at), default=None)


def set_in_force(sets_dir: Path, build_dir: Path, on: date, *, zone: tzinfo = WIB) -> Path:
    """Give the folder of the boundaries in force on a day; StorageError where the list of sets is broken."""
    found = in_force(read_sets(sets_dir), on=on, zone=zone)
    return build_dir if found is None else found.path(sets_dir, build_dir)


def next_change(sets: Sequence[BoundarySet], *, after: date, zone: tzinfo = WIB) -> date | None:
    """Give the next day on which another set may take over by itself; None where none is waiting."""
    return min((day for one in sets if (day := one.first_day(zone)) > after), default=None)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Give the moment at which a day begins in a time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def day_of(now: datetime, zone: tzinfo) -> date:
    """Give the day that it is in a time zone."""
    return now.astimezone(zone).date()


def find_set(wanted: str, *, sets_dir: Path, build_dir: Path) -> Path:
    """Give the folder that a version, `default` or a folder path names; raises NotFound."""
    if wanted == DEFAULT:
        return build_dir
    for one in read_sets(sets_dir):
        if one.version == wanted:
            return one.path(sets_dir, build_dir)
    if wanted == version_of(build_dir):
        return build_dir
    folder = Path(wanted)
    if folder.is_dir():
        return folder
    raise NotFound(f"{wanted!r} is no version of a set, no folder and not `{DEFAULT}`", field="boundary_sets")


def version_of(folder: Path) -> str | None:
    """Give the version of a set by its manifest, without opening it; None where that is missing or broken."""
    try:
        return str(json.loads((folder / MANIFEST).read_bytes())["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _set(row: dict[str, Any]) -> BoundarySet:
    """Read one entry; raises what `read_sets` turns into one error."""
    folder, valid_from = row["folder"], row["valid_from"]
    if folder is not None and (Path(folder).name != folder or folder in {"", ".", ".."}):
        raise ValueError(f"{folder!r} is no name in this folder")
    return BoundarySet(
        version=str(row["version"]),
        name=str(row["name"]),
        valid_from=None if valid_from is None else date.fromisoformat(valid_from),
        loaded_at=from_iso(row["loaded_at"], field="loaded_at"),
        folder=folder,
    )
