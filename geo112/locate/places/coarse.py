"""Where the caller may be, as far as a search by name needs it: what is around, and how far others lie outside."""

import math

import numpy as np
import numpy.typing as npt

from geo112.core.extent import reach_m
from geo112.core.geo import Position
from geo112.core.shapes import Area
from geo112.locate.places.table import Columns

# A coarse fix without a stated radius is taken to reach this far.
_UNSTATED_REACH_M = 2_000.0
# Around the coarse fix, names are compared out to this many times its radius, and at least this far.
_AROUND_TIMES, _AROUND_LEAST_M = 1.3, 3_000.0
_M_PER_DEG = 111_195.0


class Coarse:
    """All places around a coarse fix, and how far the others lie outside it."""

    __slots__ = ("_columns", "keys_around", "middle", "reach_m")

    def __init__(self, near: Area, columns: Columns) -> None:
        """Mark the places around an area."""
        self._columns = columns
        self.middle = near.middle
        self.reach_m = reach_m(near) or _UNSTATED_REACH_M
        span_m = max(_AROUND_LEAST_M, self.reach_m * _AROUND_TIMES)
        north_deg = span_m / _M_PER_DEG
        east_deg = north_deg / max(0.2, math.cos(math.radians(self.middle.lat_deg)))
        around = (np.abs(columns.lat_deg - self.middle.lat_deg) <= north_deg) & (
            np.abs(columns.lon_deg - self.middle.lon_deg) <= east_deg
        )
        self.keys_around = around[columns.key_place]

    def gaps_m(self, places: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
        """How far the middles of places lie outside the area; good to a per cent, which is enough for a rank."""
        return np.maximum(0.0, plane_m(self._columns, places, self.middle) - self.reach_m)


def plane_m(columns: Columns, rows: npt.NDArray[np.integer], middle: Position) -> npt.NDArray[np.float64]:
    """Distances to a position in a plane of degrees, for ranks and for what lies within a circle."""
    scale = math.cos(math.radians(middle.lat_deg))
    east_deg = (columns.lon_deg[rows] - middle.lon_deg) * scale
    distances: npt.NDArray[np.float64] = np.hypot(east_deg, columns.lat_deg[rows] - middle.lat_deg) * _M_PER_DEG
    return distances
