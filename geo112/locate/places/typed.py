"""A text that is no name but coordinates, a plus code or a map link, given as a place like any other."""

from typing import Any

from geo112.core.errors import BadInput
from geo112.core.geo import Position, require_field
from geo112.locate.area_wire import area_to_dict, sizes_to_dict
from geo112.locate.fix import Located
from geo112.locate.pluscode import codes_in, read_plus_code
from geo112.locate.read import read_message

KOORDINAT = "koordinat"


def is_name(text: str) -> bool:
    """Tell a text with words from bare numbers: coordinates that cannot be meant are no name of a village."""
    return any(sign.isalpha() for sign in text)


def typed_place(text: str, *, near: Position | None = None) -> dict[str, Any] | None:
    """Read a text as coordinates; None where it is a name, or where no place of Indonesia is meant.

    `near` completes the short form of a plus code, as maps show it with the name of a town (`WC29+7X Blitar`).
    """
    reading = read_message(text, format="text")
    if not isinstance(reading, Located) and near is not None and codes_in(text).short:
        reading = read_plus_code(text, near=near)
    if not isinstance(reading, Located):
        return None
    area = reading.fix.area
    try:
        require_field(area.middle)
    except BadInput:
        return None
    return {
        "name": " ".join(text.split()),
        "kind": KOORDINAT,
        "kode": None,
        "kecamatan": None,
        "kabkota": None,
        **area_to_dict(area),
        **sizes_to_dict(area),
        "score_share": 1.0,
        "distance_m": None,
        "why": ["koordinat yang diketik", *reading.warnings],
    }
