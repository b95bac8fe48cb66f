"""Mends polygons, joins them, and measures them on the ellipsoid."""

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


def joined(members: Shapes) -> shapely.MultiPolygon:
    """Join shapes by their common edges where they form a clean coverage, else by cutting them with each other."""
    if len(members) == 1:
        return polygonal(members[0])
    if shapely.coverage_is_valid(members):
        whole = shapely.coverage_union_all(members)
        if shapely.is_valid(whole):
            return polygonal(whole)
    return polygonal(shapely.union_all(members))


def areas_km2(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Geodesic areas on the WGS 84 ellipsoid (Karney 2013, by PROJ)."""
    geod = wgs84()
    oriented = shapely.orient_polygons(shapes)
    return np.array([abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in oriented], dtype=np.float64)
