"""Joins village polygons to kecamatan, and closes the cracks that the source leaves inside a kecamatan."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.geo import wgs84
from geo112.prepare.sources import Shapes


def repaired(shapes: Shapes) -> tuple[Shapes, int]:
    """Mend invalid polygons, keep only what has an area, and say how many were mended."""
    broken = np.flatnonzero(~shapely.is_valid(shapes))
    mended = shapes.copy()
    for i in broken.tolist():
        mended[i] = polygonal(shapely.make_valid(shapes[i], method="structure", keep_collapsed=False))
    return mended, len(broken)


def polygonal(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Keep the polygons of a shape; lines and points that a repair left behind are dropped."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon([part for part in parts if part.area > 0])


def dissolved(shapes: Shapes, groups: Sequence[npt.NDArray[np.int64]], tick: Callable[[], None]) -> Shapes:
    """Join the shapes of every group to one MultiPolygon; `tick` is called after each group."""
    joined = np.empty(len(groups), dtype=np.object_)
    for number, members in enumerate(groups):
        joined[number] = _joined(shapes[members])
        tick()
    return joined


def _joined(members: Shapes) -> shapely.MultiPolygon:
    """Join shapes by their common edges where they form a clean coverage, else by cutting them with each other."""
    if len(members) > 1 and shapely.coverage_is_valid(members):
        whole = shapely.coverage_union_all(members)
        if shapely.is_valid(whole):
            return polygonal(whole)
    return polygonal(shapely.union_all(members))


def without_cracks(shapes: Shapes) -> tuple[Shapes, int, float]:
    """Fill holes inside one kecamatan that no other kecamatan reaches into; give their number and area in km2.

    A hole that another kecamatan fills, wholly or in part, is an enclave and stays.
    """
    polygons, owner = shapely.get_parts(shapes, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    inner = np.append(False, polygon_of_ring[1:] == polygon_of_ring[:-1])
    if not inner.any():
        return shapes, 0, 0.0
    holes = shapely.polygons(rings[inner])
    owner_of_hole = owner[polygon_of_ring[inner]]
    tree = shapely.STRtree(shapes)
    hole, other = tree.query(holes, predicate="intersects")
    foreign = owner_of_hole[hole] != other
    hole, other = hole[foreign], other[foreign]
    taken = np.zeros(len(holes), dtype=bool)
    cut = shapely.area(shapely.intersection(holes[hole], shapes[other])) > 0
    np.logical_or.at(taken, hole, cut)
    filled = shapes.copy()
    for number in np.unique(owner_of_hole[~taken]).tolist():
        cracks = holes[(owner_of_hole == number) & ~taken]
        filled[number] = polygonal(shapely.union_all([shapes[number], *cracks]))
    return filled, int((~taken).sum()), float(areas_km2(holes[~taken]).sum())


def areas_km2(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Geodesic areas on the WGS 84 ellipsoid (Karney 2013, by PROJ)."""
    geod = wgs84()
    oriented = shapely.orient_polygons(shapes)
    return np.array([abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in oriented], dtype=np.float64)
