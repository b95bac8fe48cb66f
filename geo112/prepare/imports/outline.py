"""Fits the kecamatan of a kabupaten or kota into a new outer border: cut where it is nearer, extended where wider."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKecamatan
from geo112.prepare.dissolve import polygonal
from geo112.prepare.pieces import longest_border
from geo112.prepare.sources import Shapes

# About 30 m: the step at which a border is walked to divide the ground beyond it.
_STEP_DEG = 0.0003
_MOST_STEPS = 20_000
_TOUCH_DEG = 1e-8


def fit_into(whole: BaseGeometry, parts: Mapping[KodeKecamatan, BaseGeometry]) -> dict[KodeKecamatan, BaseGeometry]:
    """Give each part its ground in the whole: what it has there, and new ground that is nearest to it.

    Nothing of the whole is lost or given twice. A part that has nothing in the whole is left out.
    """
    codes = sorted(parts)
    inside = {kode: polygonal(shapely.intersection(parts[kode], whole)) for kode in codes}
    codes = [kode for kode in codes if not inside[kode].is_empty]
    if not codes:
        return {}
    shapes = np.array([inside[kode] for kode in codes], dtype=np.object_)
    pieces: dict[KodeKecamatan, list[BaseGeometry]] = {kode: [inside[kode]] for kode in codes}
    for crumb in shapely.get_parts(polygonal(shapely.difference(whole, shapely.union_all(shapes)))):
        for owner, piece in _shared_out(crumb, shapes):
            pieces[codes[owner]].append(piece)
    return {kode: polygonal(shapely.union_all(found)) for kode, found in pieces.items()}


def _shared_out(crumb: shapely.Polygon, shapes: Shapes) -> list[tuple[int, BaseGeometry]]:
    """Divide a piece of new ground among the parts along it: each spot goes to the part whose border is nearest."""
    beside = np.flatnonzero(shapely.dwithin(shapes, crumb, _TOUCH_DEG))
    if len(beside) < 2:
        return [(longest_border(crumb, shapes), crumb)]
    spots, owners = _walked(crumb, shapes, beside)
    if len(np.unique(owners)) < 2:
        return [(int(owners[0]) if len(owners) else longest_border(crumb, shapes), crumb)]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(spots), extend_to=crumb, ordered=True))
    rest: BaseGeometry = crumb
    found = []
    for owner in np.unique(owners).tolist():
        piece = polygonal(shapely.intersection(rest, shapely.union_all(cells[owners == owner])))
        rest = polygonal(shapely.difference(rest, piece))
        found.append((owner, piece))
    # What rounding left between the cells.
    return [*found, *((longest_border(bit, shapes), bit) for bit in shapely.get_parts(rest))]


def _walked(
    crumb: shapely.Polygon, shapes: Shapes, beside: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Give spots along the border between the ground and each part beside it, no spot twice."""
    step = max(_STEP_DEG, crumb.length / _MOST_STEPS)
    rim = shapely.buffer(crumb, _TOUCH_DEG)
    lines = [
        shapely.segmentize(shapely.intersection(shapely.boundary(shapes[at]), rim), step) for at in beside.tolist()
    ]
    coordinates = [np.round(shapely.get_coordinates(line), 9) for line in lines]
    spots = np.concatenate(coordinates)
    owners = np.repeat(beside, [len(one) for one in coordinates])
    spots, first = np.unique(spots, axis=0, return_index=True)
    return spots, owners[first]
