"""Kernels that find the zones that cover a point, exactly as the OGC predicate `covers` (the boundary belongs)."""

import numba
import numpy as np

from geo112.zones.layout import (
    F_LOOKUP,
    F_PARITY,
    NOTHING,
    W_GRID,
    W_NX,
    W_NY,
    W_PER_CELL,
    W_RECORDS,
    W_X0,
    W_Y0,
)
from geo112.zones.predicates import ROUNDING, turn

WORDS = numba.types.Array(numba.float64, 1, "C", readonly=True)
_LONS = numba.types.Array(numba.float64, 1, "C", readonly=True)


@numba.njit(numba.boolean(WORDS, numba.int64, numba.int64, numba.int64, numba.float64, numba.float64), cache=True)
def _covers_exactly(words, first, n, parity, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    for i in range(first, first + n - 1):
        ax, bx = words[i], words[i + 1]
        ay, by = words[i + n], words[i + n + 1]
        if (ax == px and ay == py) or (bx == px and by == py):
            return True
        if ay == py and by == py and min(ax, bx) <= px <= max(ax, bx):
            return True
        rises = ay <= py < by
        falls = by <= py < ay
        if rises or falls:
            side = turn(ax, ay, bx, by, px, py)
            if side == 0.0:
                return True
            if (side < 0.0) == rises:
                parity ^= 1
    return parity == 1


@numba.njit(
    numba.boolean(WORDS, numba.int64, numba.int64, numba.int64, numba.float64, numba.float64), cache=True, nogil=True
)
def entry_covers(words, first, n, parity, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled
    """Tell whether an entry's zone covers a point of its cell; branch-free but for points all but on an edge."""
    crossed = 0
    doubt = 0
    for i in range(first, first + n - 1):
        ax, bx = words[i], words[i + 1]
        ay, by = words[i + n], words[i + n + 1]
        left = (bx - ax) * (py - ay)
        right = (by - ay) * (px - ax)
        side = left - right
        rises = (ay <= py) & (by > py)
        falls = (by <= py) & (ay > py)
        crossed ^= (rises & (side < 0.0)) | (falls & (side > 0.0))
        close = abs(side) <= ROUNDING * (abs(left) + abs(right))
        doubt |= ((rises | falls) & close) | (ay == py) | (by == py)
    if doubt:
        return _covers_exactly(words, first, n, parity, px, py)
    return (crossed ^ parity) == 1


@numba.njit(numba.int64(WORDS, numba.float64, numba.float64), cache=True, nogil=True)
def cell_value(words, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled with the signature above
    """Read what the grid says of the cell in which a point lies; NOTHING beyond the grid and for not-a-number."""
    whole = words.view(np.int64)
    column = (px - words[W_X0]) * words[W_PER_CELL]
    row = (py - words[W_Y0]) * words[W_PER_CELL]
    if not (0.0 <= column < whole[W_NX] and 0.0 <= row < whole[W_NY]):
        return NOTHING
    return np.int64(words.view(np.int32)[2 * whole[W_GRID] + np.int64(row) * whole[W_NX] + np.int64(column)])


@numba.njit(numba.int64(WORDS, numba.int64, numba.float64, numba.float64), cache=True, nogil=True)
def record_winner(words, value, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled
    """Find the first zone of a cell's record that covers a point; entries stand in the order of the overlap rule."""
    halves = words.view(np.int32)
    record = words.view(np.int64)[W_RECORDS] - 2 - value
    for entry in range(halves[2 * record]):
        at = 2 * (record + 1 + 2 * entry)
        flags = halves[at + 1]
        if not flags & F_LOOKUP:
            break
        if entry_covers(words, record + halves[at + 2], halves[at + 3], flags & F_PARITY, px, py):
            return np.int64(halves[at])
    return NOTHING


@numba.njit(numba.int64(WORDS, numba.float64, numba.float64), cache=True, nogil=True)
def winner(words, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled with the signature above
    """Give the row of the zone that a point belongs to, or NOTHING."""
    value = cell_value(words, px, py)
    return record_winner(words, value, px, py) if value < NOTHING else value


@numba.njit(numba.int64[::1](WORDS, numba.float64, numba.float64), cache=True, nogil=True)
def covering(words, px, py):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled with the signature above
    """Give the rows of all zones that cover a point, the winner first."""
    value = cell_value(words, px, py)
    if value >= NOTHING:
        return np.full(1 if value >= 0 else 0, value)
    halves = words.view(np.int32)
    record = words.view(np.int64)[W_RECORDS] - 2 - value
    rows = np.empty(halves[2 * record], np.int64)
    found = 0
    for entry in range(halves[2 * record]):
        at = 2 * (record + 1 + 2 * entry)
        flags = halves[at + 1]
        if flags & F_LOOKUP and entry_covers(
            words, record + halves[at + 2], halves[at + 3], flags & F_PARITY, px, py
        ):
            rows[found] = halves[at]
            found += 1
    return rows[:found].copy()


@numba.njit(numba.void(WORDS, _LONS, _LONS, numba.int32[::1]), cache=True, nogil=True)
def winners(words, lons, lats, rows):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - compiled
    """Fill in the row of the zone of each point; the grid is read ahead in blocks, so that memory is waited for once."""
    block = 64
    values = np.empty(block, np.int64)
    for start in range(0, lons.size, block):
        count = min(block, lons.size - start)
        for i in range(count):
            values[i] = cell_value(words, lons[start + i], lats[start + i])
        for i in range(count):
            value = values[i]
            if value < NOTHING:
                value = record_winner(words, value, lons[start + i], lats[start + i])
            rows[start + i] = value
