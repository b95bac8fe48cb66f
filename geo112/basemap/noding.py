"""Lays borders on a grid so that two that run beside each other become one."""

import numpy as np

from geo112.basemap.kernel import kernel
from geo112.basemap.world import Ints


@kernel
def snap_rings(points: Ints, start: Ints, grid: int) -> tuple[Ints, Ints]:
    """Round rings to the grid; repeated points and spikes go, rings of fewer than three points become empty."""
    out = points.copy()
    new_start = start.copy()
    at = 0
    for ring in range(len(start) - 1):
        first = at
        for i in range(start[ring], start[ring + 1]):
            x = (points[i, 0] + grid // 2) // grid * grid
            y = (points[i, 1] + grid // 2) // grid * grid
            if at > first and out[at - 1, 0] == x and out[at - 1, 1] == y:
                continue
            if at > first + 1 and out[at - 2, 0] == x and out[at - 2, 1] == y:
                at -= 1
                continue
            out[at, 0] = x
            out[at, 1] = y
            at += 1
        low = first
        while at - low >= 2:
            closed = out[at - 1, 0] == out[low, 0] and out[at - 1, 1] == out[low, 1]
            if closed or (at - low >= 3 and out[at - 2, 0] == out[low, 0] and out[at - 2, 1] == out[low, 1]):
                at -= 1
            elif at - low >= 3 and out[at - 1, 0] == out[low + 1, 0] and out[at - 1, 1] == out[low + 1, 1]:
                low += 1
            else:
                break
        count = at - low if at - low >= 3 else 0
        for i in range(count):
            out[first + i, 0] = out[low + i, 0]
            out[first + i, 1] = out[low + i, 1]
        at = first + count
        new_start[ring + 1] = at
    return out[:at].copy(), new_start


@kernel
def place_of(table: Ints, x: int, y: int) -> int:
    """Find the place of a grid cell in the table of vertices: its own, or the free one where it belongs."""
    mask = len(table) - 1
    key = (x << 31) | y
    place = ((x * 73856093) ^ (y * 19349663)) & mask
    while table[place] >= 0 and table[place] != key:
        place = (place + 1) & mask
    return place


@kernel
def crossed(table: Ints, ax: int, ay: int, bx: int, by: int, cells: Ints) -> int:
    """List the vertex cells that the segment from a to b passes, without its ends, in order from the lower end."""
    steep = abs(by - ay) > abs(bx - ax)
    run = abs(by - ay) if steep else abs(bx - ax)
    step = (1 if by > ay else -1) if steep else (1 if bx > ax else -1)
    base = ax if steep else ay
    slope = (bx - ax if steep else by - ay) / run
    count = 0
    for k in range(run + 1):
        along = (ay if steep else ax) + step * k
        enter = int((base + slope * max(0.0, k - 0.5)) + 0.5)
        leave = int((base + slope * min(float(run), k + 0.5)) + 0.5)
        for turn in range(1 if enter == leave else 2):
            across = enter if turn == 0 else leave
            x, y = (across, along) if steep else (along, across)
            if (x == ax and y == ay) or (x == bx and y == by):
                continue
            if table[place_of(table, x, y)] >= 0:
                cells[count, 0], cells[count, 1] = x, y
                count += 1
    return count


@kernel
def node_rings(points: Ints, start: Ints, grid: int) -> tuple[Ints, Ints]:
    """Lead every edge through all vertices whose grid cell it passes (hot pixels, Hobby 1999; one pass).

    The points are on the grid. Both neighbours of a border treat an edge alike, whichever way they run along it.
    """
    size, longest = 16, 1
    while size < 2 * len(points):
        size *= 2
    table = np.full(size, -1, np.int64)
    for ring in range(len(start) - 1):
        for i in range(start[ring], start[ring + 1]):
            k = i + 1 if i + 1 < start[ring + 1] else start[ring]
            x, y = points[i, 0] // grid, points[i, 1] // grid
            table[place_of(table, x, y)] = (x << 31) | y
            longest = max(longest, abs(points[k, 0] // grid - x), abs(points[k, 1] // grid - y))
    cells = np.empty((2 * longest + 2, 2), np.int64)
    out = np.empty((2 * len(points) + 16, 2), np.int64)
    new_start = start.copy()
    at = 0
    for ring in range(len(start) - 1):
        for i in range(start[ring], start[ring + 1]):
            k = i + 1 if i + 1 < start[ring + 1] else start[ring]
            ax, ay = points[i, 0] // grid, points[i, 1] // grid
            bx, by = points[k, 0] // grid, points[k, 1] // grid
            backward = ax > bx or (ax == bx and ay > by)
            count = crossed(table, bx, by, ax, ay, cells) if backward else crossed(table, ax, ay, bx, by, cells)
            if at + count + 1 > len(out):
                larger = np.empty((2 * len(out) + count, 2), np.int64)
                larger[:at] = out[:at]
                out = larger
            out[at, 0], out[at, 1] = ax * grid, ay * grid
            at += 1
            for c in range(count):
                cell = count - 1 - c if backward else c
                out[at, 0], out[at, 1] = cells[cell, 0] * grid, cells[cell, 1] * grid
                at += 1
        new_start[ring + 1] = at
    return out[:at].copy(), new_start
