"""Border lines: every arc once, with what it parts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo112.basemap.arcs import Arcs
from geo112.basemap.chains import LONGEST_POINTS, chain_arcs, join_lines, partners
from geo112.basemap.coasts import Inland, LandEdge, across
from geo112.basemap.rings import Bools, Rings
from geo112.basemap.world import Ints

TINGKAT = ("kabkota", "kecamatan", "pantai")
KABKOTA, KECAMATAN, PANTAI = range(3)


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


def lines_of(arcs: Arcs, rings: Rings, alive: Bools, *, kabkota_of: Ints, kabkota_count: int, inland: Inland) -> Lines:
    """Sort the arcs of living rings into borders of kabupaten and kota, of kecamatan, and coasts.

    Owners are first all kecamatan, then all kabupaten and kota; what comes behind them has no border lines.
    `kabkota_of` tells the kabupaten or kota of each kecamatan.
    """
    kecamatan_count = len(kabkota_of)
    ring = np.repeat(np.arange(len(alive)), np.diff(arcs.use_start))
    living = alive[ring] & (rings.owner[ring] < kecamatan_count + kabkota_count)
    arc, forward, owner = np.abs(arcs.use[living]) - 1, arcs.use[living] > 0, rings.owner[ring[living]]
    is_kecamatan = owner < kecamatan_count
    count = len(arcs.start) - 1
    left, right, inner = (np.full(count, -1, np.int64) for _ in range(3))
    right[arc[~is_kecamatan & forward]] = owner[~is_kecamatan & forward] - kecamatan_count
    left[arc[~is_kecamatan & ~forward]] = owner[~is_kecamatan & ~forward] - kecamatan_count
    inner[arc[is_kecamatan]] = kabkota_of[owner[is_kecamatan]]
    none = (left < 0) & (right < 0)
    left[none], right[none] = inner[none], inner[none]
    used = np.zeros(count, bool)
    used[arc] = True
    arcs, origin = _in_pieces(arcs, (left < 0) != (right < 0))
    left, right, used = left[origin], right[origin], used[origin]
    one_sided = np.flatnonzero((left < 0) != (right < 0))
    edge = LandEdge(
        a=arcs.points[arcs.start[one_sided]].astype(np.float64),
        b=arcs.points[arcs.start[one_sided] + 1].astype(np.float64),
        kabkota=np.maximum(left, right)[one_sided],
        land_left=left[one_sided] >= 0,
    )
    opposite = across(edge, inland)
    slit = one_sided[opposite >= 0]
    left[slit] = np.where(left[slit] < 0, opposite[opposite >= 0], left[slit])
    right[slit] = np.where(right[slit] < 0, opposite[opposite >= 0], right[slit])
    tingkat = np.full(len(left), PANTAI, np.int64)
    both = (left >= 0) & (right >= 0)
    tingkat[both] = np.where(left[both] == right[both], KECAMATAN, KABKOTA)
    return _grouped(arcs, _single(arcs, used, tingkat), tingkat, left, right)


def _in_pieces(arcs: Arcs, cut: Bools) -> tuple[Arcs, Ints]:
    """Cut the chosen arcs into their segments, since a coast may turn into a slit anywhere; name the arc of each."""
    segments = np.where(cut, np.maximum(1, np.diff(arcs.start) - 1), 1)
    origin = np.repeat(np.arange(len(cut)), segments)
    turn = np.arange(len(origin)) - np.repeat(np.cumsum(segments) - segments, segments)
    length = np.where(cut, 2, np.diff(arcs.start))[origin]
    start = np.concatenate(([0], np.cumsum(length)))
    index = np.repeat(arcs.start[:-1][origin] + turn - start[:-1], length) + np.arange(start[-1])
    return Arcs(points=arcs.points[index], start=start, use=arcs.use, use_start=arcs.use_start), origin


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
    """Put lines that part the same neighbours beside each other, and join those that go on in each other."""
    turned = left > right
    lower, upper = np.where(turned, right, left), np.where(turned, left, right)
    order = chosen[np.lexsort((chosen, upper[chosen], lower[chosen], tingkat[chosen]))]
    labels = np.column_stack((tingkat[order], lower[order], upper[order]))
    fresh = np.ones(len(order), bool)
    fresh[1:] = (labels[1:] != labels[:-1]).any(axis=1)
    group = np.cumsum(fresh) - 1
    sign = np.where(turned[order], -1, 1)
    ends = _ends(arcs, order, turned[order])
    partner = partners(*ends, group, directed=(labels[:, 1] != labels[:, 2]).astype(np.int64))
    sequence, chain_start = chain_arcs(partner, np.diff(arcs.start)[order], LONGEST_POINTS)
    where = np.abs(sequence) - 1
    signed = np.sign(sequence) * sign[where] * (order[where] + 1)
    points, start = join_lines(arcs.points, arcs.start, signed, chain_start)
    begins = np.flatnonzero(fresh)
    line_group = group[where[chain_start[:-1]]]
    by_group = np.searchsorted(line_group, np.arange(len(begins) + 1))
    return Lines(
        points=points,
        start=start,
        first=by_group,
        tingkat=labels[begins, 0],
        left=labels[begins, 1],
        right=labels[begins, 2],
    )


def _ends(arcs: Arcs, order: Ints, turned: Bools) -> tuple[Ints, Ints]:
    """Give the first and the last vertex of each arc as it will be drawn."""
    a, b = arcs.points[arcs.start[order]], arcs.points[arcs.start[order + 1] - 1]
    key_a, key_b = (a[:, 0] << 31) | a[:, 1], (b[:, 0] << 31) | b[:, 1]
    return np.where(turned, key_b, key_a), np.where(turned, key_a, key_b)


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
