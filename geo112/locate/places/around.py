"""All places near a position: what a caller there can know."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geo112.core.geo import Position
from geo112.locate.places.kinds import KINDS, Kind
from geo112.locate.places.table import Columns

# More places than this are never given: of a crowded town those that lie nearest, measured by the reach of their kind.
MOST_AROUND = 400
# Circles of roads and rivers may be wide; one that is still wider is found only from nearer to its middle.
_WIDEST_CIRCLE_M = 10_000.0
_M_PER_DEG = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """A place near a position; `lines` are the runs of a road or river, empty where only its circle is known."""

    name: str
    kind: Kind
    kode: str | None
    middle: Position
    radius_m: float
    lines: tuple[tuple[Position, ...], ...] = ()


def around(columns: Columns, middle: Position, reach_m: Mapping[Kind, float]) -> list[Nearby]:
    """Give the places whose circle comes as near to a position as the reach of their kind, nearest first.

    Distances are those of a plane of degrees, good to a per cent. Kinds without a reach are not given.
    """
    reaches = np.array([reach_m.get(kind, -1.0) for kind in KINDS])
    widest_m = float(reaches.max(initial=0.0)) + _WIDEST_CIRCLE_M
    north_deg = widest_m / _M_PER_DEG
    scale = max(0.2, math.cos(math.radians(middle.lat_deg)))
    rows = np.flatnonzero(np.abs(columns.lat_deg - middle.lat_deg) <= north_deg)
    rows = rows[np.abs(columns.lon_deg[rows] - middle.lon_deg) <= north_deg / scale]
    reach = reaches[columns.kind[rows]]
    away_m = _M_PER_DEG * np.hypot(
        (columns.lon_deg[rows] - middle.lon_deg) * scale, columns.lat_deg[rows] - middle.lat_deg
    )
    gap_m = np.maximum(0.0, away_m - columns.radius_m[rows])
    near = (reach >= 0) & (gap_m <= reach)
    rows, part = rows[near], (gap_m / np.maximum(reach, 1.0))[near]
    order = np.lexsort((rows, part))[:MOST_AROUND]
    return [_nearby(columns, row) for row in rows[order].tolist()]


def _nearby(columns: Columns, row: int) -> Nearby:
    return Nearby(
        name=columns.name(row),
        kind=KINDS[columns.kind[row]],
        kode=columns.kode_text(row),
        middle=Position(lon_deg=float(columns.lon_deg[row]), lat_deg=float(columns.lat_deg[row])),
        radius_m=float(columns.radius_m[row]),
        lines=columns.lines(row),
    )
