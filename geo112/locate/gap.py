"""How far two uncertain areas are apart, and how large an area is once the caller may have walked on."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.confidence import STANDARD_CONFIDENCE_SHARE, at_confidence
from geo112.core.crs import to_plane
from geo112.core.extent import enclosing_circle, outline, reach_m, size_m2
from geo112.core.geo import wgs84
from geo112.core.polygons import as_shapely
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon, Uncertain

# How sure it must be that a caller has moved; a normal distribution holds 95 % within 0.64 of this reach.
WIDE_CONFIDENCE_SHARE = 0.999
# Farther apart than this the form of an area makes no difference, and no plane fits both.
_FAR_M = 100_000.0
_CORNERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Size, edge and reach of a 95 % area."""

    size_m2: float
    perimeter_m: float
    reach_m: float

    @classmethod
    def of_circle(cls, radius_m: float) -> "Spread":
        """Give the measures of a circle."""
        return cls(size_m2=math.pi * radius_m**2, perimeter_m=2 * math.pi * radius_m, reach_m=radius_m)

    def grown_m2(self, way_m: float) -> float:
        """Size in square metres when every side is moved out by this way (Steiner's formula)."""
        return self.size_m2 + self.perimeter_m * way_m + math.pi * way_m**2


@lru_cache(maxsize=4_096)
def spread_of(area: Area) -> Spread | None:
    """Measure the 95 % area of an area; None where nobody stated an uncertainty."""
    at_95 = at_confidence(area, STANDARD_CONFIDENCE_SHARE)
    if isinstance(at_95, Point):
        return None
    return Spread(size_m2=size_m2(at_95) or 0.0, perimeter_m=_perimeter_m(at_95), reach_m=reach_m(at_95) or 0.0)


@lru_cache(maxsize=4_096)
def gap_m(one: Area, other: Area) -> float:
    """Distance between two areas at 95 %, 0 where they meet; a place of unknown uncertainty counts as its point."""
    share = STANDARD_CONFIDENCE_SHARE
    return _apart_m(at_confidence(one, share), at_confidence(other, share))


@lru_cache(maxsize=4_096)
def wide_gap_m(one: Area, other: Area) -> float | None:
    """Distance between what holds the caller with 99.9 %; None where that is unknown.

    A polygon cannot be scaled by a rule: the circle around it is, which is larger.
    """
    first, second = _wide(one), _wide(other)
    return None if first is None or second is None else _apart_m(first, second)


def _wide(area: Area) -> Area | None:
    scaled = enclosing_circle(area) if isinstance(area, Polygon) else area
    return None if scaled is None or isinstance(scaled, Point) else at_confidence(scaled, WIDE_CONFIDENCE_SHARE)


def _apart_m(one: Area, other: Area) -> float:
    """Geodesic distance less the reaches for circles; for other shapes in the equal-area plane between them."""
    middles_m = one.middle.distance_m(other.middle)
    between_m = max(0.0, middles_m - (reach_m(one) or 0.0) - (reach_m(other) or 0.0))
    both_round = isinstance(one, Circle | Point) and isinstance(other, Circle | Point)
    if both_round or between_m > _FAR_M:
        return between_m
    return float(shapely.distance(_flat(one, one), _flat(other, one)))


def _flat(area: Area, around: Area) -> shapely.Geometry:
    """Draw an area in metres, in the plane around the middle of the other one."""
    plane = to_plane(around.middle)

    def flatten(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.transform(places[:, 0], places[:, 1]))

    rings = outline(area, corners=_CORNERS)
    drawn = shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Point(area.middle.lon_deg, area.middle.lat_deg)
    return shapely.transform(drawn, flatten)


def _perimeter_m(area: Uncertain) -> float:
    """Length of all edges of an area, in metres."""
    match area:
        case Circle():
            return 2 * math.pi * area.radius_m
        case Ellipse():
            return _around_ellipse_m(area.semi_major_m, area.semi_minor_m)
        case ArcBand():
            arcs_m = math.radians(area.opening_deg) * (area.outer_m + area.inner_m)
            return arcs_m if area.opening_deg == 360 else arcs_m + 2 * (area.outer_m - area.inner_m)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            _, metres = wgs84().geometry_area_perimeter(as_shapely(area.ring, area.holes))
            return abs(float(metres))


def _around_ellipse_m(a: float, b: float) -> float:
    """`pi (a + b) (1 + 3 h / (10 + sqrt(4 - 3 h)))` with `h = (a - b)^2 / (a + b)^2` (Ramanujan 1914)."""
    h = ((a - b) / (a + b)) ** 2
    return math.pi * (a + b) * (1 + 3 * h / (10 + math.sqrt(4 - 3 * h)))
