"""Numbers and degrees as messages and people write them: read strictly, never guessed."""

import re

from geo112.core.errors import BadPosition
from geo112.core.geo import Position, in_field

RADIUS_UNKNOWN = "radius unknown"
OUTSIDE_INDONESIA = "outside Indonesia"

# Only ASCII digits and one dot: float() alone would take "nan", "inf", "1e309", "1_0" and Arabic digits.
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})", re.ASCII)


def strict_decimal(text: str) -> float | None:
    """Read a plain decimal number; None for anything else, so that no exponent, NaN or underscore slips in."""
    return float(text) if _DECIMAL.fullmatch(text) else None


def is_zero_pair(*, lat_deg: float, lon_deg: float) -> bool:
    """Tell whether both coordinates are zero, which devices send when they know no position."""
    return lat_deg == 0 and lon_deg == 0


def stated_position(*, lat_deg: float, lon_deg: float, lat_field: str, lon_field: str) -> Position:
    """Make a position anywhere on earth; raises BadPosition with the sender's own name of the field.

    In Indonesia a longitude (94 to 142) can never be a latitude, so a swapped pair is always recognised; it is never
    swapped back, since nobody knows what the sender meant.
    """
    if 90 < abs(lat_deg) <= 180 and abs(lon_deg) <= 90:
        raise BadPosition(f"{lat_deg} looks like a longitude: latitude and longitude are swapped", field=lat_field)
    if not abs(lat_deg) <= 90:
        raise BadPosition(f"{lat_deg} is not a latitude from -90 to 90", field=lat_field)
    if not abs(lon_deg) <= 180:
        raise BadPosition(f"{lon_deg} is not a longitude from -180 to 180", field=lon_field)
    return Position(lon_deg=lon_deg + 0.0, lat_deg=lat_deg + 0.0)  # + 0.0 turns -0.0 into 0.0


def field_warnings(position: Position) -> tuple[str, ...]:
    """Warn of a position that is a place on earth but none for an Indonesian centre."""
    return () if in_field(position) else (OUTSIDE_INDONESIA,)
