"""Simulated callers near real borders: where they really are, and the area that is told of them.

Nothing of the reading, the choice or the zones of geo112 is used here, so that a wrong formula there cannot agree with
itself: only shapes as data, shapely's polygons, numpy's random numbers and the radii of the ellipsoid.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain

SHAPES = ("circle", "ellipse", "arc band", "ring", "polygon")
_STANDARD = NormalDist()
_A_M, _E2 = 6378137.0, 0.00669437999014
# So far from a border, in reaches of the area, the middle of an area may be.
_FARTHEST = 2.0
_CORNERS = 9
_SOFTNESS_DRAWS = 20_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What is told of a caller, and the code of the kabupaten or kota that the caller is in; None at sea and abroad."""

    area: Uncertain
    kode: str | None


class Borderland:
    """The kabupaten and kota of some provinces as shapely has them."""

    def __init__(self, boundaries: Path, provinces: Sequence[str] = ()) -> None:
        """Read the built kecamatan; borders are those of the kabupaten and kota of some provinces, else of all."""
        frame = geopandas.read_parquet(boundaries / "kecamatan.parquet", columns=["kode_kabkota", "geometry"])
        self._codes = frame["kode_kabkota"].to_numpy(dtype=object)
        self._polygons = np.asarray(frame.geometry.array, dtype=object)
        self._sizes = shapely.area(self._polygons)
        self._tree = shapely.STRtree(self._polygons)
        wanted = frame[frame["kode_kabkota"].str[:2].isin(provinces)] if provinces else frame
        self._lines = shapely.boundary(np.asarray(wanted.dissolve("kode_kabkota").geometry.array, dtype=object))
        self._lengths = shapely.length(self._lines)

    def places(self, count: int, random: np.random.Generator) -> list[Position]:
        """Draw places on borders, every metre of them equally likely."""
        drawn = random.choice(len(self._lines), count, p=self._lengths / self._lengths.sum())
        found = shapely.line_interpolate_point(self._lines[drawn], random.random(count) * self._lengths[drawn])
        return [Position(lon_deg=float(p.x), lat_deg=float(p.y)) for p in found]

    def codes_at(self, lons: Floats, lats: Floats) -> list[str | None]:
        """Say in which kabupaten or kota places lie; where two kecamatan overlap, in that of the smaller one."""
        point, zone = self._tree.query(shapely.points(lons, lats), predicate="intersects")
        best: dict[int, int] = {}
        for one, row in zip(point.tolist(), zone.tolist(), strict=True):
            if one not in best or self._sizes[row] < self._sizes[best[one]]:
                best[one] = row
        return [self._codes[best[n]] if n in best else None for n in range(lons.size)]


def callers(
    land: Borderland, shape: str, *, radius_m: float, count: int, line_error_m: float, random: np.random.Generator
) -> Iterator[Caller]:
    """Draw areas that reach a border, and callers as the areas say that they err.

    `line_error_m` is the standard deviation by which the true line lies beside the drawn one.
    """
    areas, lons, lats = [], [], []
    for border in land.places(count, random):
        confidence = float(random.choice([0.68, 0.9, 0.95]))
        away = radius_m * _FARTHEST * math.sqrt(float(random.random()))
        middle = _moved(border, float(random.uniform(0, 2 * math.pi)), away)
        area, (east_m, north_m) = _draw(shape, middle, radius_m, confidence, random)
        shift = random.normal(0, line_error_m, 2) if line_error_m else np.zeros(2)
        origin = area.apex if isinstance(area, ArcBand) else middle
        truth = _shifted(origin, east_m + float(shift[0]), north_m + float(shift[1]))
        areas.append(area)
        lons.append(truth.lon_deg)
        lats.append(truth.lat_deg)
    for area, kode in zip(areas, land.codes_at(np.array(lons), np.array(lats)), strict=True):
        yield Caller(area=area, kode=kode)


def _draw(
    shape: str, middle: Position, reach_m: float, confidence: float, random: np.random.Generator
) -> tuple[Uncertain, tuple[float, float]]:
    """Give an area and where its caller is, in metres east and north of its middle or apex."""
    within = math.sqrt(-2 * math.log(1 - confidence))
    if shape == "circle":
        east, north = random.normal(0, reach_m / within, 2).tolist()
        return Circle(middle=middle, radius_m=reach_m, confidence_share=confidence), (east, north)
    turn = float(random.uniform(0, 2 * math.pi))
    if shape == "ellipse":
        minor_m = reach_m * float(random.uniform(0.2, 0.9))
        along, across = random.normal(0, 1, 2) * np.array([reach_m, minor_m]) / within
        east = along * math.sin(turn) + across * math.cos(turn)
        north = along * math.cos(turn) - across * math.sin(turn)
        ellipse = Ellipse(
            middle=middle, semi_major_m=reach_m, semi_minor_m=minor_m, orientation_deg=math.degrees(turn),
            confidence_share=confidence,
        )  # fmt: skip
        return ellipse, (float(east), float(north))
    if shape == "polygon":
        return _polygon(middle, reach_m, confidence, random)
    return _band(middle, reach_m, confidence, random, whole=shape == "ring")


def _band(
    apex: Position, outer_m: float, confidence: float, random: np.random.Generator, *, whole: bool
) -> tuple[ArcBand, tuple[float, float]]:
    """Draw a band about an antenna, and a caller whose distance and direction are normal each for itself."""
    inner_m = outer_m * float(random.uniform(0.3, 0.9))
    opening = 2 * math.pi if whole else math.radians(float(random.uniform(30, 120)))
    within = _STANDARD.inv_cdf((1 + (confidence if whole else math.sqrt(confidence))) / 2)
    distance = -1.0
    while distance <= 0:
        distance = float(random.normal((inner_m + outer_m) / 2, (outer_m - inner_m) / 2 / within))
    start = float(random.uniform(0, 2 * math.pi))
    heading = float(
        random.uniform(0, 2 * math.pi) if whole else random.normal(start + opening / 2, opening / 2 / within)
    )
    band = ArcBand(
        apex=apex, inner_m=inner_m, outer_m=outer_m, start_deg=math.degrees(start),
        opening_deg=360.0 if whole else math.degrees(opening), confidence_share=confidence,
    )  # fmt: skip
    return band, (distance * math.sin(heading), distance * math.cos(heading))


def _polygon(
    middle: Position, reach_m: float, confidence: float, random: np.random.Generator
) -> tuple[Polygon, tuple[float, float]]:
    """Draw a ragged polygon, and a caller evenly in it who errs so far that its confidence stays inside."""
    turns = 2 * math.pi * (np.arange(_CORNERS) + random.uniform(0, 0.8, _CORNERS)) / _CORNERS
    radii = reach_m * random.uniform(0.5, 1, _CORNERS)
    flat = shapely.Polygon(np.column_stack([radii * np.sin(turns), radii * np.cos(turns)]))
    west, south, east, north = flat.bounds
    draws = np.column_stack(
        [random.uniform(west, east, _SOFTNESS_DRAWS), random.uniform(south, north, _SOFTNESS_DRAWS)]
    )
    inside = draws[shapely.intersects_xy(flat, draws[:, 0], draws[:, 1])]
    errors = random.normal(0, 1, inside.shape)
    low, high = 0.0, reach_m
    for _ in range(20):
        deviation = (low + high) / 2
        kept = shapely.intersects_xy(flat, *(inside + deviation * errors).T).mean()
        low, high = (deviation, high) if kept > confidence else (low, deviation)
    ring = tuple(_shifted(middle, float(x), float(y)) for x, y in np.asarray(flat.exterior.coords)[:-1])
    truth = inside[0] + high * random.normal(0, 1, 2)
    return Polygon(ring=ring, confidence_share=confidence), (float(truth[0]), float(truth[1]))


def _moved(place: Position, bearing: float, metres: float) -> Position:
    return _shifted(place, metres * math.sin(bearing), metres * math.cos(bearing))


def _shifted(place: Position, east_m: float, north_m: float) -> Position:
    """Move a place by metres, with the radii of curvature of WGS 84 at its latitude."""
    sine = math.sin(math.radians(place.lat_deg))
    rest = 1 - _E2 * sine * sine
    north = _A_M * (1 - _E2) / (rest * math.sqrt(rest))
    east = _A_M / math.sqrt(rest) * math.cos(math.radians(place.lat_deg))
    return Position(
        lon_deg=place.lon_deg + math.degrees(east_m / east), lat_deg=place.lat_deg + math.degrees(north_m / north)
    )
