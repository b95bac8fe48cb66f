"""Prints the events of a centre again, as they stand in the log."""

from collections.abc import Iterator

from geo112.core.clock import to_iso
from geo112.core.codes import CallId, IncidentId
from geo112.core.errors import NotFound
from geo112.incidents.events import Recorded
from geo112.incidents.ports import IncidentLog
from geo112.incidents.wire import event_to_body, kind_of, subject_of


def events_of(log: IncidentLog, *, start: int, call: str | None) -> Iterator[Recorded]:
    """Give the events from number `start` on; of one call only, with those of its incident. Raises NotFound."""
    incidents: set[IncidentId] = set()
    found = call is None
    for recorded in log.read():
        call_id, incident_id = subject_of(recorded.event)
        if call is not None and not _concerns(CallId(call), call_id, incident_id, incidents):
            continue
        found = True
        if recorded.n >= start:
            yield recorded
    if not found:
        raise NotFound(f"no event is about a call {call}", field="call")


def to_dict(recorded: Recorded) -> dict[str, object]:
    """Write an event for machines, with its place in the chain."""
    return {
        "n": recorded.n,
        "at": to_iso(recorded.at),
        "actor": recorded.actor.name,
        "role": recorded.actor.role,
        "kind": kind_of(recorded.event),
        "body": event_to_body(recorded.event),
        "prev_hash": recorded.prev_hash,
        "hash": recorded.hash,
    }


def to_line(recorded: Recorded) -> str:
    """Write an event for people: number, time, who, what."""
    said = {key: value for key, value in event_to_body(recorded.event).items() if value not in (None, "")}
    facts = "  ".join(f"{key}={value}" for key, value in said.items())
    who = f"{recorded.actor.name} ({recorded.actor.role})"
    return f"{recorded.n:>7}  {to_iso(recorded.at):<24}  {who:<28}  {kind_of(recorded.event):<16}  {facts}"


def _concerns(call: CallId, call_id: CallId | None, incident_id: IncidentId | None, incidents: set[IncidentId]) -> bool:
    """Tell whether an event is about the call, or about the incident that the call is part of by then."""
    if call_id == call:
        if incident_id is not None:
            incidents.add(incident_id)
        return True
    return call_id is None and incident_id in incidents
