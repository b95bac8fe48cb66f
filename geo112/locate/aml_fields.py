"""What both generations of the AML text message share: the header, the pairs, the fields of the telephone.

Field tables: Google ELS SMS specification; ETSI TS 103 625 as implementations read it.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from geo112.core.errors import BadMessage
from geo112.core.geo import Position
from geo112.core.shapes import Area, Circle, Point
from geo112.locate.degrees import RADIUS_UNKNOWN, strict_decimal
from geo112.locate.fix import FixMethod

# An AML message is one or two SMS (at most 320 characters); a data SMS chain has its own limit of 255 parts.
LONGEST_MESSAGE = 4096
# Half the way around the earth.
LONGEST_RADIUS_M = 20_000_000

_HEADER = re.compile(
    r"A(?P<quote>[\"'\u201c\u201d\u2033\u00b4]|&quot;)?ML ?= ?(?P<version>[0-9]{1,3}) ?(?=;|\Z)",
    re.ASCII | re.IGNORECASE,
)
# What a gateway writes before a message that it passes on, such as the number of the sender.
_FORWARDED = re.compile(rf"[^;=]{{1,80}}?[\s:>]{_HEADER.pattern}", re.ASCII | re.IGNORECASE)
_KNOWN = {
    "1": frozenset({"lt", "lg", "rd", "top", "lc", "pm", "si", "ei", "mcc", "mnc", "ml"}),
    "2": frozenset({"en", "et", "lo", "lt", "lc", "lz", "ls", "ei", "nc", "hc", "lg"}),
}
# A position hangs on these: said twice with different values, the message is refused.
_DECISIVE = {"1": frozenset({"lt", "lg", "rd", "lc"}), "2": frozenset({"lo", "lc"})}
_METHODS = {
    "W": FixMethod.WIFI,
    "G": FixMethod.GNSS,
    "C": FixMethod.CELL,
    "F": FixMethod.FUSED,
    "U": FixMethod.UNKNOWN,
    "N": FixMethod.UNKNOWN,
}


def looks_like_aml(text: str) -> bool:
    """Tell whether a text starts as an AML message does."""
    return _header(text.strip()) is not None


def _header(body: str) -> re.Match[str] | None:
    """Find the header at the start of a message, or behind what a gateway wrote before it."""
    return _HEADER.match(body) or _FORWARDED.match(body)


@dataclass(slots=True, kw_only=True)
class Pairs:
    """The pairs of one message while it is being read, with the warnings that reading them gave.

    `cut` is the key of a last pair that no `;` ends: a message that was cut off ends inside a value.
    """

    version: str
    values: dict[str, str]
    cut: str | None
    warnings: list[str] = field(default_factory=list)

    def take(self, key: str) -> str | None:
        """Give a value, None where the key is missing or its value empty."""
        return self.values.get(key) or None

    def require(self, key: str) -> str:
        """Give a value; raises BadMessage naming the key where there is none."""
        value = self.take(key)
        if value is None:
            raise BadMessage("is missing", field=key)
        return value

    def matching(self, key: str, pattern: str) -> str | None:
        """Give a value of a known form; another form is left out with a warning, since no position hangs on it."""
        value = self.take(key)
        if value is None or re.fullmatch(pattern, value, re.ASCII):
            return value
        self.warnings.append(f"{key} not understood: {value[:40]!r}")
        return None


def split_pairs(text: str) -> Pairs:
    """Split a message into its pairs; raises BadMessage where it is none or says two things about a decisive key."""
    if len(text) > LONGEST_MESSAGE:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_MESSAGE}", field="message")
    body = text.strip().rstrip("\0")
    header = _header(body)
    if header is None:
        raise BadMessage('does not start with A"ML=, so it is no AML message', field="message")
    if header["version"] not in _KNOWN:
        raise BadMessage(f"version {header['version']} is not known; {' and '.join(_KNOWN)} are", field="ML")
    segments = body[header.end() :].split(";")
    pairs = Pairs(version=header["version"], values={}, cut=None)
    if _HEADER.match(body) is None:
        pairs.warnings.append("text before the message left out")
    if header["quote"] != '"':
        pairs.warnings.append("header quote missing or changed")
    for segment in filter(str.strip, segments):
        _add(pairs, segment.strip())
    if segments[-1].strip() and pairs.values:
        pairs.cut = next(reversed(pairs.values))
    if unknown := sorted(pairs.values.keys() - _KNOWN[pairs.version]):
        pairs.warnings.append(f"unknown keys ignored: {', '.join(unknown)[:80]}")
    return pairs


def _add(pairs: Pairs, segment: str) -> None:
    """Add one pair; a repeated key counts only where it repeats the same value."""
    key, equals, value = (part.strip() for part in segment.partition("="))
    key = key.lower()
    if not equals or not key:
        pairs.warnings.append(f"not a pair: {segment[:40]!r}")
        return
    if key in pairs.values and pairs.values[key] != value:
        if key in _DECISIVE[pairs.version]:
            both = f"{pairs.values[key][:40]!r}, {value[:40]!r}"
            raise BadMessage(f"stands twice with different values: {both}", field=key)
        pairs.warnings.append(f"{key} stands twice with different values: ignored")
        value = ""
    elif key in pairs.values:
        pairs.warnings.append(f"{key} stands twice")
    pairs.values[key] = value


def number_of(text: str, *, key: str) -> float:
    """Read the number of a pair; raises BadMessage naming the key."""
    # Some handsets write numbers as their language does; a comma parts no pairs here, so that it can be nothing else.
    number = strict_decimal(text.replace(",", "."))
    if number is None:
        raise BadMessage(f"{text[:40]!r} is not a decimal number", field=key)
    return number


def confidence_of(pairs: Pairs) -> float | None:
    """Read `lc` as a share; None where the radius says nothing, because the confidence is 0 or was cut off.

    A missing confidence is 95 % (RFC 7459, 4), with a warning.
    """
    text = pairs.take("lc")
    if text is None:
        pairs.warnings.append("confidence missing: 95 % taken")
        return 0.95
    percent = strict_decimal(text.replace(",", "."))
    if percent is None or not 0 <= percent <= 100:
        pairs.warnings.append(f"lc not understood: {text[:40]!r}, 95 % taken")
        return 0.95
    if pairs.cut == "lc" and len(text) < 2:
        pairs.warnings.append("message cut off in lc: confidence unknown")
        return None
    if percent == 0:
        pairs.warnings.append("confidence 0: the radius says nothing")
        return None
    if percent < 1:
        pairs.warnings.append(f"lc {text[:40]} is taken as a share")
        return percent
    return percent / 100


def area_of(pairs: Pairs, middle: Position, *, radius_m: float | None, radius_key: str) -> Area:
    """Draw the circle that the message states, or a bare point where radius or confidence are unknown."""
    confidence_share = confidence_of(pairs)
    if radius_m is not None and radius_m > LONGEST_RADIUS_M:
        raise BadMessage(f"{radius_m!r} is not a radius in metres on earth", field=radius_key)
    if radius_m is None or radius_m <= 0 or confidence_share is None:
        pairs.warnings.append(RADIUS_UNKNOWN)
        return Point(middle=middle)
    return Circle(middle=middle, radius_m=radius_m, confidence_share=confidence_share)


def method_of(pairs: Pairs, key: str) -> FixMethod:
    """Read the letter of the positioning method; it is a hint of the handset, no proof."""
    letter = pairs.take(key)
    if letter is None:
        return FixMethod.UNKNOWN
    if letter.upper() not in _METHODS:
        pairs.warnings.append(f"{key} not understood: {letter[:40]!r}")
    return _METHODS.get(letter.upper(), FixMethod.UNKNOWN)


def moment_of(pairs: Pairs, key: str) -> datetime | None:
    """Read `yyyyMMddHHmmss` as UTC; None with a warning where it is missing or no moment."""
    text = pairs.take(key)
    if text is not None and re.fullmatch(r"[0-9]{14}", text, re.ASCII):
        try:
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            pass  # a month 13 or a day 31 of February: told below like any other text
    pairs.warnings.append("time of positioning unknown" if text is None else f"{key} not understood: {text[:40]!r}")
    return None
