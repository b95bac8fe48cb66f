"""Plus codes (Open Location Code): a code names a cell of a grid, and whoever says it is in that cell."""

import re
from dataclasses import dataclass

from openlocationcode import openlocationcode as olc

from geo112.core.errors import BadMessage
from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.locate.degrees import field_warnings
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading

LONGEST_TEXT = 4096

_DIGITS = "23456789CFGHJMPQRVWX"
_CODE = re.compile(
    rf"(?<![0-9A-Za-z+])(?P<front>[{_DIGITS}]{{2,8}}0{{0,6}})\+(?P<back>[{_DIGITS}]{{0,7}})(?![0-9A-Za-z+])",
    re.IGNORECASE | re.ASCII,
)
_FULL_LENGTH = 8
# Six digits are a square of 5.5 km, about a kecamatan; four are one of 110 km.
_FEWEST_DIGITS = 6
_FEWEST_SHORT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The codes that stand in a text: whole ones, and ones whose first digits a place name replaces."""

    full: tuple[str, ...]
    short: tuple[str, ...]


def codes_in(text: str) -> Found:
    """Find the plus codes in a text, each once, in capitals."""
    full: dict[str, None] = {}
    short: dict[str, None] = {}
    for found in _CODE.finditer(text[:LONGEST_TEXT]):
        code = found[0].upper()
        if olc.isFull(code):
            full[code] = None
        elif olc.isShort(code) and _is_meant(found["front"], found["back"]):
            short[code] = None
    return Found(full=tuple(full), short=tuple(short))


def read_plus_code(text: str, *, near: Position | None = None) -> Reading:
    """Read the plus code in a text; a short one only where `near` says around which place; never raises."""
    if len(text) > LONGEST_TEXT:
        return NotUnderstood(reason=f"has {len(text)} characters, more than {LONGEST_TEXT}", field="text")
    found = codes_in(text)
    try:
        code = _single(found.full or found.short)
    except BadMessage as error:
        return NotUnderstood(reason=error.message, field=error.field)
    if found.full:
        return _cell(code)
    if near is None:
        reason = f"{code} is the short form of a plus code: ask for the whole code, with four more characters in front"
        return NotUnderstood(reason=reason, field="text")
    return _cell(str(olc.recoverNearest(code, near.lat_deg, near.lon_deg)))


def _is_meant(front: str, back: str) -> bool:
    """Tell a short code from two numbers with a plus sign between them."""
    return len(front) >= _FEWEST_SHORT and len(back) >= 2 and not (front + back).isdecimal()


def _single(codes: tuple[str, ...]) -> str:
    if not codes:
        raise BadMessage("holds no plus code such as 6P59W5XR+8F", field="text")
    if len(codes) > 1:
        raise BadMessage(f"holds {len(codes)} plus codes: which one is meant?", field="text")
    return codes[0]


def _cell(code: str) -> Reading:
    """Give the cell of a whole code as a polygon; who says the code may still misread it, hence 95 %, not all."""
    digits = len(code.replace("+", "").rstrip("0"))
    if digits < _FEWEST_DIGITS:
        reason = f"{code} is a square of 110 km or more: ask for the whole code"
        return NoPosition(reason=reason)
    cell = olc.decode(code)
    west, east, south, north = cell.longitudeLo, cell.longitudeHi, cell.latitudeLo, min(90.0, cell.latitudeHi)
    corners = ((west, south), (east, south), (east, north), (west, north))
    area = Polygon(ring=tuple(Position(lon_deg=min(180.0, lon), lat_deg=lat) for lon, lat in corners))
    warnings = field_warnings(Position(lon_deg=cell.longitudeCenter, lat_deg=cell.latitudeCenter))
    fix = Fix(area=area, source=FixSource.TYPED, method=FixMethod.UNKNOWN, taken_at=None, warnings=warnings)
    return Located(fix=fix)
