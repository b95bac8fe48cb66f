"""An area as JSON and back: the keys that the API, the log and the console share.

`lat_deg`, `lon_deg` are what the shape hangs on: the middle, of a band its apex. `radius_m` is the radius of a circle;
for other shapes that of the circle around `lat_deg`, `lon_deg` that holds them, and null where nobody stated one.
"""

import math
from collections.abc import Mapping
from typing import Any

from geo112.core.confidence import at_standard_confidence
from geo112.core.extent import outline, reach_m, size_m2
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon

Json = dict[str, Any]
SHAPES = ("Point", "Circle", "Ellipse", "ArcBand", "Polygon")


def area_to_dict(area: Area) -> Json:
    """Write an area: its shape, where it is, its measures in their own keys, and how sure it is."""
    base = area.apex if isinstance(area, ArcBand) else area.middle
    facts: Json = {
        "shape": type(area).__name__,
        "lat_deg": base.lat_deg,
        "lon_deg": base.lon_deg,
        "radius_m": radius_m(area),
        "confidence_share": None if isinstance(area, Point) else area.confidence_share,
    }
    measures: tuple[str, ...] = ()
    match area:
        case Ellipse():
            measures = ("semi_major_m", "semi_minor_m", "orientation_deg")
        case ArcBand():
            measures = ("inner_m", "outer_m", "start_deg", "opening_deg")
        case Polygon():
            facts["ring"] = _ring(area.ring)
            if area.holes:
                facts["holes"] = [_ring(hole) for hole in area.holes]
            return facts
        case _:
            pass
    return facts | {name: getattr(area, name) for name in measures}


def area_from_dict(body: Mapping[str, Any]) -> Area:
    """Read what `area_to_dict` wrote; raises KeyError, TypeError, ValueError or BadInput for anything else."""
    if body["shape"] == "Polygon":
        holes = tuple(_positions(hole) for hole in body.get("holes", ()))
        return Polygon(ring=_positions(body["ring"]), holes=holes, confidence_share=body["confidence_share"])
    base = Position(lon_deg=body["lon_deg"], lat_deg=body["lat_deg"])
    match body["shape"]:
        case "Point":
            return Point(middle=base)
        case "Circle":
            return Circle(middle=base, radius_m=body["radius_m"], confidence_share=body["confidence_share"])
        case "Ellipse":
            return Ellipse(
                middle=base,
                semi_major_m=body["semi_major_m"],
                semi_minor_m=body["semi_minor_m"],
                orientation_deg=body["orientation_deg"],
                confidence_share=body["confidence_share"],
            )
        case "ArcBand":
            return ArcBand(
                apex=base,
                inner_m=body["inner_m"],
                outer_m=body["outer_m"],
                start_deg=body["start_deg"],
                opening_deg=body["opening_deg"],
                confidence_share=body["confidence_share"],
            )
        case other:
            raise ValueError(f"{other!r} is no shape")


def radius_m(area: Area) -> float | None:
    """Radius of the circle around `lat_deg`, `lon_deg` that holds the area; None where it is unknown."""
    return area.outer_m if isinstance(area, ArcBand) else reach_m(area)


def radius_95_m(area: Area) -> float | None:
    """The same radius at 95 % (RFC 7459, 5.4), rounded up to the centimetre as its section 5.2 asks.

    A polygon keeps the confidence that it has: no rule grows it.
    """
    radius = radius_m(at_standard_confidence(area))
    return None if radius is None else math.ceil(round(radius * 100, 6)) / 100


def sizes_to_dict(area: Area) -> Json:
    """Write how large an area is: the radius at 95 % and the size in square metres; null where it is unknown."""
    size = size_m2(area)
    return {"radius_95_m": radius_95_m(area), "area_m2": None if size is None else round(size, 1)}


def outline_95(area: Area) -> list[list[list[float]]] | None:
    """Draw the 95 % area as GeoJSON rings for a map; None for circles and points, which every map draws by itself."""
    return None if isinstance(area, Point | Circle) else outline(at_standard_confidence(area))


def _ring(ring: tuple[Position, ...]) -> list[list[float]]:
    """Write a ring as GeoJSON does: lon, lat, the first position again at the end."""
    line = [[one.lon_deg, one.lat_deg] for one in ring]
    return [*line, line[0]]


def _positions(line: list[list[float]]) -> tuple[Position, ...]:
    return tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in line)
