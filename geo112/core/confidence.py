"""Confidence and uncertainty as RFC 7459 relates them."""

import math
from statistics import NormalDist
from typing import overload

from geo112.core.errors import BadShape
from geo112.core.shapes import WIDEST_M, ArcBand, Area, Circle, Ellipse, Point, Polygon

STANDARD_CONFIDENCE_SHARE = 0.95


_SMALL = 1e-6
_BELOW_ONE = math.nextafter(1.0, 0.0)


def _erfinv(value: float) -> float:
    """Inverse error function by the quantile of the normal distribution; near 0 by its series, for the digits."""
    if value < _SMALL:
        return value * math.sqrt(math.pi) / 2
    return NormalDist().inv_cdf(min((value + 1) / 2, _BELOW_ONE)) / math.sqrt(2)


def scale_factor(*, from_share: float, to_share: float, dimensions: int = 2) -> float:
    """Say by how much an uncertainty grows from one confidence to another.

    `U_d = U_o * erfinv(C_d^(1/n)) / erfinv(C_o^(1/n))`, RFC 7459 section 5.4.2, normal distribution, n dimensions.
    """
    for share in (from_share, to_share):
        if not 0 < share < 1:
            raise BadShape(f"{share!r} is not a confidence between 0 and 1", field="confidence_share")
    return _erfinv(to_share ** (1 / dimensions)) / _erfinv(from_share ** (1 / dimensions))


def share_in_two_dimensions(share_in_three: float) -> float:
    """Confidence that is left when a shape loses its height: at least `C^(2/3)` (RFC 7459, 5.3)."""
    return float(share_in_three ** (2 / 3))


def share_in_three_dimensions(share_in_two: float) -> float:
    """Confidence of a shape in space whose shadow on the map has this one: `C^(3/2)` (RFC 7459, 5.3, turned round)."""
    return float(share_in_two**1.5)


def share_when_shrunk(share: float, *, from_m2: float, to_m2: float) -> float:
    """Confidence of a part of an area whose probability is even: `C_r = C_o * A_r / A_o` (RFC 7459, 5.4.1)."""
    return share * min(1.0, to_m2 / from_m2)


def at_confidence(area: Area, share: float) -> Area:
    """Give the area that holds the caller with this confidence (RFC 7459, 5.4).

    Circles and ellipses are taken as normal in two dimensions; a whole ring as normal in its one, the distance; a band
    as normal in distance and direction, each for itself, which is the rule's `C^(1/2)`. A point has no confidence, and
    a polygon of whatever confidence cannot be grown or shrunk by a rule: both stay as they are. So does an area that
    claims certainty (confidence 1): no normal distribution has an edge. No length grows beyond half the way around the
    earth, where the caller is for certain.
    """
    if isinstance(area, Point | Polygon) or area.confidence_share in (1.0, share):
        return area
    dimensions = 1 if isinstance(area, ArcBand) and area.opening_deg == 360 else 2
    factor = scale_factor(from_share=area.confidence_share, to_share=share, dimensions=dimensions)
    match area:
        case Circle():
            return Circle(middle=area.middle, radius_m=_on_earth(area.radius_m * factor), confidence_share=share)
        case Ellipse():
            return Ellipse(
                middle=area.middle,
                semi_major_m=_on_earth(area.semi_major_m * factor),
                semi_minor_m=_on_earth(area.semi_minor_m * factor),
                orientation_deg=area.orientation_deg,
                confidence_share=share,
            )
        case ArcBand():  # pragma: no branch - mypy counts the shapes
            return _scaled_band(area, factor, share)


@overload
def at_standard_confidence(area: Circle) -> Circle: ...
@overload
def at_standard_confidence(area: Area) -> Area: ...
def at_standard_confidence(area: Area) -> Area:
    """Give the area that holds the caller with 95 % (RFC 7459, 5.4.2 and 5.5), where a rule can say so."""
    return at_confidence(area, STANDARD_CONFIDENCE_SHARE)


def _scaled_band(band: ArcBand, factor: float, share: float) -> ArcBand:
    """Widen or narrow a band about the middle of its distances and of its opening."""
    half_m, middle_m = (band.outer_m - band.inner_m) / 2, (band.outer_m + band.inner_m) / 2
    opening_deg = min(360.0, band.opening_deg * factor) if band.opening_deg < 360 else 360.0
    start_deg = (band.start_deg + (band.opening_deg - opening_deg) / 2) % 360
    inner_m = max(0.0, middle_m - half_m * factor)
    return ArcBand(
        apex=band.apex,
        inner_m=inner_m,
        # A band of less than a nanometre must not shrink to none.
        outer_m=max(_on_earth(middle_m + half_m * factor), math.nextafter(inner_m, math.inf)),
        start_deg=start_deg,
        opening_deg=opening_deg,
        confidence_share=share,
    )


def _on_earth(metres: float) -> float:
    return min(metres, WIDEST_M)
