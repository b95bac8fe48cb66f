"""Builds the basemap file: for every zoom the shared borders, thinned once, so that neighbours still meet."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from geo112.basemap import container
from geo112.basemap.arcs import arcs_of, rings_again
from geo112.basemap.borders import boxes_of, lines_of
from geo112.basemap.coasts import inland_of
from geo112.basemap.labels import FIRST_ZOOM, first_zooms, places_of
from geo112.basemap.rings import Rings, joined, rings_of
from geo112.basemap.world import Ints, pixel_units, to_world
from geo112.core.errors import BadInput

FORMAT = container.FORMAT
# From the last level on the tiles show the source as it is: its points are farther apart than a pixel.
FIRST_LEVEL, LAST_LEVEL = 4, 11
KECAMATAN_LEVEL = 6
STRONG_LEVEL = 8
SMALLEST_PIXELS2 = 2.0
# A hole of a kabupaten thinner than this is a slit between two of its kecamatan, not a lake.
SLIT_DEG = 0.001
# A hole of the whole land up to this size (3 km2) is a gap of the sources, a larger one a lake or a lost kecamatan.
GAP_DEG2 = 0.00025


class Kecamatan(Protocol):
    """The names of one kecamatan."""

    @property
    def kode(self) -> str:
        """Code such as 35.72.01."""

    @property
    def nama(self) -> str:
        """Name such as Kepanjenkidul."""

    @property
    def kode_kabkota(self) -> str:
        """Code such as 35.72."""

    @property
    def kabkota(self) -> str:
        """Name such as Kota Blitar."""


def write_basemap(path: Path, *, zones: Sequence[Kecamatan], polygons: npt.NDArray[np.object_], version: str) -> None:
    """Write the basemap of kecamatan sorted by kode; polygons are EPSG:4326, in the same order.

    The same input gives the same bytes. Raises BadInput when names and polygons do not fit each other.
    """
    kode = [zone.kode for zone in zones]
    if len(kode) != len(polygons) or not kode:
        raise BadInput(f"{len(kode)} kecamatan but {len(polygons)} polygons", field="polygons")
    if any(first >= second for first, second in pairwise(kode)):
        raise BadInput("the kecamatan are not sorted by kode, or one is there twice", field="zones")
    names = sorted({(zone.kode_kabkota, zone.kabkota) for zone in zones})
    number = {kabkota: index for index, (kabkota, _) in enumerate(names)}
    kabkota_of = np.array([number[zone.kode_kabkota] for zone in zones], np.int64)
    kabkota = _unions(polygons, kabkota_of, len(names))
    gaps = _gaps(kabkota)
    rings = joined(rings_of(polygons), rings_of(kabkota), offset=len(kode))
    rings = joined(rings, rings_of([shapely.MultiPolygon(list(gaps))]), offset=len(kode) + len(names))
    gaps = shapely.transform(gaps, lambda lonlat: to_world(lonlat).astype(np.float64))
    arrays: dict[str, npt.NDArray[Any]] = {}
    for zoom in range(FIRST_LEVEL, LAST_LEVEL + 1):
        for name, array in _level(rings, zoom, kabkota_of, gaps).items():
            arrays[f"{zoom}/{name}"] = array
    arrays |= _label_arrays(polygons, kabkota)
    arrays["kabkota_of"] = kabkota_of.astype(np.int32)
    head = {
        "version": version,
        "kecamatan": [[zone.kode, zone.nama] for zone in zones],
        "kabkota": [list(pair) for pair in names],
        "levels": [FIRST_LEVEL, LAST_LEVEL],
    }
    container.write_arrays(path, head=head, arrays=arrays)


def _unions(polygons: npt.NDArray[np.object_], kabkota_of: Ints, count: int) -> npt.NDArray[np.object_]:
    """Unite the kecamatan of each kabupaten or kota, closing the slits between them."""
    united = [shapely.union_all(polygons[kabkota_of == index]) for index in range(count)]
    return np.array([_without_slits(polygon) for polygon in united], dtype=object)


def _without_slits(polygon: shapely.Geometry) -> shapely.Geometry:
    """Fill holes that are no wider than a slit; a kota inside a kabupaten and a lake stay holes."""
    parts = []
    for part in shapely.get_parts(polygon):
        if not isinstance(part, shapely.Polygon):
            continue
        holes = np.array(part.interiors, dtype=object)
        if len(holes):
            wide = 2.0 * shapely.area(shapely.polygons(holes)) > SLIT_DEG * shapely.length(holes)
            holes = holes[wide]
        parts.append(shapely.Polygon(part.exterior, list(holes)))
    return shapely.MultiPolygon(parts)


def _gaps(kabkota: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Find the small holes that all kabupaten and kota together leave in the land, in degrees."""
    parts = shapely.get_parts(shapely.union_all(kabkota))
    rings, part = shapely.get_rings(parts, return_index=True)
    holes = shapely.polygons(rings[1:][part[1:] == part[:-1]])
    small: npt.NDArray[np.object_] = holes[shapely.area(holes) <= GAP_DEG2]
    return small


def _level(rings: Rings, zoom: int, kabkota_of: Ints, gaps: npt.NDArray[np.object_]) -> dict[str, npt.NDArray[Any]]:
    """Thin everything for one zoom: strongly up to zoom 8, by half a pixel beyond; the last level is the source."""
    kecamatan, kabkota = len(kabkota_of), int(kabkota_of.max()) + 1
    pixel = pixel_units(zoom)
    source = zoom == LAST_LEVEL
    grid = 1 if source else int(pixel) // 2
    tolerance = 0.0 if source else pixel * (1.0 if zoom <= STRONG_LEVEL else 0.5)
    if zoom < KECAMATAN_LEVEL:
        rings = _only(rings, rings.owner >= kecamatan)
    arcs = arcs_of(rings, grid_units=grid, tolerance_units=tolerance)
    left, alive = rings_again(arcs, rings, smallest_units2=0.0 if source else SMALLEST_PIXELS2 * pixel * pixel)
    inland = inland_of(gaps, pixel_units=pixel, slack_units=grid + tolerance + 1.0)
    lines = lines_of(arcs, rings, alive, kabkota_of=kabkota_of, kabkota_count=kabkota, inland=inland)
    arrays: dict[str, npt.NDArray[Any]] = {
        "batas_points": lines.points.astype(np.int32),
        "batas_start": lines.start.astype(np.int32),
        "batas_box": boxes_of(lines.points, lines.start),
        "batas_reach": boxes_of(lines.points, lines.start[lines.first]),
        "batas_first": lines.first.astype(np.int32),
        "batas_kind": np.column_stack((lines.tingkat, lines.left, lines.right)).astype(np.int32),
    }
    arrays |= _polygon_arrays("kabkota", left, kecamatan, kabkota)
    arrays |= _polygon_arrays("celah", left, kecamatan + kabkota, 1)
    if zoom >= KECAMATAN_LEVEL:
        arrays |= _polygon_arrays("kecamatan", left, 0, kecamatan)
    return arrays


def _only(rings: Rings, chosen: npt.NDArray[np.bool_]) -> Rings:
    """Leave out the other rings."""
    length = np.diff(rings.start)
    return Rings(
        points=rings.points[np.repeat(chosen, length)],
        start=np.concatenate(([0], np.cumsum(length[chosen]))),
        owner=rings.owner[chosen],
        hole=rings.hole[chosen],
    )


def _polygon_arrays(layer: str, rings: Rings, offset: int, count: int) -> dict[str, npt.NDArray[Any]]:
    """Lay out the rings of one layer, which owns `count` owners from the offset on, feature by feature."""
    rings = _only(rings, (rings.owner >= offset) & (rings.owner < offset + count))
    first = np.concatenate(([0], np.cumsum(np.bincount(rings.owner - offset, minlength=count))))
    return {
        f"{layer}_points": rings.points.astype(np.int32),
        f"{layer}_start": rings.start.astype(np.int32),
        f"{layer}_box": boxes_of(rings.points, rings.start),
        f"{layer}_hole": rings.hole.astype(np.uint8),
        f"{layer}_first": first.astype(np.int32),
        f"{layer}_reach": boxes_of(rings.points, rings.start[first]),
    }


def _label_arrays(polygons: npt.NDArray[np.object_], kabkota: npt.NDArray[np.object_]) -> dict[str, npt.NDArray[Any]]:
    """Lay out the label positions: first all kabupaten and kota, then all kecamatan."""
    large, small = places_of(kabkota), places_of(polygons)
    zooms = np.concatenate((np.full(len(kabkota), FIRST_ZOOM), first_zooms(small)))
    return {
        "label_points": np.concatenate((large.points, small.points)).astype(np.int32),
        "label_rank": np.concatenate((large.rank, small.rank)).astype(np.int32),
        "label_zoom": zooms.astype(np.int32),
    }
