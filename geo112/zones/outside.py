"""What lies outside all kecamatan: sea, land abroad, lakes and gaps, by a second index beside that of the kecamatan."""

from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np

from geo112.core.shapes import Area, Point
from geo112.zones.jurisdiction import Inside, Jurisdiction, OutsideKind, OutsidePart
from geo112.zones.kernel import direct
from geo112.zones.lookup import winner
from geo112.zones.measure import measure
from geo112.zones.opening import Opened, open_compact
from geo112.zones.records import Zone
from geo112.zones.second_line import NO_LINES, SecondLines

_winner = direct(winner)

OUTSIDE_FILE = "outside.geo112"
# Shares below this are rounding between two indices, not water.
_ROUNDING_SHARE = 1e-7


class Beyond:
    """All that is outside and no sea; it never changes after it is opened, and any number of threads may ask it."""

    __slots__ = ("_lines", "_opened", "_parts")

    def __init__(self, opened: Opened, *, lines: SecondLines = NO_LINES) -> None:
        """Take an opened file, whose zones are lakes, gaps and countries; `open` is the way in."""
        self._opened = opened
        self._lines = lines
        self._parts = tuple(_part(zone) for zone in opened.zones)

    @classmethod
    def open(cls, path: Path, *, lines: SecondLines = NO_LINES) -> Self:
        """Map the file into memory; raises DataMissing where there is none, StorageError for a damaged one."""
        return cls(open_compact(path), lines=lines)

    def told(self, answer: Jurisdiction, area: Area) -> Jurisdiction:
        """Add to an answer what its outside share is made of and whom else to call; `area` is what was shared out."""
        if isinstance(answer, Inside):
            return answer
        parts = self._parts_of(area, answer.shares.outside_share, known_share=1 - answer.shares.unknown_share)
        lines = self._lines.of(answer, parts)
        return replace(answer, shares=replace(answer.shares, outside=parts, second_line=lines))

    def _parts_of(self, area: Area, outside_share: float, *, known_share: float) -> tuple[OutsidePart, ...]:
        """Share out what is outside, largest part first; what is no land of any source is sea."""
        parts = [replace(self._parts[row], share=known_share * share) for row, share in self._weights(area)]
        dry_share = sum(part.share for part in parts)
        sea_share = outside_share - dry_share
        if parts and sea_share < _ROUNDING_SHARE:
            parts = [replace(part, share=part.share * outside_share / dry_share) for part in parts]
        else:
            parts.append(OutsidePart(kind=OutsideKind.SEA, share=sea_share))
        return tuple(sorted(parts, key=lambda part: (-part.share, part.kind, part.kode or "")))

    def _weights(self, area: Area) -> list[tuple[int, float]]:
        """Give the rows of the zones that an area touches and how much of it lies in each."""
        words = self._opened.words
        if isinstance(area, Point):
            row = _winner(words, area.middle.lon_deg, area.middle.lat_deg)
            return [(row, 1.0)] if row >= 0 else []
        return measure(words, area, centre_of=np.zeros(len(self._parts), np.int64)).weights


def _part(zone: Zone) -> OutsidePart:
    """Read what a zone of this index stands for: its kind is where other zones have their kabupaten or kota."""
    kind = OutsideKind(str(zone.kode_kabkota))
    if kind is OutsideKind.ABROAD:
        return OutsidePart(kind=kind, share=0.0, kode=zone.kode, nama=zone.nama)
    return OutsidePart(kind=kind, share=0.0)
