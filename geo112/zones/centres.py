"""The register of 112 centres: who answers in each kabupaten and kota, as far as sources say."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from enum import StrEnum
from pathlib import Path

from geo112.core.codes import KodeKabKota, KodeProvinsi, kode_kabkota
from geo112.core.errors import BadCode, BadTable, DataMissing

COLUMNS = (
    "kode", "nama", "live", "live_since", "answered_by", "source", "source_date", "voice_number", "fallback",
    "time_zone", "note",
)  # fmt: skip
# Indonesia has no summer time, so three offsets are all there is, and no time zone files are needed.
WIB, WITA, WIT = (timezone(timedelta(hours=hours), name) for hours, name in ((7, "WIB"), (8, "WITA"), (9, "WIT")))
TIME_ZONES = {"Asia/Jakarta": WIB, "Asia/Pontianak": WIB, "Asia/Makassar": WITA, "Asia/Jayapura": WIT}
_DATE = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_NUMBER = re.compile(r"\+62[1-9]\d{5,11}", re.ASCII)
_FALLBACK = re.compile(r"[1-9]\d(;1\d\d)+", re.ASCII)


class Live(StrEnum):
    """Whether somebody answers 112 there; without a source it is unknown, never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What is known of the 112 centre of one kabupaten or kota.

    `answered_by` is its own kode, or that of the province whose centre answers there (Jakarta). `live_since` and
    `source_date` are as exact as the source: a year, a month or a day. When no centre answers, `fallback_provinsi` is
    asked first, then the national `fallback_numbers` (110 police, 119 ambulance, 113 fire) in their order.
    """

    kode: KodeKabKota
    nama: str
    live: Live
    live_since: str | None
    answered_by: KodeKabKota | KodeProvinsi
    source: str | None
    source_date: str | None
    voice_number: str | None
    fallback_provinsi: KodeProvinsi
    fallback_numbers: tuple[str, ...]
    time_zone: str
    note: str | None

    @property
    def clock_zone(self) -> tzinfo:
        """The time of its clocks: WIB, WITA or WIT."""
        return TIME_ZONES[self.time_zone]


def read_centres(path: Path) -> dict[KodeKabKota, Centre]:
    """Read the register in the order of the file; raises BadTable with line and column, or DataMissing."""
    centres: dict[KodeKabKota, Centre] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            _check_columns(path, rows.fieldnames or ())
            for row in rows:
                if None in row or None in row.values():
                    raise BadTable(f"{path.name} line {rows.line_num} has not {len(COLUMNS)} columns", field="columns")
                centre = _centre(row, where=f"{path.name} line {rows.line_num}")
                if centre.kode in centres:
                    raise _bad(f"{path.name} line {rows.line_num}", "kode", f"{centre.kode} is there twice")
                centres[centre.kode] = centre
    except FileNotFoundError:
        raise DataMissing(f"{path} is missing", field="centres_csv") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadTable(f"{path.name} is no CSV in UTF-8: {error}", field="centres_csv") from None
    return centres


def _check_columns(path: Path, found: Sequence[str]) -> None:
    """Refuse a file with a missing or an unknown column."""
    for column in COLUMNS:
        if column not in found:
            raise BadTable(f"{path.name} line 1 lacks this column", field=column)
    for column in found:
        if column not in COLUMNS or found.count(column) > 1:
            raise BadTable(f"{path.name} line 1 has this column, which is unknown or there twice", field=column)


def _centre(row: dict[str, str], *, where: str) -> Centre:
    """Read one row."""
    try:
        kode = kode_kabkota(row["kode"])
    except BadCode as error:
        raise _bad(where, "kode", error.message) from None
    provinsi = KodeProvinsi(kode[:2])
    if row["live"] not in set(Live):
        raise _bad(where, "live", f"{row['live']!r} is not yes, no or unknown")
    live = Live(row["live"])
    if not row["nama"].startswith(("Kota ", "Kab. ")):
        raise _bad(where, "nama", f"{row['nama']!r} does not begin with `Kota ` or `Kab. `")
    if live is not Live.UNKNOWN and not row["source"]:
        raise _bad(where, "source", f"who says that it is live: {live}?")
    if row["answered_by"] not in {kode, provinsi}:
        raise _bad(where, "answered_by", f"{row['answered_by']!r} is neither {kode} nor its province {provinsi}")
    if row["time_zone"] not in TIME_ZONES:
        raise _bad(where, "time_zone", f"{row['time_zone']!r} is not one of {', '.join(sorted(TIME_ZONES))}")
    fallback = _matching(row, "fallback", _FALLBACK, "province;number;…", where=where) or ""
    if not fallback.startswith(f"{provinsi};"):
        raise _bad(where, "fallback", f"{fallback!r} does not begin with the province {provinsi}")
    return Centre(
        kode=kode,
        nama=row["nama"],
        live=live,
        live_since=_matching(row, "live_since", _DATE, "a year, month or day such as 2020-11-10", where=where),
        answered_by=kode if row["answered_by"] == kode else provinsi,
        source=row["source"] or None,
        source_date=_matching(row, "source_date", _DATE, "a year, month or day such as 2020-11-10", where=where),
        voice_number=_matching(row, "voice_number", _NUMBER, "a number such as +62342801112", where=where),
        fallback_provinsi=provinsi,
        fallback_numbers=tuple(fallback.split(";")[1:]),
        time_zone=row["time_zone"],
        note=row["note"] or None,
    )


def _matching(row: dict[str, str], column: str, form: re.Pattern[str], meant: str, *, where: str) -> str | None:
    """Give a text of the right form, None when it is empty: unknown."""
    text = row[column]
    if text and not form.fullmatch(text):
        raise _bad(where, column, f"{text!r} is not {meant}")
    return text or None


def _bad(where: str, column: str, message: str) -> BadTable:
    """Name the line and the column."""
    return BadTable(f"{where}: {message}", field=column)
