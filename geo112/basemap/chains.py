"""Joins arcs that part the same neighbours into longer lines."""

import numpy as np

from geo112.basemap.kernel import kernel
from geo112.basemap.world import Ints

# A line stays short enough that a tile of a high zoom need not read a whole coast.
LONGEST_POINTS = 256


def partners(first: Ints, last: Ints, group: Ints, *, directed: Ints) -> Ints:
    """Name for each end of each arc the end that continues it, -1 where its line ends.

    End `2 * i` is the start of arc `i`, `2 * i + 1` its end. Two ends meet where exactly two of the same group have
    the same vertex; arcs with `directed` set go on only from an end to a start, so that left stays left.
    """
    vertex = np.column_stack((first, last)).ravel()
    _, spot = np.unique(np.column_stack((np.repeat(group, 2), vertex)), axis=0, return_inverse=True)
    order = np.argsort(spot, kind="stable")
    ordered = spot[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    pairs = begins[np.diff(np.concatenate((begins, [len(ordered)]))) == 2]
    a, b = order[pairs], order[pairs + 1]
    fits = (a % 2 != b % 2) | (directed[a // 2] == 0)
    partner = np.full(len(vertex), -1, np.int64)
    partner[a[fits]], partner[b[fits]] = b[fits], a[fits]
    return partner


@kernel
def chain_arcs(partner: Ints, length: Ints, longest: int) -> tuple[Ints, Ints]:
    """Put arcs in the order of their lines: `k + 1` is arc `k` forward, `-(k + 1)` backward; and where lines begin."""
    count = len(length)
    done = np.zeros(count, np.bool_)
    sequence, start = np.empty(count, np.int64), np.zeros(count + 1, np.int64)
    at, lines = 0, 0
    for seed in range(count):
        if done[seed]:
            continue
        entry = 2 * seed
        while partner[entry] >= 0 and partner[entry] // 2 != seed:
            entry = partner[entry] ^ 1
        size = 0
        while not done[entry // 2]:
            arc = entry // 2
            if size > 0 and size + length[arc] > longest:
                lines += 1
                start[lines] = at
                size = 0
            done[arc] = True
            sequence[at] = arc + 1 if entry % 2 == 0 else -(arc + 1)
            at += 1
            size += length[arc]
            if partner[entry ^ 1] < 0:
                break
            entry = partner[entry ^ 1]
        lines += 1
        start[lines] = at
    return sequence, start[: lines + 1].copy()


@kernel
def join_lines(points: Ints, start: Ints, sequence: Ints, chain_start: Ints) -> tuple[Ints, Ints]:
    """Write each line as one run of points; where two arcs meet, the vertex stands once."""
    total = 0
    for i in range(len(sequence)):
        arc = abs(sequence[i]) - 1
        total += start[arc + 1] - start[arc]
    out, line_start = np.empty((total, 2), np.int64), np.zeros_like(chain_start)
    at = 0
    for line in range(len(chain_start) - 1):
        for i in range(chain_start[line], chain_start[line + 1]):
            arc = abs(sequence[i]) - 1
            for k in range(0 if i == chain_start[line] else 1, start[arc + 1] - start[arc]):
                place = start[arc] + k if sequence[i] > 0 else start[arc + 1] - 1 - k
                out[at, 0], out[at, 1] = points[place, 0], points[place, 1]
                at += 1
        line_start[line + 1] = at
    return out[:at].copy(), line_start
