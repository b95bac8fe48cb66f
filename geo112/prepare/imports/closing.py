"""Closes the cracks around an import, tells them from coasts and from holes that stay, and measures what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKecamatan
from geo112.prepare.coverage import CRACK_KM2, holes_between, overlapping_pairs, with_ground
from geo112.prepare.dissolve import areas_km2, polygonal
from geo112.prepare.sources import Shapes

SEEN_KM2 = 1e-6
"""A square metre: less is the rounding of coordinates."""
_NEAR_DEG = 0.02
_CRACK_SHARE = 0.25
_KM_PER_DEG = 111.195
_TOUCH_DEG = 1e-7
Polygons = Mapping[KodeKecamatan, BaseGeometry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Ground that stays in no kecamatan: its size, a spot in it, and a kecamatan beside it."""

    km2: float
    lat_deg: float
    lon_deg: float
    near: KodeKecamatan
    enclosed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Codes beside their shapes."""

    codes: list[KodeKecamatan]
    shapes: Shapes

    @classmethod
    def of(cls, polygons: Polygons) -> "Layer":
        """Sort by code, as the overlap rule wants it."""
        codes = sorted(polygons)
        return cls(codes=codes, shapes=array_of([polygons[kode] for kode in codes]))

    def mapped(self, shapes: Shapes) -> dict[KodeKecamatan, BaseGeometry]:
        """Pair the codes with other shapes."""
        return dict(zip(self.codes, shapes, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Shapes around the import after its cracks were closed, and what there was."""

    shapes: dict[KodeKecamatan, BaseGeometry]
    gaps: tuple[tuple[KodeKecamatan, float], ...]
    holes: tuple[Hole, ...]
    given_up_km2: float
    overlaps_left: tuple[float, ...]
    gaps_left: tuple[float, ...]


def ground_km2(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Areas in km2, geodesic but for what is thinner than rounding.

    Between two spots a geodesic is not the straight line of the map: a sliver of no width, 5 km long, has 50 m2 of it.
    """
    if not len(shapes):
        return np.empty(0)
    bounds = shapely.bounds(shapes)
    flat = shapely.area(shapes) * _KM_PER_DEG**2 * np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    seen = flat >= SEEN_KM2
    sizes: npt.NDArray[np.float64] = np.nan_to_num(flat)
    sizes[seen] = areas_km2(shapes[seen])
    return sizes


def close(imported: Polygons, standing: Polygons, *, lost: Shapes) -> Closed:
    """Give cracks around and in the import to the longest border; list what is larger.

    `lost` is the ground that the import took the place of: where it ends nearer than that and a neighbour is
    beside it, there is a crack between them even where it opens to the sea.
    """
    near = _near(imported, standing, lost)
    layer = Layer.of({**imported, **near})
    others = Layer.of({kode: shape for kode, shape in standing.items() if kode not in near})
    whole = shapely.union_all(layer.shapes)
    holes = _less(holes_between(layer.shapes), others.shapes)
    gone = (
        shapely.get_parts(polygonal(shapely.difference(shapely.union_all(lost), whole))) if len(lost) else array_of([])
    )
    gone = _less(array_of([bit for bit in gone if bit.area > 0]), others.shapes)
    gone = gone[~_within_any(gone, holes)]
    ours = np.array([kode in imported for kode in layer.codes])
    between = _between(gone, layer.shapes[~ours])
    candidates = np.concatenate([holes, gone[between]])
    enclosed = np.arange(len(candidates)) < len(holes)
    sizes = ground_km2(candidates)
    mended = with_ground(layer.shapes, candidates[sizes <= CRACK_KM2])
    closed = ground_km2(candidates[sizes <= CRACK_KM2][mended.pieces])
    gaps = [(layer.codes[o], km2) for o, km2 in zip(mended.owners.tolist(), closed.tolist(), strict=True)]
    tree = shapely.STRtree(layer.shapes)
    large = [
        _hole(candidates[i], sizes[i], layer.codes[int(tree.nearest(candidates[i]))], enclosed=bool(enclosed[i]))
        for i in np.flatnonzero(sizes > CRACK_KM2).tolist()
    ]
    left = ground_km2(_less(holes_between(mended.shapes), others.shapes))
    one, other, common = overlapping_pairs(mended.shapes)
    # Two kecamatan that were in force already are as they were.
    overlaps = ground_km2(common[ours[one] | ours[other]])
    fresh = {
        k: after
        for k, before, after in zip(layer.codes, layer.shapes, mended.shapes, strict=True)
        if after is not before
    }
    return Closed(
        shapes=fresh,
        gaps=tuple(gaps),
        holes=tuple(sorted(large, key=lambda hole: -hole.km2)),
        given_up_km2=float(ground_km2(gone[~between]).sum()),
        overlaps_left=tuple(overlaps[overlaps >= SEEN_KM2].tolist()),
        gaps_left=tuple(left[(left >= SEEN_KM2) & (left <= CRACK_KM2)].tolist()),
    )


def _near(imported: Polygons, standing: Polygons, lost: Shapes) -> dict[KodeKecamatan, BaseGeometry]:
    """Give what stays in force around the import and around the ground that it took the place of."""
    layer = Layer.of(standing)
    if not layer.codes:
        return {}
    bounds = shapely.bounds(np.concatenate([array_of(list(imported.values())), lost]))
    boxes = shapely.box(*(bounds + np.array([-_NEAR_DEG, -_NEAR_DEG, _NEAR_DEG, _NEAR_DEG])).T)
    found = np.unique(shapely.STRtree(layer.shapes).query(boxes, predicate="intersects")[1])
    return {layer.codes[at]: layer.shapes[at] for at in found.tolist()}


def _less(ground: Shapes, others: Shapes) -> Shapes:
    """Take what others have out of some ground, and give the single polygons that are left."""
    if not len(ground):
        return array_of([])
    if len(others):
        piece, other = shapely.STRtree(others).query(ground, predicate="intersects")
        for at in np.unique(piece).tolist():
            ground[at] = polygonal(shapely.difference(ground[at], shapely.union_all(others[other[piece == at]])))
    parts = shapely.get_parts(ground)
    return array_of([part for part in parts if part.area > 0])


def _within_any(ground: Shapes, holes: Shapes) -> npt.NDArray[np.bool_]:
    """Tell which ground lies in a hole."""
    inside = np.zeros(len(ground), dtype=bool)
    if len(ground) and len(holes):
        spots = shapely.point_on_surface(ground)
        inside[shapely.STRtree(holes).query(spots, predicate="intersects")[0]] = True
    return inside


def _between(ground: Shapes, neighbours: Shapes) -> npt.NDArray[np.bool_]:
    """Tell cracks from coast: a crack runs along neighbours with a quarter of its rim or more, a coast ends at them."""
    found = np.zeros(len(ground), dtype=bool)
    if not len(ground) or not len(neighbours):
        return found
    piece, shape = shapely.STRtree(neighbours).query(ground, predicate="dwithin", distance=_TOUCH_DEG)
    for at in np.unique(piece).tolist():
        west, south, east, north = shapely.bounds(ground[at]) + np.array([-1, -1, 1, 1]) * 10 * _TOUCH_DEG
        beside = shapely.clip_by_rect(shapely.boundary(neighbours[shape[piece == at]]), west, south, east, north)
        rim = shapely.boundary(ground[at])
        along = shapely.length(shapely.intersection(rim, shapely.buffer(shapely.union_all(beside), _TOUCH_DEG)))
        found[at] = along >= _CRACK_SHARE * shapely.length(rim)
    return found


def _hole(shape: BaseGeometry, km2: float, near: KodeKecamatan, *, enclosed: bool) -> Hole:
    """Describe a hole by a spot in it."""
    spot = shapely.point_on_surface(shape)
    return Hole(
        km2=float(km2), lat_deg=round(float(spot.y), 5), lon_deg=round(float(spot.x), 5), near=near, enclosed=enclosed
    )


def array_of(shapes: Sequence[BaseGeometry]) -> Shapes:
    """Make an array of shapes, also of none."""
    array = np.empty(len(shapes), dtype=np.object_)
    array[:] = shapes
    return array
