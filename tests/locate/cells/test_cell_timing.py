"""Timing advance: steps, plain rings, what is no distance, and the ring that is wide enough for a town."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.errors import BadMessage
from geo112.locate.cells.identity import Radio
from geo112.locate.cells.timing import MOST_STEPS, Ring, ring, ring_of_rtt, step_m, steps_of_total, widened


@pytest.mark.parametrize(
    ("radio", "mu", "metres"),
    [
        (Radio.GSM, None, 553.463),
        (Radio.UMTS, None, 78.071),
        (Radio.LTE, None, 78.071),
        *((Radio.NR, mu, 78.071 / 2**mu) for mu in range(5)),
    ],
)
def test_metres_of_a_step(radio: Radio, mu: int | None, metres: float) -> None:
    assert step_m(radio, mu=mu) == pytest.approx(metres, abs=0.001)


def test_the_example_of_rfc_5491() -> None:
    plain = ring(Radio.GSM, 7)
    assert (plain.inner_m, plain.outer_m) == (pytest.approx(3597.51, abs=0.01), pytest.approx(4150.97, abs=0.01))
    assert (plain.inner_m, plain.outer_m) == (pytest.approx(3594, abs=5), pytest.approx(4148, abs=5))


def test_the_first_ring_is_a_disc() -> None:
    assert ring(Radio.LTE, 0) == Ring(inner_m=0.0, outer_m=pytest.approx(39.035, abs=0.001))


@pytest.mark.parametrize("radio", list(Radio))
def test_each_radio_has_its_limit(radio: Radio) -> None:
    assert ring(radio, MOST_STEPS[radio], mu=0).outer_m > 0
    for steps in (-1, MOST_STEPS[radio] + 1, 2147483647):
        with pytest.raises(BadMessage) as caught:
            ring(radio, steps, mu=0)
        assert caught.value.field == "timing_advance"


def test_a_relative_command_is_no_distance() -> None:
    with pytest.raises(BadMessage, match="relative"):
        ring(Radio.LTE, 31, relative=True)


@pytest.mark.parametrize("mu", [None, -1, 5])
def test_nr_needs_its_numerology(mu: int | None) -> None:
    with pytest.raises(BadMessage) as caught:
        ring(Radio.NR, 3, mu=mu)
    assert caught.value.field == "mu"


def test_the_offset_of_nr_is_no_distance() -> None:
    assert steps_of_total(25_600 + 7 * 16 * 64, mu=0, offset_tc=25_600) == 7
    assert steps_of_total(25_600 + 7 * 16 * 64, mu=2, offset_tc=25_600) == 28
    assert steps_of_total(7 * 16 * 64, mu=0, offset_tc=0) == 7
    for total, mu, offset in ((100, 0, 25_600), (30_000, 0, 100), (30_000, 5, 0)):
        with pytest.raises(BadMessage):
            steps_of_total(total, mu=mu, offset_tc=offset)


def test_a_round_trip_of_umts_is_halved_after_the_delay_of_the_telephone() -> None:
    plain = ring_of_rtt(1024 + 20)
    assert (plain.inner_m + plain.outer_m) / 2 == pytest.approx(10 * 78.071, abs=0.01)
    assert plain.outer_m - plain.inner_m == pytest.approx(39.035, abs=0.01)
    for chips in (1000.0, math.nan, math.inf, 5000.0):
        with pytest.raises(BadMessage):
            ring_of_rtt(chips)


@given(st.sampled_from(list(Radio)), st.integers(0, 219), st.integers(0, 4))
def test_widening_only_widens(radio: Radio, steps: int, mu: int) -> None:
    plain = ring(radio, steps, mu=mu)
    wide = widened(plain)
    assert 0 <= wide.inner_m <= plain.inner_m
    assert wide.outer_m > plain.outer_m
    assert plain.inner_m - wide.inner_m <= plain.inner_m
    if wide.inner_m > 0:
        assert plain.inner_m - wide.inner_m > wide.outer_m - plain.outer_m, (
            "detours lengthen a path, they never shorten it"
        )
