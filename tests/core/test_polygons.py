"""Rings: what can be meant, and where their middle is."""

import pytest

from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.shapes import Polygon


def test_a_ring_round_the_earth_is_no_place_to_look_for_a_caller() -> None:
    ring = tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in [(-170, -80), (170, -80), (170, 80), (-170, 80)])
    with pytest.raises(BadShape, match="degrees wide") as caught:
        Polygon(ring=ring)
    assert caught.value.field == "ring"


def test_the_middle_of_a_wide_box_is_its_middle() -> None:
    ring = tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in [(94, -7), (142, -7), (142, 7), (94, 7)])
    middle = Polygon(ring=ring).middle
    assert (middle.lon_deg, middle.lat_deg) == pytest.approx((118, 0), abs=1e-6)
