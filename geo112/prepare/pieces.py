"""Cuts GADM's own kecamatan along the current register.

GADM draws each layer on its own, and its kecamatan fit together better than its villages (Jawa Timur: 76 km2 of cracks
against 356 km2). So a kecamatan of GADM whose villages all go to one place goes there in one piece, with its own
border; only where its villages part company is it cut, along the villages.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import shapely

from geo112.core.codes import KodeKecamatan
from geo112.prepare.dissolve import joined, polygonal
from geo112.prepare.evidence import Placed
from geo112.prepare.sources import GadmKecamatan, GadmVillage, Shapes

Shape = shapely.Polygon | shapely.MultiPolygon
Pieces = dict[KodeKecamatan, list[Shape]]


def cut_pieces(
    gadm: Sequence[GadmKecamatan],
    gadm_shapes: Shapes,
    *,
    villages: Sequence[GadmVillage],
    village_shapes: Shapes,
    placed: Mapping[int, Placed],
    tick: Callable[[], None],
) -> Pieces:
    """Give every current kecamatan its pieces of GADM's kecamatan layer."""
    members: dict[str, dict[KodeKecamatan, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, place in placed.items():
        if place.kecamatan is not None:
            members[villages[i].gid_kec][place.kecamatan].append(i)
    pieces: Pieces = defaultdict(list)
    for area, shape in zip(gadm, gadm_shapes, strict=True):
        here = members.get(area.gid, {})
        if len(here) == 1:
            pieces[next(iter(here))].append(shape)
        elif here:
            parts = {kode: joined(village_shapes[here[kode]]) for kode in sorted(here)}
            for kode, part in cut(shape, parts).items():
                pieces[kode].append(part)
        tick()
    return {kode: pieces[kode] for kode in sorted(pieces)}


def cut(whole: Shape, parts: Mapping[KodeKecamatan, Shape]) -> dict[KodeKecamatan, Shape]:
    """Divide a shape among parts that nearly cover it: nothing is lost, nothing is given twice.

    Where parts overlap the smaller one wins; what no part covers goes to the part with the longest common border.
    """
    rest = whole
    taken: dict[KodeKecamatan, Shape] = {}
    for kode in sorted(parts, key=lambda kode: (parts[kode].area, kode)):
        mine = polygonal(shapely.intersection(rest, parts[kode]))
        if not mine.is_empty:
            taken[kode] = mine
            rest = polygonal(shapely.difference(rest, parts[kode]))
    if not taken:
        largest = max(sorted(parts), key=lambda kode: parts[kode].area)
        return {largest: whole}
    codes = sorted(taken)
    grown: dict[KodeKecamatan, list[Shape]] = {kode: [taken[kode]] for kode in codes}
    shapes = np.array([taken[kode] for kode in codes], dtype=np.object_)
    for crumb in shapely.get_parts(rest):
        grown[codes[longest_border(crumb, shapes)]].append(crumb)
    return {kode: polygonal(shapely.union_all(grown[kode])) for kode in codes}


def longest_border(crumb: Shape, shapes: Shapes) -> int:
    """Number of the shape that shares the longest border with a crumb, or of the nearest one."""
    lengths = shapely.length(shapely.intersection(shapely.boundary(crumb), shapes))
    if lengths.max() > 0:
        return int(lengths.argmax())
    return int(shapely.distance(crumb, shapes).argmin())
