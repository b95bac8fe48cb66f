"""Tables as a clerk keeps them: CSV from a spreadsheet or an editor, every cell with the place where it stands."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from geo112.core.errors import DataMissing

MOST_BYTES = 1_000_000
LONGEST_CELL = 300
# Spreadsheets set to Indonesian part cells by semicolons, since the comma is theirs for decimals.
SEPARATORS = ",;\t"
LIST_SEPARATOR = ";"
# Such a line above the table tells Excel what parts the cells.
_SAID = re.compile(r"\Asep=.(?=[\r\n])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in a table, and where; `column` is none where the line as a whole is wrong."""

    file: str
    line: int
    column: str | None
    message: str

    def __str__(self) -> str:
        """Name the place first, since that is where the clerk has to look."""
        column = "" if self.column is None else f", column {self.column}"
        return f"{self.file} line {self.line}{column}: {self.message}"


class Problems:
    """Collects all that is wrong, so that a clerk mends a file in one go."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.found: list[Problem] = []

    def add(self, row: "Row", column: str | None, message: str) -> None:
        """Note what is wrong in a row."""
        self.found.append(Problem(file=row.file, line=row.line, column=column, message=message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table; the line is that on which it begins."""

    file: str
    line: int
    cells: Mapping[str, str]

    def items(self, column: str) -> list[str]:
        """Give the parts of a cell that holds a list."""
        return [part for one in self.cells[column].split(LIST_SEPARATOR) if (part := one.strip())]

    def member[E: StrEnum](self, column: str, kind: type[E], problems: Problems) -> E | None:
        """Read one word of a fixed list; None, with the problem noted, for any other."""
        return self.word(column, self.cells[column], kind, problems)

    def word[E: StrEnum](self, column: str, text: str, kind: type[E], problems: Problems) -> E | None:
        """Read a word of a cell that must stand in a fixed list; None, with the problem noted, for any other."""
        word = text.casefold()
        if word in set(kind):
            return kind(word)
        problems.add(self, column, f"{text!r} is none of {', '.join(kind)}")
        return None


def read_rows(path: Path, columns: Sequence[str], problems: Problems) -> list[Row]:
    """Read the rows that can be read and note what is wrong with the others; raises DataMissing for an unread file.

    Every cell but `sebutan` must be filled. Rows without any word, as spreadsheets leave them at the end, are passed
    over.
    """
    text = _text(path, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows: list[Row] = []
    begun = 0
    header: list[str] | None = None
    try:
        for cells in reader:
            line, begun = begun + 1, reader.line_num
            words = [" ".join(cell.split()) for cell in cells]
            if not any(words):
                continue
            if header is None:
                header = [word.casefold() for word in words]
                if not _fits(path.name, line, header, columns, problems):
                    return []
            else:
                rows += _row(path.name, line, header, words, problems)
    except csv.Error as error:
        problems.found.append(Problem(file=path.name, line=begun + 1, column=None, message=f"is no CSV: {error}"))
    return rows


def _text(path: Path, problems: Problems) -> str | None:
    """Give the text of a file; None, with the problem noted, for what is no text of a table."""
    try:
        with path.open("rb") as file:
            octets = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DataMissing(f"{path} cannot be read: {error.strerror}", field=path.name) from None
    message = f"is longer than {MOST_BYTES} bytes" if len(octets) > MOST_BYTES else None
    line = 1
    try:
        text = _SAID.sub("", octets.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        text, line = "", octets[: error.start].count(b"\n") + 1
        message = message or "is no UTF-8: save it as `CSV UTF-8`"
    if not text.strip():
        message = message or "is empty"
    if message is None:
        return text
    problems.found.append(Problem(file=path.name, line=line, column=None, message=message))
    return None


def _separator(text: str) -> str:
    """Choose what parts the cells of the first line that has words."""
    first = next(line for line in text.splitlines() if line.strip())
    return max(SEPARATORS, key=first.count)


def _fits(file: str, line: int, header: Sequence[str], columns: Sequence[str], problems: Problems) -> bool:
    """Tell whether the line names every column once and no other; notes what does not."""
    before = len(problems.found)
    for column in columns:
        if header.count(column) != 1:
            wrong = "is missing" if column not in header else "is there twice"
            problems.found.append(Problem(file=file, line=line, column=column, message=wrong))
    for column in header:
        if column not in columns:
            wrong = f"is none of {', '.join(columns)}"
            problems.found.append(Problem(file=file, line=line, column=column or "(no name)", message=wrong))
    return len(problems.found) == before


def _row(file: str, line: int, header: Sequence[str], words: Sequence[str], problems: Problems) -> list[Row]:
    """Give the row, or nothing, with the problem noted, where it has not the cells that it should."""
    row = Row(file=file, line=line, cells=dict(zip(header, words, strict=False)))
    if len(words) != len(header):
        problems.add(row, None, f"has {len(words)} cells instead of {len(header)}")
        return []
    before = len(problems.found)
    for column, word in row.cells.items():
        if not word and column != "sebutan":
            problems.add(row, column, "is empty")
        elif len(word) > LONGEST_CELL:
            problems.add(row, column, f"is longer than {LONGEST_CELL} characters")
        elif not word.isprintable():
            problems.add(row, column, "holds a control character")
    return [row] if len(problems.found) == before else []
