"""Kernels for normal distributions: what an edge of a zone takes from the probability that a caller is in the zone.

In polar coordinates around a place let `h` be the density of the direction and `S(rho)` the probability that the caller
is farther off than `rho`. By Green's theorem the probability of a zone is 1 if the place lies in it, else 0, less the
integral of `S(rho) h(theta) dtheta` along its border, which has the zone to its left. What lies beyond the reach has no
part in it, so the edges around the place are enough. With `F = 1 - S` the integral of `h` is known exactly for each
edge, and `F(rho) / rho^2` is smooth, so that Gauss's rule has it to ten digits (for a circle it is Owen's T function:
D. B. Owen, Tables for computing bivariate normal probabilities, 1956).

Two laws: the circular normal distribution, in a plane that is stretched until all its standard deviations are 1; and
distance and direction from an antenna, normal each for itself (RFC 7459, 5.4.2).
"""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202

import math

import numpy as np
from numba import types

from geo112.zones.kernel import kernel

# What is farther off than so many standard deviations: e^(-5.3^2 / 2), which is less than a millionth.
REACH = 5.3
UNIFORM, CIRCULAR, POLAR = 0.0, 1.0, 2.0
# Which law; for POLAR the mean distance and its standard deviation in metres, the mean direction counter-clockwise from
# east and its standard deviation in radians, infinite where every direction is equally likely.
LAW = types.UniTuple(types.float64, 5)

_TURN = 2 * math.pi
_ROOT_2 = math.sqrt(2.0)
_ROOT_TURN = math.sqrt(_TURN)
# Gauss-Legendre, five places on an interval from -1 to 1.
_AT_1, _AT_2 = 0.5384693101056831, 0.9061798459386640
_WEIGHT_0, _WEIGHT_1, _WEIGHT_2 = 0.5688888888888889, 0.4786286704993665, 0.2369268850561891
# Steps of the rule, in standard deviations.
_STEP = 1.25
_POLAR_STEP = 0.75
# Near an antenna, where hardly anybody is, steps of directions grow short: not shorter than this part of its mean.
_NEAR_SHARE = 0.02

# Directions that err so much are all equally likely, but for less than a thousandth.
WIDEST_RAD = 4.0
# Up to this many radians a direction is hardly ever turned through more than one turn, else through four.
_ONE_TURN_RAD, _FEW_TURNS = 0.9, 4

_F = types.float64
_PART = types.Tuple((_F, _F, types.int64))


@kernel(_F(LAW))
def law_reach(law):
    """Give the distance in the stretched plane beyond which nothing of a distribution is left."""
    return REACH if law[0] == CIRCULAR else law[1] + REACH * law[2]


@kernel(_F(_F))
def _below(deviations):
    """Give the probability of a standard normal value below this one."""
    return 0.5 * math.erfc(-deviations / _ROOT_2)


@kernel(types.UniTuple(_F, 3)(_F, _F, _F, _F, _F))
def _chord(ax, ay, bx, by, r2):
    """Cut a line to a circle about the origin: the parameters of its ends, and its least squared distance."""
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    foot = -(ax * dx + ay * dy) / length2
    fx, fy = ax + foot * dx, ay + foot * dy
    off2 = fx * fx + fy * fy
    t = min(1.0, max(0.0, foot))
    ex, ey = ax + t * dx, ay + t * dy
    near2 = ex * ex + ey * ey
    if off2 >= r2:
        return 1.0, 0.0, near2
    half = math.sqrt((r2 - off2) / length2)
    return max(0.0, foot - half), min(1.0, foot + half), near2


@kernel(_F(_F, _F, _F))
def _circular_at(x, y, across):
    """Give the integrand of F dtheta at a place of an edge."""
    r2 = x * x + y * y
    return across * (0.5 if r2 < 1e-12 else -math.expm1(-0.5 * r2) / r2)


@kernel(_PART(_F, _F, _F, _F, _F))
def _edge_circular(ax, ay, bx, by, r2):
    t0, t1, near2 = _chord(ax, ay, bx, by, r2)
    if not t0 < t1:
        return 0.0, near2, 0
    dx, dy = bx - ax, by - ay
    across = ax * dy - ay * dx
    px, py, qx, qy = ax + t0 * dx, ay + t0 * dy, ax + t1 * dx, ay + t1 * dy
    turned = math.atan2(px * qy - py * qx, px * qx + py * qy)
    steps = 1 + int((t1 - t0) * math.sqrt(dx * dx + dy * dy) / _STEP)
    half = 0.5 * (t1 - t0) / steps
    near = 0.0
    for step in range(steps):
        t = t0 + (2 * step + 1) * half
        a, b = _AT_1 * half, _AT_2 * half
        near += _WEIGHT_0 * _circular_at(ax + t * dx, ay + t * dy, across)
        near += _WEIGHT_1 * _circular_at(ax + (t - a) * dx, ay + (t - a) * dy, across)
        near += _WEIGHT_1 * _circular_at(ax + (t + a) * dx, ay + (t + a) * dy, across)
        near += _WEIGHT_2 * _circular_at(ax + (t - b) * dx, ay + (t - b) * dy, across)
        near += _WEIGHT_2 * _circular_at(ax + (t + b) * dx, ay + (t + b) * dy, across)
    return (turned - near * half) / _TURN, near2, 0


@kernel(_F(LAW, _F))
def _nearer(law, radius):
    """Give the probability that a caller is nearer than this: normal, but no distance is below 0."""
    none = _below(-law[1] / law[2])
    return (_below((radius - law[1]) / law[2]) - none) / (1.0 - none)


@kernel(_F(LAW, _F))
def _heading(law, turned):
    """Give the density of a direction that is turned so far from the mean one."""
    if law[4] == np.inf:
        return 1.0 / _TURN
    turns = 1 if law[4] < _ONE_TURN_RAD else _FEW_TURNS
    total = 0.0
    for k in range(-turns, turns + 1):
        deviations = (turned + k * _TURN) / law[4]
        total += math.exp(-0.5 * deviations * deviations)
    return total / (law[4] * _ROOT_TURN)


@kernel(_F(LAW, _F, _F))
def _headings(law, first, last):
    """Give the probability of the directions from one to another, less than a turn apart; negative if clockwise."""
    if law[4] == np.inf:
        return (last - first) / _TURN
    turns = 1 if law[4] < _ONE_TURN_RAD else _FEW_TURNS
    total = 0.0
    for k in range(-turns, turns + 1):
        total += _below((last + k * _TURN) / law[4]) - _below((first + k * _TURN) / law[4])
    return total


@kernel(_F(LAW, _F, _F, _F))
def _polar_at(law, x, y, across):
    """Give the integrand of F h dtheta at a place of an edge."""
    r2 = max(x * x + y * y, 1e-12)
    turned = math.atan2(y, x) - law[3]
    turned -= _TURN * math.floor(turned / _TURN + 0.5)
    return across * _nearer(law, math.sqrt(r2)) * _heading(law, turned) / r2


@kernel(_PART(_F, _F, _F, _F, _F, LAW))
def _edge_polar(ax, ay, bx, by, r2, law):
    t0, t1, near2 = _chord(ax, ay, bx, by, r2)
    if not t0 < t1:
        return 0.0, near2, 0
    dx, dy = bx - ax, by - ay
    across = ax * dy - ay * dx
    px, py, qx, qy = ax + t0 * dx, ay + t0 * dy, ax + t1 * dx, ay + t1 * dy
    first = math.atan2(py, px) - law[3]
    first -= _TURN * math.floor(first / _TURN + 0.5)
    part = _headings(law, first, first + math.atan2(px * qy - py * qx, px * qx + py * qy))
    # Nobody is nearer than this, so that F is 0 there.
    empty = law[1] - REACH * law[2]
    length = math.sqrt(dx * dx + dy * dy)
    t = t0
    while t < t1:
        x, y = ax + t * dx, ay + t * dy
        radius = math.sqrt(x * x + y * y)
        step = _STEP * law[2]
        if law[4] != np.inf:
            step = min(step, _POLAR_STEP * law[4] * max(radius, _NEAR_SHARE * law[1]))
        if radius < empty:
            # As far as the nearest place of the edge where anybody is.
            step = max(empty - radius, 0.1 * step)
        ahead = min(t1, t + step / length)
        half, middle = 0.5 * (ahead - t), 0.5 * (ahead + t)
        mx, my = ax + middle * dx, ay + middle * dy
        if radius >= empty or mx * mx + my * my >= empty * empty:
            a, b = _AT_1 * half, _AT_2 * half
            near = _WEIGHT_0 * _polar_at(law, mx, my, across)
            near += _WEIGHT_1 * _polar_at(law, mx - a * dx, my - a * dy, across)
            near += _WEIGHT_1 * _polar_at(law, mx + a * dx, my + a * dy, across)
            near += _WEIGHT_2 * _polar_at(law, mx - b * dx, my - b * dy, across)
            near += _WEIGHT_2 * _polar_at(law, mx + b * dx, my + b * dy, across)
            part -= near * half
        t = ahead
    return part, near2, 0


@kernel(_PART(_F, _F, _F, _F, _F, LAW))
def edge_of_law(ax, ay, bx, by, r2, law):
    """Work out what one edge takes away, and its least squared distance from the place of the distribution."""
    if ax == bx and ay == by:
        return 0.0, ax * ax + ay * ay, 0
    if law[0] == CIRCULAR:
        return _edge_circular(ax, ay, bx, by, r2)
    return _edge_polar(ax, ay, bx, by, r2, law)
