"""Borders as arcs: each stretch between two nodes exists once, whoever shares it.

So neighbours keep one line between them at every zoom, and a line is drawn once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo112.basemap.kernel import kernel
from geo112.basemap.noding import node_rings, snap_rings
from geo112.basemap.rings import Bools, Rings
from geo112.basemap.world import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Arc `i` is `points[start[i]:start[i + 1]]`.

    Ring `r` runs through `use[use_start[r]:use_start[r + 1]]`: `k + 1` is arc `k` forward, `-(k + 1)` is backward.
    """

    points: Ints
    start: Ints
    use: Ints
    use_start: Ints


def arcs_of(rings: Rings, *, grid_units: int, tolerance_units: float) -> Arcs:
    """Cut rings into shared arcs on a grid, then thin each arc (Douglas and Peucker 1973).

    Vertices that fall on one grid point become one, so most gaps and overlaps narrower than the grid close.
    """
    points, start = snap_rings(rings.points, rings.start, grid_units)
    if grid_units > 1:
        points, start = snap_rings(*node_rings(points, start, grid_units), grid_units)
    _, first, vertex = np.unique((points[:, 0] << 31) | points[:, 1], return_index=True, return_inverse=True)
    places = points[first]
    following = np.arange(1, len(points) + 1)
    filled = start[1:] > start[:-1]
    following[start[1:][filled] - 1] = start[:-1][filled]
    low, high = np.minimum(vertex, vertex[following]), np.maximum(vertex, vertex[following])
    keys, edge = np.unique(low * len(places) + high, return_inverse=True)
    ends = np.concatenate((keys // max(1, len(places)), keys % max(1, len(places))))
    node = np.bincount(ends, minlength=len(places)) != 2
    arc_vertex, arc_start, use, use_start = cut_rings(start, vertex, edge, node, len(keys))
    arc_points = places[arc_vertex]
    if tolerance_units > 0:
        keep = thin_arcs(arc_points, arc_start, tolerance_units)
        kept = np.concatenate(([0], np.cumsum(keep)))
        arc_points, arc_start = arc_points[keep], kept[arc_start]
    return Arcs(points=arc_points, start=arc_start, use=use, use_start=use_start)


def rings_again(arcs: Arcs, rings: Rings, *, smallest_units2: float) -> tuple[Rings, Bools]:
    """Put the thinned rings together; also says which of the old rings are left.

    Rings that collapse or turn over are dropped, and islands and lakes below the smallest area, except that the
    largest ring of an owner stays.
    """
    points, start = join_arcs(arcs.points, arcs.start, arcs.use, arcs.use_start)
    whole = Rings(points=points, start=start, owner=rings.owner, hole=rings.hole)
    area_2 = np.where(rings.hole, -1, 1) * whole.areas_2()
    outer_area = np.where(rings.hole, 0, area_2)
    largest = np.zeros(int(rings.owner.max(initial=-1)) + 1, np.int64)
    np.maximum.at(largest, rings.owner, outer_area)
    alive = (np.diff(start) >= 3) & (area_2 > 0)
    alive &= (area_2 >= 2 * smallest_units2) | (~rings.hole & (area_2 == largest[rings.owner]))
    outer = np.maximum.accumulate(np.where(rings.hole, 0, np.arange(len(alive))))
    alive &= alive[outer]
    keep = np.repeat(alive, np.diff(start))
    left = Rings(
        points=points[keep],
        start=np.concatenate(([0], np.cumsum(np.diff(start)[alive]))),
        owner=rings.owner[alive],
        hole=rings.hole[alive],
    )
    return left, alive


@kernel
def cut_rings(  # noqa: C901 - one compiled loop, all branches share its counters
    start: Ints, vertex: Ints, edge: Ints, node: Bools, edge_count: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Cut rings at the nodes; a ring without a node is one closed arc from its lowest vertex."""
    total = len(vertex)
    arc_of_edge = np.full(edge_count, -1, np.int64)
    arc_vertex = np.empty(2 * total + 1, np.int64)
    arc_start = np.zeros(total + 1, np.int64)
    use = np.empty(total, np.int64)
    use_start = np.zeros(len(start), np.int64)
    arcs, at, uses = 0, 0, 0
    for ring in range(len(start) - 1):
        low = start[ring]
        count = start[ring + 1] - low
        begin = -1
        lowest = 0
        for i in range(count):
            if node[vertex[low + i]]:
                begin = i
                break
            if vertex[low + i] < vertex[low + lowest]:
                lowest = i
        if begin < 0:
            begin = lowest
        done = 0
        while done < count:
            length = 1
            while done + length < count and not node[vertex[low + (begin + done + length) % count]]:
                length += 1
            here = low + (begin + done) % count
            arc = arc_of_edge[edge[here]]
            if arc < 0:
                arc = arcs
                for i in range(length + 1):
                    place = low + (begin + done + i) % count
                    arc_vertex[at + i] = vertex[place]
                    if i < length:
                        arc_of_edge[edge[place]] = arc
                at += length + 1
                arcs += 1
                arc_start[arcs] = at
                use[uses] = arc + 1
            else:
                second = vertex[low + (begin + done + 1) % count]
                base = arc_start[arc]
                same = arc_vertex[base] == vertex[here] and arc_vertex[base + 1] == second
                use[uses] = arc + 1 if same else -(arc + 1)
            uses += 1
            done += length
        use_start[ring + 1] = uses
    return arc_vertex[:at].copy(), arc_start[: arcs + 1].copy(), use[:uses].copy(), use_start


@kernel
def thin_arcs(points: Ints, start: Ints, tolerance: float) -> npt.NDArray[np.bool_]:
    """Say which points stay when each arc may move by the tolerance; a closed arc turns at its farthest point."""
    keep = np.zeros(len(points), np.bool_)
    stack = np.empty((len(points) + 2, 2), np.int64)
    for arc in range(len(start) - 1):
        first, last = start[arc], start[arc + 1] - 1
        keep[first] = True
        keep[last] = True
        stack[0, 0] = first
        stack[0, 1] = last
        depth = 1
        while depth > 0:
            depth -= 1
            low, high = stack[depth, 0], stack[depth, 1]
            ax, ay = float(points[low, 0]), float(points[low, 1])
            dx, dy = points[high, 0] - ax, points[high, 1] - ay
            length2 = dx * dx + dy * dy
            worst, far = tolerance * tolerance, -1
            for i in range(low + 1, high):
                px, py = points[i, 0] - ax, points[i, 1] - ay
                if length2 > 0:
                    share = min(1.0, max(0.0, (px * dx + py * dy) / length2))
                    px -= share * dx
                    py -= share * dy
                distance2 = px * px + py * py
                if distance2 > worst:
                    worst, far = distance2, i
            if far >= 0:
                keep[far] = True
                stack[depth, 0], stack[depth, 1] = low, far
                stack[depth + 1, 0], stack[depth + 1, 1] = far, high
                depth += 2
    return keep


@kernel
def join_arcs(points: Ints, start: Ints, use: Ints, use_start: Ints) -> tuple[Ints, Ints]:
    """Write rings from their arcs, leaving out the last point of each arc, where the next one begins."""
    total = 0
    for i in range(len(use)):
        arc = abs(use[i]) - 1
        total += start[arc + 1] - start[arc] - 1
    out = np.empty((total, 2), np.int64)
    ring_start = np.zeros_like(use_start)
    at = 0
    for ring in range(len(use_start) - 1):
        for i in range(use_start[ring], use_start[ring + 1]):
            arc = abs(use[i]) - 1
            for k in range(start[arc + 1] - start[arc] - 1):
                place = start[arc] + k if use[i] > 0 else start[arc + 1] - 1 - k
                out[at, 0] = points[place, 0]
                out[at, 1] = points[place, 1]
                at += 1
        ring_start[ring + 1] = at
    return out, ring_start
