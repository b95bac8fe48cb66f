"""The shapes of the Mobile Location Protocol: X is the latitude, Y the longitude, an arc ends at an absolute angle."""

import math
import re
from collections.abc import Callable

import shapely
from lxml import etree

from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.polygons import from_shapely
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.core.xml import local_name
from geo112.locate.degrees import RADIUS_UNKNOWN, stated_position, strict_decimal

_METRES = {
    **dict.fromkeys(("", "m", "meter", "meters", "metre", "metres"), 1.0),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), 1000.0),
    **dict.fromkeys(("ft", "foot", "feet"), 0.3048),
    **dict.fromkeys(("surveyfoot", "surveyfeet"), 1200 / 3937),
    **dict.fromkeys(("yd", "yard", "yards"), 0.9144),
    **dict.fromkeys(("mile", "miles"), 1609.344),
}
_DEGREES = {
    **dict.fromkeys(("", "deg", "degree", "degrees"), 1.0),
    **dict.fromkeys(("rad", "radian", "radians"), math.degrees(1)),
}
_WGS84 = re.compile(r"(?:.{0,60}[#:/])?(?:4326|4979)|wgs[ -]?84", re.ASCII | re.IGNORECASE)
# 27 28 25.00S, 8 5.898 S, 8.0983S, -8.0983; the letters may also be lower case.
_ORDINATE = re.compile(
    r"(?P<sign>[+-]?)(?P<deg>[0-9]{1,3}(?:\.[0-9]{0,20})?)"
    r"(?:[ :](?P<min>[0-9]{1,2}(?:\.[0-9]{0,20})?)(?:[ :](?P<sec>[0-9]{1,2}(?:\.[0-9]{0,20})?))?)?"
    r" ?(?P<side>[NSEW]?)",
    re.ASCII | re.IGNORECASE,
)
# 080553.9S and 1121005.2: degrees, two digits of minutes, two of seconds; more than 180 can be no degrees.
_CLOSE = re.compile(r"(?P<sign>[+-]?)(?P<deg>[0-9]{1,3})(?P<min>[0-9]{2})(?P<sec>[0-9]{2}(?:\.[0-9]{0,20})?)", re.ASCII)
_SIDE_FIRST = re.compile(r"([NSEW]) ?([0-9].*)", re.ASCII | re.IGNORECASE)
_MARKS = str.maketrans(dict.fromkeys("\u00b0\u00ba'\"\u2032\u2033\u2019\u201d", " "))


class ShapeNotes:
    """Reads one shape and collects what is odd about it."""

    def __init__(self, confidence_share: float) -> None:
        """Give shapes this confidence."""
        self._share = confidence_share
        self.warnings: list[str] = []
        self.altitude_m: float | None = None

    def area(self, shape: etree._Element) -> Area:
        """Read a shape; raises BadShape or BadPosition naming the sender's field."""
        name = local_name(shape)
        readers: dict[str, Callable[[etree._Element], Area]] = {
            "Point": self._point,
            "CircularArea": self._circle,
            "CircularArcArea": self._arc,
            "EllipticalArea": self._ellipse,
            "Polygon": self._polygon,
            "Box": self._box,
            "LineString": self._line,
        }
        if name in readers:
            return readers[name](shape)
        if name.startswith("Multi") or name == "GeometryCollection":
            return self._several(shape)
        raise BadShape(f"{name[:40]!r} is no shape of the protocol", field="shape")

    def _point(self, shape: etree._Element) -> Area:
        self._note(RADIUS_UNKNOWN)
        return Point(middle=self._coord(shape))

    def _circle(self, shape: etree._Element) -> Area:
        middle, radius_m = self._coord(shape), self._length_m(shape, "radius")
        if radius_m == 0:
            self._note(RADIUS_UNKNOWN)
        return self._round(middle, radius_m)

    def _round(self, middle: Position, radius_m: float) -> Area:
        if radius_m == 0:
            return Point(middle=middle)
        return Circle(middle=middle, radius_m=radius_m, confidence_share=self._share)

    def _arc(self, shape: etree._Element) -> Area:
        """Turn the absolute end into an opening; an arc that ends where it starts is the whole ring."""
        start_deg, stop_deg = self._angle_deg(shape, "startAngle"), self._angle_deg(shape, "stopAngle")
        return ArcBand(
            apex=self._coord(shape),
            inner_m=self._length_m(shape, "inRadius"),
            outer_m=self._length_m(shape, "outRadius"),
            start_deg=start_deg % 360,
            opening_deg=(stop_deg - start_deg) % 360 or 360.0,
            confidence_share=self._share,
        )

    def _ellipse(self, shape: etree._Element) -> Area:
        middle, angle_deg = self._coord(shape), self._angle_deg(shape, "angle")
        major_m, minor_m = self._length_m(shape, "semiMajor"), self._length_m(shape, "semiMinor")
        if minor_m > major_m:
            major_m, minor_m, angle_deg = minor_m, major_m, angle_deg + 90
            self._note("the longer axis was given as the shorter one")
        if minor_m == 0:
            self._note("perkiraan: one axis is 0, a circle of the other was taken" if major_m else RADIUS_UNKNOWN)
            return (
                Circle(middle=middle, radius_m=major_m, confidence_share=self._share)
                if major_m
                else Point(middle=middle)
            )
        return Ellipse(
            middle=middle,
            semi_major_m=major_m,
            semi_minor_m=minor_m,
            orientation_deg=angle_deg % 360,
            confidence_share=self._share,
        )

    def _polygon(self, shape: etree._Element) -> Area:
        outer = _child(shape, "outerBoundaryIs")
        holes = tuple(self._ring(one) for one in shape.iterchildren("{*}innerBoundaryIs"))
        return Polygon(ring=self._ring(outer), holes=holes, confidence_share=self._share)

    def _ring(self, boundary: etree._Element) -> tuple[Position, ...]:
        return self._coords(_child(boundary, "LinearRing"))

    def _box(self, shape: etree._Element) -> Area:
        corners = self._coords(shape)
        if len(corners) != 2:
            raise BadShape(f"has {len(corners)} corners, not two", field="Box")
        south, north = sorted(one.lat_deg for one in corners)
        west, east = sorted(one.lon_deg for one in corners)
        ring = ((west, south), (east, south), (east, north), (west, north))
        positions = tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in ring)
        return Polygon(ring=positions, confidence_share=self._share)

    def _line(self, shape: etree._Element) -> Area:
        self._note("perkiraan: the area around a line")
        return self._around(self._coords(shape))

    def _several(self, shape: etree._Element) -> Area:
        """Give a single member as it is; around several, the area that holds them all."""
        members = list(shape.iterchildren(etree.Element))
        if len(members) == 1:
            return self.area(members[0])
        self._note(f"perkiraan: the area around {len(members)} shapes")
        positions = [self._as_position(one) for one in shape.iterdescendants("{*}coord")]
        if any(local_name(one) not in ("Point", "LineString", "Polygon", "Box") for one in members):
            raise BadShape("holds shapes that cannot be put together", field=local_name(shape)[:40])
        return self._around(tuple(positions))

    def _around(self, positions: tuple[Position, ...]) -> Area:
        """Give the convex hull; of places in one line the circle over their length."""
        if not positions:
            raise BadShape("is missing", field="coord")
        hull = shapely.convex_hull(shapely.MultiPoint([(one.lon_deg, one.lat_deg) for one in positions]))
        if isinstance(hull, shapely.Polygon):
            ring, _ = from_shapely(hull)
            return Polygon(ring=ring, confidence_share=self._share)
        west, south, east, north = hull.bounds
        middle = Position(lon_deg=(west + east) / 2, lat_deg=(south + north) / 2)
        radius_m = max(middle.distance_m(one) for one in positions)
        return (
            Circle(middle=middle, radius_m=radius_m, confidence_share=self._share) if radius_m else Point(middle=middle)
        )

    def _coord(self, shape: etree._Element) -> Position:
        _require_wgs84(shape)
        return self._as_position(_child(shape, "coord"))

    def _coords(self, shape: etree._Element) -> tuple[Position, ...]:
        _require_wgs84(shape)
        return tuple(self._as_position(one) for one in shape.iterchildren("{*}coord"))

    def _as_position(self, coord: etree._Element) -> Position:
        """Read X as latitude and Y as longitude, unless their letters say that they are exchanged."""
        x, y = _ordinate(_child(coord, "X"), "X"), _ordinate(_child(coord, "Y"), "Y")
        if x[1] in ("E", "W") and y[1] in ("N", "S"):
            self._note("X and Y are exchanged, as their letters say")
            x, y = y, x
        if x[1] in ("E", "W") or y[1] in ("N", "S"):
            raise BadShape("has a letter of the other axis", field="X" if x[1] in ("E", "W") else "Y")
        height = next(coord.iterchildren("{*}Z"), None)
        if height is not None and (metres := strict_decimal((height.text or "").strip())) is not None:
            self.altitude_m = metres
        return stated_position(lat_deg=x[0], lon_deg=y[0], lat_field="X", lon_field="Y")

    def _length_m(self, shape: etree._Element, name: str) -> float:
        unit = (shape.findtext("{*}distanceUnit") or "").strip().lower()
        metres = _number(_child(shape, name), name) * _factor(_METRES, unit, "distanceUnit")
        if metres < 0:
            raise BadShape(f"{metres} is less than 0", field=name)
        return metres

    def _angle_deg(self, shape: etree._Element, name: str) -> float:
        unit = (shape.findtext("{*}angularUnit") or "").strip().lower()
        return _number(_child(shape, name), name) * _factor(_DEGREES, unit, "angularUnit")

    def _note(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)


def _require_wgs84(shape: etree._Element) -> None:
    srs = (shape.get("srsName") or "").strip()
    if srs and not _WGS84.fullmatch(srs):
        raise BadShape(f"{srs[:60]!r} is not WGS 84", field="srsName")


def _child(element: etree._Element, name: str) -> etree._Element:
    found = next(element.iterchildren(f"{{*}}{name}"), None)
    if found is None:
        raise BadShape(f"is missing in {local_name(element)[:40]}", field=name)
    return found


def _factor(units: dict[str, float], unit: str, field: str) -> float:
    factor = units.get(unit)
    if factor is None:
        raise BadShape(f"{unit[:40]!r} is no unit that is known here", field=field)
    return factor


def _number(element: etree._Element, name: str) -> float:
    number = strict_decimal((element.text or "").strip())
    if number is None:
        raise BadShape(f"{(element.text or '')[:40]!r} is not a decimal number", field=name)
    return number


def _ordinate(element: etree._Element, name: str) -> tuple[float, str]:
    """Read degrees, or degrees minutes seconds, and the letter behind them."""
    text = " ".join((element.text or "").split())
    plain = _SIDE_FIRST.sub(r"\2\1", " ".join(text.translate(_MARKS).split()))
    digits, side = (plain[:-1].rstrip(), plain[-1]) if plain[-1:].isalpha() else (plain, "")
    if close := _CLOSE.fullmatch(digits):
        plain = f"{close['sign']}{close['deg']} {close['min']} {close['sec']}{side}"
    found = _ORDINATE.fullmatch(plain)
    if found is None:
        raise BadShape(f"{text[:40]!r} is not a coordinate", field=name)
    minutes, seconds = float(found["min"] or 0), float(found["sec"] or 0)
    side, broken = found["side"].upper(), "." in found["deg"] and found["min"] is not None
    if minutes >= 60 or seconds >= 60 or broken or (found["sign"] and side):
        raise BadShape(f"{text[:40]!r} is not a coordinate", field=name)
    degrees = float(found["deg"]) + minutes / 60 + seconds / 3600
    return (-degrees if found["sign"] == "-" or side in ("S", "W") else degrees), side
