"""What GML shapes are made of: positions, rings, lengths and angles, read strictly."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.xml import children_of, local_name
from geo112.locate.degrees import stated_position

# As RFC 5491 writes it, as RFC 5222 misprints it (two colons before crs, one before the number), and as addresses.
_SRS = re.compile(
    r"(?:urn:(?:x-)?ogc:def:{1,2}crs:EPSG:(?:[0-9.]{0,8}:)?"
    r"|https?://www\.opengis\.net/(?:def/crs/EPSG/[0-9.]{1,8}/|gml/srs/epsg\.xml#)"
    r"|EPSG:{1,2})(?P<code>4326|4979)",
    re.ASCII | re.IGNORECASE,
)
_UOM = re.compile(
    r"(?:urn:(?:x-)?ogc:def:{1,2}uom:EPSG:(?:[0-9.]{0,8}:)?|https?://www\.opengis\.net/def/uom/EPSG/[0-9.]{1,8}/"
    r"|EPSG:{1,2})(?P<code>[0-9]{4})",
    re.ASCII | re.IGNORECASE,
)
# A location has a handful of corners, a district a few hundred; more would only cost time while a caller waits.
_MOST_CORNERS = 2_000
_LONGEST_NAME = 120
_METRE = {"9001": 1.0, "9036": 1000.0, "m": 1.0, "#m": 1.0, "metre": 1.0, "meter": 1.0}
_DEGREE = {"9102": 1.0, "9122": 1.0, "9101": math.degrees(1), "deg": 1.0, "#deg": 1.0, "rad": math.degrees(1)}
# GML numbers are xs:double; float() alone would also take "nan", "inf", "1_0" and Arabic digits.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
# RFC 4119 wrote positions as degrees:minutes:seconds before RFC 5491 settled the form.
_SEXAGESIMAL = re.compile(
    r"([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,12})?)([NS])"
    r"[\s,]+([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,12})?)([EW])",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position with its height above the ellipsoid, where one is given."""

    position: Position
    altitude_m: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRead:
    """A ring with the heights of its corners; empty where it has none."""

    ring: tuple[Position, ...]
    altitudes_m: list[float]
    warnings: tuple[str, ...]


def _first(element: etree._Element, name: str) -> etree._Element | None:
    found = children_of(element, name)
    return found[0] if found else None


def child_of(element: etree._Element, name: str) -> etree._Element:
    """Give the child of this name; raises BadShape naming it where it is missing."""
    found = _first(element, name)
    if found is None:
        raise BadShape(f"is missing in {local_name(element)[:40]}", field=name)
    return found


def length_m(element: etree._Element, name: str) -> float:
    """Read a length from 0 on, in metres; raises BadShape."""
    metres = _measure(child_of(element, name), name, _METRE)
    if metres < 0:
        raise BadShape(f"{metres} is less than 0", field=name)
    return metres


def angle_deg(element: etree._Element, name: str) -> float:
    """Read an angle and give it in degrees; raises BadShape."""
    return _measure(child_of(element, name), name, _DEGREE)


def place_of(element: etree._Element) -> Place:
    """Read the position that a shape hangs on; raises BadShape or BadPosition."""
    pos = _first(element, "pos")
    if pos is None:
        coordinates = _first(element, "coordinates")
        if coordinates is None:
            raise BadShape(f"is missing in {local_name(element)[:40]}", field="pos")
        return _old_place(coordinates, element.get("srsName"))
    numbers = _numbers(pos, "pos")
    if len(numbers) not in (2, 3):
        raise BadShape(f"has {len(numbers)} numbers, not latitude, longitude and perhaps a height", field="pos")
    dimensions, warnings = _dimensions(pos.get("srsName", element.get("srsName")))
    if len(numbers) == 3 and dimensions == 2:
        warnings = (*warnings, "a height in a system without heights")
    return Place(
        position=_position(numbers[0], numbers[1], "pos"),
        altitude_m=numbers[2] if len(numbers) == 3 else None,
        warnings=warnings,
    )


def ring_of(boundary: etree._Element, srs: str | None) -> RingRead:
    """Read the ring of an exterior or interior; raises BadShape or BadPosition."""
    line = child_of(boundary, "LinearRing")
    dimensions, warnings = _dimensions(line.get("srsName", srs))
    pos_list = _first(line, "posList")
    if pos_list is None:
        rows = [_numbers(pos, "pos") for pos in children_of(line, "pos")]
    else:
        rows = _rows(pos_list, dimensions)
    if any(len(row) not in (2, 3) for row in rows):
        raise BadShape("has corners that are not latitude, longitude and perhaps a height", field="pos")
    if len(rows) > _MOST_CORNERS:
        raise BadShape(f"has {len(rows)} corners, more than {_MOST_CORNERS}", field="pos")
    corners = tuple(_position(row[0], row[1], "pos") for row in rows)
    if len(corners) > 2 and corners[0] != corners[-1]:
        warnings = (*warnings, "ring not closed: its last position is not its first")
    return RingRead(ring=corners, altitudes_m=[row[2] for row in rows if len(row) == 3], warnings=warnings)


def _rows(pos_list: etree._Element, dimensions: int) -> list[list[float]]:
    """Cut a list of numbers into positions."""
    numbers = _numbers(pos_list, "posList")
    if pos_list.get("srsDimension") in ("2", "3"):
        dimensions = int(pos_list.get("srsDimension", ""))
    if len(numbers) % dimensions:
        raise BadShape(f"has {len(numbers)} numbers, not a multiple of {dimensions}", field="posList")
    return [numbers[n : n + dimensions] for n in range(0, len(numbers), dimensions)]


def _dimensions(srs: str | None) -> tuple[int, tuple[str, ...]]:
    """Say how many numbers a position has in this coordinate system; raises BadShape for an unknown one."""
    if srs is None:
        return 2, ("srsName is missing; latitude, longitude was assumed",)
    code = _code_of(_SRS, srs) if len(srs) <= _LONGEST_NAME else None
    if code is None:
        raise BadShape(f"{srs[:60]!r} is not EPSG::4326 or EPSG::4979", field="srsName")
    return (3 if code == "4979" else 2), ()


@lru_cache(maxsize=128)
def _code_of(form: re.Pattern[str], name: str) -> str | None:
    """Give the EPSG code in the name of a system or a unit; everybody writes the same few."""
    found = form.fullmatch(name.strip())
    return None if found is None else found["code"]


def _position(lat_deg: float, lon_deg: float, field: str) -> Position:
    return stated_position(lat_deg=lat_deg, lon_deg=lon_deg, lat_field=field, lon_field=field)


def _old_place(element: etree._Element, srs: str | None) -> Place:
    """Read gml:coordinates, as RFC 4119 had it: degrees:minutes:seconds, or latitude,longitude."""
    _, warnings = _dimensions(element.get("srsName", srs))
    text = (element.text or "").strip()
    if found := _SEXAGESIMAL.fullmatch(text):
        halves = (found.groups()[:4], found.groups()[4:])
        lat_deg, lon_deg = (_turned(*half) for half in halves)
    else:
        parts = re.split(r"[\s,]+", text)
        if len(parts) != 2:
            raise BadShape(f"{text[:40]!r} is not latitude,longitude", field="coordinates")
        lat_deg, lon_deg = (_number(part, "coordinates") for part in parts)
    return Place(position=_position(lat_deg, lon_deg, "coordinates"), warnings=warnings)


def _turned(degrees: str, minutes: str, seconds: str, side: str) -> float:
    if int(minutes) >= 60 or float(seconds) >= 60:
        raise BadShape(f"{minutes}:{seconds} is not below 60", field="coordinates")
    value = int(degrees) + int(minutes) / 60 + float(seconds) / 3600
    return -value if side.upper() in "SW" else value


def _numbers(element: etree._Element, field: str) -> list[float]:
    return [_number(part, field) for part in (element.text or "").split()]


def _number(text: str, field: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise BadShape(f"{text[:40]!r} is not a number", field=field)
    return float(text)


def _measure(element: etree._Element, name: str, units: dict[str, float]) -> float:
    uom = element.get("uom", "").strip()[: _LONGEST_NAME + 1]
    factor = units.get(_code_of(_UOM, uom) or uom) if uom else 1.0
    if factor is None:
        raise BadShape(f"{uom[:60]!r} is no unit that is known here", field=name)
    return _number((element.text or "").strip(), name) * factor
