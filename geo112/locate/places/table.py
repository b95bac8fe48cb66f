"""The file of all places: columns and an index of letter pairs, mapped into memory, so that opening takes no time."""

import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo112.core.errors import DataMissing
from geo112.core.geo import Position
from geo112.locate.places.grams import PAIRS, pairs_of
from geo112.locate.places.kinds import KINDS, Kind
from geo112.locate.places.spelling import key_of, words_of

FORMAT = "geo112 places 1"
_MAGIC = FORMAT.encode().ljust(24, b"\n")
_ALIGN = 64
_HINT = "`geo112 prepare places --builtin` builds it"

ESTIMATED, DISPUTED = 1, 2

# Longitudes and latitudes of a run of a road or river, in degrees.
Run = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place as it goes into the file; `parent` is the row of what it lies in, -1 where that is unknown.

    `estimated` says that nobody measured its radius, `disputed` that two sources put it apart; `lines` are the runs of
    a road or river.
    """

    name: str
    kind: Kind
    kode: str | None
    parent: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    estimated: bool = False
    disputed: bool = False
    aliases: tuple[str, ...] = ()
    lines: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of the file, one entry per place, and of its keys, one entry per name or alias.

    `keys` and `spellings` are lines of text; a spelling is empty where it is the same as the key.
    The postings of pair `p` are `pair_keys[pair_start[p]:pair_start[p + 1]]`, rows of keys in ascending order.
    """

    version: str
    lat_deg: npt.NDArray[np.float64]
    lon_deg: npt.NDArray[np.float64]
    radius_m: npt.NDArray[np.float32]
    kind: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    kode: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int32]
    names: npt.NDArray[np.uint8]
    name_start: npt.NDArray[np.int64]
    first_key: npt.NDArray[np.int32]
    keys: npt.NDArray[np.uint8]
    spellings: npt.NDArray[np.uint8]
    key_place: npt.NDArray[np.int32]
    key_pairs: npt.NDArray[np.uint8]
    pair_start: npt.NDArray[np.int64]
    pair_keys: npt.NDArray[np.int32]
    # Files that were written before lines were kept have none.
    run_place: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    run_start: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    run_lon_deg: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    run_lat_deg: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def name(self, row: int) -> str:
        """Give the name of a place."""
        return self.names[self.name_start[row] : self.name_start[row + 1]].tobytes().decode()

    def lines(self, row: int) -> tuple[tuple[Position, ...], ...]:
        """Give the runs of a road or river; none of what is no line."""
        if not self.run_place.size:
            return ()
        first, end = np.searchsorted(self.run_place, [row, row + 1]).tolist()
        return tuple(self._run(int(self.run_start[at]), int(self.run_start[at + 1])) for at in range(first, end))

    def _run(self, start: int, end: int) -> tuple[Position, ...]:
        pairs = zip(self.run_lon_deg[start:end].tolist(), self.run_lat_deg[start:end].tolist(), strict=True)
        return tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in pairs)

    def kode_text(self, row: int) -> str | None:
        """Write the code of a place with its dots, such as 35.72.01.1003; None where it has none."""
        digits = str(self.kode[row])
        parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
        return ".".join(filter(None, parts)) if int(self.kode[row]) else None


def write_places(path: Path, rows: Sequence[PlaceRow], *, version: str) -> None:
    """Write all places beside their file and move it there whole; the same rows give the same bytes."""
    keys: list[str] = []
    spellings: list[str] = []
    key_place: list[int] = []
    first_key = np.zeros(len(rows), np.int32)
    for at, row in enumerate(rows):
        first_key[at] = len(keys)
        own = {key_of(words): "".join(words) for words in map(words_of, reversed((row.name, *row.aliases)))}
        keys += reversed(own)
        spellings += ["" if own[key] == key else own[key] for key in reversed(own)]
        key_place += [at] * len(own)
    names = [row.name.encode() for row in rows]
    runs = [(at, run) for at, row in enumerate(rows) for run in row.lines]
    corners = np.array([corner for _, run in runs for corner in run], np.float64).reshape(-1, 2)
    pair_start, pair_keys, key_pairs = _postings(keys)
    arrays: dict[str, npt.NDArray[Any]] = {
        "lat_deg": np.array([row.lat_deg for row in rows], np.float64),
        "lon_deg": np.array([row.lon_deg for row in rows], np.float64),
        "radius_m": np.array([row.radius_m for row in rows], np.float32),
        "kind": np.array([KINDS.index(row.kind) for row in rows], np.uint8),
        "flags": np.array([row.estimated * ESTIMATED + row.disputed * DISPUTED for row in rows], np.uint8),
        "kode": np.array([int((row.kode or "0").replace(".", "")) for row in rows], np.int64),
        "parent": np.array([row.parent for row in rows], np.int32),
        "names": np.frombuffer(b"".join(names), np.uint8),
        "name_start": np.append(0, np.cumsum([len(name) for name in names], dtype=np.int64)),
        "first_key": first_key,
        "keys": np.frombuffer("\n".join(keys).encode("ascii"), np.uint8),
        "spellings": np.frombuffer("\n".join(spellings).encode("ascii"), np.uint8),
        "key_place": np.array(key_place, np.int32),
        "key_pairs": key_pairs,
        "pair_start": pair_start,
        "pair_keys": pair_keys,
        "run_place": np.array([at for at, _ in runs], np.int32),
        "run_start": np.append(0, np.cumsum([len(run) for _, run in runs], dtype=np.int64)),
        "run_lon_deg": np.ascontiguousarray(corners[:, 0]),
        "run_lat_deg": np.ascontiguousarray(corners[:, 1]),
    }
    _write(path, head={"version": version, "kinds": [kind.value for kind in KINDS]}, arrays=arrays)


def open_columns(path: Path) -> Columns:
    """Map the file into memory; raises DataMissing when it is not there, damaged or of another format."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(_MAGIC))
            size = int.from_bytes(file.read(8), "little")
            if begin != _MAGIC:
                raise DataMissing(f"{path} is no file of {FORMAT}; {_HINT}", field="places_file")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:
        raise DataMissing(f"{path} is not there; {_HINT}", field="places_file") from None
    start = len(_MAGIC) + 8
    try:
        found = json.loads(mapped[start : start + size])
        kinds = found["head"]["kinds"]
        # New kinds are added at the end: a file that knows fewer is still right in all that it says.
        if kinds != [kind.value for kind in KINDS[: len(kinds)]]:
            raise DataMissing(f"{path} is of another version of geo112; {_HINT}", field="places_file")
        arrays = {
            name: np.frombuffer(mapped, dtype, count, start + size + at)
            for name, (dtype, count, at) in found["arrays"].items()
        }
        return Columns(version=found["head"]["version"], **arrays)
    except (ValueError, KeyError, TypeError):
        raise DataMissing(f"{path} is cut off or damaged; {_HINT}", field="places_file") from None


def _postings(keys: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """List for each pair of letters the keys that hold it, and for each key how many pairs it holds."""
    codes = [pairs_of(key) for key in keys]
    counts = np.array([len(each) for each in codes], np.int64)
    pairs = np.array([code for each in codes for code in each], np.int32)
    owners = np.repeat(np.arange(len(keys), dtype=np.int32), counts)
    order = np.argsort(pairs, kind="stable")
    start = np.append(0, np.cumsum(np.bincount(pairs, minlength=PAIRS)))
    return start.astype(np.int64), owners[order], np.minimum(counts, 255).astype(np.uint8)


def _write(path: Path, *, head: Mapping[str, object], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the magic, a head of JSON, then the arrays, each on a boundary that any type can be read from."""
    spots: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, array in arrays.items():
        spots[name] = (array.dtype.str, array.size, at)
        at += -(-array.nbytes // _ALIGN) * _ALIGN
    text = json.dumps({"head": head, "arrays": spots}, sort_keys=True, ensure_ascii=False).encode()
    start = len(_MAGIC) + 8
    body = text.ljust(-(-(start + len(text)) // _ALIGN) * _ALIGN - start)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".part")
    with fresh.open("wb") as file:
        file.write(_MAGIC + len(body).to_bytes(8, "little") + body)
        for array in arrays.values():
            data = array.tobytes()
            file.write(data.ljust(-(-len(data) // _ALIGN) * _ALIGN, b"\0"))
    fresh.replace(path)
