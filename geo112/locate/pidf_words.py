"""The words of PIDF-LO: how a position was measured (IANA registry of method tokens) and the parts of an address."""

from geo112.locate.fix import FixMethod

DERIVED, DEFAULT = "derived", "default"

_GNSS = ("gps", "a-gps", "agps", "gnss", "a-gnss", "agnss", "device-based_a-gps", "device-assisted_a-gps")
_WIFI = ("802.11", "wifi", "wi-fi", "wlan")
_CELL = (
    *("cell", "e-cid", "aoa", "nmr", "rtt", "ta", "tdoa", "u-tdoa", "utdoa", "otdoa", "ipdl", "eotd", "e-otd"),
    *("device-assisted_eotd", "device-based_eotd", "handset_aflt", "handset_eflt", "triangulation"),
)
_FUSED = ("dbh", "dbh_helo", "dbh2", "hybrid", "fused")
_METHODS = {
    **dict.fromkeys(_GNSS, FixMethod.GNSS),
    **dict.fromkeys(_WIFI, FixMethod.WIFI),
    **dict.fromkeys(_CELL, FixMethod.CELL),
    **dict.fromkeys(_FUSED, FixMethod.FUSED),
}
# Other words say where a position came from, not how it was measured: what the call taker should know of them.
_DOUBTS = {
    DERIVED: "perkiraan: derived from another location",
    DEFAULT: "perkiraan: a default location of the network, not measured",
    "best-guess": "perkiraan: the location server's best guess",
    "manual": "entered by hand",
}
TOKENS = {FixMethod.GNSS: "GNSS", FixMethod.WIFI: "802.11", FixMethod.CELL: "E-CID", FixMethod.FUSED: "DBH"}

# RFC 5139, 3.1, in the order that its schema asks for.
CIVIC_ORDER = (
    *("country", "A1", "A2", "A3", "A4", "A5", "A6", "PRM", "PRD", "RD", "STS", "POD", "POM", "RDSEC", "RDBR"),
    *("RDSUBBR", "HNO", "HNS", "LMK", "LOC", "FLR", "NAM", "PC", "BLD", "UNIT", "ROOM", "SEAT", "PLC", "PCN"),
    *("POBOX", "ADDCODE"),
)


def method_of(word: str) -> tuple[FixMethod, tuple[str, ...]]:
    """Read a method token and what the call taker should know of it; an unknown one is unknown."""
    token = word.strip().lower()
    if token.startswith("hybrid"):
        return FixMethod.FUSED, ()
    doubt = _DOUBTS.get(token)
    return _METHODS.get(token, FixMethod.UNKNOWN), () if doubt is None else (doubt,)
