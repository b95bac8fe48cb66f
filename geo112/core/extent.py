"""How far an area reaches: its enclosing circle, its size, its outline."""

import math

from geo112.core.geo import Position
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
            return max(area.middle.distance_m(one) for one in area.ring)


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
            return [_closed(area.ring), *(_closed(hole) for hole in area.holes)]


def _reach_of_band_m(band: ArcBand) -> float:
    """Farthest of the four corners from the centre of mass, by the law of cosines (RFC 7459, 5.1.2)."""
    if band.opening_deg == 360:
        return band.outer_m
    d = band.distance_to_middle_m
    half = math.radians(band.opening_deg) / 2
    return max(math.sqrt(max(0.0, d * d + r * r - 2 * d * r * math.cos(half))) for r in (band.outer_m, band.inner_m))


def _circle(middle: Position, radius_m: float, corners: int) -> Line:
    points = [middle.moved(bearing_deg=-360 * n / corners, distance_m=radius_m) for n in range(corners)]
    return _closed(tuple(points))


def _ellipse(area: Ellipse, corners: int) -> Line:
    points = []
    for n in range(corners):
        turn = -2 * math.pi * n / corners
        along, across = area.semi_major_m * math.cos(turn), area.semi_minor_m * math.sin(turn)
        bearing_deg = area.orientation_deg + math.degrees(math.atan2(across, along))
        points.append(area.middle.moved(bearing_deg=bearing_deg, distance_m=math.hypot(along, across)))
    return _closed(tuple(points))


def _band(band: ArcBand, corners: int) -> list[Line]:
    if band.opening_deg == 360:
        outer = _circle(band.apex, band.outer_m, corners)
        return [outer, _circle(band.apex, band.inner_m, corners)[::-1]] if band.inner_m > 0 else [outer]
    steps = max(2, math.ceil(corners * band.opening_deg / 360))
    bearings = [band.start_deg + band.opening_deg * n / steps for n in range(steps + 1)]
    inner = [band.apex.moved(bearing_deg=one, distance_m=band.inner_m) for one in bearings]
    outer_arc = [band.apex.moved(bearing_deg=one, distance_m=band.outer_m) for one in reversed(bearings)]
    return [_closed((*(inner if band.inner_m > 0 else [band.apex]), *outer_arc))]


def _closed(ring: tuple[Position, ...]) -> Line:
    line = [[round(one.lon_deg, 7), round(one.lat_deg, 7)] for one in ring]
    return [*line, line[0]]
