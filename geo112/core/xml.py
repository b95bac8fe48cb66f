"""Reading XML that strangers send: no document type, no entities, no network, at most 64 KB and 32 levels."""

import re

from lxml import etree

from geo112.core.errors import BadMessage

LONGEST_BYTES = 65_536
DEEPEST = 32

# A document type is refused before any parser sees it: a hardened parser would turn its entities into silent nothing.
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# One for all: it keeps nothing of a document, and threads take turns at it.
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def parse_xml(data: bytes, *, field: str = "message") -> etree._Element:
    """Read a document and give its root; raises BadMessage for what is no well-formed, small and plain XML."""
    if len(data) > LONGEST_BYTES:
        raise BadMessage(f"has {len(data)} bytes, more than {LONGEST_BYTES}", field=field)
    # In UTF-16 and its like the words of a document type would not be recognised; location documents are UTF-8.
    if b"\0" in data:
        raise BadMessage("is no XML in UTF-8", field=field)
    if b"<!" in data and _DOCTYPE.search(data):
        raise BadMessage("has a document type or entities, which are not accepted", field=field)
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), _PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise BadMessage(f"is no well-formed XML: {str(error)[:120]}", field=field) from None
    if root is None:
        raise BadMessage("is no well-formed XML: it has no element", field=field)
    # Who opens fewer elements than levels are allowed cannot be too deep.
    if data.count(b"<") > DEEPEST:
        _require_shallow(root, field)
    return root


def xml_line(root: etree._Element) -> bytes:
    """Write a document on one line: Kamailio, following a location reference, reads no further than the first."""
    # A carriage return is already written as a reference; texts and attributes here hold no other line ends.
    return b"<?xml version='1.0' encoding='UTF-8'?>" + etree.tostring(root, encoding="UTF-8").replace(b"\n", b" ")


def local_name(element: etree._Element) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace_of(element: etree._Element) -> str:
    """Give the namespace of an element; empty where it has none."""
    return str(element.tag).rpartition("}")[0][1:]


def children_of(element: etree._Element, name: str) -> list[etree._Element]:
    """Give the children of this name in whatever namespace, in their order."""
    ending = "}" + name
    return [child for child in element if child.tag == name or str(child.tag).endswith(ending)]


def _require_shallow(root: etree._Element, field: str) -> None:
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise BadMessage(f"is nested deeper than {DEEPEST} levels", field=field)
