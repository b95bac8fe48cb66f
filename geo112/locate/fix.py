"""A fix: where a caller is, how sure that is, when it was measured and how it came."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from geo112.core.shapes import Area


class FixSource(StrEnum):
    """The way by which a position reached the centre."""

    AML = "AML"
    SMS_LINK = "SMS_LINK"
    APP = "APP"
    OPERATOR = "OPERATOR"
    SIP = "SIP"
    CELL = "CELL"
    PATOKAN = "PATOKAN"
    TYPED = "TYPED"


class FixMethod(StrEnum):
    """How the position was measured."""

    GNSS = "gnss"
    WIFI = "wifi"
    CELL = "cell"
    FUSED = "fused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Where, how sure, when, how obtained; what the source did not say is None.

    `altitude_m` is above the ellipsoid, `vertical_accuracy_m` its uncertainty, `floor` as the device calls it.
    """

    area: Area
    source: FixSource
    method: FixMethod
    taken_at: datetime | None
    altitude_m: float | None = None
    vertical_accuracy_m: float | None = None
    floor: str | None = None
    warnings: tuple[str, ...] = ()


# A civic address as (element, text) in its order, such as ("A3", "Blitar") (RFC 5139): kept, never made a position.
Civic = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a message tells about the telephone; personal, so it never enters an event."""

    imei: str | None = None
    imsi: str | None = None
    mcc: str | None = None
    mnc: str | None = None
    home_mcc: str | None = None
    home_mnc: str | None = None
    languages: str | None = None
    number: str | None = None
    model: str | None = None
    iccid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialled:
    """What a message tells about the call itself: the number dialled and when the call started."""

    number: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A message that was understood and holds a position."""

    fix: Fix
    device: Device = Device()
    dialled: Dialled = Dialled()
    civic: Civic = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the call taker should know about this position."""
        return self.fix.warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPosition:
    """A message that was understood and says that no position is known."""

    reason: str
    taken_at: datetime | None = None
    civic: Civic = ()
    device: Device = Device()
    dialled: Dialled = Dialled()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """A message that is broken or is no location message; `field` names what is wrong where one can be named."""

    reason: str
    field: str | None = None
    warnings: tuple[str, ...] = ()


Reading = Located | NoPosition | NotUnderstood
