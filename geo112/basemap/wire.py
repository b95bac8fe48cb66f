"""The frame of a vector tile: layers, keys and values (Mapbox Vector Tile 2.1, section 4, as protocol buffers)."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from geo112.basemap.world import EXTENT, Ints

Bytes = npt.NDArray[np.uint8]


def varint(value: int) -> bytes:
    """Write a whole number of 0 or more as protocol buffers do."""
    out = bytearray()
    while value > 127:
        out.append((value & 127) | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, content: bytes) -> bytes:
    """Write a length-delimited field."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def value(content: str | int) -> bytes:
    """Write one entry of a layer's value table: a text, or a whole number of 0 or more."""
    if isinstance(content, str):
        return field(4, field(1, content.encode()))
    return field(4, varint(5 << 3) + varint(content))


def table(entries: Iterable[bytes]) -> tuple[Bytes, Ints]:
    """Put entries behind one another; entry `i` is `bytes[start[i]:start[i + 1]]`."""
    pieces = list(entries)
    start = np.concatenate(([0], np.cumsum([len(piece) for piece in pieces]))).astype(np.int64)
    return np.frombuffer(b"".join(pieces), np.uint8), start


def layer(name: str, *, keys: Sequence[str], features: bytes, values: bytes) -> bytes:
    """Write one layer of a tile; a layer without features is left out."""
    if not features:
        return b""
    head = field(1, name.encode()) + features + b"".join(field(3, key.encode()) for key in keys) + values
    return field(3, head + varint(5 << 3) + varint(EXTENT) + varint(15 << 3) + varint(2))
