"""Resolves one piece of a table: the same code for the only process, for many, and for the workers of a cluster."""

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.csv

from geo112.cli.points.coordinates import problem, read_coordinates
from geo112.cli.points.csv_reading import CsvReader
from geo112.cli.points.pieces import Answer, ColumnPiece, CsvPiece, Layout, Piece
from geo112.cli.points.places import Found, Places
from geo112.cli.points.rows import CsvForm, Rejected, TextRows
from geo112.zones.index import ZoneIndex

_RECORD_LETTERS = 2000


class Work:
    """Resolves pieces of one table, one after the other or by several threads at once."""

    def __init__(self, layout: Layout, zones: ZoneIndex, *, threads: int = 1) -> None:
        """Prepare the answers of all zones; `threads` look for the nearest kecamatan of the points of one piece."""
        self._layout = layout
        delimiter = layout.form.delimiter if layout.form else ","
        self._places = Places(zones, delimiter=delimiter, threads=threads)
        self._columns = (layout.lat_column, layout.lon_column)

    def __call__(self, piece: Piece) -> Answer:
        """Resolve a piece."""
        if isinstance(piece, CsvPiece):
            return self._text(piece, self._layout.form)
        return self._table(piece)

    def _text(self, piece: CsvPiece, form: CsvForm | None) -> Answer:
        """Resolve lines of CSV."""
        assert form is not None  # noqa: S101 - a layout of CSV has it
        lat_at, lon_at = (form.columns.index(name) for name in self._columns)
        reader = CsvReader(form, lat_at=lat_at, lon_at=lon_at, keep_fields=not self._layout.to_csv)
        rows, broken = reader.read(piece.data, too_long=piece.too_long, final=piece.final)
        coordinates = read_coordinates(rows.lats, rows.lons, decimal_comma=form.delimiter != ",")
        good = coordinates.good
        refused = [self._refused_text(rows, at, form) for at in np.flatnonzero(~good).tolist()]
        kept = rows if good.all() else rows.kept(good.tolist())
        found = self._places.find(lats=coordinates.lats[good], lons=coordinates.lons[good])
        body = self._text_of(kept, found, form) if self._layout.to_csv else self._columns_of(kept, found)
        count, lines = reader.counted
        return Answer(
            body=body,
            rows=count,
            lines=lines,
            written=len(kept.records),
            rejected=tuple(sorted([*broken, *refused], key=lambda one: one.row)),
            left_bytes=reader.left_bytes,
        )

    def _text_of(self, rows: TextRows, found: Found, form: CsvForm) -> bytes:
        """Write CSV rows as they came, with the answers behind them."""
        end, tails = form.line_end, self._places.tails(found, rows.lats)
        return "".join([f"{record}{tail}{end}" for record, tail in zip(rows.records, tails, strict=True)]).encode()

    def _columns_of(self, rows: TextRows, found: Found) -> bytes:
        """Write CSV rows as columns of text, with the answers behind them."""
        if not rows.records:
            return b""
        columns = [pa.array(column, pa.string()) for column in zip(*rows.fields, strict=True)]
        return self._stream([*columns, *self._places.columns(found)])

    def _refused_text(self, rows: TextRows, at: int, form: CsvForm) -> Rejected:
        """Say what is wrong with the coordinates of a CSV row."""
        column, reason = problem(
            rows.lats[at], rows.lons[at], columns=self._columns, decimal_comma=form.delimiter != ","
        )
        return Rejected(
            row=rows.numbers[at], line=rows.lines[at], column=column, reason=reason, record=rows.records[at]
        )

    def _table(self, piece: ColumnPiece) -> Answer:
        """Resolve rows of Parquet."""
        batch = piece.batch
        coordinates = read_coordinates(*(batch.column(name) for name in self._columns), decimal_comma=False)
        good = coordinates.good
        refused = tuple(self._refused_columns(batch, at) for at in np.flatnonzero(~good).tolist())
        kept = batch if good.all() else batch.filter(pa.array(good))
        found = self._places.find(lats=coordinates.lats[good], lons=coordinates.lons[good])
        body = self._stream([*kept.columns, *self._places.columns(found)]) if kept.num_rows else b""
        return Answer(body=body, rows=batch.num_rows, lines=0, written=kept.num_rows, rejected=refused)

    def _refused_columns(self, batch: pa.RecordBatch, at: int) -> Rejected:
        """Say what is wrong with the coordinates of a Parquet row."""
        row = batch.slice(at, 1).to_pylist()[0]
        lat, lon = (row[name] for name in self._columns)
        column, reason = problem(lat, lon, columns=self._columns, decimal_comma=False)
        record = json.dumps(row, default=str, ensure_ascii=False)[:_RECORD_LETTERS]
        return Rejected(row=at + 1, line=None, column=column, reason=reason, record=record)

    def _stream(self, columns: list[pa.Array]) -> bytes:
        """Write columns as they go into the file: as CSV without a header, or as an Arrow stream for Parquet."""
        schema = self._layout.result
        assert schema is not None  # noqa: S101 - a layout with columns has it
        cast = [column.cast(field.type) for column, field in zip(columns, schema, strict=True)]
        batch = pa.RecordBatch.from_arrays(cast, schema=schema)
        sink = io.BytesIO()
        if self._layout.to_csv:
            pa.csv.write_csv(batch, sink, pa.csv.WriteOptions(include_header=False))
        else:
            with pa.ipc.new_stream(sink, schema) as writer:
                writer.write_batch(batch)
        return sink.getvalue()
