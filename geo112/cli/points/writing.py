"""Writes tables so that a crash leaves no half file: into a hidden file beside the goal, then renamed."""

import csv
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from geo112.cli.points.rows import RESULT_COLUMNS, CsvForm, Rejected


class AtomicFile:
    """A file that appears under its name only when it is whole and on the disk; an error leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        """Open a hidden file beside the goal."""
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self.stream: IO[bytes] = self._part.open("wb")

    def __enter__(self) -> Self:
        """Begin to write."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the file its name, or take it away after an error."""
        if kind is not None:
            self._discard()
            return
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()
            self._part.replace(self._path)
        except OSError:
            self._discard()
            raise

    def _discard(self) -> None:
        """Take the unfinished file away; what cannot be flushed any more is no matter."""
        with suppress(OSError):
            self.stream.close()
        self._part.unlink(missing_ok=True)


class CsvTextWriter:
    """Writes the records of a CSV file as they came, each with its answer behind it."""

    def __init__(self, stream: IO[bytes], form: CsvForm) -> None:
        """Write the header with the result columns."""
        self._stream, self._line_end = stream, form.line_end
        mark = "\ufeff" if form.byte_order_mark else ""
        header = form.delimiter.join([form.header, *RESULT_COLUMNS])
        stream.write(f"{mark}{header}{form.line_end}".encode())

    def write(self, records: Sequence[str], tails: Sequence[str]) -> None:
        """Write one batch."""
        end = self._line_end
        self._stream.write(
            "".join([f"{record}{tail}{end}" for record, tail in zip(records, tails, strict=True)]).encode()
        )


class CsvColumnWriter:
    """Writes columns as CSV; text is quoted, numbers are not."""

    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        """Write the header."""
        self._writer = pa.csv.CSVWriter(stream, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write one batch."""
        self._writer.write_batch(batch)

    def close(self) -> None:
        """End the table."""
        self._writer.close()


class ParquetWriter:
    """Writes columns as Parquet, with the metadata of the table that came in."""

    def __init__(self, stream: IO[bytes], schema: pa.Schema) -> None:
        """Write the schema."""
        self._writer = pa.parquet.ParquetWriter(stream, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        """Write one batch."""
        self._writer.write_batch(batch)

    def close(self) -> None:
        """End the table."""
        self._writer.close()


class RejectedFile:
    """The side file with the rows that were refused; it exists only where there are any."""

    def __init__(self, path: Path) -> None:
        """Take away what an earlier run left there."""
        self.path = path
        self.count = 0
        self.first: Rejected | None = None
        self._file: AtomicFile | None = None

    def add(self, rejected: Sequence[Rejected]) -> None:
        """Write rows in the order in which they came."""
        if not rejected:
            return
        if self._file is None:
            self._file = AtomicFile(self.path)
            self._file.stream.write(b"row,line,field,reason,record\n")
        self.first = self.first or rejected[0]
        self.count += len(rejected)
        for one in rejected:
            self._file.stream.write(_line(one).encode("utf-8", "backslashreplace"))

    def __enter__(self) -> Self:
        """Begin a run."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep the file of a run that ended; a run without refused rows takes an older one away."""
        if self._file is not None:
            self._file.__exit__(kind, error, trace)
        elif kind is None:
            self.path.unlink(missing_ok=True)


def _line(rejected: Rejected) -> str:
    """Write one refused row as CSV."""
    values = (rejected.row, rejected.line, rejected.column, rejected.reason, rejected.record)
    text = _Line()
    csv.writer(text, lineterminator="\n").writerow(["" if value is None else value for value in values])
    return text.value


class _Line:
    """Takes the text of one CSV record."""

    value = ""

    def write(self, text: str) -> None:
        """Keep the text."""
        self.value += text
