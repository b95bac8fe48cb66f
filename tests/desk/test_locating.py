import logging
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import AML, CALL, IMEI, NOW, NUMBER, PERSON, OneCentre

from geo112.desk.given import GivenPosition, given_position_from_text
from geo112.desk.locating import Locator
from geo112.locate.fix import FixMethod, FixSource

DEGREES = st.floats(allow_nan=False)
MAYBE = st.none() | DEGREES
POSITIONS = st.builds(
    GivenPosition,
    lat_deg=MAYBE,
    lon_deg=MAYBE,
    radius_m=MAYBE,
    semi_major_m=MAYBE,
    semi_minor_m=MAYBE,
    orientation_deg=MAYBE,
    inner_m=MAYBE,
    outer_m=MAYBE,
    start_deg=MAYBE,
    opening_deg=MAYBE,
    ring=st.none() | st.lists(st.tuples(DEGREES, DEGREES), max_size=4).map(tuple),
    confidence_share=MAYBE,
    altitude_m=MAYBE,
    warnings=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    source=st.sampled_from(FixSource),
    method=st.sampled_from(FixMethod),
    taken_at=st.none() | st.just(datetime(2026, 11, 22, 10, 0, 0, 250_000, tzinfo=UTC)),
)


@settings(deadline=None)
@given(POSITIONS)
def test_a_given_position_reads_back_as_it_was_given(given_position: GivenPosition) -> None:
    assert given_position_from_text(given_position.to_text()) == given_position


@settings(deadline=None)
@given(st.text() | st.sampled_from(['{"position": {}}', '{"position": 3}', "[]", "[" * 100_000, "3"]))
def test_any_other_text_is_no_given_position(text: str) -> None:
    assert given_position_from_text(text) is None


def test_a_fault_tells_the_operator_where_and_nothing_of_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    def breaks_on(text: str, *, format: str = "auto") -> None:  # noqa: A002 - the word of the reader
        try:
            int(text)
        except ValueError as error:
            raise RuntimeError(f"cannot read {text}") from error

    with caplog.at_level(logging.ERROR, logger="geo112.desk"):
        locator = Locator(zones=OneCentre(), read=breaks_on)
        outcome = locator.from_text(CALL, PERSON, f"{NUMBER} {AML}", format="auto", now=NOW)
    assert outcome.reason == "this position could not be worked out (RuntimeError)"
    [record] = caplog.records
    said = logging.Formatter().format(record)
    assert (record.name, record.levelno) == ("geo112.desk", logging.ERROR)
    assert "RuntimeError" in said
    assert "test_locating.py" in said
    assert "in breaks_on" in said
    for secret in (NUMBER, IMEI, "ML=1", "cannot read +"):
        assert secret not in said


def test_a_fault_without_end_is_told_shortly(caplog: pytest.LogCaptureFixture) -> None:
    def deeper(text: str, *, format: str = "auto") -> None:  # noqa: A002 - as above
        deeper(text)

    Locator(zones=OneCentre(), read=deeper).from_text(CALL, PERSON, AML, format="auto", now=NOW)
    [record] = caplog.records
    assert record.getMessage().startswith("a position could not be worked out: RecursionError\n")
    assert len(record.getMessage().splitlines()) < 100


def test_what_is_only_wrong_input_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    Locator(zones=OneCentre()).from_text(CALL, PERSON, "tolong", format="auto", now=NOW)
    assert caplog.records == []
