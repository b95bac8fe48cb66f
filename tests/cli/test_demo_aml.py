import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from geo112.cli.demo.aml import aml_sms, aml_sms_without_position
from geo112.core.geo import Position
from geo112.locate.fix import FixMethod

AT = datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)


@given(
    lat=st.floats(-12, 7),
    lon=st.floats(94, 142),
    radius_m=st.floats(1, 5000),
    method=st.sampled_from(sorted(FixMethod)),
)
def test_a_message_says_position_time_and_its_own_length(
    lat: float, lon: float, radius_m: float, method: FixMethod
) -> None:
    text = aml_sms(
        Position(lat_deg=lat, lon_deg=lon), radius_m=radius_m, confidence_percent=68, taken_at=AT, method=method
    )
    pairs = dict(part.split("=") for part in text.removeprefix('A"').split(";"))
    assert abs(float(pairs["lt"]) - lat) <= 5.1e-6
    assert abs(float(pairs["lg"]) - lon) <= 5.1e-6
    assert (pairs["top"], pairs["lc"], int(pairs["ml"])) == ("20261122031530", "68", len(text))
    assert len(text) <= 160


def test_a_handset_without_a_position_says_so() -> None:
    text = aml_sms_without_position(AT)
    assert re.search(r"lt=\+00\.00000;lg=\+000\.00000;rd=N;.*lc=0;pm=N", text)
    assert text.endswith(f"ml={len(text)}")
