"""The area of one cell, and what its neighbours cut away."""

import pytest
from cells_told import SENTUL, crowd, gsm, lte, sector
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.extent import size_m2
from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells import areas, together
from geo112.locate.cells.areas import area_of_cell
from geo112.locate.cells.cell import Cell, Origin
from geo112.locate.cells.identity import Radio
from geo112.locate.cells.timing import ring


def test_a_crowds_cell_is_a_circle_of_its_range() -> None:
    area, warnings = area_of_cell(crowd(lte(), range_m=1_500.0, samples=200))
    assert (area, warnings) == (Circle(middle=SENTUL, radius_m=1_500.0), ())


def test_it_is_never_finer_than_a_kilometre_and_never_wider_than_radio() -> None:
    assert area_of_cell(crowd(lte(), range_m=30.0))[0] == Circle(middle=SENTUL, radius_m=1_000.0)
    for identity, widest_m in ((lte(), 50_000.0), (gsm(), 35_000.0)):
        area, warnings = area_of_cell(crowd(identity, range_m=90_000.0))
        assert (area, warnings) == (Circle(middle=SENTUL, radius_m=widest_m), (areas.RANGE_TOO_WIDE,))


def test_a_range_that_nobody_knows_is_said_to_be_a_guess() -> None:
    area, warnings = area_of_cell(crowd(lte(), range_m=None))
    assert (area, warnings) == (Circle(middle=SENTUL, radius_m=10_000.0), (areas.RANGE_UNKNOWN,))


@pytest.mark.parametrize(("samples", "radius_m"), [(1, 6_324.6), (5, 6_324.6), (10, 3_213.7), (95, 2_000.0)])
def test_few_observations_make_the_circle_wider(samples: int, radius_m: float) -> None:
    area, _ = area_of_cell(crowd(lte(), range_m=2_000.0, samples=samples))
    assert isinstance(area, Circle)
    assert area.radius_m == pytest.approx(radius_m, rel=0.001)
    assert area_of_cell(crowd(lte(), range_m=10.0, samples=5))[0] == Circle(middle=SENTUL, radius_m=3_000.0)


def test_no_timing_makes_a_ring_around_the_middle_of_observations() -> None:
    cell = crowd(lte(), range_m=2_000.0)
    near, warnings = area_of_cell(cell, ring(Radio.LTE, 10))
    assert (near, warnings) == (Circle(middle=SENTUL, radius_m=2_000.0), (areas.NO_RING,))
    far, warnings = area_of_cell(cell, ring(Radio.LTE, 100))
    assert isinstance(far, Circle)
    assert far.radius_m == pytest.approx(2_000 + 100.5 * 78.071 + 58.6, abs=1)
    assert warnings == (areas.BEYOND_THE_CELL,)


def test_a_sector_is_its_beam_and_a_margin() -> None:
    assert area_of_cell(sector(lte(), azimuth_deg=10.0, beam_deg=65.0))[0] == ArcBand(
        apex=SENTUL, inner_m=0.0, outer_m=2_000.0, start_deg=307.5, opening_deg=125.0
    )


@pytest.mark.parametrize(("azimuth_deg", "beam_deg"), [(None, None), (10.0, 360.0), (10.0, 310.0), (None, 65.0)])
def test_an_antenna_without_a_direction_is_a_circle(azimuth_deg: float | None, beam_deg: float | None) -> None:
    area, _ = area_of_cell(sector(lte(), azimuth_deg=azimuth_deg, beam_deg=beam_deg))
    assert area == Circle(middle=SENTUL, radius_m=2_000.0)


def test_timing_makes_a_band_around_a_mast() -> None:
    band, warnings = area_of_cell(sector(lte(), azimuth_deg=90.0), ring(Radio.LTE, 40))
    assert isinstance(band, ArcBand)
    assert (band.start_deg, band.opening_deg, warnings) == (27.5, 125.0, ())
    assert band.inner_m < 39.5 * 78.071 < 40.5 * 78.071 < band.outer_m
    exact = Cell(identity=lte(), place=SENTUL, origin=Origin.EXACT, range_m=2_000.0)
    whole, _ = area_of_cell(exact, ring(Radio.LTE, 40))
    assert isinstance(whole, ArcBand)
    assert (whole.opening_deg, whole.inner_m, whole.outer_m) == (360.0, band.inner_m, band.outer_m)


def test_close_to_a_mast_its_direction_says_nothing() -> None:
    area, _ = area_of_cell(sector(lte(), azimuth_deg=90.0), ring(Radio.LTE, 1))
    assert isinstance(area, Circle)
    assert area.middle == SENTUL


def test_a_neighbour_cuts_away_what_is_out_of_its_reach() -> None:
    serving = Circle(middle=SENTUL, radius_m=20_000.0)
    to_the_east = crowd(lte(7), at=SENTUL.moved(bearing_deg=90, distance_m=19_000), range_m=2_000.0)
    area, warnings = together.cut(serving, [to_the_east])
    assert isinstance(area, Circle)
    assert warnings == ()
    assert area.radius_m < 8_000
    assert area.middle.distance_m(to_the_east.place) < 4_000


def test_a_neighbour_at_the_same_place_cuts_nothing_away() -> None:
    serving = ArcBand(apex=SENTUL, inner_m=900.0, outer_m=1_400.0, start_deg=0, opening_deg=125)
    assert together.cut(serving, [sector(lte(7))]) == (serving, ())
    assert together.cut(serving, []) == (serving, ())


def test_cells_that_contradict_each_other_leave_the_serving_one_and_say_so() -> None:
    serving = Circle(middle=SENTUL, radius_m=2_000.0)
    far = crowd(lte(7), at=SENTUL.moved(bearing_deg=0, distance_m=60_000), range_m=2_000.0)
    assert together.cut(serving, [far]) == (serving, (together.CONTRADICT,))


@given(
    reach_m=st.floats(1_000, 30_000),
    others=st.lists(st.tuples(st.floats(0, 360), st.floats(0, 40_000), st.floats(100, 20_000)), max_size=5),
    place=st.tuples(st.floats(0, 360), st.floats(0, 1)),
)
def test_whoever_hears_all_stays_inside(
    reach_m: float, others: list[tuple[float, float, float]], place: tuple[float, float]
) -> None:
    serving = Circle(middle=SENTUL, radius_m=reach_m)
    neighbours = [
        crowd(lte(n), at=SENTUL.moved(bearing_deg=bearing, distance_m=far_m), range_m=range_m)
        for n, (bearing, far_m, range_m) in enumerate(others)
    ]
    caller = SENTUL.moved(bearing_deg=place[0], distance_m=place[1] * reach_m * 0.999)
    area, _ = together.cut(serving, neighbours)
    assert isinstance(area, Circle)
    before, after = size_m2(serving), size_m2(area)
    assert before is not None
    assert after is not None
    assert after <= before
    if all(one.place.distance_m(caller) <= together.hearing_m(one) for one in neighbours):
        assert area.middle.distance_m(caller) <= area.radius_m * 1.002
