"""The table of cells: sorted keys in a mapped file, found by bisection, shared by all threads and processes."""

import logging
import threading
from pathlib import Path
from typing import Any

import numpy as np

from geo112.core.errors import DataMissing
from geo112.core.geo import Position
from geo112.locate.cells.cell import DEGREES, NO_AREA, ROW, Cell, Origin, said, said_tilt_deg
from geo112.locate.cells.identity import CELL_BITS, CellId, Radio, area_key, cell_key, cell_of_key
from geo112.locate.cells.table_file import Arrays, map_table

_LOG = logging.getLogger(__name__)
_ENB_CELLS = 8
# An eNB has 256 cell numbers, a gNB up to 2^14: more rows than this belong to no one site.
MOST_OF_A_SITE = 256


class CellTable:
    """Cells by their identity, the other cells of a site, and the areas that they form."""

    def __init__(self, *, head: dict[str, Any], arrays: Arrays) -> None:
        """Look into mapped arrays; use `open_table`."""
        self._head = head
        self._arrays = arrays
        self._keys = arrays["key"]
        self._area_keys = arrays["area_key"]

    def __len__(self) -> int:
        """Count the cells."""
        return len(self._keys)

    @property
    def version(self) -> str:
        """The version of the table, a checksum of what it holds."""
        return str(self._head.get("version", ""))

    @property
    def head(self) -> dict[str, Any]:
        """What the build says of its sources."""
        return dict(self._head)

    def find(self, identity: CellId) -> Cell | None:
        """Find a cell; the area code matters only where the number of the cell needs it.

        The 16-bit number of a UMTS cell is also found as the end of a full one in its location area, if only one ends
        so, and a full number as the short one that a list may hold.
        """
        key = cell_key(identity)
        if key is None:
            return None
        row = self._row(key)
        if row is None and identity.radio is Radio.UMTS and identity.area is not None:
            row = self._other_umts_row(identity)
        return None if row is None else self._cell(row)

    def site(self, identity: CellId, *, gnb_bits: int | None = None) -> list[Cell]:
        """Give the known cells of the same eNB, or of the same gNB where the length of its number is known."""
        key = cell_key(identity)
        if key is None or identity.radio not in (Radio.LTE, Radio.NR):
            return []
        if identity.radio is Radio.NR and gnb_bits is None:
            return []
        bits = _ENB_CELLS if identity.radio is Radio.LTE or gnb_bits is None else CELL_BITS - gnb_bits
        first_key = key >> bits << bits
        first, last = np.searchsorted(self._keys, np.array([first_key, first_key + (1 << bits)], np.uint64))
        return [] if last - first > MOST_OF_A_SITE else [self._cell(row) for row in range(int(first), int(last))]

    def area(self, identity: CellId) -> tuple[Position, float, int] | None:
        """Give the middle of a location or tracking area, how far its cells reach, and how many of them are known."""
        at = self._area_at(identity)
        if at is None:
            return None
        arrays = self._arrays
        middle = _position(arrays["area_lon"][at], arrays["area_lat"][at])
        return middle, float(arrays["area_reach_m"][at]), int(arrays["area_count"][at])

    def _row(self, key: int) -> int | None:
        wanted = np.uint64(key)
        row = int(self._keys.searchsorted(wanted))
        return row if row < len(self._keys) and self._keys[row] == wanted else None

    def _area_at(self, identity: CellId) -> int | None:
        key = area_key(identity)
        if key is None:
            return None
        wanted = np.uint64(key)
        at = int(self._area_keys.searchsorted(wanted))
        return at if at < len(self._area_keys) and self._area_keys[at] == wanted else None

    def _other_umts_row(self, identity: CellId) -> int | None:
        """Find a UMTS cell in its location area by the 16 bits that both forms of its number share."""
        at = self._area_at(identity)
        if at is None or identity.cell is None:
            return None
        first, count = int(self._arrays["area_first"][at]), int(self._arrays["area_count"][at])
        rows = self._arrays["by_area"][first : first + count]
        same = rows[self._keys[rows] & np.uint64(0xFFFF) == np.uint64(identity.cell & 0xFFFF)]
        found = [row for row in map(int, same) if self._cell(row).identity.is_short is not identity.is_short]
        return found[0] if len(found) == 1 else None

    def _cell(self, row: int) -> Cell:
        one = {name: self._arrays[name][row].item() for name in ROW.names or ()}
        area = None if one["area"] == NO_AREA else one["area"]
        identity = cell_of_key(one["key"], area)
        return Cell(
            identity=identity,
            place=_position(one["lon"], one["lat"]),
            origin=Origin(one["origin"]),
            range_m=one["range_m"] or None,
            samples=one["samples"],
            updated_s=one["updated_s"],
            azimuth_deg=said(one["azimuth"]),
            beam_deg=said(one["beam"]),
            height_m=said(one["height"]),
            tilt_deg=said_tilt_deg(one["tilt"]),
            gnb_bits=one["gnb_bits"] or None,
        )


def open_table(path: Path) -> CellTable | None:
    """Map a table of cells; None where there is none, raises DataMissing where it is damaged."""
    try:
        head, arrays = map_table(path)
    except FileNotFoundError:
        return None
    return CellTable(head=head, arrays=arrays)


class CellsFile:
    """The table of a running centre: opened when first needed, and again when another file stands in its place."""

    def __init__(self, path: Path) -> None:
        """Watch this file, which need not be there."""
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._table: CellTable | None = None

    def table(self) -> CellTable | None:
        """Give the present table; None where there is none.

        A damaged file is said in the log, and the last good table stays in force: a broken list of cells must stop no
        call.
        """
        try:
            stat = self.path.stat()
        except OSError:
            return self._table
        seen = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if seen == self._seen:
            return self._table
        with self._lock:
            if seen != self._seen:
                try:
                    self._table = open_table(self.path)
                except (DataMissing, OSError) as error:
                    _LOG.warning("cells are not read: %s", error)
                self._seen = seen
        return self._table


def _position(lon: Any, lat: Any) -> Position:  # noqa: ANN401 - a number of numpy
    return Position(lon_deg=int(lon) / DEGREES, lat_deg=int(lat) / DEGREES)
