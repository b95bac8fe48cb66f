"""On which side of an edge a point lies, decided exactly.

A floating-point filter answers almost always; what it cannot tell is answered by exact expansion arithmetic
(Shewchuk 1997, "Adaptive precision floating-point arithmetic and fast robust geometric predicates").
"""

# Kernels state their types as signatures of numba.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202

import numpy as np

from geo112.zones.kernel import kernel

# Shewchuk's bound for the rounding error of the orientation determinant: (3 + 16 u) u with u = 2**-53.
ROUNDING = 3.3306690738754716e-16
_SPLITTER = 134217729.0  # 2**27 + 1


@kernel("Tuple((float64, float64))(float64, float64)")
def _two_sum(a, b):
    total = a + b
    virtual = total - a
    return total, (a - (total - virtual)) + (b - virtual)


@kernel("Tuple((float64, float64))(float64, float64)")
def _two_product(a, b):
    product = a * b
    wide = _SPLITTER * a
    a_high = wide - (wide - a)
    a_low = a - a_high
    wide = _SPLITTER * b
    b_high = wide - (wide - b)
    b_low = b - b_high
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


@kernel("float64(float64, float64, float64, float64, float64, float64)")
def _exact_turn(ax, ay, bx, by, px, py):
    # (b - a) x (p - a): each difference is exactly a sum of two floats, each product of two such sums of eight.
    differences = np.empty((4, 2))
    differences[0] = _two_sum(bx, -ax)
    differences[1] = _two_sum(py, -ay)
    differences[2] = _two_sum(ay, -by)
    differences[3] = _two_sum(px, -ax)
    terms = np.empty(16)
    n = 0
    for pair in range(2):
        for i in range(2):
            for k in range(2):
                terms[n], terms[n + 1] = _two_product(differences[2 * pair, i], differences[2 * pair + 1, k])
                n += 2
    expansion = np.empty(16)
    size = 0
    for term in terms:
        carry = term
        kept = 0
        for i in range(size):
            carry, low = _two_sum(carry, expansion[i])
            if low != 0.0:
                expansion[kept] = low
                kept += 1
        if carry != 0.0:
            expansion[kept] = carry
            kept += 1
        size = kept
    return expansion[size - 1] if size else 0.0


@kernel("float64(float64, float64, float64, float64, float64, float64)")
def turn(ax, ay, bx, by, px, py):
    """Say where p lies of the line from a to b: above 0 left, below 0 right, 0 exactly on it."""
    left = (bx - ax) * (py - ay)
    right = (by - ay) * (px - ax)
    determinant = left - right
    if abs(determinant) > ROUNDING * (abs(left) + abs(right)):
        return determinant
    return _exact_turn(ax, ay, bx, by, px, py)
