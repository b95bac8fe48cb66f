"""Bytes out of text: hex or base64, as gateways and operators hand binary messages on."""

import base64
import binascii
import re

from geo112.core.errors import BadMessage

# A chain of eight data SMS has 1,120 octets, 2,240 hex digits.
LONGEST_OCTETS_TEXT = 4096

_SPACE = re.compile(r"[\s\u00a0\ufeff]+")
_HEX = re.compile(r"(?:0[xX])?(?P<digits>(?:[0-9A-Fa-f]{2})+)", re.ASCII)
_BASE64 = re.compile(r"(?=.{4})[A-Za-z0-9+/_-]{2,}={0,2}", re.ASCII)
_URL_SAFE = str.maketrans("-_", "+/")


def octets_of(text: str) -> bytes | None:
    """Read hex or base64, with whatever white space in it; None for any other text.

    What is both is hex: only one base64 text in thousands consists of hex digits alone.
    """
    if len(text) > LONGEST_OCTETS_TEXT:
        return None
    plain = _SPACE.sub("", text)
    if found := _HEX.fullmatch(plain):
        return bytes.fromhex(found["digits"])
    if _BASE64.fullmatch(plain) is None:
        return None
    letters = plain.translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except binascii.Error:
        return None


def is_strictly_packed(text: str) -> bool:
    """Tell whether a text is hex with a letter among its digits, or base64 with all its padding.

    Telephone numbers, dates and most words are not: what may be either is never taken for octets unasked.
    """
    plain = _SPACE.sub("", text[: LONGEST_OCTETS_TEXT + 1])
    if found := _HEX.fullmatch(plain):
        return not found["digits"].isdecimal()
    return _BASE64.fullmatch(plain) is not None and len(plain) % 4 == 0


def require_octets(text: str, *, field: str) -> bytes:
    """Read hex or base64; raises BadMessage for any other text."""
    if len(text) > LONGEST_OCTETS_TEXT:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_OCTETS_TEXT}", field=field)
    octets = octets_of(text)
    if octets is None:
        raise BadMessage("is neither hex nor base64", field=field)
    return octets
