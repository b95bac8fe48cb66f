"""What no lookup on this machine can beat: one read of a grid cell per point, and a call that does nothing."""

# Kernels state their types as signatures of numba.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN202

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo112.zones.kernel import direct, kernel
from geo112.zones.layout import NOTHING
from geo112.zones.lookup import WORDS, grid_of, grid_slot

CELLS = "limit: one grid cell read per point"
EMPTY = "limit: an empty numba call"
_PART = 131_072


@kernel(numba.void(WORDS, WORDS, WORDS, numba.int32[::1]))
def _read_cells(words, lons, lats, cells):
    """Read the grid's cell of each point in the order of the points, and look no further."""
    halves = words.view(np.int32)
    grid = grid_of(words)
    for i in range(lons.size):
        slot = grid_slot(grid, lons[i], lats[i])
        cells[i] = halves[slot] if slot >= 0 else NOTHING


@kernel(numba.int64(WORDS, numba.float64, numba.float64))
def _nothing(words, px, py):  # noqa: ARG001 - takes what a lookup takes
    return np.int64(NOTHING)


nothing: Callable[[Any, float, float], int] = direct(_nothing)


def mapped_words(zones: Path) -> NDArray[np.float64]:
    """Map a compact file of zones as kernels take it."""
    return np.memmap(zones, np.uint8, "r").view(np.ndarray).view(np.float64)


def read_cells(
    words: NDArray[np.float64], lons: NDArray[np.float64], lats: NDArray[np.float64], *, threads: int
) -> NDArray[np.int32]:
    """Read one cell per point with so many threads."""
    columns = [np.ascontiguousarray(column, np.float64).view() for column in (lons, lats)]
    for column in columns:
        column.flags.writeable = False
    cells = np.empty(lons.size, np.int32)
    parts = [slice(start, start + _PART) for start in range(0, lons.size, _PART)]

    def fill(part: slice) -> None:
        _read_cells(words, columns[0][part], columns[1][part], cells[part])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, parts))
    return cells
