"""How an uncertain area is shared among the zones: by kernels, each shape by the one that fits it."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain
from geo112.zones.bands import TURN
from geo112.zones.entering import mark_entering
from geo112.zones.kernel import direct
from geo112.zones.lookup import winner
from geo112.zones.overlay import polygon_edges, polygon_sums
from geo112.zones.plane import AUTHALIC_M
from geo112.zones.shares import band_sums, circle_sums

_winner, _circle_sums, _band_sums = direct(winner), direct(circle_sums), direct(band_sums)
_polygon_edges, _polygon_sums, _mark_entering = direct(polygon_edges), direct(polygon_sums), direct(mark_entering)

Words = NDArray[np.float64]
Box = tuple[float, float, float, float]
# Rows of zones with their parts of an area.
Weights = list[tuple[int, float]]

# Shares below this are rounding, not territory; a centimetre of rounding weighs more in a small area.
_NOISE_SHARE = 1e-9
_NOISE_M = 1e-8
# An edge that enters the area by less than this touches it only.
_TOUCH_M = 1e-6
# What is thinner than this is measured as if it were this wide: no place is known so well.
_THIN_M = 1e-3
_ANYWHERE = (-math.inf, -math.inf, math.inf, math.inf)
# Metres in a degree of latitude, at the least and at the most, also after the plane's stretching at a distance.
_LEAST_M, _MOST_M = 110_500.0, 114_000.0
_MIDDLE_M = 110_950.0
# Beyond this reach or near a pole the box is the whole earth.
_WIDEST_M, _POLAR_DEG, _HALF_DEG = 1_500_000.0, 80.0, 180.0
# What arcs are longer than their chords, within that reach.
_SLACK = 1.01
# A polygon thinner than this, in the mean, is a place; degrees have no more digits.
_POINT_M = 1e-6
# How the kernel marks zones whose edges enter.
_ENTERS = 2


class Measured(NamedTuple):
    """The zones that share an area: rows and parts, the rows that come into it, its size, and what is rounding.

    `reach_m` is roughly how far a polygon reaches from the middle of the box around it; other shapes say it themselves.
    """

    weights: Weights
    touched: list[int]
    size_m2: float
    noise_share: float
    reach_m: float = 0.0


def measure(words: Words, area: Uncertain, *, centre_of: NDArray[np.int64]) -> Measured:
    """Share an area, as it stands, every place in it equally likely; `centre_of` numbers the centre of each row."""
    match area:
        case Circle():
            return _circle(words, area)
        case Ellipse():
            return _ellipse(words, area)
        case ArcBand():
            return _arc_band(words, area)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            return _polygon(words, area, centre_of)


def _circle(words: Words, circle: Circle) -> Measured:
    radius_m = circle.radius_m
    found = _circle_sums(words, circle.middle.lon_deg, circle.middle.lat_deg, radius_m)
    noise = _NOISE_SHARE + _NOISE_M / radius_m
    return _measured(found, within_m=radius_m - _TOUCH_M, size_m2=math.pi * radius_m**2, noise=noise)


def _ellipse(words: Words, ellipse: Ellipse) -> Measured:
    """Stretch the plane along the minor axis until the ellipse is a circle."""
    major_m = max(_in_plane_m(ellipse.semi_major_m), _THIN_M)
    minor_m = min(max(_in_plane_m(ellipse.semi_minor_m), _THIN_M), major_m)
    stretch = major_m / minor_m
    bearing = math.radians(ellipse.orientation_deg) if stretch > 1 else 0.0
    sine, cosine = math.sin(bearing), math.cos(bearing)
    east_m, north_m = math.hypot(major_m * sine, minor_m * cosine), math.hypot(major_m * cosine, minor_m * sine)
    middle = ellipse.middle
    # First how far a place lies along the minor axis, stretched, then how far along the major one.
    affine = (cosine * stretch, -sine * stretch, sine, cosine)
    box = box_around(middle.lon_deg, middle.lat_deg, (-east_m, -north_m, east_m, north_m))
    found = _band_sums(words, middle.lon_deg, middle.lat_deg, affine, (major_m**2, 0.0, 0.0, TURN), box)
    return _measured(
        found,
        within_m=major_m - _TOUCH_M * stretch,
        size_m2=math.pi * major_m * minor_m,
        noise=_NOISE_SHARE + _NOISE_M / minor_m,
    )


def _arc_band(words: Words, band: ArcBand) -> Measured:
    inner_m = _in_plane_m(band.inner_m)
    outer_m = max(_in_plane_m(band.outer_m), inner_m + _THIN_M)
    opening = TURN if band.opening_deg == 360 else math.radians(band.opening_deg)
    opening = min(TURN, max(opening, _THIN_M / outer_m))
    first = math.radians(90 - band.start_deg) - opening
    extent = extent_m(inner_m, outer_m, first, opening)
    lon, lat = band.apex.lon_deg, band.apex.lat_deg
    same = (1.0, 0.0, 0.0, 1.0)
    found = _band_sums(words, lon, lat, same, (outer_m**2, inner_m**2, first, opening), box_around(lon, lat, extent))
    thin_m = min((outer_m - inner_m) / 2, outer_m * opening) if inner_m or opening < TURN else outer_m
    return _measured(
        found,
        within_m=outer_m - _TOUCH_M,
        size_m2=opening / 2 * (outer_m**2 - inner_m**2),
        noise=_NOISE_SHARE + _NOISE_M / thin_m,
    )


def _measured(
    found: tuple[int, NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]],
    *,
    within_m: float,
    size_m2: float,
    noise: float,
) -> Measured:
    """Keep the zones that share the area, and tell which come into it: those with an edge nearer than `within_m`."""
    row, rows, shares, distances_m = found
    if not rows.size:
        return Measured([(row, 1.0)] if row >= 0 else [], [row] if row >= 0 else [], size_m2, noise)
    weights, touched = [], [row] if row >= 0 else []
    for zone, share, distance_m in zip(rows.tolist(), shares.tolist(), distances_m.tolist(), strict=True):
        enters = distance_m < within_m
        if enters:
            touched.append(zone)
        if share > noise or (enters and share > 0):
            weights.append((zone, min(share, 1.0)))
    return Measured(weights, touched, size_m2, noise)


def _polygon(words: Words, polygon: Polygon, centre_of: NDArray[np.int64]) -> Measured:
    """Look for edges that barely enter only where the outcome hangs on them: where all else lies in one centre."""
    edges, size_m2, reach_deg = edges_of(polygon)
    reach_m = _MIDDLE_M * reach_deg
    thin_m = size_m2 / (2 * reach_m)
    if thin_m < _POINT_M:
        row = _winner(words, edges[0, 0], edges[0, 1])
        return Measured([(row, 1.0)] if row >= 0 else [], [row] if row >= 0 else [], 0.0, _NOISE_SHARE, reach_m)
    noise = _NOISE_SHARE + _NOISE_M / thin_m
    weights, faint = [], []
    for row, part in parts_of_polygon(words, edges, size_m2=size_m2):
        if part > noise:
            weights.append((row, min(part, 1.0)))
        else:
            faint.append(row)
    touched = [row for row, _ in weights]
    if faint and touched and (centre_of[touched] == centre_of[touched[0]]).all():
        marks = np.zeros(centre_of.size, np.uint8)
        marks[faint] = centre_of[faint] != centre_of[touched[0]]
        if marks.any():
            _mark_entering(words, edges, marks)
            touched += np.flatnonzero(marks == _ENTERS).tolist()
    return Measured(weights, touched, size_m2, noise, reach_m)


def parts_of_polygon(words: Words, edges: NDArray[np.float64], *, size_m2: float) -> Weights:
    """Give what part of a polygon of this size each zone has that has an edge near it, rounding included."""
    rows, areas_m2 = _polygon_sums(words, edges)
    return list(zip(rows.tolist(), (areas_m2 / size_m2).tolist(), strict=True))


def edges_of(polygon: Polygon) -> tuple[NDArray[np.float64], float, float]:
    """List the edges of all rings, which have the polygon to their left; give its size in m2 and its reach too."""
    rings = (polygon.ring, *polygon.holes)
    lons = np.array([place.lon_deg for ring in rings for place in ring], np.float64)
    lats = np.array([place.lat_deg for ring in rings for place in ring], np.float64)
    edges: tuple[NDArray[np.float64], float, float] = _polygon_edges(
        lons, lats, np.cumsum([0, *(len(ring) for ring in rings)])
    )
    return edges


def _in_plane_m(metres: float) -> float:
    """Give the length in the equal-area plane of a distance from its middle."""
    return 2 * AUTHALIC_M * math.sin(min(metres / (2 * AUTHALIC_M), math.pi / 2))


def extent_m(inner_m: float, outer_m: float, first: float, opening: float) -> Box:
    """Bound a band in its plane: west, south, east and north of the apex."""
    east, north = [], []
    for angle in (first, first + opening):
        for radius_m in (inner_m, outer_m):
            east.append(radius_m * math.cos(angle))
            north.append(radius_m * math.sin(angle))
    for quarter in range(4):
        if (quarter * math.pi / 2 - first) % TURN <= opening:
            east.append(outer_m * (1, 0, -1, 0)[quarter])
            north.append(outer_m * (0, 1, 0, -1)[quarter])
    return min(east), min(north), max(east), max(north)


def box_around(lon_deg: float, lat_deg: float, extent_m: Box) -> Box:
    """Bound in degrees what is bounded in the plane around a place; the box may be too large."""
    reach_m = _SLACK * max(abs(metres) for metres in extent_m)
    far_deg = abs(lat_deg) + reach_m / _LEAST_M
    if reach_m > _WIDEST_M or far_deg > _POLAR_DEG:
        return _ANYWHERE
    # Parallels are curved in the plane, and longitudes are narrow where latitudes are high.
    bend_m = reach_m**2 / (2 * AUTHALIC_M) * math.tan(math.radians(far_deg)) + _SLACK - 1
    narrow_m = _LEAST_M * math.cos(math.radians(far_deg))
    west, south, east, north = (
        lon_deg + _least_deg(extent_m[0], narrow_m),
        lat_deg + _least_deg(extent_m[1] - bend_m, _LEAST_M),
        lon_deg - _least_deg(-extent_m[2], narrow_m),
        lat_deg - _least_deg(-extent_m[3] - bend_m, _LEAST_M),
    )
    return _ANYWHERE if west < -_HALF_DEG or east > _HALF_DEG else (west, south, east, north)


def _least_deg(metres: float, in_degree_m: float) -> float:
    """Give the least number of degrees that a length can be; `in_degree_m` is the least length of a degree."""
    return metres * _SLACK / in_degree_m if metres < 0 else metres / _MOST_M
