"""XML of strangers: small, plain and shallow, or refused with a reason."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.errors import BadMessage
from geo112.core.xml import DEEPEST, LONGEST_BYTES, local_name, parse_xml

LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'


def test_plain_document() -> None:
    root = parse_xml(b'\xef\xbb\xbf \n<?xml version="1.0"?><a xmlns="urn:x"><!-- no --><?pi no?><b>text</b></a>')
    assert local_name(root) == "a"
    assert [local_name(one) for one in root] == ["b"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (LAUGHS, "document type"),
        (b'<!doctype a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b'<a><![CDATA[x]]><!ENTITY x "y"></a>', "document type"),
        (b"<a>&unknown;</a>", "well-formed"),
        (b"<a>", "well-formed"),
        (b"", "well-formed"),
        (b"text", "well-formed"),
        (b'<?xml version="1.0" encoding="no-such-thing"?><a/>', "well-formed"),
        ("<a/>".encode("utf-16"), "UTF-8"),
        (b"<a>\xff</a>", "well-formed"),
        (b"<a>" + b" " * LONGEST_BYTES + b"</a>", "bytes"),
        (b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1), "deeper"),
        (b"<a>" * 9_000 + b"</a>" * 9_000, "well-formed"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadMessage, match=reason) as error:
        parse_xml(data, field="body")
    assert error.value.field == "body"


def test_depth_and_size_that_are_allowed() -> None:
    assert local_name(parse_xml(b"<a>" * DEEPEST + b"</a>" * DEEPEST)) == "a"
    assert parse_xml(b"<a>" + b" " * (LONGEST_BYTES - 7) + b"</a>").text


@pytest.mark.parametrize("data", [b"<a " + b"b='' " * 13_000 + b"/>", b"<" * 60_000, b"<a><b/>" * 9_000, LAUGHS * 700])
def test_nothing_small_takes_long(data: bytes) -> None:
    began = time.thread_time()
    with pytest.raises(BadMessage):
        parse_xml(data[:LONGEST_BYTES])
    assert time.thread_time() - began < 0.1


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_xml(data)
    except BadMessage:
        return
    assert data
