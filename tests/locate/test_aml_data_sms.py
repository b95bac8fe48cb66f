"""AML in data SMS: every way of packing, headers, several parts, and what only looks like one."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.errors import BadMessage
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.locate.aml_data_sms import is_aml_data_sms, read_aml_data_sms
from geo112.locate.aml_sms import read_aml_sms
from geo112.locate.fix import Located, NotUnderstood
from geo112.locate.gsm7 import fill_bits, pack, unpack
from geo112.locate.octets import is_strictly_packed, octets_of
from geo112.locate.read import read_message

BLITAR = (
    'A"ML=1;lt=-8.09830;lg=+112.16810;rd=14;top=20261122031530;lc=68;pm=W;'
    "si=510100000000000;ei=356708041746734;mcc=510;mnc=10;ml=128"
)
PORTS = bytes.fromhex("06050407D00000")
GSM_LETTERS = st.text(st.sampled_from('abcXYZ0129 =;+-.,:"@£$_Δ{}[]~|€^\\\nñ'), max_size=170)


def located(text: str) -> Located:
    reading = read_aml_data_sms(text)
    assert isinstance(reading, Located), reading
    return reading


def with_fill(header: bytes, text: str) -> bytes:
    return header + pack(text, skip_bits=fill_bits(len(header)))


@pytest.mark.parametrize(
    "octets",
    [
        BLITAR.encode(), pack(BLITAR), PORTS + BLITAR.encode(), PORTS + pack(BLITAR), with_fill(PORTS, BLITAR),
        bytes.fromhex("0B0504C35500000003070101") + pack(BLITAR), with_fill(bytes.fromhex("0403020102"), BLITAR),
    ],
)  # fmt: skip
@pytest.mark.parametrize("written", ["hex", "HEX", "spaced", "0x", "base64", "urlsafe", "wrapped"])
def test_every_packing_and_writing_is_the_same_message(octets: bytes, written: str) -> None:
    text = {
        "hex": octets.hex(),
        "HEX": octets.hex().upper(),
        "spaced": " " + octets.hex(" ") + "\r\n",
        "0x": "0x" + octets.hex(),
        "base64": base64.b64encode(octets).decode(),
        "urlsafe": base64.urlsafe_b64encode(octets).decode().rstrip("="),
        "wrapped": base64.encodebytes(octets).decode(),
    }[written]
    assert located(text) == read_aml_sms(BLITAR)
    assert is_aml_data_sms(text)


def test_packed_letters_of_a_published_message() -> None:
    octets = "415193D98BEDD8F4DEECE6A2C962B7DA8E7DEEB56232990B86A3D9623B39B92783EDE86F784F068BD560B6D80C1683E568B81D7BDCB3E176F076EFB89BA77B39DCCD56A3C966B15D39DD9BD570B2590E56CBC168B21A4DB66B8FC7BD590CB66BBBC73D990DB66BB37B31D90C"  # noqa: E501 - one message of 108 octets
    text = unpack(bytes.fromhex(octets))
    assert text == (
        'A"ML=1;lt=37.42175;lg=-122.08461;rd=20;top=20150613010948;lc=68;pm=G;si=987654231;ei=358239059042542;'
        "mcc=310;mnc=260;ml=123"
    )
    assert pack(text).hex().upper() == octets
    assert located(octets).fix.area == read_aml_sms(text).fix.area


@pytest.mark.parametrize("length", range(1, 20))
def test_left_over_bits_are_no_letter(length: int) -> None:
    text = "A" * length
    assert unpack(pack(text)) == text
    assert unpack(pack(text, skip_bits=3), skip_bits=3) == text


def test_letters_of_the_second_table() -> None:
    assert unpack(pack("[€]{^}|~\\")) == "[€]{^}|~\\"
    assert pack("€").hex() == "9b32"
    assert unpack(bytes([0x1B])) == ""
    assert unpack(bytes.fromhex("9b20")) == "A"  # escape before a letter without a second meaning


def test_a_letter_that_the_alphabet_lacks_is_named() -> None:
    with pytest.raises(BadMessage, match="救"):
        pack("救")


@given(GSM_LETTERS, st.integers(0, 6))
def test_what_is_packed_is_unpacked(text: str, skip_bits: int) -> None:
    back = unpack(pack(text, skip_bits=skip_bits), skip_bits=skip_bits)
    # A last @ that fills the octet cannot be told from nothing (TS 23.038, 6.1.2.3.1).
    assert back == text or back + "@" == text


def in_parts(text: str, sizes: list[int], *, reference: str = "00032A", packed: bool = True) -> list[str]:
    """Cut a message into SMS with the header of a chain, in hex."""
    pieces, at = [], 0
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    lines = []
    for number, piece in enumerate(pieces, 1):
        header = bytes.fromhex(f"05{reference}{len(pieces):02X}{number:02X}")
        lines.append((with_fill(header, piece) if packed else header + piece.encode()).hex())
    return lines


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_parts_in_any_order_are_one_message(order: tuple[int, ...], packed: bool) -> None:  # noqa: FBT001 - a case
    lines = in_parts(BLITAR, [60, 50, 40], packed=packed)
    assert located("\n".join(lines[n] for n in order)) == read_aml_sms(BLITAR)


def test_parts_packed_as_one_stream_and_cut_at_octets() -> None:
    octets = pack(BLITAR)
    lines = [
        (bytes.fromhex(f"05000307 02{number:02X}") + part).hex()
        for number, part in ((1, octets[:70]), (2, octets[70:]))
    ]
    assert located("\n".join(lines)).fix.area == read_aml_sms(BLITAR).fix.area


def test_a_part_that_comes_twice_is_no_matter() -> None:
    lines = in_parts(BLITAR, [60, 70])
    assert located("\n".join([*lines, lines[0]])) == read_aml_sms(BLITAR)


def test_a_missing_part_is_told_and_nothing_is_joined_behind_it() -> None:
    lines = in_parts(BLITAR, [60, 40, 40])
    reading = located("\n".join([lines[0], lines[2]]))
    assert "part 2 of 3 is missing" in reading.warnings
    assert isinstance(reading.fix.area, Point | Circle)
    assert (reading.fix.area.middle.lat_deg, reading.device.imei) == (-8.0983, None)
    alone = located(lines[0])
    assert "part 2 of 3 is missing" in alone.warnings


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (in_parts(BLITAR, [60, 70])[1:], "first of 2 parts"),
        ([in_parts(BLITAR, [60, 70])[0], in_parts(BLITAR, [60, 70], reference="00032B")[1]], "different messages"),
        ([in_parts(BLITAR, [60, 70])[0], in_parts("x" * 130, [60, 70])[0]], "twice with different content"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(lines: list[str], says: str) -> None:
    reading = read_aml_data_sms("\n".join(lines))
    assert isinstance(reading, NotUnderstood)
    assert says in reading.reason
    assert not is_aml_data_sms("\n".join(lines))


def test_long_reference_of_a_chain() -> None:
    octets = with_fill(bytes.fromhex("06080412340101"), BLITAR)
    assert located(octets.hex()) == read_aml_sms(BLITAR)


@pytest.mark.parametrize(
    "text",
    ["", "tolong", "081234567890", "+62 812 3456 7890", "0612345678", "4122", "41224d4c", "zz", BLITAR, "A" * 5000,
     "050003070201", "02000041414141", "0370007141414141", "0300700041414141", "0500030A0001" + pack(BLITAR).hex(),
     "QUFB"],
)  # fmt: skip
def test_no_data_sms(text: str) -> None:
    assert isinstance(read_aml_data_sms(text), NotUnderstood)
    assert not is_aml_data_sms(text)


def test_unknown_elements_of_a_header_are_passed_over() -> None:
    header = bytes.fromhex("0A24030102030002AABB7000")
    assert isinstance(read_aml_data_sms((header + pack(BLITAR)).hex()), NotUnderstood)
    good = bytes.fromhex("077003AABBCC7100")
    assert located((good + pack(BLITAR)).hex()) == read_aml_sms(BLITAR)


@pytest.mark.parametrize(
    ("text", "octets"),
    [("0x0A0b", b"\n\x0b"), ("QUI=", b"AB"), ("QUI", None), ("-_-_", b"\xfb\xff\xbf"), ("a", None), ("QUFB!", None)],
)
def test_octets(text: str, octets: bytes | None) -> None:
    assert octets_of(text) == octets
    assert octets_of("10" * 3000) is None


@pytest.mark.parametrize(
    ("text", "strict"),
    [("081234567890", False), ("10AB", True), ("QUI=", True), ("QUIB=", False), ("tolong pak", False), ("", False)],
)
def test_what_may_be_a_number_is_not_taken_for_octets(text: str, strict: bool) -> None:  # noqa: FBT001 - a case
    assert is_strictly_packed(text) is strict


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=200).map(bytes.hex) | st.text("0123456789abcdef\n ", max_size=400))
def test_any_text_gives_a_reading(text: str) -> None:
    read_aml_data_sms(text)
    is_aml_data_sms(text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_message_gives_a_reading(data: st.DataObject) -> None:
    octets = bytearray(data.draw(st.sampled_from([pack(BLITAR), PORTS + pack(BLITAR), with_fill(PORTS, BLITAR)])))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(octets)))
    read_aml_data_sms(bytes(octets[:cut]).hex())
    read_aml_data_sms(base64.b64encode(octets).decode())


def test_ucs2_as_modems_give_it() -> None:
    plain = 'A"ML=1;lt=-8.09830;lg=112.16810;rd=14;top=20261122031530;lc=68;pm=W'
    reading = read_message(plain.encode("utf-16-be").hex())
    assert isinstance(reading, Located)
    assert reading.fix.area == Circle(
        middle=Position(lat_deg=-8.0983, lon_deg=112.1681), radius_m=14.0, confidence_share=0.68
    )
