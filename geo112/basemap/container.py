"""One file of named arrays that is mapped into memory, not read: pages come when a tile needs them."""

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geo112.core.errors import DataMissing

Arrays = Mapping[str, npt.NDArray[Any]]
FORMAT = "geo112 basemap 1"
_MAGIC = FORMAT.encode().ljust(24, b"\n")
_ALIGN = 64


def write_arrays(path: Path, *, head: Mapping[str, object], arrays: Arrays) -> None:
    """Write the file beside its place and move it there whole; the same input gives the same bytes."""
    places: dict[str, tuple[str, list[int], int]] = {}
    at = 0
    for name in sorted(arrays):
        array = arrays[name]
        places[name] = (array.dtype.str, list(array.shape), at)
        at += -(-array.nbytes // _ALIGN) * _ALIGN
    text = json.dumps({"head": head, "arrays": places}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    start = len(_MAGIC) + 8
    body = text.encode().ljust(-(-(start + len(text.encode())) // _ALIGN) * _ALIGN - start)
    fresh = path.with_name(path.name + ".part")
    with fresh.open("wb") as file:
        file.write(_MAGIC + len(body).to_bytes(8, "little") + body)
        for name in sorted(arrays):
            data = np.ascontiguousarray(arrays[name]).tobytes()
            file.write(data.ljust(-(-len(data) // _ALIGN) * _ALIGN, b"\0"))
    fresh.replace(path)


def map_arrays(path: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Map a file that write_arrays wrote; raises DataMissing when it is not there or of another format."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
            size = int.from_bytes(file.read(8), "little")
            if start != _MAGIC:
                raise DataMissing(f"{path} is no {FORMAT}; run make setup", field="basemap")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        raise DataMissing(f"{path} is not built; run make setup", field="basemap") from None
    begin = len(_MAGIC) + 8
    try:
        found = json.loads(mapped[begin : begin + size])
        arrays = {
            name: np.frombuffer(mapped, dtype, int(np.prod(shape)), begin + size + at).reshape(shape)
            for name, (dtype, shape, at) in found["arrays"].items()
        }
    except ValueError:
        raise DataMissing(f"{path} is cut off or damaged; run make setup", field="basemap") from None
    return found["head"], arrays
