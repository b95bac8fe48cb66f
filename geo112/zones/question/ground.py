"""The ground around a caller in metres, flat: good to a thousandth within 50 km, far better than anybody tells."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo112.core.geo import Position

Metres = NDArray[np.float64]

_A_M = 6_378_137.0
_E2 = 0.006_694_379_990_14


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Metres east and north of a middle, by the radii of curvature of WGS 84 there."""

    middle: Position
    _metres_per_degree: tuple[float, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the radii once."""
        sine = math.sin(math.radians(self.middle.lat_deg))
        rest = 1 - _E2 * sine * sine
        east = _A_M / math.sqrt(rest) * math.cos(math.radians(self.middle.lat_deg))
        north = _A_M * (1 - _E2) / (rest * math.sqrt(rest))
        object.__setattr__(self, "_metres_per_degree", (math.radians(east), math.radians(north)))

    def to_metres(self, lon_deg: Metres, lat_deg: Metres) -> tuple[Metres, Metres]:
        """Give metres east and north of places in degrees."""
        east, north = self._metres_per_degree
        return (lon_deg - self.middle.lon_deg) * east, (lat_deg - self.middle.lat_deg) * north

    def to_degrees(self, east_m: Metres, north_m: Metres) -> tuple[Metres, Metres]:
        """Give longitudes and latitudes of places in metres."""
        east, north = self._metres_per_degree
        return self.middle.lon_deg + east_m / east, self.middle.lat_deg + north_m / north

    def spot(self, position: Position) -> tuple[float, float]:
        """Give metres east and north of one place."""
        east, north = self._metres_per_degree
        return (position.lon_deg - self.middle.lon_deg) * east, (position.lat_deg - self.middle.lat_deg) * north
