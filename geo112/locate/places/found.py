"""What a search gives: places with their areas, and why each was given."""

from dataclasses import dataclass
from typing import Any

from geo112.core.shapes import Circle
from geo112.locate.area_wire import area_to_dict, sizes_to_dict
from geo112.locate.places.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place that may be meant.

    `area` holds the caller at its confidence if this is the right name. `score_share` is the share of the letters said
    that fit; `distance_m` is between the middles of the coarse fix and of this place; `why` is for the screen.
    """

    name: str
    kind: Kind
    kode: str | None
    kecamatan: str | None
    kabkota: str | None
    area: Circle
    score_share: float
    distance_m: float | None
    why: tuple[str, ...]


def found_to_dict(found: Found) -> dict[str, Any]:
    """Write a place with the keys of its area, as the command line and the API give it."""
    return {
        "name": found.name,
        "kind": found.kind.value,
        "kode": found.kode,
        "kecamatan": found.kecamatan,
        "kabkota": found.kabkota,
        **area_to_dict(found.area),
        **sizes_to_dict(found.area),
        "score_share": found.score_share,
        "distance_m": found.distance_m,
        "why": list(found.why),
    }
