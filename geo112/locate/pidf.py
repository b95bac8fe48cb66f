"""PIDF-LO: the location object of SIP, HELD and LoST (RFC 4119, 5139, 5491, 7459), read with all its choices."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from lxml import etree

from geo112.core.clock import from_iso
from geo112.core.errors import BadInput, BadMessage
from geo112.core.shapes import DEFAULT_CONFIDENCE_SHARE, Point, Polygon
from geo112.core.xml import LONGEST_BYTES, local_name, parse_xml
from geo112.locate.degrees import RADIUS_UNKNOWN, field_warnings, is_zero_pair
from geo112.locate.fix import (
    Civic,
    Device,
    Fix,
    FixSource,
    Located,
    NoPosition,
    NotUnderstood,
    Reading,
)
from geo112.locate.gml import ShapeRead, is_shape, read_shape
from geo112.locate.pidf_mime import documents_in
from geo112.locate.pidf_words import DEFAULT, DERIVED, method_of

NO_LOCATION = "the document holds no location"
# RFC 5491, 5.2.2: a polygon of a presence document has at most this many different corners.
_MOST_CORNERS = 15
# RFC 5491, rule 8: the first device with a location counts, then the first tuple, then the first person.
_HOLDERS = {"device": 0, "tuple": 1, "person": 2}
_MOST_CIVIC, _LONGEST_CIVIC = 64, 256
_MOST_LOCATIONS = 100
_NUMBER = re.compile(r"(?:tel:|sips?:)(\+?[0-9][0-9.\-()]{3,24})(?:[;@?].*)?", re.ASCII | re.IGNORECASE | re.DOTALL)
_IMEI = re.compile(r"(?:urn:gsma:imei:|imei:)([0-9]{8}-?[0-9]{6}-?[0-9]{0,2}).*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One location-info of the message, with what stands around it; `rank` sorts by which is to be believed first."""

    rank: tuple[int, int, int, int]
    info: etree._Element
    holder: etree._Element
    presence: etree._Element
    method: str


def read_pidf(message: str | bytes, *, source: FixSource = FixSource.SIP) -> Reading:
    """Read any text or bytes as PIDF-LO; never raises: what is broken comes back as NotUnderstood.

    A SIP body of several parts is understood as well; of several locations RFC 5491 says which one counts.
    """
    try:
        return _read(_bytes_of(message), source)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def read_presence(root: etree._Element, *, source: FixSource = FixSource.SIP) -> Reading:
    """Read a presence element that stands inside another document, such as a HELD answer; never raises."""
    try:
        return _of_roots([root], source)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def _bytes_of(message: str | bytes) -> bytes:
    if len(message) > LONGEST_BYTES:
        raise BadMessage(f"has {len(message)} characters, more than {LONGEST_BYTES}", field="message")
    if isinstance(message, bytes):
        return message
    try:
        return message.encode()
    except UnicodeEncodeError:
        raise BadMessage("has characters that no UTF-8 text can hold", field="message") from None


def _read(message: bytes, source: FixSource) -> Reading:
    return _of_roots([parse_xml(document) for document in documents_in(message)], source)


def _of_roots(roots: list[etree._Element], source: FixSource) -> Reading:
    presences = [one for root in roots for one in _presences(root)]
    if not presences:
        raise BadMessage(f"{local_name(roots[0])[:40]!r} is no presence document", field="presence")
    found = sorted(_locations(presences), key=lambda one: one.rank)[:_MOST_LOCATIONS]
    if not found:
        device, taken_at = _device(presences[0], presences[0]), None
        return NoPosition(reason=NO_LOCATION, taken_at=taken_at, device=device)
    return _best(found, source)


def _presences(root: etree._Element) -> list[etree._Element]:
    """Give the root, or the presence documents inside the answer of a location server."""
    if local_name(root) == "presence":
        return [root]
    return list(root.iterchildren("{*}presence"))


def _locations(presences: list[etree._Element]) -> list[_Found]:
    found = []
    order = count()
    for n, presence in enumerate(presences):
        for info in presence.iterdescendants("{*}location-info"):
            above = [one for one in info.iterancestors() if local_name(one) in _HOLDERS]
            geopriv = info.getparent()
            word = _text(geopriv, "method") if geopriv is not None else ""
            holder = above[-1] if above else presence
            kind = _HOLDERS.get(local_name(holder), 3)
            rank = (_doubt(word), n, kind, next(order))
            found.append(_Found(rank=rank, info=info, holder=holder, presence=presence, method=word))
    return found


def _doubt(method: str) -> int:
    """Put derived locations behind measured ones (RFC 6881, ED-42), and default ones last of all (SP-23)."""
    return {DERIVED: 1, DEFAULT: 2}.get(method.lower(), 0)


def _best(found: list[_Found], source: FixSource) -> Reading:
    """Take the first location that can be read; what is wrong with those before it becomes a warning."""
    wrong: list[BadInput] = []
    civic = next((one for one in map(_civic, (one.info for one in found)) if one), ())
    for one in found:
        try:
            shape = _shape(one.info)
        except BadInput as error:
            wrong.append(error)
            continue
        if shape is not None:
            more = (f"{len(found)} locations in the message, the first one that counts was taken",)
            notes = (*(f"unreadable: {error}" for error in wrong), *(more if len(found) > 1 else ()))
            return _located(one, shape, source, civic=_civic(one.info) or civic, notes=notes)
    first = found[0]
    if wrong and not civic:
        raise wrong[0]
    reason = "only a civic address, no position" if civic else NO_LOCATION
    return NoPosition(
        reason=reason,
        taken_at=_moment(first.holder)[0],
        civic=civic,
        device=_device(first.presence, first.holder),
        warnings=tuple(f"unreadable: {error}" for error in wrong),
    )


def _located(one: _Found, shape: ShapeRead, source: FixSource, *, civic: Civic, notes: tuple[str, ...]) -> Reading:
    taken_at, late = _moment(one.holder)
    device, middle = _device(one.presence, one.holder), shape.area.middle
    method, doubts = method_of(one.method)
    if one.method.lower() == "cell" and isinstance(shape.area, Point):
        doubts = (*doubts, "perkiraan: the place of the antenna, not of the caller")
    warnings = tuple(dict.fromkeys((*notes, *shape.warnings, *doubts, *late, *field_warnings(middle))))
    if is_zero_pair(lat_deg=middle.lat_deg, lon_deg=middle.lon_deg):
        reason = "0/0 is what devices send when they know no position"
        return NoPosition(reason=reason, taken_at=taken_at, civic=civic, device=device, warnings=notes)
    fix = Fix(
        area=shape.area,
        source=source,
        method=method,
        taken_at=taken_at,
        altitude_m=shape.altitude_m,
        vertical_accuracy_m=shape.vertical_accuracy_m,
        floor=next((text for name, text in civic if name == "FLR"), None),
        warnings=warnings,
    )
    return Located(fix=fix, device=device, civic=civic)


def _shape(info: etree._Element) -> ShapeRead | None:
    """Read the first shape, which is the coarse one (RFC 5491, rule 6); None where there is none."""
    shapes = [one for one in info.iterdescendants(etree.Element) if is_shape(one) and _is_outermost(one)]
    if not shapes:
        return None
    share, doubts = _confidence(info)
    if share is None:
        bare = read_shape(shapes[0])
        doubts, share = (*doubts, RADIUS_UNKNOWN), DEFAULT_CONFIDENCE_SHARE
        read = ShapeRead(area=Point(middle=bare.area.middle), altitude_m=bare.altitude_m, warnings=bare.warnings)
    else:
        read = read_shape(shapes[0], confidence_share=share)
        if isinstance(read.area, Point):
            doubts = () if read.warnings else (RADIUS_UNKNOWN,)
    if isinstance(read.area, Polygon) and len(read.area.ring) > _MOST_CORNERS:
        doubts = (*doubts, f"polygon with {len(read.area.ring)} corners, more than {_MOST_CORNERS}")
    if len(shapes) > 1:
        doubts = (*doubts, f"{len(shapes)} shapes for one place, the first and coarsest was taken")
    return ShapeRead(
        area=read.area,
        altitude_m=read.altitude_m,
        vertical_accuracy_m=read.vertical_accuracy_m,
        warnings=(*read.warnings, *doubts),
        three_dimensional=read.three_dimensional,
    )


def _is_outermost(shape: etree._Element) -> bool:
    """Tell a shape from the polygon that is the base of a prism."""
    return not any(is_shape(one) for one in shape.iterancestors())


def _confidence(info: etree._Element) -> tuple[float | None, tuple[str, ...]]:
    """Read the confidence as a share; missing is 95 % (RFC 7459, 4), and 0 says that the shape says nothing.

    `unknown` keeps the shape as it was sent: 95 % is the one confidence at which nothing scales it.
    """
    element = next(info.iterchildren("{*}confidence"), None)
    if element is None:
        return DEFAULT_CONFIDENCE_SHARE, ()
    text = (element.text or "").strip()
    if text == "unknown":
        return DEFAULT_CONFIDENCE_SHARE, ("confidence unknown: the area was taken as it is",)
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{0,20})?", text, re.ASCII) or float(text) > 100:
        return DEFAULT_CONFIDENCE_SHARE, (f"confidence not understood: {text[:20]!r}, 95 % taken",)
    if float(text) == 0:
        return None, ("confidence 0: the area says nothing",)
    return float(text) / 100, ()


def _civic(info: etree._Element) -> Civic:
    """Keep a civic address as it came (RFC 5139; RFC 6881, ED-13: nobody converts it before the centre)."""
    address = next(info.iterdescendants("{*}civicAddress"), None)
    if address is None:
        return ()
    parts = ((local_name(one), (one.text or "").strip()) for one in address.iterchildren(etree.Element))
    return tuple((name[:32], text[:_LONGEST_CIVIC]) for name, text in parts if text)[:_MOST_CIVIC]


def _moment(holder: etree._Element) -> tuple[datetime | None, tuple[str, ...]]:
    """Read when the location was true; without a time its age is unknown."""
    text = _text(holder, "timestamp")
    if not text:
        return None, ("time of positioning unknown",)
    try:
        return from_iso(text.upper(), field="timestamp"), ()
    except BadInput:
        return None, (f"timestamp not understood: {text[:40]!r}",)


def _device(presence: etree._Element, holder: etree._Element) -> Device:
    """Take the number from the entity or the contact, and an IMEI from the device's own name."""
    number = _number(presence.get("entity", "")) or _number(_text(holder, "contact"))
    imei = _IMEI.fullmatch(_text(holder, "deviceID"))
    return Device(number=number, imei=re.sub(r"\D", "", imei[1]) if imei else None)


def _number(uri: str) -> str | None:
    """Give the telephone number of a tel: address, or of a sip: one whose user is a number with +."""
    found = _NUMBER.fullmatch(uri.strip())
    if found is None:
        return None
    number = re.sub(r"[^0-9+]", "", found[1])
    is_tel = uri.strip()[:4].lower() == "tel:"
    return number if is_tel or number.startswith("+") else None


def _text(element: etree._Element, name: str) -> str:
    found = next(element.iterchildren(f"{{*}}{name}"), None)
    return "" if found is None else (found.text or "").strip()
