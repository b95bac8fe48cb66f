"""Areas as octets of a mobile network (3GPP TS 23.032, GAD), written so that what is read again covers what was meant.

Codes are coarse: radii grow to the next code, and all measures by the step of the coordinates (at most 1.4 m). Near the
apex of a band and where a polygon has no room left, the covering is to within that step.
"""

import math

import shapely

from geo112.core.geo import Position
from geo112.core.polygons import as_shapely
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.locate.gad import DEFAULT_ORIENTATION_FACTOR, UNKNOWN_CONFIDENCE_SHARE
from geo112.locate.gad_codes import ANGLE_STEP_DEG, INNER_STEP_M, read_place, uncertainty_code, write_place

_MOST_CORNERS = 15
_LAST_ANGLE = 179
_WIDEST_INNER_M = 0xFFFF * INNER_STEP_M
# A step of the longitude, which is the longer one, and a little.
_STEP_DEG = 2.2e-5


def write_gad(area: Area, *, orientation_factor: int = DEFAULT_ORIENTATION_FACTOR) -> bytes:
    """Write an area as the GAD shape of its kind; raises BadShape for one that no code reaches.

    The circle of GAD has no confidence, so one is written as an ellipse with equal axes. A polygon with holes, or with
    more corners than fit, is written as the polygon or circle around it.
    """
    match area:
        case Point():
            return bytes([0 << 4]) + write_place(area.middle)
        case Circle():
            place, moved_m = _placed(area.middle)
            code = uncertainty_code(area.radius_m + moved_m)
            return bytes([3 << 4]) + place + bytes([code, code, 0, _percent(area.confidence_share)])
        case Ellipse():
            return _ellipse(area, orientation_factor)
        case ArcBand():
            return _band(area)
        case Polygon():  # pragma: no branch - mypy counts the shapes
            return _polygon(area)


def _placed(place: Position) -> tuple[bytes, float]:
    """Give the octets of a place, and by how many metres the place that is read from them differs."""
    octets = write_place(place)
    return octets, read_place(octets).distance_m(place)


def _percent(share: float) -> int:
    """Round a confidence down: to promise less than was known does no harm; below 1 % it is no information."""
    return math.floor(round(share * 100, 9))


def _ellipse(area: Ellipse, orientation_factor: int) -> bytes:
    """Write the ellipse around this one as it is turned and moved to the steps of the codes.

    In axes that are turned by d, its matrix is [A B; B C] with `B = (a^2 - b^2) sin d cos d`; `A + |B|` and `C + |B|`
    dominate it. Moving by m is a sum with a disc: `(1 + 1/p) Q + (1 + p) m^2` holds that for any p.
    """
    place, moved_m = _placed(area.middle)
    bearing_deg = area.orientation_deg % 180
    turn = round(bearing_deg / orientation_factor) % (180 // orientation_factor)
    off = math.radians(bearing_deg - turn * orientation_factor)
    a2, b2 = area.semi_major_m**2, area.semi_minor_m**2
    mixed = abs((a2 - b2) * math.sin(off) * math.cos(off))
    along2 = a2 * math.cos(off) ** 2 + b2 * math.sin(off) ** 2 + mixed
    across2 = a2 * math.sin(off) ** 2 + b2 * math.cos(off) ** 2 + mixed
    if moved_m > 0:
        p = math.sqrt((along2 + across2) / (2 * moved_m**2))
        along2, across2 = ((1 + 1 / p) * one + (1 + p) * moved_m**2 for one in (along2, across2))
    major, minor = (uncertainty_code(math.sqrt(one)) for one in (along2, min(along2, across2)))
    return bytes([3 << 4]) + place + bytes([major, minor, turn, _percent(area.confidence_share)])


def _band(area: ArcBand) -> bytes:
    """Write the band around this one; an inner radius beyond 327 km has no code."""
    place, moved_m = _placed(area.apex)
    inner = math.floor(min(_WIDEST_INNER_M, max(0.0, area.inner_m - moved_m)) / INNER_STEP_M)
    width = uncertainty_code(area.outer_m + moved_m - inner * INNER_STEP_M)
    # Seen from a place that moved by m, what is d away turns by at most asin(m/d).
    aside_deg = math.degrees(math.asin(min(1.0, moved_m / max(area.inner_m, area.outer_m / 2))))
    start = math.floor((area.start_deg - aside_deg) / ANGLE_STEP_DEG)
    included = math.ceil((area.start_deg + area.opening_deg + aside_deg) / ANGLE_STEP_DEG) - start
    angles = [start % 180, included] if included < _LAST_ANGLE else [0, _LAST_ANGLE]
    return bytes([10 << 4]) + place + inner.to_bytes(2) + bytes([width, *angles, _percent(area.confidence_share)])


def _polygon(area: Polygon) -> bytes:
    """Write the polygon, a step wider all around, or its hull, or the circle around it.

    The polygon of GAD has no confidence and is read as one of 68 %: one of less is written as a circle, which has.
    """
    shape = as_shapely(area.ring)
    for wider in (shape, shape.convex_hull) if area.confidence_share >= UNKNOWN_CONFIDENCE_SHARE else ():
        grown = wider.buffer(_STEP_DEG, join_style="mitre", mitre_limit=2.0)
        if len(grown.exterior.coords) - 1 <= _MOST_CORNERS:
            corners = [Position(lon_deg=lon, lat_deg=lat) for lon, lat in list(grown.exterior.coords)[:-1]]
            octets = b"".join(write_place(one) for one in corners)
            written = shapely.Polygon(_read_back(octets))
            if written.is_valid and written.covers(shape):
                return bytes([5 << 4 | len(corners)]) + octets
    radius_m = max(area.middle.distance_m(one) for one in area.ring)
    return write_gad(Circle(middle=area.middle, radius_m=radius_m, confidence_share=area.confidence_share))


def _read_back(octets: bytes) -> list[tuple[float, float]]:
    places = [read_place(octets[at:]) for at in range(0, len(octets), 6)]
    return [(one.lon_deg, one.lat_deg) for one in places]
