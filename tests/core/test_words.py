"""Confidence, codes, errors and time."""

import math
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core import errors
from geo112.core.clock import SystemClock, from_iso, to_iso
from geo112.core.codes import kabkota_of, kode_kabkota, kode_kecamatan
from geo112.core.confidence import at_standard_confidence, scale_factor
from geo112.core.errors import BadCode, BadInput, BadShape, Geo112Error
from geo112.core.geo import Position
from geo112.core.shapes import Circle

BLITAR = Position(lon_deg=112.1681, lat_deg=-8.0983)


@pytest.mark.parametrize(
    ("share", "factor"), [(0.38, 2.567), (0.67, 1.674), (0.68, 1.650), (0.6827, 1.644), (0.90, 1.148), (0.99, 0.797)]
)
def test_factor_to_95_percent_in_two_dimensions(share: float, factor: float) -> None:
    assert scale_factor(from_share=share, to_share=0.95) == pytest.approx(factor, abs=0.0006)


def test_factor_of_the_example_of_rfc_7459_in_three_dimensions() -> None:
    assert scale_factor(from_share=0.19, to_share=0.95, dimensions=3) == pytest.approx(2.9937, abs=0.0001)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_scaling_there_and_back_changes_nothing(first: float, second: float) -> None:
    there = scale_factor(from_share=first, to_share=second)
    assert there * scale_factor(from_share=second, to_share=first) == pytest.approx(1)
    assert (there >= 1) == (second >= first)


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.1, math.nan])
def test_no_confidence_to_scale(share: float) -> None:
    for shares in ({"from_share": share, "to_share": 0.95}, {"from_share": 0.95, "to_share": share}):
        with pytest.raises(BadShape) as caught:
            scale_factor(**shares)
        assert caught.value.field == "confidence_share"


def test_standard_confidence() -> None:
    scaled = at_standard_confidence(Circle(middle=BLITAR, radius_m=14, confidence_share=0.68))
    assert scaled.radius_m == pytest.approx(23.1, abs=0.02)
    assert (scaled.middle, scaled.confidence_share) == (BLITAR, 0.95)
    for share in (0.95, 1.0):
        circle = Circle(middle=BLITAR, radius_m=14, confidence_share=share)
        assert at_standard_confidence(circle) == circle


def test_codes() -> None:
    assert kode_kabkota("35.72") == "35.72"
    assert kabkota_of(kode_kecamatan("35.72.01")) == "35.72"


@pytest.mark.parametrize("text", ["", "35", "3572", "35.7", "35.72.01", "05.72", "3x.72", "٣٥.٧٢", "35.72\n"])
def test_no_code_of_a_kabupaten(text: str) -> None:
    with pytest.raises(BadCode) as caught:
        kode_kabkota(text)
    assert caught.value.field == "kode"


@pytest.mark.parametrize("text", ["", "35.72", "35.72.1", "35.72.01.1003", "35-72-01"])
def test_no_code_of_a_kecamatan(text: str) -> None:
    with pytest.raises(BadCode) as caught:
        kode_kecamatan(text)
    assert caught.value.field == "kode"


def test_error_names_the_field_and_keeps_facts() -> None:
    error = BadInput("too far", field="lat_deg", facts={"limit": 7})
    assert str(error) == "lat_deg: too far"
    assert (error.message, error.field, error.facts, error.code) == ("too far", "lat_deg", {"limit": 7}, "bad_input")
    assert str(errors.NotLoggedIn()) == "Log in first."


def test_every_error_has_its_own_code_and_stands_in_the_tree() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Geo112Error)]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert kind.__doc__
        assert kind.__name__ in (errors.__doc__ or "")


def test_time_is_written_as_utc() -> None:
    wib = timezone(timedelta(hours=7))
    assert to_iso(datetime(2026, 11, 22, 10, 15, 30, tzinfo=wib)) == "2026-11-22T03:15:30Z"
    assert to_iso(datetime(2026, 11, 22, 3, 15, 30, 250_999, tzinfo=UTC)) == "2026-11-22T03:15:30.250Z"


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - made aware
def test_time_written_is_time_read(moment: datetime) -> None:
    to_the_millisecond = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert from_iso(to_iso(moment)) == to_the_millisecond


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-22T03:15:30", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_no_time(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_iso(text, field="received_at")
    assert caught.value.field == "received_at"


def test_the_clock_of_the_machine_is_aware_and_goes_forward() -> None:
    moments = [SystemClock().now() for _ in range(5)]
    assert all(moment.utcoffset() == timedelta(0) for moment in moments)
    assert all(earlier <= later for earlier, later in pairwise(moments))
