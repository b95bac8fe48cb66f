"""Reads the list of OpenCelliD, which was Mozilla's too: one cell a row, longitude before latitude.

    radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal

The header may be missing. `net` has lost its leading zeros, `range` is how far the observations lie from their middle,
`changeable` 0 an antenna whose place is known exactly; anything else is a crowd's cell. Cells of other countries are
taken where they stand in the field of work, since telephones at the border hear them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo112.core.errors import BadMessage, BadTable
from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG
from geo112.locate.cells.cell import DEGREES, NO_AREA, NOT_SAID, Origin
from geo112.locate.cells.identity import INDONESIA, CellId, Radio, cell_key, mnc_of_number
from geo112.prepare.cells_input import Progress, Tally, delimiter_of, first_line, rows_of_csv

COLUMNS = (
    *("radio", "mcc", "net", "area", "cell", "unit", "lon", "lat"),
    *("range", "samples", "changeable", "created", "updated", "averageSignal"),
)
_NEEDED = ("radio", "mcc", "net", "area", "cell", "lon", "lat")
_USED = (*_NEEDED, "range", "samples", "changeable", "updated")
_RADIOS = {"GSM": Radio.GSM, "UMTS": Radio.UMTS, "LTE": Radio.LTE, "NR": Radio.NR}
_OURS = {"mnc": "net", "area": "area", "cell": "cell", "mcc": "mcc"}
# A cell that was "heard" farther away than any radio reaches is a number that was used twice, or a moving cell.
WIDEST_RANGE_M = 120_000
_MOST = 0xFFFFFFFF
Row = tuple[Any, ...]


class _Refused(Exception):
    """A row that is not taken: why, and the column that is wrong; no reason for a cell of another country."""

    def __init__(self, reason: str | None, column: str) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def is_opencellid(line: str) -> bool:
    """Tell whether a first line is the header of such a list, or a row of one without a header."""
    fields = [part.strip() for part in line.split(",")]
    names = {part.lower() for part in fields}
    return {"radio", "mcc", "net", "cell"} <= names or (len(fields) == len(COLUMNS) and fields[0].upper() in _RADIOS)


def read_opencellid(path: Path, take: Callable[[Row], None], *, progress: Progress) -> Tally:
    """Give every cell in the field of work as a row of the table; raises BadTable where a column is missing."""
    line = first_line(path)
    delimiter = delimiter_of(line)
    names = [part.strip().strip('"') for part in line.split(delimiter)]
    headed = "mcc" in [name.lower() for name in names]
    places = _places(names if headed else list(COLUMNS), path=path)
    tally = Tally(file=path.name, preset="opencellid")
    lowest = max(places[: len(_NEEDED)])
    most = max(places)
    for number, fields in rows_of_csv(path, delimiter=delimiter, progress=progress):
        if number == 1 and headed:
            continue
        tally.rows += 1
        if len(fields) <= lowest:
            tally.refuse("too few fields", line=number, column="radio", value=delimiter.join(fields))
            continue
        # A column that is not there is read as the empty text at the end.
        fields.extend([""] * max(1, most + 2 - len(fields)))
        used = [fields[at] for at in places]
        try:
            row = _row(used)
        except _Refused as refused:
            if refused.reason is None:
                tally.other_networks += 1
            else:
                value = used[_USED.index(refused.column)]
                tally.refuse(refused.reason, line=number, column=refused.column, value=value)
            continue
        tally.taken += 1
        take(row)
    return tally


def _places(names: list[str], *, path: Path) -> tuple[int, ...]:
    """Give where each used column stands, -1 for one that is not there; raises BadTable for a needed one."""
    lowered = {name.lower(): at for at, name in enumerate(names)}
    missing = [name for name in _NEEDED if name not in lowered]
    if missing:
        raise BadTable(f"has no column {missing[0]}", field=path.name)
    return tuple(lowered.get(name, -1) for name in _USED)


def _row(used: list[str]) -> Row:
    """Make the row of one cell out of its used columns; raises _Refused."""
    radio_word, mcc, net, area_text, cell_text, lon_text, lat_text, range_text, samples, changeable, updated = used
    lon, lat = _decimal(lon_text, "lon"), _decimal(lat_text, "lat")
    if not (WEST_DEG <= lon <= EAST_DEG and SOUTH_DEG <= lat <= NORTH_DEG):
        abroad = mcc != INDONESIA and mcc.isdigit()
        raise _Refused(None if abroad else "outside Indonesia", "lon" if SOUTH_DEG <= lat <= NORTH_DEG else "lat")
    radio = _RADIOS.get(radio_word.upper())
    if radio is None:
        raise _Refused("radio is not GSM, UMTS, LTE or NR", "radio")
    range_m = _decimal(range_text, "range") if range_text else 0.0
    if not 0 <= range_m <= WIDEST_RANGE_M:
        raise _Refused("range is farther than radio reaches", "range")
    area, cell = _whole(area_text, "area"), _whole(cell_text, "cell")
    try:
        mnc = mnc_of_number(_whole(net, "net"), mcc=mcc)
        # A crowd writes 0 or the largest number where the telephone knew no area.
        known = radio in (Radio.GSM, Radio.UMTS) or 0 < area < (1 << 24 if radio is Radio.NR else 1 << 16) - 1
        identity = CellId(radio=radio, mcc=mcc, mnc=mnc, area=area if known else None, cell=cell)
    except BadMessage as error:
        raise _Refused(f"{error.field} does not fit {radio}", _OURS.get(error.field or "", "cell")) from None
    return (
        cell_key(identity),
        round(lon * DEGREES),
        round(lat * DEGREES),
        area if known else NO_AREA,
        range_m,
        _count(updated),
        _count(samples),
        *(NOT_SAID, NOT_SAID, NOT_SAID, NOT_SAID),
        int(Origin.EXACT if changeable.strip() == "0" else Origin.CROWD),
        0,
    )


def _whole(text: str, name: str) -> int:
    """Read a whole number of at most eleven digits."""
    if text.isdigit() and text.isascii() and len(text) < 12:
        return int(text)
    raise _Refused(f"{name} is no number", name)


def _count(text: str) -> int:
    """Read a count or a time; one that is none says nothing against the cell."""
    return min(int(text), _MOST) if text.isdigit() and text.isascii() and len(text) < 12 else 0


def _decimal(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _Refused(f"{name} is no number", name) from None
    if not abs(value) <= 1e9:
        raise _Refused(f"{name} is no number", name)
    return value
