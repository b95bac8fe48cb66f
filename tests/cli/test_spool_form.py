from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.cli.centre.spool_form import HEX_BYTES, MAX_BYTES, SpoolForm, is_complete, read_message

WIB = timezone(timedelta(hours=7))
AML = 'A"ML=1;lt=-8.09836;lg=112.16810;rd=12;top=20261122031530;lc=68;pm=G;si=510010;ei=1;mcc=510;mnc=01;ml=100'


def smstools(body: bytes, *lines: str) -> bytes:
    return "\n".join(["From: 628570000290", "Received: 26-11-22 10:15:30", *lines]).encode() + b"\n\n" + body


def test_smstools_text_has_sender_time_and_body() -> None:
    data = smstools(
        AML.encode(), "From_TOA: 91 international, ISDN/telephone", "Sent: 26-11-22 10:15:28", "Alphabet: ISO"
    )
    message = read_message("GSM1.aXb9Qe", data, zone=WIB)
    assert (message.form, message.sender, message.text) == (SpoolForm.SMSTOOLS, "+628570000290", AML)
    assert message.received_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
    assert message.problem is None


@pytest.mark.parametrize(
    ("alphabet", "encoding"),
    [("ISO", "iso-8859-15"), ("Latin", "iso-8859-15"), ("UTF-8", "utf-8"), ("UCS2", "utf-16-be"), ("UCS", "utf-16-be")],
)
def test_the_alphabet_of_smstools_is_obeyed(alphabet: str, encoding: str) -> None:
    text = "Kebakaran di café dekat pasar"
    message = read_message("GSM1.x", smstools(text.encode(encoding), f"Alphabet: {alphabet}"), zone=WIB)
    assert (message.text, message.problem) == (text, None)


def test_a_ucs2_body_may_hold_the_byte_of_a_newline_and_end_with_one() -> None:
    text = "\u0a0a ਊ tolong"
    message = read_message("GSM1.x", smstools(text.encode("utf-16-be") + b"\n", "Alphabet: UCS2"), zone=WIB)
    assert (message.text, message.problem) == (text, None)


def test_windows_line_ends_and_a_missing_received_time() -> None:
    message = read_message("m", b"From: 112\r\nSent: 26-11-22 10:15:28\r\n\r\nhalo\r\n", zone=WIB)
    assert (message.sender, message.text) == ("112", "halo")
    assert message.received_at == datetime(2026, 11, 22, 10, 15, 28, tzinfo=WIB)


def test_gammu_has_sender_and_time_in_the_name() -> None:
    message = read_message("IN20261122_101530_00_+6285700002290_00.txt", AML.encode(), zone=WIB)
    assert (message.form, message.sender, message.text) == (SpoolForm.GAMMU, "+6285700002290", AML)
    assert message.received_at == datetime(2026, 11, 22, 10, 15, 30, tzinfo=WIB)


def test_gammu_unicode_files_begin_with_a_mark() -> None:
    data = b"\xfe\xff" + "api di Sentul".encode("utf-16-be")
    assert read_message("IN20261122_101530_01_TELKOMSEL_00.txt", data, zone=WIB).text == "api di Sentul"


def test_gammu_without_a_sender_has_none() -> None:
    message = read_message("IN20261122_101530_00__00.txt", b"halo", zone=WIB)
    assert (message.sender, message.text) == (None, "halo")


def test_an_impossible_time_is_no_time() -> None:
    assert read_message("IN20261399_101530_00_+6285_00.txt", b"halo", zone=WIB).received_at is None


def test_plain_text_has_no_sender() -> None:
    message = read_message("catatan.txt", b"Tolong: api besar\nJalan Melati", zone=WIB)
    assert (message.form, message.sender, message.text) == (SpoolForm.PLAIN, None, "Tolong: api besar\nJalan Melati")
    assert message.problem is None


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("IN20261122_101530_00_+6285700002290_00.bin", b"\x06\x05\x04\x0b\x84", "binary"),
        ("GSM1.x", smstools(b"\x00\x01\xff", "Alphabet: binary"), "binary"),
        ("junk", bytes(range(256)), "not text"),
        ("junk", b"abc\x00def", "control"),
        ("GSM1.x", smstools(b"", "Alphabet: ISO"), "empty"),
        ("junk", b"x" * (MAX_BYTES + 1), "too many"),
    ],
)
def test_broken_files_keep_their_bytes_as_hex_and_say_why(name: str, data: bytes, says: str) -> None:
    message = read_message(name, data, zone=WIB)
    assert message.problem is not None
    assert says in message.problem
    assert len(message.text) <= 2 * HEX_BYTES
    assert bytes.fromhex(message.text) in data


@given(name=st.text(max_size=60), data=st.binary(max_size=300))
def test_no_file_makes_the_reader_fail_and_no_byte_is_silently_dropped(name: str, data: bytes) -> None:
    message = read_message(name, data, zone=WIB)
    assert message.problem is not None or message.text


def test_a_file_is_complete_when_its_header_says_so() -> None:
    whole = smstools(b"halo dunia", "Alphabet: ISO", "Length: 10")
    assert is_complete(whole)
    assert not any(is_complete(whole[:cut]) for cut in range(20, len(whole)))
    assert not is_complete(b"")
    assert is_complete(b"teks biasa")
