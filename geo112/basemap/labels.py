"""Where a name stands: the middle of the largest circle that fits into the largest part."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo112.basemap.world import MAX_ZOOM, Floats, Ints, pixel_units, to_world

KELAS = ("kabkota", "kecamatan")
FIRST_ZOOM = 6
ALL_KECAMATAN_ZOOM = 8
# Below zoom 8 a kecamatan has a name only where a word has room in it.
ROOM_PIXELS = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Position in world units, diameter of the free circle in world units, and rank by area from 1, of each polygon."""

    points: Ints
    room_units: Floats
    rank: Ints


def places_of(polygons: npt.NDArray[np.object_]) -> Places:
    """Find the label position of each polygon (EPSG:4326); it always lies inside the polygon."""
    largest = np.array([_largest_part(polygon) for polygon in polygons], dtype=object)
    area = shapely.area(polygons)
    # A kilometre is enough for a label's place, and the search is slow on ragged coasts.
    smooth = shapely.simplify(largest, np.minimum(0.01, np.sqrt(area) / 40), preserve_topology=True)
    circle = shapely.maximum_inscribed_circle(smooth, tolerance=np.sqrt(area) / 60)
    middle = np.asarray(shapely.points(shapely.get_coordinates(circle)[0::2]), dtype=object)
    inside = shapely.contains_properly(largest, middle)
    middle[~inside] = shapely.point_on_surface(largest[~inside])
    lonlat = shapely.get_coordinates(middle)
    rim = shapely.get_coordinates(circle)[1::2]
    radius = np.hypot(*(to_world(rim) - to_world(shapely.get_coordinates(circle)[0::2])).T)
    true_area = area * np.cos(np.radians(lonlat[:, 1]))
    rank = np.empty(len(polygons), np.int64)
    rank[np.argsort(-true_area, kind="stable")] = np.arange(1, len(polygons) + 1)
    return Places(points=to_world(lonlat), room_units=2.0 * radius, rank=rank)


def first_zooms(kecamatan: Places) -> Ints:
    """Say from which zoom on each kecamatan carries its name."""
    zoom = np.full(len(kecamatan.points), ALL_KECAMATAN_ZOOM, np.int64)
    for earlier in range(ALL_KECAMATAN_ZOOM - 1, FIRST_ZOOM - 1, -1):
        zoom[kecamatan.room_units >= ROOM_PIXELS * pixel_units(earlier)] = earlier
    return np.clip(zoom, 0, MAX_ZOOM)


def _largest_part(polygon: shapely.Geometry) -> shapely.Geometry:
    """Give the largest polygon of a multipolygon."""
    parts = shapely.get_parts(polygon)
    largest: shapely.Geometry = parts[int(np.argmax(shapely.area(parts)))]
    return largest
