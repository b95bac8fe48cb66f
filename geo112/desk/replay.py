"""The log told again, event by event, in the order in which it was written."""

import json
from collections.abc import Iterator
from dataclasses import fields

from geo112.core.clock import to_iso
from geo112.incidents.events import Event, Recorded
from geo112.incidents.ports import IncidentLog, Person
from geo112.incidents.wire import event_to_body, kind_of, subject_of

_NOT_SHOWN = ("call", "incident", "person")


def rows(
    log: IncidentLog, *, after: int = 0, limit: int | None = None, with_people: bool = False
) -> Iterator[dict[str, object]]:
    """Give every event as JSON values; with `with_people` also who is behind it, where not erased."""
    for recorded in log.read(after=after, limit=limit):
        call, incident = subject_of(recorded.event)
        row: dict[str, object] = {
            "n": recorded.n,
            "at": to_iso(recorded.at),
            "actor": recorded.actor.name,
            "role": recorded.actor.role,
            "kind": kind_of(recorded.event),
            "call_id": call,
            "incident_id": incident,
            "body": event_to_body(recorded.event),
        }
        if with_people:
            row["person"] = _person(log, recorded.event)
        yield row | {"hash": recorded.hash}


def lines(log: IncidentLog, *, after: int = 0, limit: int | None = None, with_people: bool = False) -> Iterator[str]:
    """Give every event as one line to read; person data only when asked for."""
    for recorded in log.read(after=after, limit=limit):
        line = _line(recorded)
        person = _person(log, recorded.event) if with_people else None
        if person is not None:
            line += " " + json.dumps(person, ensure_ascii=False)
        yield line


def _line(recorded: Recorded) -> str:
    call, incident = subject_of(recorded.event)
    about = " ".join(one for one in (call, incident) if one is not None)
    said = {key: value for key, value in event_to_body(recorded.event).items() if key not in _NOT_SHOWN}
    told = json.dumps({key: value for key, value in said.items() if value is not None}, ensure_ascii=False)
    who = f"{recorded.actor.name}/{recorded.actor.role}"
    return f"{recorded.n:>6} {to_iso(recorded.at)} {who:<20} {kind_of(recorded.event):<16} {about} {told}"


def _person(log: IncidentLog, event: Event) -> dict[str, object] | None:
    ref = getattr(event, "person", None)
    person = None if ref is None else log.person(ref)
    if person is None:
        return None
    said = {item.name: getattr(person, item.name) for item in fields(Person) if item.name != "ref"}
    if person.received_at is not None:
        said["received_at"] = to_iso(person.received_at)
    return {name: value for name, value in said.items() if value is not None}
