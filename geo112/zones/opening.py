"""Opens a compact file: checked first, then mapped into memory, which all processes of a machine share."""

import json
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import DataMissing, StorageError
from geo112.zones import layout
from geo112.zones.records import Zone


class Opened(NamedTuple):
    """The words of a compact file, its zones in their order, and the version of the boundaries."""

    words: NDArray[np.float64]
    zones: tuple[Zone, ...]
    version: str


def open_compact(path: Path) -> Opened:
    """Map a compact file into memory; raises DataMissing where there is none, StorageError for a damaged one."""
    if not path.is_file():
        raise DataMissing(f"{path} is not there; `geo112 prepare boundaries` builds it", field="boundaries")
    _check(path)
    words = np.memmap(path, np.uint8, "r")
    mapped = words.view(np.ndarray).view(np.float64)
    whole = mapped.view(np.int64)
    start = 8 * int(whole[layout.W_META])
    meta = json.loads(bytes(words[start : start + int(whole[layout.W_META_BYTES])]))
    zones = tuple(
        Zone(
            kode=KodeKecamatan(kode),
            nama=nama,
            kode_kabkota=KodeKabKota(kode_kabkota),
            kabkota=kabkota,
            area_km2=area_km2,
            accuracy_m=accuracy_m,
        )
        for kode, nama, kode_kabkota, kabkota, area_km2, accuracy_m in meta["zones"]
    )
    return Opened(words=mapped, zones=zones, version=meta["version"])


def _check(path: Path) -> None:
    """Refuse a file that is none of ours, of another format, cut short or changed since it was written."""
    with path.open("rb") as file:
        start = file.read(8 * layout.HEAD_WORDS)
    if len(start) < 8 * layout.HEAD_WORDS or not start.startswith(layout.MAGIC):
        raise StorageError(f"{path} is no file of zones", field="boundaries")
    head = np.frombuffer(start, np.int64)
    if head[layout.W_FORMAT] != layout.FORMAT:
        raise StorageError(
            f"{path} has format {head[layout.W_FORMAT]}, not {layout.FORMAT}: `geo112 prepare boundaries` anew",
            field="boundaries",
        )
    if path.stat().st_size != 8 * head[layout.W_TOTAL] or _checksum(path) != head[layout.W_CHECKSUM]:
        raise StorageError(f"{path} is damaged; `geo112 prepare boundaries` writes it anew", field="boundaries")


def _checksum(path: Path) -> int:
    """Add up all that comes after the checksum itself, without keeping it in memory."""
    total = 0
    with path.open("rb") as file:
        file.seek(8 * (layout.W_CHECKSUM + 1))
        while block := file.read(1 << 20):
            total = zlib.crc32(block, total)
    return total
