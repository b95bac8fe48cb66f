"""How wide an uncertain area is for the call taker, and where to begin looking for what is near it."""

import math

import shapely

from geo112.core.extent import reach_m
from geo112.core.geo import Position
from geo112.core.polygons import as_shapely
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain

# From this reach on the caller has to be asked: such an area is as wide as a kabupaten.
VERY_WIDE_M = 10_000.0
# Metres in a degree, at the most.
_DEGREE_M = 111_700.0
# So many places on each rim of an area stand for all of it when it lies around its own middle.
_PLACES = 16


def warnings_of(area: Uncertain) -> tuple[str, ...]:
    """Say what the call taker should know about an area."""
    metres = _reach_m(area)
    if metres < VERY_WIDE_M:
        return ()
    return (f"area is very wide ({metres / 1000:.0f} km): ask where the caller is",)


def places_of(area: Uncertain) -> list[Position]:
    """Give the middle of an area; of one that lies around its middle, as a ring does, places on its rims instead."""
    match area:
        case Circle() | Ellipse():
            return [area.middle]
        case ArcBand():
            return _places_of_band(area)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            middle = area.middle
            if as_shapely(area.ring, area.holes).covers(shapely.Point(middle.lon_deg, middle.lat_deg)):
                return [middle]
            rims = (area.ring, *area.holes)
            return [place for rim in rims for place in rim[:: math.ceil(len(rim) / _PLACES)]]


def _places_of_band(band: ArcBand) -> list[Position]:
    if band.opening_deg < 360 and band.inner_m <= band.distance_to_middle_m:
        return [band.middle]
    bearings = [band.start_deg + band.opening_deg * n / _PLACES for n in range(_PLACES + 1)]
    radii_m = [band.outer_m, band.inner_m] if band.inner_m else [band.outer_m]
    return [band.apex.moved(bearing_deg=bearing, distance_m=metres) for metres in radii_m for bearing in bearings]


def _reach_m(area: Uncertain) -> float:
    """Radius of the circle about the middle that holds an area; of small polygons an upper bound, which is quicker."""
    if isinstance(area, Polygon):
        lons, lats = [place.lon_deg for place in area.ring], [place.lat_deg for place in area.ring]
        most_m = _DEGREE_M * math.hypot(max(lons) - min(lons), max(lats) - min(lats))
        if most_m < VERY_WIDE_M:
            return most_m
    metres = reach_m(area)
    assert metres is not None  # noqa: S101 - only a point has none
    return metres
