"""The overlap rule: where kecamatan overlap, the one with the smaller area wins, and the lower code between equals.

The rule makes a partition of boundaries that are none: every point has one kecamatan, always the same one, and a kota
that lies on its kabupaten keeps its whole ground.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.zones.records import Zone


def rank_of(zones: Sequence[Zone]) -> NDArray[np.int64]:
    """Give each zone its place in the order of the overlap rule, 0 for the one that wins over all others."""
    order = sorted(range(len(zones)), key=lambda row: (zones[row].area_km2, zones[row].kode))
    rank = np.empty(len(zones), np.int64)
    rank[order] = np.arange(len(zones))
    return rank


def remainders(polygons: NDArray[np.object_], rank: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Cut from each zone what zones before it in the order cover; give the rows of the losers and what is left."""
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    loses = rank[first] > rank[second]
    losers, winners = first[loses], second[loses]
    shapely.prepare(polygons)
    overlap = shapely.relate_pattern(polygons[losers], polygons[winners], "T********")
    beaten_by: defaultdict[int, list[int]] = defaultdict(list)
    for loser, winner in zip(losers[overlap].tolist(), winners[overlap].tolist(), strict=True):
        beaten_by[loser].append(winner)
    rows = np.array(sorted(beaten_by), np.int64)
    left = np.empty(rows.size, object)
    for i, row in enumerate(rows.tolist()):
        left[i] = shapely.difference(polygons[row], shapely.union_all(polygons[sorted(beaten_by[row])]))
    return rows, left
