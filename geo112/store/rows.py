"""Events and people as rows of the database, and back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from geo112.core.codes import PersonRef
from geo112.core.errors import StorageError
from geo112.incidents.chain import Draft
from geo112.incidents.events import Actor, Recorded
from geo112.incidents.ports import Person
from geo112.incidents.wire import event_from_body, moment_from_wire, moment_to_wire, subject_of

EVENT_COLUMNS = ("n", "at", "actor", "role", "kind", "call_id", "incident_id", "body_json", "prev_hash", "hash")
PERSON_COLUMNS = ("ref", "at", "number", "imei", "imsi", "raw_message", "received_at", "external_ref")

INSERT_EVENT = """
    INSERT INTO event (n, at, actor, role, kind, call_id, incident_id, body_json, prev_hash, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# A person who is known already is completed: what is not said stays, and so does the time of the first record.
INSERT_PERSON = """
    INSERT INTO person (ref, at, number, imei, imsi, raw_message, received_at, external_ref)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (ref) DO UPDATE SET
        number = coalesce(excluded.number, number),
        imei = coalesce(excluded.imei, imei),
        imsi = coalesce(excluded.imsi, imsi),
        raw_message = coalesce(excluded.raw_message, raw_message),
        received_at = coalesce(excluded.received_at, received_at),
        external_ref = coalesce(excluded.external_ref, external_ref)
"""


def storable(given: str) -> str:
    """Write half characters (lone surrogates) as their code, since the database keeps whole ones only."""
    return given if given.isascii() else given.encode("utf-8", "backslashreplace").decode("utf-8")


def event_row(draft: Draft, one: Recorded) -> tuple[object, ...]:
    """Give the row of an event that got its place."""
    return (
        one.n,
        draft.at_text,
        draft.actor.name,
        draft.actor.role,
        draft.kind,
        draft.call,
        draft.incident,
        draft.body_json,
        one.prev_hash,
        one.hash,
    )


def recorded_from_row(row: Sequence[Any]) -> Recorded:
    """Read the row of an event; raises StorageError when its columns do not say what its body says."""
    n, at, actor, role, kind, call_id, incident_id, body_json, prev_hash, digest = row
    try:
        event = event_from_body(kind, json.loads(body_json))
        if subject_of(event) != (call_id, incident_id):
            raise StorageError(f"event {n} was changed after it was written", facts={"n": n})
        moment = moment_from_wire(at)
    except (ValueError, TypeError, RecursionError) as error:
        raise StorageError(f"event {n} is damaged: {error}", facts={"n": n}) from error
    return Recorded(
        n=n,
        at=moment,
        actor=Actor(name=actor, role=role),
        event=event,
        body_json=body_json,
        prev_hash=prev_hash,
        hash=digest,
    )


def person_row(person: Person, *, at: datetime) -> tuple[str | None, ...]:
    """Give the row of a person first recorded at `at`."""
    texts = (person.number, person.imei, person.imsi, person.raw_message)
    received_at = None if person.received_at is None else moment_to_wire(person.received_at)
    ref = None if person.external_ref is None else storable(person.external_ref)
    return (
        person.ref,
        moment_to_wire(at),
        *(None if text is None else storable(text) for text in texts),
        received_at,
        ref,
    )


def person_from_row(row: Sequence[Any]) -> Person:
    """Read the row of a person."""
    ref, _, number, imei, imsi, raw_message, received_at, external_ref = row
    return Person(
        ref=PersonRef(ref),
        number=number,
        imei=imei,
        imsi=imsi,
        raw_message=raw_message,
        received_at=None if received_at is None else moment_from_wire(received_at),
        external_ref=external_ref,
    )
