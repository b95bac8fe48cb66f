"""Makes the service boundary of each kabupaten and kota from its kecamatan: no ground twice, borders line on line."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo112.prepare.sources import Shapes
from geo112.zones.overlaps import rank_of
from geo112.zones.records import Zone
from geo112.zones.service_areas import IN_DEGREE, Level

TOLERANCE_M = 50.0
_DEGREE_M = 111_000.0


def service_areas(zones: Sequence[Zone], polygons: Shapes) -> tuple[list[str], list[Level]]:
    """Join the kecamatan of each kabupaten and kota; give their codes and the boundaries, as they are and simplified.

    All borders are drawn together on a grid of a centimetre, which takes the dust between neighbours away; each face
    goes to the kecamatan that it lies in by the overlap rule. So neighbours share their border, also when simplified,
    and a kota in a kabupaten is a hole of it (RFC 5964).
    """
    codes = sorted({str(zone.kode_kabkota) for zone in zones})
    lines = shapely.union_all(shapely.boundary(polygons), grid_size=1 / IN_DEGREE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    face, row = shapely.STRtree(polygons).query(shapely.point_on_surface(faces), predicate="intersects")
    order = np.lexsort((rank_of(zones)[row], face))
    face, row = face[order], row[order]
    wins = np.append(np.True_, face[1:] != face[:-1])
    number = {kode: n for n, kode in enumerate(codes)}
    centre = np.array([number[zone.kode_kabkota] for zone in zones])
    owner = np.full(len(faces), -1)
    owner[face[wins]] = centre[row[wins]]
    shapes = np.array([shapely.coverage_union_all(faces[owner == n]) for n in range(len(codes))], dtype=np.object_)
    simple = shapely.coverage_simplify(shapes, TOLERANCE_M / _DEGREE_M)
    return codes, [Level(tolerance_m=0.0, shapes=shapes), Level(tolerance_m=TOLERANCE_M, shapes=simple)]
