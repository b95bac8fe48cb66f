"""Tables of duties for tests: those that come with the program, and copies with one cell changed."""

import csv
import shutil
from pathlib import Path

from geo112.routing.duties.cells import Problem
from geo112.routing.duties.duties import Duties
from geo112.routing.duties.read import CATEGORIES, category_codes, files_in_force, try_duties
from geo112.routing.duties.shelf import duties_of, folders_of
from geo112.settings import perangkat_daerah_root

DEFAULT = perangkat_daerah_root() / "default"
BLITAR = perangkat_daerah_root() / "35.72"


def shipped(kode: str) -> Duties:
    return duties_of(folders_of(kode, root=perangkat_daerah_root()))


def copied(folder: Path, source: Path = DEFAULT) -> Path:
    """A folder with the tables of another, to be changed."""
    shutil.copytree(source, folder)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def changed(path: Path, line: int, column: str, text: str) -> None:
    """Put another text into the cell of a line; the header is line 1."""
    rows = rows_of(path)
    rows[line - 2][column] = text
    write_rows(path, rows)


def write_rows(path: Path, rows: list[dict[str, str]], *, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def problems_of(folder: Path) -> list[Problem]:
    """All that is wrong in a folder of tables, held against the categories that a centre has to keep."""
    files = files_in_force([folder, DEFAULT])
    return try_duties(files, needed=category_codes(DEFAULT / CATEGORIES))[1]
