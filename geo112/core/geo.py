"""Positions on the ellipsoid, and the field of work.

EPSG:4326, lon before lat, degrees; distances in metres on the ellipsoid.
"""

import math
from dataclasses import dataclass
from functools import cache

from pyproj import Geod

from geo112.core.errors import BadPosition

# The field of work: Indonesia with its seas. Beyond it a position is an error, not a place.
WEST_DEG, EAST_DEG, SOUTH_DEG, NORTH_DEG = 94.0, 142.0, -12.0, 7.0


@cache
def wgs84() -> Geod:
    """Give the WGS 84 ellipsoid for geodesic distances and areas."""
    return Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point on the ellipsoid."""

    lon_deg: float
    lat_deg: float

    def __post_init__(self) -> None:
        """Refuse what is no point on earth, and name the field."""
        if not (math.isfinite(self.lat_deg) and abs(self.lat_deg) <= 90):
            raise BadPosition(f"{self.lat_deg!r} is not a latitude from -90 to 90", field="lat_deg")
        if not (math.isfinite(self.lon_deg) and abs(self.lon_deg) <= 180):
            raise BadPosition(f"{self.lon_deg!r} is not a longitude from -180 to 180", field="lon_deg")

    def distance_m(self, other: "Position") -> float:
        """Geodesic distance to another position (Karney 2013, by PROJ)."""
        _, _, metres = wgs84().inv(self.lon_deg, self.lat_deg, other.lon_deg, other.lat_deg)
        return float(metres)

    def moved(self, *, bearing_deg: float, distance_m: float) -> "Position":
        """Give the position at a distance along a bearing from north clockwise."""
        lon, lat, _ = wgs84().fwd(self.lon_deg, self.lat_deg, bearing_deg, distance_m)
        return Position(lon_deg=float(lon), lat_deg=float(lat))


def in_field(position: Position) -> bool:
    """Tell whether a position lies in 94-142 E and 12 S-7 N, where geo112 has an answer."""
    return WEST_DEG <= position.lon_deg <= EAST_DEG and SOUTH_DEG <= position.lat_deg <= NORTH_DEG


def require_field(position: Position) -> Position:
    """Return the position, or raise BadPosition naming the field that is out of Indonesia."""
    if position.lat_deg == 0 and position.lon_deg == 0:
        raise BadPosition("0/0 is what devices send when they know no position", field="lat_deg")
    if in_field(position):
        return position
    lat, lon = position.lat_deg, position.lon_deg
    if not SOUTH_DEG <= lat <= NORTH_DEG:
        raise BadPosition(f"{lat} is not between 12 S and 7 N", field="lat_deg")
    raise BadPosition(f"{lon} is not between 94 E and 142 E", field="lon_deg")


def position_from_degrees(*, lat_deg: float, lon_deg: float) -> Position:
    """Make a position of degrees as somebody gave them, refusing what is no place in or near Indonesia.

    A swapped pair is recognised, since no longitude of Indonesia is a latitude, and said so. It is never swapped back:
    nobody knows what the sender meant.
    """
    both_finite = math.isfinite(lat_deg) and math.isfinite(lon_deg)
    if both_finite and 90 < abs(lat_deg) <= 180 and abs(lon_deg) <= 90:
        raise BadPosition(f"{lat_deg} looks like a longitude: latitude and longitude are swapped", field="lat_deg")
    return require_field(Position(lon_deg=lon_deg, lat_deg=lat_deg))
