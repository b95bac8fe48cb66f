"""How a caller's position is spread about what was reported, and what of that lies in each zone: what is decided by.

A circle or an ellipse stands for a normal distribution of which it holds its confidence; an arc band for a distance and
a direction that are normal each for itself (RFC 7459, 5.4.2). Nothing is cut off and nothing left open. A polygon, and
a shape that claims certainty, has the caller evenly in it, with an edge as soft as its confidence says. The boundary's
own error is one more normal error: as if the line stood still and the caller were displaced.
"""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from geo112.core.extent import reach_m
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Point, Polygon, Uncertain
from geo112.zones.even import even_weights
from geo112.zones.kernel import direct
from geo112.zones.measure import (
    Box,
    Weights,
    Words,
    box_around,
    edges_of,
    extent_m,
    measure,
)
from geo112.zones.normal import CIRCULAR, POLAR, REACH, WIDEST_RAD
from geo112.zones.shares import law_sums

_law_sums = direct(law_sums)

_STANDARD = NormalDist()
# Probabilities below this are the tail that was cut off.
NOISE_SHARE = 2e-6
# An edge that is softer by less than this part of the reach moves no share by a thousandth: it is measured as if hard.
_HARD_SHARE = 1e-3
# What is known better than this is measured as if it were not: no place is known so well.
_THIN_M = 1e-3
# Beyond this reach a plane says nothing of distances; nor is there a border that matters.
_WIDEST_M = 1_500_000.0


def spread(words: Words, area: Area, *, accuracy_m: float, centre_of: NDArray[np.int64]) -> Weights:
    """Give the probability of each zone in which the caller may be; what is missing to 1 lies in none."""
    if isinstance(area, Point):
        return _circular(words, area.middle, (accuracy_m, accuracy_m), 0.0)
    if isinstance(area, Polygon) or area.confidence_share == 1:
        return _with_soft_edge(words, area, math.hypot(softness_m(area), accuracy_m), centre_of=centre_of)
    if REACH * (reach_m(area) or 0.0) > _WIDEST_M:
        # Half the country: no plane holds it, and there is no border that matters.
        return measure(words, area, centre_of=centre_of).weights
    if isinstance(area, ArcBand):
        return _polar(words, area, accuracy_m)
    within = deviations_within(area.confidence_share)
    if isinstance(area, Circle):
        sigma_m = math.hypot(area.radius_m / within, accuracy_m)
        return _circular(words, area.middle, (sigma_m, sigma_m), 0.0)
    deviations_m = (
        math.hypot(area.semi_major_m / within, accuracy_m),
        math.hypot(area.semi_minor_m / within, accuracy_m),
    )
    return _circular(words, area.middle, deviations_m, math.radians(area.orientation_deg))


def deviations_within(share: float) -> float:
    """Give the radius, in standard deviations, that holds this share of a circular normal distribution."""
    return math.sqrt(-2 * math.log1p(-share))


def polar_law(band: ArcBand, accuracy_m: float) -> tuple[float, float, float, float]:
    """Give mean and deviation of the distance in metres, and of the direction in radians counter-clockwise from east.

    A whole ring says nothing of the direction: its deviation is infinite, and its confidence is that of the distance.
    """
    whole = band.opening_deg == 360
    within = _STANDARD.inv_cdf((1 + (band.confidence_share if whole else math.sqrt(band.confidence_share))) / 2)
    middle_m = (band.inner_m + band.outer_m) / 2
    distance_m = max(math.hypot((band.outer_m - band.inner_m) / 2 / within, accuracy_m), _THIN_M)
    heading = math.radians(90 - band.start_deg - band.opening_deg / 2)
    if whole:
        return middle_m, distance_m, 0.0, math.inf
    turn = max(math.hypot(math.radians(band.opening_deg) / 2 / within, accuracy_m / middle_m), _THIN_M / middle_m)
    return middle_m, distance_m, heading, turn if turn < WIDEST_RAD else math.inf


def softness_m(area: Uncertain) -> float:
    """Give the deviation by which an even area is displaced so that its confidence stays in it, to the first order.

    Along a straight edge a normal displacement takes `sigma / sqrt(2 pi)` times its length out of an area.
    """
    if area.confidence_share == 1:
        return 0.0
    assert isinstance(area, Polygon)  # noqa: S101 - all others are normal but for certainty
    size_m2 = edges_of(area)[1]
    rims = (area.ring, *area.holes)
    length_m = math.fsum(a.distance_m(b) for rim in rims for a, b in zip(rim, rim[1:] + rim[:1], strict=True))
    return math.sqrt(2 * math.pi) * (1 - area.confidence_share) * size_m2 / length_m


def _circular(words: Words, middle: Position, deviations_m: tuple[float, float], bearing: float) -> Weights:
    """Stretch the plane until the distribution is round, with deviations of 1; `bearing` is that of the first axis."""
    along_m, across_m = (max(one, _THIN_M) for one in deviations_m)
    sine, cosine = math.sin(bearing), math.cos(bearing)
    affine = (cosine / across_m, -sine / across_m, sine / along_m, cosine / along_m)
    east_m = REACH * math.hypot(along_m * sine, across_m * cosine)
    north_m = REACH * math.hypot(along_m * cosine, across_m * sine)
    box = box_around(middle.lon_deg, middle.lat_deg, (-east_m, -north_m, east_m, north_m))
    return _weights(words, middle, affine, (CIRCULAR, 0.0, 0.0, 0.0, 0.0), box)


def _polar(words: Words, band: ArcBand, accuracy_m: float) -> Weights:
    middle_m, distance_m, heading, turn = polar_law(band, accuracy_m)
    farthest_m = middle_m + REACH * distance_m
    opening = min(2 * REACH * turn, 2 * math.pi)
    # The apex itself belongs to the box, since it is where the sum begins.
    box = box_around(band.apex.lon_deg, band.apex.lat_deg, extent_m(0.0, farthest_m, heading - opening / 2, opening))
    law = (POLAR, middle_m, distance_m, heading, turn)
    return _weights(words, band.apex, (1.0, 0.0, 0.0, 1.0), law, box)


def _weights(
    words: Words,
    middle: Position,
    affine: tuple[float, float, float, float],
    law: tuple[float, float, float, float, float],
    box: Box,
) -> Weights:
    own, rows, probabilities = _law_sums(words, middle.lon_deg, middle.lat_deg, affine, law, box)
    weights = list(zip(rows.tolist(), probabilities.tolist(), strict=True))
    if own >= 0 and own not in rows:
        weights.append((own, 1.0))
    return weights


def _with_soft_edge(words: Words, area: Uncertain, deviation_m: float, *, centre_of: NDArray[np.int64]) -> Weights:
    if deviation_m < max(_THIN_M, _HARD_SHARE * (reach_m(area) or 0.0)):
        return measure(words, area, centre_of=centre_of).weights

    def about(place: Position) -> Weights:
        return _circular(words, place, (deviation_m, deviation_m), 0.0)

    return even_weights(words, area, deviation_m=deviation_m, about=about, centre_of=centre_of)
