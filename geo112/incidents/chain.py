"""The chain that shows whether anybody changed the log: every event carries a hash over itself and the one before."""

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from geo112.core.errors import StorageError
from geo112.incidents.events import Actor, Event, Recorded
from geo112.incidents.wire import canonical_json, event_to_body, kind_of, moment_to_wire, subject_of


def canonical(*, n: int, at: datetime, actor: Actor, event: Event, body_json: str, prev_hash: str) -> str:
    """Give the canonical JSON of everything in an event but its hash: keys in order, no spaces, ASCII."""
    call, incident = subject_of(event)
    text = json.dumps
    # The body is canonical JSON already, so it is put in as it stands instead of being read and written again.
    return (
        f'{{"actor":{text(actor.name)},"at":{text(moment_to_wire(at))},"body":{body_json},"call_id":{text(call)},'
        f'"incident_id":{text(incident)},"kind":{text(kind_of(event))},"n":{n},"prev_hash":{text(prev_hash)},'
        f'"role":{text(actor.role)}}}'
    )


def event_hash(*, n: int, at: datetime, actor: Actor, event: Event, body_json: str, prev_hash: str) -> str:
    """Give the SHA-256 of the canonical JSON, in hexadecimal."""
    text = canonical(n=n, at=at, actor=actor, event=event, body_json=body_json, prev_hash=prev_hash)
    return sha256(text.encode("ascii")).hexdigest()


def body_of(event: Event) -> str:
    """Write what an event says as canonical JSON."""
    return canonical_json(event_to_body(event))


def record(event: Event, *, body_json: str, n: int, at: datetime, actor: Actor, prev_hash: str) -> Recorded:
    """Put an event behind the one with `prev_hash`."""
    digest = event_hash(n=n, at=at, actor=actor, event=event, body_json=body_json, prev_hash=prev_hash)
    return Recorded(n=n, at=at, actor=actor, event=event, body_json=body_json, prev_hash=prev_hash, hash=digest)


def verify(events: Iterable[Recorded], *, head: tuple[int, str] | None = None) -> tuple[int, str]:
    """Walk the whole log from event 1 and give its head; raises StorageError naming the first event that is wrong.

    With `head` (as the log states it) an end that was cut off is found as well.
    """
    n, digest = 0, ""
    for one in events:
        if one.n != n + 1:
            raise StorageError(f"event {n + 1} is missing: after {n} comes {one.n}", facts={"n": n + 1})
        expected = event_hash(
            n=one.n, at=one.at, actor=one.actor, event=one.event, body_json=one.body_json, prev_hash=digest
        )
        if one.prev_hash != digest or one.hash != expected:
            raise StorageError(f"event {one.n} was changed after it was written", facts={"n": one.n})
        n, digest = one.n, one.hash
    if head is not None and head != (n, digest):
        raise StorageError(f"the log ends at event {n}, its head says {head[0]}", facts={"n": head[0]})
    return n, digest
