"""The chain that shows whether anybody changed the log: every event carries a hash over itself and the one before."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring_ascii as text
from typing import NamedTuple, Self

from geo112.core.codes import CallId, IncidentId
from geo112.core.errors import StorageError
from geo112.incidents.events import Actor, Event, Recorded
from geo112.incidents.wire import canonical_json, event_to_body, kind_of, moment_to_wire, subject_of


class Draft(NamedTuple):
    """An event made ready to be written: everything that does not depend on its place in the log.

    A tuple, because it is made for every append and a frozen dataclass takes four times as long to make.
    """

    event: Event
    at: datetime
    actor: Actor
    kind: str
    call: CallId | None
    incident: IncidentId | None
    body_json: str
    at_text: str
    before: str
    after: str

    @classmethod
    def of(cls, event: Event, *, at: datetime, actor: Actor, body_json: str | None = None) -> Self:
        """Make an event ready; `body_json` where it was written before and must stay as it is."""
        call, incident = subject_of(event)
        kind, at_text = kind_of(event), moment_to_wire(at)
        body_json = canonical_json(event_to_body(event)) if body_json is None else body_json
        # The body is canonical JSON already, so it is put in as it stands instead of being read and written again.
        before = (
            f'{{"actor":{text(actor.name)},"at":"{at_text}","body":{body_json},"call_id":{_text_or_null(call)},'
            f'"incident_id":{_text_or_null(incident)},"kind":"{kind}","n":'
        )
        return cls(
            event=event,
            at=at,
            actor=actor,
            kind=kind,
            call=call,
            incident=incident,
            body_json=body_json,
            at_text=at_text,
            before=before,
            after=f',"role":{text(actor.role)}}}',
        )

    def canonical(self, *, n: int, prev_hash: str) -> str:
        """Give the canonical JSON of everything in an event but its hash: keys in order, no spaces, ASCII."""
        return f'{self.before}{n},"prev_hash":{text(prev_hash)}{self.after}'

    def hash(self, *, n: int, prev_hash: str) -> str:
        """Give the SHA-256 of the canonical JSON, in hexadecimal."""
        return sha256(self.canonical(n=n, prev_hash=prev_hash).encode("ascii")).hexdigest()

    def record(self, *, n: int, prev_hash: str) -> Recorded:
        """Put the event behind the one with `prev_hash`."""
        return Recorded(
            n=n,
            at=self.at,
            actor=self.actor,
            event=self.event,
            body_json=self.body_json,
            prev_hash=prev_hash,
            hash=self.hash(n=n, prev_hash=prev_hash),
        )


def canonical(recorded: Recorded) -> str:
    """Give the canonical JSON that the hash of a recorded event covers."""
    return _draft_again(recorded).canonical(n=recorded.n, prev_hash=recorded.prev_hash)


def event_hash(recorded: Recorded) -> str:
    """Give the hash that a recorded event must have, in hexadecimal."""
    return _draft_again(recorded).hash(n=recorded.n, prev_hash=recorded.prev_hash)


def _draft_again(recorded: Recorded) -> Draft:
    return Draft.of(recorded.event, at=recorded.at, actor=recorded.actor, body_json=recorded.body_json)


def _text_or_null(value: str | None) -> str:
    return "null" if value is None else text(value)


def verify(events: Iterable[Recorded], *, head: tuple[int, str] | None = None) -> tuple[int, str]:
    """Walk the whole log from event 1 and give its head; raises StorageError naming the first event that is wrong.

    With `head` (as the log states it) an end that was cut off is found as well.
    """
    n, digest = 0, ""
    for one in events:
        if one.n != n + 1:
            raise StorageError(f"event {n + 1} is missing: after {n} comes {one.n}", facts={"n": n + 1})
        if one.prev_hash != digest or one.hash != event_hash(one):
            raise StorageError(f"event {one.n} was changed after it was written", facts={"n": one.n})
        n, digest = one.n, one.hash
    if head is not None and head != (n, digest):
        raise StorageError(f"the log ends at event {n}, its head says {head[0]}", facts={"n": head[0]})
    return n, digest
