"""Prints the events of a centre again, as they stand in the log, and behind each position which one was acted on."""

from collections.abc import Iterator
from dataclasses import dataclass

from geo112.core.clock import to_iso
from geo112.core.codes import CallId, IncidentId
from geo112.core.errors import NotFound
from geo112.incidents.events import CallLocated, Recorded
from geo112.incidents.fold import State, apply
from geo112.incidents.ports import IncidentLog
from geo112.incidents.wire import event_to_body, kind_of, subject_of
from geo112.locate.choose import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """An event; behind a position also which of the call's positions was then acted on, and why."""

    recorded: Recorded
    choice: Choice | None = None


def events_of(log: IncidentLog, *, start: int, call: str | None) -> Iterator[Replayed]:
    """Give the events from number `start` on; of one call only, with those of its incident. Raises NotFound."""
    incidents: set[IncidentId] = set()
    found, state = call is None, State()
    for recorded in log.read():
        apply(state, recorded)
        call_id, incident_id = subject_of(recorded.event)
        if call is not None and not _concerns(CallId(call), call_id, incident_id, incidents):
            continue
        found = True
        if recorded.n >= start:
            yield Replayed(recorded=recorded, choice=_choice(recorded, state))
    if not found:
        raise NotFound(f"no event is about a call {call}", field="call")


def to_dict(replayed: Replayed) -> dict[str, object]:
    """Write an event for machines, with its place in the chain; `choice` is worked out again and not in the chain."""
    recorded = replayed.recorded
    written: dict[str, object] = {
        "n": recorded.n,
        "at": to_iso(recorded.at),
        "actor": recorded.actor.name,
        "role": recorded.actor.role,
        "kind": kind_of(recorded.event),
        "body": event_to_body(recorded.event),
        "prev_hash": recorded.prev_hash,
        "hash": recorded.hash,
    }
    if replayed.choice is not None:
        written["choice"] = _choice_to_dict(replayed.choice)
    return written


def to_line(replayed: Replayed) -> str:
    """Write an event for people: number, time, who, what; behind a position which one was acted on, and why."""
    recorded = replayed.recorded
    said = {key: value for key, value in event_to_body(recorded.event).items() if value not in (None, "")}
    facts = "  ".join(f"{key}={value}" for key, value in said.items())
    who = f"{recorded.actor.name} ({recorded.actor.role})"
    chosen = "" if replayed.choice is None else f"  choice={_choice_to_dict(replayed.choice)}"
    return f"{recorded.n:>7}  {to_iso(recorded.at):<24}  {who:<28}  {kind_of(recorded.event):<16}  {facts}{chosen}"


def _choice(recorded: Recorded, state: State) -> Choice | None:
    if not isinstance(recorded.event, CallLocated):
        return None
    located = state.calls.get(recorded.event.call)
    return None if located is None else located.choice


def _choice_to_dict(choice: Choice) -> dict[str, object]:
    """Name the event of the position acted on, the reason, and what speaks against it."""
    return {
        "fix_n": choice.n,
        "why": choice.why.value,
        "agrees": list(choice.agrees),
        "contradictions": [{"fix_n": list(one.fix_n), "gap_m": round(one.gap_m, 1)} for one in choice.contradictions],
    }


def _concerns(call: CallId, call_id: CallId | None, incident_id: IncidentId | None, incidents: set[IncidentId]) -> bool:
    """Tell whether an event is about the call, or about the incident that the call is part of by then."""
    if call_id == call:
        if incident_id is not None:
            incidents.add(incident_id)
        return True
    return call_id is None and incident_id in incidents
