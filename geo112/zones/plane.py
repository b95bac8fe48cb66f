"""The equal-area plane of core/crs.py as a kernel: Lambert azimuthal on the WGS 84 ellipsoid (Snyder 1987, ch. 24)."""

# Kernels state their types as signatures of numba.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202

import math

from numba import types

from geo112.zones.kernel import kernel

_A_M = 6378137.0
_F = 1 / 298.257223563
_E2 = _F * (2 - _F)
_E = math.sqrt(_E2)


def _q(sine: float) -> float:
    """Snyder's (3-12), with the logarithm as an inverse hyperbolic tangent."""
    return (1 - _E2) * (sine / (1 - _E2 * sine * sine) + math.atanh(_E * sine) / _E)


_QP = _q(1.0)
# Radius of the sphere with the area of the ellipsoid, in metres.
AUTHALIC_M = _A_M * math.sqrt(_QP / 2)
# atanh(e s) / e = s (1 + e2 s2 / 3 + e2^2 s2^2 / 5 + ...): seven terms leave less than 1e-17.
_C1, _C2, _C3, _C4, _C5, _C6 = (_E2**k / (2 * k + 1) for k in range(1, 7))
# From authalic to geodetic latitude, Snyder's (3-18).
_P2 = _E2 / 3 + 31 * _E2**2 / 180 + 517 * _E2**3 / 5040
_P4 = 23 * _E2**2 / 360 + 251 * _E2**3 / 3780
_P6 = 761 * _E2**3 / 45360
_RADIAN = math.pi / 180
# At a pole the plane's longitudes have no meaning; a hair beside it they have, and nothing else changes.
_POLE_DEG = 89.9999

PLANE = types.UniTuple(types.float64, 4)
_XY = types.UniTuple(types.float64, 2)


@kernel("float64(float64)")
def _authalic_sine(sine):
    s2 = sine * sine
    series = 1 + s2 * (_C1 + s2 * (_C2 + s2 * (_C3 + s2 * (_C4 + s2 * (_C5 + s2 * _C6)))))
    value = (1 - _E2) * sine * (1 / (1 - _E2 * s2) + series) / _QP
    return min(1.0, max(-1.0, value))


@kernel(PLANE(types.float64, types.float64))
def plane_at(lon, lat):
    """Work out the plane that touches the ellipsoid at a place: its longitude, sine and cosine of beta, and D."""
    phi = min(_POLE_DEG, max(-_POLE_DEG, lat)) * _RADIAN
    sine = math.sin(phi)
    beta_sine = _authalic_sine(sine)
    beta_cosine = math.sqrt(1 - beta_sine * beta_sine)
    scale = _A_M * math.cos(phi) / math.sqrt(1 - _E2 * sine * sine) / (AUTHALIC_M * beta_cosine)
    return lon, beta_sine, beta_cosine, scale


@kernel(_XY(PLANE, types.float64, types.float64))
def to_plane(plane, lon, lat):
    """Project degrees to metres east and north of the plane's middle."""
    lon0, sine0, cosine0, scale = plane
    sine = _authalic_sine(math.sin(lat * _RADIAN))
    cosine = math.sqrt(1 - sine * sine)
    turned = (lon - lon0) * _RADIAN
    cosine_turned = math.cos(turned)
    stretch = AUTHALIC_M * math.sqrt(2 / max(1e-14, 1 + sine0 * sine + cosine0 * cosine * cosine_turned))
    east = stretch * scale * cosine * math.sin(turned)
    north = stretch / scale * (cosine0 * sine - sine0 * cosine * cosine_turned)
    return east, north


@kernel(_XY(PLANE, types.float64, types.float64))
def from_plane(plane, east, north):
    """Give longitude and latitude in degrees of a place in the plane (Snyder's (3-18), mended once, and (24-20))."""
    lon0, sine0, cosine0, scale = plane
    x, y = east / scale, north * scale
    chord = math.sqrt(x * x + y * y)
    if chord == 0.0:
        sine, turned = sine0, 0.0
    else:
        angle = 2 * math.asin(min(1.0, chord / (2 * AUTHALIC_M)))
        sine = math.cos(angle) * sine0 + y * math.sin(angle) * cosine0 / chord
        turned = math.atan2(x * math.sin(angle), chord * cosine0 * math.cos(angle) - y * sine0 * math.sin(angle))
    beta = math.asin(min(1.0, max(-1.0, sine)))
    lat = beta + _P2 * math.sin(2 * beta) + _P4 * math.sin(4 * beta) + _P6 * math.sin(6 * beta)
    lat += beta - math.asin(_authalic_sine(math.sin(lat)))
    lon = lon0 + turned / _RADIAN
    return lon - 360.0 * math.floor((lon + 180.0) / 360.0), lat / _RADIAN


@kernel("float64(float64)")
def ellipsoid_weight(lat):
    """Give the square metres of a square degree at a latitude: the product of both radii of curvature."""
    sine = math.sin(lat * _RADIAN)
    rest = 1 - _E2 * sine * sine
    return _A_M * _A_M * (1 - _E2) * math.cos(lat * _RADIAN) / (rest * rest) * _RADIAN * _RADIAN
