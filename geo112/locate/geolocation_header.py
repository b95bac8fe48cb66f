"""The Geolocation header of a SIP call: where its location stands, in its own body or at a server (RFC 6442, 4.1)."""

import re

LONGEST_HEADER = 8_192
MOST_REFERENCES = 8

# `<uri>` with parameters behind it; a comma parts several. What stands between them is passed over.
_REFERENCE = re.compile(r"<\s*([A-Za-z][A-Za-z0-9+.\-]{0,31}:[^<>\s]{1,2048})\s*>")


def references_in(header: str) -> tuple[str, ...]:
    """Give the addresses in a header in their order, each once and 8 at most; none where there is none."""
    found = _REFERENCE.findall(header[:LONGEST_HEADER])
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def scheme_of(reference: str) -> str:
    """Name the scheme of an address in small letters: `cid` is a part of the call's own body."""
    return reference.partition(":")[0].lower()
