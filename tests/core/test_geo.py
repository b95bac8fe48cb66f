"""Positions, shapes and the field of work."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.crs import to_plane
from geo112.core.errors import BadPosition, BadShape
from geo112.core.geo import Position, in_field, position_from_degrees, require_field
from geo112.core.shapes import Circle

BLITAR = Position(lon_deg=112.1681, lat_deg=-8.0983)


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "field"),
    [
        (90.1, 0, "lat_deg"), (-91, 0, "lat_deg"), (math.nan, 0, "lat_deg"), (math.inf, 0, "lat_deg"),
        (0, 180.1, "lon_deg"), (0, -181, "lon_deg"), (0, math.nan, "lon_deg"), (0, -math.inf, "lon_deg"),
    ],
)  # fmt: skip
def test_no_place_on_earth(lat_deg: float, lon_deg: float, field: str) -> None:
    with pytest.raises(BadPosition) as caught:
        Position(lon_deg=lon_deg, lat_deg=lat_deg)
    assert caught.value.field == field


def test_one_degree_of_latitude_at_the_equator() -> None:
    start = Position(lon_deg=112, lat_deg=0)
    assert start.distance_m(Position(lon_deg=112, lat_deg=1)) == pytest.approx(110_574.4, abs=0.1)


@given(st.floats(-180, 180), st.floats(0.1, 100_000))
def test_moved_lies_at_the_distance(bearing_deg: float, distance_m: float) -> None:
    assert BLITAR.distance_m(BLITAR.moved(bearing_deg=bearing_deg, distance_m=distance_m)) == pytest.approx(distance_m)


def test_moved_north_goes_north() -> None:
    assert BLITAR.moved(bearing_deg=0, distance_m=1000).lat_deg > BLITAR.lat_deg
    assert BLITAR.moved(bearing_deg=90, distance_m=1000).lon_deg > BLITAR.lon_deg


@pytest.mark.parametrize(
    ("radius_m", "share", "field"),
    [
        (0, 0.95, "radius_m"), (-1, 0.95, "radius_m"), (math.nan, 0.95, "radius_m"), (3e7, 0.95, "radius_m"),
        (10, 0, "confidence_share"), (10, 1.01, "confidence_share"), (10, math.nan, "confidence_share"),
    ],
)  # fmt: skip
def test_circle_that_cannot_be_meant(radius_m: float, share: float, field: str) -> None:
    with pytest.raises(BadShape) as caught:
        Circle(middle=BLITAR, radius_m=radius_m, confidence_share=share)
    assert caught.value.field == field


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(-12, 94), (7, 142), (0, 109.33), (5.9, 95.3), (-8.5, 141.0)])
def test_field_of_work_includes_its_edge(lat_deg: float, lon_deg: float) -> None:
    position = Position(lon_deg=lon_deg, lat_deg=lat_deg)
    assert in_field(position)
    assert require_field(position) == position


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "field", "says"),
    [
        (0, 0, "lat_deg", "0/0"), (112.1681, -8.0983, "lat_deg", "swapped"), (51.5, 112, "lat_deg", "12 S"),
        (-8, 2.3, "lon_deg", "94 E"), (-12.01, 110, "lat_deg", "12 S"), (-8, 142.01, "lon_deg", "142 E"),
        (-8, 400, "lon_deg", "-180"), (200, 110, "lat_deg", "-90"), (math.nan, 110, "lat_deg", "nan"),
        (95, 3, "lat_deg", "swapped"),
    ],
)  # fmt: skip
def test_beyond_the_field_the_wrong_one_is_named(lat_deg: float, lon_deg: float, field: str, says: str) -> None:
    with pytest.raises(BadPosition, match=says) as caught:
        position_from_degrees(lat_deg=lat_deg, lon_deg=lon_deg)
    assert caught.value.field == field


def test_plane_keeps_areas() -> None:
    plane = to_plane(BLITAR)
    corners = [BLITAR.moved(bearing_deg=bearing, distance_m=1000) for bearing in (0, 90, 180, 270)]
    points = [plane.transform(corner.lon_deg, corner.lat_deg) for corner in corners]
    twice_m2 = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    assert abs(twice_m2) / 2 == pytest.approx(2_000_000, rel=1e-6)
    assert plane.transform(BLITAR.lon_deg, BLITAR.lat_deg) == pytest.approx((0, 0), abs=1e-6)
