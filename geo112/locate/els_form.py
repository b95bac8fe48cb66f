"""The form that Google's Emergency Location Service sends over HTTPS: one handset, one position, every field optional.

Field table: Google ELS HTTP specification; older handsets send `location_certainty` in percent.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import unquote_plus

from geo112.core.errors import BadInput, BadMessage
from geo112.core.shapes import Area, Circle, Point
from geo112.locate.aml_fields import LONGEST_MESSAGE
from geo112.locate.degrees import RADIUS_UNKNOWN, field_warnings, is_zero_pair, stated_position
from geo112.locate.fix import (
    Device,
    Dialled,
    Fix,
    FixMethod,
    FixSource,
    Located,
    NoPosition,
    NotUnderstood,
    Reading,
)

# A position hangs on these: said twice with different values, the form is refused.
_DECISIVE = ("location_latitude", "location_longitude")
_KNOWN_BY = re.compile(
    r"(?:\A|&)(?:location_(?:latitude|longitude|time|source)|emergency_number|thunderbird_version"
    r"|device_(?:number|imei|imsi|iccid|model))=",
    re.ASCII,
)
_FORM = re.compile(r"[^\s=&/:]+=[^\x00-\x1f\x7f]*", re.ASCII)
# Handsets write small numbers as Java does: half a thousandth of a degree from the equator is 5.0E-4.
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_METHODS = {
    "gps": FixMethod.GNSS,
    "gnss": FixMethod.GNSS,
    "wifi": FixMethod.WIFI,
    "cell": FixMethod.CELL,
    "fused": FixMethod.FUSED,
    "unknown": FixMethod.UNKNOWN,
}
_NUMBER_FORM = r"\+?[0-9]{3,20}"
_HMAC_FIELD = b"hmac="
_FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_WIDEST_M = 20_000_000


class _Form:
    """The fields of a form while it is being read, with the warnings that reading them gave."""

    def __init__(self, text: str) -> None:
        """Split the body; raises BadMessage for what is no form, or says two things about a decisive field."""
        if len(text) > LONGEST_MESSAGE:
            raise BadMessage(f"has {len(text)} characters, more than {LONGEST_MESSAGE}", field="message")
        if not looks_like_els(text):
            raise BadMessage("has no field of an ELS form", field="message")
        self.warnings: list[str] = []
        self._values: dict[str, str] = {}
        for pair in text.strip().split("&"):
            name, _, value = (unquote_plus(part, errors="replace") for part in pair.partition("="))
            self._add(name.strip(), value)

    def _add(self, name: str, value: str) -> None:
        # A plus sign that nobody escaped arrives as a space; only before a telephone number has it a meaning.
        value = f"+{value[1:]}" if name == "device_number" and value[:1] == " " else value.strip()
        known = self._values.get(name, value)
        if known == value:
            self._values[name] = value
            return
        if name in _DECISIVE:
            raise BadMessage(f"stands twice with different values: {known[:40]!r}, {value[:40]!r}", field=name)
        self.warnings.append(f"{name[:40]} stands twice with different values: ignored")
        self._values[name] = ""

    def take(self, name: str) -> str | None:
        """Give a value, None where the field is missing or empty."""
        return self._values.get(name) or None

    def matching(self, name: str, pattern: str) -> str | None:
        """Give a value of a known form; another form is left out with a warning."""
        value = self.take(name)
        if value is None or re.fullmatch(pattern, value):
            return value
        self.doubt(name, value)
        return None

    def number(self, name: str) -> float | None:
        """Give a number; None where there is none, with a warning for what is no number."""
        value = self.take(name)
        if value is None or _NUMBER.fullmatch(value):
            return None if value is None else float(value)
        self.doubt(name, value)
        return None

    def moment(self, name: str) -> datetime | None:
        """Give a moment, written in milliseconds since 1970; one before 2000 is no time but an unset clock."""
        value = self.matching(name, "[0-9]{1,15}")
        if value is None:
            return None
        try:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(value))
        except OverflowError:
            moment = None
        if moment is not None and moment >= _FIRST_MOMENT:
            return moment
        self.doubt(name, value)
        return None

    def doubt(self, name: str, value: str) -> None:
        """Warn of a value that is passed over."""
        self.warnings.append(f"{name} not understood: {value[:40]!r}")


def looks_like_els(text: str) -> bool:
    """Tell whether a text is a form with fields of ELS; a link with such fields is none."""
    if len(text) > LONGEST_MESSAGE:
        return False
    body = text.strip()
    return _FORM.fullmatch(body) is not None and _KNOWN_BY.search(body) is not None


def read_els_form(text: str) -> Reading:
    """Read any text as an ELS form; never raises: what is broken comes back as NotUnderstood."""
    try:
        return _read(_Form(text))
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)


def check_hmac(body: bytes, key: bytes) -> Literal["valid", "invalid", "absent"]:
    """Check the signature of a form: HMAC-SHA1 in hex, the last field, over all octets before `&hmac=`.

    It takes the same time wherever a wrong signature differs.
    """
    signed, mark, stated = body.rpartition(b"&" + _HMAC_FIELD)
    if not mark:
        if not body.startswith(_HMAC_FIELD):
            return "absent"
        signed, stated = b"", body.removeprefix(_HMAC_FIELD)
    right = hmac.new(key, signed, hashlib.sha1).hexdigest().encode()
    return "valid" if hmac.compare_digest(stated.strip().lower(), right) else "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a door has to know of a form before anybody reads it.

    `identity` makes two forms the same message: telephone, start of the call, time of the fix and how it came; None
    where the form names no telephone or no time of the fix, so that nobody can tell.
    """

    number: str | None
    taken_at: datetime | None
    identity: tuple[str, ...] | None


def envelope_of(text: str) -> Envelope:
    """Give who sent a form and when; raises BadMessage for what is no form."""
    form = _Form(text)
    telephone = form.take("device_number") or form.take("device_imei") or form.take("device_imsi")
    taken = form.take("location_time")
    named = telephone is not None and taken is not None
    identity = (telephone or "", form.take("time") or "", taken or "", (form.take("source") or "").upper())
    return Envelope(
        number=form.matching("device_number", _NUMBER_FORM),
        taken_at=form.moment("location_time"),
        identity=identity if named else None,
    )


def _read(form: _Form) -> Reading:
    """Read the fields of a form."""
    if (version := form.take("v")) not in (None, "1"):
        form.doubt("v", version or "")
    form.matching("source", "(?i:CALL|SMS)")
    device, taken_at = _device(form), form.moment("location_time")
    dialled = Dialled(number=form.matching("emergency_number", r"\+?[0-9*#]{2,20}"), at=form.moment("time"))
    if (crashed_at := form.moment("adr_carcrash_time")) is not None:
        form.warnings.append(f"the handset reports a car crash at {crashed_at:%Y-%m-%dT%H:%M:%SZ}")
    area = _area(form)
    if area is None:
        reason, warnings = "the handset knew no position", tuple(form.warnings)
        return NoPosition(reason=reason, taken_at=taken_at, device=device, dialled=dialled, warnings=warnings)
    if taken_at is None:
        form.warnings.append("time of positioning unknown")
    altitude_m = form.number("location_altitude")
    vertical_m = form.number("location_vertical_accuracy")
    floor = form.matching("location_floor", r"[^\x00-\x1f\x7f-\x9f]{1,40}")
    fix = Fix(
        area=area,
        source=FixSource.AML,
        method=_method(form),
        taken_at=taken_at,
        altitude_m=altitude_m,
        vertical_accuracy_m=vertical_m if altitude_m is not None and vertical_m and vertical_m > 0 else None,
        floor=floor,
        warnings=(*form.warnings, *field_warnings(area.middle)),
    )
    return Located(fix=fix, device=device, dialled=dialled)


def _device(form: _Form) -> Device:
    """Read what the form tells about the telephone; country and network stay text, since 01 is not 1."""
    networks = {
        f"{short}{part}": form.matching(f"cell_{place}_{part}", digits)
        for short, place in (("", "network"), ("home_", "home"))
        for part, digits in (("mcc", "[0-9]{3}"), ("mnc", "[0-9]{2,3}"))
    }
    return Device(
        number=form.matching("device_number", _NUMBER_FORM),
        imei=form.matching("device_imei", "[0-9]{14,16}"),
        imsi=form.matching("device_imsi", "[0-9]{6,15}"),
        iccid=form.matching("device_iccid", "[0-9]{18,20}[0-9fF]{0,2}"),
        model=form.matching("device_model", r"[^\x00-\x1f\x7f-\x9f]{1,80}"),
        languages=form.matching("device_languages", r"[A-Za-z0-9, _-]{2,80}"),
        **networks,
    )


def _area(form: _Form) -> Area | None:
    """Draw the circle that the form states, a point where its radius is unknown; None where there is no position."""
    stated = [form.take(name) for name in _DECISIVE]
    if stated == [None, None]:
        return None
    degrees: list[float] = []
    for name, value in zip(_DECISIVE, stated, strict=True):
        if value is None:
            raise BadMessage("is missing", field=name)
        if _NUMBER.fullmatch(value) is None:
            raise BadMessage(f"{value[:40]!r} is not a decimal number", field=name)
        degrees.append(float(value))
    lat_deg, lon_deg = degrees
    radius_m = form.number("location_accuracy")
    if is_zero_pair(lat_deg=lat_deg, lon_deg=lon_deg):
        if radius_m:
            form.warnings.append("0/0 is what devices send when they know no position")
        return None
    middle = stated_position(lat_deg=lat_deg, lon_deg=lon_deg, lat_field=_DECISIVE[0], lon_field=_DECISIVE[1])
    share = _confidence_share(form)
    if radius_m is not None and radius_m > _WIDEST_M:
        form.warnings.append(f"{radius_m:g} m is not a radius on earth")
        radius_m = None
    if radius_m is None or radius_m <= 0 or share is None:
        form.warnings.append(RADIUS_UNKNOWN)
        return Point(middle=middle)
    return Circle(middle=middle, radius_m=radius_m, confidence_share=share)


def _confidence_share(form: _Form) -> float | None:
    """Read the confidence: a share in `location_confidence`, percent in `location_certainty` of older handsets.

    None where the radius says nothing, because the confidence is 0; missing is 95 % (RFC 7459, 4), with a warning.
    """
    share, percent = form.number("location_confidence"), form.number("location_certainty")
    # Above 1 a share cannot be meant, and below 1 nobody means percent.
    if share is not None and 1 < share <= 100:
        form.warnings.append(f"location_confidence {share:g} is taken as percent")
        share /= 100
    elif share is None and percent is not None:
        if 0 < percent < 1:
            form.warnings.append(f"location_certainty {percent:g} is taken as a share")
        share = percent if 0 < percent < 1 else percent / 100
    if share is not None and 0 < share <= 1:
        return share
    if share == 0:
        form.warnings.append("confidence 0: the radius says nothing")
        return None
    form.warnings.append("confidence missing: 95 % taken" if share is None else "confidence not understood: 95 % taken")
    return 0.95


def _method(form: _Form) -> FixMethod:
    """Read how the handset measured; it is a hint, no proof."""
    word = form.take("location_source")
    if word is not None and word.lower() not in _METHODS:
        form.doubt("location_source", word)
    return _METHODS.get((word or "").lower(), FixMethod.UNKNOWN)
