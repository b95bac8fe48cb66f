"""Kernels for arc bands: what an edge adds to the area of a zone within one, and where places in it lie.

In polar coordinates around the apex a zone's area within the band is the sum over its edges of half the integral of
clamp(rho, inner, outer)^2 - inner^2 over the directions within the opening. Beyond the outer arc only the direction
counts, and a path whose ends are known turns through the opening a known number of times but for whole openings.
"""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0913, PLR0917

import math

import numpy as np
from numba import types

from geo112.zones.kernel import kernel

TURN = 2 * math.pi
# Squares of the outer and the inner radius; the first direction, counter-clockwise from east, and the opening.
BAND = types.UniTuple(types.float64, 4)
# An edge that enters the band by less than this many metres touches it only.
_TOUCH_M = 1e-6

_F = types.float64


@kernel(_F(BAND, _F, _F))
def _turned(band, x, y):
    """Say how far a place's direction lies beyond the first one: the opening for all that lie outside of it."""
    angle = math.atan2(y, x) - band[2]
    angle -= TURN * math.floor(angle / TURN)
    return min(angle, band[3])


@kernel(types.boolean(BAND, _F, _F))
def _opens_to(band, x, y):
    return band[3] >= TURN or _turned(band, x, y) < band[3]


@kernel(types.UniTuple(_F, 2)(BAND, _F))
def band_place(band, part):
    """Give a place within the band, at this part of its opening."""
    radius, angle = math.sqrt(0.5 * (band[0] + band[1])), band[2] + part * band[3]
    return radius * math.cos(angle), radius * math.sin(angle)


@kernel(types.boolean(BAND, _F, _F))
def _deep(band, x, y):
    """Tell whether a place lies in the band, and not only at its rim."""
    radius = math.sqrt(x * x + y * y)
    if not math.sqrt(band[1]) + (_TOUCH_M if band[1] > 0.0 else 0.0) < radius < math.sqrt(band[0]) - _TOUCH_M:
        return False
    if band[3] >= TURN:
        return True
    turned = _turned(band, x, y)
    return min(turned, band[3] - turned, 0.5 * math.pi) * radius > _TOUCH_M


@kernel(types.int64(BAND, _F, _F, _F, _F, _F, _F, types.float64[::1]))
def _cuts(band, ax, ay, bx, by, t0, t1, cuts):
    """List, in order, the parameters between t0 and t1 where a line meets the inner arc and the sides; t0, t1 too."""
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    foot = -(ax * dx + ay * dy) / length2
    fx, fy = ax + foot * dx, ay + foot * dy
    inner2 = band[1] - fx * fx - fy * fy
    cuts[0] = t0
    n = 1
    if inner2 > 0.0:
        half = math.sqrt(inner2 / length2)
        cuts[n], cuts[n + 1] = foot - half, foot + half
        n += 2
    if band[3] < TURN:
        for k in range(2):
            angle = band[2] + k * band[3]
            ux, uy = math.cos(angle), math.sin(angle)
            across = ux * dy - uy * dx
            if across != 0.0:
                t = (uy * ax - ux * ay) / across
                if ux * (ax + t * dx) + uy * (ay + t * dy) > 0.0:
                    cuts[n] = t
                    n += 1
    kept = 1
    for i in range(1, n):
        t = cuts[i]
        if t0 < t < t1:
            at = kept
            while at > 1 and cuts[at - 1] > t:
                cuts[at] = cuts[at - 1]
                at -= 1
            cuts[at] = t
            kept += 1
    cuts[kept] = t1
    return kept + 1


@kernel(types.Tuple((_F, _F, types.int64))(_F, _F, _F, _F, BAND))
def edge_in_band(ax, ay, bx, by, band):
    """Work out one edge's part of the sum, 0 if it enters the band, and how often it enters less how often it leaves.

    The second number is a little less than the outer radius squared for edges that only touch the band, and infinite
    for those that do not come near.
    """
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    r2 = band[0]
    if length2 == 0.0:
        return 0.0, np.inf, 0
    along = ax * dx + ay * dy
    t = min(1.0, max(0.0, -along / length2))
    ex, ey = ax + t * dx, ay + t * dy
    if ex * ex + ey * ey >= r2:
        return 0.0, np.inf, 0
    a_in, b_in = ax * ax + ay * ay < r2, bx * bx + by * by < r2
    foot = -along / length2
    fx, fy = ax + foot * dx, ay + foot * dy
    half = math.sqrt(max(0.0, r2 - fx * fx - fy * fy) / length2)
    t0 = 0.0 if a_in else min(1.0, max(0.0, foot - half))
    t1 = 1.0 if b_in else min(1.0, max(0.0, foot + half))
    around = 0.5 * (r2 - band[1])
    part = 0.0
    if not a_in:
        part += around * _turned(band, ax + t0 * dx, ay + t0 * dy)
    if not b_in:
        part -= around * _turned(band, ax + t1 * dx, ay + t1 * dy)
    turns = 0
    if a_in and _opens_to(band, ax, ay):
        turns -= 1
    if b_in and _opens_to(band, bx, by):
        turns += 1
    near2 = r2 * (1 - 1e-15)
    cuts = np.empty(6)
    n = _cuts(band, ax, ay, bx, by, t0, t1, cuts)
    for i in range(n - 1):
        s = 0.5 * (cuts[i] + cuts[i + 1])
        mx, my = ax + s * dx, ay + s * dy
        if mx * mx + my * my > band[1] and _opens_to(band, mx, my):
            px, py = ax + cuts[i] * dx, ay + cuts[i] * dy
            qx, qy = ax + cuts[i + 1] * dx, ay + cuts[i + 1] * dy
            cross = px * qy - py * qx
            part += 0.5 * cross
            if band[1] > 0.0:
                part -= 0.5 * band[1] * math.atan2(cross, px * qx + py * qy)
            if _deep(band, mx, my):
                near2 = 0.0
    return part, near2, turns
