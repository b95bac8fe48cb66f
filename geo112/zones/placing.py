"""Puts a compact file in place: its checksum, then all at once, so that nobody ever reads half of one."""

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def put_in_place(path: Path, head: NDArray[np.int64], body: Sequence[bytes], *, checksum_at: int) -> None:
    """Write a head of words and a body; the word at `checksum_at` gets the checksum of all that comes after it."""
    check = zlib.crc32(head[checksum_at + 1 :].tobytes())
    for section in body:
        check = zlib.crc32(section, check)
    head[checksum_at] = check
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        file.write(head.astype("<i8", copy=False).tobytes())
        file.writelines(body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
