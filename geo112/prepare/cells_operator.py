"""Reads an operator's own list of its sites and sectors, whatever it calls its columns (docs/cells.md)."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from geo112.core.errors import BadInput, BadMessage, BadTable
from geo112.core.geo import position_from_degrees
from geo112.locate.cells.cell import DEGREES, NO_AREA, Origin, tenths, tilt_tenths
from geo112.locate.cells.identity import GNB_BITS, INDONESIA, CellId, Radio, cell_key, mnc_of_number, radio_of
from geo112.locate.cells.identity_text import read_identity
from geo112.prepare.cells_input import Progress, Tally, delimiter_of, first_line, rows_of_csv
from geo112.prepare.cells_opencellid import WIDEST_RANGE_M, Row

# Every word for a column, in letters and digits only: `Lintang (°)` is the word lintang, `LAT_DEG` latdeg.
WORDS: dict[str, tuple[str, ...]] = {
    "lat": ("lat", "latdeg", "latitude", "lintang", "y"),
    "lon": ("lon", "lng", "long", "londeg", "longitude", "bujur", "x"),
    "radio": ("radio", "rat", "technology", "tech", "teknologi", "jaringan", "system", "sistem"),
    "mcc": ("mcc", "kodenegara"),
    "mnc": ("mnc", "net", "plmnmnc", "kodejaringan", "kodeoperator"),
    "area": ("area", "lac", "tac", "lactac", "taclac", "kodearea"),
    "cell": ("cell", "cellid", "cid", "ci", "eci", "nci", "cgi", "ucid", "idsel", "sel"),
    "enb": ("enb", "enbid", "enodeb", "enodebid", "idenodeb"),
    "local": ("localcell", "localcellid", "lcid", "sektor", "sector", "sectorid", "idsektor"),
    "azimuth": ("azimuth", "azimut", "azimuthdeg", "azimutdeg", "arah", "direction", "bearing"),
    "beam": (
        "beam",
        "beamwidth",
        "beamdeg",
        "beamwidthdeg",
        "hbw",
        "horizontalbeamwidth",
        "lebarberkas",
        "lebarpancar",
    ),
    "height": ("height", "heightm", "tinggi", "tinggim", "tinggiantena", "antennaheight", "ketinggian"),
    "tilt": ("tilt", "tiltdeg", "downtilt", "totaltilt", "kemiringan"),
    "range": ("range", "rangem", "radius", "radiusm", "jangkauan", "jangkauanm", "maxrange", "cellrange", "radiussel"),
    "rangekm": ("rangekm", "radiuskm", "jangkauankm"),
    "gnbbits": ("gnbbits", "gnbidlength", "gnblength", "panjanggnb"),
    "updated": ("updated", "diperbarui", "tanggal", "lastupdate", "onair"),
}
_DEFAULT_BEAM_DEG = 65.0


class _Refused(Exception):
    """A row that is not taken: why, and the column that is wrong."""

    def __init__(self, reason: str, column: str) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


def read_operator(path: Path, take: Callable[[Row], None], *, progress: Progress, mnc: str | None = None) -> Tally:
    """Give every sector of a list as a row of the table; raises BadTable naming the column that is missing.

    `mnc` is the network of a list that has no column for it.
    """
    line = first_line(path)
    delimiter = delimiter_of(line)
    columns, names = _columns([part.strip().strip('"') for part in line.split(delimiter)], path=path, mnc=mnc)
    tally = Tally(file=path.name, preset="operator")
    for number, fields in rows_of_csv(path, delimiter=delimiter, progress=progress):
        if number == 1:
            continue
        tally.rows += 1
        said = {name: fields[at].strip() for name, at in columns.items() if at < len(fields) and fields[at].strip()}
        try:
            row = _row(said, mnc=mnc, decimal_comma=delimiter != ",")
        except _Refused as refused:
            value = said.get(refused.column, "")
            tally.refuse(refused.reason, line=number, column=names.get(refused.column, refused.column), value=value)
            continue
        tally.taken += 1
        take(row)
    return tally


def _columns(header: list[str], *, path: Path, mnc: str | None) -> tuple[dict[str, int], dict[str, str]]:
    """Find the columns by their words; gives their places and the names that the file has for them."""
    plain = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in header]
    found: dict[str, int] = {}
    for name, words in WORDS.items():
        places = [at for at, word in enumerate(plain) if word in words]
        if len(places) > 1:
            raise BadTable(f"has two columns for {name}: {header[places[0]]} and {header[places[1]]}", field=path.name)
        if places:
            found[name] = places[0]
    for name in ("lat", "lon", "radio"):
        if name not in found:
            raise BadTable(f"has no column for {name}, such as {', '.join(WORDS[name][:4])}", field=path.name)
    if "cell" not in found and not {"enb", "local"} <= set(found):
        raise BadTable("has no column for cell, such as cell_id, ci or eci, nor enb_id and sector", field=path.name)
    if "mnc" not in found and mnc is None:
        raise BadTable("has no column for mnc, and no --mnc is given", field=path.name)
    return found, {name: header[at] for name, at in found.items()}


def _row(said: Mapping[str, str], *, mnc: str | None, decimal_comma: bool) -> Row:
    """Make the row of one sector; raises _Refused."""

    def decimal(name: str, low: float, high: float) -> float | None:
        text = said.get(name)
        if text is None:
            return None
        try:
            value = float(text.replace(",", ".") if decimal_comma else text)
        except ValueError:
            raise _Refused(f"{name} is no number", name) from None
        if not low <= value <= high or math.isnan(value):
            raise _Refused(f"{name} is not from {low:g} to {high:g}", name)
        return value

    identity = _identity(said, mnc)
    lat_deg, lon_deg = decimal("lat", -90, 180), decimal("lon", -180, 180)
    if lat_deg is None or lon_deg is None:
        raise _Refused("lat or lon is missing", "lat" if lat_deg is None else "lon")
    try:
        place = position_from_degrees(lat_deg=lat_deg, lon_deg=lon_deg)
    except BadInput as error:
        raise _Refused("outside Indonesia", "lat" if error.field == "lat_deg" else "lon") from None
    azimuth_deg, beam_deg = decimal("azimuth", -360, 360), decimal("beam", 0, 360)
    if azimuth_deg is not None and beam_deg is None:
        beam_deg = _DEFAULT_BEAM_DEG
    range_m, range_km = decimal("range", 0, WIDEST_RANGE_M), decimal("rangekm", 0, WIDEST_RANGE_M / 1000)
    gnb_bits = decimal("gnbbits", GNB_BITS.start, GNB_BITS.stop - 1)
    return (
        cell_key(identity),
        round(place.lon_deg * DEGREES),
        round(place.lat_deg * DEGREES),
        NO_AREA if identity.area is None else identity.area,
        range_m if range_m is not None else (range_km or 0) * 1000,
        _updated_s(said.get("updated")),
        0,
        tenths(azimuth_deg, turn=True) if beam_deg else tenths(None),
        tenths(beam_deg if azimuth_deg is not None and beam_deg else None),
        tenths(decimal("height", 0, 1000)),
        tilt_tenths(decimal("tilt", -90, 90)),
        int(Origin.OPERATOR),
        int(gnb_bits or 0),
    )


def _identity(said: Mapping[str, str], mnc: str | None) -> CellId:
    """Read the identity of a sector; raises _Refused naming the column."""

    def whole(name: str) -> int | None:
        text = said.get(name)
        if text is None:
            return None
        # A spreadsheet writes 56789 as 56789.0.
        text = text.removesuffix(".0")
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise _Refused(f"{name} is no whole number", name)
        return int(text)

    try:
        radio = radio_of(said.get("radio", ""))
        code = said.get("mnc", mnc or "")
        network = (
            code if len(code) == 2 and code.isdigit() else mnc_of_number(whole("mnc") or int(mnc or 0), mcc=INDONESIA)
        )
        if said.get("mcc", INDONESIA) != INDONESIA:
            raise _Refused("mcc is not 510", "mcc")
        if "-" in said.get("cell", ""):
            return _whole_identity(said["cell"], radio)
        cell, enb, local = whole("cell"), whole("enb"), whole("local")
        if cell is None and radio is Radio.LTE and enb is not None and local is not None and local < 256:
            cell = enb << 8 | local
        if cell is None:
            raise _Refused("cell is missing", "cell")
        return CellId(radio=radio, mcc=INDONESIA, mnc=network, area=whole("area"), cell=cell)
    except BadMessage as error:
        raise _Refused(f"{error.field} cannot be meant", error.field or "cell") from None


def _whole_identity(text: str, radio: Radio) -> CellId:
    """Read a column that holds the whole identity, such as 510-10-1234-56789."""
    found = [one for one in read_identity(text) if one.radio is radio]
    if len(found) != 1 or found[0].mcc != INDONESIA or found[0].cell is None:
        raise _Refused(f"cell is none of {radio} in Indonesia", "cell")
    return found[0]


def _updated_s(text: str | None) -> int:
    """Read a day or moment, or seconds since 1970; what is none says nothing against the cell."""
    if text is None:
        return 0
    if text.isascii() and text.isdigit() and len(text) == 10:
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 0
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0, min(0xFFFFFFFF, int(aware.timestamp())))
