"""Telephone numbers in one spelling, and kept out of what stands in the log."""

import re

import phonenumbers

from geo112.core.codes import PersonRef
from geo112.incidents.apart import apart, ref_apart
from geo112.incidents.ports import Person

_REGION = "ID"
# Eight digits and more are a telephone number, an IMEI or an IMSI; decimals of a coordinate and AML times are not.
_LONG_DIGITS = re.compile(r"(?<![.\d])(?!20\d{12}(?!\d))\d{8,}", re.ASCII)
MASK = "[…]"
# What a reason quotes of a message; a short number is a field's value and stays, so that a reader sees what was wrong.
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
# A telephone number as people write it: 0812…, +62 812-…, (0342) …; it may take in a date, which does no harm.
_TELEPHONE = re.compile(r"(?<![\w.])\(?(?:\+?62|0)(?:[\s().\-]{0,2}\d){7,13}(?!\d)", re.ASCII)
# With their area code the numbers of Indonesia have eight digits at least.
_SHORTEST_NATIONAL = 10_000_000
_SHORT_NUMBER = re.compile(r"[-+.,\d]{0,16}", re.ASCII)


def normal_number(text: str | None) -> str | None:
    """Write a telephone number as E.164, such as `+6281234567890`; what is no number stays as it was given."""
    given = (text or "").strip()
    if not given:
        return None
    try:
        number = phonenumbers.parse(given, _REGION)
    except phonenumbers.NumberParseException:
        return given
    if not phonenumbers.is_possible_number(number):
        return given
    if not given.startswith("+") and (number.national_number or 0) < _SHORTEST_NATIONAL:
        # 62811 is no telephone in Indonesia but a short code or the number of an extension.
        return given
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_callable(number: str | None) -> bool:
    """Tell whether a number names one telephone: `anonymous` or a short code may be anybody."""
    return number is not None and number.startswith("+")


def without_personal(text: str) -> str:
    """Give a warning or reason without the words that it quotes, and without telephone numbers, IMEI and IMSI."""
    return _LONG_DIGITS.sub(MASK, _QUOTED.sub(_value_or_mask, text))


def _value_or_mask(quoted: re.Match[str]) -> str:
    words = quoted.group()
    return words if _SHORT_NUMBER.fullmatch(words[1:-1]) else MASK


def without_telephones(text: str, number: str | None = None) -> str:
    """Give what somebody wrote without telephone numbers, and without the caller's own in whatever spelling."""
    return _LONG_DIGITS.sub(MASK, _TELEPHONE.sub(MASK, without_number(text, number)))


def kept_apart(note: str, number: str | None, *, ref: PersonRef) -> tuple[str, list[Person]]:
    """Give what the log says of a note, and the person row for its words when they hold a telephone number.

    A note that only looks like such a reference is kept apart too, so that nobody can point at another person's row.
    """
    if without_telephones(note, number) == note and ref_apart(note) is None:
        return note, []
    return apart(ref), [Person(ref=ref, raw_message=note)]


def without_number(text: str, number: str | None) -> str:
    """Give what a call taker wrote without the caller's own number, in whatever spelling: the call has it already."""
    digits = re.sub(r"\D", "", number or "")
    if not is_callable(number):
        return text
    national = digits.removeprefix("62")
    spelled = r"[\s().\-]*".join(national)
    return re.sub(rf"(?<!\d)\(?(?:(?:\+?62|0)[\s().\-]*)?{spelled}(?!\d)", MASK, text, flags=re.ASCII)
