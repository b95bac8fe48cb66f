"""One run over a table of points: read, find the zones, write; broken rows go to a side file."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from geo112.cli.points.coordinates import problem, read_coordinates
from geo112.cli.points.csv_reading import CsvReader, sniff
from geo112.cli.points.places import Found, Places, result_schema
from geo112.cli.points.rows import RESULT_COLUMNS, ColumnRows, CsvForm, Rejected, TextRows
from geo112.cli.points.writing import AtomicFile, CsvColumnWriter, CsvTextWriter, ParquetWriter, RejectedFile
from geo112.core.errors import BadTable
from geo112.zones.index import ZoneIndex

BATCH_ROWS = 131_072
Progress = Callable[[int, int], None]
"""Is told how much is done of how much: bytes of a CSV file, rows of a Parquet file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to resolve: which file, where to, and which columns hold the coordinates."""

    source: Path
    out: Path
    lat_column: str = "lat"
    lon_column: str = "lon"
    threads: int = 1

    @property
    def rejected(self) -> Path:
        """Name the side file of refused rows."""
        return self.out.with_suffix(".rejected.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run ended: `rows` counts data rows, each of which was either written or rejected."""

    rows: int
    written: int
    rejected: int
    out: Path
    rejected_file: Path | None
    first_error: str | None
    boundaries: str

    def as_dict(self) -> dict[str, object]:
        """Write the summary as JSON."""
        return {
            "rows": self.rows,
            "written": self.written,
            "rejected": self.rejected,
            "out": str(self.out),
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "first_error": self.first_error,
            "boundaries": self.boundaries,
        }


class _ColumnWriter(Protocol):
    """Writes batches of columns."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Write one batch."""

    def close(self) -> None:
        """End the table."""


def check_paths(job: Job) -> None:
    """Refuse names that cannot work before anything is read or written; raises BadTable."""
    for field, path in (("points", job.source), ("out", job.out)):
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise BadTable(f"{path.name!r} does not end in .csv or .parquet", field=field)
    if not job.source.is_file():
        raise BadTable(f"there is no file {job.source}", field="points")
    if not job.out.parent.is_dir():
        raise BadTable(f"there is no folder {job.out.parent}", field="out")
    if job.out.is_dir():
        raise BadTable("is a folder", field="out")
    taken = job.source.resolve()
    if taken in (job.out.resolve(), job.rejected.resolve()):
        raise BadTable("is the file that is read; choose another name", field="out")
    if job.lat_column == job.lon_column:
        raise BadTable(f"{job.lat_column!r} cannot be both latitude and longitude", field="lon_column")


def resolve_points(job: Job, zones: ZoneIndex, *, progress: Progress) -> Summary:
    """Resolve every row of a table and write it with its answer, in constant memory."""
    check_paths(job)
    try:
        if job.source.suffix.lower() == ".csv":
            return _from_csv(job, zones, progress)
        return _from_parquet(job, zones, progress)
    except OSError as error:
        raise BadTable(f"cannot be read or written: {error.strerror or error}", field=job.out.name) from None


def check_columns(names: Sequence[str], job: Job) -> None:
    """Refuse a table without the coordinates, or with a column of a result's name; raises BadTable."""
    for wanted in (job.lat_column, job.lon_column):
        if names.count(wanted) != 1:
            what = "stands twice" if wanted in names else f"is missing; there are: {', '.join(names)[:300]}"
            raise BadTable(f"column {wanted!r} {what}", field=job.source.name)
    for name in RESULT_COLUMNS:
        if name in names:
            raise BadTable(f"column {name!r} is already there and would stand twice", field=job.source.name)


def _from_csv(job: Job, zones: ZoneIndex, progress: Progress) -> Summary:
    """Resolve a CSV file."""
    form = sniff(job.source, lat_column=job.lat_column, lon_column=job.lon_column)
    check_columns(form.columns, job)
    to_csv = job.out.suffix.lower() == ".csv"
    if not to_csv and len(set(form.columns)) < len(form.columns):
        raise BadTable("a column name stands twice, which Parquet cannot hold", field=job.source.name)
    lat_at, lon_at = form.columns.index(job.lat_column), form.columns.index(job.lon_column)
    reader = CsvReader(job.source, form, lat_at=lat_at, lon_at=lon_at, keep_fields=not to_csv)
    places = Places(zones, delimiter=form.delimiter, threads=job.threads)
    total, written = job.source.stat().st_size, 0
    with RejectedFile(job.rejected) as rejected, AtomicFile(job.out) as out:
        write, close = _text_writer(out, form, places) if to_csv else _table_writer(out, form, places)
        for rows, broken in reader.batches():
            decimal_comma = form.delimiter != "," and any("," in lat for lat in rows.lats[:100])
            coordinates = read_coordinates(rows.lats, rows.lons, decimal_comma=form.delimiter != ",")
            good = coordinates.good
            refused = [_refused_text(rows, at, job, form) for at in np.flatnonzero(~good).tolist()]
            rejected.add(sorted([*broken, *refused], key=lambda one: one.row))
            kept = rows if good.all() else rows.kept(good.tolist())
            found = places.find(lats=coordinates.lats[good], lons=coordinates.lons[good])
            write(kept, found, decimal_comma)
            written += len(kept.records)
            progress(reader.read_bytes, total)
        close()
    return _summary(job, zones, written=written, rejected=rejected)


_TextWrite = Callable[[TextRows, Found, bool], None]


def _text_writer(out: AtomicFile, form: CsvForm, places: Places) -> tuple[_TextWrite, Callable[[], None]]:
    """Write CSV rows as they came, with the answers behind them."""
    writer = CsvTextWriter(out.stream, form)

    def write(rows: TextRows, found: Found, decimal_comma: bool) -> None:  # noqa: FBT001 - one signature for both
        writer.write(rows.records, places.tails(found, decimal_comma=decimal_comma))

    return write, lambda: None


def _table_writer(out: AtomicFile, form: CsvForm, places: Places) -> tuple[_TextWrite, Callable[[], None]]:
    """Write CSV rows as columns of text, with the answers behind them."""
    schema = result_schema(pa.schema([(name, pa.string()) for name in form.columns]))
    writer = ParquetWriter(out.stream, schema)

    def write(rows: TextRows, found: Found, decimal_comma: bool) -> None:  # noqa: ARG001, FBT001 - as above
        columns = [pa.array(column, pa.string()) for column in zip(*rows.fields, strict=True)]
        columns = columns or [pa.array([], pa.string()) for _ in form.columns]
        writer.write(pa.RecordBatch.from_arrays([*columns, *places.columns(found)], schema=schema))

    return write, writer.close


def _refused_text(rows: TextRows, at: int, job: Job, form: CsvForm) -> Rejected:
    """Say what is wrong with the coordinates of a CSV row."""
    column, reason = problem(
        rows.lats[at], rows.lons[at], columns=(job.lat_column, job.lon_column), decimal_comma=form.delimiter != ","
    )
    return Rejected(row=rows.numbers[at], line=rows.lines[at], column=column, reason=reason, record=rows.records[at])


def _from_parquet(job: Job, zones: ZoneIndex, progress: Progress) -> Summary:
    """Resolve a Parquet file."""
    try:
        with pa.parquet.ParquetFile(job.source) as table:
            return _from_table(job, zones, progress, table)
    except pa.ArrowInvalid as error:
        raise BadTable(f"is damaged or no Parquet: {str(error)[:200]}", field=job.source.name) from None


def _from_table(job: Job, zones: ZoneIndex, progress: Progress, table: pa.parquet.ParquetFile) -> Summary:
    """Resolve an open Parquet file."""
    schema = table.schema_arrow
    check_columns(schema.names, job)
    for name in (job.lat_column, job.lon_column):
        _check_type(schema.field(name).type, name, job)
    to_csv = job.out.suffix.lower() == ".csv"
    if to_csv:
        schema = _flat(schema, job)
    places = Places(zones, threads=job.threads)
    total, written = table.metadata.num_rows, 0
    with RejectedFile(job.rejected) as rejected, AtomicFile(job.out) as out:
        result = result_schema(schema)
        opened: _ColumnWriter = CsvColumnWriter(out.stream, result) if to_csv else ParquetWriter(out.stream, result)
        with closing(opened) as writer:
            for rows in _batches(table):
                lats, lons = rows.batch.column(job.lat_column), rows.batch.column(job.lon_column)
                coordinates = read_coordinates(lats, lons, decimal_comma=False)
                good = coordinates.good
                rejected.add([_refused_columns(rows, at, job) for at in np.flatnonzero(~good).tolist()])
                kept = rows.batch if good.all() else rows.batch.filter(pa.array(good))
                found = places.find(lats=coordinates.lats[good], lons=coordinates.lons[good])
                columns = [column.cast(field.type) for column, field in zip(kept.columns, schema, strict=True)]
                writer.write(pa.RecordBatch.from_arrays([*columns, *places.columns(found)], schema=result))
                written += kept.num_rows
                progress(rows.first_number + rows.batch.num_rows, total)
    return _summary(job, zones, written=written, rejected=rejected)


def _batches(table: pa.parquet.ParquetFile) -> Iterator[ColumnRows]:
    """Give the rows of a Parquet file in batches."""
    number = 1
    for batch in table.iter_batches(batch_size=BATCH_ROWS):
        yield ColumnRows(first_number=number, batch=batch)
        number += batch.num_rows


def _check_type(kind: pa.DataType, name: str, job: Job) -> None:
    """Refuse a column that cannot hold degrees; raises BadTable."""
    text = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_number = pa.types.is_floating(text) or pa.types.is_integer(text) or pa.types.is_decimal(text)
    if not (is_number or pa.types.is_string(text) or pa.types.is_large_string(text)):
        raise BadTable(f"column {name!r} holds {kind}, no degrees", field=job.source.name)


def _flat(schema: pa.Schema, job: Job) -> pa.Schema:
    """Give the schema as CSV can hold it; raises BadTable naming a column that it cannot."""
    fields = []
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise BadTable(
                f"column {field.name!r} holds {kind}, which CSV cannot: write .parquet", field=job.source.name
            )
        fields.append(pa.field(field.name, kind))
    return pa.schema(fields)


def _refused_columns(rows: ColumnRows, at: int, job: Job) -> Rejected:
    """Say what is wrong with the coordinates of a Parquet row."""
    row = rows.batch.slice(at, 1).to_pylist()[0]
    columns = (job.lat_column, job.lon_column)
    column, reason = problem(row[columns[0]], row[columns[1]], columns=columns, decimal_comma=False)
    record = json.dumps(row, default=str, ensure_ascii=False)[:2000]
    return Rejected(row=rows.first_number + at, line=None, column=column, reason=reason, record=record)


def _summary(job: Job, zones: ZoneIndex, *, written: int, rejected: RejectedFile) -> Summary:
    """Say how the run ended."""
    return Summary(
        rows=written + rejected.count,
        written=written,
        rejected=rejected.count,
        out=job.out,
        rejected_file=rejected.path if rejected.count else None,
        first_error=str(rejected.first) if rejected.first else None,
        boundaries=zones.version,
    )
