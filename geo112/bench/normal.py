"""Shares of a normally distributed caller: nested rings, drawn points, and a fine integral along edges to check by."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.crs import to_plane
from geo112.core.shapes import Circle, Ellipse
from geo112.zones.index import ZoneIndex
from geo112.zones.spread import deviations_within

Normal = Circle | Ellipse
# Beyond so many deviations there are 1e-14 of a normal distribution.
_REACH = 8.0
_STEP_DEG = 0.0005
# Edges are cut until they are seen under less than this, from the middle; so often at most.
_ANGLE, _CUTS = 0.05, 60
# The distribution of a gamma of order 2, 1 - (1 + x) exp(-x), to be read backwards.
_GAMMAS = np.linspace(0, 40, 40_001)
_BELOW = 1 - (1 + _GAMMAS) * np.exp(-_GAMMAS)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


def deviations_m(area: Normal) -> tuple[float, float, float]:
    """Give the deviations along and across the main axis, and its direction in radians from north."""
    within = deviations_within(area.confidence_share)
    if isinstance(area, Circle):
        return area.radius_m / within, area.radius_m / within, 0.0
    return area.semi_major_m / within, area.semi_minor_m / within, float(np.radians(area.orientation_deg))


def by_edges(tree: shapely.STRtree, polygons: NDArray[np.object_], area: Normal) -> dict[int, float]:
    """Give the probability of each zone by row, by a fine integral along its edges.

    In deviations, the probability of a region is the integral of (1 - exp(-r^2 / 2)) / (2 pi) over the direction in
    which its edge is seen from the middle (Green's theorem).
    """
    along, across, turn = deviations_m(area)
    plane = to_plane(area.middle)
    reach_deg = _REACH * along / 110_000 / np.cos(np.radians(area.middle.lat_deg))
    box = shapely.Point(area.middle.lon_deg, area.middle.lat_deg).buffer(reach_deg, cap_style="square")
    rows = tree.query(box, predicate="intersects")
    pieces = shapely.segmentize(shapely.intersection(polygons[rows], box), _STEP_DEG)

    def in_deviations(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = plane.transform(lonlat[:, 0], lonlat[:, 1])
        first = east * np.sin(turn) + north * np.cos(turn)
        second = east * np.cos(turn) - north * np.sin(turn)
        return np.column_stack([second / across, first / along])

    found = {}
    for row, piece in zip(rows.tolist(), pieces, strict=True):
        share = sum(_of_ring(in_deviations(ring)) for ring in _rings(piece))
        if share > 0:
            found[row] = share
    return found


def _rings(piece: shapely.Geometry) -> list[NDArray[np.float64]]:
    """Give the rings of what is left of a zone, with the inside to the left."""
    polygons = [part for part in shapely.get_parts(piece) if isinstance(part, shapely.Polygon)]
    oriented = [shapely.orient_polygons(polygon) for polygon in polygons]
    return [np.asarray(ring.coords) for polygon in oriented for ring in (polygon.exterior, *polygon.interiors)]


def _of_ring(ring: NDArray[np.float64]) -> float:
    start, end = ring[:-1], ring[1:]
    total = 0.0
    for _ in range(_CUTS):
        angle = np.arctan2(_cross(start, end), (start * end).sum(axis=1))
        wide = np.abs(angle) > _ANGLE
        total += _integral(start[~wide], end[~wide], angle[~wide])
        if not wide.any():
            break
        middle = (start[wide] + end[wide]) / 2
        start, end = np.concatenate([start[wide], middle]), np.concatenate([middle, end[wide]])
    return total


def _integral(start: NDArray[np.float64], end: NDArray[np.float64], angle: NDArray[np.float64]) -> float:
    """Integrate over the direction along narrow edges; on an edge the distance is d / cos of the angle to its foot."""
    length = np.hypot(*(end - start).T)
    cross = _cross(start, end)
    seen = (length > 0) & (cross != 0)
    start, end, angle, length, cross = start[seen], end[seen], angle[seen], length[seen], cross[seen]
    toward = (end - start) / length[:, None]
    gap = np.abs(cross) / length
    first = np.arctan2((start * toward).sum(axis=1), gap)
    places = first[:, None] + np.abs(angle)[:, None] * (_NODES + 1) / 2
    values = -np.expm1(-((gap[:, None] / np.cos(places)) ** 2) / 2)
    return float((angle / 2 * (values * _WEIGHTS).sum(axis=1)).sum() / (2 * np.pi))


def _cross(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    product: NDArray[np.float64] = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return product


def by_rings(tree: shapely.STRtree, polygons: NDArray[np.object_], area: Normal, *, rings: int) -> dict[int, float]:
    """Give the probability of each zone by row, from shapely's intersections with nested rings of 64 corners.

    A normal distribution is a mixture of even discs whose squared radius, in deviations, is twice a gamma of order 2.
    """
    along, across, turn = deviations_m(area)
    plane = to_plane(area.middle)
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    east = along * np.cos(angle) * np.sin(turn) + across * np.sin(angle) * np.cos(turn)
    north = along * np.cos(angle) * np.cos(turn) - across * np.sin(angle) * np.sin(turn)
    scales = np.sqrt(2 * np.interp((np.arange(rings) + 0.5) / rings, _BELOW, _GAMMAS))
    lons, lats = plane.transform(np.outer(scales, east), np.outer(scales, north), direction="INVERSE")
    discs = np.asarray(shapely.polygons(np.stack([lons, lats], axis=-1)), dtype=object)
    disc, zone = tree.query(discs, predicate="intersects")
    part = shapely.area(shapely.intersection(discs[disc], polygons[zone])) / shapely.area(discs)[disc] / rings
    rows, at = np.unique(zone, return_inverse=True)
    return dict(zip(rows.tolist(), np.bincount(at, part).tolist(), strict=True))


def by_normal_draws(index: ZoneIndex, area: Normal, draws: NDArray[np.float64]) -> dict[int, float]:
    """Give the probability of each zone by row: how many of evenly drawn normal points fall into it."""
    along, across, turn = deviations_m(area)
    away, angle = np.sqrt(-2 * np.log1p(-draws[:, 0])), 2 * np.pi * draws[:, 1]
    first, second = along * away * np.cos(angle), across * away * np.sin(angle)
    east = first * np.sin(turn) + second * np.cos(turn)
    north = first * np.cos(turn) - second * np.sin(turn)
    found = index.zone_ids(*to_plane(area.middle).transform(east, north, direction="INVERSE"))
    rows, counts = np.unique(found[found >= 0], return_counts=True)
    return {row: count / found.size for row, count in zip(rows.tolist(), counts.tolist(), strict=True)}
