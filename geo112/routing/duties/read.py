"""Reads the tables of the duties and refuses every cell that leads nowhere."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from geo112.core.errors import BadTable, DataMissing
from geo112.routing.duties.cards import Need
from geo112.routing.duties.cells import Problem, Problems, Row, read_rows
from geo112.routing.duties.duties import Duties
from geo112.routing.duties.words import (
    Capability,
    CapabilityCode,
    Category,
    CategoryCode,
    Kejadian,
    KejadianCode,
    Nature,
    PerangkatCode,
    PerangkatDaerah,
    PerangkatKind,
    Severity,
    key_of,
)

CAPABILITIES, PERANGKAT, KEJADIAN = "kemampuan.csv", "perangkat.csv", "kejadian.csv"
CATEGORIES, CARDS = "kategori.csv", "kartu.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    CAPABILITIES: ("kode", "nama", "jenis", "sumber"),
    PERANGKAT: ("kode", "nama", "sebutan", "jenis", "sumber"),
    KEJADIAN: ("kode", "sumber", "kejadian", "perangkat"),
    CATEGORIES: ("kode", "nama", "sifat", "keparahan", "kejadian", "sumber"),
    CARDS: ("kategori", "keparahan", "kemampuan", "jumlah", "sumber"),
}
DEFAULT_FOLDER = "default"
MOST_UNITS = 99
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]?", re.ASCII)


def files_in_force(folders: Sequence[Path]) -> dict[str, Path]:
    """Choose each table from the first folder that has it; raises DataMissing for one that none has.

    A table is taken as a whole: rows of two folders are never mixed.
    """
    chosen: dict[str, Path] = {}
    for name in COLUMNS:
        found = [folder / name for folder in folders if _is_there(folder / name)]
        if not found:
            raise DataMissing(f"{name} is in none of {', '.join(str(one) for one in folders)}", field=name)
        chosen[name] = found[0]
    return chosen


def _is_there(path: Path) -> bool:
    # What is there but cannot be read, such as a link that leads nowhere, is told when it is read.
    try:
        return path.is_symlink() or path.exists()
    except OSError as error:
        raise DataMissing(f"{path} cannot be read: {error.strerror}", field=path.name) from None


def strangers(folder: Path) -> list[Problem]:
    """Name the CSV files of a folder that are none of the tables: a misspelt name would pass unread."""
    message = f"is none of {', '.join(COLUMNS)}"
    names = [one.name for one in csv_files(folder) if one.name not in COLUMNS]
    return [Problem(file=name, line=1, column=None, message=message) for name in names]


def csv_files(folder: Path) -> list[Path]:
    """List the CSV files of a folder, none where there is none; raises DataMissing where it cannot be looked at."""
    try:
        return sorted(one for one in folder.iterdir() if one.suffix.casefold() == ".csv")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataMissing(f"{folder} cannot be read: {error.strerror}", field=folder.name) from None


def read_duties(files: Mapping[str, Path], *, needed: Iterable[str] = ()) -> Duties:
    """Read the duties from their tables; raises BadTable for the first wrong cell, with all of them as its problems.

    `needed` are the codes of the categories that have to be there: what is recorded and exchanged names them.
    """
    duties, problems = try_duties(files, needed=needed)
    if duties is None:
        refuse(problems)
    return duties


def refuse(problems: Sequence[Problem]) -> NoReturn:
    """Raise BadTable for the first of the problems, with all of them in its facts."""
    more = "" if len(problems) == 1 else f" (and {len(problems) - 1} more)"
    raise BadTable(f"{problems[0]}{more}", facts={"problems": [str(one) for one in problems]})


def try_duties(files: Mapping[str, Path], *, needed: Iterable[str] = ()) -> tuple[Duties | None, list[Problem]]:
    """Read the duties, or say all that is wrong with their tables; raises DataMissing for a file that is not there."""
    reading = _Reading(files)
    duties = reading.duties(needed)
    problems = reading.problems.found
    return (None if problems else duties), problems


def category_codes(path: Path) -> tuple[str, ...]:
    """Give the codes of the categories of a table, whatever else is wrong with it; raises DataMissing."""
    return tuple(row.cells["kode"] for row in read_rows(path, COLUMNS[CATEGORIES], Problems()))


class _Reading:
    """One reading of all tables, which notes what is wrong as it goes on."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.problems = Problems()
        self._rows = {name: read_rows(files[name], COLUMNS[name], self.problems) for name in COLUMNS}
        self._rows_of_categories: dict[CategoryCode, Row] = {}

    def duties(self, needed: Iterable[str]) -> Duties | None:
        """Read the tables in the order in which they name each other; None where one of them cannot be read at all."""
        if not all(self._rows.values()):
            self._tell_empty()
            return None
        capabilities = {one.kode: one for one in self._each(CAPABILITIES, self._capability)}
        perangkat = {one.kode: one for one in self._each(PERANGKAT, self._perangkat)}
        self._no_name_twice(PERANGKAT, ("kode", "nama", "sebutan"))
        by_name = {
            key_of(name): one.kode for one in perangkat.values() for name in (one.kode, one.nama, *one.other_names)
        }
        kejadian = {one.kode: one for one in self._each(KEJADIAN, lambda row: self._kejadian(row, by_name))}
        known = {key_of(kode): kode for kode in kejadian}
        categories = {one.kode: one for one in self._each(CATEGORIES, lambda row: self._category(row, known))}
        self._no_name_twice(CATEGORIES, ("kode", "nama"))
        cards = self._cards(categories, {key_of(kode): kode for kode in capabilities})
        self._complete(categories, cards, needed)
        return Duties(
            perangkat_daerah=perangkat, kejadian=kejadian, categories=categories, capabilities=capabilities, cards=cards
        )

    def _tell_empty(self) -> None:
        """Note the tables without any row; of what is missing then the others would only repeat it."""
        told = {problem.file for problem in self.problems.found}
        for name, rows in self._rows.items():
            if not rows and name not in told:
                self.problems.found.append(Problem(file=name, line=1, column=None, message="has no row"))

    def _each[T](self, file: str, read: Callable[[Row], T]) -> list[T]:
        """Read each row of a table whose code is sound and new."""
        seen: set[str] = set()
        found: list[T] = []
        for row in self._rows[file]:
            kode = row.cells["kode"]
            if not _CODE.fullmatch(kode):
                self.problems.add(row, "kode", f"{kode!r} is no code of letters, digits and _")
            elif key_of(kode) in seen:
                self.problems.add(row, "kode", f"{kode!r} is there twice")
            else:
                found.append(read(row))
            seen.add(key_of(kode))
        return found

    def _no_name_twice(self, file: str, columns: Sequence[str]) -> None:
        """Refuse a name that could mean two rows."""
        owners: dict[str, str] = {}
        for row in self._rows[file]:
            for column in columns:
                for name in row.items(column) if column == "sebutan" else [row.cells[column]]:
                    owner = owners.setdefault(key_of(name), row.cells["kode"])
                    if owner != row.cells["kode"]:
                        self.problems.add(row, column, f"{name!r} is {owner} already")

    def _kinds(self, row: Row) -> tuple[PerangkatKind, ...]:
        words = row.items("jenis")
        if not words:
            self.problems.add(row, "jenis", "names nobody")
        kinds = [row.word("jenis", word, PerangkatKind, self.problems) for word in words]
        return tuple(kind for kind in kinds if kind is not None)

    def _capability(self, row: Row) -> Capability:
        return Capability(
            kode=CapabilityCode(row.cells["kode"]),
            nama=row.cells["nama"],
            kinds=self._kinds(row),
            source=row.cells["sumber"],
        )

    def _perangkat(self, row: Row) -> PerangkatDaerah:
        kind = row.member("jenis", PerangkatKind, self.problems)
        return PerangkatDaerah(
            kode=PerangkatCode(row.cells["kode"]),
            nama=row.cells["nama"],
            other_names=tuple(row.items("sebutan")),
            kind=kind or PerangkatKind.LAINNYA,
            source=row.cells["sumber"],
        )

    def _kejadian(self, row: Row, known: Mapping[str, PerangkatCode]) -> Kejadian:
        return Kejadian(
            kode=KejadianCode(row.cells["kode"]),
            nama=row.cells["kejadian"],
            perangkat_daerah=self._named(row, "perangkat", known, PERANGKAT),
            source=row.cells["sumber"],
        )

    def _category(self, row: Row, known: Mapping[str, KejadianCode]) -> Category:
        kode = CategoryCode(row.cells["kode"])
        self._rows_of_categories[kode] = row
        return Category(
            kode=kode,
            nama=row.cells["nama"],
            nature=row.member("sifat", Nature, self.problems) or Nature.DARURAT,
            severity=row.member("keparahan", Severity, self.problems) or Severity.SEDANG,
            kejadian=self._named(row, "kejadian", known, KEJADIAN),
            source=row.cells["sumber"],
        )

    def _named[C: str](self, row: Row, column: str, known: Mapping[str, C], file: str) -> tuple[C, ...]:
        """Give the codes that a cell lists; notes what is unknown, what is there twice and an empty list."""
        found: list[C] = []
        names = row.items(column)
        if not names:
            self.problems.add(row, column, "names nothing")
        for name in names:
            kode = known.get(key_of(name))
            if kode is None:
                self.problems.add(row, column, f"{name!r} is not in {file}")
            elif kode in found:
                self.problems.add(row, column, f"{name!r} is there twice")
            else:
                found.append(kode)
        return tuple(found)

    def _cards(
        self, categories: Mapping[CategoryCode, Category], capabilities: Mapping[str, CapabilityCode]
    ) -> dict[tuple[CategoryCode, Severity], tuple[Need, ...]]:
        """Put the rows of the run cards together."""
        by_name = {key_of(name): one for one in categories.values() for name in (one.kode, one.nama)}
        cards: dict[tuple[CategoryCode, Severity], tuple[Need, ...]] = {}
        for row in self._rows[CARDS]:
            category = by_name.get(key_of(row.cells["kategori"]))
            severity = row.member("keparahan", Severity, self.problems)
            need = self._need(row, capabilities)
            if category is None:
                self.problems.add(row, "kategori", f"{row.cells['kategori']!r} is not in {CATEGORIES}")
            elif category.nature is Nature.INFORMASI:
                self.problems.add(row, "kategori", f"{category.kode} is {Nature.INFORMASI}: nobody is sent")
            elif severity is not None and need is not None:
                card = cards.get((category.kode, severity), ())
                if any(other.capability == need.capability for other in card):
                    self.problems.add(row, "kemampuan", f"{need.capability!r} is there twice on this card")
                cards[category.kode, severity] = (*card, need)
        return cards

    def _need(self, row: Row, known: Mapping[str, CapabilityCode]) -> Need | None:
        """Read what one row of a run card asks for."""
        capability = known.get(key_of(row.cells["kemampuan"]))
        if capability is None:
            self.problems.add(row, "kemampuan", f"{row.cells['kemampuan']!r} is not in {CAPABILITIES}")
        count = row.cells["jumlah"]
        if not _COUNT.fullmatch(count):
            self.problems.add(row, "jumlah", f"{count!r} is no whole number from 1 to {MOST_UNITS}")
            return None
        return None if capability is None else Need(capability=capability, count=int(count), source=row.cells["sumber"])

    def _complete(
        self,
        categories: Mapping[CategoryCode, Category],
        cards: Mapping[tuple[CategoryCode, Severity], object],
        needed: Iterable[str],
    ) -> None:
        """Refuse what is missing: a category that others count on, and one for which nobody says what to send."""
        for kode in needed:
            if kode not in categories and not any(row.cells["kode"] == kode for row in self._rows[CATEGORIES]):
                problem = Problem(file=CATEGORIES, line=1, column="kode", message=f"the category {kode} is missing")
                self.problems.found.append(problem)
        told = {(problem.file, problem.line) for problem in self.problems.found}
        for one in categories.values():
            row = self._rows_of_categories[one.kode]
            if one.nature is Nature.INFORMASI or (one.kode, one.severity) in cards or (row.file, row.line) in told:
                continue
            self.problems.add(row, "keparahan", f"{CARDS} has no sound row for {one.kode}, {one.severity}")
