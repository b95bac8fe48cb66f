"""The nearest edge of any kecamatan, on the ellipsoid, for places that lie in none."""

# Kernels state their types as signatures of numba, and hand over plain arrays and numbers in one long pass.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN201, ANN202, C901

import math

import numpy as np
from numba import types
from numpy.typing import NDArray
from pyproj import Geod

from geo112.core.geo import Position, wgs84
from geo112.zones.kernel import kernel
from geo112.zones.layout import (
    CHUNK_PIECES,
    CHUNK_WORDS,
    PIECE_DEG,
    W_BORDER,
    W_BORDER_COUNT,
    W_CHUNK_COUNT,
    W_CHUNKS,
)
from geo112.zones.lookup import WORDS

_A_M = 6378137.0
_F = 1 / 298.257223563
_E2 = _F * (2 - _F)
_RADIAN = math.pi / 180
# A straight line in degrees and the chord through the earth between its ends part by less than this, at PIECE_DEG.
_SAG_M = 0.5
# Places on each piece from which the geodesic distance is measured; between them the piece is straight to 0.1 mm.
_STEPS = np.linspace(0.0, 1.0, 9)
# Two edges this near to one another are equally near, and the overlap rule chooses.
_EQUAL_M = 1e-3


@kernel(types.UniTuple(types.float64, 3)(types.float64, types.float64))
def _ecef(lon, lat):
    sine, cosine = math.sin(lat * _RADIAN), math.cos(lat * _RADIAN)
    normal = _A_M / math.sqrt(1 - _E2 * sine * sine)
    return (
        normal * cosine * math.cos(lon * _RADIAN),
        normal * cosine * math.sin(lon * _RADIAN),
        normal * (1 - _E2) * sine,
    )


@kernel(types.void(types.float64[::1], types.float64[::1], types.float64[:, ::1]))
def _all_ecef(lons, lats, out):
    for i in range(lons.size):
        out[i, 0], out[i, 1], out[i, 2] = _ecef(lons[i], lats[i])


def border_words(
    lons: NDArray[np.float64], lats: NDArray[np.float64], ring_first: NDArray[np.int64], zone_of: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Cut all edges into pieces of at most PIECE_DEG and group them; give longitudes, latitudes and chunk words.

    `ring_first` and `zone_of` name, for each vertex, the first vertex of its ring and its zone.
    """
    edges = np.flatnonzero(ring_first[:-1] == ring_first[1:])
    across, up = lons[edges + 1] - lons[edges], lats[edges + 1] - lats[edges]
    pieces = np.maximum(1, np.ceil(np.maximum(abs(across), abs(up)) / PIECE_DEG)).astype(np.int64)
    ends_ring = np.append(ring_first[edges[1:]] != ring_first[edges[:-1]], np.True_)
    rows = pieces + ends_ring
    source = np.repeat(np.arange(edges.size), rows)
    step = np.arange(source.size) - np.repeat(np.cumsum(rows) - rows, rows)
    share = step / pieces[source]
    out_lons = lons[edges][source] + across[source] * share
    out_lats = lats[edges][source] + up[source] * share
    last = step == pieces[source]
    out_lons[last], out_lats[last] = lons[edges[source[last]] + 1], lats[edges[source[last]] + 1]

    ring = ring_first[edges][source]
    starts = np.flatnonzero(np.append(np.True_, ring[1:] != ring[:-1]))
    counts = np.diff(np.append(starts, ring.size))
    per_ring = -(-(counts - 1) // CHUNK_PIECES)
    number = np.arange(per_ring.sum()) - np.repeat(np.cumsum(per_ring) - per_ring, per_ring)
    first = np.repeat(starts, per_ring) + number * CHUNK_PIECES
    count = np.minimum(CHUNK_PIECES + 1, np.repeat(starts + counts, per_ring) - first)
    return out_lons, out_lats, _chunk_words(out_lons, out_lats, first, count, zone_of[edges][source[first]])


def _chunk_words(
    lons: NDArray[np.float64],
    lats: NDArray[np.float64],
    first: NDArray[np.int64],
    count: NDArray[np.int64],
    zone: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Put a sphere around each chunk of pieces, as the words of the compact file."""
    xyz = np.empty((lons.size, 3))
    _all_ecef(lons, lats, xyz)
    offsets = np.cumsum(count) - count
    member = np.repeat(first - offsets, count) + np.arange(count.sum())
    middle = np.add.reduceat(xyz[member], offsets) / count[:, None]
    reach = np.sqrt(((xyz[member] - np.repeat(middle, count, axis=0)) ** 2).sum(axis=1))
    words = np.empty((first.size, CHUNK_WORDS))
    words[:, :3] = middle
    words[:, 3] = np.maximum.reduceat(reach, offsets) + _SAG_M
    words.view(np.int64)[:, 4] = first
    words.view(np.int64)[:, 5] = count << 32 | zone
    return words.reshape(-1)


@kernel(types.void(WORDS, types.float64, types.float64, types.float64, types.int64, types.int64, types.float64[::1]))
def _chords(words, x, y, z, first, count, out):
    """Measure the straight distance through the earth from a place to each piece of a chunk."""
    whole = words.view(np.int64)
    lon_at = whole[W_BORDER] + first
    lat_at = lon_at + whole[W_BORDER_COUNT]
    ax, ay, az = _ecef(words[lon_at], words[lat_at])
    ax, ay, az = ax - x, ay - y, az - z
    for i in range(1, count):
        bx, by, bz = _ecef(words[lon_at + i], words[lat_at + i])
        bx, by, bz = bx - x, by - y, bz - z
        dx, dy, dz = bx - ax, by - ay, bz - az
        length2 = dx * dx + dy * dy + dz * dz
        t = 0.0
        if length2 > 0.0:
            t = min(1.0, max(0.0, -(ax * dx + ay * dy + az * dz) / length2))
        ex, ey, ez = ax + t * dx, ay + t * dy, az + t * dz
        out[i - 1] = math.sqrt(ex * ex + ey * ey + ez * ez)
        ax, ay, az = bx, by, bz


@kernel(types.int64[:, ::1](WORDS, types.float64, types.float64))
def near_pieces(words, lon, lat):
    """List the pieces (first vertex, zone) that may be the nearest: those whose chords are all but the shortest."""
    whole = words.view(np.int64)
    x, y, z = _ecef(lon, lat)
    chunks = whole[W_CHUNK_COUNT]
    least = np.empty(chunks)
    closest = 0
    for i in range(chunks):
        at = whole[W_CHUNKS] + CHUNK_WORDS * i
        dx, dy, dz = words[at] - x, words[at + 1] - y, words[at + 2] - z
        least[i] = math.sqrt(dx * dx + dy * dy + dz * dz) - words[at + 3]
        if least[i] < least[closest]:
            closest = i
    chords = np.empty(CHUNK_PIECES)
    best = np.inf
    for k in range(-1, chunks):
        i = closest if k < 0 else k
        if least[i] < best:
            at = whole[W_CHUNKS] + CHUNK_WORDS * i
            count = whole[at + 5] >> 32
            _chords(words, x, y, z, whole[at + 4], count, chords)
            for p in range(count - 1):
                best = min(best, chords[p])
    # A geodesic of the chord c is c (1 + (c / 2R)^2 / 6 + ...) long, and R differs by 1 % with place and direction.
    limit = best * (1 + 1e-6 + 0.01 * (best / (2 * _A_M)) ** 2) + _SAG_M
    found = np.empty((64, 2), np.int64)
    size = 0
    for i in range(chunks):
        if least[i] <= limit:
            at = whole[W_CHUNKS] + CHUNK_WORDS * i
            count = whole[at + 5] >> 32
            _chords(words, x, y, z, whole[at + 4], count, chords)
            for p in range(count - 1):
                if chords[p] <= limit:
                    if size == found.shape[0]:
                        larger = np.empty((2 * size, 2), np.int64)
                        larger[:size] = found
                        found = larger
                    found[size, 0], found[size, 1] = whole[at + 4] + p, whole[at + 5] & 0xFFFFFFFF
                    size += 1
    return found[:size].copy()


def nearest_rows(words: NDArray[np.float64], position: Position) -> tuple[float, list[int]]:
    """Measure the geodesic distance in metres to the nearest edge and name the rows of the zones that have it."""
    whole = words.view(np.int64)
    found = near_pieces(words, position.lon_deg, position.lat_deg)
    lons = words[whole[W_BORDER] :][: whole[W_BORDER_COUNT]]
    lats = words[whole[W_BORDER] + whole[W_BORDER_COUNT] :][: whole[W_BORDER_COUNT]]
    first = found[:, 0]
    on_lons = lons[first, None] + (lons[first + 1] - lons[first])[:, None] * _STEPS
    on_lats = lats[first, None] + (lats[first + 1] - lats[first])[:, None] * _STEPS
    distance = _distance_m(wgs84(), position, on_lons, on_lats)
    shortest = float(distance.min())
    return shortest, sorted({int(row) for row in found[distance <= shortest + _EQUAL_M, 1]})


def _distance_m(
    geod: Geod, position: Position, lons: NDArray[np.float64], lats: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Geodesic distance from a place to each row's line, drawn in the azimuthal equidistant plane around it."""
    azimuth, _, metres = geod.inv(
        np.full(lons.size, position.lon_deg), np.full(lons.size, position.lat_deg), lons.ravel(), lats.ravel()
    )
    line = (np.asarray(metres) * np.exp(1j * np.radians(np.asarray(azimuth)))).reshape(lons.shape)
    start, along = line[:, :-1], np.diff(line, axis=1)
    length2 = np.abs(along) ** 2
    share = np.clip(-(start * along.conj()).real / np.where(length2 > 0, length2, 1.0), 0.0, 1.0)
    return np.asarray(np.abs(start + share * along).min(axis=1))
