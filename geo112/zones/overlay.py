"""Kernels that measure how much of a polygon lies in each zone, and which zones' edges enter it.

Polygons and zones have straight edges in degrees, so they are held against each other in degrees, where equal places
have equal numbers. The area is that of the ellipsoid: each strip of a grid row weighs what it does. In a row, the area
of polygon and zone is the sum over pairs of an edge of either, each signed by which side its shape lies on, of the area
between the two where the polygon's edge lies to the east. Nothing is decided, so edges may touch, cross or coincide as
they like. To the west of the polygon the row begins with a line on which the zones are looked up.
"""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0913, PLR0917

import math

import numpy as np
from numba import types

from geo112.zones.intrinsics import lowest_bit
from geo112.zones.kernel import kernel
from geo112.zones.layout import NOTHING, W_CELL, W_GRID, W_NX, W_NY, W_PER_CELL, W_RECORDS, W_X0, W_Y0, W_ZONES
from geo112.zones.lookup import RECORD, WORDS, record_at, winner
from geo112.zones.plane import ellipsoid_weight
from geo112.zones.shares import BOX, strip

_F = types.float64
_ROWS = types.int64[::1]
# Edges as rows of longitude and latitude of both ends; the polygon lies to their left.
EDGES = types.float64[:, ::1]
# Where within the cell the line to the west stands: no edge was ever drawn there on purpose.
_WEST_PART = 0.3718281
_GAUSS = 0.5 / math.sqrt(3.0)
# Pieces of edges are this high at most when the polygon itself is measured.
_HIGH_DEG = 1.0


@kernel(_F(EDGES))
def _size(edges):
    """Give the area of a polygon in square metres, its edges straight in degrees."""
    total = 0.0
    lon0 = edges[0, 0]
    for i in range(edges.shape[0]):
        ax, ay, bx, by = edges[i, 0] - lon0, edges[i, 1], edges[i, 2] - lon0, edges[i, 3]
        pieces = 1 + int(abs(by - ay) / _HIGH_DEG)
        dx, dy = (bx - ax) / pieces, (by - ay) / pieces
        for piece in range(pieces):
            # Gauss and Legendre's three places.
            mx, my, aside = ax + (piece + 0.5) * dx, ay + (piece + 0.5) * dy, math.sqrt(0.15)
            middle = 8 * mx * ellipsoid_weight(my)
            south = 5 * (mx - aside * dx) * ellipsoid_weight(my - aside * dy)
            north = 5 * (mx + aside * dx) * ellipsoid_weight(my + aside * dy)
            total += dy * (south + middle + north) / 18
    return total


@kernel(types.Tuple((EDGES, _F, _F))(types.float64[::1], types.float64[::1], _ROWS))
def polygon_edges(lons, lats, firsts):
    """Give the edges of rings that begin at `firsts` and end where the next one begins, the area, and the reach.

    The area is in square metres; the reach, in degrees of latitude, is that from the middle of the box around it all.
    """
    edges = np.empty((lons.size, 4))
    for ring in range(firsts.size - 1):
        last = firsts[ring + 1] - 1
        for i in range(firsts[ring], firsts[ring + 1]):
            beyond = firsts[ring] if i == last else i + 1
            edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3] = lons[i], lats[i], lons[beyond], lats[beyond]
    lon, lat = 0.5 * (lons.min() + lons.max()), 0.5 * (lats.min() + lats.max())
    narrow = math.cos(lat * math.pi / 180)
    reach2 = 0.0
    for i in range(lons.size):
        reach2 = max(reach2, (narrow * (lons[i] - lon)) ** 2 + (lats[i] - lat) ** 2)
    return edges, _size(edges), math.sqrt(reach2)


@kernel(types.Tuple((_ROWS, _ROWS, types.int64))(WORDS, EDGES))
def by_row(words, edges):
    """Group edges by the rows of the grid that they reach: where each row begins, the edges, and the first row."""
    whole = words.view(np.int64)
    per, origin, ny = words[W_PER_CELL], words[W_Y0], float(whole[W_NY])
    low, high = np.empty(edges.shape[0], np.int64), np.empty(edges.shape[0], np.int64)
    first, last = np.int64(whole[W_NY]), np.int64(-1)
    for i in range(edges.shape[0]):
        south, north = min(edges[i, 1], edges[i, 3]), max(edges[i, 1], edges[i, 3])
        low[i] = np.int64(min(max(math.floor((south - origin) * per - 1e-6), 0.0), ny))
        high[i] = np.int64(min(max(math.floor((north - origin) * per + 1e-6) + 1.0, 0.0), ny))
        if low[i] < high[i]:
            first, last = min(first, low[i]), max(last, high[i])
    count = max(np.int64(0), last - first)
    starts = np.zeros(count + 2, np.int64)
    for i in range(edges.shape[0]):
        for row in range(low[i], high[i]):
            starts[row - first + 2] += 1
    for k in range(2, count + 2):
        starts[k] += starts[k - 1]
    members = np.empty(starts[count + 1], np.int64)
    for i in range(edges.shape[0]):
        for row in range(low[i], high[i]):
            members[starts[row - first + 1]] = i
            starts[row - first + 1] += 1
    return starts[: count + 1].copy(), members, first


# Of the edges in one row, cut to it: south, north, longitude at both, and +1 where the polygon lies to the west.
_ACTIVE = types.float64[:, ::1]
# Weight of a row, as a quadratic of the degrees from its middle; the middle.
_WEIGHT = types.UniTuple(_F, 4)


@kernel(types.int64(EDGES, _ROWS, _F, _F, _ACTIVE))
def _cut_to_row(edges, members, south, north, active):
    """Cut edges to a row; give their number."""
    n = 0
    for i in members:
        ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        sign = 1.0
        if ay > by:
            ax, ay, bx, by, sign = bx, by, ax, ay, -1.0
        low, high = max(ay, south), min(by, north)
        if not low < high:
            continue
        slope = (bx - ax) / (by - ay)
        active[n, 0], active[n, 1], active[n, 4] = low, high, sign
        active[n, 2] = ax if low == ay else ax + (low - ay) * slope
        active[n, 3] = bx if high == by else ax + (high - ay) * slope
        n += 1
    return n


@kernel(_WEIGHT(_F, _F))
def _row_weight(south, north):
    middle, half = 0.5 * (south + north), 0.5 * (north - south)
    below, at, above = ellipsoid_weight(south), ellipsoid_weight(middle), ellipsoid_weight(north)
    return at, 0.5 * (above - below) / half, (0.5 * (above + below) - at) / (half * half), middle


@kernel(_F(_ACTIVE, types.int64, _WEIGHT, _F, _F, _F, _F))
def _east_of(active, n, weight, x0, y0, x1, y1):
    """Give the area of the polygon to the east of a line that runs north, between the line's ends, in square metres."""
    total = 0.0
    slope = (x1 - x0) / (y1 - y0)
    west = min(x0, x1)
    for i in range(n):
        low, high = max(y0, active[i, 0]), min(y1, active[i, 1])
        if low >= high or max(active[i, 2], active[i, 3]) <= west:
            continue
        steep = (active[i, 3] - active[i, 2]) / (active[i, 1] - active[i, 0])
        gap0 = active[i, 2] + (low - active[i, 0]) * steep - (x0 + (low - y0) * slope)
        gap1 = active[i, 2] + (high - active[i, 0]) * steep - (x0 + (high - y0) * slope)
        if gap0 <= 0.0 and gap1 <= 0.0:
            continue
        if gap0 < 0.0:
            low, gap0 = low + (high - low) * gap0 / (gap0 - gap1), 0.0
        elif gap1 < 0.0:
            high, gap1 = low + (high - low) * gap0 / (gap0 - gap1), 0.0
        # Gauss and Legendre's two places: exact, since gap times weight is a cubic.
        middle, reach = 0.5 * (low + high) - weight[3], _GAUSS * (high - low)
        gap, change = 0.5 * (gap0 + gap1), _GAUSS * (gap1 - gap0)
        u0, u1 = middle - reach, middle + reach
        w0 = weight[0] + u0 * (weight[1] + u0 * weight[2])
        w1 = weight[0] + u1 * (weight[1] + u1 * weight[2])
        total += active[i, 4] * 0.5 * (high - low) * ((gap - change) * w0 + (gap + change) * w1)
    return total


@kernel(_ROWS(WORDS, types.int64, _F, _F, _F, types.float64[::1]))
def _west_line(words, value, x, south, north, places):
    """Look the zones up along a meridian within a cell: the latitudes where they change, and the zone beyond each."""
    halves, octets = words.view(np.int32), words.view(np.uint8)
    places[0] = south
    n = 1
    if value < NOTHING:
        at = words.view(np.int64)[W_RECORDS] - 2 - value
        while True:
            record = record_at(halves, octets, at)
            _, _, _, share, links, _, _, sets, vertices, after = record
            for i in range(links):
                ax, bx = words[vertices + i], words[vertices + i + 1]
                if np.int64(octets[sets + i]) & share and (ax <= x < bx or bx <= x < ax):
                    ay, by = words[vertices + links + 1 + i], words[vertices + links + 2 + i]
                    y = ay + (x - ax) * (by - ay) / (bx - ax)
                    if south < y < north:
                        k = n
                        while k > 1 and places[k - 1] > y:
                            places[k] = places[k - 1]
                            k -= 1
                        places[k] = y
                        n += 1
            if not record[5]:
                break
            at = after
    zones = np.empty(n, np.int64)
    for k in range(n):
        beyond = places[k + 1] if k + 1 < n else north
        zones[k] = value if value >= NOTHING else winner(words, x, 0.5 * (places[k] + beyond))
    return zones


@kernel(types.int64(WORDS, types.int64))
def _links_at(words, value):
    """Count the links of all records of a cell."""
    halves, octets = words.view(np.int32), words.view(np.uint8)
    at = words.view(np.int64)[W_RECORDS] - 2 - value
    total = np.int64(0)
    while True:
        record = record_at(halves, octets, at)
        total += record[4]
        if not record[5]:
            return total
        at = record[9]


_STORE = types.Tuple((types.int32[::1], _ROWS, types.float64[::1]))


@kernel(types.int64(_STORE, types.int64, types.int64, _F))
def _add(store, used, zone, area):
    """Add to the area of a zone; give the zones in use."""
    slot_of, rows, areas = store
    slot = np.int64(slot_of[zone])
    if slot < 0:
        slot = used
        slot_of[zone], rows[slot], areas[slot] = slot, zone, 0.0
        used += 1
    areas[slot] += area
    return used


@kernel(types.int64(WORDS, RECORD, BOX, _F, _ACTIVE, types.int64, _WEIGHT, _STORE, types.int64))
def _add_record(words, record, cell, east, active, n, weight, store, used):
    """Add what the edges of one record within its cell say of their zones; give the zones in use."""
    octets, halves = words.view(np.uint8), words.view(np.int32)
    _, _, _, share, links, _, zones, sets, vertices, after = record
    backwards_at = 8 * (after - ((links + 7) >> 3))
    for i in range(links):
        entries = np.int64(octets[sets + i]) & share
        ax, bx = words[vertices + i], words[vertices + i + 1]
        ay, by = words[vertices + links + 1 + i], words[vertices + links + 2 + i]
        if not entries or ay == by or min(ax, bx) >= east:
            continue
        dx, dy = bx - ax, by - ay
        t0, t1 = strip(ax, dx, cell[0], cell[2], 0.0, 1.0)
        t0, t1 = strip(ay, dy, cell[1], cell[3], t0, t1)
        if not t0 < t1:
            continue
        x0, y0 = (ax + t0 * dx, ay + t0 * dy) if t0 > 0.0 else (ax, ay)
        x1, y1 = (ax + t1 * dx, ay + t1 * dy) if t1 < 1.0 else (bx, by)
        if y0 == y1:
            continue
        area = -_east_of(active, n, weight, x0, y0, x1, y1) if y0 < y1 else _east_of(active, n, weight, x1, y1, x0, y0)
        if area == 0.0:
            continue
        backwards = octets[backwards_at + i]
        while entries:
            bit = lowest_bit(entries)
            entries &= entries - 1
            used = _add(store, used, halves[zones + bit], -area if (backwards >> bit) & 1 else area)
    return used


@kernel(types.Tuple((_ROWS, types.float64[::1]))(WORDS, EDGES))
def polygon_sums(words, edges):
    """Give the rows of the zones that share ground with a polygon, and that ground in square metres."""
    whole, halves, octets = words.view(np.int64), words.view(np.int32), words.view(np.uint8)
    nx, per, cell = whole[W_NX], words[W_PER_CELL], words[W_CELL]
    starts, members, first = by_row(words, edges)
    zones = whole[W_ZONES]
    store = (np.full(zones, np.int32(-1)), np.empty(zones, np.int64), np.empty(zones))
    used = 0
    active = np.empty((edges.shape[0], 5))
    for k in range(starts.size - 1):
        row = first + k
        south, north = words[W_Y0] + row * cell, words[W_Y0] + (row + 1) * cell
        n = _cut_to_row(edges, members[starts[k] : starts[k + 1]], south, north, active)
        if n == 0:
            continue
        west, east, low, high = np.inf, -np.inf, np.inf, -np.inf
        for i in range(n):
            west, east = min(west, active[i, 2], active[i, 3]), max(east, active[i, 2], active[i, 3])
            low, high = min(low, active[i, 0]), max(high, active[i, 1])
        weight = _row_weight(south, north)
        column0 = np.int64(max(math.floor((west - words[W_X0]) * per - 1e-6) - 1.0, -1.0))
        column1 = np.int64(min(math.floor((east - words[W_X0]) * per + 1e-6) + 1.0, float(nx)))
        grid = 2 * whole[W_GRID] + row * nx
        from_lon = -np.inf
        if 0 <= column0 < nx:
            from_lon = words[W_X0] + (column0 + _WEST_PART) * cell
            value = np.int64(halves[grid + column0])
            places = np.empty(1 + (_links_at(words, value) if value < NOTHING else 0))
            zones_there = _west_line(words, value, from_lon, low, high, places)
            for m in range(zones_there.size):
                beyond = places[m + 1] if m + 1 < zones_there.size else high
                if zones_there[m] >= 0 and places[m] < beyond:
                    area = _east_of(active, n, weight, from_lon, places[m], from_lon, beyond)
                    used = _add(store, used, zones_there[m], area)
        for column in range(max(column0, np.int64(0)), column1):
            value = np.int64(halves[grid + column])
            if value >= NOTHING:
                continue
            left = words[W_X0] + column * cell
            box = (max(left, from_lon), south, words[W_X0] + (column + 1) * cell, north)
            at = whole[W_RECORDS] - 2 - value
            while True:
                record = record_at(halves, octets, at)
                used = _add_record(words, record, box, east, active, n, weight, store, used)
                if not record[5]:
                    break
                at = record[9]
    return store[1][:used].copy(), store[2][:used].copy()
