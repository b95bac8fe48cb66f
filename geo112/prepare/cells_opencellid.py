"""Reads the list of OpenCelliD, which was Mozilla's too: one cell a row, longitude before latitude.

    radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal

The header may be missing. `net` has lost its leading zeros, `range` is how far the observations lie from their middle,
`changeable` 0 an antenna whose place is known exactly; anything else is a crowd's cell.
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
_RADIOS = {"GSM": Radio.GSM, "UMTS": Radio.UMTS, "LTE": Radio.LTE, "NR": Radio.NR}
# A cell that was "heard" farther away than any radio reaches is a number that was used twice, or a moving cell.
WIDEST_RANGE_M = 120_000
_MOST = 0xFFFFFFFF
Row = tuple[Any, ...]


class _Refused(Exception):
    """A row that is not taken: why, and the column that is wrong."""

    def __init__(self, reason: str, column: str) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def is_opencellid(line: str) -> bool:
    """Tell whether a first line is the header of such a list, or a row of one without a header."""
    fields = [part.strip() for part in line.split(",")]
    names = {part.lower() for part in fields}
    return {"radio", "mcc", "net", "cell"} <= names or (len(fields) == len(COLUMNS) and fields[0].upper() in _RADIOS)


def read_opencellid(path: Path, take: Callable[[Row], None], *, progress: Progress) -> Tally:
    """Give every cell of a network of Indonesia as a row of the table; raises BadTable where a column is missing."""
    line = first_line(path)
    delimiter = delimiter_of(line)
    names = [part.strip().strip('"') for part in line.split(delimiter)]
    headed = "mcc" in [name.lower() for name in names]
    columns = _columns(names if headed else list(COLUMNS), path=path)
    tally = Tally(file=path.name, preset="opencellid")
    lowest = max(columns[name] for name in _NEEDED)
    at_mcc = columns["mcc"]
    for number, fields in rows_of_csv(path, delimiter=delimiter, progress=progress):
        if number == 1 and headed:
            continue
        tally.rows += 1
        if len(fields) <= lowest:
            tally.refuse("too few fields", line=number, column="radio", value=delimiter.join(fields))
            continue
        if fields[at_mcc] != INDONESIA and fields[at_mcc].isdigit():
            tally.other_networks += 1
            continue
        try:
            row = _row(fields, columns)
        except _Refused as refused:
            tally.refuse(refused.reason, line=number, column=refused.column, value=fields[columns[refused.column]])
            continue
        tally.taken += 1
        take(row)
    return tally


def _columns(names: list[str], *, path: Path) -> dict[str, int]:
    lowered = {name.lower(): at for at, name in enumerate(names)}
    missing = [name for name in _NEEDED if name not in lowered]
    if missing:
        raise BadTable(f"has no column {missing[0]}", field=path.name)
    return {name: lowered[name.lower()] for name in COLUMNS if name.lower() in lowered}


def _row(fields: list[str], columns: dict[str, int]) -> Row:
    """Make the row of one cell; raises _Refused."""
    radio = _RADIOS.get(fields[columns["radio"]].upper())
    if radio is None:
        raise _Refused("radio is not GSM, UMTS, LTE or NR", "radio")
    if fields[columns["mcc"]] != INDONESIA:
        raise _Refused("mcc is no number", "mcc")
    lon, lat = _decimal(fields, columns, "lon"), _decimal(fields, columns, "lat")
    if not (WEST_DEG <= lon <= EAST_DEG and SOUTH_DEG <= lat <= NORTH_DEG):
        raise _Refused("outside Indonesia", "lon" if SOUTH_DEG <= lat <= NORTH_DEG else "lat")
    range_m = _decimal(fields, columns, "range", absent=0.0)
    if not 0 <= range_m <= WIDEST_RANGE_M:
        raise _Refused("range is farther than radio reaches", "range")
    try:
        mnc = mnc_of_number(_whole(fields, columns, "net"), mcc=INDONESIA)
        area, cell = _whole(fields, columns, "area"), _whole(fields, columns, "cell")
        # A crowd writes 0 or the largest number where the telephone knew no area.
        known = radio in (Radio.GSM, Radio.UMTS) or 0 < area < (1 << 24 if radio is Radio.NR else 1 << 16) - 1
        identity = CellId(radio=radio, mcc=INDONESIA, mnc=mnc, area=area if known else None, cell=cell)
    except BadMessage as error:
        raise _Refused(f"{error.field} does not fit {radio}", _OURS.get(error.field or "", "cell")) from None
    exact = (
        fields[columns["changeable"]].strip() == "0" if columns.get("changeable", len(fields)) < len(fields) else False
    )
    return (
        cell_key(identity),
        round(lon * DEGREES),
        round(lat * DEGREES),
        NO_AREA if identity.area is None else identity.area,
        range_m,
        _whole(fields, columns, "updated", absent=0),
        _whole(fields, columns, "samples", absent=0),
        *(NOT_SAID, NOT_SAID, NOT_SAID, NOT_SAID),
        int(Origin.EXACT if exact else Origin.CROWD),
        0,
    )


_OURS = {"mnc": "net", "area": "area", "cell": "cell"}


def _whole(fields: list[str], columns: dict[str, int], name: str, *, absent: int | None = None) -> int:
    """Read a whole number from 0 to 2^36; an empty or missing field is `absent` where that is given."""
    at = columns.get(name, len(fields))
    text = fields[at].strip() if at < len(fields) else ""
    if not text and absent is not None:
        return absent
    if text.isascii() and text.isdigit() and len(text) < 12:
        value = int(text)
        return value if absent is None else min(value, _MOST)
    # Negative samples and times are nonsense that says nothing against the cell.
    if absent is not None:
        return absent
    raise _Refused(f"{name} is no number", name)


def _decimal(fields: list[str], columns: dict[str, int], name: str, *, absent: float | None = None) -> float:
    at = columns.get(name, len(fields))
    text = fields[at].strip() if at < len(fields) else ""
    if not text and absent is not None:
        return absent
    try:
        value = float(text)
    except ValueError:
        raise _Refused(f"{name} is no number", name) from None
    if not abs(value) <= 1e9:
        raise _Refused(f"{name} is no number", name)
    return value
