"""Which village polygons share a border, and how long it is."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import shapely

from geo112.prepare.sources import Shapes

_GRID_PER_DEG = 10_000  # GADM's files are written with four decimals.
Neighbours = Mapping[int, Mapping[int, float]]


def shared_borders(shapes: Shapes, wanted: npt.NDArray[np.int64]) -> Neighbours:
    """Measure how many metres every wanted polygon shares with each neighbour.

    Two polygons share an edge when both have it with the same end points on the grid of the source.
    """
    points, ring_of_point, shape_of_ring = _ring_points(shapes)
    last = np.append(ring_of_point[1:] != ring_of_point[:-1], True)
    start = np.flatnonzero(~last)
    keys = np.rint(points * _GRID_PER_DEG).astype(np.int64)
    packed = (keys[:, 0] << 32) + keys[:, 1]
    low, high = np.minimum(packed[start], packed[start + 1]), np.maximum(packed[start], packed[start + 1])
    order = np.lexsort((high, low))
    low, high, start = low[order], high[order], start[order]
    same = np.flatnonzero((low[1:] == low[:-1]) & (high[1:] == high[:-1]))
    left, right = shape_of_ring[ring_of_point[start[same]]], shape_of_ring[ring_of_point[start[same + 1]]]
    step = points[start[same] + 1] - points[start[same]]
    metres = np.hypot(step[:, 0] * np.cos(np.radians(points[start[same], 1])), step[:, 1]) * 111_195.0
    found: dict[int, dict[int, float]] = {}
    keep = np.zeros(len(shapes), dtype=bool)
    keep[wanted] = True
    for one, other, length in zip(left.tolist(), right.tolist(), metres.tolist(), strict=True):
        if one == other:
            continue
        for here, there in ((one, other), (other, one)):
            if keep[here]:
                beside = found.setdefault(here, {})
                beside[there] = beside.get(there, 0.0) + length
    return found


def _ring_points(shapes: Shapes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give all points of all rings, the ring of each point, and the shape of each ring."""
    polygons, shape_of_polygon = shapely.get_parts(shapes, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    return points, ring_of_point, shape_of_polygon[polygon_of_ring]
