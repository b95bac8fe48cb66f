"""Confidence and uncertainty as RFC 7459 relates them."""

import math
from statistics import NormalDist

from geo112.core.errors import BadShape
from geo112.core.geo import Circle

STANDARD_CONFIDENCE_SHARE = 0.95


def _erfinv(value: float) -> float:
    """Inverse error function by the quantile of the normal distribution."""
    return NormalDist().inv_cdf((value + 1) / 2) / math.sqrt(2)


def scale_factor(*, from_share: float, to_share: float, dimensions: int = 2) -> float:
    """Say by how much an uncertainty grows from one confidence to another.

    `U_d = U_o * erfinv(C_d^(1/n)) / erfinv(C_o^(1/n))`, RFC 7459 section 5.4.2, normal distribution, n dimensions.
    """
    for share in (from_share, to_share):
        if not 0 < share < 1:
            raise BadShape(f"{share!r} is not a confidence between 0 and 1", field="confidence_share")
    return _erfinv(to_share ** (1 / dimensions)) / _erfinv(from_share ** (1 / dimensions))


def at_standard_confidence(circle: Circle) -> Circle:
    """Give the circle that holds the caller with 95 % (RFC 7459, 5.4.2 and 5.5).

    A circle that claims certainty (confidence 1) stays as it is: no normal distribution has an edge.
    """
    if circle.confidence_share in (1.0, STANDARD_CONFIDENCE_SHARE):
        return circle
    factor = scale_factor(from_share=circle.confidence_share, to_share=STANDARD_CONFIDENCE_SHARE)
    return Circle(middle=circle.middle, radius_m=circle.radius_m * factor, confidence_share=STANDARD_CONFIDENCE_SHARE)
