"""How likely a caller says yes at each place where they may be."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo112.core.geo import Position
from geo112.zones.question.ask import Question, QuestionKind
from geo112.zones.question.cloud import Cloud, Weights
from geo112.zones.question.ground import Ground, Metres
from geo112.zones.question.landmark import KNOWLEDGE

# Half of those who are this far off the named direction still say yes; four fifths 14 degrees nearer to it.
_HALF_DEG, _SOFT_DEG = 65.0, 10.0
# Beside a line the side is clear from about this distance on.
_LINE_SOFT_M = 15.0
_NEAR_POWER = 4
# No row of a kecamatan, nor that of a place in none.
_NOWHERE = -2
# Within its own width nobody is on one side of a place, and up to as far again the side is not clear.
_CLEAR_TIMES, _CLEAR_M = 2.0, 50.0


def yes_share(question: Question, cloud: Cloud) -> Weights:
    """Probability of a truthful yes at each place of the cloud."""
    match question.kind:
        case QuestionKind.NEAR:
            return near(_distance_m(question, cloud), radius_m=question.radius_m, kind=question.place_kind)
        case QuestionKind.SIDE if question.lines:
            left_m = left_of(question, cloud.ground, cloud.east_m, cloud.north_m)
            return _logistic((left_m if question.on_left else -left_m) / _LINE_SOFT_M)
        case QuestionKind.SIDE:
            east, north = cloud.ground.spot(question.middle)
            direction = question.direction
            assert direction is not None  # noqa: S101 - a side is always named
            return side(
                cloud.east_m - east,
                cloud.north_m - north,
                radius_m=question.radius_m,
                bearing_deg=direction.bearing_deg,
            )
        case QuestionKind.DESA:
            return cloud.felt(_in_kecamatan(question, cloud) & _nearest_own(question, cloud))
        case QuestionKind.KECAMATAN:  # pragma: no branch - mypy counts the kinds
            return cloud.felt(_in_kecamatan(question, cloud))


def near(distance_m: Metres, *, radius_m: float, kind: str) -> Metres:
    """Share of callers at this distance from the middle of a place who would say that they are near it."""
    half_m = KNOWLEDGE[kind].near_m + radius_m
    share: Metres = 1 / (1 + (distance_m / half_m) ** _NEAR_POWER)
    return share


def side(east_m: Metres, north_m: Metres, *, radius_m: float, bearing_deg: float) -> Metres:
    """Share of callers so far east and north of a place who would say that they are on this side of it."""
    turn = math.radians(bearing_deg)
    ahead = east_m * math.sin(turn) + north_m * math.cos(turn)
    distance = np.hypot(east_m, north_m)
    off_deg = np.degrees(np.arccos(np.clip(ahead / np.maximum(distance, 1e-9), -1, 1)))
    clear = np.minimum(1.0, distance / (_CLEAR_TIMES * radius_m + _CLEAR_M))
    share: Metres = 0.5 + clear * (_logistic((_HALF_DEG - off_deg) / _SOFT_DEG) - 0.5)
    return share


def left_of(question: Question, ground: Ground, east_m: Metres, north_m: Metres) -> Metres:
    """Metres to the left of the nearest run of a line, negative to the right.

    Where two stretches are equally near, as at a bend, the one decides whose direction is farther from the way there
    (the farther side in the perpendicular sense), so that both sides of a corner are told apart.
    """
    best = np.full(east_m.size, np.inf)
    signed = np.zeros(east_m.size)
    across_best = np.zeros(east_m.size)
    for run in question.lines:
        spots = [ground.spot(one) for one in run]
        for (x0, y0), (x1, y1) in pairwise(spots):
            length = math.hypot(x1 - x0, y1 - y0)
            if length == 0:
                continue
            ux, uy = (x1 - x0) / length, (y1 - y0) / length
            along = np.clip((east_m - x0) * ux + (north_m - y0) * uy, 0, length)
            distance = np.hypot(east_m - x0 - along * ux, north_m - y0 - along * uy)
            across = ux * (north_m - y0) - uy * (east_m - x0)
            closer = (distance < best - 1e-6) | ((distance <= best + 1e-6) & (np.abs(across) > across_best))
            signed = np.where(closer, np.copysign(distance, across), signed)
            across_best = np.where(closer, np.abs(across), across_best)
            best = np.where(closer, np.minimum(distance, best), best)
    return signed


def _logistic(value: Metres) -> Metres:
    share: Metres = 1 / (1 + np.exp(-np.clip(value, -50, 50)))
    return share


def _distance_m(question: Question, cloud: Cloud) -> Metres:
    east, north = cloud.ground.spot(question.middle)
    if not question.lines:
        distance: Metres = np.hypot(cloud.east_m - east, cloud.north_m - north)
        return distance
    return np.abs(left_of(question, cloud.ground, cloud.east_m, cloud.north_m))


def _in_kecamatan(question: Question, cloud: Cloud) -> NDArray[np.bool_]:
    """Tell which spots lie in the kecamatan that is asked for, or that the village belongs to."""
    kode = (question.kode or "")[:8]
    row = next((row for row in cloud.felt_zones if cloud.zones[row].kode == kode), _NOWHERE)
    inside: NDArray[np.bool_] = cloud.felt_rows == row
    return inside


def _nearest_own(question: Question, cloud: Cloud) -> NDArray[np.bool_]:
    """Tell which spots are nearer to the middle of the village than to that of any other of its kecamatan."""
    own = _squares(question.middle, cloud)
    nearest = np.ones(own.size, np.bool_)
    for rival in question.rivals:
        nearest &= own <= _squares(rival, cloud)
    return nearest


def _squares(position: Position, cloud: Cloud) -> Metres:
    east, north = cloud.ground.spot(position)
    squares: Metres = (cloud.felt_east_m - east) ** 2 + (cloud.felt_north_m - north) ** 2
    return squares
