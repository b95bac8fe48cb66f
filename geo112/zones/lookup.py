"""Kernels that find the zones that cover a point, exactly as the OGC predicate `covers` (the boundary belongs)."""

# Kernels state their types as signatures of numba.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202

import numba
import numpy as np

from geo112.zones.intrinsics import lowest_bit, prefetch
from geo112.zones.kernel import kernel
from geo112.zones.layout import (
    MOST_ENTRIES,
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

# The words of a compact file, always read-only; the same memory as int32 and as bytes.
WORDS = numba.types.Array(numba.float64, 1, "C", readonly=True)
HALVES = numba.types.Array(numba.int32, 1, "C", readonly=True)
OCTETS = numba.types.Array(numba.uint8, 1, "C", readonly=True)
# What a record says of itself: entries, lookup entries, odd parity, share entries, links, whether another follows, and
# where its zones (in halves of words), its links (in bytes), its vertices and the next record (in words) are.
RECORD = numba.types.UniTuple(numba.int64, 10)

_BLOCK = 64
# Batches of this many points are worth sorting by tiles of so many bits of cells.
_SORT_FROM, _TILE_BITS = 8_192, 3
# Words of a record that are read ahead: most records have no more.
_AHEAD_WORDS = 32


@kernel(RECORD(HALVES, OCTETS, numba.int64), inline=True)
def record_at(halves, octets, at):
    """Read the head of a record, as RECORD."""
    entries, lookups = np.int64(octets[8 * at]), np.int64(octets[8 * at + 1])
    odd, share = np.int64(octets[8 * at + 2]), np.int64(octets[8 * at + 3])
    links = np.int64(halves[2 * at + 1])
    follows = links & 1
    links >>= 1
    sets = at + 1 + ((entries + 1) >> 1)
    vertices = sets + ((links + 7) >> 3)
    after = vertices + 2 * links + 2 + ((links + 7) >> 3)
    return entries, lookups, odd, share, links, follows, 2 * at + 2, 8 * sets, vertices, after


@kernel(numba.int64(WORDS, HALVES, OCTETS, numba.int64, numba.float64, numba.float64))
def _covering_exactly(words, halves, octets, at, px, py):
    _, lookups, odd, _, links, _, _, sets, vertices, _ = record_at(halves, octets, at)
    on = np.int64(0)
    for i in range(links):
        entries = np.int64(octets[sets + i])
        ax, bx = words[vertices + i], words[vertices + i + 1]
        ay, by = words[vertices + links + 1 + i], words[vertices + links + 2 + i]
        at_end = (ay == py and ax == px) or (by == py and bx == px)
        if at_end or (ay == py and by == py and min(ax, bx) <= px <= max(ax, bx)):
            on |= entries
        rises = ay <= py < by
        if rises or by <= py < ay:
            side = turn(ax, ay, bx, by, px, py)
            if side == 0.0:
                on |= entries
            elif (side < 0.0) == rises:
                odd ^= entries
    return (odd | on) & ((1 << lookups) - 1)


@kernel(numba.int64(WORDS, HALVES, OCTETS, numba.int64, numba.float64, numba.float64), inline=True)
def covering_entries(words, halves, octets, at, px, py):
    """Give the set of a record's lookup entries that cover a point; all but on an edge, exactly."""
    _, lookups, odd, _, links, _, _, sets, vertices, _ = record_at(halves, octets, at)
    lats = vertices + links + 1
    ay = words[lats]
    a_below, doubt = ay <= py, ay == py
    for i in range(links):
        by = words[lats + i + 1]
        b_below = by <= py
        doubt |= by == py
        if a_below != b_below:
            ax, bx = words[vertices + i], words[vertices + i + 1]
            left = (bx - ax) * (py - ay)
            right = (by - ay) * (px - ax)
            side = left - right
            odd ^= -np.int64((side < 0.0) == a_below) & np.int64(octets[sets + i])
            doubt |= abs(side) <= ROUNDING * (abs(left) + abs(right))
        ay, a_below = by, b_below
    if doubt:
        odd = _covering_exactly(words, halves, octets, at, px, py)
    return odd & ((1 << lookups) - 1)


_GRID = numba.types.Tuple((numba.float64, numba.float64, numba.float64, numba.int64, numba.int64, numba.int64))


@kernel(_GRID(WORDS), inline=True)
def grid_of(words):
    """Read the grid: west, south, cells in a degree, columns, rows, and where its cells begin, in halves of words."""
    whole = words.view(np.int64)
    return words[W_X0], words[W_Y0], words[W_PER_CELL], whole[W_NX], whole[W_NY], 2 * whole[W_GRID]


@kernel(numba.types.UniTuple(numba.int64, 2)(_GRID, numba.float64, numba.float64), inline=True)
def grid_cell(grid, px, py):
    """Find the column and the row of a point's cell; NOTHING beyond the grid and for not-a-number."""
    across = (px - grid[0]) * grid[2]
    up = (py - grid[1]) * grid[2]
    column, row = np.int64(NOTHING), np.int64(NOTHING)
    if 0.0 <= across < grid[3] and 0.0 <= up < grid[4]:
        column, row = np.int64(across), np.int64(up)
    return column, row


@kernel(numba.int64(_GRID, numba.float64, numba.float64), inline=True)
def grid_slot(grid, px, py):
    """Find where the grid speaks of a point, in halves of words; NOTHING beyond the grid and for not-a-number."""
    column, row = grid_cell(grid, px, py)
    return grid[5] + row * grid[3] + column if row >= 0 else np.int64(NOTHING)


@kernel(numba.int64(WORDS, HALVES, OCTETS, numba.int64, numba.float64, numba.float64), inline=True)
def record_winner(words, halves, octets, at, px, py):
    """Find the first zone of a cell's records that covers a point; entries stand in the order of the overlap rule."""
    row = np.int64(NOTHING)
    while True:
        found = covering_entries(words, halves, octets, at, px, py)
        if found:
            row = np.int64(halves[2 * at + 2 + lowest_bit(found)])
            break
        if not halves[2 * at + 1] & 1:
            break
        at = record_at(halves, octets, at)[9]
    return row


@kernel(numba.int64(WORDS, numba.float64, numba.float64))
def winner(words, px, py):
    """Give the row of the zone that a point belongs to, or NOTHING."""
    halves, octets = words.view(np.int32), words.view(np.uint8)
    slot = grid_slot(grid_of(words), px, py)
    if slot < 0:
        return np.int64(NOTHING)
    value = np.int64(halves[slot])
    if value >= NOTHING:
        return value
    at = words.view(np.int64)[W_RECORDS] - 2 - value
    for ahead in range(8, _AHEAD_WORDS, 8):
        prefetch(words, at + np.int64(ahead))
    return record_winner(words, halves, octets, at, px, py)


@kernel(numba.int64[::1](WORDS, numba.float64, numba.float64))
def covering(words, px, py):
    """Give the rows of all zones that cover a point, the winner first."""
    halves, octets = words.view(np.int32), words.view(np.uint8)
    slot = grid_slot(grid_of(words), px, py)
    value = np.int64(halves[slot]) if slot >= 0 else np.int64(NOTHING)
    if value >= NOTHING:
        return np.full(1 if value >= 0 else 0, value)
    at = words.view(np.int64)[W_RECORDS] - 2 - value
    rows = np.empty(0, np.int64)
    while True:
        found = covering_entries(words, halves, octets, at, px, py)
        here = np.empty(MOST_ENTRIES, np.int64)
        count = 0
        while found:
            here[count] = halves[2 * at + 2 + lowest_bit(found)]
            count += 1
            found &= found - 1
        rows = np.append(rows, here[:count])
        if not halves[2 * at + 1] & 1:
            return rows
        at = record_at(halves, octets, at)[9]


@kernel(numba.void(WORDS, WORDS, WORDS, numba.int32[::1], numba.int32[::1]))
def _by_tile(words, lons, lats, slots, order):
    """Find where the grid speaks of each point, and the order in which points come tile by tile, to read in turn."""
    grid = grid_of(words)
    tiles_across = (grid[3] >> _TILE_BITS) + 1
    tiles = tiles_across * ((grid[4] >> _TILE_BITS) + 1)
    tile_of = np.empty(lons.size, np.int32)
    starts = np.zeros(tiles + 2, np.int32)
    for i in range(lons.size):
        column, row = grid_cell(grid, lons[i], lats[i])
        inside = row >= 0
        slots[i] = grid[5] + row * grid[3] + column if inside else NOTHING
        tile = (row >> _TILE_BITS) * tiles_across + (column >> _TILE_BITS) if inside else tiles
        tile_of[i] = tile
        starts[tile + 1] += 1
    for tile in range(tiles + 1):
        starts[tile + 1] += starts[tile]
    for i in range(lons.size):
        order[starts[tile_of[i]]] = i
        starts[tile_of[i]] += 1


@kernel(numba.void(WORDS, WORDS, WORDS, numba.int32[::1]))
def winners(words, lons, lats, rows):
    """Fill in the row of the zone of each point, tile by tile and block by block.

    What a block needs is asked for ahead, so that memory is waited for once and not for every point.
    """
    halves, octets = words.view(np.int32), words.view(np.uint8)
    records = words.view(np.int64)[W_RECORDS] - 2
    slots, order = np.empty(lons.size, np.int32), np.empty(lons.size, np.int32)
    if lons.size < _SORT_FROM:
        grid = grid_of(words)
        for i in range(lons.size):
            slots[i], order[i] = grid_slot(grid, lons[i], lats[i]), i
    else:
        _by_tile(words, lons, lats, slots, order)
    values = np.empty(_BLOCK, np.int64)
    for start in range(0, lons.size, _BLOCK):
        count = min(_BLOCK, lons.size - start)
        for k in range(count):
            i = order[start + k]
            prefetch(halves, np.int64(max(slots[i], 0)))
            prefetch(lons, np.int64(i))
            prefetch(lats, np.int64(i))
        for k in range(count):
            slot = slots[order[start + k]]
            value = np.int64(halves[slot]) if slot >= 0 else np.int64(NOTHING)
            values[k] = value
            if value < NOTHING:
                for ahead in range(0, _AHEAD_WORDS, 8):
                    prefetch(words, records - value + np.int64(ahead))
        for k in range(count):
            i = order[start + k]
            value = values[k]
            if value < NOTHING:
                value = record_winner(words, halves, octets, records - value, lons[i], lats[i])
            rows[i] = value
