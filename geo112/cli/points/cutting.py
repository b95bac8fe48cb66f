"""Cuts a table into pieces that can be resolved alone, reading the file once from front to back."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow.parquet

from geo112.cli.points.csv_reading import LONGEST_LINE_BYTES, LONGEST_RECORD_LINES, SHOWN_BYTES
from geo112.cli.points.pieces import ColumnPiece, CsvPiece

# Small enough that the points at sea of one piece take seconds, large enough that handing it over costs nothing.
PIECE_BYTES = 1 << 20
PIECE_ROWS = 32_768
# Columns are read from the disk through a buffer of this size, not a whole row group at once.
COLUMN_BUFFER_BYTES = 1 << 20


def csv_pieces(path: Path, *, start: int, piece_bytes: int = PIECE_BYTES) -> Iterator[CsvPiece]:
    """Cut a CSV file from the byte `start`, where a record begins.

    A piece ends with a line behind which the quotes pair up. That is a guess, quick and nearly always right; whoever
    reads the piece says in `Answer.left_bytes` where it was wrong, and the file is cut anew from there.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(start)
        carry = b""
        while data := stream.read(piece_bytes):
            carry += data
            at_end = start + len(carry) >= size
            while (piece := _next_piece(carry, start, at_end=at_end)) is not None:
                carry, start = carry[piece.end - start :], piece.end
                yield piece
            if len(carry) > LONGEST_LINE_BYTES and b"\n" not in carry:
                end = start + len(carry) + _skip_line(stream)
                yield CsvPiece(start=start, end=end, data=carry[:SHOWN_BYTES], too_long=True, final=True)
                carry, start = b"", end


def column_pieces(
    table: pyarrow.parquet.ParquetFile, *, start: int, piece_rows: int = PIECE_ROWS
) -> Iterator[ColumnPiece]:
    """Cut a Parquet file from the row `start`; the rows before it are read over."""
    row = 0
    for batch in table.iter_batches(batch_size=piece_rows):
        end = row + batch.num_rows
        if end > start:
            kept = batch.slice(max(0, start - row))
            yield ColumnPiece(start=max(row, start), end=end, batch=kept)
        row = end


def _next_piece(data: bytes, start: int, *, at_end: bool) -> CsvPiece | None:
    """Give the next piece of a block, if the block holds a whole line; one that is too long stands alone."""
    end = len(data) if at_end else data.rfind(b"\n") + 1
    if not end:
        return None
    long = _long_line(data[:end])
    if long is None:
        cut = end if at_end else _paired(data, end)
        return CsvPiece(start=start, end=start + cut, data=data[:cut], final=at_end)
    first, last = long
    if first:
        return CsvPiece(start=start, end=start + first, data=data[:first], final=True)
    return CsvPiece(start=start, end=start + last, data=data[:SHOWN_BYTES], too_long=True, final=True)


def _long_line(data: bytes) -> tuple[int, int] | None:
    """Find the first line that is too long: it must cross a multiple of what is allowed, so few places matter."""
    for at in range(0, len(data), LONGEST_LINE_BYTES):
        first, last = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        last = last if last >= 0 else len(data)
        if last - first > LONGEST_LINE_BYTES:
            return first, min(last + 1, len(data))
    return None


def _skip_line(stream: IO[bytes]) -> int:
    """Read on to the end of a line without keeping it; give how many bytes that were."""
    size = 0
    while part := stream.readline(LONGEST_LINE_BYTES):
        size += len(part)
        if part.endswith(b"\n"):
            break
    return size


def _paired(data: bytes, end: int) -> int:
    """Give the last end of a line behind which the quotes pair up, or `end` where there is none near it."""
    quotes, cut = data.count(b'"', 0, end), end
    for _ in range(LONGEST_RECORD_LINES):
        if quotes % 2 == 0:
            return cut
        before = data.rfind(b"\n", 0, cut - 1) + 1
        if not before:
            break
        quotes -= data.count(b'"', before, cut)
        cut = before
    return end
