"""The Geolocation header as SIP servers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.locate.geolocation_header import MOST_REFERENCES, references_in, scheme_of


@pytest.mark.parametrize(
    ("header", "references"),
    [
        ("<cid:alice123@atlanta.example.com>", ("cid:alice123@atlanta.example.com",)),
        (
            '<cid:target123@atlanta.example.com>;inserted-by="<x>", <https://ls.example.com/3?a=1,2>;routing=yes',
            ("cid:target123@atlanta.example.com", "https://ls.example.com/3?a=1,2"),
        ),
        ("< https://ls.example.com/x >,<https://ls.example.com/x>", ("https://ls.example.com/x",)),
        ("<sips:a@b>", ("sips:a@b",)),
        ("https://ls.example.com/x", ()),
        ("<not an address>", ()),
        ("", ()),
        ("<a:b>" * 9_000, ("a:b",)),
        ("".join(f"<a:{n}>," for n in range(99)), tuple(f"a:{n}" for n in range(MOST_REFERENCES))),
    ],
)
def test_addresses_are_found_in_their_order(header: str, references: tuple[str, ...]) -> None:
    assert references_in(header) == references


def test_a_scheme_is_the_same_in_capitals() -> None:
    assert scheme_of("HTTPS://ls.example.com") == "https"


@given(st.text(alphabet="<>:,;ab /\x00\ud800", max_size=300))
def test_any_text_is_read_without_a_fault(header: str) -> None:
    for one in references_in(header):
        assert scheme_of(one)
        assert one in header
