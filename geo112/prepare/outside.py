"""Tells apart what no kecamatan covers: land abroad, lakes, gaps between sources; the rest is sea (decision 0015)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.prepare.coverage import CRACK_KM2, holes_between
from geo112.prepare.dissolve import areas_km2, polygonal
from geo112.prepare.neighbours import INDONESIA, Country, read_countries
from geo112.prepare.sources import Shapes
from geo112.zones.compact import write_zones
from geo112.zones.jurisdiction import OutsideKind
from geo112.zones.records import Zone

# The shores of the two sources lie this near to each other nearly everywhere; a degree is 111 km here.
_APART_DEG = 2 / 111.0
# Land of Natural Earth farther than this from any kecamatan is no shore that was drawn elsewhere: it is missing.
_MISSING_DEG = 5 / 111.0
# How wide slivers along a land border are, at the most, and how finely they are shared out between the two sides.
_SLIVER_DEG, _STEP_DEG = 0.06, 0.002
# The thresholds above bear this much simplification of the shore; the areas themselves are never simplified.
_ROUGH_DEG, _VERY_ROUGH_DEG = 0.002, 0.005
# Few lines run through a cell of this size, and the whole file stays small.
_CELL_DEG = 0.0512


def write_outside(path: Path, *, polygons: Shapes, source: Path, version: str) -> None:
    """Write what lies outside the kecamatan as zones of its own: one for lakes, one for gaps, one for each country."""
    parts = outside_parts(polygons, read_countries(source))
    zones = [
        Zone(
            kode=KodeKecamatan(kode),
            nama=nama,
            kode_kabkota=KodeKabKota(kind.value),
            kabkota=nama,
            area_km2=round(float(areas_km2(np.array([shape], dtype=np.object_))[0]), 6),
        )
        for kind, kode, nama, shape in parts
    ]
    shapes = np.array([shape for *_, shape in parts], dtype=np.object_)
    write_zones(path, zones=zones, polygons=shapes, version=version, cell_deg=_CELL_DEG)


def outside_parts(
    polygons: Shapes, countries: Sequence[Country]
) -> list[tuple[OutsideKind, str, str, shapely.Geometry]]:
    """Give kind, code, name and shape of all that is outside and no sea, by code, without empty shapes."""
    ours = shapely.union_all(polygons)
    holes = holes_between(np.array([ours], dtype=np.object_))
    large = areas_km2(holes) > CRACK_KM2 if len(holes) else np.empty(0, dtype=np.bool_)
    abroad = {one.kode: one for one in countries if one.kode != INDONESIA}
    land = {kode: _without(one.land, ours) for kode, one in abroad.items()}
    own = next((one.land for one in countries if one.kode == INDONESIA), shapely.Polygon())
    rest = shapely.difference(shapely.difference(own, ours), shapely.union_all(holes))
    for kode, sliver in _nearer_abroad(rest, ours, land).items():
        land[kode] = shapely.union_all([land[kode], sliver])
    rest = shapely.difference(_known_land(rest, own, ours), shapely.union_all(list(land.values())))
    found = [(OutsideKind.ABROAD, kode, abroad[kode].nama, shape) for kode, shape in land.items()]
    found += [
        (OutsideKind.LAKE, "danau", "danau atau waduk", shapely.union_all(holes[large])),
        (OutsideKind.GAP, "celah", "celah antara batas wilayah", shapely.union_all([rest, *holes[~large]])),
    ]
    clean = [(kind, kode, nama, polygonal(shape)) for kind, kode, nama, shape in found]
    return sorted([one for one in clean if not one[3].is_empty], key=lambda one: one[1])


def _without(land: shapely.Geometry, covered: shapely.Geometry) -> shapely.Geometry:
    """Take from a country what Indonesian kecamatan cover: they win."""
    west, south, east, north = shapely.bounds(land).tolist()
    near = shapely.clip_by_rect(covered, west - 1, south - 1, east + 1, north + 1)
    return shapely.difference(land, shapely.make_valid(near))


def _known_land(rest: shapely.Geometry, own: shapely.Geometry, ours: shapely.Geometry) -> shapely.Geometry:
    """Keep of the land that no kecamatan covers what is no shore that the two sources draw in different places.

    That is what lies near our kecamatan, what is deep in the land, and land that no kecamatan is near to.
    """
    near, not_far, deep = (
        _widened(ours, _ROUGH_DEG, _APART_DEG),
        _widened(ours, _VERY_ROUGH_DEG, _MISSING_DEG),
        _widened(own, _ROUGH_DEG, -_APART_DEG),
    )
    kept = [shapely.intersection(rest, near), shapely.intersection(rest, deep), shapely.difference(rest, not_far)]
    return shapely.union_all(kept)


def _widened(shape: shapely.Geometry, rough_deg: float, by_deg: float) -> shapely.Geometry:
    """Simplify a shape and widen or narrow it, part by part, which is ten times quicker than all at once."""
    parts = shapely.get_parts(shapely.simplify(shape, rough_deg))
    return shapely.union_all(shapely.buffer(parts, by_deg, quad_segs=2))


def _nearer_abroad(
    rest: shapely.Geometry, ours: shapely.Geometry, land: dict[str, shapely.Geometry]
) -> dict[str, shapely.Geometry]:
    """Share out the slivers along land borders: what is nearer to a neighbour's land than to a kecamatan is abroad."""
    parts = shapely.get_parts(rest)
    codes = sorted(land)
    parts = parts[shapely.dwithin(parts, shapely.union_all(list(land.values())), _SLIVER_DEG)]
    if not len(parts):
        return {}
    reach = shapely.union_all(shapely.buffer(shapely.box(*shapely.bounds(parts).T), _SLIVER_DEG, quad_segs=1))
    places, owners = _shore_places([ours, *(land[kode] for kode in codes)], reach)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places)))
    cell, place = shapely.STRtree(cells).query(shapely.points(places), predicate="intersects")[::-1]
    wide = shapely.union_all(parts)
    found: dict[str, shapely.Geometry] = {}
    for number, kode in enumerate(codes, start=1):
        own = cells[np.unique(cell[owners[place] == number])]
        own = own[shapely.intersects(own, wide)]
        if len(own):
            found[kode] = shapely.intersection(wide, shapely.union_all(own))
    return found


def _shore_places(
    shapes: Sequence[shapely.Geometry], reach: shapely.Geometry
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Set places along the edges of shapes within reach; give each once, with the number of its shape."""
    lines = [shapely.intersection(shapely.boundary(shape), reach) for shape in shapes]
    dense = [shapely.get_coordinates(shapely.segmentize(line, _STEP_DEG)) for line in lines]
    owners = np.repeat(np.arange(len(shapes)), [len(one) for one in dense])
    # A place on both edges is the first shape's: it would have no cell of its own.
    places, first = np.unique(np.round(np.concatenate(dense), 9), axis=0, return_index=True)
    return places, owners[first]
