"""Reads CSV of any size as people and Excel write it: every record is kept as it stands, broken ones are set aside."""

import csv
from pathlib import Path

from geo112.cli.points.rows import CsvForm, Rejected, TextRows
from geo112.core.errors import BadTable

LONGEST_LINE_BYTES = 1 << 20
# A quote that nobody closes must not swallow the rest of the file.
LONGEST_RECORD_LINES = 100
_DELIMITERS = (",", ";", "\t")
SHOWN_BYTES = 2000


def sniff(path: Path, *, lat_column: str, lon_column: str) -> CsvForm:
    """Read the header: what parts the fields is what makes both columns appear; raises BadTable where none does."""
    with path.open("rb") as stream:
        first = stream.readline(LONGEST_LINE_BYTES)
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadTable("is UTF-16: save it as UTF-8", field=path.name)
    if not first.strip():
        raise BadTable("is empty: the first line must name the columns", field=path.name)
    try:
        header = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadTable("is no UTF-8 text: its first line must name the columns", field=path.name) from None
    text = header.rstrip("\r\n")
    readings = {delimiter: _names(text, delimiter) for delimiter in _DELIMITERS}
    wanted = {lat_column, lon_column}
    fitting = [delimiter for delimiter, names in readings.items() if wanted <= set(names)]
    delimiter = fitting[0] if fitting else max(readings, key=lambda mark: len(readings[mark]))
    return CsvForm(
        delimiter=delimiter,
        line_end="\r\n" if header.endswith("\r\n") else "\n",
        byte_order_mark=first.startswith(b"\xef\xbb\xbf"),
        header=text,
        columns=tuple(readings[delimiter]),
    )


def _names(header: str, delimiter: str) -> list[str]:
    """Split a header; spaces around a name do not belong to it."""
    try:
        return [name.strip() for name in next(csv.reader([header], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


class CsvReader:
    """Reads the records of one piece of a CSV file, with the broken ones beside them; rows and lines count from 1."""

    def __init__(self, form: CsvForm, *, lat_at: int, lon_at: int, keep_fields: bool) -> None:
        """Read the columns number `lat_at` and `lon_at`; `keep_fields` keeps the parsed fields of every row."""
        self._form = form
        self._lat_at, self._lon_at, self._keep_fields = lat_at, lon_at, keep_fields
        self._row, self._line = 0, 0
        self._open: list[str] = []
        self._rows, self._rejected = TextRows(), list[Rejected]()

    def read(self, data: bytes, *, too_long: bool, final: bool) -> tuple[TextRows, list[Rejected]]:
        """Give the rows of whole lines; without `final` a record may stay open at the end, see `left_bytes`."""
        if too_long:
            self._line += 1
            self._reject(f"is longer than {LONGEST_LINE_BYTES} bytes", data.decode("utf-8", "backslashreplace"))
        else:
            self._take_block(data)
        if final:
            self._give_up_open()
        return self._rows, self._rejected

    @property
    def left_bytes(self) -> int:
        """Tell how many bytes at the end belong to a record that is not whole."""
        return sum(len(line.encode()) + 1 for line in self._open)

    @property
    def counted(self) -> tuple[int, int]:
        """Tell how many rows and how many lines were read, without those of a record that is not whole."""
        return self._row, self._line - len(self._open)

    def _take_block(self, block: bytes) -> None:
        """Read whole lines; where the block is no UTF-8, each line is looked at alone."""
        try:
            lines = block.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            for raw in block.removesuffix(b"\n").split(b"\n"):
                try:
                    self._take_lines([raw.decode("utf-8")])
                except UnicodeDecodeError as error:
                    self._give_up_open()
                    self._line += 1
                    self._reject(f"is no UTF-8 text (byte {error.start + 1})", raw.decode("utf-8", "backslashreplace"))
            return
        if not lines[-1]:
            lines.pop()
        self._take_lines(lines)

    def _take_lines(self, lines: list[str]) -> None:
        """Read lines: those without a quote at full speed, others as the rules of CSV ask."""
        delimiter, marks, last = self._form.delimiter, len(self._form.columns) - 1, max(self._lat_at, self._lon_at) + 1
        rows, lat_at, lon_at, keep_fields = self._rows, self._lat_at, self._lon_at, self._keep_fields
        for line in lines:
            if self._open or '"' in line or "\0" in line or line.count(delimiter) != marks:
                self._take_unusual(line)
                continue
            self._line += 1
            self._row += 1
            record = line.removesuffix("\r")
            fields = record.split(delimiter) if keep_fields else record.split(delimiter, last)
            rows.numbers.append(self._row)
            rows.lines.append(self._line)
            rows.records.append(record)
            rows.lats.append(fields[lat_at])
            rows.lons.append(fields[lon_at])
            if keep_fields:
                rows.fields.append(fields)

    def _take_unusual(self, line: str) -> None:
        """Read a line with quotes, with too many or too few fields, or one inside a record of several lines."""
        self._line += 1
        if not self._open and not line.strip():
            return
        if "\0" in line:
            self._line -= 1
            self._give_up_open()
            self._line += 1
            self._reject("holds a NUL byte", line)
            return
        self._open.append(line)
        if len(self._open) > 1 and '"' not in line and len(self._open) < LONGEST_RECORD_LINES:
            return
        self._close()

    def _close(self) -> None:
        """Take the open lines as one record if they are one; set the first aside if they can never be."""
        record = "\n".join(self._open).removesuffix("\r")
        try:
            fields = next(csv.reader([record], delimiter=self._form.delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error) and len(self._open) < LONGEST_RECORD_LINES:
                return
            self._give_up_first("a field is too long" if "limit" in str(error) else "quotes do not fit")
            return
        if len(fields) != len(self._form.columns):
            if len(self._open) > 1:
                self._give_up_first("quotes do not fit")
                return
            self._open.clear()
            self._reject(f"has {len(fields)} fields, the header has {len(self._form.columns)}", record)
            return
        self._row += 1
        self._rows.numbers.append(self._row)
        self._rows.lines.append(self._line - len(self._open) + 1)
        self._rows.records.append(record)
        self._rows.lats.append(fields[self._lat_at])
        self._rows.lons.append(fields[self._lon_at])
        if self._keep_fields:
            self._rows.fields.append(fields)
        self._open.clear()

    def _give_up_first(self, reason: str) -> None:
        """Set the first open line aside and read the others afresh, so that one quote costs one row."""
        first, *others = self._open
        self._open.clear()
        self._line -= len(others)
        self._reject(reason, first)
        self._take_lines(others)

    def _give_up_open(self) -> None:
        """At the end, or before a line that no record can hold: an open quote is never closed."""
        while self._open:
            self._give_up_first("a quote is opened and never closed")

    def _reject(self, reason: str, record: str) -> None:
        """Set the line that was just counted aside."""
        self._row += 1
        shown = record.removesuffix("\r")[:SHOWN_BYTES]
        self._rejected.append(Rejected(row=self._row, line=self._line, column=None, reason=reason, record=shown))
