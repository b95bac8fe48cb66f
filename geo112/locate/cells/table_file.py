"""The file `cells.geo112`: a head in JSON, then one array after the other, mapped into memory and never read whole."""

import hashlib
import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo112.core.errors import DataMissing
from geo112.core.geo import wgs84
from geo112.locate.cells.cell import DEGREES, NO_AREA, ROW, Rows
from geo112.locate.cells.identity import CELL_BITS

FILE_NAME = "cells.geo112"
_MAGIC = b"geo112 cells 1\n\n"
_ALIGN = 64
# The names that a file must hold, beside the fields of a row.
_INDEX = ("by_area", "area_key", "area_first", "area_count", "area_lon", "area_lat", "area_reach_m")
Arrays = dict[str, npt.NDArray[Any]]
# Share of the cells of an area whose places its circle must hold: a few rows of any crowd list are plainly wrong.
_HELD_SHARE = 0.98


def write_table(path: Path, rows: Rows, *, head: Mapping[str, object]) -> None:
    """Write rows that are sorted by key, with their areas, beside the place of the file, and move it there whole."""
    arrays: Arrays = {name: np.ascontiguousarray(rows[name]) for name in ROW.names or ()}
    arrays |= _areas(rows)
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, len(array), at)
        at += -(-array.nbytes // _ALIGN) * _ALIGN
    text = json.dumps({"head": dict(head), "arrays": places, "bytes": at}, sort_keys=True, ensure_ascii=False).encode()
    start = len(_MAGIC) + 8
    body = text.ljust(-(-(start + len(text)) // _ALIGN) * _ALIGN - start)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with fresh.open("wb") as file:
            file.write(_MAGIC + len(body).to_bytes(8, "little") + body)
            for array in arrays.values():
                file.write(array.data)
                file.write(b"\0" * (-array.nbytes % _ALIGN))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def map_table(path: Path) -> tuple[dict[str, Any], Arrays]:
    """Map a file of write_table; raises FileNotFoundError, or DataMissing when it is damaged or of another kind."""
    with path.open("rb") as file:
        start = file.read(len(_MAGIC) + 8)
        if start[: len(_MAGIC)] != _MAGIC or len(start) < len(_MAGIC) + 8:
            raise DataMissing(f"{path} is no table of cells; run geo112 prepare cells", field="cells_file")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    begin = len(_MAGIC) + 8
    size = int.from_bytes(start[len(_MAGIC) :], "little")
    try:
        found = json.loads(mapped[begin : begin + size])
        whole = len(mapped) == begin + size + found["bytes"]
        arrays = {
            name: np.frombuffer(mapped, dtype, count, begin + size + at)
            for name, (dtype, count, at) in found["arrays"].items()
        }
        missing = {*(ROW.names or ()), *_INDEX} - set(arrays)
        head = dict(found["head"])
    except (ValueError, KeyError, TypeError, OverflowError):
        raise DataMissing(f"{path} is cut off or damaged; run geo112 prepare cells", field="cells_file") from None
    if missing or not whole:
        raise DataMissing(f"{path} is cut off or of another version; run geo112 prepare cells", field="cells_file")
    return head, arrays


def rows_of(arrays: Arrays) -> Rows:
    """Give the rows of a mapped table as they were written."""
    rows = np.empty(len(arrays["key"]), ROW)
    for name in ROW.names or ():
        rows[name] = arrays[name]
    return rows


def content_version(rows: Rows) -> str:
    """Name a table by what it holds: equal rows give the equal name anywhere."""
    return hashlib.sha256(np.ascontiguousarray(rows).data).hexdigest()[:12]


def _areas(rows: Rows) -> Arrays:
    """Gather the cells of each location and tracking area, and the circle that holds most of them with their ranges."""
    known = np.flatnonzero(rows["area"] != NO_AREA)
    keys = (rows["key"][known] >> np.uint64(CELL_BITS)) << np.uint64(24) | rows["area"][known].astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    by_area, sorted_keys = known[order].astype(np.uint32), keys[order]
    area_key, first, count = np.unique(sorted_keys, return_index=True, return_counts=True)
    group = np.repeat(np.arange(len(area_key)), count)
    lon, lat = rows["lon"][by_area] / DEGREES, rows["lat"][by_area] / DEGREES
    middle_lon, middle_lat = _medians(lon, group, first, count), _medians(lat, group, first, count)
    distance_m = np.empty(len(by_area))
    for begin in range(0, len(by_area), 1 << 18):
        part = slice(begin, begin + (1 << 18))
        _, _, metres = wgs84().inv(middle_lon[group[part]], middle_lat[group[part]], lon[part], lat[part])
        distance_m[part] = metres
    far = distance_m + rows["range_m"][by_area]
    far = far[np.lexsort((far, group))]
    held = first + np.ceil(count * _HELD_SHARE).astype(np.int64) - 1
    return {
        "by_area": by_area,
        "area_key": area_key,
        "area_first": first.astype(np.uint32),
        "area_count": count.astype(np.uint32),
        "area_lon": np.round(middle_lon * DEGREES).astype(np.int32),
        "area_lat": np.round(middle_lat * DEGREES).astype(np.int32),
        "area_reach_m": far[held].astype(np.float32),
    }


def _medians(
    values: npt.NDArray[np.float64],
    group: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    count: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Give the middle value of each group, which a few wrong places do not move."""
    ordered = values[np.lexsort((values, group))]
    middle: npt.NDArray[np.float64] = (ordered[first + (count - 1) // 2] + ordered[first + count // 2]) / 2
    return middle
