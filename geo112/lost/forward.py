"""A request passed on to the server above, and what comes back (RFC 5222, 6 and 8.4; RFC 5582)."""

from copy import deepcopy

from lxml import etree

from geo112.core.errors import BadMessage
from geo112.core.xml import parse_xml
from geo112.lost.request import LOST

_TAG = f"{{{LOST}}}"
_REPLIES = frozenset(
    f"{_TAG}{name}" for name in ("findServiceResponse", "listServicesByLocationResponse", "redirect", "errors")
)


def passed_on(body: bytes, source: str) -> bytes:
    """Add this server to the path of a request that was read before."""
    root = deepcopy(parse_xml(body, field="request"))
    path = root.find(f"{_TAG}path")
    if path is None:
        path = etree.Element(f"{_TAG}path")
        # The grammar has the path behind the service, or, where there is none, behind the locations.
        before = root.find(f"{_TAG}service")
        before = before if before is not None else list(root.iterchildren(f"{_TAG}location"))[-1]
        before.addnext(path)
    etree.SubElement(path, f"{_TAG}via", source=source)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def is_reply(body: bytes) -> bool:
    """Tell whether the server above answered in LoST."""
    try:
        return parse_xml(body, field="reply").tag in _REPLIES
    except BadMessage:
        return False
