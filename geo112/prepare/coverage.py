"""Makes the kecamatan fit together: no ground twice, no cracks between neighbours."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from geo112.prepare.dissolve import areas_km2, polygonal
from geo112.prepare.sources import Shapes

Ints = npt.NDArray[np.int64]
CRACK_KM2 = 1.0
"""Smaller holes between kecamatan are cracks of the drawing; larger ones are lakes that belong to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Shapes after a step of mending, and what was mended: who got it, how large it was, who lost it or which piece."""

    shapes: Shapes
    owners: Ints
    sizes_km2: npt.NDArray[np.float64]
    losers: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    pieces: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def count(self) -> int:
        """Number of places that were mended."""
        return len(self.owners)

    @property
    def area_km2(self) -> float:
        """Ground that was mended."""
        return float(self.sizes_km2.sum())


def overlapping_pairs(shapes: Shapes) -> tuple[Ints, Ints, Shapes]:
    """Give the pairs of shapes that share ground, each pair once, and the ground that they share."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    common = shapely.intersection(shapes[left], shapes[right])
    real = np.flatnonzero(shapely.area(common) > 0)
    order = real[np.lexsort((right[real], left[real]))]
    ground = np.array([polygonal(common[i]) for i in order.tolist()], dtype=np.object_)
    return left[order], right[order], ground


def without_overlaps(shapes: Shapes) -> Mended:
    """Give ground that two kecamatan claim to the one with the smaller area, on equal areas to the lower code.

    The shapes are sorted by code.
    """
    left, right, ground = overlapping_pairs(shapes)
    # To the square metre, as area_km2 is written: below that two areas are equal.
    size = np.round(areas_km2(shapes), 6)
    loser = np.where(size[left] > size[right], left, right)
    winner = np.where(loser == left, right, left)
    fitted = shapes.copy()
    for number in np.unique(loser).tolist():
        others = shapely.union_all(shapes[winner[loser == number]])
        fitted[number] = polygonal(shapely.difference(shapes[number], others))
    return Mended(shapes=fitted, owners=winner, sizes_km2=areas_km2(ground), losers=loser)


def holes_between(shapes: Shapes) -> Shapes:
    """Give the holes in the union of all shapes: ground that neighbours enclose and none of them has, less islands."""
    parts = shapely.get_parts(shapely.union_all(shapes))
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.append(False, part[1:] == part[:-1])
    holes = np.asarray(shapely.polygons(rings[inner]), dtype=np.object_)
    islands = np.asarray(shapely.polygons(rings[~inner]), dtype=np.object_)
    hole, island = shapely.STRtree(islands).query(holes, predicate="contains")
    for number in np.unique(hole).tolist():
        holes[number] = shapely.difference(holes[number], shapely.union_all(islands[island[hole == number]]))
    return holes


def without_cracks(shapes: Shapes) -> Mended:
    """Give every crack to the kecamatan that it shares the longest border with."""
    holes = holes_between(shapes)
    return with_ground(shapes, holes[areas_km2(holes) <= CRACK_KM2])


def with_ground(shapes: Shapes, ground: Shapes) -> Mended:
    """Give each piece of ground that nobody has to the shape that it shares the longest border with."""
    if not len(ground):
        return Mended(shapes=shapes, owners=np.empty(0, dtype=np.int64), sizes_km2=np.empty(0))
    piece, shape = shapely.STRtree(shapes).query(ground, predicate="intersects")
    length = shapely.length(shapely.intersection(shapely.boundary(ground[piece]), shapes[shape]))
    order = np.lexsort((shape, -length, piece))
    piece, shape = piece[order], shape[order]
    first = np.append(True, piece[1:] != piece[:-1])
    piece, owner = piece[first], shape[first]
    fitted = shapes.copy()
    for number in np.unique(owner).tolist():
        fitted[number] = polygonal(shapely.union_all([shapes[number], *ground[piece[owner == number]]]))
    return Mended(shapes=fitted, owners=owner, sizes_km2=areas_km2(ground[piece]), pieces=piece)
