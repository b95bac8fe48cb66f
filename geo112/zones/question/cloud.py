"""The places where a caller may be, each with the centre that answers there: what a question has to tell apart."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo112.core.codes import KodeKabKota
from geo112.core.shapes import Area
from geo112.zones.draws import normal_pair, sequence
from geo112.zones.question.ground import Ground, Metres
from geo112.zones.question.spread import COUNT, DIMENSIONS, places_in
from geo112.zones.records import DEFAULT_ACCURACY_M, Zone

# Near the line between two villages people say either: the standard deviation of where they take it to be.
NEIGHBOURHOOD_M = 100.0
# Each place is seen from this many spots around it when it is asked in which village or kecamatan a caller is.
_SEEN_FROM = 4

Weights = NDArray[np.float64]
Rows = NDArray[np.int32]


class ZonesAt(Protocol):
    """Knows which kecamatan covers a place."""

    zones: tuple[Zone, ...]

    def zone_ids(self, lon: ArrayLike, lat: ArrayLike) -> Rows:
        """Give the row in `zones` of each place, -1 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """A thousand places where a caller may be, by their weights.

    `centre_of` numbers each place's centre in `centres`; the last number, beyond them, is no centre at all. `rows`
    are the kecamatan that cover the places, `felt_rows` those in which a caller there may think to be, and
    `felt_east_m`, `felt_north_m` the spots that these are of; `felt_zones` names each of these kecamatan once.
    """

    ground: Ground
    east_m: Metres
    north_m: Metres
    weight: Weights
    centres: tuple[KodeKabKota, ...]
    centre_of: NDArray[np.int64]
    rows: Rows
    felt_rows: Rows
    felt_zones: tuple[int, ...]
    felt_east_m: Metres
    felt_north_m: Metres
    zones: tuple[Zone, ...]

    @classmethod
    def of(cls, area: Area, index: ZonesAt, *, accuracy_m: float = DEFAULT_ACCURACY_M) -> Self:
        """Spread a caller over an area, and find the centre of each place, borders known to `accuracy_m`."""
        ground = Ground(middle=area.middle)
        numbers = _NUMBERS
        east_m, north_m = places_in(area, ground, numbers)
        blur_east, blur_north = _BLUR
        # The border on the ground decides which centre answers and what people say; the map knows it only so well.
        mapped = east_m + accuracy_m * blur_east, north_m + accuracy_m * blur_north
        rows = _rows(index, ground, *mapped)
        kodes = [None if row < 0 else index.zones[row].kode_kabkota for row in rows.tolist()]
        centres = tuple(sorted({kode for kode in kodes if kode is not None}))
        numbered = {kode: at for at, kode in enumerate(centres)}
        felt_east, felt_north = (
            np.concatenate([own + blur for blur in blurs]) for own, blurs in zip(mapped, _FELT, strict=True)
        )
        felt_rows = _rows(index, ground, felt_east, felt_north)
        return cls(
            ground=ground,
            east_m=east_m,
            north_m=north_m,
            weight=np.full(COUNT, 1 / COUNT),
            centres=centres,
            centre_of=np.array([len(centres) if kode is None else numbered[kode] for kode in kodes]),
            rows=rows,
            felt_rows=felt_rows,
            felt_zones=tuple(row for row in np.unique(felt_rows).tolist() if row >= 0),
            felt_east_m=felt_east,
            felt_north_m=felt_north,
            zones=index.zones,
        )

    @property
    def masses(self) -> Weights:
        """The weight of each centre, and of none as the last."""
        return np.bincount(self.centre_of, weights=self.weight, minlength=len(self.centres) + 1)

    @property
    def shares(self) -> dict[KodeKabKota, float]:
        """The probability of each centre."""
        return dict(zip(self.centres, self.masses.tolist(), strict=False))

    @property
    def spread_m(self) -> float:
        """Standard deviation of the distance of the places from their mean."""
        east, north = self.mean
        squares = (self.east_m - east) ** 2 + (self.north_m - north) ** 2
        return math.sqrt(float(self.weight @ squares))

    @property
    def mean(self) -> tuple[float, float]:
        """Metres east and north of the mean of the places."""
        return float(self.weight @ self.east_m), float(self.weight @ self.north_m)

    def ground_circle(self, radius_m: float) -> shapely.Polygon:
        """Give a circle around the mean, in metres."""
        return shapely.Point(self.mean).buffer(radius_m)

    def with_shares(self, shares: Mapping[KodeKabKota, float], *, outside_share: float) -> Self:
        """Weigh the places so that each centre has the share that was worked out exactly.

        Centres of which no place was drawn have no part in questions; what they hold is left out.
        """
        masses = self.masses
        wanted = np.array([*(shares.get(kode, 0.0) for kode in self.centres), outside_share])
        factors = np.divide(wanted, masses, out=np.zeros_like(masses), where=masses > 0)
        return self._weighed(self.weight * factors[self.centre_of])

    def after(self, likelihood: Weights) -> Self:
        """Weigh the places by how likely an answer was at each (Bayes)."""
        return self._weighed(self.weight * likelihood)

    def _weighed(self, weight: Weights) -> Self:
        total = float(weight.sum())
        return replace(self, weight=weight / total) if total > 0 else self

    def felt(self, hits: NDArray[np.bool_]) -> Weights:
        """Say for each place from how many of its spots something is so, as a share."""
        share: Weights = hits.reshape(_SEEN_FROM, COUNT).mean(axis=0)
        return share


def _rows(index: ZonesAt, ground: Ground, east_m: Metres, north_m: Metres) -> Rows:
    lon_deg, lat_deg = ground.to_degrees(east_m, north_m)
    return index.zone_ids(lon_deg, lat_deg)


def _turned(numbers: NDArray[np.float64]) -> tuple[list[Metres], list[Metres]]:
    """Give for each place spots around it, a quarter of a turn apart, at a distance of its own."""
    east, north = normal_pair(numbers[:, 5], numbers[:, 6])
    ways = [(east, north), (-north, east), (-east, -north), (north, -east)]
    return [NEIGHBOURHOOD_M * way[0] for way in ways], [NEIGHBOURHOOD_M * way[1] for way in ways]


_NUMBERS = sequence(COUNT, DIMENSIONS)
_BLUR = normal_pair(_NUMBERS[:, 3], _NUMBERS[:, 4])
_FELT = _turned(_NUMBERS)
