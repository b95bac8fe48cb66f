"""Tiles of the base map: how long a cold and a warm one take, beside cutting the polygons themselves."""

import math
import time
from collections.abc import Iterator, Sequence
from random import Random

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.basemap.tiles import Basemap
from geo112.basemap.world import EXTENT, WORLD_BITS, to_world
from geo112.bench.frame import ROUNDS, Result, Room, compared, interleave, limited
from geo112.bench.reference import read_kecamatan
from geo112.zones.records import Zone

TILES = 512
# The alternative needs minutes for all of them: both are compared on every sixteenth.
EVERY = 16
COLD_GOAL_S = 10.0
WARM_GOAL_MS = 50.0
# Java, where kecamatan are densest, with the tiles of zoom 6 to 8 that hold most of them.
JAVA_DEG = (105.0, -8.4, 114.5, -6.0)
HEAVIEST = ((6, 51, 33), (7, 103, 66), (8, 206, 132), (8, 206, 133))
OTHER = "clip_by_rect + mapbox_vector_tile"

Tile = tuple[int, int, int]


def tiles(room: Room) -> Iterator[Result]:
    """Draw 512 tiles of zoom 6 to 16 over Java with an empty cache, then again with a full one."""
    wanted = tiles_of_java()
    sample = wanted[::EVERY]
    # One for each round and the warm-up, since a base map remembers what it drew.
    empty = iter([_opened(room) for _ in range(ROUNDS + 1)])
    other = Clipped(*read_kecamatan(room.boundaries))
    work = {
        "geo112": lambda: draw_cold(next(empty), sample),
        OTHER: lambda: [other.tile(*tile) for tile in sample],
    }
    taken = interleave(work, rounds=ROUNDS, tell=room.tell)
    room.tell("tiles: all 512, cold and warm")
    cold_s = sorted(draw_cold(_opened(room), wanted) for _ in range(ROUNDS))[ROUNDS // 2]
    basemap = _opened(room)
    draw_cold(basemap, wanted)
    warm_ms = 1000.0 * float(np.quantile([draw_cold(basemap, [tile]) for tile in wanted], 0.99))
    yield compared(
        "tiles", unit="ms per cold tile", taken=taken, per=lambda seconds: 1000.0 * seconds / len(sample), goal={}
    )
    yield limited("tiles, 512 cold", unit="s", ours=cold_s, limit=COLD_GOAL_S, rounds=ROUNDS)
    yield limited("tiles, warm p99", unit="ms", ours=warm_ms, limit=WARM_GOAL_MS, rounds=1)


def _opened(room: Room) -> Basemap:
    """Open the base map with an empty cache."""
    return Basemap.open(room.boundaries / "basemap.geo112")


def tiles_of_java(count: int = TILES) -> list[Tile]:
    """Choose tiles of zoom 6 to 16 over Java, always the same ones, the heaviest among them."""
    random = Random(112)  # noqa: S311 - a choice of tiles, no secret
    west, south, east, north = JAVA_DEG
    chosen = dict.fromkeys(HEAVIEST)
    while len(chosen) < count:
        z = random.randint(6, 16)
        place = np.array([[random.uniform(west, east), random.uniform(south, north)]])
        x, y = (int(number) for number in to_world(place)[0] >> (WORLD_BITS - z))
        chosen[z, x, y] = None
    return list(chosen)


def draw_cold(basemap: Basemap, wanted: list[Tile]) -> float:
    """Draw the tiles one after another; seconds for all of them."""
    start = time.perf_counter()
    for tile in wanted:
        basemap.tile(*tile)
    return time.perf_counter() - start


class Clipped:
    """Tiles by the libraries at hand: find, thin, clip and encode the kecamatan, without lines and labels."""

    def __init__(self, zones: Sequence[Zone], polygons: NDArray[np.object_]) -> None:
        """Project the polygons once."""
        self._zones = zones
        self._world: NDArray[np.object_] = shapely.transform(
            polygons, lambda lonlat: to_world(lonlat).astype(np.float64)
        )
        self._tree = shapely.STRtree(self._world)

    def tile(self, z: int, x: int, y: int) -> bytes:
        """Encode the kecamatan of a tile."""
        size = math.ldexp(1.0, WORLD_BITS - z)
        bounds = (x * size, y * size, (x + 1) * size, (y + 1) * size)
        rows = np.sort(self._tree.query(shapely.box(*bounds)))
        cut = shapely.clip_by_rect(shapely.simplify(self._world[rows], size / 1024), *bounds)
        cut = shapely.transform(cut, lambda points: np.rint((points - bounds[:2]) * (EXTENT / size)))
        features = [
            {"geometry": shape, "properties": {"kode": self._zones[row].kode, "nama": self._zones[row].nama}}
            for row, shape in zip(rows.tolist(), cut, strict=True)
            if not shape.is_empty
        ]
        options = {"extents": EXTENT, "y_coord_down": True}
        tile: bytes = mapbox_vector_tile.encode({"name": "kecamatan", "features": features}, default_options=options)
        return tile
