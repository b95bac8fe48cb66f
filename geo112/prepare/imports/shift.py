"""How far the borders of a kabupaten or kota moved against the boundaries that were in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.crs import to_plane
from geo112.core.geo import Position
from geo112.prepare.register import kabkota_of

STEP_M = 100.0
_LAND_M = 5.0
_TRIM_DEG = 0.05
Flatten = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Distance in metres from the new land border to the old one, at places every 100 m along the new one."""

    places: int
    median_m: float
    p95_m: float


def border_shifts(
    old: Mapping[KodeKecamatan, BaseGeometry],
    new: Mapping[KodeKecamatan, BaseGeometry],
    kabkota: frozenset[KodeKabKota],
) -> dict[KodeKabKota, Shift]:
    """Measure the borders with other kabupaten and kota, not the coast; none where the old set has no such border."""
    before, after = _members(old), _members(new)
    codes = sorted(new)
    shapes = np.array([new[kode] for kode in codes], dtype=np.object_)
    owner = np.array([kabkota_of(kode) for kode in codes])
    tree = shapely.STRtree(shapes)
    found = {}
    for kab in sorted(kabkota & before.keys() & after.keys()):
        whole = shapely.union_all(after[kab])
        near = tree.query(whole.buffer(_TRIM_DEG).envelope, predicate="intersects")
        beside = shapes[near[owner[near] != kab]]
        shift = _shift(shapely.union_all(before[kab]), whole, beside)
        if shift is not None:
            found[kab] = shift
    return found


def _shift(old: BaseGeometry, new: BaseGeometry, beside: npt.NDArray[np.object_]) -> Shift | None:
    """Walk along the new border, in the equal-area plane around it."""
    if not len(beside):
        return None
    middle = shapely.centroid(new)
    plane = to_plane(Position(lon_deg=round(float(middle.x), 2), lat_deg=round(float(middle.y), 2)))

    def flatten(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(plane.transform(places[:, 0], places[:, 1]))

    walked = shapely.get_coordinates(shapely.segmentize(flat_border(new, flatten), STEP_M))
    spots = np.asarray(shapely.points(walked), dtype=np.object_)
    edges = shapely.get_parts(shapely.boundary(shapely.transform(beside, flatten)))
    on_land = np.unique(shapely.STRtree(edges).query(spots, predicate="dwithin", distance=_LAND_M)[0])
    if not len(on_land):
        return None
    line = flat_border(old, flatten)
    shapely.prepare(line)
    metres = shapely.distance(spots[on_land], line)
    return Shift(
        places=len(on_land),
        median_m=round(float(np.median(metres)), 1),
        p95_m=round(float(np.percentile(metres, 95)), 1),
    )


def flat_border(shape: BaseGeometry, flatten: Flatten) -> BaseGeometry:
    """Give the border of a shape in a plane in metres."""
    return shapely.boundary(shapely.transform(shape, flatten))


def _members(shapes: Mapping[KodeKecamatan, BaseGeometry]) -> dict[KodeKabKota, list[BaseGeometry]]:
    """List the polygons of every kabupaten and kota."""
    found: dict[KodeKabKota, list[BaseGeometry]] = {}
    for kode, shape in shapes.items():
        found.setdefault(kabkota_of(kode), []).append(shape)
    return found
