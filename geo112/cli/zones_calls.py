"""Where the calls and incidents of the last year were: from the log of a centre, or from a table."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from geo112.core.clock import from_iso
from geo112.core.errors import BadInput, BadPosition, BadTable, DataMissing
from geo112.core.geo import Position, require_field
from geo112.desk.board import Board
from geo112.settings import read_settings
from geo112.store.sql import SqlLog

YEAR = timedelta(days=365)
COLUMNS = ("lat", "lon", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The middles of the positions of a year, and how many there were besides."""

    what: str
    since: datetime
    until: datetime
    places: tuple[Position, ...]
    older: int
    without_position: int


def calls_of_centre(folder: Path, *, now: datetime) -> list[Located]:
    """Read the log of a centre: its calls and its incidents, at the middle of the position that is acted on."""
    settings = read_settings(folder)
    if not settings.database.is_file():
        raise DataMissing(f"{settings.database} is not there", field="calls")
    log = SqlLog.open(settings.database)
    try:
        board = Board(log)
    finally:
        log.close()
    calls = ((call.received_at, call.located) for call in board.calls())
    incidents = ((incident.opened_at, incident.located) for incident in board.incidents())
    return [
        _located(what, [(at, None if one is None else one.fix.area.middle) for at, one in found], now=now)
        for what, found in (("panggilan", calls), ("kejadian", incidents))
    ]


def calls_of_table(path: Path, *, now: datetime) -> Located:
    """Read a CSV with the columns lat, lon and at; raises BadTable naming the line and the column."""
    rows: list[tuple[datetime, Position | None]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise BadTable(f"{path.name} line 1 lacks this column", field=missing[0])
            rows.extend(_row(row, where=f"{path.name} line {reader.line_num}") for row in reader)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", field=str(path)) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadTable(f"{path.name} is no CSV in UTF-8: {error}", field="calls") from None
    return _located("panggilan", rows, now=now)


def _row(row: dict[str, str | None], *, where: str) -> tuple[datetime, Position | None]:
    at = _moment(row["at"] or "", where=where)
    lat, lon = (row["lat"] or "").strip(), (row["lon"] or "").strip()
    if not lat and not lon:
        return at, None
    try:
        place = Position(lon_deg=float(lon), lat_deg=float(lat))
        require_field(place)
    except BadPosition as error:
        raise BadTable(f"{where}: {error.message}", field=error.field) from None
    except ValueError:
        raise BadTable(f"{where}: {lat!r}, {lon!r} is no place in degrees", field="lat") from None
    return at, place


def _moment(text: str, *, where: str) -> datetime:
    try:
        return from_iso(text.strip(), field="at")
    except BadInput as error:
        raise BadTable(f"{where}: {error.message}", field="at") from None


def _located(what: str, rows: Iterable[tuple[datetime, Position | None]], *, now: datetime) -> Located:
    every = list(rows)
    since = now - YEAR
    recent = [place for at, place in every if at >= since]
    places = tuple(place for place in recent if place is not None)
    return Located(
        what=what,
        since=since,
        until=now,
        places=places,
        older=len(every) - len(recent),
        without_position=len(recent) - len(places),
    )
