"""Where a caller may be as a thousand places of equal weight, the same ones every time."""

import math
from statistics import NormalDist

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.zones.draws import normal_pair, spots_in
from geo112.zones.question.ground import Ground, Metres

COUNT = 1_024
# Quasi-random numbers for each place: two for where it is, one for the part of a polygon, four for two blurs.
DIMENSIONS = 7
# A confidence of 1 has no normal distribution; it is taken as one that a thousandth escapes.
_MOST_SHARE = 0.999


def places_in(area: Area, ground: Ground, numbers: NDArray[np.float64]) -> tuple[Metres, Metres]:
    """Draw where the caller may be: normal around circles, ellipses and bands, even within polygons.

    A circle of radius r at confidence C has the standard deviation r / sqrt(-2 ln(1 - C)), an ellipse so by its axes;
    of a band distance and direction are normal, each with sqrt(C) (RFC 7459, 5.4.2), of a ring the distance alone.
    """
    first, second = numbers[:, 0], numbers[:, 1]
    match area:
        case Point():
            east, north = ground.spot(area.middle)
            return np.full(first.size, east), np.full(first.size, north)
        case Circle():
            return _of_axes(_as_ellipse(area), ground, first, second)
        case Ellipse():
            return _of_axes(area, ground, first, second)
        case ArcBand():
            return _of_band(area, ground, first, second)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            return _of_polygon(area, ground, numbers[:, :3])


def _as_ellipse(circle: Circle) -> Ellipse:
    return Ellipse(
        middle=circle.middle,
        semi_major_m=circle.radius_m,
        semi_minor_m=circle.radius_m,
        orientation_deg=0.0,
        confidence_share=circle.confidence_share,
    )


def _of_axes(area: Ellipse, ground: Ground, first: Metres, second: Metres) -> tuple[Metres, Metres]:
    normal_along, normal_across = normal_pair(first, second)
    deviations = math.sqrt(-2 * math.log(1 - min(area.confidence_share, _MOST_SHARE)))
    along = normal_along * area.semi_major_m / deviations
    across = normal_across * area.semi_minor_m / deviations
    turn = math.radians(area.orientation_deg)
    east, north = ground.spot(area.middle)
    return (
        east + along * math.sin(turn) + across * math.cos(turn),
        north + along * math.cos(turn) - across * math.sin(turn),
    )


def _of_band(band: ArcBand, ground: Ground, first: Metres, second: Metres) -> tuple[Metres, Metres]:
    share = min(band.confidence_share, _MOST_SHARE)
    whole = band.opening_deg == 360
    deviations = NormalDist().inv_cdf((1 + (share if whole else math.sqrt(share))) / 2)
    half_m, half_deg = (band.outer_m - band.inner_m) / 2, band.opening_deg / 2
    out = np.abs(band.inner_m + half_m + _normal(first) * half_m / deviations)
    around_deg = 360 * second if whole else band.start_deg + half_deg + _normal(second) * half_deg / deviations
    around = np.radians(around_deg)
    east, north = ground.spot(band.apex)
    return east + out * np.sin(around), north + out * np.cos(around)


def _normal(even: Metres) -> Metres:
    """Make normal numbers of even ones, one by one."""
    quantile = NormalDist().inv_cdf
    return np.array([quantile(one) for one in even.tolist()])


def _of_polygon(area: Polygon, ground: Ground, numbers: NDArray[np.float64]) -> tuple[Metres, Metres]:
    """Choose a triangle of the polygon by its size, then a place in it."""
    rings = [np.column_stack(_ring(ring, ground)) for ring in (area.ring, *area.holes)]
    return spots_in(shapely.Polygon(rings[0], rings[1:]), numbers)


def _ring(ring: tuple[Position, ...], ground: Ground) -> tuple[Metres, Metres]:
    return ground.to_metres(np.array([one.lon_deg for one in ring]), np.array([one.lat_deg for one in ring]))
