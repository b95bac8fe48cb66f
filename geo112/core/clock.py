"""Time: aware UTC inside, WIB/WITA/WIT only on screens."""

from datetime import UTC, datetime
from typing import Protocol

from geo112.core.errors import BadInput


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Give the present moment as aware UTC."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Give the present moment as aware UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def to_iso(moment: datetime) -> str:
    """Write a moment as ISO 8601 UTC with `Z`, milliseconds only where there are any."""
    utc = moment.astimezone(UTC)
    text = utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def from_iso(text: str, *, field: str = "time") -> datetime:
    """Read an ISO 8601 moment that names its offset; raises BadInput for any other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is not an ISO 8601 time", field=field) from None
    if moment.tzinfo is None:
        raise BadInput(f"{text!r} does not say its time zone; write UTC with Z", field=field)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise BadInput(f"{text!r} is beyond the years that a calendar knows", field=field) from None
