"""The service boundary of each 112 centre, as polygons that can be sent (RFC 5222, RFC 5964), from a mapped file.

    words 0..15    head: magic, format, words in all, checksum of what follows it, and what the constants below name
    areas          per area and level: the first polygon, and the one beyond the last
    polygons       per polygon, and once more: its first ring; the outer ring comes first, holes follow
    rings          per ring, and once more: its first vertex; the first vertex is not repeated
    vertices       int32: longitude, latitude in ten millionths of a degree
    meta           UTF-8 JSON: version, codes, and the tolerance of each level in metres

All numbers are little-endian. Level 0 is the boundary as it was built, to the centimetre; further levels are simpler.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.codes import KodeKabKota
from geo112.core.errors import BadCode, DataMissing, StorageError
from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.zones.placing import put_in_place

FILE = "service-areas.geo112"
MAGIC, FORMAT = b"GEO112SA", 1
IN_DEGREE = 10_000_000

_HEAD_WORDS = 16
_W_FORMAT, _W_TOTAL, _W_CHECKSUM, _W_META, _W_META_BYTES = 1, 2, 3, 4, 5
_W_AREAS, _W_POLYGONS, _W_RINGS, _W_VERTICES = 6, 7, 8, 9

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The boundaries of all centres, in the order of their codes, moved by no more than roughly `tolerance_m`."""

    tolerance_m: float
    shapes: NDArray[np.object_]


class ServiceAreas:
    """The service boundaries in force; they never change after they are opened, and any number of threads may ask."""

    __slots__ = (
        "_areas",
        "_made",
        "_polygons",
        "_rings",
        "_rows",
        "_vertices",
        "changed_at",
        "tolerances_m",
        "version",
    )

    def __init__(self, octets: NDArray[np.uint8], *, changed_at: datetime) -> None:
        """Take the bytes of a file; `open` is the way in."""
        words = octets.view(np.int64)
        start = 8 * int(words[_W_META])
        meta = json.loads(bytes(octets[start : start + int(words[_W_META_BYTES])]))
        self.version: str = meta["version"]
        self.tolerances_m: tuple[float, ...] = tuple(meta["tolerances_m"])
        self.changed_at = changed_at
        self._rows = {KodeKabKota(kode): row for row, kode in enumerate(meta["codes"])}
        self._areas = words[words[_W_AREAS] : words[_W_POLYGONS]].reshape(len(self.tolerances_m), -1, 2)
        self._polygons = words[words[_W_POLYGONS] : words[_W_RINGS]]
        self._rings = words[words[_W_RINGS] : words[_W_VERTICES]]
        self._vertices = words[words[_W_VERTICES] : words[_W_META]].view(np.int32).reshape(-1, 2)
        self._made: dict[tuple[KodeKabKota, int], tuple[Polygon, ...]] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map a file into memory, which servers share; DataMissing or StorageError where there is none."""
        if not path.is_file():
            raise DataMissing(f"{path} is not there; `geo112 prepare boundaries` builds it", field="boundaries")
        size = path.stat().st_size
        octets = np.memmap(path, np.uint8, "r").view(np.ndarray) if size >= 8 * _HEAD_WORDS else np.zeros(0, np.uint8)
        if bytes(octets[:8]) != MAGIC:
            raise StorageError(f"{path} is no file of service areas", field="boundaries")
        head = octets[: 8 * _HEAD_WORDS].view(np.int64)
        if head[_W_FORMAT] != FORMAT:
            raise StorageError(f"{path} has format {head[_W_FORMAT]}, not {FORMAT}", field="boundaries")
        if size != 8 * head[_W_TOTAL] or zlib.crc32(octets[8 * (_W_CHECKSUM + 1) :]) != head[_W_CHECKSUM]:
            raise StorageError(f"{path} is damaged; `geo112 prepare boundaries` writes it anew", field="boundaries")
        return cls(octets, changed_at=datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0))

    @property
    def codes(self) -> tuple[KodeKabKota, ...]:
        """The kabupaten and kota that have a boundary, in order."""
        return tuple(self._rows)

    def area(self, kode: KodeKabKota, *, tolerance_m: float = 0.0) -> tuple[Polygon, ...]:
        """Give the boundary of a centre, largest polygon first, in the simplest form within a tolerance in metres.

        Raises BadCode for a kabupaten or kota without a boundary.
        """
        if kode not in self._rows:
            raise BadCode(f"{kode!r} has no service boundary", field="kode")
        level = max(n for n, metres in enumerate(self.tolerances_m) if metres <= max(0.0, tolerance_m))
        made = self._made.get((kode, level))
        if made is None:
            first, beyond = self._areas[level, self._rows[kode]].tolist()
            made = tuple(self._polygon(number) for number in range(first, beyond))
            self._made[kode, level] = made
        return made

    def _polygon(self, number: int) -> Polygon:
        """Make one polygon; nobody doubts an administrative border, so it is certain."""
        outer, *holes = [self._ring(ring) for ring in range(self._polygons[number], self._polygons[number + 1])]
        return Polygon(ring=outer, holes=tuple(holes), confidence_share=1.0)

    def _ring(self, number: int) -> tuple[Position, ...]:
        vertices = (self._vertices[self._rings[number] : self._rings[number + 1]] / IN_DEGREE).tolist()
        return tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in vertices)


def write_service_areas(path: Path, *, codes: Sequence[str], levels: Sequence[Level], version: str) -> None:
    """Write the boundaries of all centres; the same input gives the same bytes.

    The first level has tolerance 0, and all coordinates are whole ten millionths of a degree.
    """
    every = np.concatenate([level.shapes for level in levels])
    parts, area_of = shapely.get_parts(every, return_index=True)
    order = np.lexsort((-shapely.area(parts), area_of))
    rings, part_of = shapely.get_rings(parts[order], return_index=True)
    degrees, ring_of = shapely.get_coordinates(rings, return_index=True)
    # A ring's last vertex repeats its first.
    kept = np.append(ring_of[1:] == ring_of[:-1], np.False_)
    vertices = np.rint(degrees[kept] * IN_DEGREE).astype("<i4")
    firsts = _firsts(area_of, len(every))
    meta = json.dumps(
        {"version": version, "codes": list(codes), "tolerances_m": [level.tolerance_m for level in levels]},
        separators=(",", ":"),
    ).encode()
    sections = {
        _W_AREAS: np.stack([firsts[:-1], firsts[1:]], axis=1).reshape(-1),
        _W_POLYGONS: _firsts(part_of, len(parts)),
        _W_RINGS: _firsts(ring_of[kept], len(rings)),
        _W_VERTICES: vertices.reshape(-1).view("<i8"),
        _W_META: np.frombuffer(meta + b" " * (-len(meta) % 8), "<i8"),
    }
    head = np.zeros(_HEAD_WORDS, "<i8")
    head[0] = int.from_bytes(MAGIC, "little")
    head[_W_FORMAT], head[_W_META_BYTES] = FORMAT, len(meta)
    at = _HEAD_WORDS
    for word, section in sections.items():
        head[word] = at
        at += section.size
    head[_W_TOTAL] = at
    put_in_place(path, head, [section.tobytes() for section in sections.values()], checksum_at=_W_CHECKSUM)


def _firsts(groups: Ints, count: int) -> Ints:
    """Say where each group begins in a sorted column of group numbers, and where the last one ends."""
    return np.searchsorted(groups, np.arange(count + 1)).astype("<i8")
