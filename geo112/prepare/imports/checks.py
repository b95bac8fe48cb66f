"""What refuses an import: impossible positions, absurd areas, a kabupaten/kota that would be lost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import BadTable
from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG
from geo112.prepare.dissolve import areas_km2
from geo112.prepare.imports.fitting import Fitted
from geo112.prepare.register import kabkota_of
from geo112.prepare.sources import Shapes

_STAYS = "the old boundaries stay in force"
_MOST_TIMES = 3.0
_LEAST_SHARE = 1 / 3
_LEAST_AT_HOME_SHARE = 0.2
_LEAST_NEIGHBOUR_SHARE = 0.5
_LARGEST_KECAMATAN_KM2 = 20_000.0


def check_positions(shapes: Shapes, *, name: str) -> None:
    """Refuse shapes outside Indonesia and its seas: swapped columns, or metres that are said to be degrees."""
    bounds = shapely.bounds(shapes)
    bounds = bounds[~shapely.is_empty(shapes)]
    # The box of a shape says nothing of a corner that is no number.
    if not (np.isfinite(bounds).all() and np.isfinite(shapely.get_coordinates(shapes)).all()):
        raise BadTable(f"{name} holds positions that its coordinate system cannot place; {_STAYS}", field="crs")
    if not len(bounds):
        raise BadTable(f"{name} holds no polygon; {_STAYS}", field="file")
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    if _in_field(west, south, east, north):
        return
    if _in_field(south, west, north, east):
        raise BadTable(f"{name} has latitude and longitude in each other's place; {_STAYS}", field="file")
    if max(abs(west), abs(south), abs(east), abs(north)) > 360:
        raise BadTable(f"{name} holds metres, not degrees: give its --crs; {_STAYS}", field="crs")
    raise BadTable(
        f"{name} reaches from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f}, beyond Indonesia; {_STAYS}",
        field="file",
    )


def _in_field(west: float, south: float, east: float, north: float) -> bool:
    """Tell whether a box lies in the field of work."""
    return bool(west >= WEST_DEG and east <= EAST_DEG and south >= SOUTH_DEG and north <= NORTH_DEG)


def check_fitted(
    base: Mapping[KodeKecamatan, BaseGeometry],
    fitted: Fitted,
    names: Mapping[KodeKabKota, str],
) -> None:
    """Refuse a set in which a kabupaten/kota is lost, lies elsewhere or has an absurd area, or a polygon is broken."""
    largest_km2 = max(fitted.overlaps_left, default=0.0)
    if largest_km2 >= 1.0:
        raise BadTable(
            f"an overlap of {largest_km2:.1f} km2 could not be settled; the old boundaries stay", field="file"
        )
    before = {kabkota_of(kode) for kode in base}
    lost = sorted(before - {kabkota_of(kode) for kode in fitted.shapes})
    if lost:
        listed = ", ".join(f"{names[kode]} ({kode})" for kode in lost)
        raise BadTable(f"{listed} would have no kecamatan left; {_STAYS}", field="file")
    changed = sorted(fitted.changed)
    shapes = np.array([fitted.shapes[kode] for kode in changed], dtype=np.object_)
    for kode, valid, empty in zip(changed, shapely.is_valid(shapes), shapely.is_empty(shapes), strict=True):
        if not valid or empty:
            raise BadTable(f"the polygon of {kode} is broken; {_STAYS}", field="file")
    for kode, km2 in zip(changed, areas_km2(shapes).tolist(), strict=True):
        if km2 > _LARGEST_KECAMATAN_KM2:
            raise BadTable(f"{kode} has {km2:.0f} km², which no kecamatan has; {_STAYS}", field="file")
    _check_neighbours(base, fitted, names)
    _check_areas(base, fitted, names)


def _check_neighbours(
    base: Mapping[KodeKecamatan, BaseGeometry], fitted: Fitted, names: Mapping[KodeKabKota, str]
) -> None:
    """Refuse a file that takes half of a kabupaten/kota that it does not have; what it split up does not count."""
    given = {kabkota_of(kode) for kode in (*fitted.imported, *fitted.outlined)}
    before: dict[KodeKabKota, float] = defaultdict(float)
    after: dict[KodeKabKota, float] = defaultdict(float)
    for kode in base.keys() & fitted.shapes.keys():
        before[kabkota_of(kode)] += base[kode].area
        after[kabkota_of(kode)] += fitted.shapes[kode].area
    for kab in sorted(before.keys() - given):
        if after[kab] < _LEAST_NEIGHBOUR_SHARE * before[kab]:
            lost = 1 - after[kab] / before[kab]
            raise BadTable(
                f"{names[kab]} ({kab}) would lose {lost:.0%}, and the file has none of it; {_STAYS}", field="file"
            )


def _check_areas(base: Mapping[KodeKecamatan, BaseGeometry], fitted: Fitted, names: Mapping[KodeKabKota, str]) -> None:
    """Hold each kabupaten/kota of the file against where it lay, and how large it was.

    Kecamatan are compared one by one: an overlay of whole kabupaten with nearly the same border is not to be relied on.
    """
    new, old = sorted((*fitted.imported, *fitted.outlined)), sorted(base)
    shapes, before = (
        np.array([of[k] for k in codes], dtype=np.object_) for of, codes in ((fitted.shapes, new), (base, old))
    )
    mine, theirs = shapely.STRtree(before).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[mine], before[theirs]))
    at_home: dict[KodeKabKota, float] = defaultdict(float)
    covered: dict[KodeKabKota, float] = defaultdict(float)
    known = {kabkota_of(kode) for kode in old}
    for one, other, area in zip(mine.tolist(), theirs.tolist(), common.tolist(), strict=True):
        kab, was = kabkota_of(new[one]), kabkota_of(old[other])
        covered[was] += area
        # A kabupaten/kota that is new lies in whatever was there before.
        if kab == was or kab not in known:
            at_home[kab] += area
    size, home = _by_kabkota(new, shapes), _by_kabkota(old, before)
    for kab, area in sorted(size.items()):
        shown = f"{names.get(kab, 'kabupaten/kota')} ({kab})"
        share = at_home[kab] / area
        if share < _LEAST_AT_HOME_SHARE:
            raise BadTable(
                f"only {share:.0%} of {shown} lies where it was: another code or place; {_STAYS}", field="file"
            )
        if kab not in fitted.replaced:
            continue
        if area > _MOST_TIMES * home[kab]:
            raise BadTable(f"{shown} would be {area / home[kab]:.1f} times as large as it was; {_STAYS}", field="file")
        if covered[kab] < _LEAST_SHARE * home[kab]:
            raise BadTable(f"only {covered[kab] / home[kab]:.0%} of {shown} would be left; {_STAYS}", field="file")


def _by_kabkota(codes: Sequence[KodeKecamatan], shapes: Shapes) -> dict[KodeKabKota, float]:
    """Add up the areas of kecamatan, in square degrees."""
    total: dict[KodeKabKota, float] = defaultdict(float)
    for kode, area in zip(codes, shapely.area(shapes).tolist(), strict=True):
        total[kabkota_of(kode)] += area
    return total
