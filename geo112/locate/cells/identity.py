"""The identity of a mobile cell: CGI, UMTS UC-Id, ECGI or NCGI, with its network code kept as text (3GPP TS 23.003).

| radio | area code | cell |
|---|---|---|
| GSM | LAC, 16 bit | CI, 16 bit, unique in its LAC only |
| UMTS | LAC, 16 bit | UC-Id, 28 bit = RNC-Id (12), C-Id (16); or the C-Id alone, unique in its LAC only |
| LTE | TAC, 16 bit | ECI, 28 bit = eNB-Id (20), cell (8) |
| NR | TAC, 24 bit | NCI, 36 bit = gNB-Id (22 to 32, as the operator chose), cell |
"""

from dataclasses import dataclass
from enum import StrEnum

from geo112.core.errors import BadMessage

CELL_BITS = 36
GNB_BITS = range(22, 33)
INDONESIA = "510"
_SHORT = 1 << 35


class Radio(StrEnum):
    """The kinds of mobile network."""

    GSM = "gsm"
    UMTS = "umts"
    LTE = "lte"
    NR = "nr"


_NUMBER = {radio: n for n, radio in enumerate(Radio)}
_CELL_BITS = {Radio.GSM: 16, Radio.UMTS: 28, Radio.LTE: 28, Radio.NR: CELL_BITS}
_AREA_BITS = {Radio.GSM: 16, Radio.UMTS: 16, Radio.LTE: 16, Radio.NR: 24}
_WORDS = {
    word: radio
    for radio, words in {
        Radio.GSM: "gsm 2g geran edge gprs",
        Radio.UMTS: "umts wcdma 3g utran hspa",
        Radio.LTE: "lte 4g eutran e-utran nbiot",
        Radio.NR: "nr 5g ngran 5gnr",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellId:
    """One cell, or with `cell` None only the location or tracking area that somebody is in."""

    radio: Radio
    mcc: str
    mnc: str
    area: int | None
    cell: int | None

    def __post_init__(self) -> None:
        """Refuse codes and numbers that no network can have, and name the field."""
        if not (self.mcc.isascii() and self.mcc.isdigit() and len(self.mcc) == 3):
            raise BadMessage(f"{self.mcc[:20]!r} is not a country code of three digits", field="mcc")
        if not (self.mnc.isascii() and self.mnc.isdigit() and len(self.mnc) in (2, 3)):
            raise BadMessage(f"{self.mnc[:20]!r} is not a network code of two or three digits", field="mnc")
        _require(self.area, _AREA_BITS[self.radio], radio=self.radio, field="area")
        _require(self.cell, _CELL_BITS[self.radio], radio=self.radio, field="cell")
        if self.cell is None and self.area is None:
            raise BadMessage("is missing: neither a cell nor an area code is given", field="cell")
        if self.needs_area and self.area is None:
            raise BadMessage(f"is missing: a {self.radio} cell number says nothing without its area code", field="area")

    @property
    def needs_area(self) -> bool:
        """Whether the number of the cell is unique in its location area only."""
        return self.cell is not None and (self.radio is Radio.GSM or self.is_short)

    @property
    def is_short(self) -> bool:
        """Whether this is the 16-bit number of a UMTS cell, without its RNC."""
        return self.radio is Radio.UMTS and self.cell is not None and self.cell < 1 << 16

    @property
    def rnc(self) -> int | None:
        """RNC-Id of a UMTS cell; None where it is not part of the number."""
        return None if self.radio is not Radio.UMTS or self.cell is None or self.is_short else self.cell >> 16

    @property
    def enb(self) -> int | None:
        """ENB-Id of an LTE cell of a macro eNB: the first 20 of 28 bits."""
        return None if self.radio is not Radio.LTE or self.cell is None else self.cell >> 8

    def gnb(self, gnb_bits: int) -> int | None:
        """GNB-Id of an NR cell, which only the operator's length of it, 22 to 32 bits, can cut out of the NCI."""
        if gnb_bits not in GNB_BITS:
            raise BadMessage(f"{gnb_bits} is not a length of a gNB-Id from 22 to 32 bits", field="gnb_bits")
        return None if self.radio is not Radio.NR or self.cell is None else self.cell >> (CELL_BITS - gnb_bits)

    @property
    def text(self) -> str:
        """Write the identity, such as `lte 510-10-1234-56789`; a missing part is `?`."""
        area, cell = ("?" if part is None else str(part) for part in (self.area, self.cell))
        return f"{self.radio} {self.mcc}-{self.mnc}-{area}-{cell}"


def radio_of(word: str) -> Radio:
    """Read a word for a kind of network, such as LTE, 4G or wcdma; raises BadMessage for any other."""
    found = _WORDS.get(word.strip().lower())
    if found is None:
        raise BadMessage(f"{word[:20]!r} is not gsm, umts, lte or nr", field="radio")
    return found


def mnc_of_number(number: int, *, mcc: str) -> str:
    """Give a network code that somebody wrote as a number its leading zeros back: two digits, as all of Indonesia has.

    Numbers from 100 on have three digits anywhere.
    """
    if not 0 <= number <= 999 or (number > 99 and mcc == INDONESIA):
        raise BadMessage(f"{number} is not a network code", field="mnc")
    return f"{number:02d}"


def cell_key(cell: CellId) -> int | None:
    """Number that names the cell in a table, below 2^60; None for an area alone.

    Radio (3 bits), MCC (10), MNC (10) and its length (1), then 36 bits: the cell, or area and cell where the number of
    the cell is unique in its area only.
    """
    if cell.cell is None:
        return None
    if cell.needs_area and cell.area is not None:
        within = (cell.area << 16 | cell.cell) | (_SHORT if cell.radio is Radio.UMTS else 0)
    else:
        within = cell.cell
    return network_key(cell) << CELL_BITS | within


def area_key(cell: CellId) -> int | None:
    """Number that names the location or tracking area in a table, below 2^48; None where the area is not known."""
    return None if cell.area is None else network_key(cell) << 24 | cell.area


def network_key(cell: CellId) -> int:
    """Number that names the network and its radio, below 2^24."""
    return _NUMBER[cell.radio] << 21 | int(cell.mcc) << 11 | int(cell.mnc) << 1 | (len(cell.mnc) - 2)


def cell_of_key(key: int, area: int | None) -> CellId:
    """Turn a key of the table back into the identity; `area` is the code that stands beside it."""
    network, within = key >> CELL_BITS, key & (1 << CELL_BITS) - 1
    radio = tuple(Radio)[network >> 21]
    digits = 2 + (network & 1)
    if radio is Radio.GSM or (radio is Radio.UMTS and within & _SHORT):
        within &= (1 << 16) - 1
    return CellId(
        radio=radio,
        mcc=f"{network >> 11 & 0x3FF:03d}",
        mnc=f"{network >> 1 & 0x3FF:0{digits}d}",
        area=area,
        cell=within,
    )


def _require(value: int | None, bits: int, *, radio: Radio, field: str) -> None:
    """Refuse a number beyond its bits; 0 is a cell, and an area too, since operators number as they like."""
    if value is not None and not 0 <= value < 1 << bits:
        shown = str(value) if value.bit_length() < 100 else "a huge number"
        raise BadMessage(f"{shown} does not fit {bits} bits of {radio}", field=field)
