"""Areas as octets of a mobile network (3GPP TS 23.032, GAD), read.

The layouts are those of implementations; the text of the standard was not at hand. Whether the orientation of an
ellipse counts in steps of two degrees or of one, they differ: `orientation_factor` says it, and the operator knows.

A GAD area without a confidence is taken as one of 68 %. The 95 % of RFC 7459 are the default of PIDF-LO; networks state
67 or 68 % as a rule, and of two readings the lower confidence makes the larger area: too large costs a question, too
small sends help to the wrong place.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from geo112.core.confidence import share_in_two_dimensions
from geo112.core.errors import BadInput, BadMessage
from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.locate.degrees import RADIUS_UNKNOWN, field_warnings
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading
from geo112.locate.gad_codes import (
    ANGLE_STEP_DEG,
    FINE,
    IN_HEIGHT,
    INNER_STEP_M,
    ON_GROUND,
    Scale,
    read_fine_place,
    read_place,
)
from geo112.locate.octets import is_strictly_packed, octets_of, require_octets

DEFAULT_ORIENTATION_FACTOR = 2
UNKNOWN_CONFIDENCE_SHARE = 0.68
CONFIDENCE_UNKNOWN = "confidence unknown: 68 % taken"

_POINT, _CIRCLE, _ELLIPSE, _POLYGON = 0, 1, 3, 5
_ALTITUDE, _ELLIPSOID, _ARC, _FINE_ELLIPSE, _FINE_ELLIPSOID = 8, 9, 10, 11, 12
_LENGTHS = {
    _POINT: 7, _CIRCLE: 8, _ELLIPSE: 11, _ALTITUDE: 9, _ELLIPSOID: 14, _ARC: 13, _FINE_ELLIPSE: 13, _FINE_ELLIPSOID: 18,
}  # fmt: skip
_FEWEST_CORNERS = 3
_HIGHEST_ANGLE = 179


@dataclass(slots=True, kw_only=True)
class _Octets:
    """The octets of one area while they are being read, with the warnings that reading them gave."""

    octets: bytes
    orientation_factor: int
    warnings: list[str] = field(default_factory=list)

    def number(self, at: int, *, bits: int = 7, name: str = "spare bits") -> int:
        """Give one octet; a bit above those that count is passed over with a warning."""
        value = self.octets[at]
        if value >> bits:
            self.warnings.append(f"{name} not zero")
        return value & (1 << bits) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GadArea:
    """What octets say: the area, the height where they have one, and what is to be said about them."""

    area: Area
    altitude_m: float | None = None
    vertical_accuracy_m: float | None = None
    warnings: tuple[str, ...] = ()


def read_gad(text: str, *, orientation_factor: int = DEFAULT_ORIENTATION_FACTOR) -> Reading:
    """Read hex or base64 as a GAD area; never raises: what is broken comes back as NotUnderstood."""
    try:
        found = decode_gad(require_octets(text, field="message"), orientation_factor=orientation_factor)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)
    middle = found.area.middle
    # The steps of the coordinates make a written 0/0 a place a metre away.
    if abs(middle.lat_deg) < 2e-5 and abs(middle.lon_deg) < 4e-5:
        return NoPosition(reason="0/0 is what networks send when they know no position", warnings=found.warnings)
    fix = Fix(
        area=found.area,
        source=FixSource.OPERATOR,
        method=FixMethod.UNKNOWN,
        taken_at=None,
        altitude_m=found.altitude_m,
        vertical_accuracy_m=found.vertical_accuracy_m,
        warnings=(*found.warnings, "time of positioning unknown", *field_warnings(middle)),
    )
    return Located(fix=fix)


def is_plainly_gad(text: str) -> bool:
    """Tell whether a text can be nothing else: packed, of exactly the length of its type, and nothing odd in it.

    Telephone numbers, which are hex digits too, and words are not.
    """
    if not is_strictly_packed(text):
        return False
    octets = octets_of(text) or b""
    try:
        found = decode_gad(octets, orientation_factor=DEFAULT_ORIENTATION_FACTOR)
    except BadInput:
        return False
    return not set(found.warnings) - {RADIUS_UNKNOWN, CONFIDENCE_UNKNOWN}


def decode_gad(octets: bytes, *, orientation_factor: int = DEFAULT_ORIENTATION_FACTOR) -> GadArea:
    """Read the octets of one area; raises BadMessage or BadShape naming what is wrong."""
    if not octets:
        raise BadMessage("is empty", field="message")
    kind, low = octets[0] >> 4, octets[0] & 0x0F
    if kind == _POLYGON:
        if low < _FEWEST_CORNERS:
            raise BadMessage(f"{low} corners enclose nothing", field="ring")
        length = 1 + 6 * low
    elif kind in _LENGTHS:
        length = _LENGTHS[kind]
    else:
        raise BadMessage(f"shape {kind} is not known", field="shape")
    if len(octets) < length:
        raise BadMessage(f"has {len(octets)} octets, shape {kind} needs {length}", field="message")
    said = _Octets(octets=octets[:length], orientation_factor=orientation_factor)
    if len(octets) > length:
        said.warnings.append(f"{len(octets) - length} octets behind the area ignored")
    if low and kind != _POLYGON:
        said.warnings.append("spare bits not zero")
    return _READERS[kind](said)


def _told(said: _Octets, area: Area, *, altitude_m: float | None = None, vertical_m: float | None = None) -> GadArea:
    """Give the area with its warnings; a vertical uncertainty of 0 is unknown."""
    if isinstance(area, Point):
        said.warnings.append(RADIUS_UNKNOWN)
    return GadArea(
        area=area, altitude_m=altitude_m, vertical_accuracy_m=vertical_m or None, warnings=tuple(said.warnings)
    )


def _confidence_share(said: _Octets, at: int | None, *, dimensions: int = 2) -> float:
    """Read a confidence in percent; 0 and more than 100 are no information."""
    percent = 0 if at is None else said.number(at)
    if not 1 <= percent <= 100:
        if percent > 100:
            said.warnings.append(f"{percent} is no percentage")
        said.warnings.append(CONFIDENCE_UNKNOWN)
        return UNKNOWN_CONFIDENCE_SHARE
    return share_in_two_dimensions(percent / 100) if dimensions == 3 else percent / 100


def _ellipse(said: _Octets, middle: Position, at: int, *, scale: Scale = ON_GROUND, dimensions: int = 2) -> Area:
    """Read both axes, the orientation of the major one and, at its place, the confidence.

    An axis of code 0 is unknown, and equal axes are a circle. Axes that stand the wrong way round are the same ellipse,
    a quarter turn on.
    """
    bits = 8 if scale is FINE else 7
    major_m, minor_m = (scale.metres(said.number(at + n, bits=bits)) for n in (0, 1))
    turn = said.number(at + 2, bits=8)
    confidence_at = at + 3 if dimensions == 2 else at + 4
    if major_m == 0 and minor_m == 0:
        return Point(middle=middle)
    share = _confidence_share(said, confidence_at, dimensions=dimensions)
    longest_m = max(major_m, minor_m)
    if turn > _HIGHEST_ANGLE:
        said.warnings.append(f"orientation {turn} is no angle: the circle around the ellipse is taken")
        return Circle(middle=middle, radius_m=longest_m, confidence_share=share)
    if major_m == 0 or minor_m == 0:
        said.warnings.append("one axis is unknown: a circle of the other is taken")
        return Circle(middle=middle, radius_m=longest_m, confidence_share=share)
    if major_m == minor_m:
        return Circle(middle=middle, radius_m=major_m, confidence_share=share)
    orientation_deg = float(turn * said.orientation_factor % 180)
    if minor_m > major_m:
        said.warnings.append("the semi-minor axis is the longer one: taken as the semi-major")
        orientation_deg, major_m, minor_m = (orientation_deg + 90) % 180, minor_m, major_m
    return Ellipse(
        middle=middle,
        semi_major_m=major_m,
        semi_minor_m=minor_m,
        orientation_deg=orientation_deg,
        confidence_share=share,
    )


def _point(said: _Octets) -> GadArea:
    return _told(said, Point(middle=read_place(said.octets[1:])))


def _circle(said: _Octets) -> GadArea:
    middle, radius_m = read_place(said.octets[1:]), ON_GROUND.metres(said.number(7))
    if radius_m == 0:
        return _told(said, Point(middle=middle))
    share = _confidence_share(said, None)
    return _told(said, Circle(middle=middle, radius_m=radius_m, confidence_share=share))


def _plain_ellipse(said: _Octets) -> GadArea:
    return _told(said, _ellipse(said, read_place(said.octets[1:]), 7))


def _polygon(said: _Octets) -> GadArea:
    ring = tuple(read_place(said.octets[at:]) for at in range(1, len(said.octets), 6))
    return _told(said, Polygon(ring=ring, confidence_share=_confidence_share(said, None)))


def _altitude_m(said: _Octets, at: int) -> float:
    """Read a height in metres; the highest bit says that it is a depth."""
    value = int.from_bytes(said.octets[at : at + 2])
    return float(-(value & 0x7FFF) if value & 0x8000 else value)


def _point_with_altitude(said: _Octets) -> GadArea:
    return _told(said, Point(middle=read_place(said.octets[1:])), altitude_m=_altitude_m(said, 7))


def _ellipsoid(said: _Octets) -> GadArea:
    area = _ellipse(said, read_place(said.octets[1:]), 9, dimensions=3)
    vertical_m = IN_HEIGHT.metres(said.number(12))
    return _told(said, area, altitude_m=_altitude_m(said, 7), vertical_m=vertical_m)


def _arc(said: _Octets) -> GadArea:
    """Read an arc: the inner radius in steps of 5 m, the width, from which angle on and how wide, in steps of 2."""
    inner_m = float(int.from_bytes(said.octets[7:9]) * INNER_STEP_M)
    width_m = ON_GROUND.metres(said.number(9))
    offset, included = said.octets[10], said.octets[11]
    if width_m == 0:
        raise BadMessage("the width of the band is unknown", field="outer_m")
    for angle, name in ((offset, "start_deg"), (included, "opening_deg")):
        if angle > _HIGHEST_ANGLE:
            raise BadMessage(f"{angle} is no angle in steps of two degrees", field=name)
    # The last code is the whole ring, the first one not nothing (its step reaches to two degrees).
    opening_deg = 360.0 if included == _HIGHEST_ANGLE else float(max(included, 1) * ANGLE_STEP_DEG)
    band = ArcBand(
        apex=read_place(said.octets[1:]),
        inner_m=inner_m,
        outer_m=inner_m + width_m,
        start_deg=float(offset * ANGLE_STEP_DEG),
        opening_deg=opening_deg,
        confidence_share=_confidence_share(said, 12),
    )
    return _told(said, band)


def _fine_ellipse(said: _Octets) -> GadArea:
    return _told(said, _ellipse(said, read_fine_place(said.octets[1:]), 9, scale=FINE))


def _fine_ellipsoid(said: _Octets) -> GadArea:
    """Read the fine ellipsoid, whose height counts in steps of 1/128 m and has a confidence of its own."""
    height = int.from_bytes(said.octets[9:12]) & 0x3FFFFF
    altitude_m = (height - 0x400000 if height & 0x200000 else height) / 128
    area = _ellipse(said, read_fine_place(said.octets[1:]), 12, scale=FINE)
    return _told(said, area, altitude_m=altitude_m, vertical_m=FINE.metres(said.number(16, bits=8)))


_READERS: dict[int, Callable[[_Octets], GadArea]] = {
    _POINT: _point,
    _CIRCLE: _circle,
    _ELLIPSE: _plain_ellipse,
    _POLYGON: _polygon,
    _ALTITUDE: _point_with_altitude,
    _ELLIPSOID: _ellipsoid,
    _ARC: _arc,
    _FINE_ELLIPSE: _fine_ellipse,
    _FINE_ELLIPSOID: _fine_ellipsoid,
}
