"""Kernels of the build: which edges touch which cell, which cells lie wholly inside, and the records as words."""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917

import numba
import numpy as np

from geo112.zones.kernel import kernel
from geo112.zones.layout import (
    F_LOOKUP,
    F_SHARE,
    MARGIN_DEG,
    MOST_ENTRIES,
)
from geo112.zones.predicates import turn

_F8 = numba.types.Array(numba.float64, 1, "C", readonly=True)
_I8 = numba.types.Array(numba.int64, 1, "C", readonly=True)
_ENTRIES = numba.types.Array(numba.int64, 2, "C", readonly=True)
_GRID = numba.types.Tuple((numba.float64, numba.float64, numba.float64, numba.int64, numba.int64))


@kernel(numba.int64(numba.float64, numba.float64, numba.float64, numba.int64))
def _index(value, origin, cell, count):
    return min(count - 1, max(0, np.int64(np.floor((value - origin) / cell))))


@kernel(numba.int64(_F8, _F8, _I8, _GRID, numba.int64[::1], numba.int64[::1], numba.boolean))
def touch_cells(xs, ys, edges, grid, cells, owners, fill):
    """Pair each edge with each cell that it comes near; count them first, then fill in the pairs."""
    x0, y0, cell, nx, ny = grid
    found = 0
    for edge in edges:
        ax, ay, bx, by = xs[edge], ys[edge], xs[edge + 1], ys[edge + 1]
        south, north = min(ay, by), max(ay, by)
        for row in range(
            _index(south - 2 * MARGIN_DEG, y0, cell, ny), _index(north + 2 * MARGIN_DEG, y0, cell, ny) + 1
        ):
            low = y0 + row * cell - MARGIN_DEG
            high = y0 + (row + 1) * cell + MARGIN_DEG
            west, east = min(ax, bx), max(ax, bx)
            if ay != by and (south < low or north > high):
                at_low = min(1.0, max(0.0, (low - ay) / (by - ay)))
                at_high = min(1.0, max(0.0, (high - ay) / (by - ay)))
                west = ax + (bx - ax) * (at_low if (bx > ax) == (by > ay) else at_high)
                east = ax + (bx - ax) * (at_high if (bx > ax) == (by > ay) else at_low)
            first = _index(west - 2 * MARGIN_DEG, x0, cell, nx)
            last = _index(east + 2 * MARGIN_DEG, x0, cell, nx)
            for column in range(first, last + 1):
                if fill:
                    cells[found] = row * nx + column
                    owners[found] = edge
                found += 1
    return found


@kernel(numba.int64(_F8, _F8, _I8, numba.float64, numba.float64))
def _parity(xs, ys, edges, px, py):
    inside = 0
    for edge in edges:
        ay, by = ys[edge], ys[edge + 1]
        rises = ay <= py < by
        if rises or by <= py < ay:
            side = turn(xs[edge], ay, xs[edge + 1], by, px, py)
            if side != 0.0 and (side < 0.0) == rises:
                inside ^= 1
    return inside


@kernel(numba.int64(_F8, _F8, _I8, _GRID, _I8, numba.int64[:, ::1], numba.boolean))
def fill_shape(xs, ys, edges, grid, touched, out, fill):
    """List the cells of one shape as (cell, 1 if touched, 1 if its middle is inside); untouched ones only if inside."""
    x0, y0, cell, nx, _ = grid
    column0, column1 = nx, 0
    row0, row1 = touched[0] // nx, touched[0] // nx
    for value in touched:
        column0, column1 = min(column0, value % nx), max(column1, value % nx)
        row0, row1 = min(row0, value // nx), max(row1, value // nx)
    width = column1 - column0 + 1
    marks = np.zeros((row1 - row0 + 1) * width, np.uint8)
    for value in touched:
        marks[(value // nx - row0) * width + value % nx - column0] = 1
    found = 0
    crossing = np.empty(edges.size, np.int64)
    for row in range(row0, row1 + 1):
        py = y0 + (row + 0.5) * cell
        count = 0
        for edge in edges:
            if (ys[edge] <= py) != (ys[edge + 1] <= py):
                crossing[count] = edge
                count += 1
        known = False
        inside = 0
        for column in range(column0, column1 + 1):
            mark = marks[(row - row0) * width + column - column0]
            if mark or not known:
                inside = _parity(xs, ys, crossing[:count], x0 + (column + 0.5) * cell, py)
            known = not mark
            if mark or inside:
                if fill:
                    out[found, 0], out[found, 1], out[found, 2] = row * nx + column, mark, inside
                found += 1
    return found


@kernel(numba.int64(_F8, _F8, _I8, _I8, numba.float64, numba.float64, numba.float64, numba.int64[::1]))
def loose_ends(xs, ys, ring_first, edges, middle_x, south, cell, out):
    """List the vertices to the west of a cell where the border of a shape leaves the cell's edges; give their number.

    `edges` are those of one shape in the cell, in order; `ring_first[v]` is the first vertex of the ring of vertex v.
    """
    found = 0
    for i in range(edges.size):
        edge = edges[i]
        ring = ring_first[edge]
        starts = i == 0 or edges[i - 1] != edge - 1
        if starts and edge == ring:
            # The edge before the first one of a ring is its last one.
            for k in range(i, edges.size):
                after = edges[k] + 2
                if ring_first[edges[k]] == ring and (after >= ring_first.size or ring_first[after] != ring):
                    starts = False
        ends = i + 1 == edges.size or edges[i + 1] != edge + 1
        if ends and (edge + 2 >= ring_first.size or ring_first[edge + 2] != ring):
            ends = edges[np.searchsorted(edges, ring)] != ring
        for k in range(2):
            vertex = edge + k
            loose = ends if k else starts
            if loose and xs[vertex] < middle_x and south - 1e-8 < ys[vertex] < south + cell + 1e-8:
                out[found] = vertex
                found += 1
    return found


_PLACES, _BITS = numba.types.float64[:, ::1], numba.types.int64[:, ::1]
_F = numba.types.float64


@kernel(numba.int64(_PLACES, _BITS, numba.int64, numba.int64, _F, _F, _F, _F, numba.int64))
def _put_edge(places, bits, first, n, ax, ay, bx, by, bit):
    """Add an edge to an entry; an edge that is there since `first`, either way round, gets the entry's bit besides."""
    for i in range(first, n):
        if places[0, i] == ax and places[1, i] == ay and places[2, i] == bx and places[3, i] == by:
            bits[0, i] ^= bit
            return n
        if places[0, i] == bx and places[1, i] == by and places[2, i] == ax and places[3, i] == ay:
            bits[0, i] ^= bit
            bits[1, i] ^= bit
            return n
    places[0, n], places[1, n], places[2, n], places[3, n] = ax, ay, bx, by
    bits[0, n], bits[1, n] = bit, 0
    return n + 1


@kernel(numba.int64(_PLACES, _BITS, numba.int64, numba.int64, numba.float64[:, ::1], numba.uint8[:, ::1]))
def _link(places, bits, real, n, chain, sets):
    """Thread edges into chains, those that close a border at their ends; give the number of links."""
    left = n
    vertices = 0
    x, y = np.nan, np.nan
    free = np.ones(n, np.bool_)
    start = n - 1
    while left:
        found = -1
        for i in range(n):
            at_a, at_b = places[0, i] == x and places[1, i] == y, places[2, i] == x and places[3, i] == y
            if free[i] and (at_a or at_b):
                found = i
                break
        if found < 0:
            # A new chain begins at a closing edge while there is one: its lower end belongs to no other edge.
            while not free[start]:
                start -= 1
            found = start if start >= real else 0
            while not free[found]:
                found += 1
            x, y = places[0, found], places[1, found]
            if vertices:
                sets[0, vertices - 1], sets[1, vertices - 1] = 0, 0
            chain[0, vertices], chain[1, vertices] = x, y
            vertices += 1
        backwards = not (places[0, found] == x and places[1, found] == y)
        x, y = (places[0, found], places[1, found]) if backwards else (places[2, found], places[3, found])
        chain[0, vertices], chain[1, vertices] = x, y
        sets[0, vertices - 1] = bits[0, found]
        sets[1, vertices - 1] = bits[0, found] & ~bits[1, found] if backwards else bits[1, found]
        vertices += 1
        free[found] = False
        left -= 1
    return max(0, vertices - 1)


@kernel(numba.int64(_F8, _F8, _I8, _I8, _I8, _GRID, _ENTRIES, _I8, numba.int32[::1], numba.float64[::1]))
def write_records(xs, ys, ring_first, pair_first, pair_edges, grid, entries, records, grid_cells, words):
    """Write all records; give the number of words.

    An entry is (cell, zone, flags, state at the middle of the cell, group of pairs or -1); `records` says where each
    cell's entries begin, and ends with their count.
    """
    x0, y0, cell, nx, _ = grid
    halves, octets = words.view(np.int32), words.view(np.uint8)
    room = 1
    for record in range(records.size - 1):
        edges_here = 1
        for k in range(records[record], records[record + 1]):
            if entries[k, 4] >= 0:
                edges_here += 3 * (pair_first[entries[k, 4] + 1] - pair_first[entries[k, 4]])
        room = max(room, edges_here)
    places, bits = np.empty((4, room)), np.empty((2, room), np.int64)
    chain, sets = np.empty((2, 2 * room)), np.empty((2, 2 * room), np.uint8)
    ends = np.empty(room, np.int64)
    at = 0
    for record in range(records.size - 1):
        place = entries[records[record], 0]
        # The very floats of `fill_shape`: the middle may lie on an edge, and then the last bit tells.
        middle_x, middle_y = x0 + (place % nx + 0.5) * cell, y0 + (place // nx + 0.5) * cell
        south = y0 + (place // nx) * cell
        grid_cells[place] = -2 - at
        for first in range(records[record], records[record + 1], MOST_ENTRIES):
            last = min(first + MOST_ENTRIES, records[record + 1])
            lookups, odd, share, n = 0, 0, 0, 0
            for k in range(first, last):
                bit = 1 << (k - first)
                lookups += 1 if entries[k, 2] & F_LOOKUP else 0
                share |= bit if entries[k, 2] & F_SHARE else 0
                odd |= bit if entries[k, 3] else 0
                if entries[k, 4] >= 0:
                    for edge in pair_edges[pair_first[entries[k, 4]] : pair_first[entries[k, 4] + 1]]:
                        n = _put_edge(places, bits, 0, n, xs[edge], ys[edge], xs[edge + 1], ys[edge + 1], bit)
            real = n
            for k in range(first, last):
                if entries[k, 4] >= 0:
                    edges = pair_edges[pair_first[entries[k, 4]] : pair_first[entries[k, 4] + 1]]
                    for i in range(loose_ends(xs, ys, ring_first, edges, middle_x, south, cell, ends)):
                        x, y = xs[ends[i]], ys[ends[i]]
                        n = _put_edge(places, bits, real, n, x, south - 1.0, x, y, 1 << (k - first))
            for i in range(n):
                ax, ay, bx, by = places[0, i], places[1, i], places[2, i], places[3, i]
                rises = ay <= middle_y < by
                if rises or by <= middle_y < ay:
                    side = turn(ax, ay, bx, by, middle_x, middle_y)
                    if side != 0.0 and (side < 0.0) == rises:
                        odd ^= bits[0, i]
            links = _link(places, bits, real, n, chain, sets)
            octets[8 * at], octets[8 * at + 1], octets[8 * at + 2], octets[8 * at + 3] = (
                last - first,
                lookups,
                odd,
                share,
            )
            halves[2 * at + 1] = 2 * links + (1 if last < records[record + 1] else 0)
            at += 1
            for k in range(first, last):
                halves[2 * at + k - first] = entries[k, 1]
            at += (last - first + 1) // 2
            for i in range(links):
                octets[8 * at + i] = sets[0, i]
            at += (links + 7) // 8
            if links:
                words[at : at + links + 1] = chain[0, : links + 1]
                words[at + links + 1 : at + 2 * links + 2] = chain[1, : links + 1]
            at += 2 * links + 2
            for i in range(links):
                octets[8 * at + i] = sets[1, i]
            at += (links + 7) // 8
    return at
