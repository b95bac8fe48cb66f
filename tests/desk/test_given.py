"""A position as it is given: one shape at most, and the field named that cannot be meant."""

import math

import pytest

from geo112.core.errors import BadPosition, BadShape
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.desk.given import CONFIDENCE_MISSING, GivenPosition
from geo112.locate.degrees import RADIUS_UNKNOWN

HERE = {"lat_deg": -8.1, "lon_deg": 112.15}
PLACE = Position(lon_deg=112.15, lat_deg=-8.1)
RING = ((112.1, -8.2), (112.2, -8.2), (112.2, -8.1), (112.1, -8.2))
ELLIPSE = {"semi_major_m": 60.0, "semi_minor_m": 20.0, "orientation_deg": 30.0}
BAND = {"inner_m": 1_000.0, "outer_m": 1_078.0, "start_deg": 300.0, "opening_deg": 120.0}


@pytest.mark.parametrize(
    ("said", "area"),
    [
        (HERE, Point(middle=PLACE)),
        (HERE | {"radius_m": 20.0}, Circle(middle=PLACE, radius_m=20.0, confidence_share=0.95)),
        (HERE | ELLIPSE, Ellipse(middle=PLACE, confidence_share=0.95, **ELLIPSE)),
        (HERE | BAND, ArcBand(apex=PLACE, confidence_share=0.95, **BAND)),
        ({"ring": RING}, Polygon(ring=tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in RING))),
    ],
    ids=["point", "circle", "ellipse", "band", "polygon"],
)
def test_each_shape_is_drawn_and_says_when_its_confidence_is_missing(said: dict[str, object], area: Area) -> None:
    fix = GivenPosition(**said).to_fix()
    assert fix.area == area
    assert fix.warnings == (() if isinstance(area, Point) else (CONFIDENCE_MISSING,))
    if isinstance(area, Point):
        return
    sure = GivenPosition(**said, confidence_share=0.68).to_fix()
    assert (sure.area.confidence_share, sure.warnings) == (0.68, ())


@pytest.mark.parametrize("share", [None, 0.68])
def test_a_radius_of_nought_is_an_unknown_one(share: float | None) -> None:
    fix = GivenPosition(**HERE, radius_m=0.0, confidence_share=share, warnings=(RADIUS_UNKNOWN,)).to_fix()
    assert (fix.area, fix.warnings) == (Point(middle=PLACE), (RADIUS_UNKNOWN,))


@pytest.mark.parametrize(
    ("said", "error", "field"),
    [
        ({}, BadPosition, "lat_deg"),
        ({"lat_deg": -8.1}, BadPosition, "lon_deg"),
        ({"lon_deg": 112.1, "radius_m": 5.0}, BadPosition, "lat_deg"),
        (HERE | {"ring": RING}, BadPosition, "lat_deg"),
        ({"lon_deg": 112.1, "ring": RING}, BadPosition, "lon_deg"),
        ({"ring": ((-8.2, 112.1), (-8.2, 112.2), (-8.1, 112.2))}, BadPosition, "ring"),
        ({"ring": ()}, BadShape, "ring"),
        ({"ring": ((112.1, -8.2), (112.2, -8.1), (112.2, -8.2), (112.1, -8.1))}, BadShape, "ring"),
        (HERE | {"confidence_share": 0.5}, BadShape, "confidence_share"),
        (HERE | {"radius_m": 5.0, "semi_major_m": 5.0}, BadShape, "semi_major_m"),
        (HERE | ELLIPSE | BAND, BadShape, "inner_m"),
        (HERE | {"inner_m": 0.0, "outer_m": 5.0, "start_deg": 0.0}, BadShape, "opening_deg"),
        (HERE | {"opening_deg": 60.0}, BadShape, "inner_m"),
        (HERE | {"semi_minor_m": 5.0, "orientation_deg": 0.0}, BadShape, "semi_major_m"),
        (HERE | ELLIPSE | {"semi_minor_m": 70.0}, BadShape, "semi_minor_m"),
        (HERE | BAND | {"outer_m": 900.0}, BadShape, "outer_m"),
        (HERE | {"radius_m": -1.0}, BadShape, "radius_m"),
        (HERE | {"radius_m": math.inf}, BadShape, "radius_m"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(said: dict[str, object], error: type[Exception], field: str) -> None:
    with pytest.raises(error) as raised:
        GivenPosition(**said).to_fix()
    assert raised.value.field == field


@pytest.mark.parametrize("said", [{}, {"lat_deg": 1.0}, HERE | {"ring": RING}])
def test_a_place_is_required_before_anything_is_recorded(said: dict[str, object]) -> None:
    with pytest.raises(BadPosition):
        GivenPosition(**said).require_place()
    for good in (HERE, {"ring": RING}, {"lat_deg": 900.0, "lon_deg": math.nan}):
        given = GivenPosition(**good)
        assert given.require_place() is given
