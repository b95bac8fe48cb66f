"""Polygons as arrays of rings in world units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo112.basemap.world import STRAIGHT_DEG, Floats, Ints, to_world

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """Rings without their closing point, each outer ring before its holes, sorted by owner.

    Ring `i` is `points[start[i]:start[i + 1]]`; the land lies to the right of its direction as seen on the map.
    """

    points: Ints
    start: Ints
    owner: Ints
    hole: Bools

    def areas_2(self) -> Ints:
        """Twice the signed area of each ring in square world units; positive runs clockwise on the map."""
        following = np.arange(1, len(self.points) + 1)
        filled = self.start[1:] > self.start[:-1]
        following[self.start[1:][filled] - 1] = self.start[:-1][filled]
        x, y = self.points[:, 0], self.points[:, 1]
        cross = np.concatenate(([0], np.cumsum(x * y[following] - x[following] * y)))
        areas: Ints = cross[self.start[1:]] - cross[self.start[:-1]]
        return areas


def rings_of(polygons: Sequence[shapely.Geometry] | npt.NDArray[np.object_]) -> Rings:
    """Take polygons and multipolygons (EPSG:4326) apart; owner is the index of the polygon in the sequence."""
    parts, part_owner = shapely.get_parts(np.asarray(polygons, dtype=object), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    hole = np.concatenate(([False], ring_part[1:] == ring_part[:-1])) if len(rings) else np.zeros(0, bool)
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    lonlat, ring = _without_bends(lonlat, ring)
    closing = np.concatenate((ring[1:] != ring[:-1], [True])) if len(ring) else np.zeros(0, bool)
    points = to_world(lonlat[~closing])
    start = np.concatenate(([0], np.cumsum(np.bincount(ring[~closing], minlength=len(rings)))))
    loose = Rings(points=points, start=start, owner=part_owner[ring_part].astype(np.int64), hole=hole)
    return _turned(loose)


def joined(first: Rings, second: Rings, *, offset: int) -> Rings:
    """Put two tables into one; the owners of the second are counted from the offset."""
    return Rings(
        points=np.concatenate((first.points, second.points)),
        start=np.concatenate((first.start, second.start[1:] + first.start[-1])),
        owner=np.concatenate((first.owner, second.owner + offset)),
        hole=np.concatenate((first.hole, second.hole)),
    )


def _without_bends(lonlat: Floats, ring: Ints) -> tuple[Floats, Ints]:
    """Split long edges, so that a border straight in degrees is drawn where it is; both neighbours get equal points."""
    ahead = np.concatenate((lonlat[1:], lonlat[-1:]))
    same = np.concatenate((ring[1:] == ring[:-1], [False])) if len(ring) else np.zeros(0, bool)
    length = np.where(same, np.hypot(*(ahead - lonlat).T), 0.0)
    pieces = np.maximum(1, np.ceil(length / STRAIGHT_DEG)).astype(np.int64)
    edge = np.repeat(np.arange(len(lonlat)), pieces)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    here, there = lonlat[edge], ahead[edge]
    backward = (here[:, 0] > there[:, 0]) | ((here[:, 0] == there[:, 0]) & (here[:, 1] > there[:, 1]))
    low = np.where(backward[:, None], there, here)
    high = np.where(backward[:, None], here, there)
    share = np.where(backward, pieces[edge] - step, step) / pieces[edge]
    between = low + (high - low) * share[:, None]
    return np.where((step == 0)[:, None], here, between), ring[edge]


def _turned(rings: Rings) -> Rings:
    """Turn rings so that outer ones run clockwise on the map and holes the other way."""
    wrong = (rings.areas_2() < 0) != rings.hole
    ring = np.repeat(np.arange(len(rings.owner)), np.diff(rings.start))
    index = np.arange(len(rings.points))
    mirrored = rings.start[ring] + rings.start[ring + 1] - 1 - index
    points = rings.points[np.where(wrong[ring], mirrored, index)]
    return Rings(points=points, start=rings.start, owner=rings.owner, hole=rings.hole)
