"""HELD requests as Kamailio and others send them, and what is wrong with the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.held.names import ErrorCode, LocationKind
from geo112.held.request import LocationRequest, Refusal, read_request

HELD = "urn:ietf:params:xml:ns:geopriv:held"
KAMAILIO = (
    f'<?xml version="1.0"?>\n<locationRequest xmlns="{HELD}" responseTime="emergencyRouting">'
    '<locationType exact="false">civic geodetic locationURI</locationType>'
    f'<device xmlns="{HELD}:id"><uri>tel:+6281234567890</uri></device></locationRequest>\n'
)


def request(inside: str = "", *, attributes: str = "") -> str:
    return f'<locationRequest xmlns="{HELD}"{attributes}>{inside}</locationRequest>'


def device(inside: str) -> str:
    return f'<device xmlns="{HELD}:id">{inside}</device>'


def understood(text: str) -> LocationRequest:
    read = read_request(text.encode())
    assert isinstance(read, LocationRequest), read
    return read


def refused(text: str) -> ErrorCode:
    read = read_request(text.encode())
    assert isinstance(read, Refusal), read
    return read.code


def test_request_of_kamailio() -> None:
    read = understood(KAMAILIO)
    assert read.kinds == (LocationKind.CIVIC, LocationKind.GEODETIC, LocationKind.LOCATION_URI)
    assert not read.exact
    assert (read.urgency, read.response_time_ms) == ("emergencyRouting", None)
    assert read.device is not None
    assert [(one.name, one.text, one.number) for one in read.device] == [
        ("uri", "tel:+6281234567890", "+6281234567890")
    ]


def test_request_without_anything_asks_for_any_location_of_the_asker() -> None:
    assert understood(request()) == LocationRequest(kinds=(LocationKind.ANY,), device=None)


def test_exact_types_and_a_time_in_milliseconds() -> None:
    inside = '<locationType exact="true">\n geodetic\n locationURI\n</locationType>'
    read = understood(request(inside, attributes=' responseTime="8"'))
    assert read.kinds == (LocationKind.GEODETIC, LocationKind.LOCATION_URI)
    assert read.exact
    assert read.response_time_ms == 8


def test_exact_means_nothing_beside_any() -> None:
    assert not understood(request('<locationType exact="true">any</locationType>')).exact


@pytest.mark.parametrize("time", ["soon", "0", "-1", "9" * 12, ""])
def test_odd_time_is_passed_over(time: str) -> None:
    read = understood(request(attributes=f' responseTime="{time}"'))
    assert (read.response_time_ms, read.urgency) == (None, None)


@pytest.mark.parametrize(
    ("inside", "number"),
    [
        ("<msisdn>11235550123</msisdn>", "+11235550123"),
        ("<msisdn>+11235550123</msisdn>", "+11235550123"),
        ("<msisdn>081234567890</msisdn>", "081234567890"),
        ("<uri>tel:+62-812-3456-7890;phone-context=x</uri>", "+6281234567890"),
        ("<uri>sip:+6281234567890@example.id;user=phone</uri>", "+6281234567890"),
        ('<ip v="4">192.0.2.5</ip><uri>tel:112</uri>', "112"),
    ],
)
def test_names_of_a_device(inside: str, number: str) -> None:
    read = understood(request(device(inside)))
    assert read.device is not None
    assert [one.number for one in read.device] == [number]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ErrorCode.XML),
        ("<locationRequest", ErrorCode.XML),
        ("<a>" * 40 + "</a>" * 40, ErrorCode.XML),
        ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', ErrorCode.XML),
        ("<locationRequest/>", ErrorCode.UNSUPPORTED),
        (f'<createContext xmlns="{HELD}"/>', ErrorCode.UNSUPPORTED),
        (request("<locationType>street</locationType>"), ErrorCode.REQUEST),
        (request("<locationType/>"), ErrorCode.REQUEST),
        (request('<locationType exact="maybe">any</locationType>'), ErrorCode.REQUEST),
        (request("<locationType>any</locationType><locationType>any</locationType>"), ErrorCode.REQUEST),
        (request(device("")), ErrorCode.BAD_IDENTIFIER),
        (request(device('<ip v="4">192.0.2.5</ip>')), ErrorCode.BAD_IDENTIFIER),
        (request(device("<imsi>510101234567890</imsi>")), ErrorCode.BAD_IDENTIFIER),
        (request(device("<msisdn>12</msisdn>")), ErrorCode.BAD_IDENTIFIER),
        (request(device("<uri>mailto:a@b</uri>")), ErrorCode.BAD_IDENTIFIER),
        (request(device("<uri>sip:alice@example.id</uri>")), ErrorCode.BAD_IDENTIFIER),
    ],
)
def test_refusals(text: str, code: ErrorCode) -> None:
    assert refused(text) is code


def test_name_with_two_colons_in_a_namespace_that_is_no_address() -> None:
    # libxml2 only warns of it, and what it makes of the name is none that XML allows.
    assert refused('<a:b:c xmlns="urn//x"/>') is ErrorCode.UNSUPPORTED


def test_message_larger_than_64_kb_is_refused() -> None:
    assert refused(request(" " * 70_000)) is ErrorCode.XML


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: KAMAILIO.encode()[:300] + tail)))
def test_nothing_raises(body: bytes) -> None:
    assert isinstance(read_request(body), LocationRequest | Refusal)


@given(st.lists(st.tuples(st.integers(0, len(KAMAILIO)), st.integers(0, 20), st.text(max_size=8)), max_size=3))
def test_no_damage_raises(changes: list[tuple[int, int, str]]) -> None:
    text = KAMAILIO
    for start, length, new in changes:
        text = text[:start] + new + text[start + length :]
    assert isinstance(read_request(text.encode(errors="surrogatepass")), LocationRequest | Refusal)
