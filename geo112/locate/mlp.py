"""The Mobile Location Protocol of the carriers' gateways (OMA MLP 3.x): answers and reports, read.

A document type is refused as in all XML here: a gateway has to be set to leave `<!DOCTYPE …>` out.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from geo112.core.errors import BadInput, BadMessage
from geo112.core.shapes import DEFAULT_CONFIDENCE_SHARE, Point
from geo112.core.xml import LONGEST_BYTES, local_name, parse_xml
from geo112.locate.degrees import field_warnings, is_zero_pair, strict_decimal
from geo112.locate.fix import Device, Fix, FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading
from geo112.locate.mlp_shapes import ShapeNotes

_POSITIONS = ("pos", "eme_pos", "trl_pos")
_ROOTS = ("svc_result", "slia", "slirep", "slrep", "eme_lia", "emerep", "tlrep", "tlra", *_POSITIONS, "pd")
_MOST_POSITIONS = 40
_TIME = re.compile(r"[0-9]{14}", re.ASCII)
_OFFSET = re.compile(r"([+-]?)([0-9]{2}):?([0-9]{2})", re.ASCII)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What one pos of the message gave."""

    reading: Reading

    @property
    def newness(self) -> tuple[bool, datetime]:
        """Sort by whether there is a position, then by its time."""
        found = isinstance(self.reading, Located)
        at = self.reading.fix.taken_at if isinstance(self.reading, Located) else None
        return found, at or _EARLIEST


def read_mlp(message: str | bytes) -> Reading:
    """Read any text or bytes as an answer of MLP; never raises: what is broken comes back as NotUnderstood."""
    try:
        if len(message) > LONGEST_BYTES:
            raise BadMessage(f"has {len(message)} characters, more than {LONGEST_BYTES}", field="message")
        data = message if isinstance(message, bytes) else message.strip().encode()
        return _read(parse_xml(data))
    except UnicodeEncodeError:
        return NotUnderstood(reason="has characters that no UTF-8 text can hold", field="message")
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def _read(root: etree._Element) -> Reading:
    name = local_name(root)
    if name not in _ROOTS:
        raise BadMessage(f"{name[:40]!r} is no answer of the Mobile Location Protocol", field="message")
    if name in (*_POSITIONS, "pd"):
        places = [root]
    else:
        places = [one for one in root.iterdescendants(etree.Element) if local_name(one) in _POSITIONS]
    if len(places) > _MOST_POSITIONS:
        raise BadMessage(f"has {len(places)} positions, more than {_MOST_POSITIONS}", field="pos")
    if not places:
        return NoPosition(reason=_result(root) or "the answer holds no position")
    answers = [_Answer(reading=_one(place)) for place in places]
    best = max(answers, key=lambda one: one.newness).reading
    if len(answers) == 1:
        return best
    return _warned(best, f"{len(answers)} positions in the message, the newest was taken")


def _warned(reading: Reading, warning: str) -> Reading:
    """Add a warning, whatever came out."""
    if isinstance(reading, Located):
        return replace(reading, fix=replace(reading.fix, warnings=(*reading.warnings, warning)))
    return replace(reading, warnings=(*reading.warnings, warning))


def _one(place: etree._Element) -> Reading:
    """Read one pos, or a pd that stands alone; what cannot be meant comes back as NotUnderstood."""
    try:
        device = _device(place)
        found = place if local_name(place) == "pd" else next(place.iterchildren("{*}pd"), None)
        if found is None:
            refused = next(place.iterchildren("{*}poserr"), None)
            where = place if refused is None else refused
            return NoPosition(
                reason=_result(where) or "the gateway knew no position", taken_at=_moment(where)[0], device=device
            )
        return _located(found, device)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def _located(place: etree._Element, device: Device) -> Reading:
    shape = next(place.iterchildren("{*}shape"), None)
    drawn = None if shape is None else next(shape.iterchildren(etree.Element), None)
    if drawn is None:
        raise BadMessage("is missing in pd", field="shape")
    share, doubts = _confidence(place)
    notes = ShapeNotes(share)
    area = notes.area(drawn)
    taken_at, late = _moment(place)
    if is_zero_pair(lat_deg=area.middle.lat_deg, lon_deg=area.middle.lon_deg):
        reason = "0/0 is what devices send when they know no position"
        return NoPosition(reason=reason, taken_at=taken_at, device=device)
    told = () if isinstance(area, Point) else doubts
    fix = Fix(
        area=area,
        source=FixSource.OPERATOR,
        method=FixMethod.UNKNOWN,
        taken_at=taken_at,
        altitude_m=_decimal(place, "alt", notes.altitude_m),
        vertical_accuracy_m=_decimal(place, "alt_acc", _decimal(place, "alt_unc", None)) or None,
        warnings=(*notes.warnings, *told, *late, *field_warnings(area.middle)),
    )
    return Located(fix=fix, device=device)


def _confidence(place: etree._Element) -> tuple[float, tuple[str, ...]]:
    """Read lev_conf; gateways copy the 0 of the network, which says that nothing is known of it (TS 23.032)."""
    text = (place.findtext("{*}lev_conf") or "").strip()
    percent = strict_decimal(text)
    if not text:
        return DEFAULT_CONFIDENCE_SHARE, ("confidence missing: 95 % taken",)
    if percent is None or not 0 <= percent <= 100:
        return DEFAULT_CONFIDENCE_SHARE, (f"lev_conf not understood: {text[:20]!r}, 95 % taken",)
    if percent == 0:
        return DEFAULT_CONFIDENCE_SHARE, ("confidence 0 says nothing: 95 % taken",)
    return percent / 100, ()


def _moment(place: etree._Element) -> tuple[datetime | None, tuple[str, ...]]:
    """Read `yyyyMMddHHmmss`, which is local to `utc_off`; without an offset it is UTC."""
    element = next(place.iterchildren("{*}time"), None)
    if element is None:
        return None, ("time of positioning unknown",)
    text, offset = (element.text or "").strip(), _OFFSET.fullmatch((element.get("utc_off") or "0000").strip())
    odd = (f"time not understood: {text[:40]!r}",)
    if offset is None or int(offset[3]) >= 60 or int(offset[2]) > 23 or not _TIME.fullmatch(text):
        return None, odd
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    zone = timezone(-ahead if offset[1] == "-" else ahead)
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC), ()
    except (ValueError, OverflowError):
        return None, odd


def _device(place: etree._Element) -> Device:
    """Take the names of the telephone; an encrypted one names nobody."""
    told: dict[str, str] = {}
    for element in place.iterdescendants("{*}msid"):
        digits = (element.text or "").strip().lstrip("+")
        if element.get("enc", "ASC").upper() == "ASC" and re.fullmatch(r"[0-9]{3,16}", digits, re.ASCII):
            told.setdefault(element.get("type", "MSISDN").upper(), digits)
    number = told.get("MSISDN")
    # An MSISDN is international and has no plus; what is too short for that is a number of the carrier's own.
    international = number is not None and len(number) >= 8 and not number.startswith("0")
    return Device(
        number=f"+{number}" if international else number,
        imsi=told.get("IMSI") or _digits(place, "imsi", "[0-9]{6,15}"),
        imei=told.get("IMEI"),
        mcc=_digits(place, "mcc", "[0-9]{3}"),
        mnc=_digits(place, "mnc", "[0-9]{2,3}"),
    )


def _digits(place: etree._Element, name: str, pattern: str) -> str | None:
    element = next(place.iterdescendants(f"{{*}}{name}"), None)
    text = "" if element is None else (element.text or "").strip()
    return text if re.fullmatch(pattern, text, re.ASCII) else None


def _result(element: etree._Element) -> str | None:
    """Give the gateway's own words for why there is no position, with its number."""
    result = next(element.iterdescendants("{*}result"), None)
    if result is None:
        return None
    more = " ".join((element.findtext(".//{*}add_info") or "").split())
    words = " ".join((result.text or "").split()) or "no reason given"
    number = result.get("resid", "").strip()
    return f"{words}{f' ({number[:10]})' if number else ''}{f': {more}' if more else ''}"[:200]


def _decimal(place: etree._Element, name: str, otherwise: float | None) -> float | None:
    number = strict_decimal((place.findtext(f"{{*}}{name}") or "").strip())
    return otherwise if number is None else number
