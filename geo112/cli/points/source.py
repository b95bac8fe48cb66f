"""Opens the table that is to be resolved, checks that it can be, and knows how to cut it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet

from geo112.cli.points.crew import Cutter
from geo112.cli.points.csv_reading import sniff
from geo112.cli.points.cutting import COLUMN_BUFFER_BYTES, PIECE_BYTES, PIECE_ROWS, column_pieces, csv_pieces
from geo112.cli.points.job import Job
from geo112.cli.points.pieces import Layout
from geo112.cli.points.places import result_schema
from geo112.cli.points.rows import RESULT_COLUMNS
from geo112.core.errors import BadTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An open table: bytes of CSV or rows of Parquet from `first` up to `total`."""

    layout: Layout
    first: int
    total: int
    cut: Cutter


@contextmanager
def open_source(job: Job) -> Iterator[Source]:
    """Open the table of a job; raises BadTable where it cannot be resolved."""
    if job.source.suffix.lower() == ".csv":
        yield _csv_source(job)
        return
    # Without a buffer whole column chunks of a row group would be read into memory.
    with pa.parquet.ParquetFile(job.source, buffer_size=COLUMN_BUFFER_BYTES, pre_buffer=False) as table:
        yield _parquet_source(job, table)


def _csv_source(job: Job) -> Source:
    """Look at the header of a CSV file."""
    form = sniff(job.source, lat_column=job.lat_column, lon_column=job.lon_column)
    _check_columns(form.columns, job)
    if not job.to_csv and len(set(form.columns)) < len(form.columns):
        raise BadTable("a column name stands twice, which Parquet cannot hold", field=job.source.name)
    result = None if job.to_csv else result_schema(pa.schema([(name, pa.string()) for name in form.columns]))
    with job.source.open("rb") as stream:
        first = len(stream.readline())
    return Source(
        layout=Layout(
            lat_column=job.lat_column, lon_column=job.lon_column, to_csv=job.to_csv, form=form, result=result
        ),
        first=first,
        total=job.source.stat().st_size,
        cut=lambda start, times: csv_pieces(job.source, start=start, piece_bytes=times * PIECE_BYTES),
    )


def _parquet_source(job: Job, table: pyarrow.parquet.ParquetFile) -> Source:
    """Look at the schema of a Parquet file."""
    schema = table.schema_arrow
    _check_columns(schema.names, job)
    for name in (job.lat_column, job.lon_column):
        _check_type(schema.field(name).type, name, job)
    result = result_schema(_flat(schema, job) if job.to_csv else schema)
    return Source(
        layout=Layout(lat_column=job.lat_column, lon_column=job.lon_column, to_csv=job.to_csv, result=result),
        first=0,
        total=table.metadata.num_rows,
        cut=lambda start, times: column_pieces(table, start=start, piece_rows=times * PIECE_ROWS),
    )


def _check_columns(names: Sequence[str], job: Job) -> None:
    """Refuse a table without the coordinates, or with a column of a result's name; raises BadTable."""
    for wanted in (job.lat_column, job.lon_column):
        if names.count(wanted) != 1:
            what = "stands twice" if wanted in names else f"is missing; there are: {', '.join(names)[:300]}"
            raise BadTable(f"column {wanted!r} {what}", field=job.source.name)
    for name in RESULT_COLUMNS:
        if name in names:
            raise BadTable(f"column {name!r} is already there and would stand twice", field=job.source.name)


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
