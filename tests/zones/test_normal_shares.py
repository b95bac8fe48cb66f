"""What the normal distribution gives each centre, held against integrals that are worked out another way."""

import math
from collections.abc import Callable
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import box
from zone_maps import DrawMap

from geo112.core.crs import to_plane
from geo112.core.errors import BadInput
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Circle, Ellipse, Point, Polygon
from geo112.zones.decision import Decision, DecisionRule
from geo112.zones.index import ZoneIndex

STANDARD = NormalDist()
KOTA, KOTA_2, KABUPATEN = "35.72.01", "35.72.02", "35.05.01"
WEST, EAST = box(112.10, -8.12, 112.15, -8.05), box(112.15, -8.12, 112.20, -8.05)
AROUND = shapely.Polygon(box(112.0, -8.3, 112.4, -7.9).exterior, [box(112.10, -8.12, 112.20, -8.05).exterior])
SHAPES = {KOTA: WEST, KOTA_2: EAST, KABUPATEN: AROUND}
# In the kota, on its borders, at the coast and in the sea.
PLACES = st.builds(
    lambda lon, lat: Position(lon_deg=lon, lat_deg=lat), st.floats(111.97, 112.43), st.floats(-8.33, -7.87)
)
REACHES_M = st.floats(0.5, 4).map(lambda power: 10**power)
CONFIDENCES = st.floats(0.3, 0.99)
# Five places of Gauss and Legendre on an interval.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(5)

below = np.vectorize(lambda value: 0.5 * math.erfc(-value / math.sqrt(2)), otypes=[float])

Flat = list[NDArray[np.float64]]


def at(lon: float, lat: float) -> Position:
    return Position(lon_deg=lon, lat_deg=lat)


@pytest.fixture(scope="module")
def neighbours(draw_map: DrawMap) -> ZoneIndex:
    """Two kecamatan of a kota, side by side in a hole of a kabupaten, and the sea around it."""
    return draw_map(SHAPES)


def flat(shape: shapely.Polygon, middle: Position) -> Flat:
    """The rings in metres east and north of a place; what lies to the left of them is the shape."""
    plane = to_plane(middle)
    fine = shapely.orient_polygons(shapely.segmentize(shape, 0.002))
    rings = [fine.exterior, *fine.interiors]
    return [np.column_stack(plane.transform(*np.array(ring.coords).T)) for ring in rings]


def by_rows(rings: Flat, turn_deg: float, east_m: float, north_m: float) -> float:
    """Probability of a shape row by row: between two corners the ends of each row lie on straight lines.

    The first axis lies `turn_deg` from north clockwise; `north_m` is the deviation along it, `east_m` that across it.
    """
    turn = math.radians(turn_deg)
    turned = [
        np.column_stack(
            [
                (ring[:, 0] * math.cos(turn) - ring[:, 1] * math.sin(turn)) / east_m,
                (ring[:, 0] * math.sin(turn) + ring[:, 1] * math.cos(turn)) / north_m,
            ]
        )
        for ring in rings
    ]
    edges = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in turned])
    heights = np.unique(np.concatenate([np.clip(ring[:, 1], -7, 7) for ring in turned] + [np.linspace(-7, 7, 57)]))
    total = 0.0
    for low, high in pairwise(heights.tolist()):
        middle, half = (low + high) / 2, (high - low) / 2
        crossing = edges[
            (np.minimum(edges[:, 1], edges[:, 3]) < middle) & (np.maximum(edges[:, 1], edges[:, 3]) > middle)
        ]
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            y = middle + half * node
            t = (y - crossing[:, 1]) / (crossing[:, 3] - crossing[:, 1])
            x = crossing[:, 0] + t * (crossing[:, 2] - crossing[:, 0])
            up = np.where(crossing[:, 3] > crossing[:, 1], 1.0, -1.0)
            total += weight * half * math.exp(-(y**2) / 2) / math.sqrt(2 * math.pi) * float((up * below(x)).sum())
    return total


def by_rays(
    rings: Flat, nearer: Callable[[NDArray[np.float64]], NDArray[np.float64]], heading: NormalDist | None
) -> float:
    """Probability of a shape ray by ray from the antenna: between two corners all rays cross the same edges."""
    edges = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])
    corners = np.arctan2(edges[:, 1], edges[:, 0])
    borders = np.unique(np.concatenate([corners, np.linspace(-np.pi, np.pi, 721)]))
    half = np.diff(borders) / 2
    angles = ((borders[:-1] + borders[1:]) / 2 + half * NODES[:, None]).ravel()
    weights = (half * WEIGHTS[:, None]).ravel()
    ux, uy = np.cos(angles)[:, None], np.sin(angles)[:, None]
    a, b = edges[:, 0] * uy - edges[:, 1] * ux, edges[:, 2] * uy - edges[:, 3] * ux
    ray, edge = np.nonzero((a > 0) != (b > 0))
    t = a[ray, edge] / (a[ray, edge] - b[ray, edge])
    x, y = (edges[edge, k] + t * (edges[edge, k + 2] - edges[edge, k]) for k in (0, 1))
    radius = x * ux[ray, 0] + y * uy[ray, 0]
    ahead = radius > 0
    ray, counter, radius = ray[ahead], np.where(a[ray, edge] > 0, 1.0, -1.0)[ahead], radius[ahead]
    density = np.full(angles.size, 1 / (2 * math.pi))
    if heading is not None:
        off = (angles[:, None] - heading.mean + 2 * math.pi * np.arange(-6, 7)) / heading.stdev
        density = np.exp(-(off**2) / 2).sum(axis=1) / (heading.stdev * math.sqrt(2 * math.pi))
    return float((weights[ray] * density[ray] * counter * nearer(radius)).sum())


def shares_of(decision: Decision) -> dict[str, float]:
    return {one.kode: one.share for one in decision.shares.kecamatan}


def total(decision: Decision) -> float:
    return math.fsum(one.share for one in decision.shares.centres) + decision.shares.outside_share


@settings(max_examples=60)
@given(
    middle=PLACES, major_m=REACHES_M, part=st.floats(0.1, 1), turn_deg=st.floats(-360, 360), confidence=CONFIDENCES,
    accuracy_m=st.floats(0, 200),
)  # fmt: skip
def test_an_ellipse_is_a_normal_distribution_that_the_borders_error_widens(
    neighbours: ZoneIndex, *, middle: Position, major_m: float, part: float, turn_deg: float, confidence: float,
    accuracy_m: float,
) -> None:  # fmt: skip
    area = Ellipse(
        middle=middle, semi_major_m=major_m, semi_minor_m=major_m * part, orientation_deg=turn_deg,
        confidence_share=confidence,
    )  # fmt: skip
    within = math.sqrt(-2 * math.log(1 - confidence))
    along_m, across_m = math.hypot(major_m / within, accuracy_m), math.hypot(major_m * part / within, accuracy_m)
    decision = neighbours.decide(area, accuracy_m=accuracy_m)
    got = shares_of(decision)
    for kode, shape in SHAPES.items():
        assert got.get(kode, 0.0) == pytest.approx(by_rows(flat(shape, middle), turn_deg, across_m, along_m), abs=1e-5)
    assert total(decision) == pytest.approx(1, abs=1e-9)


@settings(max_examples=60)
@given(middle=PLACES, radius_m=REACHES_M, confidence=CONFIDENCES)
def test_a_circle_is_an_ellipse_of_equal_axes(
    neighbours: ZoneIndex, *, middle: Position, radius_m: float, confidence: float
) -> None:
    circle = Circle(middle=middle, radius_m=radius_m, confidence_share=confidence)
    ellipse = Ellipse(
        middle=middle, semi_major_m=radius_m, semi_minor_m=radius_m, orientation_deg=33, confidence_share=confidence
    )
    got, want = shares_of(neighbours.decide(circle)), shares_of(neighbours.decide(ellipse))
    assert {kode: got.get(kode, 0.0) for kode in SHAPES} == pytest.approx(
        {kode: want.get(kode, 0.0) for kode in SHAPES}, abs=3e-6
    )


@settings(max_examples=40)
@given(
    apex=PLACES, outer_m=st.floats(100, 8_000), part=st.floats(0, 0.95), start_deg=st.floats(-360, 360),
    opening_deg=st.one_of(st.just(360.0), st.floats(5, 300)), confidence=CONFIDENCES, accuracy_m=st.floats(0, 100),
)  # fmt: skip
def test_a_band_errs_in_distance_and_in_direction(
    neighbours: ZoneIndex, *, apex: Position, outer_m: float, part: float, start_deg: float, opening_deg: float,
    confidence: float, accuracy_m: float,
) -> None:  # fmt: skip
    area = ArcBand(
        apex=apex, inner_m=outer_m * part, outer_m=outer_m, start_deg=start_deg, opening_deg=opening_deg,
        confidence_share=confidence,
    )  # fmt: skip
    whole = opening_deg == 360
    within = STANDARD.inv_cdf((1 + (confidence if whole else math.sqrt(confidence))) / 2)
    mean_m = outer_m * (1 + part) / 2
    deviation_m = math.hypot(outer_m * (1 - part) / 2 / within, accuracy_m)
    none = STANDARD.cdf(-mean_m / deviation_m)
    heading = None
    if not whole:
        middle = math.radians(90 - start_deg - opening_deg / 2) % (2 * math.pi)
        heading = NormalDist(middle, math.hypot(math.radians(opening_deg) / 2 / within, accuracy_m / mean_m))
        # Wider than this geo112 takes every direction as equally likely.
        if heading.stdev >= 4:
            heading = None

    def nearer(radius_m: NDArray[np.float64]) -> NDArray[np.float64]:
        return (below((radius_m - mean_m) / deviation_m) - none) / (1 - none)

    decision = neighbours.decide(area, accuracy_m=accuracy_m)
    got = shares_of(decision)
    for kode, shape in SHAPES.items():
        assert got.get(kode, 0.0) == pytest.approx(by_rays(flat(shape, apex), nearer, heading), abs=1e-5)
    assert total(decision) == pytest.approx(1, abs=1e-9)


def test_a_dot_near_a_line_that_is_known_to_30_m_is_not_certain(neighbours: ZoneIndex) -> None:
    border = at(112.15, -8.10)
    dot = Circle(middle=border.moved(bearing_deg=270, distance_m=10), radius_m=3)
    decision = neighbours.decide(dot, accuracy_m=30)
    sigma_m = math.hypot(3 / math.sqrt(-2 * math.log(0.05)), 30)
    assert shares_of(decision)[KOTA] == pytest.approx(STANDARD.cdf(10 / sigma_m), abs=1e-5)
    assert shares_of(neighbours.decide(dot, accuracy_m=0))[KOTA] == pytest.approx(1, abs=1e-6)


def test_a_place_of_unknown_radius_is_as_uncertain_as_the_line_and_says_so(neighbours: ZoneIndex) -> None:
    place = at(112.15, -8.10).moved(bearing_deg=90, distance_m=15)
    decision = neighbours.decide(Point(middle=place), accuracy_m=30)
    assert shares_of(decision)[KOTA_2] == pytest.approx(STANDARD.cdf(0.5), abs=1e-5)
    assert decision.shares.warnings == ("radius unknown",)


@pytest.mark.parametrize("lat", [-8.10, -8.12])
def test_a_place_on_a_border_and_on_a_corner_is_shared(neighbours: ZoneIndex, lat: float) -> None:
    """Three kecamatan meet at the corner; two halves and two quarters about it."""
    got = shares_of(neighbours.decide(Circle(middle=at(112.15, lat), radius_m=400)))
    want = {KOTA: 0.5, KOTA_2: 0.5} if lat == -8.10 else {KOTA: 0.25, KOTA_2: 0.25, KABUPATEN: 0.5}
    assert got == pytest.approx(want, abs=1e-4)


@settings(max_examples=40)
@given(middle=PLACES, radius_m=REACHES_M, accuracy_m=st.floats(1, 300))
def test_a_certain_circle_has_the_caller_evenly_in_it_and_a_soft_edge(
    neighbours: ZoneIndex, *, middle: Position, radius_m: float, accuracy_m: float
) -> None:
    """As a polygon of the same outline has that claims certainty, too."""
    circle = Circle(middle=middle, radius_m=radius_m, confidence_share=1)
    corners = tuple(middle.moved(bearing_deg=-turn, distance_m=radius_m) for turn in range(0, 360, 2))
    polygon = Polygon(ring=corners, confidence_share=1)
    got, want = (shares_of(neighbours.decide(area, accuracy_m=accuracy_m)) for area in (circle, polygon))
    assert {kode: got.get(kode, 0.0) for kode in SHAPES} == pytest.approx(
        {kode: want.get(kode, 0.0) for kode in SHAPES}, abs=2e-3
    )


@settings(max_examples=40)
@given(off_m=st.floats(-400, 400), confidence=st.floats(0.5, 1), accuracy_m=st.floats(0, 60))
def test_a_square_beside_a_straight_border_is_shared_as_its_soft_edge_says(
    neighbours: ZoneIndex, off_m: float, confidence: float, accuracy_m: float
) -> None:
    """Across the border the square is even, displaced by a normal error: known in closed form."""
    side_m = 300.0
    middle = at(112.15, -8.10).moved(bearing_deg=90, distance_m=off_m)
    corners = [middle.moved(bearing_deg=b, distance_m=side_m / math.sqrt(2)) for b in (45, 315, 225, 135)]
    square = Polygon(ring=tuple(corners), confidence_share=confidence)
    softness_m = math.sqrt(2 * math.pi) * (1 - confidence) * side_m / 4
    sigma_m = max(math.hypot(softness_m, accuracy_m), 0.05)

    def mean_below(x: float) -> float:
        """Integral of the normal distribution function."""
        return x * STANDARD.cdf(x) + STANDARD.pdf(x)

    ends = [(edge - off_m) / sigma_m for edge in (side_m / 2, -side_m / 2)]
    # The part of the square that lies west of the border: the mean of Phi over its width.
    west = (mean_below(ends[0]) - mean_below(ends[1])) * sigma_m / side_m
    got = shares_of(neighbours.decide(square, accuracy_m=accuracy_m))
    assert got.get(KOTA, 0.0) == pytest.approx(west, abs=5e-3)


@pytest.mark.parametrize("corners", [4, 1_500])
@pytest.mark.parametrize(
    ("side_m", "confidence"), [(20_000.0, 0.8), (20_000.0, 0.95), (150_000.0, 0.68), (300.0, 0.68)]
)
@pytest.mark.parametrize("off", [-0.3, 0.05, 0.6])
def test_an_area_as_wide_as_a_region_or_of_many_corners_is_shared_alike(
    draw_map: DrawMap, *, off: float, side_m: float, confidence: float, corners: int
) -> None:
    """Whoever sends it, it costs some milliseconds: places are drawn where adding up exactly would take seconds."""
    halves = draw_map({KOTA: box(108.0, -11.0, 112.15, -5.0), KABUPATEN: box(112.15, -11.0, 117.0, -5.0)})
    middle = at(112.15, -8.10).moved(bearing_deg=90, distance_m=off * side_m)
    rim = [middle.moved(bearing_deg=b, distance_m=side_m / math.sqrt(2)) for b in (45, 315, 225, 135)]
    steps = np.linspace(0, 1, corners // 4, endpoint=False).tolist()
    ring = [
        at(a.lon_deg + step * (b.lon_deg - a.lon_deg), a.lat_deg + step * (b.lat_deg - a.lat_deg))
        for a, b in zip(rim, rim[1:] + rim[:1], strict=True)
        for step in steps
    ]
    softness_m = math.sqrt(2 * math.pi) * (1 - confidence) * side_m / 4

    def mean_below(x: float) -> float:
        return x * STANDARD.cdf(x) + STANDARD.pdf(x)

    ends = [(edge - off * side_m) / softness_m for edge in (side_m / 2, -side_m / 2)]
    west = (mean_below(ends[0]) - mean_below(ends[1])) * softness_m / side_m
    got = shares_of(halves.decide(Polygon(ring=tuple(ring), confidence_share=confidence), accuracy_m=0))
    assert got.get(KOTA, 0.0) == pytest.approx(west, abs=5e-3)
    assert math.fsum(got.values()) == pytest.approx(1, abs=1e-3)


@settings(max_examples=30)
@given(middle=PLACES, radius_m=REACHES_M, cut=st.floats(-8.29, -7.91))
def test_a_kecamatan_that_is_split_leaves_its_probability_to_its_parts(
    draw_map: DrawMap, neighbours: ZoneIndex, *, middle: Position, radius_m: float, cut: float
) -> None:
    halves = [AROUND.intersection(box(112.0, south, 112.4, north)) for south, north in ((-8.3, cut), (cut, -7.9))]
    split = draw_map({KOTA: WEST, KOTA_2: EAST, "35.05.01": halves[0], "35.05.02": halves[1]})
    area = Circle(middle=middle, radius_m=radius_m)
    whole, parts = shares_of(neighbours.decide(area)), shares_of(split.decide(area))
    assert parts.get("35.05.01", 0.0) + parts.get("35.05.02", 0.0) == pytest.approx(whole.get(KABUPATEN, 0.0), abs=1e-5)


@given(lon=st.floats(112.11, 112.19), lat=st.floats(-8.11, -8.06), radii_m=st.tuples(REACHES_M, REACHES_M))
def test_who_stands_in_a_convex_kota_is_less_surely_there_the_wider_the_circle(
    neighbours: ZoneIndex, lon: float, lat: float, radii_m: tuple[float, float]
) -> None:
    small, large = (
        math.fsum(shares_of(neighbours.decide(Circle(middle=at(lon, lat), radius_m=radius_m))).get(kode, 0.0)
                  for kode in (KOTA, KOTA_2))
        for radius_m in sorted(radii_m)
    )  # fmt: skip
    assert small >= large - 1e-6


def test_two_sources_of_a_border_count_as_the_better_one(draw_map: DrawMap) -> None:
    index = draw_map(SHAPES, accuracies_m={KOTA: 5.0, KOTA_2: 5.0, KABUPATEN: 60.0})
    border = at(112.10, -8.10)
    assert index.decide(Circle(middle=border, radius_m=100)).accuracy_m == 5
    # The coast of the kabupaten is drawn by its own source alone.
    assert index.decide(Circle(middle=at(112.0, -8.10), radius_m=100)).accuracy_m == 60


def test_the_rule_names_who_acts_and_who_is_told(neighbours: ZoneIndex) -> None:
    border = at(112.10, -8.10)
    sigma_m = 100 / math.sqrt(-2 * math.log(0.05))
    for deviations, sure, told in ((1.5, True, []), (1.25, False, ["35.05"]), (1.35, True, [])):
        circle = Circle(middle=border.moved(bearing_deg=90, distance_m=deviations * sigma_m), radius_m=100)
        decision = neighbours.decide(circle, accuracy_m=0)
        assert decision.primary is not None
        assert decision.primary.kode == "35.72"
        assert decision.sure == (decision.primary.share >= 0.9) == sure
        assert [one.kode for one in decision.tell] == told
    strict = neighbours.decide(circle, accuracy_m=0, rule=DecisionRule(sure_share=0.99, tell_share=0.05))
    assert (strict.sure, [one.kode for one in strict.tell]) == (False, ["35.05"])


def test_far_at_sea_nobody_is_primary(neighbours: ZoneIndex) -> None:
    decision = neighbours.decide(Circle(middle=at(112.2, -9.5), radius_m=500))
    assert (decision.primary, decision.sure, decision.tell) == (None, False, ())
    assert decision.shares.outside_share == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sure_share": 0.0}, "sure_share"),
        ({"tell_share": 1.5}, "tell_share"),
        ({"sure_share": 0.3, "tell_share": 0.4}, "tell_share"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(said: dict[str, float], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        DecisionRule(**said)
    assert refused.value.field == field
