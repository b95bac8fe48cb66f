"""AML in a data SMS: packed or plain letters, with or without a user data header, in one part or several.

3GPP TS 23.040, 9.2.3.24 (header) and TS 23.038 (letters). Which way a message was packed, it does not say; so all ways
are tried, and the one that reads as an AML message with the fewest remarks is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from geo112.core.errors import BadMessage
from geo112.locate.aml_fields import looks_like_aml
from geo112.locate.aml_sms import read_aml_sms
from geo112.locate.fix import Located, NoPosition, NotUnderstood, Reading
from geo112.locate.gsm7 import fill_bits, unpack
from geo112.locate.octets import LONGEST_OCTETS_TEXT, octets_of, require_octets

_CONCATENATED, _CONCATENATED_LONG = 0x00, 0x08
_PORT, _PORT_LONG = 0x04, 0x05
_LENGTHS = {_CONCATENATED: 3, _CONCATENATED_LONG: 4, _PORT: 2, _PORT_LONG: 4}
_MOST_PARTS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One SMS: its body, how many octets stood before it, and which part of how many it is."""

    body: bytes
    header_octets: int = 0
    reference: int | None = None
    total: int = 1
    number: int = 1


def read_aml_data_sms(text: str) -> Reading:
    """Read hex or base64 as an AML data SMS, each part on its own line; never raises."""
    try:
        tries = list(_tries(text))
    except BadMessage as error:
        return NotUnderstood(reason=error.message, field=error.field)
    readings = [_noted(read_aml_sms(message), warnings) for message, warnings in tries]
    if not readings:
        return NotUnderstood(reason="holds no AML message, packed or plain", field="message")
    return min(readings, key=_doubtful)


def is_aml_data_sms(text: str) -> bool:
    """Tell whether a text is hex or base64 that holds an AML message."""
    try:
        return any(True for _ in _tries(text))
    except BadMessage:
        return False


def _doubtful(reading: Reading) -> tuple[bool, int]:
    return isinstance(reading, NotUnderstood), len(reading.warnings)


def _noted(reading: Reading, warnings: tuple[str, ...]) -> Reading:
    """Put warnings before those that a reading has."""
    match reading:
        case Located(fix=fix):
            return replace(reading, fix=replace(fix, warnings=(*warnings, *fix.warnings)))
        case NoPosition() | NotUnderstood():  # pragma: no branch - mypy counts the readings
            return replace(reading, warnings=(*warnings, *reading.warnings))


def _tries(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give every AML message that the octets may hold, with what is to be said about its parts."""
    if len(text) > LONGEST_OCTETS_TEXT:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_OCTETS_TEXT}", field="message")
    parts, warnings = _parts(text)
    for message in _messages(parts):
        if looks_like_aml(message):
            yield message, warnings


def _parts(text: str) -> tuple[list[_Part], tuple[str, ...]]:
    """Give the parts of a message in order; lines without headers that number them are one part, wrapped."""
    lines = [line for line in text.splitlines() if line.strip()]
    each = [_with_header(octets) for line in lines if (octets := octets_of(line)) is not None]
    numbered = [part for part in each if part is not None and part.reference is not None]
    if len(lines) > 1 and len(numbered) == len(lines):
        return _in_order(numbered)
    octets = require_octets(text, field="message")
    part = _with_header(octets)
    if part is None:
        return [_Part(body=octets)], ()
    if part.total > 1:
        return _in_order([part])
    return [part], ()


def _in_order(parts: list[_Part]) -> tuple[list[_Part], tuple[str, ...]]:
    """Put parts into their order; raises BadMessage where they are not of one message or the first is missing."""
    if len({(part.reference, part.total) for part in parts}) > 1:
        raise BadMessage("the parts are of different messages", field="message")
    by_number = {part.number: part for part in parts}
    if any(by_number[part.number].body != part.body for part in parts):
        raise BadMessage("one part stands twice with different content", field="message")
    total = parts[0].total
    there: list[_Part] = []
    while len(there) + 1 in by_number:
        there.append(by_number[len(there) + 1])
    if not there:
        raise BadMessage(f"the first of {total} parts is missing", field="message")
    # Behind a gap nothing can be joined: the message is read as one that was cut off there.
    return there, () if len(there) == total else (f"part {len(there) + 1} of {total} is missing",)


def _with_header(octets: bytes) -> _Part | None:
    """Read a user data header; None where the octets do not start with one that adds up."""
    if not octets or octets[0] + 1 >= len(octets) or octets[0] < 2:
        return None
    end = octets[0] + 1
    part = _Part(body=octets[end:], header_octets=end)
    at = 1
    while at < end:
        if at + 2 > end:
            return None
        kind, length = octets[at], octets[at + 1]
        value = octets[at + 2 : at + 2 + length]
        at += 2 + length
        if at > end or length != _LENGTHS.get(kind, length):
            return None
        if kind in (_CONCATENATED, _CONCATENATED_LONG):
            total, number = value[-2], value[-1]
            if not 1 <= number <= total <= _MOST_PARTS:
                return None
            part = replace(part, reference=int.from_bytes(value[:-2]), total=total, number=number)
    return part


def _messages(parts: list[_Part]) -> Iterator[str]:
    """Give the letters of a message in every way in which they may have been packed."""
    whole = b"".join(part.body for part in parts)
    yield whole.decode("utf-8", "replace")
    if whole[:1] == b"\0":
        yield whole.decode("utf-16-be", "replace")  # UCS-2, as modems give a text that is not of GSM letters alone
    yield unpack(whole)
    if parts[0].header_octets:
        yield "".join(unpack(part.body, skip_bits=fill_bits(part.header_octets)) for part in parts)
    if len(parts) > 1:
        yield "".join(unpack(part.body) for part in parts)
