"""How wide an uncertain area is for the call taker, and where to begin looking for what is near it."""

import math

import shapely

from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG, Position, in_field
from geo112.core.polygons import as_shapely
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain

# From this reach on the caller has to be asked: such an area is as wide as a kabupaten.
VERY_WIDE_M = 10_000.0
_BENT_DEG = 60.0
# So many places on a rim of an area stand for all of it when it lies around its own middle.
_PLACES = 12


def warnings_of(reach_m: float) -> tuple[str, ...]:
    """Say what the call taker should know about an area that reaches so far from its middle."""
    if reach_m < VERY_WIDE_M:
        return ()
    return (f"area is very wide ({reach_m / 1000:.0f} km): ask where the caller is",)


def places_of(area: Uncertain) -> list[Position]:
    """Give the middle of an area; of one that lies around its middle, as a ring does, places on its rims instead.

    Of places far from Indonesia one is enough.
    """
    places = _places(area)
    near = [place for place in places if in_field(place)]
    return near or [min(places, key=_beyond_field_deg)]


def _beyond_field_deg(place: Position) -> float:
    lon_deg = min(max(place.lon_deg, WEST_DEG), EAST_DEG) - place.lon_deg
    lat_deg = min(max(place.lat_deg, SOUTH_DEG), NORTH_DEG) - place.lat_deg
    return math.hypot(lon_deg, lat_deg)


def _places(area: Uncertain) -> list[Position]:
    match area:
        case Circle() | Ellipse():
            return [area.middle]
        case ArcBand():
            return _places_of_band(area)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            lons_deg = [place.lon_deg for place in area.ring]
            # Wider than this the plane around a polygon bends too much to have a middle.
            if max(lons_deg) - min(lons_deg) < _BENT_DEG:
                middle = area.middle
                if as_shapely(area.ring, area.holes).covers(shapely.Point(middle.lon_deg, middle.lat_deg)):
                    return [middle]
            corners = [place for rim in (area.ring, *area.holes) for place in rim]
            return corners[:: math.ceil(len(corners) / (2 * _PLACES))]


def _places_of_band(band: ArcBand) -> list[Position]:
    if band.opening_deg < 360 and band.inner_m <= band.distance_to_middle_m:
        return [band.middle]
    bearings = [band.start_deg + band.opening_deg * n / _PLACES for n in range(_PLACES + 1)]
    radii_m = [band.outer_m, band.inner_m] if band.inner_m else [band.outer_m]
    return [band.apex.moved(bearing_deg=bearing, distance_m=metres) for metres in radii_m for bearing in bearings]
