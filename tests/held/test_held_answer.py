"""HELD answers, held against the grammars of RFC 5985, 6155, 5491 and 7459."""

from datetime import UTC, datetime, timedelta

import pytest
from grammars import grammar, require_valid
from lxml import etree

from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.held.answer import Reference, error_answer, location_answer
from geo112.held.names import HELD, IDENTITY, ErrorCode
from geo112.held.request import Identity, Refusal
from geo112.locate.fix import Fix, FixMethod, FixSource
from geo112.locate.pidf_write import presence_element

AT = datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
FIX = Fix(
    area=Circle(middle=Position(lat_deg=-8.0983, lon_deg=112.1681), radius_m=14, confidence_share=0.68),
    source=FixSource.AML,
    method=FixMethod.GNSS,
    taken_at=AT,
)
REFERENCE = Reference(uri="https://112.example.go.id/held/abc", expires_at=AT + timedelta(minutes=30, microseconds=7))
DEVICE = (Identity(name="uri", text="tel:+6281234567890", number="+6281234567890"),)


def presence() -> etree._Element:
    return presence_element(FIX, entity="pres:abc@geo112.invalid")


def test_location_with_reference_and_device() -> None:
    root = require_valid(location_answer(presence(), reference=REFERENCE, device=DEVICE))
    assert [etree.QName(one).localname for one in root] == ["locationUriSet", "presence", "device"]
    assert root[0].get("expires") == "2026-11-22T03:45:30Z"
    assert root.findtext(f"{{{HELD}}}locationUriSet/{{{HELD}}}locationURI") == REFERENCE.uri
    assert root.findtext(f"{{{IDENTITY}}}device/{{{IDENTITY}}}uri") == "tel:+6281234567890"


def test_reference_alone() -> None:
    root = require_valid(location_answer(None, reference=REFERENCE))
    assert [etree.QName(one).localname for one in root] == ["locationUriSet"]


@pytest.mark.parametrize("code", list(ErrorCode))
def test_errors(code: ErrorCode) -> None:
    root = require_valid(error_answer(Refusal(code=code, message="not here & now")))
    assert root.get("code") == code.value
    assert root.findtext(f"{{{HELD}}}message") == "not here & now"
    needed = root.find(f"{{{IDENTITY}}}requiredIdentifiers")
    assert (needed is not None) is (code is ErrorCode.BAD_IDENTIFIER)
    if needed is not None:
        assert [needed.nsmap[name.split(":")[0]] for name in (needed.text or "").split()] == [IDENTITY, IDENTITY]


@pytest.mark.parametrize(
    "damage",
    [
        (b"2026-11-22T03:45:30Z", b"2026-11-22T10:45:30+07:00"),
        (b"<locationURI>", b"<wrong>"),
        (b">14<", b">wide<"),
        (b"EPSG::4326", b"EPSG::3857"),
        (b"EPSG::9001", b"EPSG::9002"),
        (b">68<", b">168<"),
        (b'entity="pres:abc@geo112.invalid"', b""),
        (b"gp:usage-rules", b"gp:rules"),
        (b"<timestamp>2026", b"<timestamp>x2026"),
    ],
)
def test_the_grammars_refuse_what_is_wrong(damage: tuple[bytes, bytes]) -> None:
    sent = location_answer(presence(), reference=REFERENCE)
    assert damage[0] in sent
    broken = sent.replace(damage[0], damage[1]).replace(
        b"</locationURI>", b"</wrong>" if b"wrong" in damage[1] else b"</locationURI>"
    )
    assert not grammar("held.xsd").validate(etree.fromstring(broken))
