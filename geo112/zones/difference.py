"""What changes between two sets of boundaries, as `geo112 zones diff` tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo112.core.geo import Position
from geo112.zones.index import ZoneIndex
from geo112.zones.records import Zone


class Kind(StrEnum):
    """What happens to some ground: another centre, another kecamatan of the same centre, newly covered, no more."""

    CENTRE = "centre"
    KECAMATAN = "kecamatan"
    NEW = "new"
    GONE = "gone"


Pair = tuple[Zone | None, Zone | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two sets: its version, where it stands, and of what it was made."""

    version: str
    folder: str
    source: str
    kecamatan: int
    kabkota: int
    area_km2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What goes from one kecamatan to another; None stands for ground that no kecamatan covers.

    `area_km2` and `parts` count the pieces above the dust; `shape` is their ground, None where only villages move.
    """

    source: Zone | None
    target: Zone | None
    area_km2: float
    parts: int
    villages: tuple[str, ...]
    shape: BaseGeometry | None

    @property
    def kind(self) -> Kind:
        """What happens to this ground."""
        if self.source is None:
            return Kind.NEW
        if self.target is None:
            return Kind.GONE
        return Kind.KECAMATAN if self.source.kode_kabkota == self.target.kode_kabkota else Kind.CENTRE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dust:
    """Pieces smaller than the threshold, summed up and not listed."""

    below_m2: float
    area_km2: float
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Kecamatan that one of the sets alone knows, and those that have another name."""

    new: tuple[Zone, ...]
    vanished: tuple[Zone, ...]
    renamed: tuple[tuple[Zone, Zone], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many of some points lie in another kecamatan, or with another centre, by the other set."""

    points: int
    kecamatan_changes: int
    centre_changes: int
    in_neither: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happenings:
    """The calls or incidents of a year that had a position, and between which centres they change."""

    what: str
    since: datetime
    until: datetime
    older: int
    without_position: int
    counted: Counted
    centres: tuple[tuple[str | None, str | None, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that changes from `before` to `after`."""

    before: Side
    after: Side
    moves: tuple[Move, ...]
    dust: Dust
    register: Register
    villages: Counted
    happenings: tuple[Happenings, ...] = ()

    def km2(self, kind: Kind) -> float:
        """Add up the ground to which this happens, without the dust."""
        return sum(move.area_km2 for move in self.moves if move.kind is kind)

    @property
    def centre_km2(self) -> float:
        """The ground that goes from one centre to another."""
        return self.km2(Kind.CENTRE)


def centre_of(zone: Zone | None) -> str | None:
    """Give the code of the centre of a kecamatan, None for none."""
    return None if zone is None else zone.kode_kabkota


def kode_of(zone: Zone | None) -> str | None:
    """Give the code of a kecamatan, None for none."""
    return None if zone is None else zone.kode


def pairs_at(before: ZoneIndex, after: ZoneIndex, places: Sequence[Position]) -> list[Pair]:
    """Say for each place which kecamatan it belongs to by both sets."""
    lons = np.array([place.lon_deg for place in places], np.float64)
    lats = np.array([place.lat_deg for place in places], np.float64)
    found = [
        [index.zones[row] if row >= 0 else None for row in index.zone_ids(lons, lats).tolist()]
        for index in (before, after)
    ]
    return list(zip(*found, strict=True))


def counted(pairs: Sequence[Pair]) -> Counted:
    """Count what changes."""
    return Counted(
        points=len(pairs),
        kecamatan_changes=sum(kode_of(one) != kode_of(other) for one, other in pairs),
        centre_changes=sum(centre_of(one) != centre_of(other) for one, other in pairs),
        in_neither=sum(one is None and other is None for one, other in pairs),
    )


def register_of(before: Sequence[Zone], after: Sequence[Zone]) -> Register:
    """Compare the lists of kecamatan by code."""
    old, new = ({zone.kode: zone for zone in zones} for zones in (before, after))
    both = sorted(old.keys() & new.keys())
    return Register(
        new=tuple(new[kode] for kode in sorted(new.keys() - old.keys())),
        vanished=tuple(old[kode] for kode in sorted(old.keys() - new.keys())),
        renamed=tuple((old[kode], new[kode]) for kode in both if _names(old[kode]) != _names(new[kode])),
    )


def _names(zone: Zone) -> tuple[str, str]:
    return zone.nama, zone.kabkota
