"""Writes the compact file of all zones, which servers map into memory and share: see `layout` for its form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.errors import BadInput
from geo112.zones import layout
from geo112.zones.border import border_words
from geo112.zones.overlaps import rank_of, remainders
from geo112.zones.placing import put_in_place
from geo112.zones.raster import fill_shape, touch_cells, write_records
from geo112.zones.records import Zone

FORMAT = layout.FORMAT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shapes:
    """All rings of all shapes, vertex after vertex: whole zones first, then what the overlap rule leaves of losers."""

    lons: Floats
    lats: Floats
    ring_first: Ints
    shape_of: Ints
    zone_of_shape: Ints
    flags_of_shape: Ints

    def edges_of(self) -> list[Ints]:
        """Name the edges of each shape by their first vertex."""
        edges = np.flatnonzero(self.ring_first[:-1] == self.ring_first[1:])
        borders = np.searchsorted(self.shape_of[edges], np.arange(self.zone_of_shape.size + 1))
        return [_frozen(edges[a:b]) for a, b in pairwise(borders)]


def write_zones(
    path: Path,
    *,
    zones: Sequence[Zone],
    polygons: NDArray[np.object_],
    version: str,
    cell_deg: float = layout.CELL_DEG,
) -> None:
    """Write zones (sorted by code) and their polygons in EPSG:4326; the same input gives the same bytes.

    Small cells make a quick and large file; where few edges run, larger ones do.
    Raises BadInput for polygons that are empty or invalid: no point has a sure answer in such a shape.
    """
    _check(zones, polygons)
    rank = rank_of(zones)
    shapes = _shapes(shapely.force_2d(polygons), rank)
    grid = _grid(shapes, cell_deg)
    cells, records = _records(shapes, grid, rank)
    own = shapes.shape_of < len(zones)
    lons, lats, chunks = border_words(
        shapes.lons[own], shapes.lats[own], shapes.ring_first[own], shapes.zone_of_shape[shapes.shape_of[own]]
    )
    meta = json.dumps(
        {
            "version": version,
            "zones": [[z.kode, z.nama, z.kode_kabkota, z.kabkota, z.area_km2, z.accuracy_m] for z in zones],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    sections = {
        layout.W_GRID: cells.view(np.float64),
        layout.W_RECORDS: records,
        layout.W_BORDER: np.concatenate([lons, lats]),
        layout.W_CHUNKS: chunks,
        layout.W_META: np.frombuffer(meta + b" " * (-len(meta) % 8), np.float64),
    }
    head = np.zeros(layout.HEAD_WORDS, np.int64)
    head[0] = int.from_bytes(layout.MAGIC, "little")
    head[layout.W_FORMAT] = FORMAT
    head[layout.W_NX], head[layout.W_NY] = grid[3], grid[4]
    head[layout.W_ZONES] = len(zones)
    head[layout.W_BORDER_COUNT] = lons.size
    head[layout.W_CHUNK_COUNT] = chunks.size // layout.CHUNK_WORDS
    head[layout.W_META_BYTES] = len(meta)
    floats = head.view(np.float64)
    floats[layout.W_X0], floats[layout.W_Y0] = grid[0], grid[1]
    floats[layout.W_CELL], floats[layout.W_PER_CELL] = grid[2], 1 / grid[2]
    at = layout.HEAD_WORDS
    for word, section in sections.items():
        head[word] = at
        at += section.size
    head[layout.W_TOTAL] = at
    body = [section.astype("<f8", copy=False).tobytes() for section in sections.values()]
    put_in_place(path, head, body, checksum_at=layout.W_CHECKSUM)


def _check(zones: Sequence[Zone], polygons: NDArray[np.object_]) -> None:
    """Refuse what would make wrong answers."""
    if not zones or len(zones) != len(polygons):
        raise BadInput(f"{len(zones)} zones with {len(polygons)} polygons", field="zones")
    codes = [zone.kode for zone in zones]
    if sorted(set(codes)) != codes:
        raise BadInput("the zones are not sorted by code, or a code stands twice", field="zones")
    good = shapely.is_valid(polygons) & ~shapely.is_empty(polygons) & np.isin(shapely.get_type_id(polygons), (3, 6))
    for row in np.flatnonzero(~good)[:1]:
        reason = shapely.is_valid_reason(polygons[row])
        raise BadInput(f"the polygon of {codes[row]} cannot be used: {reason}", field="geometry")


def _shapes(polygons: NDArray[np.object_], rank: Ints) -> _Shapes:
    """Take all shapes apart into rings of vertices, exterior rings counter-clockwise, holes clockwise."""
    losers, left = remainders(polygons, rank)
    keeps = ~shapely.is_empty(left.astype(object))
    flags = np.full(len(polygons), layout.F_LOOKUP | layout.F_SHARE, np.int64)
    flags[losers] = layout.F_LOOKUP
    every = shapely.orient_polygons(np.concatenate([polygons, left[keeps]]))
    parts, shape_of_part = shapely.get_parts(every, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    vertices, ring_of = shapely.get_coordinates(rings, return_index=True)
    counts = np.bincount(ring_of, minlength=len(rings))
    return _Shapes(
        lons=_frozen(vertices[:, 0]),
        lats=_frozen(vertices[:, 1]),
        ring_first=_frozen(np.repeat(np.cumsum(counts) - counts, counts)),
        shape_of=shape_of_part[part_of_ring[ring_of]],
        zone_of_shape=np.concatenate([np.arange(len(polygons)), losers[keeps]]),
        flags_of_shape=np.concatenate([flags, np.full(int(keeps.sum()), layout.F_SHARE)]),
    )


def _frozen[Numbers: np.generic](values: NDArray[Numbers]) -> NDArray[Numbers]:
    """Make an array contiguous and read-only, as the kernels' signatures ask."""
    out = np.ascontiguousarray(values).copy()
    out.flags.writeable = False
    return out


def _grid(shapes: _Shapes, cell: float) -> tuple[float, float, float, int, int]:
    """Lay the grid over all shapes: west and south edge, cell, columns, rows (an even count, to fill whole words)."""
    west, south = float(shapes.lons.min()) - cell / 2, float(shapes.lats.min()) - cell / 2
    columns = int((float(shapes.lons.max()) - west) / cell) + 2
    rows = int((float(shapes.lats.max()) - south) / cell) + 2
    return west, south, cell, columns + columns % 2, rows


def _records(
    shapes: _Shapes, grid: tuple[float, float, float, int, int], rank: Ints
) -> tuple[NDArray[np.int32], Floats]:
    """Fill the grid and write the records of the cells that more than one answer is possible in."""
    pairs, states = _raster(shapes, grid)
    groups = np.flatnonzero(np.append(np.True_, (np.diff(pairs[:, 0]) != 0) | (np.diff(pairs[:, 2]) != 0)))
    touched = states[states[:, 1] == 1]
    whole = states[(states[:, 1] == 0) & ((shapes.flags_of_shape[states[:, 3]] & layout.F_LOOKUP) > 0)]
    touched = touched[np.lexsort((touched[:, 3], touched[:, 0]))]
    every = np.concatenate([touched, whole])
    zone = shapes.zone_of_shape[every[:, 3]]
    flags = shapes.flags_of_shape[every[:, 3]]
    group = np.concatenate([np.arange(groups.size), np.full(len(whole), -1)])
    order = np.lexsort((zone, rank[zone], (flags & layout.F_LOOKUP) == 0, every[:, 0]))
    entries = np.stack([every[:, 0], zone, flags, every[:, 2], group], axis=1)[order]

    starts = np.flatnonzero(np.append(np.True_, np.diff(entries[:, 0]) != 0))
    counts = np.diff(np.append(starts, len(entries)))
    plain = (counts == 1) & (entries[starts, 4] < 0)
    cells = np.full(grid[3] * grid[4], layout.NOTHING, np.int32)
    cells[entries[starts[plain], 0]] = entries[starts[plain], 1]
    kept = entries[np.repeat(~plain, counts)]
    records = np.append(0, np.cumsum(counts[~plain]))
    words = np.zeros(9 * len(kept) + 15 * len(pairs) + 8)
    used = write_records(
        shapes.lons,
        shapes.lats,
        shapes.ring_first,
        _frozen(np.append(groups, len(pairs))),
        _frozen(pairs[:, 1]),
        grid,
        _frozen(kept),
        _frozen(records),
        cells,
        words,
    )
    return cells, words[:used]


def _raster(shapes: _Shapes, grid: tuple[float, float, float, int, int]) -> tuple[Ints, Ints]:
    """Give (cell, edge, shape) by cell and shape, and (cell, touched, inside, shape) of all cells of all shapes."""
    pairs, states = [], []
    nothing = np.empty(0, np.int64)
    no_rows = np.empty((0, 3), np.int64)
    for shape, edges in enumerate(shapes.edges_of()):
        count = touch_cells(shapes.lons, shapes.lats, edges, grid, nothing, nothing, False)  # noqa: FBT003 - a kernel
        cells, owners = np.empty(count, np.int64), np.empty(count, np.int64)
        touch_cells(shapes.lons, shapes.lats, edges, grid, cells, owners, True)  # noqa: FBT003 - a kernel
        pairs.append(np.stack([cells, owners, np.full(count, shape)], axis=1))
        touched = _frozen(np.unique(cells))
        count = fill_shape(shapes.lons, shapes.lats, edges, grid, touched, no_rows, False)  # noqa: FBT003 - a kernel
        rows = np.empty((count, 3), np.int64)
        fill_shape(shapes.lons, shapes.lats, edges, grid, touched, rows, True)  # noqa: FBT003 - a kernel
        states.append(np.column_stack([rows, np.full(count, shape)]))
    every = np.concatenate(pairs)
    return every[np.argsort(every[:, 0], kind="stable")], np.concatenate(states)
