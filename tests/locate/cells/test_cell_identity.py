"""Identities of cells: read as they are written, kept with every bit and every zero, refused by name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.errors import BadMessage
from geo112.locate.cells.identity import (
    CellId,
    Radio,
    area_key,
    cell_key,
    cell_of_key,
    mnc_of_number,
    radio_of,
)
from geo112.locate.cells.identity_text import read_identity
from geo112.locate.cells.operators import OPERATORS, operator_of

LARGEST_NCI = 68_719_476_735
AREA_LIMIT = {Radio.GSM: 1 << 16, Radio.UMTS: 1 << 16, Radio.LTE: 1 << 16, Radio.NR: 1 << 24}
CELL_LIMIT = {Radio.GSM: 1 << 16, Radio.UMTS: 1 << 28, Radio.LTE: 1 << 28, Radio.NR: 1 << 36}


@st.composite
def identities(draw: st.DrawFn) -> CellId:
    radio = draw(st.sampled_from(list(Radio)))
    return CellId(
        radio=radio,
        mcc=f"{draw(st.integers(0, 999)):03d}",
        mnc=draw(st.from_regex(r"[0-9]{2,3}", fullmatch=True).filter(str.isascii)),
        area=draw(st.integers(0, AREA_LIMIT[radio] - 1)),
        cell=draw(st.integers(0, CELL_LIMIT[radio] - 1)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("510-10-1234-56789", ["gsm 510-10-1234-56789", "umts 510-10-1234-56789"]),
        ("510.01.1.25600001", ["lte 510-01-1-25600001", "umts 510-01-1-25600001"]),
        ("lte 510-10-1234-7", ["lte 510-10-1234-7"]),
        ("ECGI:510-10-25600001", ["lte 510-10-?-25600001"]),
        ("sai 510-10-1234-77", ["umts 510-10-1234-?"]),
        (f"510-10-{LARGEST_NCI}", [f"nr 510-10-?-{LARGEST_NCI}"]),
        (f"5g 510-89-16777215-{LARGEST_NCI}", [f"nr 510-89-16777215-{LARGEST_NCI}"]),
        ("nr 510-10-70000-5", ["nr 510-10-70000-5"]),
        ("cgi 15F0011234ABCD", ["gsm 510-10-4660-43981"]),
        ("cgi 1500011234ABCD", ["gsm 510-100-4660-43981"]),
        ("tai:15f0101234", ["lte 510-01-4660-?"]),
        ("ecgi 15F0010FFFFFFF", ["lte 510-10-?-268435455"]),
        ("ncgi 15F0010FFFFFFFFF", [f"nr 510-10-?-{LARGEST_NCI}"]),
        ("3GPP-GERAN; cgi-3gpp=510101234ABCD", ["gsm 510-10-4660-43981"]),
        ('3GPP-E-UTRAN-FDD;utran-cell-id-3gpp="5101012AB0012345"', ["lte 510-10-4779-74565"]),
        ("3GPP-UTRAN-FDD; utran-cell-id-3gpp=51001012AB0012345", ["umts 510-010-4779-74565"]),
        ("3GPP-NR-FDD; utran-cell-id-3gpp=51010000123FFFFFFFFF", [f"nr 510-10-291-{LARGEST_NCI}"]),
    ],
)
def test_every_way_of_writing(text: str, expected: list[str]) -> None:
    assert [one.text for one in read_identity(text)] == expected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "identity"),
        ("hello", "identity"),
        ("510-10", "identity"),
        ("51-10-1-2", "identity"),
        ("510-1-1234-56789", "mnc"),
        ("gsm 510-10-70000-1", "area"),
        ("gsm 510-10-1-70000", "cell"),
        ("lte 510-10-1-268435456", "cell"),
        ("nr 510-10-68719476736", "cell"),
        ("xyz 510-10-1-2", "radio"),
        ("gsm 510-10-12", "area"),
        ("cgi 15F0011234", "identity"),
        ("ecgi 15F001FFFFFFFF", "cell"),
        ("cgi AAF0011234ABCD", "mcc"),
        ("3GPP-GERAN; cgi-3gpp=5101012", "identity"),
        ("3GPP-GERAN; cgi-3gpp=51010A12345678", "identity"),
        ("x" * 201, "identity"),
        ("５10-10-1-2", "identity"),
    ],
)
def test_what_no_network_can_have_is_refused_by_name(text: str, field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        read_identity(text)
    assert caught.value.field == field


def test_the_largest_nci_keeps_its_36_bits_and_is_cut_only_by_a_known_length() -> None:
    cell = CellId(radio=Radio.NR, mcc="510", mnc="10", area=None, cell=LARGEST_NCI)
    assert (cell.gnb(22), cell.gnb(32)) == ((1 << 22) - 1, (1 << 32) - 1)
    assert (cell.enb, cell.rnc) == (None, None)
    for bits in (21, 33):
        with pytest.raises(BadMessage):
            cell.gnb(bits)


def test_parts_of_a_number() -> None:
    lte = CellId(radio=Radio.LTE, mcc="510", mnc="10", area=1, cell=0x12345_67)
    assert (lte.enb, lte.rnc, lte.gnb(24)) == (0x12345, None, None)
    umts = CellId(radio=Radio.UMTS, mcc="510", mnc="10", area=1, cell=0xABC_1234)
    assert (umts.rnc, umts.is_short) == (0xABC, False)


def test_a_number_gets_its_zeros_back_and_a_text_keeps_its_length() -> None:
    assert [mnc_of_number(n, mcc="510") for n in (0, 1, 10, 89)] == ["00", "01", "10", "89"]
    assert mnc_of_number(260, mcc="310") == "260"
    for number in (-1, 100, 1000):
        with pytest.raises(BadMessage):
            mnc_of_number(number, mcc="510")
    two, three = (CellId(radio=Radio.LTE, mcc="510", mnc=mnc, area=1, cell=5) for mnc in ("10", "010"))
    assert cell_key(two) != cell_key(three)


@given(identities())
def test_a_key_holds_the_whole_identity(cell: CellId) -> None:
    key = cell_key(cell)
    assert key is not None
    assert 0 <= key < 1 << 60
    assert cell_of_key(key, cell.area) == cell


@given(identities(), identities())
def test_two_cells_never_share_a_key(one: CellId, other: CellId) -> None:
    def named(cell: CellId) -> tuple[object, ...]:
        return (cell.radio, cell.mcc, cell.mnc, cell.cell, cell.area if cell.needs_area else None)

    assert (cell_key(one) == cell_key(other)) is (named(one) == named(other))
    same_area = (one.radio, one.mcc, one.mnc, one.area) == (other.radio, other.mcc, other.mnc, other.area)
    assert (area_key(one) == area_key(other)) is same_area


@given(st.text(max_size=60) | st.from_regex(r"(gsm|lte|nr|cgi|sai)? ?[0-9A-F.:-]{1,40}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_identity(text)
    except BadMessage as error:
        refused = error
    else:
        assert found
        return
    assert refused.field


@pytest.mark.parametrize(
    ("word", "radio"), [("LTE", "lte"), (" wcdma ", "umts"), ("4G", "lte"), ("5g", "nr"), ("GSM", "gsm")]
)
def test_words_for_a_radio(word: str, radio: str) -> None:
    assert radio_of(word) == radio


def test_who_runs_a_network_depends_on_the_day() -> None:
    def name(mnc: str, on: date) -> str | None:
        found = operator_of(mcc="510", mnc=mnc, on=on)
        return found and found.name

    assert name("10", date(2026, 1, 1)) == "Telkomsel"
    assert (name("89", date(2021, 12, 31)), name("89", date(2022, 1, 4))) == (
        "Hutchison 3",
        "Indosat Ooredoo Hutchison",
    )
    assert (name("11", date(2025, 4, 15)), name("11", date(2025, 4, 16))) == ("XL Axiata", "XLSMART")
    assert name("55", date(2026, 1, 1)) is None
    assert operator_of(mcc="502", mnc="10", on=date(2026, 1, 1)) is None
    assert {len(one.mnc) for one in OPERATORS} == {2}
