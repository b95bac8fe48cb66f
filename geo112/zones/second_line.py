"""Whom to call besides the nearest centre: Basarnas at sea, the neighbour's own number abroad."""

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo112.core.errors import BadTable, DataMissing
from geo112.zones.jurisdiction import Jurisdiction, Outside, OutsideKind, OutsidePart, SecondLine

COLUMNS = ("kode", "number", "nama", "source", "source_date", "note")
# The row of the table that holds for the sea; the others have the code of a country (ISO 3166-1). Also why it is named.
SEA, ABROAD = "laut", "luar negeri"
_KODE = re.compile(rf"{SEA}|[A-Z]{{2}}", re.ASCII)
_NUMBER = re.compile(r"\+?[0-9]{2,15}", re.ASCII)
_DATE = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
# Where shares are compared, this much is rounding.
_ROUNDING_SHARE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLines:
    """The numbers by code, and from when on they are named.

    A case is maritime, or one abroad, when that takes at least `min_share` of what the confidence does not leave open;
    maritime too when any sea is in it and the nearest kecamatan is `gap_m` or more metres away.
    """

    numbers: Mapping[str, Sequence[SecondLine]] = field(default_factory=dict)
    min_share: float = 0.5
    gap_m: float = 1_000.0

    def of(self, answer: Jurisdiction, parts: Sequence[OutsidePart]) -> tuple[SecondLine, ...]:
        """Name whom to call for an answer whose outside has these parts."""
        if not self.numbers:
            return ()
        least = self.min_share * (1 - answer.shares.unknown_share) - _ROUNDING_SHARE
        far = isinstance(answer, Outside) and answer.nearest.gap_m >= self.gap_m
        sea = math.fsum(part.share for part in parts if part.kind is OutsideKind.SEA)
        lines: list[SecondLine] = []
        if sea > 0 and (sea >= least or far):
            lines += self.numbers.get(SEA, ())
        if math.fsum(part.share for part in parts if part.kind is OutsideKind.ABROAD) >= least:
            for part in parts:
                lines += self.numbers.get(part.kode or "", ())
        return tuple(lines)


NO_LINES = SecondLines()


def read_second_lines(path: Path) -> dict[str, tuple[SecondLine, ...]]:
    """Read the table, which a centre may edit; raises BadTable with line and column, or DataMissing.

    A row without a number says that none is known, and where that was looked for.
    """
    found: dict[str, tuple[SecondLine, ...]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise BadTable(f"{path.name} line 1 is not {','.join(COLUMNS)}", field="columns")
            for row in rows:
                where = f"{path.name} line {rows.line_num}"
                if None in row or None in row.values():
                    raise BadTable(f"{where} has not {len(COLUMNS)} columns", field="columns")
                _check(row, where=where)
                if row["number"]:
                    line = SecondLine(number=row["number"], nama=row["nama"], why=SEA if row["kode"] == SEA else ABROAD)
                    found[row["kode"]] = (*found.get(row["kode"], ()), line)
    except FileNotFoundError:
        raise DataMissing(f"{path} is missing", field="second_lines_csv") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadTable(f"{path.name} is no CSV in UTF-8: {error}", field="second_lines_csv") from None
    return found


def _check(row: Mapping[str, str], *, where: str) -> None:
    """Refuse a row that would send somebody to a wrong number, or that nobody vouches for."""
    if not _KODE.fullmatch(row["kode"]):
        raise BadTable(f"{where}: {row['kode']!r} is neither `{SEA}` nor a country such as MY", field="kode")
    if row["number"] and not _NUMBER.fullmatch(row["number"]):
        raise BadTable(f"{where}: {row['number']!r} is no telephone number", field="number")
    for column in ("nama", "source"):
        if row["number"] and not row[column].strip():
            raise BadTable(f"{where}: a number needs it", field=column)
    if row["source_date"] and not _DATE.fullmatch(row["source_date"]):
        raise BadTable(f"{where}: {row['source_date']!r} is not a year, month or day", field="source_date")
