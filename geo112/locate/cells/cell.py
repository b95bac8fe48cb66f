"""What is known of one cell, and how it stands in the arrays of a table."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from geo112.core.geo import Position
from geo112.locate.cells.identity import CellId


class Origin(IntEnum):
    """Who says where the cell is; a higher one is believed before a lower one."""

    CROWD = 0
    EXACT = 1
    OPERATOR = 2


# One row of a table; what nobody said is 0 for `range_m` and `updated_s`, and NOT_SAID for angles and heights.
ROW = np.dtype(
    [
        ("key", "<u8"),
        ("lon", "<i4"),
        ("lat", "<i4"),
        ("area", "<u4"),
        ("range_m", "<f4"),
        ("updated_s", "<u4"),
        ("samples", "<u4"),
        ("azimuth", "<u2"),
        ("beam", "<u2"),
        ("height", "<u2"),
        ("tilt", "<u2"),
        ("origin", "u1"),
        ("gnb_bits", "u1"),
    ]
)
Rows = npt.NDArray[Any]
DEGREES = 1e7
TENTHS = 10
NOT_SAID = 0xFFFF
# An area code that nobody told.
NO_AREA = 0xFFFFFFFF
_TILT_ZERO = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.

    `place` is the antenna for an operator's cell, and for a crowd's cell only the middle of the places where phones
    heard it, mostly a road: no distance from it is a distance from the antenna. `range_m` is how far from `place` it
    was heard or serves; None where nobody said. `samples` is how many observations the crowd made.
    """

    identity: CellId
    place: Position
    origin: Origin
    range_m: float | None = None
    samples: int = 0
    updated_s: int = 0
    azimuth_deg: float | None = None
    beam_deg: float | None = None
    height_m: float | None = None
    tilt_deg: float | None = None
    gnb_bits: int | None = None

    @property
    def is_mast(self) -> bool:
        """Whether `place` is where the antenna stands."""
        return self.origin is not Origin.CROWD


def tenths(value: float | None, *, turn: bool = False) -> int:
    """Write an angle or height for a row in tenths, a direction within one turn."""
    if value is None:
        return NOT_SAID
    return round(value * TENTHS) % 3600 if turn else min(NOT_SAID - 1, round(value * TENTHS))


def tilt_tenths(tilt_deg: float | None) -> int:
    """Write a tilt, -90 to 90 degrees, for a row."""
    return NOT_SAID if tilt_deg is None else round(tilt_deg * TENTHS) + _TILT_ZERO


def said(stored: int) -> float | None:
    """Read an angle or height of a row."""
    return None if stored == NOT_SAID else stored / TENTHS


def said_tilt_deg(stored: int) -> float | None:
    """Read a tilt of a row."""
    return None if stored == NOT_SAID else (stored - _TILT_ZERO) / TENTHS
