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

from geo112.cli.points.pieces import Layout
from geo112.cli.points.rows import RESULT_COLUMNS, Rejected

ROW_GROUP_ROWS = 131_072


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


class CsvWriter:
    """Writes CSV under the header of the table that came in, or under one made of the names of columns."""

    def __init__(self, stream: IO[bytes], layout: Layout) -> None:
        """Write the header with the result columns."""
        self._stream = stream
        form = layout.form
        if form is None:
            pa.csv.CSVWriter(stream, layout.result).close()
            return
        mark = "\ufeff" if form.byte_order_mark else ""
        header = form.delimiter.join([form.header, *RESULT_COLUMNS])
        stream.write(f"{mark}{header}{form.line_end}".encode())

    def write(self, body: bytes) -> None:
        """Write lines."""
        self._stream.write(body)

    def close(self) -> None:
        """End the table."""


class ParquetWriter:
    """Writes Arrow streams as Parquet, with the metadata of the table that came in, in row groups of a useful size."""

    def __init__(self, stream: IO[bytes], layout: Layout) -> None:
        """Write the schema."""
        self._writer = pa.parquet.ParquetWriter(stream, layout.result)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, body: bytes) -> None:
        """Take the rows of a stream, if there are any."""
        if body:
            with pa.ipc.open_stream(body) as batches:
                self._waiting.extend(batches)
            self._rows = sum(batch.num_rows for batch in self._waiting)
        if self._rows >= ROW_GROUP_ROWS:
            self._write_group()

    def close(self) -> None:
        """End the table."""
        if self._waiting:
            self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._waiting))
        self._waiting, self._rows = [], 0


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
