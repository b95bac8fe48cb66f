"""What people type or paste: decimal degrees, degrees with minutes, geo: addresses, map links, plus codes."""

import re
from urllib.parse import unquote

from geo112.core.errors import BadInput, BadMessage
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.locate.degrees import RADIUS_UNKNOWN, field_warnings, is_zero_pair, stated_position, strict_decimal
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NotUnderstood, Reading
from geo112.locate.maplink import links_in, read_links
from geo112.locate.pluscode import codes_in, read_plus_code
from geo112.locate.sexagesimal import pair_within, read_pair

LONGEST_TEXT = 4096

_PAIR = r"(?P<lat>[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?),(?P<lon>[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)"
_GEO = re.compile(
    rf"geo:{_PAIR}(?:,[+-]?[0-9.]{{1,20}})?(?P<parameters>(?:;[^;\s?]*)*)(?:\?(?P<query>.*))?", re.ASCII | re.IGNORECASE
)
_PIN = re.compile(rf"{_PAIR}(?![0-9.])", re.ASCII)
# JSON and XML are no sentences: what stands in them has names, which only their own readers know.
_BRACES = ("{", "[", "<")
_GEO_START = re.compile(r"(?<![a-z0-9])geo:(?=[+-]?[0-9])", re.ASCII | re.IGNORECASE)


def read_typed(text: str, *, near: Position | None = None) -> Reading:
    """Read any text as coordinates; never raises: what is not understood comes back as NotUnderstood.

    `near` is about where the caller is: it completes a short plus code.
    """
    try:
        return _read(text, near)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def _read(text: str, near: Position | None) -> Reading:
    """Find the one way in which the text can be meant."""
    if len(text) > LONGEST_TEXT:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_TEXT}", field="text")
    stripped = text.strip()
    if stripped[:4].lower() == "geo:":
        return Located(fix=_from_geo(stripped))
    if links := links_in(stripped):
        marked = read_links(links)
        if isinstance(marked, str):
            return read_plus_code(marked)
        return Located(fix=_typed(lat_deg=marked.lat_deg, lon_deg=marked.lon_deg, warnings=marked.warnings))
    if found := _GEO_START.search(stripped):
        return Located(fix=_from_geo(stripped[found.start() :].split()[0].rstrip(".,;)")))
    codes = codes_in(stripped)
    if codes.full or codes.short:
        return read_plus_code(stripped, near=near)
    try:
        lat_deg, lon_deg = read_pair(stripped)
    except BadMessage:
        within = None if stripped[:1] in _BRACES else pair_within(stripped)
        if within is None:
            raise
        lat_deg, lon_deg = within
    return Located(fix=_typed(lat_deg=lat_deg, lon_deg=lon_deg))


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
    # Android shares a pin as geo:0,0?q=latitude,longitude(name); where it also says a place, that is the view.
    asked = next((one[2:] for one in (found["query"] or "").split("&") if one[:2].lower() == "q="), "")
    if pin := _PIN.match(unquote(asked)):
        return _typed(lat_deg=float(pin["lat"]), lon_deg=float(pin["lon"]))
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
