"""The answers of a location server: a location, a reference to one, or an error (RFC 5985, 6155)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from geo112.core.clock import to_iso
from geo112.core.xml import xml_line
from geo112.held.names import HELD, IDENTITY, ErrorCode
from geo112.held.request import Identity, Refusal

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 6155, 3: what a device may be named by here.
_NAMES = ("uri", "msisdn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An address under which the current location can be fetched, until it ends."""

    uri: str
    expires_at: datetime


def error_answer(refusal: Refusal) -> bytes:
    """Write an error; a bad identifier comes with those that would do."""
    root = etree.Element(f"{{{HELD}}}error", {"code": refusal.code.value}, {None: HELD})
    message = etree.SubElement(root, f"{{{HELD}}}message", {_XML_LANG: "en"})
    message.text = refusal.message
    if refusal.code is ErrorCode.BAD_IDENTIFIER:
        names = etree.SubElement(root, f"{{{IDENTITY}}}requiredIdentifiers", {}, {"id": IDENTITY})
        names.text = " ".join(f"id:{name}" for name in _NAMES)
    return xml_line(root)


def location_answer(
    presence: etree._Element | None, *, reference: Reference | None = None, device: Sequence[Identity] = ()
) -> bytes:
    """Write a location; the device is named again, since an answer without it means the asker itself (RFC 6155)."""
    root = etree.Element(f"{{{HELD}}}locationResponse", {}, {None: HELD})
    if reference is not None:
        # Seconds only: a fraction would be allowed, but not every reader takes it.
        until = to_iso(reference.expires_at.replace(microsecond=0))
        uris = etree.SubElement(root, f"{{{HELD}}}locationUriSet", {"expires": until})
        etree.SubElement(uris, f"{{{HELD}}}locationURI").text = reference.uri
    if presence is not None:
        root.append(presence)
    if device:
        named = etree.SubElement(root, f"{{{IDENTITY}}}device", {}, {None: IDENTITY})
        for one in device:
            etree.SubElement(named, f"{{{IDENTITY}}}{one.name}").text = one.text
    return xml_line(root)
