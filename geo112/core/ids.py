"""Names for calls, people and incidents: unique without asking anybody, and in the order of time."""

import secrets
from datetime import datetime
from uuid import UUID

from geo112.core.codes import CallId, IncidentId, KodeKabKota, PersonRef

RANDOM_BYTES = 10


def uuid7(now: datetime, random_bytes: bytes) -> str:
    """Make a UUID version 7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970, then 74 of the ten random bytes."""
    if len(random_bytes) != RANDOM_BYTES:
        raise ValueError(f"{RANDOM_BYTES} random bytes are needed, not {len(random_bytes)}")
    milliseconds = round(now.timestamp() * 1000) & (1 << 48) - 1
    noise = int.from_bytes(random_bytes)
    high, low = noise >> 62 & 0xFFF, noise & (1 << 62) - 1
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))


def fresh_uuid7(now: datetime) -> str:
    """Make a UUID version 7 that nobody can guess."""
    return uuid7(now, secrets.token_bytes(RANDOM_BYTES))


def call_id(uuid: str) -> CallId:
    """Name a call."""
    return CallId(uuid)


def person_ref(uuid: str) -> PersonRef:
    """Name what identifies a caller."""
    return PersonRef(uuid)


def incident_id(uuid: str, kode: KodeKabKota) -> IncidentId:
    """Name an incident so that every centre knows whose it is, such as `0190…@35.72`."""
    return IncidentId(f"{uuid}@{kode}")
