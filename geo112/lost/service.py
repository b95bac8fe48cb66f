"""Service URNs (RFC 5031): how they are compared, what stands in for one that nobody offers, what is below one."""

from collections.abc import Collection, Iterator
from functools import lru_cache

PREFIX = "urn:service:"
SOS = "urn:service:sos"
# What a 112 centre answers for; every other sos service falls back on the nearest label to its left.
OFFERED = (SOS, "urn:service:sos.ambulance", "urn:service:sos.fire", "urn:service:sos.police")
# Whoever answers for the sea; on land it falls back like any other.
MARINE = "urn:service:sos.marine"
_LONGEST = 200


@lru_cache(maxsize=256)
def normal(urn: str) -> str | None:
    """Give a service URN in lower case, since they compare without case; None for what is none."""
    small = urn.strip().lower()
    labels = small.removeprefix(PREFIX).split(".")
    if not small.startswith(PREFIX) or len(small) > _LONGEST:
        return None
    return small if all(label and label.replace("-", "").isalnum() and label.isascii() for label in labels) else None


def fallbacks(urn: str) -> Iterator[str]:
    """Name a service and then what may stand in for it, label by label from the right: sos.a.b, sos.a, sos."""
    while True:
        yield urn
        shorter, dot, _ = urn.rpartition(".")
        if not dot:
            return
        urn = shorter


def children(urn: str | None, offered: Collection[str]) -> tuple[str, ...] | None:
    """Name the services directly below one, or the top ones without it; None where nothing of it is known."""
    if urn is None:
        return tuple(sorted({PREFIX + one.removeprefix(PREFIX).split(".")[0] for one in offered}))
    below = sorted({".".join(one.split(".")[: urn.count(".") + 2]) for one in offered if one.startswith(f"{urn}.")})
    return tuple(below) if below or urn in offered else None


@lru_cache(maxsize=256)
def label(urn: str) -> str:
    """Give what follows `urn:service:`."""
    return urn.removeprefix(PREFIX)
