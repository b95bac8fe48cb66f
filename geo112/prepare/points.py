"""The village points of `geografis`, tied to the current register and to the polygons that they lie in."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely

from geo112.core.codes import KodeDesa
from geo112.prepare.names import closeness, plain, skeleton
from geo112.prepare.register import Register, kabkota_key, kabkota_of, kecamatan_of
from geo112.prepare.sources import Shapes, VillagePoint

_ALIKE_SHARE = 0.7


def current_codes(points: Sequence[VillagePoint], register: Register) -> list[KodeDesa | None]:
    """Find the current code of every point.

    The list of points is older than the register: a code counts only when it still means a village of that name,
    else the names of kabupaten/kota, kecamatan and village decide.
    """
    by_names: dict[tuple[str, str, str], list[KodeDesa]] = defaultdict(list)
    kabkota = {kode: kabkota_key(name) for kode, name in register.kabkota.items()}
    kecamatan = {kode: plain(name) for kode, name in register.kecamatan.items()}
    for kode, name in register.desa.items():
        names = (kabkota[kabkota_of(kode)], kecamatan[kecamatan_of(kode)], plain(name))
        by_names[names].append(kode)
    return [_current(point, register, by_names) for point in points]


def _current(
    point: VillagePoint, register: Register, by_names: dict[tuple[str, str, str], list[KodeDesa]]
) -> KodeDesa | None:
    """Find the current code of one point."""
    kode = KodeDesa(point.kode)
    known = register.desa.get(kode)
    if known is not None and plain(known) == plain(point.desa):
        return kode
    found = by_names.get((kabkota_key(point.kabkota), plain(point.kecamatan), plain(point.desa)), [])
    if len(found) == 1:
        return found[0]
    if known is not None and closeness(skeleton(known), skeleton(point.desa)) > _ALIKE_SHARE:
        return kode
    return None


def villages_inside(
    shapes: Shapes, points: Sequence[VillagePoint], codes: Sequence[KodeDesa | None]
) -> dict[int, list[KodeDesa]]:
    """List, for every polygon, the villages whose point lies in it."""
    places = shapely.points([p.lon_deg for p in points], [p.lat_deg for p in points])
    point, shape = shapely.STRtree(shapes).query(places, predicate="intersects")
    found: dict[int, list[KodeDesa]] = defaultdict(list)
    order = np.lexsort((point, shape))
    for p, s in zip(point[order].tolist(), shape[order].tolist(), strict=True):
        kode = codes[p]
        if kode is not None:
            found[s].append(kode)
    return found
