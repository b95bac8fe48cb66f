"""Opens lists of cells, plain or gzip, and finds out what kind each one is."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from geo112.core.errors import BadTable

# Told how many bytes of a file of how many have been read.
Progress = Callable[[int, int], None]
_GZIP = b"\x1f\x8b"
_EXAMPLES = 20
_TICK_ROWS = 20_000
LONGEST_FIELD = 10_000


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the rows of one list: how many were taken, passed over, refused and why, with examples."""

    file: str
    preset: str
    rows: int = 0
    taken: int = 0
    other_networks: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, reason: str, *, line: int, column: str, value: str) -> None:
        """Count a refused row; the first of each reason are kept with line and column."""
        self.refused[reason] = self.refused.get(reason, 0) + 1
        shown = self.examples.setdefault(reason, [])
        if len(shown) < _EXAMPLES:
            shown.append(f"line {line}, {column}: {value[:40]!r}")

    def facts(self) -> dict[str, object]:
        """Write the tally as JSON."""
        return {
            "file": self.file,
            "preset": self.preset,
            "rows": self.rows,
            "taken": self.taken,
            "other_networks": self.other_networks,
            "refused": self.refused,
            "examples": self.examples,
        }

    def require_some(self) -> None:
        """Raise BadTable naming the first refused row when a list gave no cell at all."""
        if self.taken:
            return
        said = [f"{reason} ({shown[0]})" for reason, shown in self.examples.items()]
        why = said[0] if said else "it holds no cell in Indonesia"
        raise BadTable(f"none of {self.rows} rows can be used: {why}", field=self.file)


@contextmanager
def opened(path: Path) -> Iterator[tuple[io.TextIOWrapper, Callable[[], int], int]]:
    """Open a list as text; gives how far the file was read, and its size. Raises BadTable for what is no such text."""
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            stream = gzip.GzipFile(fileobj=raw) if packed else raw
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            yield text, raw.tell, size
    except OSError as error:
        raise BadTable(f"cannot be read: {error.strerror or error}", field=str(path)) from None
    except UnicodeDecodeError:
        raise BadTable("is no UTF-8 text: save it as CSV UTF-8", field=str(path)) from None
    except (EOFError, zlib.error):
        raise BadTable("is a damaged gzip file", field=str(path)) from None


def first_line(path: Path) -> str:
    """Give the first line of a list; raises BadTable for an empty one."""
    with opened(path) as (text, _, _):
        line = text.readline(LONGEST_FIELD)
    if not line.strip():
        raise BadTable("is empty: its first line must name the columns", field=str(path))
    return line.rstrip("\r\n")


def delimiter_of(line: str) -> str:
    """Say what parts the fields of a line: comma, semicolon or tab."""
    return max(",;\t", key=line.count)


def rows_of_csv(path: Path, *, delimiter: str, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """Give the number of the line and the fields of each row, telling how far the file was read."""
    with opened(path) as (text, tell, size):
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise BadTable(f"line {reader.line_num}: {error}", field=str(path)) from None
            if row is None:
                break
            if reader.line_num % _TICK_ROWS == 0:
                progress(tell(), size)
            if row:
                yield reader.line_num, row
    progress(size, size)
