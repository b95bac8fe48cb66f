"""Writes AML text messages as a handset sends them (form ML=1), for the simulator."""

from datetime import UTC, datetime

from geo112.core.geo import Position
from geo112.locate.fix import FixMethod

_LETTERS = {FixMethod.GNSS: "G", FixMethod.WIFI: "W", FixMethod.CELL: "C", FixMethod.FUSED: "F", FixMethod.UNKNOWN: "U"}
# Test network 001-01 and an IMEI of zeros: nobody's telephone.
_DEVICE = "si=001010000000000;ei=000000000000000;mcc=001;mnc=01"


def aml_sms(
    position: Position, *, radius_m: float, confidence_percent: int, taken_at: datetime, method: FixMethod
) -> str:
    """Write a position with its radius in metres at a confidence in per cent, measured at a moment."""
    return _closed(
        f"lt={position.lat_deg:+.5f};lg={position.lon_deg:+.5f};rd={radius_m:.0f};top={_utc(taken_at)};"
        f"lc={confidence_percent};pm={_LETTERS[method]}"
    )


def aml_sms_without_position(taken_at: datetime) -> str:
    """Write what a handset sends when it knows no position."""
    return _closed(f"lt=+00.00000;lg=+000.00000;rd=N;top={_utc(taken_at)};lc=0;pm=N")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _closed(fields: str) -> str:
    """Add the length of the whole message, which counts its own digits."""
    text = f'A"ML=1;{fields};{_DEVICE};ml='
    length = len(text) + 2
    if length > 99:
        length += 1
    return f"{text}{length}"
