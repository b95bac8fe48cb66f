"""The eight shapes of RFC 5491 as XML, in and out; shapes in space are laid down on the map.

Latitude stands before longitude (EPSG::4326, with height above the ellipsoid EPSG::4979), lengths are metres.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from geo112.core.confidence import share_in_two_dimensions
from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.shapes import DEFAULT_CONFIDENCE_SHARE, ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.core.xml import children_of, local_name, namespace_of
from geo112.locate.degrees import RADIUS_UNKNOWN
from geo112.locate.gml_values import Place, angle_deg, child_of, length_m, place_of, ring_of

GML = "http://www.opengis.net/gml"
GS = "http://www.opengis.net/pidflo/1.0"
SRS_FLAT = "urn:ogc:def:crs:EPSG::4326"
SRS_IN_SPACE = "urn:ogc:def:crs:EPSG::4979"
UOM_METRE = "urn:ogc:def:uom:EPSG::9001"
UOM_DEGREE = "urn:ogc:def:uom:EPSG::9102"
# What is narrower would be written as 0, which is no opening.
_NARROWEST_DEG = 1e-9
_PREFIXES = {"gml": GML, "gs": GS}
_NAMESPACES = frozenset({GML, GS, "http://www.opengis.net/gml/3.2"})
# What core calls a measure, and what the sender called it.
_SENT_AS = {
    "radius_m": "radius",
    "semi_major_m": "semiMajorAxis",
    "semi_minor_m": "semiMinorAxis",
    "orientation_deg": "orientation",
    "inner_m": "innerRadius",
    "outer_m": "outerRadius",
    "start_deg": "startAngle",
    "opening_deg": "openingAngle",
    "ring": "exterior",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeRead:
    """A shape as sent, laid down on the map; `three_dimensional` says that it had a stated height with uncertainty."""

    area: Area
    altitude_m: float | None = None
    vertical_accuracy_m: float | None = None
    warnings: tuple[str, ...] = ()
    three_dimensional: bool = False


def is_shape(element: etree._Element) -> bool:
    """Tell whether an element is one of the shapes that can be read."""
    return namespace_of(element) in _NAMESPACES and local_name(element) in _READERS


def read_shape(element: etree._Element, *, confidence_share: float = DEFAULT_CONFIDENCE_SHARE) -> ShapeRead:
    """Read a shape; raises BadShape or BadPosition naming the sender's field.

    `confidence_share` is what the sender stated of the shape. A shape in space keeps `C^(2/3)` of it (RFC 7459, 5.3).
    """
    if not is_shape(element):
        raise BadShape(f"{local_name(element)[:40]!r} is no shape of RFC 5491", field="shape")
    try:
        return _READERS[local_name(element)](element, confidence_share)
    except BadShape as error:
        raise BadShape(error.message, field=_SENT_AS.get(error.field or "", error.field)) from None


def _point(element: etree._Element, _: float) -> ShapeRead:
    place = place_of(element)
    return ShapeRead(area=Point(middle=place.position), altitude_m=place.altitude_m, warnings=place.warnings)


def _circle(element: etree._Element, share: float) -> ShapeRead:
    place, radius_m = place_of(element), length_m(element, "radius")
    area, warnings = _round_area(place, radius_m, share)
    return ShapeRead(area=area, altitude_m=place.altitude_m, warnings=warnings)


def _ellipse(element: etree._Element, share: float) -> ShapeRead:
    place = place_of(element)
    area, warnings = _oval_area(element, place, share)
    return ShapeRead(area=area, altitude_m=place.altitude_m, warnings=warnings)


def _arc_band(element: etree._Element, share: float) -> ShapeRead:
    place = place_of(element)
    opening_deg, warnings = angle_deg(element, "openingAngle"), place.warnings
    if opening_deg > 360:
        opening_deg, warnings = 360.0, (*warnings, "opening angle above 360 read as a whole ring")
    area = ArcBand(
        apex=place.position,
        inner_m=length_m(element, "innerRadius"),
        outer_m=length_m(element, "outerRadius"),
        start_deg=angle_deg(element, "startAngle") % 360,
        opening_deg=opening_deg,
        confidence_share=share,
    )
    return ShapeRead(area=area, altitude_m=place.altitude_m, warnings=warnings)


def _polygon(element: etree._Element, share: float) -> ShapeRead:
    area, altitudes_m, warnings = _ground(element, share)
    return ShapeRead(area=area, altitude_m=altitudes_m[0] if altitudes_m else None, warnings=warnings)


def _sphere(element: etree._Element, share: float) -> ShapeRead:
    place, radius_m = place_of(element), length_m(element, "radius")
    area, warnings = _round_area(place, radius_m, share_in_two_dimensions(share))
    return _in_space(area, place, radius_m, warnings)


def _ellipsoid(element: etree._Element, share: float) -> ShapeRead:
    place, vertical_m = place_of(element), length_m(element, "verticalAxis")
    area, warnings = _oval_area(element, place, share_in_two_dimensions(share))
    return _in_space(area, place, vertical_m, warnings)


def _prism(element: etree._Element, share: float) -> ShapeRead:
    """Lay the base on the map; the height becomes the middle of the prism, give or take half of it."""
    height_m = length_m(element, "height")
    base = child_of(child_of(element, "base"), "Polygon")
    area, altitudes_m, warnings = _ground(base, share_in_two_dimensions(share), srs=element.get("srsName"))
    if not altitudes_m:
        warnings = (*warnings, "the base of the prism has no height")
    elif max(altitudes_m) != min(altitudes_m):
        warnings = (*warnings, "the base of the prism is not level; its lowest corner was taken")
    return ShapeRead(
        area=area,
        altitude_m=min(altitudes_m) + height_m / 2 if altitudes_m else None,
        vertical_accuracy_m=height_m / 2 if altitudes_m and height_m > 0 else None,
        warnings=warnings,
        three_dimensional=True,
    )


_READERS: dict[str, Callable[[etree._Element, float], ShapeRead]] = {
    "Point": _point,
    "Circle": _circle,
    "Ellipse": _ellipse,
    "ArcBand": _arc_band,
    "Polygon": _polygon,
    "Sphere": _sphere,
    "Ellipsoid": _ellipsoid,
    "Prism": _prism,
}


def _in_space(area: Area, place: Place, vertical_m: float, warnings: tuple[str, ...]) -> ShapeRead:
    if place.altitude_m is None:
        warnings = (*warnings, "the shape in space has no height")
    return ShapeRead(
        area=area,
        altitude_m=place.altitude_m,
        vertical_accuracy_m=vertical_m if place.altitude_m is not None and vertical_m > 0 else None,
        warnings=warnings,
        three_dimensional=True,
    )


def _round_area(place: Place, radius_m: float, share: float) -> tuple[Area, tuple[str, ...]]:
    """Draw the circle; a radius of 0 states no uncertainty, and unknown is not zero."""
    if radius_m == 0:
        return Point(middle=place.position), (*place.warnings, RADIUS_UNKNOWN)
    return Circle(middle=place.position, radius_m=radius_m, confidence_share=share), place.warnings


def _oval_area(element: etree._Element, place: Place, share: float) -> tuple[Area, tuple[str, ...]]:
    """Draw the ellipse with its longer axis first, and as a circle where one axis is 0."""
    major_m, minor_m = length_m(element, "semiMajorAxis"), length_m(element, "semiMinorAxis")
    orientation_deg, warnings = angle_deg(element, "orientation"), place.warnings
    if minor_m > major_m:
        major_m, minor_m, orientation_deg = minor_m, major_m, orientation_deg + 90
        warnings = (*warnings, "the longer axis was given as the shorter one")
    if minor_m == 0:
        more = ("perkiraan: one axis is 0, a circle of the other was taken",) if major_m else ()
        area, warnings = _round_area(place, major_m, share)
        return area, (*warnings, *more)
    area = Ellipse(
        middle=place.position,
        semi_major_m=major_m,
        semi_minor_m=minor_m,
        orientation_deg=orientation_deg % 360,
        confidence_share=share,
    )
    return area, warnings


def _ground(
    element: etree._Element, share: float, *, srs: str | None = None
) -> tuple[Polygon, list[float], tuple[str, ...]]:
    """Read a polygon with its holes, the heights of its corners, and what is odd about it."""
    srs = element.get("srsName", srs)
    outer = ring_of(child_of(element, "exterior"), srs)
    inner = [ring_of(one, srs) for one in children_of(element, "interior")]
    area = Polygon(ring=outer.ring, holes=tuple(one.ring for one in inner), confidence_share=share)
    warnings = dict.fromkeys(warning for one in (outer, *inner) for warning in one.warnings)
    return area, outer.altitudes_m, tuple(warnings)


def write_shape(area: Area, *, altitude_m: float | None = None) -> etree._Element:
    """Write an area as RFC 5491 has it; lengths are rounded up to the millimetre (RFC 7459, 5.2).

    Only a point keeps a height: for the others that is another shape with another confidence, `write_shape_in_space`.
    """
    match area:
        case Point():
            return _started("Point", _numbers(area.middle, altitude_m), in_space=altitude_m is not None, space=GML)
        case Circle():
            return _add_length(_started("Circle", _numbers(area.middle)), "radius", area.radius_m)
        case Ellipse():
            root = _started("Ellipse", _numbers(area.middle))
            _add_length(root, "semiMajorAxis", area.semi_major_m)
            _add_length(root, "semiMinorAxis", area.semi_minor_m)
            return _add_angle(root, "orientation", area.orientation_deg % 360)
        case ArcBand():
            root = _started("ArcBand", _numbers(area.apex))
            _add_length(root, "innerRadius", area.inner_m, down=True)
            _add_length(root, "outerRadius", area.outer_m)
            _add_angle(root, "startAngle", area.start_deg % 360)
            return _add_angle(root, "openingAngle", max(area.opening_deg, _NARROWEST_DEG))
        case Polygon():  # pragma: no branch - mypy counts the shapes
            return _written_polygon(area)


def write_shape_in_space(
    area: Circle | Ellipse | Polygon, *, altitude_m: float, vertical_accuracy_m: float
) -> etree._Element:
    """Write an area with its height as a Sphere, an Ellipsoid or a Prism, as RFC 5491 has them (5.2.6 to 5.2.8).

    The shape holds the caller with `share_in_three_dimensions` of the area's confidence.
    """
    if isinstance(area, Polygon):
        base = Decimal(repr(altitude_m)) - Decimal(repr(vertical_accuracy_m))
        root = etree.Element(f"{{{GS}}}Prism", {"srsName": SRS_IN_SPACE}, _PREFIXES)
        etree.SubElement(root, f"{{{GS}}}base").append(_written_polygon(area, altitude_m=float(base)))
        return _add_length(root, "height", 2 * vertical_accuracy_m)
    numbers = _numbers(area.middle, altitude_m)
    if isinstance(area, Circle) and area.radius_m == vertical_accuracy_m:
        return _add_length(_started("Sphere", numbers, in_space=True), "radius", area.radius_m)
    root = _started("Ellipsoid", numbers, in_space=True)
    major_m, minor_m, turned_deg = (area.radius_m, area.radius_m, 0.0) if isinstance(area, Circle) else _axes(area)
    _add_length(root, "semiMajorAxis", major_m)
    _add_length(root, "semiMinorAxis", minor_m)
    _add_length(root, "verticalAxis", vertical_accuracy_m)
    return _add_angle(root, "orientation", turned_deg)


def _axes(area: Ellipse) -> tuple[float, float, float]:
    return area.semi_major_m, area.semi_minor_m, area.orientation_deg % 360


def _written_polygon(area: Polygon, *, altitude_m: float | None = None) -> etree._Element:
    srs = SRS_FLAT if altitude_m is None else SRS_IN_SPACE
    root = etree.Element(f"{{{GML}}}Polygon", {"srsName": srs}, _PREFIXES)
    for name, ring in (("exterior", area.ring), *(("interior", hole) for hole in area.holes)):
        line = etree.SubElement(etree.SubElement(root, f"{{{GML}}}{name}"), f"{{{GML}}}LinearRing")
        corners = " ".join(_numbers(corner, altitude_m) for corner in (*ring, ring[0]))
        etree.SubElement(line, f"{{{GML}}}posList").text = corners
    return root


def _started(name: str, numbers: str, *, in_space: bool = False, space: str = GS) -> etree._Element:
    root = etree.Element(f"{{{space}}}{name}", {"srsName": SRS_IN_SPACE if in_space else SRS_FLAT}, _PREFIXES)
    etree.SubElement(root, f"{{{GML}}}pos").text = numbers
    return root


def _add_length(root: etree._Element, name: str, metres: float, *, down: bool = False) -> etree._Element:
    """Round to the millimetre so that the shape never shrinks; `round` first takes away what binary digits add."""
    millimetres = round(metres * 1000, 6)
    whole = math.floor(millimetres) if down else math.ceil(millimetres)
    etree.SubElement(root, f"{{{GS}}}{name}", {"uom": UOM_METRE}).text = plain(whole / 1000)
    return root


def _add_angle(root: etree._Element, name: str, degrees: float) -> etree._Element:
    etree.SubElement(root, f"{{{GS}}}{name}", {"uom": UOM_DEGREE}).text = plain(degrees)
    return root


def _numbers(position: Position, altitude_m: float | None = None) -> str:
    heights = () if altitude_m is None else (altitude_m,)
    return " ".join(plain(number) for number in (position.lat_deg, position.lon_deg, *heights))


def plain(number: float) -> str:
    """Write a number with its digits up to the twentieth decimal, without an exponent, which not every reader knows."""
    return format(Decimal(repr(round(float(number), 20))).normalize() + 0, "f")
