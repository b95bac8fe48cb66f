"""Kernel that measures how much of a circle, ellipse or arc band lies in each zone: exact by Green's theorem.

In the equal-area plane around the circle's middle, the area of circle and zone is the sum, over the parts of edges
within the circle, of half their cross product, and of half r2 times the angle of each arc from where an edge leaves the
circle to where one enters it. The arcs are known but for whole turns, and a whole turn is the whole circle: so the sum
modulo the circle is the area, whatever the zone does farther out. An ellipse is a circle after an affine map, and
`bands` says what an edge adds to an arc band.
"""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0913, PLR0915, PLR0917

import math

import numpy as np
from numba import types

from geo112.zones.bands import BAND, TURN, band_place, edge_in_band
from geo112.zones.intrinsics import lowest_bit
from geo112.zones.kernel import kernel
from geo112.zones.layout import (
    NOTHING,
    W_CELL,
    W_GRID,
    W_NX,
    W_NY,
    W_PER_CELL,
    W_RECORDS,
    W_X0,
    W_Y0,
    W_ZONES,
)
from geo112.zones.lookup import RECORD, WORDS, record_at, winner
from geo112.zones.normal import LAW, UNIFORM, edge_of_law, law_reach
from geo112.zones.plane import AUTHALIC_M, PLANE, from_plane, plane_at, to_plane

# Edges are cut to this length, where a straight line in degrees and one in the plane part by less than 1 mm.
_STRAIGHT_DEG = 0.004
# Metres in a degree of latitude, at the least.
_DEGREE_M = 110_500.0
# Beyond this radius or near a pole the window is the whole grid.
_WIDEST_M = 1_500_000.0
# How far the place of a distribution is moved aside: a micrometre.
_ASIDE_DEG = 1e-11
# A share this near to none or all is decided by where five points of the circle lie.
_NEAR = 1e-8

_ROWS = types.int64[::1]
_WINDOW = types.UniTuple(types.int64, 4)
# West, south, east, north in degrees.
BOX = types.UniTuple(types.float64, 4)
# Rows of the affine map from the plane to the one where an ellipse is a circle; of a circle it changes nothing.
MAP = types.UniTuple(types.float64, 4)


@kernel(BOX(types.float64, types.float64, types.float64))
def _box(lon, lat, radius_m):
    """Bound the circle in degrees: west, south, east, north."""
    up = radius_m / _DEGREE_M
    if radius_m > _WIDEST_M or abs(lat) + up > 80.0:
        return -np.inf, -np.inf, np.inf, np.inf
    across = up / math.cos((abs(lat) + up) * math.pi / 180)
    if abs(lon) + across > 180.0:
        return -np.inf, -np.inf, np.inf, np.inf
    return lon - across, lat - up, lon + across, lat + up


@kernel(_WINDOW(WORDS, BOX))
def window_of(words, box):
    """Give the columns and rows of the grid that a box touches: first column, first row, end column, end row."""
    whole = words.view(np.int64)
    nx, ny = whole[W_NX], whole[W_NY]
    per = words[W_PER_CELL]
    west = min(max(math.floor((box[0] - words[W_X0]) * per) - 1.0, 0.0), float(nx))
    south = min(max(math.floor((box[1] - words[W_Y0]) * per) - 1.0, 0.0), float(ny))
    east = min(max(math.floor((box[2] - words[W_X0]) * per) + 2.0, 0.0), float(nx))
    north = min(max(math.floor((box[3] - words[W_Y0]) * per) + 2.0, 0.0), float(ny))
    return np.int64(west), np.int64(south), np.int64(east), np.int64(north)


@kernel(
    types.Tuple((types.float64, types.float64, types.int64))(
        types.float64, types.float64, types.float64, types.float64, types.float64
    )
)
def edge_in_circle(ax, ay, bx, by, r2):
    """Work out one edge's part of the sum, its least squared distance from the middle, and entries less exits."""
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    if length2 == 0.0:
        return 0.0, ax * ax + ay * ay, 0
    along = ax * dx + ay * dy
    t = min(1.0, max(0.0, -along / length2))
    ex, ey = ax + t * dx, ay + t * dy
    near2 = ex * ex + ey * ey
    a_in, b_in = ax * ax + ay * ay < r2, bx * bx + by * by < r2
    if a_in and b_in:
        return 0.5 * (ax * by - ay * bx), near2, 0
    if near2 >= r2:
        return 0.0, near2, 0
    # Half the chord from the foot of the perpendicular, which is not cut off at the ends of the edge.
    foot = -along / length2
    fx, fy = ax + foot * dx, ay + foot * dy
    half = math.sqrt(max(0.0, r2 - fx * fx - fy * fy) / length2)
    part = 0.0
    turns = 0
    qx, qy, px, py = ax, ay, bx, by
    if not a_in:
        t = min(1.0, max(0.0, foot - half))
        qx, qy = ax + t * dx, ay + t * dy
        part += 0.5 * r2 * math.atan2(qy, qx)
        turns += 1
    if not b_in:
        t = min(1.0, max(0.0, foot + half))
        px, py = ax + t * dx, ay + t * dy
        part -= 0.5 * r2 * math.atan2(py, px)
        turns -= 1
    return part + 0.5 * (qx * py - qy * px), near2, turns


@kernel(
    types.UniTuple(types.float64, 2)(
        types.float64, types.float64, types.float64, types.float64, types.float64, types.float64
    )
)
def strip(start, step, low, high, t0, t1):
    """Cut the parameters of a line to a strip that its lower side belongs to; nothing is left where t0 >= t1."""
    if step == 0.0:
        if low <= start < high:
            return t0, t1
        return 1.0, 0.0
    a, b = (low - start) / step, (high - start) / step
    return max(t0, min(a, b)), min(t1, max(a, b))


_STORE = types.Tuple((types.int32[::1], _ROWS, types.float64[:, ::1]))


@kernel(types.int64(WORDS, RECORD, BOX, BOX, PLANE, MAP, BAND, LAW, _STORE, types.int64))
def _add_record(words, record, cell, box, plane, affine, band, law, store, used):
    """Add the parts of the edges of one record within its cell to the sums of their zones; give the zones in use."""
    octets, halves = words.view(np.uint8), words.view(np.int32)
    r2 = band[0]
    round_whole = band[1] == 0.0 and band[3] == TURN
    slot_of, rows, sums = store
    _, _, _, share, links, _, zones, sets, vertices, after = record
    backwards_at = 8 * (after - ((links + 7) >> 3))
    seen_lon, seen_lat, seen_x, seen_y = np.nan, np.nan, 0.0, 0.0
    for i in range(links):
        entries = np.int64(octets[sets + i]) & share
        ax, bx = words[vertices + i], words[vertices + i + 1]
        ay, by = words[vertices + links + 1 + i], words[vertices + links + 2 + i]
        reach = max(ax, bx) >= box[0] and min(ax, bx) <= box[2] and max(ay, by) >= box[1] and min(ay, by) <= box[3]
        if not (entries and reach):
            continue
        dx, dy = bx - ax, by - ay
        t0, t1 = strip(ax, dx, cell[0], cell[2], 0.0, 1.0)
        t0, t1 = strip(ay, dy, cell[1], cell[3], t0, t1)
        if not t0 < t1:
            continue
        part, near2, turns = 0.0, np.inf, 0
        pieces = 1 + int((t1 - t0) * max(abs(dx), abs(dy)) / _STRAIGHT_DEG)
        for piece in range(pieces):
            s0 = t0 + (t1 - t0) * piece / pieces
            s1 = t1 if piece + 1 == pieces else t0 + (t1 - t0) * (piece + 1) / pieces
            lon0, lat0 = (ax + s0 * dx, ay + s0 * dy) if s0 > 0.0 else (ax, ay)
            lon1, lat1 = (ax + s1 * dx, ay + s1 * dy) if s1 < 1.0 else (bx, by)
            if lon0 == seen_lon and lat0 == seen_lat:
                x0, y0 = seen_x, seen_y
            else:
                east, north = to_plane(plane, lon0, lat0)
                x0, y0 = affine[0] * east + affine[1] * north, affine[2] * east + affine[3] * north
            east, north = to_plane(plane, lon1, lat1)
            x1, y1 = affine[0] * east + affine[1] * north, affine[2] * east + affine[3] * north
            seen_lon, seen_lat, seen_x, seen_y = lon1, lat1, x1, y1
            if law[0] != UNIFORM:
                piece_part, piece_near2, turn = edge_of_law(x0, y0, x1, y1, r2, law)
            elif round_whole:
                piece_part, piece_near2, turn = edge_in_circle(x0, y0, x1, y1, r2)
            else:
                piece_part, piece_near2, turn = edge_in_band(x0, y0, x1, y1, band)
            part += piece_part
            near2 = min(near2, piece_near2)
            turns += turn
        if near2 >= r2:
            continue
        backwards = octets[backwards_at + i]
        while entries:
            bit = lowest_bit(entries)
            entries &= entries - 1
            zone = halves[zones + bit]
            slot = np.int64(slot_of[zone])
            if slot < 0:
                slot = used
                slot_of[zone], rows[slot] = slot, zone
                sums[slot, 0], sums[slot, 1], sums[slot, 2] = 0.0, np.inf, 0.0
                used += 1
            sign = -1.0 if (backwards >> bit) & 1 else 1.0
            sums[slot, 0] += sign * part
            sums[slot, 1] = min(sums[slot, 1], near2)
            sums[slot, 2] += sign * turns
    return used


@kernel(types.int64(WORDS, PLANE, MAP, types.float64, types.float64))
def _winner_in_plane(words, plane, affine, x, y):
    """Give the zone of a place of the plane where the area is a circle or a band."""
    whole = affine[0] * affine[3] - affine[1] * affine[2]
    lon, lat = from_plane(plane, (affine[3] * x - affine[1] * y) / whole, (affine[0] * y - affine[2] * x) / whole)
    return winner(words, lon, lat)


@kernel(types.float64(WORDS, PLANE, MAP, BAND, types.int64, types.float64))
def _settle(words, plane, affine, band, zone, share):
    """Take off whole turns; what is then almost none or almost all is told apart by where five places lie."""
    share -= math.floor(share)
    if _NEAR < share < 1 - _NEAR:
        return share
    votes = 0
    for k in range(5):
        x, y = band_place(band, 0.1 + 0.2 * k)
        votes += _winner_in_plane(words, plane, affine, x, y) == zone
    above = share > 0.5
    if votes >= 3:
        return share if above else 1 + share
    return share - 1 if above else share


_SUM_OF = types.Tuple((_ROWS, types.float64[:, ::1]))


@kernel(_SUM_OF(WORDS, PLANE, MAP, BAND, LAW, BOX))
def _sum_edges(words, plane, affine, band, law, box):
    """Add up the parts of all edges in a box for each zone that has one there: part, squared distance, turns."""
    whole, halves, octets = words.view(np.int64), words.view(np.int32), words.view(np.uint8)
    column0, row0, column1, row1 = window_of(words, box)
    zones = whole[W_ZONES]
    store = (np.full(zones, np.int32(-1)), np.empty(zones, np.int64), np.empty((zones, 3)))
    used = 0
    for row in range(row0, row1):
        south, north = words[W_Y0] + row * words[W_CELL], words[W_Y0] + (row + 1) * words[W_CELL]
        for column in range(column0, column1):
            value = np.int64(halves[2 * whole[W_GRID] + row * whole[W_NX] + column])
            if value >= NOTHING:
                continue
            cell = (words[W_X0] + column * words[W_CELL], south, words[W_X0] + (column + 1) * words[W_CELL], north)
            at = whole[W_RECORDS] - 2 - value
            while True:
                record = record_at(halves, octets, at)
                used = _add_record(words, record, cell, box, plane, affine, band, law, store, used)
                if not record[5]:
                    break
                at = record[9]
    return store[1][:used].copy(), store[2][:used].copy()


_SUMS = types.Tuple((_ROWS, types.float64[::1], types.float64[::1], types.int64))


@kernel(_SUMS(WORDS, PLANE, MAP, BAND, BOX))
def _sum_band(words, plane, affine, band, box):
    """Measure a band; the last number counts the zones whose entries and exits do not match, which is none."""
    rows, sums = _sum_edges(words, plane, affine, band, (UNIFORM, 0.0, 0.0, 0.0, 0.0), box)
    shares, distances = np.empty(rows.size), np.empty(rows.size)
    unmatched = 0
    size = 0.5 * (band[0] - band[1]) * band[3]
    for slot in range(rows.size):
        shares[slot] = _settle(words, plane, affine, band, rows[slot], sums[slot, 0] / size)
        distances[slot] = math.sqrt(sums[slot, 1])
        unmatched += sums[slot, 2] != 0.0
    return rows, shares, distances, unmatched


@kernel(types.float64(types.float64))
def plane_radius(radius_m):
    """Give the radius in the plane of what lies within a distance, in metres."""
    return 2 * AUTHALIC_M * math.sin(min(radius_m / (2 * AUTHALIC_M), math.pi / 2))


_MEASURED = types.Tuple((types.int64, _ROWS, types.float64[::1], types.float64[::1]))


@kernel(_MEASURED(WORDS, types.float64, types.float64, types.float64))
def circle_sums(words, lon, lat, radius_m):
    """Measure a circle against all zones that have an edge in it.

    Gives the zone at the middle, the rows of the zones, the share of the circle in each, and the distance in metres
    from the middle to each one's nearest edge.
    """
    plane, same = plane_at(lon, lat), (1.0, 0.0, 0.0, 1.0)
    band = (plane_radius(radius_m) ** 2, 0.0, 0.0, TURN)
    rows, shares, distances, unmatched = _sum_band(words, plane, same, band, _box(lon, lat, radius_m))
    if unmatched:
        # A crossing that rounding lost at the seam of two cells is found by a hair's difference.
        radius_m *= 1 + 1e-10
        band = (plane_radius(radius_m) ** 2, 0.0, 0.0, TURN)
        rows, shares, distances, unmatched = _sum_band(words, plane, same, band, _box(lon, lat, radius_m))
    return winner(words, lon, lat), rows, shares, distances


@kernel(_MEASURED(WORDS, types.float64, types.float64, MAP, BAND, BOX))
def band_sums(words, lon, lat, affine, band, box):
    """Measure a band about a place, after an affine map of the plane, within a box in degrees that holds it.

    Gives the zone at a place within the band, the rows of the zones, the share of the band in each, and a distance that
    is below the band's outer radius for zones whose edges enter it: of an arc band 0 or the radius, else the distance.
    """
    plane = plane_at(lon, lat)
    rows, shares, distances, unmatched = _sum_band(words, plane, affine, band, box)
    if unmatched:
        wider = (band[0] * (1 + 2e-10), band[1], band[2], band[3])
        rows, shares, distances, unmatched = _sum_band(words, plane, affine, wider, box)
    x, y = band_place(band, 0.5)
    return _winner_in_plane(words, plane, affine, x, y), rows, shares, distances


@kernel(types.Tuple((types.int64, _ROWS, types.float64[::1]))(WORDS, types.float64, types.float64, MAP, LAW, BOX))
def law_sums(words, lon, lat, affine, law, box):
    """Measure a normal distribution about a place, within a box in degrees beyond which nothing of it is left.

    Gives the zone at the place, the rows of the zones that have an edge in the box, and the probability of each. Zones
    without one there have none, or all of it when they are at the place.
    """
    # No vertex of a border lies right here: the direction in which one leaves its own place is not known.
    lon, lat = lon + _ASIDE_DEG, lat + 0.618 * _ASIDE_DEG
    plane = plane_at(lon, lat)
    reach = law_reach(law)
    rows, sums = _sum_edges(words, plane, affine, (reach * reach, 0.0, 0.0, TURN), law, box)
    own = winner(words, lon, lat)
    probabilities = np.empty(rows.size)
    for slot in range(rows.size):
        value = (1.0 if rows[slot] == own else 0.0) - sums[slot, 0]
        # On a border rounding may put the place on the one side and the turn of the edge on the other.
        if not -0.001 < value < 1.001:
            value -= math.floor(value)
        probabilities[slot] = min(1.0, max(0.0, value))
    return own, rows, probabilities
