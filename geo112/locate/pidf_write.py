"""Writing PIDF-LO: a bare presence document with one place, as RFC 5491, 7459 and 5985 ask."""

import math
import re
from datetime import datetime

from lxml import etree

from geo112.core.clock import to_iso
from geo112.core.confidence import share_in_three_dimensions
from geo112.core.shapes import ArcBand, Point
from geo112.core.xml import xml_line
from geo112.locate.fix import Civic, Fix
from geo112.locate.gml import GML, GS, plain, write_shape, write_shape_in_space
from geo112.locate.pidf_words import CIVIC_ORDER, TOKENS

PIDF = "urn:ietf:params:xml:ns:pidf"
GEOPRIV = "urn:ietf:params:xml:ns:pidf:geopriv10"
POLICY = f"{GEOPRIV}:basicPolicy"
CIVIC = f"{GEOPRIV}:civicAddr"
CONFIDENCE = "urn:ietf:params:xml:ns:geopriv:conf"
_PREFIXES = {None: PIDF, "gp": GEOPRIV, "gbp": POLICY, "ca": CIVIC, "con": CONFIDENCE, "gml": GML, "gs": GS}
# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_pidf(
    fix: Fix | None,
    *,
    entity: str,
    civic: Civic = (),
    retransmission_allowed: bool = False,
    keep_until: datetime | None = None,
    in_space: bool = False,
) -> bytes:
    """Write a presence document; `entity` should be a pseudonym that leads to nobody (RFC 5985, 6.6).

    `in_space` writes an area whose height is known as a Sphere, Ellipsoid or Prism, which few clients read.
    """
    root = presence_element(
        fix,
        entity=entity,
        civic=civic,
        retransmission_allowed=retransmission_allowed,
        keep_until=keep_until,
        in_space=in_space,
    )
    return xml_line(root)


def presence_element(
    fix: Fix | None,
    *,
    entity: str,
    civic: Civic = (),
    retransmission_allowed: bool = False,
    keep_until: datetime | None = None,
    in_space: bool = False,
) -> etree._Element:
    """Make the presence element, to stand alone or in the answer of a location server.

    It is a tuple and not a device: a device must name itself, and a location server must not (RFC 5985, 6.6).
    """
    root = etree.Element(f"{{{PIDF}}}presence", {"entity": entity}, _PREFIXES)
    holder = etree.SubElement(root, f"{{{PIDF}}}tuple", {"id": "location"})
    status = etree.SubElement(holder, f"{{{PIDF}}}status")
    geopriv = etree.SubElement(status, f"{{{GEOPRIV}}}geopriv")
    info = etree.SubElement(geopriv, f"{{{GEOPRIV}}}location-info")
    shape, share = _shape_of(fix, in_space=in_space)
    if shape is not None:
        info.append(shape)
    _add_civic(info, civic, floor=None if fix is None else fix.floor)
    if share is not None:
        _add_confidence(info, share)
    rules = etree.SubElement(geopriv, f"{{{GEOPRIV}}}usage-rules")
    allowed = "true" if retransmission_allowed else "false"
    etree.SubElement(rules, f"{{{POLICY}}}retransmission-allowed").text = allowed
    if keep_until is not None:
        etree.SubElement(rules, f"{{{POLICY}}}retention-expiry").text = to_iso(keep_until)
    if fix is not None and fix.method in TOKENS:
        etree.SubElement(geopriv, f"{{{GEOPRIV}}}method").text = TOKENS[fix.method]
    if fix is not None and fix.taken_at is not None:
        etree.SubElement(holder, f"{{{PIDF}}}timestamp").text = to_iso(fix.taken_at)
    return root


def _shape_of(fix: Fix | None, *, in_space: bool) -> tuple[etree._Element | None, float | None]:
    """Write the area with the confidence that belongs to it; a point has none."""
    if fix is None:
        return None, None
    area, altitude_m, vertical_m = fix.area, fix.altitude_m, fix.vertical_accuracy_m
    if isinstance(area, Point):
        return write_shape(area, altitude_m=altitude_m), None
    if in_space and altitude_m is not None and vertical_m is not None and not isinstance(area, ArcBand):
        shape = write_shape_in_space(area, altitude_m=altitude_m, vertical_accuracy_m=vertical_m)
        return shape, share_in_three_dimensions(area.confidence_share)
    return write_shape(area), area.confidence_share


def _add_confidence(info: etree._Element, share: float) -> None:
    """State the confidence in percent, rounded down (RFC 7459, 4.2 and 5.2)."""
    percent = math.floor(round(share * 100, 9) * 1e6) / 1e6
    element = etree.SubElement(info, f"{{{CONFIDENCE}}}confidence", {"pdf": "unknown"})
    element.text = plain(percent)


def _add_civic(info: etree._Element, civic: Civic, *, floor: str | None) -> None:
    """Add the address in the order of its schema, each part once; parts that no schema knows are left out."""
    parts = {name: _UNWRITABLE.sub("", text) for name, text in reversed(civic) if name in CIVIC_ORDER}
    if floor is not None:
        parts.setdefault("FLR", _UNWRITABLE.sub("", floor))
    if not parts:
        return
    address = etree.SubElement(info, f"{{{CIVIC}}}civicAddress")
    for name in CIVIC_ORDER:
        if name in parts:
            etree.SubElement(address, f"{{{CIVIC}}}{name}").text = parts[name]
