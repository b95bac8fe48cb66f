"""Border lines: every arc once, with what it parts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo112.basemap.arcs import Arcs
from geo112.basemap.rings import Bools, Rings
from geo112.basemap.world import UNIT_M, Ints

TINGKAT = ("kabkota", "kecamatan", "pantai")
KABKOTA, KECAMATAN, PANTAI = range(3)
# Sources leave slits between neighbours: a border this near to another kabupaten or kota is no coast.
REACH_M = 150.0
SAMPLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Group `g` has lines `first[g]` to `first[g + 1]`; line `i` is `points[start[i]:start[i + 1]]`.

    `left` and `right` are indices of kabupaten and kota as seen along the line, -1 for the sea or unknown.
    """

    points: Ints
    start: Ints
    first: Ints
    tingkat: Ints
    left: Ints
    right: Ints


def lines_of(
    arcs: Arcs, rings: Rings, alive: Bools, *, kecamatan_count: int, kabkota_of: Ints, reach_units: float
) -> Lines:
    """Sort the arcs of living rings into borders of kabupaten and kota, of kecamatan, and coasts.

    Owners below `kecamatan_count` are kecamatan, those above are kabupaten and kota; `kabkota_of` tells the
    kabupaten or kota of each kecamatan.
    """
    ring = np.repeat(np.arange(len(alive)), np.diff(arcs.use_start))
    living = alive[ring]
    arc, forward, owner = np.abs(arcs.use[living]) - 1, arcs.use[living] > 0, rings.owner[ring[living]]
    is_kecamatan = owner < kecamatan_count
    count = len(arcs.start) - 1
    left, right, inner = (np.full(count, -1, np.int64) for _ in range(3))
    right[arc[~is_kecamatan & forward]] = owner[~is_kecamatan & forward] - kecamatan_count
    left[arc[~is_kecamatan & ~forward]] = owner[~is_kecamatan & ~forward] - kecamatan_count
    inner[arc[is_kecamatan]] = kabkota_of[owner[is_kecamatan]]
    tingkat = np.full(count, PANTAI, np.int64)
    none = (left < 0) & (right < 0)
    tingkat[none] = KECAMATAN
    left[none], right[none] = inner[none], inner[none]
    tingkat[(left >= 0) & (right >= 0) & (left != right)] = KABKOTA
    one_sided = np.flatnonzero((left < 0) != (right < 0))
    opposite = _opposite(arcs, one_sided, np.maximum(left, right)[one_sided], reach_units)
    slit = one_sided[opposite >= 0]
    tingkat[slit] = KABKOTA
    left[slit] = np.where(left[slit] < 0, opposite[opposite >= 0], left[slit])
    right[slit] = np.where(right[slit] < 0, opposite[opposite >= 0], right[slit])
    used = np.zeros(count, bool)
    used[arc] = True
    return _grouped(arcs, _single(arcs, used, tingkat), tingkat, left, right)


def reach_units(pixel: float) -> float:
    """How near two borders count as one, in world units: the slits of the sources, or one pixel."""
    return max(REACH_M / UNIT_M, pixel)


def _opposite(arcs: Arcs, chosen: Ints, kabkota: Ints, reach: float) -> Ints:
    """Name the kabupaten or kota whose own one-sided border runs along most of each chosen arc, -1 for the sea."""
    answer = np.full(len(chosen), -1, np.int64)
    low, high = arcs.start[chosen], arcs.start[chosen + 1] - 1
    segments = high - low
    if not segments.sum():
        return answer
    which = np.repeat(np.arange(len(chosen)), segments)
    at = np.arange(len(which)) - np.repeat(np.cumsum(segments) - segments, segments) + low[which]
    lines = shapely.linestrings(np.stack((arcs.points[at], arcs.points[at + 1]), axis=1).astype(np.float64))
    step = np.maximum(1, segments // SAMPLES)[which]
    sample = np.flatnonzero((at - low[which]) % step == step // 2)
    middle = (arcs.points[at[sample]] + arcs.points[at[sample] + 1]) / 2
    tree = shapely.STRtree(lines)
    point, line = tree.query(shapely.points(middle), predicate="dwithin", distance=reach)
    mine, other = which[sample[point]], kabkota[which[line]]
    foreign = kabkota[mine] != other
    votes = np.unique(np.column_stack((mine, other, sample[point]))[foreign], axis=0)
    pairs, number = np.unique(votes[:, :2], axis=0, return_counts=True)
    asked = np.bincount(which[sample], minlength=len(chosen))
    won = number * 2 > asked[pairs[:, 0]]
    answer[pairs[won, 0]] = pairs[won, 1]
    return answer


def _single(arcs: Arcs, used: Bools, tingkat: Ints) -> Ints:
    """Leave out arcs without length, and of straight arcs between the same ends all but the weightiest."""
    length = np.diff(arcs.start)
    a, b = arcs.points[arcs.start[:-1]], arcs.points[arcs.start[1:] - 1]
    key_a, key_b = (a[:, 0] << 31) | a[:, 1], (b[:, 0] << 31) | b[:, 1]
    straight = length == 2
    keep = used & ~(straight & (key_a == key_b))
    number = np.flatnonzero(keep)
    own = np.where(straight, -1, np.arange(len(length)))[number]
    ends = np.column_stack((np.minimum(key_a, key_b)[number], np.maximum(key_a, key_b)[number], own))
    order = np.lexsort((number, tingkat[number]))
    _, first = np.unique(ends[order], axis=0, return_index=True)
    return np.sort(number[order[first]])


def _grouped(arcs: Arcs, chosen: Ints, tingkat: Ints, left: Ints, right: Ints) -> Lines:
    """Put lines that part the same neighbours beside each other."""
    order = chosen[np.lexsort((chosen, right[chosen], left[chosen], tingkat[chosen]))]
    labels = np.column_stack((tingkat[order], left[order], right[order]))
    fresh = np.ones(len(order), bool)
    fresh[1:] = (labels[1:] != labels[:-1]).any(axis=1)
    begins = np.flatnonzero(fresh)
    length = np.diff(arcs.start)[order]
    start = np.concatenate(([0], np.cumsum(length)))
    index = np.repeat(arcs.start[order] - start[:-1], length) + np.arange(start[-1])
    return Lines(
        points=arcs.points[index],
        start=start,
        first=np.concatenate((begins, [len(order)])),
        tingkat=labels[begins, 0],
        left=labels[begins, 1],
        right=labels[begins, 2],
    )


def boxes_of(points: Ints, start: Ints) -> npt.NDArray[np.int32]:
    """Give west, north, east, south of every run of points; an empty run gets a box that meets nothing."""
    boxes = np.empty((len(start) - 1, 4), np.int32)
    filled = np.diff(start) > 0
    boxes[~filled] = (1, 1, 0, 0)
    begins = start[:-1][filled]
    if len(begins):
        boxes[filled, :2] = np.minimum.reduceat(points, begins, axis=0)
        boxes[filled, 2:] = np.maximum.reduceat(points, begins, axis=0)
    return boxes
