"""Draws vector tiles of the boundaries out of the basemap file."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo112.basemap import wire
from geo112.basemap.borders import TINGKAT
from geo112.basemap.container import map_arrays
from geo112.basemap.labels import FIRST_ZOOM, KELAS
from geo112.basemap.render import Bytes, Narrow, label_layer, line_layer, polygon_layer, wide_spots
from geo112.basemap.world import EXTENT_BITS, MAX_ZOOM, WORLD_BITS, Ints
from geo112.core.errors import NotFound

# Tile units drawn beyond the tile's edge, so that lines do not end at it.
BUFFER = 64
# A kecamatan whose name stands elsewhere is named again in tiles of which it fills this share.
AGAIN_SHARE = 0.2
CACHE_BYTES = 32 << 20
_POLYGON_KEYS = {"kabkota": ("kode", "nama"), "kecamatan": ("kode", "nama", "kode_kabkota"), "celah": ()}
_LABEL_KEYS = ("kode", "nama", "kelas", "rank", "kode_kabkota", "kabkota")
type _Areas = tuple[Narrow, Narrow, Narrow, Bytes, Narrow, Narrow]
type _Lines = tuple[Narrow, Narrow, Narrow, Narrow, Narrow, Narrow]
type _Drawn = tuple[Bytes, int, Bytes, int]


class Basemap:
    """The boundaries as tiles; several threads may draw at once."""

    def __init__(self, *, head: dict[str, Any], arrays: dict[str, npt.NDArray[Any]], cache_bytes: int) -> None:
        """Prepare names and values once; use `open`."""
        self._arrays = arrays
        self._version = str(head["version"])
        self._levels: tuple[int, int] = (head["levels"][0], head["levels"][1])
        kecamatan, kabkota = head["kecamatan"], head["kabkota"]
        parent = arrays["kabkota_of"].astype(np.int64)
        self._parent = {"kabkota": np.zeros(0, np.int64), "kecamatan": parent, "celah": np.zeros(0, np.int64)}
        self._number = {
            "celah": np.zeros(1, np.int64),
            "kabkota": np.array([_number(kode) for kode, _ in kabkota], np.int64),
            "kecamatan": np.array([_number(kode) for kode, _ in kecamatan], np.int64),
        }
        self._own = {
            "celah": wire.table([b""]),
            "kabkota": wire.table(wire.value(kode) + wire.value(nama) for kode, nama in kabkota),
            "kecamatan": wire.table(wire.value(kode) + wire.value(nama) for kode, nama in kecamatan),
        }
        self._codes = wire.table(wire.value(kode) for kode, _ in kabkota)
        self._tingkat = wire.table(wire.value(word) for word in TINGKAT)
        above = np.concatenate((np.arange(len(kabkota)), parent))
        named = [(KELAS[0], kode, nama) for kode, nama in kabkota] + [
            (KELAS[1], kode, nama) for kode, nama in kecamatan
        ]
        self._labels = wire.table(
            b"".join(map(wire.value, (kode, nama, kelas, int(rank), *kabkota[above_one])))
            for (kelas, kode, nama), rank, above_one in zip(named, arrays["label_rank"], above, strict=True)
        )
        self._label_number = np.concatenate((self._number["kabkota"], self._number["kecamatan"]))
        self._kabkota_count = len(kabkota)
        self._cache: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._cache_free = cache_bytes
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, cache_bytes: int = CACHE_BYTES) -> "Basemap":
        """Map the file that write_basemap wrote; raises DataMissing when it is not there or not readable."""
        head, arrays = map_arrays(path)
        return cls(head=head, arrays=arrays, cache_bytes=cache_bytes)

    @property
    def version(self) -> str:
        """The version of the boundaries that the tiles show."""
        return self._version

    def tile(self, z: int, x: int, y: int) -> bytes:
        """Give a tile as Mapbox Vector Tile 2.1, empty where there is no land; raises NotFound beyond zoom 0 to 16."""
        if not 0 <= z <= MAX_ZOOM:
            raise NotFound(f"zoom {z} is not between 0 and {MAX_ZOOM}", field="z")
        for name, number in (("x", x), ("y", y)):
            if not 0 <= number < 1 << z:
                raise NotFound(f"zoom {z} has no tile {name}={number}", field=name)
        key = (z, x, y)
        with self._lock:
            known = self._cache.get(key)
            if known is not None:
                self._cache.move_to_end(key)
                return known
        drawn = self._draw(z, x, y)
        with self._lock:
            if key not in self._cache:
                self._cache[key] = drawn
                self._cache_free -= _cost_bytes(drawn)
            while self._cache_free < 0:
                _, oldest = self._cache.popitem(last=False)
                self._cache_free += _cost_bytes(oldest)
        return drawn

    def _draw(self, z: int, x: int, y: int) -> bytes:
        """Draw all layers of a tile."""
        size, shift = 1 << (WORLD_BITS - z), WORLD_BITS - EXTENT_BITS - z
        origin = np.array([x * size, y * size], np.int64)
        exact = np.concatenate((origin, origin + size))
        window = exact + np.array([-1, -1, 1, 1]) * (BUFFER << shift)
        level = min(max(z, self._levels[0]), self._levels[1])
        parts = [self._polygons(name, level, window, origin, shift) for name in ("kabkota", "celah")]
        if z >= FIRST_ZOOM:
            parts.append(self._polygons("kecamatan", level, window, origin, shift))
        borders = line_layer(*self._line_arrays(level), *self._tingkat, *self._codes, window, origin, shift)
        parts.append(_layer("batas", ("tingkat", "kiri", "kanan"), borders))
        if z >= FIRST_ZOOM:
            parts.append(self._names(z, level, exact, origin, shift))
        return b"".join(parts)

    def _area_arrays(self, level: int, name: str) -> _Areas:
        """Give the arrays of a polygon layer in the order that the kernels take them."""
        points, start, box, hole, first, reach = (
            self._arrays[f"{level}/{name}_{array}"] for array in ("points", "start", "box", "hole", "first", "reach")
        )
        return points, start, box, hole, first, reach

    def _line_arrays(self, level: int) -> _Lines:
        """Give the arrays of the border lines in the order that the kernel takes them."""
        points, start, box, first, reach, kind = (
            self._arrays[f"{level}/batas_{array}"] for array in ("points", "start", "box", "first", "reach", "kind")
        )
        return points, start, box, first, reach, kind

    def _polygons(self, name: str, level: int, window: Ints, origin: Ints, shift: int) -> bytes:
        """Draw the areas of one layer."""
        texts = (self._number[name], *self._own[name], self._parent[name], *self._codes)
        return _layer(
            name, _POLYGON_KEYS[name], polygon_layer(*self._area_arrays(level, name), *texts, window, origin, shift)
        )

    def _names(self, z: int, level: int, exact: Ints, origin: Ints, shift: int) -> bytes:
        """Draw the names whose place is in this tile, and again those of kecamatan that fill it from elsewhere."""
        spots = self._arrays["label_points"]
        here = (spots >= exact[:2]).all(axis=1) & (spots < exact[2:]).all(axis=1)
        chosen = np.flatnonzero(here & (self._arrays["label_zoom"] <= z))
        parts = [self._name_layer("label", spots[chosen].astype(np.int64), chosen, origin, shift)]
        found, middles = wide_spots(*self._area_arrays(level, "kecamatan"), exact, AGAIN_SHARE)
        label = found + self._kabkota_count
        elsewhere = ~here[label]
        parts.append(self._name_layer("label_ulang", middles[elsewhere], label[elsewhere], origin, shift))
        return b"".join(parts)

    def _name_layer(self, name: str, spots: Ints, chosen: Ints, origin: Ints, shift: int) -> bytes:
        """Write label points."""
        drawn = label_layer(spots, chosen, self._label_number, *self._labels, len(_LABEL_KEYS), origin, shift)
        return _layer(name, _LABEL_KEYS, drawn)


def _number(kode: str) -> int:
    """Give a code as a number, by which the console marks a feature: 35.72.01 is 357201."""
    return int(kode.replace(".", ""))


def _cost_bytes(tile: bytes) -> int:
    """Count a tile's memory with its place in the table."""
    return len(tile) + 300


def _layer(name: str, keys: tuple[str, ...], drawn: _Drawn) -> bytes:
    """Frame what a kernel has written."""
    features, size, values, values_size = drawn
    return wire.layer(name, keys=keys, features=features[:size].tobytes(), values=values[:values_size].tobytes())
