"""What flows through a table run: rows as text, how their file is written, and the rows refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field

RESULT_COLUMNS = ("kode_kecamatan", "kecamatan", "kode_kabkota", "kabkota", "outcome", "gap_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that was refused: its number among the data rows, its line in the file, the field and why."""

    row: int
    line: int | None
    column: str | None
    reason: str
    record: str

    def __str__(self) -> str:
        """Tell it in one line, as the last line of a run does."""
        return f"row {self.row}: {self.column}: {self.reason}" if self.column else f"row {self.row}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How a CSV file is written: what parts its fields, how lines end, its header as it stands."""

    delimiter: str
    line_end: str
    byte_order_mark: bool
    header: str
    columns: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class TextRows:
    """Rows of a CSV file as they stand in it, without the end of the line; `fields` only for writers that need them."""

    numbers: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    lats: list[str] = field(default_factory=list)
    lons: list[str] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)

    def kept(self, keep: Sequence[bool]) -> "TextRows":
        """Give the rows whose mark is set."""
        chosen = [at for at, wanted in enumerate(keep) if wanted]
        return TextRows(
            numbers=[self.numbers[at] for at in chosen],
            lines=[self.lines[at] for at in chosen],
            records=[self.records[at] for at in chosen],
            lats=[self.lats[at] for at in chosen],
            lons=[self.lons[at] for at in chosen],
            fields=[self.fields[at] for at in chosen] if self.fields else [],
        )
