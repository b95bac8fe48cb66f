"""Kernels of the build: which edges touch which cell, which cells lie wholly inside, and the records as words."""

import numba
import numpy as np

from geo112.zones.layout import F_PARITY, MARGIN_DEG
from geo112.zones.predicates import turn

_F8 = numba.types.Array(numba.float64, 1, "C", readonly=True)
_I8 = numba.types.Array(numba.int64, 1, "C", readonly=True)
_GRID = numba.types.Tuple((numba.float64, numba.float64, numba.float64, numba.int64, numba.int64))


@numba.njit(numba.int64(numba.float64, numba.float64, numba.float64, numba.int64), cache=True, nogil=True)
def _index(value, origin, cell, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    return min(count - 1, max(0, np.int64(np.floor((value - origin) / cell))))


@numba.njit(
    numba.int64(_F8, _F8, _I8, _GRID, numba.int64[::1], numba.int64[::1], numba.boolean), cache=True, nogil=True
)
def touch_cells(xs, ys, edges, grid, cells, owners, fill):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913, PLR0917 - compiled
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
            if south < low or north > high:
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


@numba.njit(numba.int64(_F8, _F8, _I8, numba.float64, numba.float64), cache=True, nogil=True)
def _parity(xs, ys, edges, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    inside = 0
    for edge in edges:
        ay, by = ys[edge], ys[edge + 1]
        rises = ay <= py < by
        if rises or by <= py < ay:
            side = turn(xs[edge], ay, xs[edge + 1], by, px, py)
            if side != 0.0 and (side < 0.0) == rises:
                inside ^= 1
    return inside


@numba.njit(numba.int64(_F8, _F8, _I8, _GRID, _I8, numba.int64[:, ::1], numba.boolean), cache=True, nogil=True)
def fill_shape(xs, ys, edges, grid, touched, out, fill):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913, PLR0917 - compiled
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


@numba.njit(
    numba.int64(
        _F8, _F8, _I8, _I8, numba.float64, numba.float64, numba.float64, numba.float64[::1], numba.float64[::1]
    ),
    cache=True,
    nogil=True,
)
def chain(xs, ys, ring_first, edges, west, south, cell, out_x, out_y):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913, PLR0917, C901 - compiled
    """Write the chains of the edges of one shape in one cell; give the number of vertices written.

    `ring_first[e]` is the first edge of the ring of edge e; the edge before the first one is the ring's last.
    """
    written = 0
    middle_x = west + 0.5 * cell
    for i in range(edges.size):
        edge = edges[i]
        if i == 0 or edges[i - 1] != edge - 1:
            if i:
                out_x[written], out_y[written] = np.nan, np.nan
                written += 1
            closed = False
            if ring_first[edge] == edge:
                for k in range(i, edges.size):
                    after = edges[k] + 2
                    is_last = after >= ring_first.size or ring_first[after] != edge
                    closed |= ring_first[edges[k]] == edge and is_last
            if not closed and xs[edge] < middle_x and south - 1e-8 < ys[edge] < south + cell + 1e-8:
                out_x[written], out_y[written] = xs[edge], south - 1.0
                written += 1
            out_x[written], out_y[written] = xs[edge], ys[edge]
            written += 1
        end = edge + 1
        out_x[written], out_y[written] = xs[end], ys[end]
        written += 1
        if i + 1 == edges.size or edges[i + 1] != end:
            is_last = end + 1 >= ring_first.size or ring_first[end + 1] != ring_first[edge]
            closed = is_last and edges[np.searchsorted(edges, ring_first[edge])] == ring_first[edge]
            if not closed and xs[end] < middle_x and south - 1e-8 < ys[end] < south + cell + 1e-8:
                out_x[written], out_y[written] = xs[end], south - 1.0
                written += 1
    return written


@numba.njit(
    numba.int64(numba.float64[::1], numba.float64[::1], numba.int64, numba.float64, numba.float64),
    cache=True,
    nogil=True,
)
def chain_parity(out_x, out_y, n, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled
    """Count the crossings of a written chain to the west of a point, modulo two, as `lookup` will count them."""
    inside = 0
    for i in range(n - 1):
        ay, by = out_y[i], out_y[i + 1]
        rises = ay <= py < by
        if rises or by <= py < ay:
            side = turn(out_x[i], ay, out_x[i + 1], by, px, py)
            if side != 0.0 and (side < 0.0) == rises:
                inside ^= 1
    return inside


@numba.njit(
    numba.int64(
        _F8, _F8, _I8, _I8, _I8, _GRID, numba.types.Array(numba.int64, 2, "C", readonly=True), _I8,
        numba.int32[::1], numba.float64[::1],
    ),
    cache=True,
    nogil=True,
)  # fmt: skip
def write_records(xs, ys, ring_first, pair_first, pair_edges, grid, entries, records, grid_cells, words):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0913, PLR0917 - compiled
    """Write all records; give the number of words.

    An entry is (cell, zone, flags, state at the middle of the cell, group of pairs or -1); `records` says where each
    record's entries begin and ends with their count.
    """
    x0, y0, cell, nx, _ = grid
    halves = words.view(np.int32)
    at = 0
    room = 0
    for group in range(pair_first.size - 1):
        room = max(room, pair_first[group + 1] - pair_first[group])
    out_x, out_y = np.empty(5 * room + 8), np.empty(5 * room + 8)
    for record in range(records.size - 1):
        first, last = records[record], records[record + 1]
        place = entries[first, 0]
        west, south = x0 + (place % nx) * cell, y0 + (place // nx) * cell
        start = at
        at += 1 + 2 * (last - first)
        for k in range(first, last):
            group = entries[k, 4]
            flags = entries[k, 2]
            n = 0
            parity = entries[k, 3]
            if group >= 0:
                edges = pair_edges[pair_first[group] : pair_first[group + 1]]
                n = chain(xs, ys, ring_first, edges, west, south, cell, out_x, out_y)
                # The very floats of `fill_shape`: the middle may lie on an edge, and then the last bit tells.
                middle_x, middle_y = x0 + (place % nx + 0.5) * cell, y0 + (place // nx + 0.5) * cell
                parity ^= chain_parity(out_x, out_y, n, middle_x, middle_y)
            entry = 2 * (start + 1 + 2 * (k - first))
            halves[entry], halves[entry + 1] = entries[k, 1], flags | (F_PARITY if parity else 0)
            halves[entry + 2], halves[entry + 3] = at - start, n
            for i in range(n):
                words[at + i], words[at + n + i] = out_x[i], out_y[i]
            at += 2 * n
        halves[2 * start], halves[2 * start + 1] = last - first, at - start
        grid_cells[place] = -2 - start
    return at
