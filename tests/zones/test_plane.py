"""The kernel's equal-area plane is that of core/crs.py."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.crs import to_plane
from geo112.core.geo import Position
from geo112.zones.plane import from_plane, plane_at
from geo112.zones.plane import to_plane as project

# PROJ takes a middle within 6e-9 degrees of the equator to be on it.
LATITUDES = st.floats(-12, 7).filter(lambda lat: lat == 0 or abs(lat) > 1e-8)


@settings(deadline=None)
@given(lon=st.floats(94, 142), lat=LATITUDES, bearing=st.floats(0, 360), away_m=st.floats(0, 300_000))
def test_places_around_fall_where_proj_puts_them(lon: float, lat: float, bearing: float, away_m: float) -> None:
    middle = Position(lon_deg=lon, lat_deg=lat)
    place = middle.moved(bearing_deg=bearing, distance_m=away_m)
    want = to_plane(middle).transform(place.lon_deg, place.lat_deg)
    got = project(plane_at(lon, lat), place.lon_deg, place.lat_deg)
    assert got == pytest.approx(want, abs=1e-6)


@pytest.mark.parametrize("lat", [-90.0, -89.99995, 60.0, 89.0, 90.0])
def test_far_from_indonesia_it_still_gives_numbers(lat: float) -> None:
    east, north = project(plane_at(20.0, lat), 112.0, -8.0)
    assert math.isfinite(east)
    assert math.isfinite(north)
    assert np.hypot(east, north) == pytest.approx(
        np.hypot(*to_plane(Position(lon_deg=20.0, lat_deg=min(89.9999, max(-89.9999, lat)))).transform(112.0, -8.0)),
        rel=1e-4,
    )


def test_the_other_side_of_the_earth_is_at_the_plane_s_end() -> None:
    east, north = project(plane_at(112.0, -8.0), -68.0, 8.0)
    assert np.hypot(east, north) <= 2 * 6_378_137.0 + 1.0


@settings(deadline=None)
@given(lon=st.floats(94, 142), lat=LATITUDES, bearing=st.floats(0, 360), away_m=st.floats(0, 2_000_000))
def test_a_place_in_the_plane_is_found_again(lon: float, lat: float, bearing: float, away_m: float) -> None:
    place = Position(lon_deg=lon, lat_deg=lat).moved(bearing_deg=bearing, distance_m=away_m)
    plane = plane_at(lon, lat)
    lon_deg, lat_deg = from_plane(plane, *project(plane, place.lon_deg, place.lat_deg))
    assert place.distance_m(Position(lon_deg=lon_deg, lat_deg=lat_deg)) < 1e-4
