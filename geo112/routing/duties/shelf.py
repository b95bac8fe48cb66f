"""Keeps the duties of a centre at hand, and in force whatever a clerk does to the tables."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo112.core.errors import BadTable, DataMissing
from geo112.routing.duties.duties import Duties
from geo112.routing.duties.read import (
    CATEGORIES,
    DEFAULT_FOLDER,
    category_codes,
    csv_files,
    files_in_force,
    read_duties,
    refuse,
    strangers,
)


def folders_of(kode: str, *, root: Path, own: Path | None = None) -> tuple[Path, ...]:
    """Say where the tables of a centre may stand, its own first and those of any centre last."""
    return (*(() if own is None else (own,)), root / kode, root / DEFAULT_FOLDER)


def duties_of(folders: Sequence[Path]) -> Duties:
    """Read the duties that hold in these folders, the last of which is the default; raises BadTable or DataMissing."""
    if wrong := [problem for folder in folders for problem in strangers(folder)]:
        refuse(wrong)
    return read_duties(files_in_force(folders), needed=category_codes(folders[-1] / CATEGORIES))


def tables_from(folders: Sequence[Path]) -> dict[str, str]:
    """Say from which folder each table is; raises DataMissing."""
    return {name: path.parent.name for name, path in files_in_force(folders).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """The duties that hold now, from which folder each table is, and why the newest tables are not among them."""

    duties: Duties
    tables: Mapping[str, str]
    problem: str | None


class DutiesShelf:
    """The tables of a centre; any number of threads may ask it."""

    __slots__ = ("_folders", "_in_use", "_lock", "_seen")

    def __init__(self, folders: Sequence[Path]) -> None:
        """Remember the folders; nothing is read before somebody asks."""
        self._folders = tuple(folders)
        self._lock = threading.Lock()
        self._in_use: InUse | None = None
        self._seen: object = None

    def in_use(self) -> InUse:
        """Give the duties as the tables now say; raises DataMissing where even the default cannot be read.

        Tables that are refused change nothing: what was read before stays, at first the default. A slip in a
        spreadsheet must not leave a centre without them.
        """
        with self._lock:
            seen = self._look()
            if self._in_use is None or seen != self._seen:
                self._in_use = self._read(self._in_use)
                self._seen = seen
            return self._in_use

    def _read(self, before: InUse | None) -> InUse:
        try:
            return self._of(self._folders, problem=None)
        except (BadTable, DataMissing) as error:
            problem = str(error)
        if before is not None:
            return replace(before, problem=problem)
        try:
            return self._of(self._folders[-1:], problem=problem)
        except BadTable as error:
            raise DataMissing(str(error), field=DEFAULT_FOLDER) from None

    @staticmethod
    def _of(folders: Sequence[Path], *, problem: str | None) -> InUse:
        return InUse(duties=duties_of(folders), tables=tables_from(folders), problem=problem)

    def _look(self) -> tuple[tuple[str, int, int, int], ...]:
        """Give what changes whenever a table is written, added or taken away."""
        found = []
        for folder in self._folders:
            try:
                files = csv_files(folder)
            except DataMissing:
                # Reading tells why.
                files = [folder]
            found += [_stamp(path) for path in files]
        return tuple(found)


def _stamp(path: Path) -> tuple[str, int, int, int]:
    """Give what changes when a file is written; noughts for one that leads nowhere."""
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), status.st_ino, status.st_mtime_ns, status.st_size
