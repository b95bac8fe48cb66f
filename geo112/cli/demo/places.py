"""Where the demonstration's callers are: near the villages of a kecamatan, and just beyond a border."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from geo112.core.codes import KodeKabKota, KodeKecamatan, kode_kecamatan
from geo112.core.errors import DataMissing, NotFound
from geo112.core.geo import Position

VILLAGES_FILE = "desa.csv"
# People live around the middle of a village; farther out the answer is asked for anyway.
_SPREAD_M = 900.0
_TRIES = 40
_SEARCH_STEP_M, _SEARCH_END_M, _EXACT_M = 200.0, 6_000.0, 1.0


class Where(Protocol):
    """Tells in which kecamatan and centre a place is."""

    def kecamatan_at(self, position: Position) -> KodeKecamatan | None:
        """Name the kecamatan of a point; None in the sea or abroad."""

    def wholly_in(self, position: Position, radius_m: float) -> KodeKabKota | None:
        """Name the only centre that a circle touches; None when there are several or it reaches outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A desa or kelurahan and a point in it."""

    name: str
    kecamatan: KodeKecamatan
    middle: Position


def read_villages(boundaries_dir: Path, kabkota: frozenset[KodeKabKota]) -> tuple[Village, ...]:
    """Read the village points of some kabupaten or kota; raises DataMissing when the boundaries are not built."""
    path = boundaries_dir / VILLAGES_FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_village(row) for row in csv.DictReader(file) if row["kode_kecamatan"][:5] in kabkota)
    except FileNotFoundError:
        raise DataMissing(f"{path} is missing: run `geo112 prepare boundaries`", field="boundaries") from None


def by_kecamatan(villages: tuple[Village, ...]) -> dict[KodeKecamatan, tuple[Village, ...]]:
    """Group villages by their kecamatan."""
    groups: dict[KodeKecamatan, list[Village]] = {}
    for village in villages:
        groups.setdefault(village.kecamatan, []).append(village)
    return {kode: tuple(group) for kode, group in groups.items()}


def village_named(villages: tuple[Village, ...], name: str, kecamatan: KodeKecamatan) -> Village:
    """Find a village of a kecamatan by its name; raises NotFound."""
    for village in villages:
        if village.kecamatan == kecamatan and village.name.casefold() == name.casefold():
            return village
    raise NotFound(f"there is no {name} in {kecamatan}", field="desa")


def somewhere_in(
    kecamatan: KodeKecamatan, villages: Mapping[KodeKecamatan, tuple[Village, ...]], where: Where, random: Random
) -> Position:
    """Draw a place in a kecamatan: round one of its villages, drawn again until it is inside."""
    own = villages.get(kecamatan)
    if not own:
        raise NotFound(f"no village point is known in {kecamatan}", field="kecamatan")
    for _ in range(_TRIES):
        place = random.choice(own).middle.moved(
            bearing_deg=random.uniform(0, 360), distance_m=_SPREAD_M * random.random() ** 0.5
        )
        if where.kecamatan_at(place) == kecamatan:
            return place
    return random.choice(own).middle


def beyond_border(start: Position, other: KodeKabKota, distance_m: float, where: Where) -> Position:
    """Find the place nearest to `start`, on one of 8 bearings, that lies `distance_m` inside another centre's area.

    The distance holds to every side: a circle of that radius just fits on the other side. Raises NotFound beyond 6 km.
    """
    steps = range(1, int(_SEARCH_END_M / _SEARCH_STEP_M) + 1)
    for step in steps:
        for eighth in range(8):
            bearing_deg, far_m = eighth * 45.0, step * _SEARCH_STEP_M
            if where.wholly_in(start.moved(bearing_deg=bearing_deg, distance_m=far_m), distance_m) == other:
                return _nearest_along(start, bearing_deg, far_m, other, distance_m, where)
    raise NotFound(f"{other} is not within {_SEARCH_END_M:.0f} m", field="kode")


def _nearest_along(
    start: Position, bearing_deg: float, far_m: float, other: KodeKabKota, distance_m: float, where: Where
) -> Position:
    """Halve the way between a place that is not beyond the border and one that is, down to a metre."""
    near_m = far_m - _SEARCH_STEP_M
    while far_m - near_m > _EXACT_M:
        half_m = (near_m + far_m) / 2
        if where.wholly_in(start.moved(bearing_deg=bearing_deg, distance_m=half_m), distance_m) == other:
            far_m = half_m
        else:
            near_m = half_m
    return start.moved(bearing_deg=bearing_deg, distance_m=far_m)


def _village(row: dict[str, str]) -> Village:
    return Village(
        name=row["desa"],
        kecamatan=kode_kecamatan(row["kode_kecamatan"]),
        middle=Position(lon_deg=float(row["lon_deg"]), lat_deg=float(row["lat_deg"])),
    )
