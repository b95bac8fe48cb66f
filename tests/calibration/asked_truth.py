"""Simulated callers near real borders: where they are, what their telephone says, and what they answer when asked.

Everything is drawn by this file's own rules and none of the question's own code is used: near is a sharp distance that
every caller has of their own, a side is a sector whose width and error are their own, villages and kecamatan are the
polygons themselves and not the nearest middle, and who knows what is drawn by another table.
"""

import hashlib
import math
import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import shapely
from drawn_truth import Place, rayleigh

# The kota that lie wholly within one kabupaten, and others along land borders; each is on one side of the split.
ENCLAVES = (
    "35.72", "35.71", "35.73", "35.74", "35.75", "35.76", "35.77", "33.71", "33.72", "33.73", "32.72", "32.78",
    "12.71", "12.72", "13.75", "13.76", "16.72",
)  # fmt: skip
OTHERS = (
    "31.74", "32.73", "32.75", "32.76", "36.71", "36.74", "35.78", "35.15", "33.74", "34.71", "34.04", "51.71",
    "73.71", "73.06", "12.07", "14.71", "16.71", "18.71", "61.71", "63.71", "64.72", "71.71", "33.10", "32.04",
)  # fmt: skip
RADII_M = (50.0, 150.0, 400.0, 1_000.0, 2_500.0, 5_000.0)
BORDER_ERROR_M = 30.0


def held_out(kode: str) -> bool:
    """Tell whether a kabupaten or kota was kept for the final figure: half of them, by a digest of the code."""
    return hashlib.sha256(kode.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True)
class Polygons:
    """Polygons by their codes."""

    codes: list[str]
    shapes: np.ndarray
    tree: shapely.STRtree

    @classmethod
    def read(cls, path: Path, code_column: str) -> "Polygons":
        table = pq.read_table(path, columns=[code_column, "geometry"])
        shapes = shapely.from_wkb(np.array(table["geometry"].to_pylist(), object))
        return cls(table[code_column].to_pylist(), shapes, shapely.STRtree(shapes))

    def at(self, place: Place) -> str | None:
        hits = self.tree.query(shapely.Point(place.lon_deg, place.lat_deg), predicate="intersects")
        return self.codes[int(hits.min())] if len(hits) else None


@dataclass(frozen=True)
class Mark:
    """A made-up place that callers may know, or a straight road or river through two places."""

    name: str
    kind: str
    place: Place
    radius_m: float
    line: tuple[Place, Place] | None = None


@dataclass(frozen=True)
class Caller:
    """A simulated caller: where they are, where that is on a map whose borders err, and what the telephone told."""

    truth: Place
    mapped: Place
    centre: str
    seen: Place
    radius_m: float
    share: float
    marks: tuple[Mark, ...]
    dice: random.Random = field(repr=False)


# Made-up places for each square kilometre of a town, and how many callers close by know one.
DENSITY = {
    "pasar": (0.15, 0.9, 110), "masjid": (1.5, 0.5, 25), "sekolah": (1.0, 0.55, 60), "puskesmas": (0.1, 0.75, 40),
    "spbu": (0.15, 0.7, 40), "kantor": (0.3, 0.5, 40), "polisi": (0.06, 0.7, 40), "rumah_sakit": (0.05, 0.9, 120),
    "stasiun": (0.02, 0.9, 150), "simpang": (0.3, 0.6, 30),
}  # fmt: skip
KNOWN_LINE, KNOWN_DESA, KNOWN_KECAMATAN = 0.7, 0.8, 0.8
WRONG = 0.05


class World:
    """The country as callers know it."""

    def __init__(self, boundaries: Path) -> None:
        self.kecamatan = Polygons.read(boundaries / "kecamatan.parquet", "kode_kecamatan")
        self.villages = Polygons.read(boundaries / "desa.parquet", "kode_desa")
        self._borders: dict[str, shapely.Geometry] = {}

    def border(self, kode: str) -> shapely.Geometry:
        """The outline of a kabupaten or kota."""
        if kode not in self._borders:
            own = [
                one for code, one in zip(self.kecamatan.codes, self.kecamatan.shapes, strict=True) if code[:5] == kode
            ]
            self._borders[kode] = shapely.union_all(own).boundary
        return self._borders[kode]

    def caller(self, kode: str, radius_m: float, share: float, dice: random.Random) -> Caller:
        """Draw a caller near the land border of a kabupaten or kota, with what they know around them."""
        border = self.border(kode)
        while True:
            spot = border.interpolate(dice.random(), normalized=True)
            line = Place(lat_deg=spot.y, lon_deg=spot.x)
            sigma_m = radius_m / rayleigh(share)
            truth = _blurred(line, sigma_m * 1.2, dice)
            # The border on the ground is not quite the one on the map.
            mapped = _blurred(truth, BORDER_ERROR_M, dice)
            found = self.kecamatan.at(mapped)
            if found is None or self._coast(line):
                continue
            seen = _blurred(truth, sigma_m, dice)
            marks = _marks(seen, max(1_500.0, 2 * radius_m), dice)
            return Caller(truth, mapped, found[:5], seen, radius_m, share, marks, dice)

    def _coast(self, line: Place) -> bool:
        """Tell whether one side of a border is no land."""
        around = (line.shifted(north_m=300 * math.cos(turn), east_m=300 * math.sin(turn)) for turn in range(6))
        return any(self.kecamatan.at(one) is None for one in around)

    def says(self, caller: Caller, *, kind: str, name: str, kode: str | None, direction: str | None) -> str:
        """Give what a caller answers: `ya`, `tidak` or `tidak_tahu`."""
        dice = caller.dice
        if kind in ("desa", "kecamatan"):
            truly = self._in_area(caller, kind, kode or "")
        else:
            mark = next(one for one in caller.marks if one.name == name)
            truly = _near(caller, mark) if kind == "near" else _on_side(caller, mark, direction or "")
        if truly is None:
            return "tidak_tahu"
        return "ya" if truly != (dice.random() < WRONG) else "tidak"

    def _in_area(self, caller: Caller, kind: str, kode: str) -> bool | None:
        """Some do not know, and one in eight tells where the next street belongs."""
        dice = caller.dice
        if dice.random() > (KNOWN_DESA if kind == "desa" else KNOWN_KECAMATAN):
            return None
        place = caller.mapped
        if dice.random() < 1 / 8:
            turn = dice.uniform(0, 2 * math.pi)
            place = place.shifted(north_m=200 * math.cos(turn), east_m=200 * math.sin(turn))
        found = (self.villages if kind == "desa" else self.kecamatan).at(place)
        return None if found is None else found == kode


def _blurred(place: Place, sigma_m: float, dice: random.Random) -> Place:
    return place.shifted(north_m=dice.gauss(0, sigma_m), east_m=dice.gauss(0, sigma_m))


def _marks(middle: Place, reach_m: float, dice: random.Random) -> tuple[Mark, ...]:
    """Strew places over a square around the caller, and lay a road and a river through it."""
    out = []
    for kind, (per_km2, _, radius_m) in DENSITY.items():
        mean = per_km2 * (2 * reach_m / 1_000) ** 2
        for at in range(min(60, int(mean) + (dice.random() < mean % 1))):
            spot = middle.shifted(north_m=dice.uniform(-reach_m, reach_m), east_m=dice.uniform(-reach_m, reach_m))
            out.append(Mark(f"{kind} simulasi {at}", kind, spot, radius_m))
    for kind in ("jalan", "sungai"):
        turn, off_m = dice.uniform(0, math.pi), dice.gauss(0, reach_m / 3)
        base = middle.shifted(north_m=off_m * math.sin(turn), east_m=-off_m * math.cos(turn))
        ends = [
            base.shifted(north_m=t * math.cos(turn), east_m=t * math.sin(turn)) for t in (-2 * reach_m, 2 * reach_m)
        ]
        out.append(Mark(f"{kind} simulasi", kind, base, 2 * reach_m, (ends[0], ends[1])))
    return tuple(out)


def _knows(caller: Caller, mark: Mark, distance_m: float) -> bool:
    known = KNOWN_LINE if mark.line else DENSITY[mark.kind][1]
    far_m = 800 if mark.kind in ("masjid", "sekolah", "simpang", "kantor") else 3_000
    return caller.dice.random() < known * math.exp(-((distance_m / far_m) ** 2))


def _gap(caller: Caller, mark: Mark) -> tuple[float, float]:
    """Metres from the mark, and metres north-east-wise to its left where it is a line."""
    north_m, east_m = mark.place.from_here(caller.truth)
    if mark.line is None:
        return math.hypot(north_m, east_m), 0.0
    along_n, along_e = mark.line[0].from_here(mark.line[1])
    length = math.hypot(along_n, along_e)
    left_m = (along_e * north_m - along_n * east_m) / length
    return abs(left_m), left_m


def _near(caller: Caller, mark: Mark) -> bool | None:
    distance_m, _ = _gap(caller, mark)
    if not _knows(caller, mark, distance_m):
        return None
    usual_m = 120 if mark.line else 450 if mark.kind in ("pasar", "rumah_sakit", "stasiun") else 280
    return distance_m < usual_m * math.exp(caller.dice.gauss(0, 0.45)) + 0.7 * mark.radius_m * (mark.line is None)


def _on_side(caller: Caller, mark: Mark, direction: str) -> bool | None:
    dice = caller.dice
    distance_m, left_m = _gap(caller, mark)
    if not _knows(caller, mark, distance_m) or dice.random() < 0.2:
        return None
    bearing_deg = {"utara": 0, "timur": 90, "selatan": 180, "barat": 270}[direction]
    if mark.line is not None:
        if distance_m < 8:
            return dice.random() < 0.5
        along_n, along_e = mark.line[0].from_here(mark.line[1])
        # The left of a line points to north + east by its normal; the named direction is on that side or the other.
        normal_n, normal_e = along_e, -along_n
        turn = math.radians(bearing_deg)
        named_left = normal_n * math.cos(turn) + normal_e * math.sin(turn) > 0
        return (left_m > 0) == named_left
    north_m, east_m = mark.place.from_here(caller.truth)
    if distance_m < mark.radius_m / 2:
        return dice.random() < 0.5
    felt_deg = math.degrees(math.atan2(east_m, north_m)) + dice.gauss(0, 18)
    off_deg = abs((felt_deg - bearing_deg + 180) % 360 - 180)
    return off_deg < dice.choice((45, 60, 80, 90))
