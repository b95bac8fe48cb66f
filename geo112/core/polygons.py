"""Rings of positions: their direction, whether they can be meant, their centre of mass and area."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.polygon import orient

from geo112.core.crs import to_plane
from geo112.core.errors import BadShape
from geo112.core.geo import Position, wgs84

Ring = tuple[Position, ...]
# Nobody is looked for in half of the world, and no plane shows it.
_WIDEST_DEG = 120


def oriented(ring: Ring, *, clockwise: bool) -> Ring:
    """Give a ring without a repeated first position, in this direction; raises BadShape for less than a triangle."""
    corners = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
    corners = tuple(one for n, one in enumerate(corners) if n == 0 or one != corners[n - 1])
    if len(corners) < 3:
        raise BadShape(f"{len(corners)} different positions enclose nothing", field="ring")
    doubled = _doubled_area(corners)
    if doubled == 0:
        raise BadShape("the ring encloses nothing", field="ring")
    return tuple(reversed(corners)) if (doubled < 0) != clockwise else corners


def require_simple(ring: Ring, holes: tuple[Ring, ...]) -> None:
    """Refuse rings that cross themselves or each other, or reach round the earth; raises BadShape."""
    shape = as_shapely(ring, holes)
    west, _, east, _ = shape.bounds
    if east - west > _WIDEST_DEG:
        raise BadShape(f"the polygon is {east - west:.0f} degrees wide, more than {_WIDEST_DEG}", field="ring")
    if not shape.is_valid:
        raise BadShape(f"the polygon cannot be meant: {shapely.is_valid_reason(shape)[:80]}", field="ring")


def as_shapely(ring: Ring, holes: tuple[Ring, ...] = ()) -> shapely.Polygon:
    """Give the polygon with lon, lat in degrees."""
    return shapely.Polygon(_degrees(ring), [_degrees(hole) for hole in holes])


def from_shapely(shape: shapely.Polygon) -> tuple[Ring, tuple[Ring, ...]]:
    """Give ring and holes of a polygon with lon, lat in degrees, each in its direction."""
    turned = orient(shape)
    return _ring(turned.exterior), tuple(_ring(hole) for hole in turned.interiors)


@lru_cache(maxsize=256)
def centroid(ring: Ring, holes: tuple[Ring, ...] = ()) -> Position:
    """Centre of mass, in the equal-area plane around the middle of its box, never in degrees (RFC 7459, 5.1.1)."""
    shape = as_shapely(ring, holes)
    west, south, east, north = shape.bounds
    plane = to_plane(Position(lon_deg=(west + east) / 2, lat_deg=(south + north) / 2))

    def flatten(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.transform(places[:, 0], places[:, 1]))

    flat = shapely.transform(shape, flatten)
    middle = flat.centroid
    lon_deg, lat_deg = plane.transform(middle.x, middle.y, direction="INVERSE")
    return Position(lon_deg=float(lon_deg), lat_deg=float(lat_deg))


def area_m2(ring: Ring, holes: tuple[Ring, ...] = ()) -> float:
    """Area on the ellipsoid in square metres, its edges geodesics (Karney 2013)."""
    square_metres, _ = wgs84().geometry_area_perimeter(orient(as_shapely(ring, holes)))
    return abs(float(square_metres))


def _degrees(ring: Ring) -> list[tuple[float, float]]:
    return [(one.lon_deg, one.lat_deg) for one in ring]


def _ring(line: shapely.LinearRing) -> Ring:
    return tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in list(line.coords)[:-1])


def _doubled_area(corners: Ring) -> float:
    """Twice the signed area in degrees, counter-clockwise above 0; measured from the first corner, to keep digits."""
    first = corners[0]
    total = 0.0
    for one, other in pairwise(corners[1:]):
        total += (one.lon_deg - first.lon_deg) * (other.lat_deg - first.lat_deg)
        total -= (other.lon_deg - first.lon_deg) * (one.lat_deg - first.lat_deg)
    return total
