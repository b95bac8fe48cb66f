"""The shapes of an uncertain place (RFC 5491, section 5, in two dimensions), each with its confidence."""

import math
from dataclasses import dataclass

from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.polygons import centroid, oriented, require_simple

# Half the way around the earth: no two places are farther apart.
WIDEST_M = 20_000_000.0
DEFAULT_CONFIDENCE_SHARE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place whose uncertainty nobody stated: unknown, not zero (RFC 7459, 3.1)."""

    middle: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The caller is within `radius_m` of `middle` with the stated confidence (RFC 5491, 5.2.3)."""

    middle: Position
    radius_m: float
    confidence_share: float = DEFAULT_CONFIDENCE_SHARE

    def __post_init__(self) -> None:
        """Refuse radii and confidences that cannot be meant."""
        _require_length(self.radius_m, field="radius_m")
        _require_confidence(self.confidence_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """The caller is in an ellipse; `orientation_deg` is the bearing of its major axis, north clockwise (5.2.4)."""

    middle: Position
    semi_major_m: float
    semi_minor_m: float
    orientation_deg: float
    confidence_share: float = DEFAULT_CONFIDENCE_SHARE

    def __post_init__(self) -> None:
        """Refuse axes, angles and confidences that cannot be meant."""
        _require_length(self.semi_major_m, field="semi_major_m")
        _require_length(self.semi_minor_m, field="semi_minor_m")
        if self.semi_minor_m > self.semi_major_m:
            raise BadShape(f"{self.semi_minor_m!r} is longer than the semi-major axis", field="semi_minor_m")
        _require_angle(self.orientation_deg, field="orientation_deg")
        _require_confidence(self.confidence_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcBand:
    """The caller is between two distances from `apex` and within `opening_deg` clockwise of `start_deg` (5.2.5).

    `apex` is mostly an antenna, outside the band; an opening of 360 is a whole ring, an `inner_m` of 0 a sector.
    """

    apex: Position
    inner_m: float
    outer_m: float
    start_deg: float
    opening_deg: float
    confidence_share: float = DEFAULT_CONFIDENCE_SHARE

    def __post_init__(self) -> None:
        """Refuse radii, angles and confidences that cannot be meant."""
        if not (math.isfinite(self.inner_m) and self.inner_m >= 0):
            raise BadShape(f"{self.inner_m!r} is not a distance in metres from 0 on", field="inner_m")
        _require_length(self.outer_m, field="outer_m")
        if self.inner_m >= self.outer_m:
            raise BadShape(f"{self.outer_m!r} is not above the inner radius", field="outer_m")
        _require_angle(self.start_deg, field="start_deg")
        if not (math.isfinite(self.opening_deg) and 0 < self.opening_deg <= 360):
            raise BadShape(f"{self.opening_deg!r} is not an opening above 0 and up to 360 degrees", field="opening_deg")
        _require_confidence(self.confidence_share)

    @property
    def middle(self) -> Position:
        """Centre of mass of the band; of a whole ring the apex. It can lie outside the band (RFC 7459, 5.1.1)."""
        if self.opening_deg == 360:
            return self.apex
        return self.apex.moved(bearing_deg=self.start_deg + self.opening_deg / 2, distance_m=self.distance_to_middle_m)

    @property
    def distance_to_middle_m(self) -> float:
        """`4 sin(o/2) (R^2 + R r + r^2) / (3 o (R + r))`, from the apex along the middle of the opening (RFC 7459)."""
        opening, outer, inner = math.radians(self.opening_deg), self.outer_m, self.inner_m
        moment = outer * outer + outer * inner + inner * inner
        return 4 * math.sin(opening / 2) * moment / (3 * opening * (outer + inner))


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon:
    """The caller is within a ring of straight lines in degrees, without its holes (RFC 5491, 5.2.2; RFC 5964).

    Rings do not repeat their first position; the outer one is kept counter-clockwise, holes clockwise.
    """

    ring: tuple[Position, ...]
    holes: tuple[tuple[Position, ...], ...] = ()
    confidence_share: float = DEFAULT_CONFIDENCE_SHARE

    def __post_init__(self) -> None:
        """Refuse rings that cross themselves or enclose nothing, and put them into their direction."""
        object.__setattr__(self, "ring", oriented(self.ring, clockwise=False))
        object.__setattr__(self, "holes", tuple(oriented(hole, clockwise=True) for hole in self.holes))
        require_simple(self.ring, self.holes)
        _require_confidence(self.confidence_share)

    @property
    def middle(self) -> Position:
        """Centre of mass; of a concave polygon it can lie outside."""
        return centroid(self.ring, self.holes)


Area = Point | Circle | Ellipse | ArcBand | Polygon
Uncertain = Circle | Ellipse | ArcBand | Polygon


def _require_length(metres: float, *, field: str) -> None:
    if not (math.isfinite(metres) and 0 < metres <= WIDEST_M):
        raise BadShape(f"{metres!r} is not a length in metres above 0", field=field)


def _require_angle(degrees: float, *, field: str) -> None:
    if not (math.isfinite(degrees) and -360 <= degrees <= 360):
        raise BadShape(f"{degrees!r} is not an angle from -360 to 360 degrees", field=field)


def _require_confidence(share: float) -> None:
    if not (math.isfinite(share) and 0 < share <= 1):
        raise BadShape(f"{share!r} is not a confidence above 0 and up to 1", field="confidence_share")
