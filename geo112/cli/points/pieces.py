"""The pieces that a table is cut into: each is resolved alone, here, in another process or on another machine."""

from dataclasses import dataclass

import pyarrow as pa

from geo112.cli.points.rows import CsvForm, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvPiece:
    """Whole lines of a CSV file, from byte `start` to byte `end` of it; nothing is open where it begins.

    `too_long` marks the beginning of one line that nobody keeps whole. `final` says that no record goes on behind it.
    """

    start: int
    end: int
    data: bytes
    too_long: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPiece:
    """Rows `start` to `end`, the first being 0 and the last left out, of a Parquet file."""

    start: int
    end: int
    batch: pa.RecordBatch


Piece = CsvPiece | ColumnPiece


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What one must know of a table to resolve any piece of it.

    `form` is how a CSV file is written, `result` the columns that go into a Parquet file or from one into CSV.
    """

    lat_column: str
    lon_column: str
    to_csv: bool
    form: CsvForm | None = None
    result: pa.Schema | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A resolved piece: CSV text or an Arrow stream in `body`; `rejected` counts from the piece's first row and line.

    `left_bytes` at the end of a CSV piece belong to a record that goes on behind it: the piece was cut wrongly there.
    """

    body: bytes
    rows: int
    lines: int
    written: int
    rejected: tuple[Rejected, ...] = ()
    left_bytes: int = 0
