"""Asks the zones for many points at once and keeps the answers ready for text and for columns."""

import csv
import io
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo112.cli.points.coordinates import Degrees
from geo112.cli.points.rows import RESULT_COLUMNS
from geo112.core.geo import Position
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Zones of a batch of points, for those that lie in none the nearest; `gaps_m` holds, by row, how far that is."""

    ids: NDArray[np.int32]
    gaps_m: dict[int, float]


class Places:
    """Finds the zones of batches of points and writes the answers as text or as columns."""

    def __init__(self, zones: ZoneIndex, *, delimiter: str = ",", threads: int = 1) -> None:
        """Prepare the answer of every zone once."""
        self._zones, self._threads, self._delimiter = zones, threads, delimiter
        self._answers = [(zone.kode, zone.nama, zone.kode_kabkota, zone.kabkota) for zone in zones.zones]
        self._tails = [self._tail(*answer, "inside", "0") for answer in self._answers]
        self._columns = [pa.array(column, pa.string()) for column in zip(*self._answers, strict=True)]
        self._row_of = {zone.kode: row for row, zone in enumerate(zones.zones)}

    def find(self, *, lats: Degrees, lons: Degrees) -> Found:
        """Find the zone of each point, and the nearest one of those that lie in none."""
        ids = self._zones.zone_ids(lons, lats, threads=self._threads)
        outside = np.flatnonzero(ids < 0).tolist()
        places = [Position(lon_deg=float(lons[row]), lat_deg=float(lats[row])) for row in outside]
        gaps_m = {}
        with ThreadPoolExecutor(self._threads) as pool:
            for row, near in zip(outside, pool.map(self._zones.nearest, places), strict=True):
                ids[row] = self._row_of[near.kecamatan]
                gaps_m[row] = _shown_gap_m(near)
        return Found(ids=ids, gaps_m=gaps_m)

    def tails(self, found: Found, lats: Sequence[str]) -> list[str]:
        """Write the answers as the ends of CSV records, delimiter first; a gap has the decimal mark of its row."""
        tails = [self._tails[at] for at in found.ids.tolist()]
        for row, gap_m in found.gaps_m.items():
            gap = f"{gap_m:.1f}".replace(".", "," if "," in lats[row] else ".")
            tails[row] = self._tail(*self._answers[found.ids[row]], "outside", gap)
        return tails

    def columns(self, found: Found) -> list[pa.Array]:
        """Write the answers as the six columns of a table."""
        ids = pa.array(found.ids)
        outside = list(found.gaps_m)
        inside = np.ones(len(found.ids), np.int8)
        inside[outside] = 0
        gap_m = np.zeros(len(found.ids))
        gap_m[outside] = list(found.gaps_m.values())
        outcome = pa.array(["outside", "inside"], pa.string()).take(pa.array(inside))
        return [*(column.take(ids) for column in self._columns), outcome, pa.array(gap_m)]

    def _tail(self, *values: str) -> str:
        """Write values behind a record, quoted where CSV asks for it."""
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="").writerow(["", *values])
        return text.getvalue()


def result_schema(schema: pa.Schema) -> pa.Schema:
    """Add the result columns to the columns of a table."""
    for name in RESULT_COLUMNS:
        schema = schema.append(pa.field(name, pa.float64() if name == "gap_m" else pa.string()))
    return schema


def _shown_gap_m(near: Nearest) -> float:
    """Round a gap up to 0.1 m, so that a point outside never shows a gap of 0."""
    return max(0.1, math.ceil(round(near.gap_m * 10, 6)) / 10)
