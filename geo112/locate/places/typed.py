"""A text that is no name but coordinates, a plus code or a map link, given as a place like any other."""

from typing import Any

from geo112.core.errors import BadInput
from geo112.core.geo import require_field
from geo112.locate.area_wire import area_to_dict, sizes_to_dict
from geo112.locate.fix import Located
from geo112.locate.read import read_message

KOORDINAT = "koordinat"


def typed_place(text: str) -> dict[str, Any] | None:
    """Read a text as coordinates; None where it is a name, or where no place of Indonesia is meant."""
    reading = read_message(text, format="text")
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
