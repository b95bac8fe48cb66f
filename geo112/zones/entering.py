"""Kernel that tells which zones' edges enter a polygon, and do not only run along it or touch it.

A link of a border is looked at twice, a hair to its left and a hair to its right: where a part of both lies within the
polygon, the border enters it. This needs no rule for edges that coincide, since a hair is far more than rounding.
"""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202

import math

import numpy as np
from numba import types

from geo112.zones.intrinsics import lowest_bit
from geo112.zones.kernel import kernel
from geo112.zones.layout import NOTHING, W_CELL, W_GRID, W_NX, W_PER_CELL, W_RECORDS, W_X0, W_Y0
from geo112.zones.lookup import RECORD, WORDS, record_at
from geo112.zones.overlay import EDGES, by_row
from geo112.zones.shares import BOX, strip

_F = types.float64
_ROWS = types.int64[::1]
_FLAGS = types.uint8[::1]
# A micrometre and a tenth of a millimetre, in degrees: how deep an edge has to enter, and for how long.
_HAIR_DEG, _LONG_DEG = 1e-11, 1e-9


@kernel(_F(_F, _F, _F, _F, _F, _F))
def _side(ax, ay, bx, by, px, py):
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@kernel(types.boolean(_F, _F, _F))
def _left(side, dx, dy):
    """Tell left from right; a place on the line counts as if it lay a trifle to the north, and less to the east."""
    return side > 0.0 or (side == 0.0 and (dx > 0.0 or (dx == 0.0 and dy < 0.0)))


@kernel(_F(EDGES, _ROWS, _F, _F, _F, _F))
def _part_within(edges, members, ax, ay, bx, by):
    """Say which part of a line from a to b lies within the polygon, of whose edges those in the line's row suffice."""
    part = 0.0
    for i in members:
        fx, fy, gx, gy = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        a, b = _side(fx, fy, gx, gy, ax, ay), _side(fx, fy, gx, gy, bx, by)
        a_left, b_left = _left(a, gx - fx, gy - fy), _left(b, gx - fx, gy - fy)
        if fy <= ay < gy:
            part += a_left
        elif gy <= ay < fy:
            part -= not a_left
        if a_left != b_left:
            f, g = _side(ax, ay, bx, by, fx, fy), _side(ax, ay, bx, by, gx, gy)
            if _left(f, ax - bx, ay - by) != _left(g, ax - bx, ay - by):
                rest = b / (b - a)
                part += rest if b_left else -rest
    return part


@kernel(types.void(WORDS, RECORD, BOX, EDGES, _ROWS, BOX, _FLAGS))
def _look_at(words, record, cell, edges, members, bounds, wanted):
    """Mark zones of one record as 2 where an edge enters; those marked 1 are asked for."""
    octets, halves = words.view(np.uint8), words.view(np.int32)
    _, _, _, share, links, _, zones, sets, vertices, _ = record
    for i in range(links):
        entries = np.int64(octets[sets + i]) & share
        asked = False
        rest = entries
        while rest:
            bit = lowest_bit(rest)
            rest &= rest - 1
            asked |= wanted[halves[zones + bit]] == 1
        if not asked:
            continue
        ax, bx = words[vertices + i], words[vertices + i + 1]
        ay, by = words[vertices + links + 1 + i], words[vertices + links + 2 + i]
        dx, dy = bx - ax, by - ay
        t0, t1 = strip(ax, dx, max(cell[0], bounds[0]), min(cell[2], bounds[2]), 0.0, 1.0)
        t0, t1 = strip(ay, dy, max(cell[1], bounds[1]), min(cell[3], bounds[3]), t0, t1)
        length = (t1 - t0) * math.sqrt(dx * dx + dy * dy)
        if not t0 < t1 or length <= _LONG_DEG:
            continue
        across, up = -_HAIR_DEG * dy * (t1 - t0) / length, _HAIR_DEG * dx * (t1 - t0) / length
        x0, y0, x1, y1 = ax + t0 * dx, ay + t0 * dy, ax + t1 * dx, ay + t1 * dy
        if (
            _part_within(edges, members, x0 + across, y0 + up, x1 + across, y1 + up) * length > _LONG_DEG
            and _part_within(edges, members, x0 - across, y0 - up, x1 - across, y1 - up) * length > _LONG_DEG
        ):
            while entries:
                bit = lowest_bit(entries)
                entries &= entries - 1
                zone = halves[zones + bit]
                wanted[zone] = 2 if wanted[zone] else 0


@kernel(types.void(WORDS, EDGES, _FLAGS))
def mark_entering(words, edges, wanted):
    """Mark as 2 those zones, of the ones marked 1, of which an edge enters the polygon by more than a micrometre."""
    whole, halves, octets = words.view(np.int64), words.view(np.int32), words.view(np.uint8)
    nx, per, cell = whole[W_NX], words[W_PER_CELL], words[W_CELL]
    starts, members, first = by_row(words, edges)
    for k in range(starts.size - 1):
        here = members[starts[k] : starts[k + 1]]
        south = words[W_Y0] + (first + k) * cell
        bounds = (np.inf, np.inf, -np.inf, -np.inf)
        for i in here:
            bounds = (
                min(bounds[0], edges[i, 0], edges[i, 2]),
                min(bounds[1], edges[i, 1], edges[i, 3]),
                max(bounds[2], edges[i, 0], edges[i, 2]),
                max(bounds[3], edges[i, 1], edges[i, 3]),
            )
        column0 = np.int64(min(max(math.floor((bounds[0] - words[W_X0]) * per) - 1.0, 0.0), float(nx)))
        column1 = np.int64(min(max(math.floor((bounds[2] - words[W_X0]) * per) + 2.0, 0.0), float(nx)))
        for column in range(column0, column1):
            value = np.int64(halves[2 * whole[W_GRID] + (first + k) * nx + column])
            if value >= NOTHING:
                continue
            left = words[W_X0] + column * cell
            box = (left, south, words[W_X0] + (column + 1) * cell, words[W_Y0] + (first + k + 1) * cell)
            at = whole[W_RECORDS] - 2 - value
            while True:
                record = record_at(halves, octets, at)
                _look_at(words, record, box, edges, here, bounds, wanted)
                if not record[5]:
                    break
                at = record[9]
