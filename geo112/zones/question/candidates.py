"""Which questions can be asked about the places around a caller."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.geo import Position
from geo112.zones.question.ask import Direction, Question, QuestionKind
from geo112.zones.question.cloud import Cloud
from geo112.zones.question.landmark import DESA, KECAMATAN, Landmark, known_share
from geo112.zones.question.words import spoken

Metres2 = NDArray[np.float64]

# At most this many places are asked for: those that are known best.
MOST_PLACES = 24
MOST_VILLAGES = 10
MOST_RIVALS = 8
MOST_VERTICES = 32
# What of a road or river lies within so many standard deviations and so many metres of the caller is looked at.
RUN_TIMES, RUN_M = 2.0, 300.0
_THIN_M = 5.0
# A line names two sides only where it runs straight on: the ways of its runs add up to this share of their length.
_STRAIGHT_SHARE = 0.8
# Not everybody who knows a place can tell on which side of it they are.
SIDE_KNOWN = 0.85


def candidates(cloud: Cloud, landmarks: Sequence[Landmark]) -> Iterator[tuple[Question, float]]:
    """Give every question that can be asked, with the share of callers who know the answer.

    A place whose name another one near the caller bears, too, is left out: nobody would know which one is meant.
    """
    said = [spoken(one.name, one.kind, one.kode).casefold() for one in landmarks]
    counts = Counter(said)
    named = [one for one, name in zip(landmarks, said, strict=True) if counts[name] == 1]
    areas = [one for one in named if one.kind in (DESA, KECAMATAN)]
    places = [one for one in named if one.kind not in (DESA, KECAMATAN)]
    yield from _of_areas(cloud, areas, [one for one in landmarks if one.kind == DESA])
    known = [(_known(cloud, one), one) for one in places]
    known = sorted((one for one in known if one[0] > 0), key=lambda one: (-one[0], one[1].name, one[1].kind))
    for share, place in known[:MOST_PLACES]:
        yield from _of_line(cloud, place, share) if place.lines else _of_place(place, share)


def _known(cloud: Cloud, place: Landmark) -> float:
    """Share of callers who know a place, from where they are on the whole."""
    east, north = cloud.ground.spot(place.middle)
    mean_east, mean_north = cloud.mean
    distance_m = math.hypot(mean_east - east, mean_north - north) - place.radius_m
    return known_share(place.kind, distance_m=max(0.0, distance_m))


def _of_place(place: Landmark, share: float) -> Iterator[tuple[Question, float]]:
    yield _question(QuestionKind.NEAR, place), share
    for direction in Direction:
        yield _question(QuestionKind.SIDE, place, direction=direction), share * SIDE_KNOWN


def _of_areas(
    cloud: Cloud, areas: Sequence[Landmark], villages: Sequence[Landmark]
) -> Iterator[tuple[Question, float]]:
    """Ask for the villages and kecamatan in which the caller may be, and only if there are several."""
    found = {cloud.zones[row].kode for row in cloud.felt_zones}
    inside = [one for one in areas if (one.kode or "")[:8] in found]
    for one in inside:
        if one.kind == KECAMATAN and len(found) > 1:
            yield _question(QuestionKind.KECAMATAN, one), known_share(KECAMATAN, distance_m=0.0)
    by_kecamatan: dict[str, list[Landmark]] = defaultdict(list)
    for one in villages:
        by_kecamatan[(one.kode or "")[:8]].append(one)
    mean = cloud.mean
    near = sorted((one for one in inside if one.kind == DESA), key=lambda one: (_apart_m(cloud, one, mean), one.kode))
    for one in near[:MOST_VILLAGES]:
        spot = cloud.ground.spot(one.middle)
        rivals = [each for each in by_kecamatan[(one.kode or "")[:8]] if each.kode != one.kode]
        rivals.sort(key=lambda each, own=spot: (_apart_m(cloud, each, own), each.kode))  # type: ignore[misc]
        middles = tuple(each.middle for each in rivals[:MOST_RIVALS])
        yield _question(QuestionKind.DESA, one, rivals=middles), known_share(DESA, distance_m=0.0)


def _apart_m(cloud: Cloud, place: Landmark, spot: tuple[float, float]) -> float:
    east, north = cloud.ground.spot(place.middle)
    return math.hypot(east - spot[0], north - spot[1])


def _of_line(cloud: Cloud, place: Landmark, share: float) -> Iterator[tuple[Question, float]]:
    """Ask whether the caller is near a road or river, and on which side of it where it runs straight."""
    near = cloud.ground_circle(RUN_TIMES * cloud.spread_m + RUN_M)
    runs = [part for line in place.lines for part in _clipped(cloud, line, near)]
    if not runs:
        return
    main = runs[int(np.argmax([_length(run) for run in runs]))]
    way = main[-1] - main[0]
    runs = [run if float((run[-1] - run[0]) @ way) >= 0 else run[::-1] for run in runs]
    lines = tuple(_positions(cloud, run) for run in runs)
    yield _question(QuestionKind.NEAR, place, lines=lines), share
    way = np.sum([run[-1] - run[0] for run in runs], axis=0)
    if float(np.hypot(*way)) >= _STRAIGHT_SHARE * sum(_length(run) for run in runs):
        # To the left of the way from west to east lies the north.
        left_deg = math.degrees(math.atan2(-way[1], way[0])) % 360
        at = round(left_deg / 90) % 4
        direction = list(Direction)[at % 2]
        yield _question(QuestionKind.SIDE, place, direction=direction, on_left=at < 2, lines=lines), share * SIDE_KNOWN


def _clipped(cloud: Cloud, line: Sequence[Position], near: shapely.Polygon) -> list[Metres2]:
    """Keep what of a line lies near the caller, without what is smaller than the width of a road."""
    spots = [cloud.ground.spot(one) for one in line]
    inside = shapely.intersection(shapely.LineString(spots), near)
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "LineString" and part.length > 0]
    return [_thinned(part) for part in parts]


def _thinned(part: shapely.LineString) -> Metres2:
    step_m = _THIN_M
    spots = shapely.get_coordinates(shapely.simplify(part, step_m))
    while len(spots) > MOST_VERTICES:
        step_m *= 2
        spots = shapely.get_coordinates(shapely.simplify(part, step_m))
    return spots


def _length(run: Metres2) -> float:
    return float(np.hypot(*np.diff(run, axis=0).T).sum())


def _positions(cloud: Cloud, run: Metres2) -> tuple[Position, ...]:
    lon_deg, lat_deg = cloud.ground.to_degrees(run[:, 0], run[:, 1])
    pairs = zip(np.round(lon_deg, 6).tolist(), np.round(lat_deg, 6).tolist(), strict=True)
    return tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in pairs)


def _question(
    kind: QuestionKind,
    place: Landmark,
    *,
    direction: Direction | None = None,
    on_left: bool | None = None,
    lines: tuple[tuple[Position, ...], ...] = (),
    rivals: tuple[Position, ...] = (),
) -> Question:
    return Question(
        kind=kind,
        place=spoken(place.name, place.kind, place.kode),
        place_kind=place.kind,
        middle=place.middle,
        radius_m=0.0 if lines else place.radius_m,
        kode=place.kode,
        direction=direction,
        on_left=on_left,
        lines=lines,
        rivals=rivals,
    )
