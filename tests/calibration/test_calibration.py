"""What is stated is what holds: areas of 68 % and 95 % contain the simulated truth that often, and no less."""

import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from drawn_truth import Place, Told, bands, circles, ellipses, rings, several

from geo112.core.confidence import at_confidence
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse
from geo112.locate.choose import Candidate, choose
from geo112.locate.fix import Located
from geo112.locate.read import read_message

COUNT = 3_000
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
# As the promise says: 68 +- 2 % and 95 +- 1 %.
TOLERANCE = {0.68: 0.02, 0.95: 0.01}


def contains(area: Area, truth: Place) -> bool:
    """Tell whether a place is in an area, by this file's own plane."""
    match area:
        case Circle(middle=middle):
            north_m, east_m = _place(middle.lat_deg, middle.lon_deg).from_here(truth)
            return math.hypot(north_m, east_m) <= area.radius_m
        case Ellipse(middle=middle):
            north_m, east_m = _place(middle.lat_deg, middle.lon_deg).from_here(truth)
            turn = math.radians(area.orientation_deg)
            along = north_m * math.cos(turn) + east_m * math.sin(turn)
            across = east_m * math.cos(turn) - north_m * math.sin(turn)
            return math.hypot(along / area.semi_major_m, across / area.semi_minor_m) <= 1
        case ArcBand(apex=apex):
            north_m, east_m = _place(apex.lat_deg, apex.lon_deg).from_here(truth)
            bearing_deg = math.degrees(math.atan2(east_m, north_m))
            ahead_deg = (bearing_deg - area.start_deg) % 360
            inside = area.inner_m <= math.hypot(north_m, east_m) <= area.outer_m
            return inside and ahead_deg <= area.opening_deg
        case _:
            raise AssertionError(area)


def _place(lat_deg: float, lon_deg: float) -> Place:
    return Place(lat_deg=lat_deg, lon_deg=lon_deg)


def area_of(told: Told) -> Area:
    """The area that geo112 acts on, from the messages alone."""
    candidates = []
    for n, message in enumerate(told.messages, start=1):
        reading = read_message(message)
        assert isinstance(reading, Located), (message, reading)
        candidates.append(Candidate(n=n, fix=reading.fix, known_at=NOW))
    choice = choose(candidates)
    assert choice is not None
    return next(one.fix.area for one in candidates if one.n == choice.n)


CASES: dict[str, Callable[[int, float, random.Random], Iterator[Told]]] = {
    "circle": circles,
    "ellipse": ellipses,
    "ring": rings,
    "band": bands,
    "fused": several,
}


@pytest.mark.parametrize("stated_share", [0.68, 0.95])
@pytest.mark.parametrize("case", CASES)
def test_an_area_holds_the_truth_as_often_as_it_says(case: str, stated_share: float) -> None:
    """Both the area as stated and the one at 95 % that jurisdiction is worked out from."""
    dice = random.Random(f"{case} {stated_share}")  # noqa: S311 - a repeatable simulation, no secret
    asked = dict.fromkeys((stated_share, 0.95), 0)
    for told in CASES[case](COUNT, stated_share, dice):
        area = area_of(told)
        for share in asked:
            asked[share] += contains(at_confidence(area, share), told.truth)
    found = {share: hits / COUNT for share, hits in asked.items()}
    assert all(abs(found[share] - share) <= TOLERANCE[share] for share in found), found
