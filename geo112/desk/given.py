"""A position as somebody gave it, not looked at yet: it is recorded before it is judged."""

import json
from dataclasses import dataclass, fields
from datetime import datetime

from geo112.core.clock import from_iso, to_iso
from geo112.core.errors import BadInput, BadPosition, BadShape
from geo112.core.geo import Position, position_from_degrees, require_field
from geo112.core.shapes import DEFAULT_CONFIDENCE_SHARE, ArcBand, Area, Circle, Ellipse, Point, Polygon
from geo112.locate.degrees import RADIUS_UNKNOWN
from geo112.locate.fix import Fix, FixMethod, FixSource

CONFIDENCE_MISSING = "confidence missing: 95 % taken"

# The measures of each shape, by the names that they have in JSON; one shape is given at most, and then whole.
CIRCLE = ("radius_m",)
ELLIPSE = ("semi_major_m", "semi_minor_m", "orientation_deg")
ARC_BAND = ("inner_m", "outer_m", "start_deg", "opening_deg")
RING = ("ring",)
SHAPES = (CIRCLE, ELLIPSE, ARC_BAND, RING)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPosition:
    """A place with the measures of one shape, or of none; `ring` is lon, lat as in GeoJSON and needs no place."""

    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_m: float | None = None
    semi_major_m: float | None = None
    semi_minor_m: float | None = None
    orientation_deg: float | None = None
    inner_m: float | None = None
    outer_m: float | None = None
    start_deg: float | None = None
    opening_deg: float | None = None
    ring: tuple[tuple[float, float], ...] | None = None
    confidence_share: float | None = None
    source: FixSource = FixSource.TYPED
    method: FixMethod = FixMethod.UNKNOWN
    taken_at: datetime | None = None
    altitude_m: float | None = None
    vertical_accuracy_m: float | None = None
    warnings: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Write the position as it was given, for the person table."""
        said = {item.name: getattr(self, item.name) for item in fields(self)}
        said["taken_at"] = None if self.taken_at is None else to_iso(self.taken_at)
        always = ("lat_deg", "lon_deg", "radius_m", "confidence_share", "taken_at", "warnings")
        kept = {name: value for name, value in said.items() if name in always or value is not None}
        return json.dumps({"position": kept})

    def to_fix(self) -> Fix:
        """Make a fix of it; raises BadPosition or BadShape naming the field that cannot be meant."""
        area, found = self._area()
        warnings = tuple(dict.fromkeys((*self.warnings, *found)))
        return Fix(
            area=area,
            source=self.source,
            method=self.method,
            taken_at=self.taken_at,
            altitude_m=self.altitude_m,
            vertical_accuracy_m=self.vertical_accuracy_m,
            warnings=warnings,
        )

    def require_place(self) -> "GivenPosition":
        """Return it where it says where it is; raises BadPosition naming what is missing."""
        self._place() if self.ring is None else self._no_place()
        return self

    def _area(self) -> tuple[Area, tuple[str, ...]]:
        """Draw the one shape that is given, with what has to be said about it."""
        shape = self._shape()
        if shape is RING:
            return self._polygon()
        middle = position_from_degrees(**self._place())
        if shape is None and self.confidence_share is not None:
            raise BadShape("a confidence belongs to a radius_m or another shape", field="confidence_share")
        if shape is None or (shape is CIRCLE and self.radius_m == 0):
            # Telephones that know no accuracy say 0, and nobody is anywhere to the millimetre.
            return Point(middle=middle), () if shape is None else (RADIUS_UNKNOWN,)
        measures = {name: getattr(self, name) for name in shape}
        share, warnings = self._confidence()
        if shape is CIRCLE:
            return Circle(middle=middle, confidence_share=share, **measures), warnings
        if shape is ELLIPSE:
            return Ellipse(middle=middle, confidence_share=share, **measures), warnings
        return ArcBand(apex=middle, confidence_share=share, **measures), warnings

    def _shape(self) -> tuple[str, ...] | None:
        """Find the one shape whose measures are given; raises BadShape for two, or for half of one."""
        given = [(shape, [name for name in shape if getattr(self, name) is not None]) for shape in SHAPES]
        begun = [(shape, named) for shape, named in given if named]
        if not begun:
            return None
        if len(begun) > 1:
            first, second = begun[0][1][0], begun[1][1][0]
            raise BadShape(f"{second} is of another shape than {first}: give one of them", field=second)
        shape, named = begun[0]
        missing = next((name for name in shape if name not in named), None)
        if missing is not None:
            raise BadShape(f"is missing: {named[0]} needs it", field=missing)
        return shape

    def _place(self) -> dict[str, float]:
        if self.lat_deg is None:
            raise BadPosition("is missing", field="lat_deg")
        if self.lon_deg is None:
            raise BadPosition("is missing", field="lon_deg")
        return {"lat_deg": self.lat_deg, "lon_deg": self.lon_deg}

    def _no_place(self) -> None:
        for name in ("lat_deg", "lon_deg"):
            if getattr(self, name) is not None:
                raise BadPosition("a ring says itself where it is: leave this out", field=name)

    def _polygon(self) -> tuple[Polygon, tuple[str, ...]]:
        self._no_place()
        share, warnings = self._confidence()
        try:
            corners = tuple(require_field(Position(lon_deg=lon, lat_deg=lat)) for lon, lat in self.ring or ())
        except BadPosition as error:
            raise BadPosition(f"{error.field}: {error.message}", field="ring") from None
        return Polygon(ring=corners, confidence_share=share), warnings

    def _confidence(self) -> tuple[float, tuple[str, ...]]:
        if self.confidence_share is None:
            return DEFAULT_CONFIDENCE_SHARE, (CONFIDENCE_MISSING,)
        return self.confidence_share, ()


def given_position_from_text(text: str) -> GivenPosition | None:
    """Read what `GivenPosition.to_text` wrote; None for any other text."""
    try:
        body = dict(json.loads(text)["position"])
        body["source"], body["method"] = FixSource(body["source"]), FixMethod(body["method"])
        body["taken_at"] = None if body["taken_at"] is None else from_iso(body["taken_at"])
        body["warnings"] = tuple(body.get("warnings", ()))
        if body.get("ring") is not None:
            body["ring"] = tuple((lon, lat) for lon, lat in body["ring"])
        return GivenPosition(**body)
    except (ValueError, KeyError, TypeError, RecursionError, BadInput):
        return None
