"""Damage that knows what it damages: letters, numbers, octets, trees of XML and JSON, and two messages in one."""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import partial

from fuzz_seeds import NUMBERS, SPICE
from lxml import etree

LONGEST = 65_536
# One input in so many is blown up, to find what grows faster than the message.
LONG_ONE_IN = 1_500

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TOKEN = re.compile(r"[A-Za-z_]+|-?\d+(?:\.\d+)?|\S")
_HEX = re.compile(r"[0-9A-Fa-f]{8,}")

Mutation = Callable[[str, Sequence[str], random.Random], str]


def inputs(seeds: Sequence[str], count: int, seed: int) -> Iterator[bytes]:
    """Give so many inputs, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable fuzz, no secret
    for _ in range(count):
        yield as_bytes(mutated(chance.choice(seeds), seeds, chance))


def mutated(text: str, seeds: Sequence[str], chance: random.Random) -> str:
    """Change a text once or a few times; now and then it is plain noise, or as long as a message may be."""
    kind = chance.random()
    if kind < 0.02:
        return "".join(chr(chance.randrange(0x250)) for _ in range(chance.randrange(200)))
    changes = _changes_for(text)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        text = chance.choice(changes)(text, seeds, chance)
    if chance.randrange(LONG_ONE_IN) == 0:
        text = blown_up(text, chance)
    return text[: LONGEST + 10]


def as_bytes(text: str) -> bytes:
    """Give what would come over the wire; a lone surrogate stands for an octet that is no UTF-8."""
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


def as_text(data: bytes) -> str:
    """Read octets as a command line does: what is no UTF-8 becomes lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def _changes_for(text: str) -> Sequence[Mutation]:
    start = text.lstrip()[:1]
    if start == "<":
        return _OF_XML
    if start in ("{", "["):
        return _OF_JSON
    return _OF_OCTETS if _HEX.match(text) else _OF_TEXT


def another_number(text: str, _: Sequence[str], chance: random.Random) -> str:
    """Put another number in the place of one."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + _some_number(chance) + text[one.end() :]


def _some_number(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(NUMBERS)
    if kind < 0.8:
        return str(chance.uniform(-200, 200))
    return str(chance.randrange(-(10 ** chance.randrange(1, 16)), 10**6))


def damaged(text: str, _: Sequence[str], chance: random.Random) -> str:
    """Take something out, and put another part of the text or a strange word in its place."""
    start, other = chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)
    kind = chance.random()
    if kind < 0.4:
        new = text[other : other + chance.randrange(40)]
    elif kind < 0.8:
        new = chance.choice(SPICE)
    else:
        new = chr(chance.randrange(0x2FF))
    return text[:start] + new + text[start + chance.randrange(12) :]


def cut(text: str, _: Sequence[str], chance: random.Random) -> str:
    """End a text early, or begin it late."""
    at = chance.randrange(len(text) + 1)
    return text[:at] if chance.random() < 0.7 else text[at:]


def token_swapped(text: str, _: Sequence[str], chance: random.Random) -> str:
    """Put one word, number or sign of the text in the place of another, or twice."""
    found = list(_TOKEN.finditer(text))
    if not found:
        return text
    one, other = chance.choice(found), chance.choice(found)
    new = other[0] * chance.choice((1, 1, 2, 9))
    return text[: one.start()] + new + text[one.end() :]


def spliced(text: str, seeds: Sequence[str], chance: random.Random) -> str:
    """Begin with one message and end with another."""
    other = chance.choice(seeds)
    return text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other) + 1) :]


def bits_flipped(text: str, _: Sequence[str], chance: random.Random) -> str:
    """Change octets of what is written in UTF-8."""
    data = bytearray(as_bytes(text))
    for _n in range(chance.randrange(1, 4)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return as_text(bytes(data))


def octets_changed(text: str, _: Sequence[str], chance: random.Random) -> str:
    """Change the octets that a text of hexadecimal digits stands for."""
    found = _HEX.search(text)
    if found is None:
        return text
    digits = found[0][: len(found[0]) // 2 * 2]
    octets = bytearray.fromhex(digits)
    at = chance.randrange(len(octets))
    match chance.randrange(5):
        case 0:
            octets[at] = chance.randrange(256)
        case 1:
            octets[at] ^= 1 << chance.randrange(8)
        case 2:
            del octets[at : at + chance.randrange(1, 5)]
        case 3:
            octets[at:at] = chance.randbytes(chance.randrange(1, 5))
        case _:
            octets[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
    return text[: found.start()] + octets.hex() + text[found.end() :]


def tree_changed(text: str, seeds: Sequence[str], chance: random.Random) -> str:
    """Change elements of a document of XML; a text that is none is damaged."""
    root = _tree(text)
    if root is None:
        return damaged(text, seeds, chance)
    every = list(root.iter())
    one, other = chance.choice(every), chance.choice(every)
    match chance.randrange(8):
        case 0:
            one.text = chance.choice(NUMBERS)
        case 1 if one.getparent() is not None:
            one.getparent().remove(one)
        case 2:
            one.append(_copy(other))
        case 3 if one.getparent() is not None:
            one.getparent().replace(one, _copy(other))
        case 4:
            one.tag = other.tag
        case 5:
            one.set(*chance.choice(_ATTRIBUTES))
        case 6 if one.attrib:
            one.attrib[chance.choice(list(one.attrib))] = chance.choice(NUMBERS).replace("٣", "x")
        case _:
            donor = _tree(chance.choice(seeds))
            if donor is not None:
                one.append(_copy(chance.choice(list(donor.iter()))))
    return etree.tostring(root, encoding="unicode")


_ATTRIBUTES = (
    ("srsName", "urn:ogc:def:crs:EPSG::4979"),
    ("srsName", "urn:ogc:def:crs:EPSG::3857"),
    ("srsName", ""),
    ("uom", "urn:ogc:def:uom:EPSG::9002"),
    ("uom", "x"),
    ("profile", "civic"),
    ("srsDimension", "3"),
    ("recursive", "maybe"),
    ("responseTime", "soon"),
    ("limit", "0"),
)


def _tree(text: str) -> etree._Element | None:
    try:
        return etree.fromstring(as_bytes(text), _PARSER)
    except (etree.XMLSyntaxError, ValueError, UnicodeError):
        return None


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def _copy(element: etree._Element) -> etree._Element:
    made = deepcopy(element)
    made.tail = None
    return made


_VALUES = (None, True, False, 0, -1, 1e308, 510, "510", "", [], {}, "nan", 2**63, -0.0, [[]], {"a": 1}, "x" * 300)


def json_changed(text: str, seeds: Sequence[str], chance: random.Random) -> str:
    """Change values and names of JSON; a text that is none is damaged."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return damaged(text, seeds, chance)
    places = list(_places(body))
    if not places:
        return damaged(text, seeds, chance)
    inside, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del inside[key]
        case 1:
            other_inside, other_key = chance.choice(places)
            inside[key] = json.loads(json.dumps(other_inside[other_key]))
        case 2 if isinstance(inside, dict):
            inside[chance.choice(("lat", "cell", "x", "", "accuracy", "mcc", str(key) + "2"))] = inside.pop(key)
        case _:
            inside[key] = chance.choice(_VALUES)
    return json.dumps(body, ensure_ascii=False)


def _places(value: object) -> Iterator[tuple[dict[str, object] | list[object], str | int]]:
    """Name every place in a tree where a value stands."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield value, key
            yield from _places(value[key])


def blown_up(text: str, chance: random.Random) -> str:
    """Repeat one part of a text, of XML mostly a whole element or its text, until it is as long as a message may be."""
    root = _tree(text) if text.lstrip()[:1] == "<" and chance.random() < 0.7 else None
    if root is not None:
        return _tree_blown_up(root, chance)
    start = chance.randrange(len(text) + 1)
    part = text[start : start + chance.choice((1, 2, 5, 20, 80, 300))] or "a"
    room = chance.choice((4_096, 16_384, LONGEST)) - len(text)
    return text[:start] + part * max(1, room // len(as_bytes(part))) + text[start:]


def _tree_blown_up(root: etree._Element, chance: random.Random) -> str:
    one = chance.choice(list(root.iter()))
    room = LONGEST - len(etree.tostring(root))
    above = one.getparent()
    if above is None or (one.text and chance.random() < 0.5):
        if chance.random() < 0.5:
            # Each pair is another place: most of them make no ring, and all have to be looked at.
            one.text = " ".join(f"{-8 + chance.random():.3f} {112 + chance.random():.3f}" for _ in range(room // 16))
        else:
            one.text = ((one.text or "x") + " ") * max(1, room // len(as_bytes((one.text or "x") + " ")))
        return etree.tostring(root, encoding="unicode")
    for _ in range(max(1, room // len(etree.tostring(one)))):
        above.insert(above.index(one), _copy(one))
    return etree.tostring(root, encoding="unicode")


_OF_TEXT: tuple[Mutation, ...] = (*[another_number, damaged] * 2, cut, token_swapped, spliced, bits_flipped)
_OF_XML = (*_OF_TEXT, *[tree_changed] * 6)
_OF_JSON = (*_OF_TEXT, *[json_changed] * 6)
_OF_OCTETS = (*_OF_TEXT, *[octets_changed] * 8)


def mutate_bytes(seeds: Sequence[str]) -> Callable[[bytes, int, int], bytes]:
    """Give a mutation for an engine that hands over octets, the longest length and a seed of its own."""
    return partial(_mutate_bytes, seeds)


def _mutate_bytes(seeds: Sequence[str], data: bytes, longest: int, seed: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311 - a repeatable fuzz, no secret
    return as_bytes(mutated(as_text(data), seeds, chance))[:longest]
