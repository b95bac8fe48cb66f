"""Cell identities as people, exchanges and networks write them."""

import re

from geo112.core.errors import BadMessage
from geo112.locate.cells.identity import CellId, Radio, radio_of

LONGEST_IDENTITY = 200

_PARTED = re.compile(
    r"(?:(?P<kind>[A-Za-z0-9-]{2,8})[ :])?\s*(?P<mcc>[0-9]{3})(?P<mark>[-:./_ ])(?P<mnc>[0-9]{1,3})"
    r"(?P=mark)(?P<first>[0-9]{1,12})(?:(?P=mark)(?P<second>[0-9]{1,12}))?",
    re.ASCII,
)
# P-Access-Network-Info (RFC 7315; 3GPP TS 24.229, 7.2A.4): digits of the network, then hexadecimal area and cell.
_ACCESS = re.compile(
    r"3GPP-(?P<network>GERAN|UTRAN|E-UTRAN|NR)[A-Z0-9-]{0,12}.{0,80}?"
    r"(?:cgi-3gpp|utran-cell-id-3gpp)\s*=\s*\"?(?P<value>[0-9]{5,6}[0-9A-Fa-f]{0,20})\"?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_ACCESS_DIGITS = {
    "GERAN": (Radio.GSM, 4, 4),
    "UTRAN": (Radio.UMTS, 4, 7),
    "E-UTRAN": (Radio.LTE, 4, 7),
    "NR": (Radio.NR, 6, 9),
}
_OCTETS = re.compile(
    r"(?P<kind>cgi|sai|lai|ecgi|tai|ncgi)[ :](?:0x)?(?P<hex>[0-9A-Fa-f]{6,20})", re.ASCII | re.IGNORECASE
)
# Octets after the three of the network (3GPP TS 29.002, 23.003): of the area, of the cell.
_OCTET_FORMS: dict[str, tuple[Radio, int, int]] = {
    "cgi": (Radio.GSM, 2, 2),
    "sai": (Radio.UMTS, 2, 2),
    "lai": (Radio.GSM, 2, 0),
    "ecgi": (Radio.LTE, 0, 4),
    "tai": (Radio.LTE, 2, 0),
    "ncgi": (Radio.NR, 0, 5),
}
_KINDS = {"cgi": Radio.GSM, "sai": Radio.UMTS, "ecgi": Radio.LTE, "ncgi": Radio.NR}


def read_identity(text: str) -> tuple[CellId, ...]:
    """Read one identity; several when the text does not say of which radio the cell is.

    Raises BadMessage naming the part that is wrong. A service area (SAI) is no cell: only its area code is kept.
    """
    stripped = text.strip()
    if len(stripped) > LONGEST_IDENTITY:
        raise BadMessage(f"has {len(stripped)} characters, more than {LONGEST_IDENTITY}", field="identity")
    if access := _ACCESS.search(stripped):
        return (_of_access(access["network"].upper(), access["value"]),)
    if octets := _OCTETS.fullmatch(stripped):
        return (_of_octets(octets["kind"].lower(), octets["hex"]),)
    parted = _PARTED.fullmatch(stripped)
    if parted is None:
        raise BadMessage(f"{stripped[:60]!r} is no cell such as 510-10-1234-56789", field="identity")
    if len(parted["mnc"]) == 1:
        raise BadMessage(f"{parted['mnc']!r} is not a network code: 01 and 1 are two things", field="mnc")
    return _of_parts(parted["kind"], parted["mcc"], parted["mnc"], parted["first"], parted["second"])


def cells_of_numbers(
    radio: Radio | None, *, mcc: str, mnc: str, area: int | None, cell: int | None
) -> tuple[CellId, ...]:
    """Make the cells that numbers can mean: one, or where the radio is not said one for each that fits."""
    if radio is not None:
        radios: tuple[Radio, ...] = (radio,)
    elif cell is None:
        raise BadMessage("is missing: an area code alone does not say of which radio it is", field="radio")
    elif area is None:
        radios = (Radio.LTE,) if cell < 1 << 28 else (Radio.NR,)
    elif cell < 1 << 16:
        radios = (Radio.GSM, Radio.UMTS)
    elif cell < 1 << 28 and area < 1 << 16:
        radios = (Radio.LTE, Radio.UMTS)
    else:
        radios = (Radio.NR,)
    return tuple(CellId(radio=one, mcc=mcc, mnc=mnc, area=area, cell=cell) for one in radios)


def _of_parts(kind: str | None, mcc: str, mnc: str, first: str, second: str | None) -> tuple[CellId, ...]:
    """Make the cells that decimal parts can mean."""
    area, cell = (None, int(first)) if second is None else (int(first), int(second))
    word = (kind or "").lower()
    if word == "sai":
        return (CellId(radio=Radio.UMTS, mcc=mcc, mnc=mnc, area=area, cell=None),)
    radio = (_KINDS.get(word) or radio_of(word)) if word else None
    return cells_of_numbers(radio, mcc=mcc, mnc=mnc, area=area, cell=cell)


def _of_access(network: str, value: str) -> CellId:
    """Read the value of a P-Access-Network-Info parameter: its length says how long the network code is."""
    radio, area_digits, cell_digits = _ACCESS_DIGITS[network]
    plmn = len(value) - area_digits - cell_digits
    if plmn not in (5, 6):
        raise BadMessage(f"{value!r} has a length that no {radio} cell has", field="identity")
    area, cell = value[plmn : plmn + area_digits], value[plmn + area_digits :]
    if not value[:plmn].isdigit():
        raise BadMessage(f"{value[:plmn]!r} is no network", field="identity")
    return CellId(radio=radio, mcc=value[:3], mnc=value[3:plmn], area=int(area, 16), cell=int(cell, 16))


def _of_octets(kind: str, digits: str) -> CellId:
    """Read octets whose first three are the network in swapped half-octets, `15F001` being 510-10."""
    radio, area_octets, cell_octets = _OCTET_FORMS[kind]
    if len(digits) != 2 * (3 + area_octets + cell_octets):
        raise BadMessage(f"{len(digits) / 2:g} octets are not those of a {kind.upper()}", field="identity")
    mcc = digits[1] + digits[0] + digits[3]
    mnc = digits[5] + digits[4] + (digits[2] if digits[2].upper() != "F" else "")
    area_at, cell_at = 6, 6 + 2 * area_octets
    area = int(digits[area_at:cell_at], 16) if area_octets else None
    cell = int(digits[cell_at:], 16) if cell_octets and kind != "sai" else None
    return CellId(radio=radio, mcc=mcc, mnc=mnc, area=area, cell=cell)
