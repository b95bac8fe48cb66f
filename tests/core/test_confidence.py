"""Confidence and uncertainty: the numbers of RFC 7459, and what happens at the edges."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.confidence import (
    at_confidence,
    at_standard_confidence,
    scale_factor,
    share_in_two_dimensions,
    share_when_shrunk,
)
from geo112.core.errors import BadShape
from geo112.core.extent import outline, size_m2
from geo112.core.geo import Position, wgs84
from geo112.core.shapes import WIDEST_M, ArcBand, Circle, Ellipse, Point, Polygon

HERE = Position(lat_deg=-8.0983, lon_deg=112.1681)
EAST, NORTH = HERE.moved(bearing_deg=90, distance_m=900), HERE.moved(bearing_deg=0, distance_m=700)
BAND = ArcBand(apex=HERE, inner_m=3594, outer_m=4148, start_deg=20, opening_deg=120, confidence_share=0.9)


@pytest.mark.parametrize(
    ("from_share", "to_share", "dimensions", "factor"),
    [
        (0.19, 0.95, 3, 2.9937),
        (0.68, 0.95, 2, 1.65039),
        (0.38, 0.95, 2, 2.567),
        (0.67, 0.95, 2, 1.674),
        (0.90, 0.95, 2, 1.148),
        (0.99, 0.95, 2, 0.797),
        (0.95, 0.95, 2, 1.0),
        # One dimension: 1.95996 standard deviations over one.
        (math.erf(1 / math.sqrt(2)), 0.95, 1, 1.95996),
    ],
)
def test_factors_of_the_rfc(from_share: float, to_share: float, dimensions: int, factor: float) -> None:
    found = scale_factor(from_share=from_share, to_share=to_share, dimensions=dimensions)
    assert found == pytest.approx(factor, abs=6e-4)


def test_ellipsoid_of_the_rfc() -> None:
    """RFC 7459, 6.2: 7.7156, 3.31 and 28.7 m at 19 % are 23.1, 10 and 86 m at 95 %, rounded up."""
    factor = scale_factor(from_share=0.19, to_share=0.95, dimensions=3)
    assert [math.ceil(one * factor * 10) / 10 for one in (7.7156, 3.31, 28.7)] == [23.1, 10.0, 86.0]


def test_confidence_without_the_height() -> None:
    assert share_in_two_dimensions(0.95) == pytest.approx(0.966, abs=5e-4)
    assert share_in_two_dimensions(1.0) == 1.0


def test_confidence_of_a_part() -> None:
    assert share_when_shrunk(0.95, from_m2=12_600, to_m2=4_566.2) == pytest.approx(0.344, abs=5e-4)
    assert share_when_shrunk(0.95, from_m2=100, to_m2=200) == 0.95


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.1, math.nan])
def test_factor_of_what_is_no_confidence(share: float) -> None:
    with pytest.raises(BadShape):
        scale_factor(from_share=share, to_share=0.95)


def test_circle_and_ellipse_grow_alike() -> None:
    circle = at_standard_confidence(Circle(middle=HERE, radius_m=14, confidence_share=0.68))
    assert circle.radius_m == pytest.approx(23.1055, abs=1e-3)
    ellipse = at_standard_confidence(
        Ellipse(middle=HERE, semi_major_m=14, semi_minor_m=7, orientation_deg=43, confidence_share=0.68)
    )
    assert isinstance(ellipse, Ellipse)
    assert (ellipse.semi_major_m, ellipse.semi_minor_m) == pytest.approx((23.1055, 11.5528), abs=1e-3)
    assert (ellipse.orientation_deg, ellipse.confidence_share) == (43, 0.95)


def test_band_grows_about_its_middle_in_distance_and_direction() -> None:
    grown = at_standard_confidence(BAND)
    assert isinstance(grown, ArcBand)
    factor = scale_factor(from_share=0.9, to_share=0.95)
    assert grown.outer_m - grown.inner_m == pytest.approx(554 * factor)
    assert grown.outer_m + grown.inner_m == pytest.approx(3594 + 4148)
    assert grown.opening_deg == pytest.approx(120 * factor)
    assert grown.start_deg + grown.opening_deg / 2 == pytest.approx(80)


def test_whole_ring_grows_in_its_distance_alone() -> None:
    ring = ArcBand(apex=HERE, inner_m=3594, outer_m=4148, start_deg=0, opening_deg=360, confidence_share=0.9)
    grown = at_standard_confidence(ring)
    assert isinstance(grown, ArcBand)
    assert grown.opening_deg == 360
    factor = scale_factor(from_share=0.9, to_share=0.95, dimensions=1)
    assert grown.outer_m - grown.inner_m == pytest.approx(554 * factor)


def test_sector_keeps_its_apex_inside_when_it_grows() -> None:
    sector = ArcBand(apex=HERE, inner_m=0, outer_m=1_000, start_deg=0, opening_deg=300, confidence_share=0.5)
    grown = at_standard_confidence(sector)
    assert isinstance(grown, ArcBand)
    assert (grown.inner_m, grown.opening_deg) == (0, 360)


@pytest.mark.parametrize(
    "area",
    [
        Point(middle=HERE),
        Polygon(ring=(HERE, EAST, NORTH), confidence_share=0.5),
        Circle(middle=HERE, radius_m=14, confidence_share=1.0),
        Ellipse(middle=HERE, semi_major_m=14, semi_minor_m=7, orientation_deg=0, confidence_share=1.0),
        ArcBand(apex=HERE, inner_m=0, outer_m=9, start_deg=0, opening_deg=90, confidence_share=1.0),
        Circle(middle=HERE, radius_m=14, confidence_share=0.95),
    ],
)
def test_what_no_rule_scales_stays_as_it_is(area: Point | Circle) -> None:
    assert at_standard_confidence(area) is area


@pytest.mark.parametrize("share", [1e-300, 1e-40, 1e-9, 0.01])
def test_nothing_grows_beyond_the_earth(share: float) -> None:
    circle = at_standard_confidence(Circle(middle=HERE, radius_m=9_000_000, confidence_share=share))
    assert circle.radius_m == WIDEST_M
    ellipse = at_standard_confidence(
        Ellipse(middle=HERE, semi_major_m=9e6, semi_minor_m=8e6, orientation_deg=0, confidence_share=share)
    )
    assert isinstance(ellipse, Ellipse)
    assert ellipse.semi_major_m == WIDEST_M
    band = at_standard_confidence(
        ArcBand(apex=HERE, inner_m=1e6, outer_m=1.9e7, start_deg=0, opening_deg=90, confidence_share=share)
    )
    assert isinstance(band, ArcBand)
    assert (band.inner_m, band.outer_m, band.opening_deg) == (0, WIDEST_M, 360)


shares = st.floats(0, 1, exclude_min=True, exclude_max=True)


@given(shares, shares, st.integers(1, 3))
def test_more_confidence_needs_no_less_room(one: float, other: float, dimensions: int) -> None:
    factor = scale_factor(from_share=min(one, other), to_share=max(one, other), dimensions=dimensions)
    assert factor >= 1 - 1e-9


@given(shares, st.floats(1e-3, 1e7), st.floats(1e-6, 1))
def test_any_area_has_a_standard_one(share: float, metres: float, part: float) -> None:
    assert at_standard_confidence(Circle(middle=HERE, radius_m=metres, confidence_share=share)).radius_m > 0
    band = ArcBand(
        apex=HERE,
        inner_m=metres,
        outer_m=metres * (1 + part),
        start_deg=0,
        opening_deg=360 * part,
        confidence_share=share,
    )
    assert at_standard_confidence(band).confidence_share == 0.95


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_there_and_back_is_the_same(one: float, other: float) -> None:
    start = Circle(middle=HERE, radius_m=14, confidence_share=one)
    back = at_confidence(at_confidence(start, other), one)
    assert isinstance(back, Circle)
    assert back.radius_m == pytest.approx(14)


def overlap_m2(r: float, big: float, d: float) -> float:
    """Area that two circles share (RFC 7459, 5.5)."""
    if d >= r + big:
        return 0.0
    if d <= abs(r - big):
        return math.pi * min(r, big) ** 2
    a = (r * r - big * big + d * d) / (2 * d)
    return r * r * math.acos(a / r) + big * big * math.acos((d - a) / big) - d * math.sqrt(r * r - a * a)


@pytest.mark.parametrize(("radius_m", "probability"), [(1_950, 0.678), (1_920, 0.4989)])
def test_is_the_caller_in_the_circle_of_the_rfc(radius_m: float, probability: float) -> None:
    """RFC 7459, 6.3, with the place that its numbers belong to (it prints another one, 66 km away)."""
    caller = Circle(middle=Position(lat_deg=-33.856926, lon_deg=151.215102), radius_m=99.1)
    region = Circle(middle=Position(lat_deg=-33.872754, lon_deg=151.20683), radius_m=radius_m)
    distance_m = caller.middle.distance_m(region.middle)
    assert distance_m == pytest.approx(1_915.24, abs=0.5)
    size = size_m2(caller)
    assert size is not None
    shared = overlap_m2(caller.radius_m, region.radius_m, distance_m)
    assert 0.95 * shared / size == pytest.approx(probability, abs=0.002)
    # The outlines that are drawn share as much as the formula says.
    drawn = shapely.intersection(*(shapely.Polygon(outline(one, corners=720)[0]) for one in (caller, region)))
    assert abs(wgs84().geometry_area_perimeter(drawn)[0]) == pytest.approx(shared, rel=5e-3)


def test_overlap_of_the_rfc() -> None:
    assert overlap_m2(99.1, 1_950, 1_915.24) == pytest.approx(22_034, abs=50)
    assert overlap_m2(10, 100, 200) == 0
    assert overlap_m2(10, 100, 20) == pytest.approx(math.pi * 100)
