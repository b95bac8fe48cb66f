"""An even area with a soft edge: every place in it equally likely, each displaced by the same normal error.

Where the error is small beside the area, the area as a whole is displaced, to twelve places that stand for all. Else
the area is cut into triangles, and seven places in each stand for it, each with its own normal distribution: exact for
polynomials of degree five (J. Radon, Zur mechanischen Kubatur, 1948), in triangles that are short beside the error.
Where that would need too many triangles, or each place would see the borders of a whole region, as many places as take
a few milliseconds are drawn instead, so that no area that somebody sends can keep a centre waiting.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.crs import to_plane
from geo112.core.extent import outline
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Polygon, Uncertain
from geo112.zones.draws import normal_pair, sequence, spots_in
from geo112.zones.kernel import direct
from geo112.zones.lookup import winner, winners
from geo112.zones.measure import Weights, Words, edges_of, measure, parts_of_polygon
from geo112.zones.normal import REACH
from geo112.zones.shares import circle_sums

_winner, _circle_sums = direct(winner), direct(circle_sums)

Floats = NDArray[np.float64]
# The probability of each zone about one place.
AboutPlace = Callable[[Position], Weights]

# Below this part of an area's width, displacing it as a whole errs by five thousandths at most, where a straight border
# is parallel to a side; cutting it finely would take a thousand places.
_SMALL_SHARE = 0.1
# Circles and arcs are drawn so finely that less than a thousandth of them is lost.
_CORNERS = 256
_LONGEST = 3.5
# Beyond so many triangles, or so wide an error, places are drawn. The shares of whole regions are many and small.
_MOST_PIECES = 512
_WIDE_M = 1_000.0
# Two numbers for a place in its triangle, one for the triangle, two for the error. Shares err by 2e-3 or so.
_DRAWS = 32_768
_NUMBERS = sequence(_DRAWS, 5)
_ERRORS = np.column_stack(normal_pair(_NUMBERS[:, 3], _NUMBERS[:, 4]))
# Twelve places and weights for a normal displacement, in standard deviations, exact for polynomials of degree seven
# (Stroud and Secrest, Approximate integration formulas for certain spherically symmetric regions, 1963, E2r2 7-1).
_ROOT_5 = math.sqrt(5)
_NEAR, _FAR, _AXIS = math.sqrt((9 - 3 * _ROOT_5) / 4), math.sqrt((9 + 3 * _ROOT_5) / 4), math.sqrt(6)
_DISPLACEMENTS = (
    *((x, y, 1 / 36) for x, y in ((_AXIS, 0.0), (0.0, _AXIS), (-_AXIS, 0.0), (0.0, -_AXIS))),
    *((x * _NEAR, y * _NEAR, (5 + 2 * _ROOT_5) / 45) for x in (-1, 1) for y in (-1, 1)),
    *((x * _FAR, y * _FAR, (5 - 2 * _ROOT_5) / 45) for x in (-1, 1) for y in (-1, 1)),
)
_ROOT_15 = math.sqrt(15)
_INNER, _OUTER = (6 - _ROOT_15) / 21, (6 + _ROOT_15) / 21
_INNER_WEIGHT, _OUTER_WEIGHT = (155 - _ROOT_15) / 1200, (155 + _ROOT_15) / 1200
# Parts of the three corners, and the weight.
_RADON = np.array(
    [
        [1 / 3, 1 / 3, 1 / 3, 9 / 40],
        *([*np.roll([1 - 2 * _INNER, _INNER, _INNER], k), _INNER_WEIGHT] for k in range(3)),
        *([*np.roll([1 - 2 * _OUTER, _OUTER, _OUTER], k), _OUTER_WEIGHT] for k in range(3)),
    ]
)


def even_weights(
    words: Words, area: Uncertain, *, deviation_m: float, about: AboutPlace, centre_of: NDArray[np.int64]
) -> Weights:
    """Share an even area whose places are displaced by a normal error; `about` gives that of a single place."""
    plane = to_plane(area.middle)
    rings = [np.column_stack(plane.transform(*np.array(ring).T)) for ring in outline(area, corners=_CORNERS)]
    flat = shapely.Polygon(rings[0], rings[1:])
    if not flat.is_valid or (deviation_m <= _WIDE_M and deviation_m < _SMALL_SHARE * math.sqrt(flat.area)):
        return _displaced(words, area, deviation_m, centre_of=centre_of)
    pieces = [] if deviation_m > _WIDE_M else _pieces(words, flat, deviation_m, middle=area.middle)
    if not pieces:
        return _drawn(words, flat, deviation_m, middle=area.middle)
    sums: dict[int, float] = {}
    for corners, size_m2 in pieces:
        weight = size_m2 / flat.area
        places = _RADON[:, :3] @ corners
        lons, lats = plane.transform(places[:, 0], places[:, 1], direction="INVERSE")
        if not _borders_near(words, corners, deviation_m, middle=area.middle):
            row = _winner(words, float(lons[0]), float(lats[0]))
            if row >= 0:
                sums[row] = sums.get(row, 0.0) + weight
            continue
        for lon, lat, part in zip(lons.tolist(), lats.tolist(), _RADON[:, 3].tolist(), strict=True):
            for row, share in about(Position(lon_deg=lon, lat_deg=lat)):
                sums[row] = sums.get(row, 0.0) + weight * part * share
    return list(sums.items())


def _pieces(words: Words, flat: shapely.Polygon, deviation_m: float, *, middle: Position) -> list[tuple[Floats, float]]:
    """Cut a polygon of the plane into triangles with their sizes: short ones wherever a border is near.

    Gives none where there would be too many.
    """
    whole = shapely.get_parts(shapely.constrained_delaunay_triangles(flat))
    waiting = [np.array(one.exterior.coords)[:3] for one in whole]
    done: list[tuple[Floats, float]] = []
    while waiting:
        if len(done) + len(waiting) > _MOST_PIECES:
            return []
        corners = waiting.pop()
        sides = np.hypot(*(corners - np.roll(corners, -1, axis=0)).T)
        longest = int(sides.argmax())
        if sides[longest] <= _LONGEST * deviation_m or not _borders_near(words, corners, deviation_m, middle=middle):
            done.append((corners, float(shapely.Polygon(corners).area)))
            continue
        a, b, c = np.roll(corners, -longest, axis=0)
        half = (a + b) / 2
        waiting += [np.array([a, half, c]), np.array([half, b, c])]
    return done


def _borders_near(words: Words, corners: Floats, deviation_m: float, *, middle: Position) -> bool:
    """Tell whether anybody in a triangle can be displaced over a border."""
    heart = corners.mean(axis=0)
    radius_m = float(np.hypot(*(corners - heart).T).max()) + REACH * deviation_m
    lon, lat = to_plane(middle).transform(heart[0], heart[1], direction="INVERSE")
    return bool(_circle_sums(words, float(lon), float(lat), radius_m)[1].size)


def _drawn(words: Words, flat: shapely.Polygon, deviation_m: float, *, middle: Position) -> Weights:
    """Count in which zones the drawn places lie."""
    east, north = spots_in(flat, _NUMBERS[:, :3])
    east_error, north_error = deviation_m * _ERRORS.T
    lons, lats = to_plane(middle).transform(east + east_error, north + north_error, direction="INVERSE")
    rows = np.empty(_DRAWS, np.int32)
    winners(words, np.ascontiguousarray(lons), np.ascontiguousarray(lats), rows)
    found, counts = np.unique(rows[rows >= 0], return_counts=True)
    return list(zip(found.tolist(), (counts / _DRAWS).tolist(), strict=True))


def _displaced(words: Words, area: Uncertain, deviation_m: float, *, centre_of: NDArray[np.int64]) -> Weights:
    sums: dict[int, float] = {}
    for east, north, weight in _DISPLACEMENTS:
        bearing_deg, distance_m = math.degrees(math.atan2(east, north)), math.hypot(east, north) * deviation_m
        for row, part in _moved(words, area, bearing_deg=bearing_deg, distance_m=distance_m, centre_of=centre_of):
            sums[row] = sums.get(row, 0.0) + weight * part
    return list(sums.items())


def _moved(
    words: Words, area: Uncertain, *, bearing_deg: float, distance_m: float, centre_of: NDArray[np.int64]
) -> Weights:
    """Share an area that was displaced as a whole."""
    if isinstance(area, Polygon):
        edges, size_m2, _ = edges_of(area)
        start = area.ring[0]
        moved = start.moved(bearing_deg=bearing_deg, distance_m=distance_m)
        shift_deg = np.array([moved.lon_deg - start.lon_deg, moved.lat_deg - start.lat_deg] * 2)
        return parts_of_polygon(words, edges + shift_deg, size_m2=size_m2)
    if isinstance(area, ArcBand):
        there: Uncertain = replace(area, apex=area.apex.moved(bearing_deg=bearing_deg, distance_m=distance_m))
    else:
        there = replace(area, middle=area.middle.moved(bearing_deg=bearing_deg, distance_m=distance_m))
    return measure(words, there, centre_of=centre_of).weights
