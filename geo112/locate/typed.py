"""Coordinates as people type or paste them: decimal degrees, degrees with minutes, geo: addresses, map links."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from geo112.core.errors import BadInput, BadMessage
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.locate.degrees import RADIUS_UNKNOWN, field_warnings, is_zero_pair, stated_position, strict_decimal
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NotUnderstood, Reading
from geo112.locate.sexagesimal import read_pair

LONGEST_TEXT = 4096

_PAIR = r"(?P<lat>[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?),(?P<lon>[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)"
_GEO = re.compile(
    rf"geo:{_PAIR}(?:,[+-]?[0-9.]{{1,20}})?(?P<parameters>(?:;[^;\s?]*)*)(?:\?.*)?", re.ASCII | re.IGNORECASE
)
_LINK_PAIR = re.compile(rf"\s*(?:loc:)?{_PAIR.replace(',(', ',[ +]?(')}\s*", re.ASCII)
_LINK_PIN = re.compile(
    r"!3d(?P<lat>[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)!4d(?P<lon>[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)", re.ASCII
)
_LINK_VIEW = re.compile(rf"/@{_PAIR}(?=[,/?]|\Z)", re.ASCII)
_LINK_HASH = re.compile(rf"map=[0-9.]{{1,6}}/{_PAIR.replace(',(', '/(')}(?=[&/]|\Z)", re.ASCII)
_LINK_KEYS = ("query", "q", "ll", "destination", "daddr", "coordinate", "center")


def read_typed(text: str) -> Reading:
    """Read any text as coordinates; never raises: what is not understood comes back as NotUnderstood."""
    try:
        return Located(fix=_fix(text))
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def _fix(text: str) -> Fix:
    """Find the one way in which the text can be meant."""
    if len(text) > LONGEST_TEXT:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_TEXT}", field="text")
    stripped = text.strip()
    if stripped[:4].lower() == "geo:":
        return _from_geo(stripped)
    if re.match(r"https?://", stripped, re.IGNORECASE):
        return _from_link(stripped)
    lat_deg, lon_deg = read_pair(stripped)
    return _typed(lat_deg=lat_deg, lon_deg=lon_deg)


def _typed(*, lat_deg: float, lon_deg: float, radius_m: float | None = None, warnings: tuple[str, ...] = ()) -> Fix:
    """Make a fix of a typed position; nobody types an uncertainty, so mostly its radius is unknown."""
    if is_zero_pair(lat_deg=lat_deg, lon_deg=lon_deg):
        raise BadMessage("0/0 is what devices send when they know no position", field="lat_deg")
    middle = stated_position(lat_deg=lat_deg, lon_deg=lon_deg, lat_field="lat_deg", lon_field="lon_deg")
    area = _area(middle, radius_m)
    more = (RADIUS_UNKNOWN,) if isinstance(area, Point) else ()
    return Fix(
        area=area,
        source=FixSource.TYPED,
        method=FixMethod.UNKNOWN,
        taken_at=None,
        warnings=(*warnings, *more, *field_warnings(middle)),
    )


def _area(middle: Position, radius_m: float | None) -> Circle | Point:
    """Draw a circle where a radius above zero is given; its confidence is 95 % (RFC 7459, 4)."""
    return Circle(middle=middle, radius_m=radius_m) if radius_m else Point(middle=middle)


def _from_geo(text: str) -> Fix:
    """Read a geo: address (RFC 5870); only the coordinate system WGS 84 is defined."""
    found = _GEO.fullmatch(text)
    if found is None:
        raise BadMessage(f"{text[:60]!r} is not geo:latitude,longitude", field="text")
    radius_m = None
    for parameter in filter(None, found["parameters"].split(";")):
        name, _, value = parameter.lower().partition("=")
        if name == "crs" and value != "wgs84":
            raise BadMessage(f"{value[:40]!r} is not wgs84", field="crs")
        if name == "u":
            radius_m = strict_decimal(value)
            if radius_m is None or radius_m < 0:
                raise BadMessage(f"{value[:40]!r} is not an uncertainty in metres", field="u")
    return _typed(lat_deg=float(found["lat"]), lon_deg=float(found["lon"]), radius_m=radius_m)


def _from_link(text: str) -> Fix:
    """Read a link of a map: the pin or the place searched; the middle of the view only as a labelled guess."""
    link = _split(text)
    if found := _LINK_PIN.search(link):
        return _typed(lat_deg=float(found["lat"]), lon_deg=float(found["lon"]))
    query, _, fragment = link.partition("#")
    values = parse_qs(query.partition("?")[2])
    pairs = [values[key][0] for key in _LINK_KEYS if key in values]
    if "mlat" in values and "mlon" in values:
        pairs.insert(0, f"{values['mlat'][0]},{values['mlon'][0]}")
    place = unquote(query.partition("?")[0])
    pairs += re.split(r"/(?:place|search|dir)/", place)[1:]
    for pair in pairs:
        if found := _LINK_PAIR.match(pair):
            return _typed(lat_deg=float(found["lat"]), lon_deg=float(found["lon"]))
    if found := _LINK_VIEW.search(query) or _LINK_HASH.search(fragment):
        warnings = ("perkiraan: middle of a map view, no pin",)
        return _typed(lat_deg=float(found["lat"]), lon_deg=float(found["lon"]), warnings=warnings)
    raise BadMessage("this link holds no coordinates; open it and paste the coordinates", field="text")


def _split(text: str) -> str:
    """Refuse what no browser would open: text with spaces behind the link is read without them."""
    link = text.split(maxsplit=1)[0]
    try:
        urlsplit(link)
    except ValueError:
        raise BadMessage("this link is broken", field="text") from None
    return link
