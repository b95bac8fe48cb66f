"""The grammars of the standards, re-typed under tests/schemas: what geo112 sends is held against them."""

from functools import cache
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).resolve().parent / "schemas"


@cache
def grammar(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


def require_valid(document: bytes, name: str = "held.xsd") -> etree._Element:
    """Give the root of a document that the grammar accepts."""
    root = etree.fromstring(document)
    grammar(name).assertValid(root)
    return root
