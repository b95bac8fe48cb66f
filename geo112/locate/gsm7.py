"""The 7-bit alphabet of GSM (3GPP TS 23.038, 6.2.1) and its packing: eight letters in seven octets, low bits first."""

from geo112.core.errors import BadMessage

_ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_SEPTETS = {letter: (number,) for number, letter in enumerate(_BASIC) if number != _ESCAPE} | {
    letter: (_ESCAPE, number) for number, letter in _EXTENSION.items()
}


def fill_bits(header_octets: int) -> int:
    """Count the bits between a header of so many octets and the next septet, counted from the start of both."""
    return -8 * header_octets % 7


def unpack(octets: bytes, *, skip_bits: int = 0) -> str:
    """Read packed letters; the seven bits that are left over when a letter fewer would need as many octets are none.

    Those bits are zero, which would else read as a last `@`.
    """
    bits = int.from_bytes(octets, "little") >> skip_bits
    count = max(0, (8 * len(octets) - skip_bits) // 7)
    septets = [bits >> 7 * n & 0x7F for n in range(count)]
    if septets and septets[-1] == 0 and -(-(skip_bits + 7 * (count - 1)) // 8) == len(octets):
        septets.pop()
    return decode(septets)


def decode(septets: list[int]) -> str:
    """Read letters; an escape before a letter that has no second meaning leaves the letter (TS 23.038, 6.2.1.1)."""
    letters: list[str] = []
    escaped = False
    for septet in septets:
        if septet == _ESCAPE and not escaped:
            escaped = True
            continue
        letters.append(_EXTENSION.get(septet, _BASIC[septet]) if escaped else _BASIC[septet])
        escaped = False
    return "".join(letters)


def pack(text: str, *, skip_bits: int = 0) -> bytes:
    """Write letters as septets behind so many zero bits; raises BadMessage for one that the alphabet lacks."""
    septets: list[int] = []
    for letter in text:
        if letter not in _SEPTETS:
            raise BadMessage(f"{letter!r} is no letter of the GSM alphabet", field="text")
        septets.extend(_SEPTETS[letter])
    bits = 0
    for n, septet in enumerate(septets):
        bits |= septet << 7 * n
    return (bits << skip_bits).to_bytes(-(-(skip_bits + 7 * len(septets)) // 8), "little")
