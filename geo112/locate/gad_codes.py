"""The numbers of 3GPP TS 23.032: uncertainties, coordinates and angles as codes, and back.

Uncertainty codes grow by a constant factor, so that a few bits reach from a metre to the size of a country.
"""

import math
from dataclasses import dataclass

from geo112.core.errors import BadShape
from geo112.core.geo import Position

HIGHEST_CODE, HIGHEST_FINE_CODE = 127, 255
INNER_STEP_M = 5
ANGLE_STEP_DEG = 2
_HALF_TURN_LAT, _TURN_LON = 90.0, 360.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One relation between codes and metres: `scale_m * ((1 + growth_share) ** code - 1)`."""

    scale_m: float
    growth_share: float
    highest: int

    def metres(self, code: int) -> float:
        """Give the metres of a code."""
        return self.scale_m * ((1 + self.growth_share) ** code - 1)

    def code(self, metres: float) -> int:
        """Give the lowest code that covers so many metres; raises BadShape where none does."""
        if not (math.isfinite(metres) and 0 <= metres <= self.metres(self.highest)):
            raise BadShape(f"{metres!r} m has no uncertainty code", field="radius_m")
        code = max(0, math.ceil(math.log1p(metres / self.scale_m) / math.log1p(self.growth_share)) - 1)
        while self.metres(code) < metres:
            code += 1
        return code


ON_GROUND = Scale(scale_m=10.0, growth_share=0.1, highest=HIGHEST_CODE)
IN_HEIGHT = Scale(scale_m=45.0, growth_share=0.025, highest=HIGHEST_CODE)
FINE = Scale(scale_m=0.3, growth_share=0.02, highest=HIGHEST_FINE_CODE)


def uncertainty_m(code: int) -> float:
    """Radius in metres of an uncertainty code of 7 bits: `10 (1.1^K - 1)`."""
    return ON_GROUND.metres(code)


def uncertainty_code(radius_m: float) -> int:
    """Code of 7 bits of a radius, rounded up, so that the stated circle never gets smaller; raises BadShape."""
    return ON_GROUND.code(radius_m)


def read_place(octets: bytes) -> Position:
    """Read latitude and longitude of three octets each: the middle of the step that they name.

    A latitude is a sign and a magnitude in steps of 90/2^23 degrees, a longitude a two's complement in steps of
    360/2^24.
    """
    lat = int.from_bytes(octets[:3])
    magnitude_deg = ((lat & 0x7FFFFF) + 0.5) * _HALF_TURN_LAT / 2**23
    lon_deg = (int.from_bytes(octets[3:6], signed=True) + 0.5) * _TURN_LON / 2**24
    return Position(lat_deg=-magnitude_deg if lat & 0x800000 else magnitude_deg, lon_deg=lon_deg)


def write_place(place: Position) -> bytes:
    """Write latitude and longitude as three octets each, in the step that holds them."""
    magnitude = min(2**23 - 1, math.floor(abs(place.lat_deg) * 2**23 / _HALF_TURN_LAT))
    lon = min(2**23 - 1, math.floor(place.lon_deg * 2**24 / _TURN_LON))
    return ((0x800000 if place.lat_deg < 0 else 0) | magnitude).to_bytes(3) + lon.to_bytes(3, signed=True)


def read_fine_place(octets: bytes) -> Position:
    """Read latitude and longitude of four octets each, both two's complement, in steps of 90/2^31 and 180/2^31."""
    lat, lon = (int.from_bytes(part, signed=True) + 0.5 for part in (octets[:4], octets[4:8]))
    return Position(lat_deg=lat * 90 / 2**31, lon_deg=lon * 180 / 2**31)
