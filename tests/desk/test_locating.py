from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.desk.locating import GivenPosition, given_position_from_text
from geo112.locate.fix import FixMethod, FixSource

DEGREES = st.floats(allow_nan=False)
MAYBE = st.none() | DEGREES
POSITIONS = st.builds(
    GivenPosition,
    lat_deg=DEGREES,
    lon_deg=DEGREES,
    radius_m=MAYBE,
    confidence_share=MAYBE,
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
