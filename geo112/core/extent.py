"""How far an area reaches: its enclosing circle, its size, its outline."""

import math

from geo112.core.geo import Position, wgs84
from geo112.core.polygons import area_m2 as polygon_m2
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon

_CORNERS = 64
Line = list[list[float]]


def reach_m(area: Area) -> float | None:
    """Radius of the circle about the middle that holds the whole area (RFC 7459, 5.1.2); None where it is unknown."""
    match area:
        case Point():
            return None
        case Circle():
            return area.radius_m
        case Ellipse():
            return area.semi_major_m
        case ArcBand():
            return _reach_of_band_m(area)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            middle = area.middle
            return max(middle.distance_m(one) for one in area.ring)


def enclosing_circle(area: Area) -> Circle | None:
    """Circle about the middle that holds the whole area, with the area's confidence; None where nothing is known."""
    radius_m = reach_m(area)
    if radius_m is None or isinstance(area, Point):
        return None
    return Circle(middle=area.middle, radius_m=radius_m, confidence_share=area.confidence_share)


def size_m2(area: Area) -> float | None:
    """Size in square metres; None where the uncertainty is unknown."""
    match area:
        case Point():
            return None
        case Circle():
            return math.pi * area.radius_m**2
        case Ellipse():
            return math.pi * area.semi_major_m * area.semi_minor_m
        case ArcBand():
            return math.radians(area.opening_deg) / 2 * (area.outer_m**2 - area.inner_m**2)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            return polygon_m2(area.ring, area.holes)


def outline(area: Area, *, corners: int = _CORNERS) -> list[Line]:
    """Draw an area as closed rings of lon, lat: the outer one counter-clockwise, then holes; a point has none."""
    match area:
        case Point():
            return []
        case Circle():
            return [_circle(area.middle, area.radius_m, corners)]
        case Ellipse():
            return [_ellipse(area, corners)]
        case ArcBand():
            return _band(area, corners)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            return [_closed(_degrees(ring)) for ring in (area.ring, *area.holes)]


def _reach_of_band_m(band: ArcBand) -> float:
    """Farthest of the four corners from the centre of mass, by the law of cosines (RFC 7459, 5.1.2)."""
    if band.opening_deg == 360:
        return band.outer_m
    d = band.distance_to_middle_m
    half = math.radians(band.opening_deg) / 2
    return max(math.sqrt(max(0.0, d * d + r * r - 2 * d * r * math.cos(half))) for r in (band.outer_m, band.inner_m))


def _circle(middle: Position, radius_m: float, corners: int) -> Line:
    bearings = [-360 * n / corners for n in range(corners)]
    return _closed(_all_moved(middle, bearings, [radius_m] * corners))


def _ellipse(area: Ellipse, corners: int) -> Line:
    turns = [-2 * math.pi * n / corners for n in range(corners)]
    ways = [(area.semi_major_m * math.cos(turn), area.semi_minor_m * math.sin(turn)) for turn in turns]
    bearings = [area.orientation_deg + math.degrees(math.atan2(across, along)) for along, across in ways]
    return _closed(_all_moved(area.middle, bearings, [math.hypot(*way) for way in ways]))


def _band(band: ArcBand, corners: int) -> list[Line]:
    if band.opening_deg == 360:
        outer = _circle(band.apex, band.outer_m, corners)
        return [outer, _circle(band.apex, band.inner_m, corners)[::-1]] if band.inner_m > 0 else [outer]
    steps = max(2, math.ceil(corners * band.opening_deg / 360))
    bearings = [band.start_deg + band.opening_deg * n / steps for n in range(steps + 1)]
    inner = [[band.apex.lon_deg, band.apex.lat_deg]]
    if band.inner_m > 0:
        inner = _all_moved(band.apex, bearings, [band.inner_m] * len(bearings))
    return [_closed([*inner, *_all_moved(band.apex, bearings[::-1], [band.outer_m] * len(bearings))])]


def _all_moved(start: Position, bearings_deg: list[float], distances_m: list[float]) -> Line:
    """Move along many bearings at once, which is far quicker than one by one."""
    count = len(bearings_deg)
    lons, lats, _ = wgs84().fwd([start.lon_deg] * count, [start.lat_deg] * count, bearings_deg, distances_m)
    return [[lon, lat] for lon, lat in zip(lons, lats, strict=True)]


def _closed(line: Line) -> Line:
    rounded = [[round(lon, 7), round(lat, 7)] for lon, lat in line]
    return [*rounded, rounded[0]]


def _degrees(ring: tuple[Position, ...]) -> Line:
    return [[one.lon_deg, one.lat_deg] for one in ring]
