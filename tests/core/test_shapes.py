"""Shapes: what cannot be meant is refused by the name of its field, and rings are put in order."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Circle, Ellipse, Point, Polygon

HERE = Position(lat_deg=-8.0983, lon_deg=112.1681)


def at(lat_deg: float, lon_deg: float) -> Position:
    return Position(lat_deg=lat_deg, lon_deg=lon_deg)


SQUARE = (at(-8, 112), at(-8, 113), at(-7, 113), at(-7, 112))


def circle(**said: object) -> Circle:
    return Circle(middle=HERE, **{"radius_m": 14.0, **said})


def ellipse(**said: object) -> Ellipse:
    return Ellipse(middle=HERE, **{"semi_major_m": 30.0, "semi_minor_m": 10.0, "orientation_deg": 0.0, **said})


def band(**said: object) -> ArcBand:
    return ArcBand(apex=HERE, **{"inner_m": 10.0, "outer_m": 20.0, "start_deg": 0.0, "opening_deg": 90.0, **said})


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, 20_000_001])
@pytest.mark.parametrize(
    ("make", "field"),
    [(circle, "radius_m"), (ellipse, "semi_major_m"), (ellipse, "semi_minor_m"), (band, "outer_m")],
)
def test_lengths_that_cannot_be_meant(make: object, field: str, value: float) -> None:
    with pytest.raises(BadShape) as error:
        make(**{field: value})
    assert error.value.field in (field, "semi_minor_m")


@pytest.mark.parametrize(
    ("make", "said", "field"),
    [
        (circle, {"confidence_share": 0}, "confidence_share"),
        (circle, {"confidence_share": 1.01}, "confidence_share"),
        (circle, {"confidence_share": math.nan}, "confidence_share"),
        (ellipse, {"semi_minor_m": 31}, "semi_minor_m"),
        (ellipse, {"orientation_deg": 361}, "orientation_deg"),
        (ellipse, {"orientation_deg": math.nan}, "orientation_deg"),
        (ellipse, {"confidence_share": 0}, "confidence_share"),
        (band, {"inner_m": -1}, "inner_m"),
        (band, {"inner_m": math.inf}, "inner_m"),
        (band, {"inner_m": 20}, "outer_m"),
        (band, {"start_deg": -361}, "start_deg"),
        (band, {"opening_deg": 0}, "opening_deg"),
        (band, {"opening_deg": 361}, "opening_deg"),
        (band, {"opening_deg": math.nan}, "opening_deg"),
        (band, {"confidence_share": 2}, "confidence_share"),
    ],
)
def test_measures_that_cannot_be_meant(make: object, said: dict[str, float], field: str) -> None:
    with pytest.raises(BadShape) as error:
        make(**said)
    assert error.value.field == field


def test_edges_that_can_be_meant() -> None:
    assert circle(confidence_share=1).confidence_share == 1
    assert ellipse(semi_minor_m=30).semi_minor_m == 30
    assert band(inner_m=0, opening_deg=360, start_deg=-360).opening_deg == 360


def test_confidence_is_95_percent_unless_said() -> None:
    assert {circle().confidence_share, ellipse().confidence_share, band().confidence_share} == {0.95}
    assert Polygon(ring=SQUARE).confidence_share == 0.95


def test_middle_of_a_band() -> None:
    """RFC 7459, 5.1.1: on the middle of the opening, at the distance of the centre of mass."""
    half = band(inner_m=0.0, outer_m=300.0, start_deg=-90.0, opening_deg=180.0)
    assert half.distance_to_middle_m == pytest.approx(4 * 300 / (3 * math.pi))
    assert half.middle.distance_m(HERE) == pytest.approx(half.distance_to_middle_m, abs=1e-6)
    assert half.middle.lat_deg > HERE.lat_deg
    assert half.middle.lon_deg == pytest.approx(HERE.lon_deg, abs=1e-9)
    assert band(opening_deg=360).middle == HERE


@given(st.floats(0, 900), st.floats(1, 1_000), st.floats(0.1, 359.9))
def test_middle_of_a_band_is_never_farther_than_its_outer_edge(
    inner_m: float, thick_m: float, opening_deg: float
) -> None:
    one = band(inner_m=inner_m, outer_m=inner_m + thick_m, opening_deg=opening_deg)
    assert 0 <= one.distance_to_middle_m <= one.outer_m


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1], (*SQUARE, SQUARE[0]), (SQUARE[0], *SQUARE)])
def test_polygon_is_kept_counter_clockwise_and_open(ring: tuple[Position, ...]) -> None:
    kept = Polygon(ring=ring).ring
    start = kept.index(SQUARE[0])
    assert kept[start:] + kept[:start] == SQUARE


def test_holes_are_kept_clockwise() -> None:
    hole = (at(-7.6, 112.4), at(-7.6, 112.6), at(-7.4, 112.6))
    kept = Polygon(ring=SQUARE, holes=(hole,)).holes[0]
    assert kept == hole[::-1]


@pytest.mark.parametrize(
    "ring",
    [
        (),
        SQUARE[:2],
        (SQUARE[0], SQUARE[0], SQUARE[1], SQUARE[1]),
        (at(-8, 112), at(-8, 113), at(-8, 114)),
        (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]),
    ],
)
def test_rings_that_enclose_nothing_or_cross_themselves(ring: tuple[Position, ...]) -> None:
    with pytest.raises(BadShape) as error:
        Polygon(ring=ring)
    assert error.value.field == "ring"


def test_hole_outside_is_refused() -> None:
    with pytest.raises(BadShape):
        Polygon(ring=SQUARE, holes=((at(-1, 112), at(-1, 113), at(-0.5, 113)),))


def test_point_states_nothing() -> None:
    assert Point(middle=HERE) == Point(middle=HERE)
    assert not hasattr(Point(middle=HERE), "confidence_share")
