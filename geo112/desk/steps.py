"""The steps of a call taker and dispatcher on a call that is on record."""

from datetime import datetime

from geo112.core.codes import CallId, IncidentId, KodeKabKota
from geo112.core.errors import BadInput, Conflict
from geo112.core.ids import incident_id as name_incident
from geo112.desk.numbers import kept_apart, without_telephones
from geo112.desk.recorder import Recorder
from geo112.incidents.events import (
    Actor,
    CallAnswered,
    CallDisposition,
    CallEnded,
    CallLinked,
    CallNoted,
    CallScreened,
    EndReason,
    Event,
    IncidentClosed,
    IncidentDisposition,
    IncidentOpened,
)
from geo112.incidents.fold import Call, CallState, Incident, IncidentState
from geo112.incidents.ports import Person

PRIORITIES = range(4)


class Steps:
    """Answer, end, screen, note and link calls; open and close incidents."""

    def __init__(self, recorder: Recorder, *, kode: KodeKabKota) -> None:
        """Write by this recorder, as the centre with this code."""
        self._recorder = recorder
        self._kode = kode

    def answer(self, call_id: CallId, *, actor: Actor) -> Call:
        """Take a call; raises Conflict when another call taker has it or the line is down."""
        with self._recorder.one_at_a_time(call_id):
            call = self._call(call_id)
            if call.answered_by == actor.name:
                return call
            if call.ended_at is not None:
                raise Conflict("the line is down already", field="call_id")
            if call.answered_by is not None:
                raise Conflict(f"{call.answered_by} has answered this call", field="call_id")
            return self._write(call_id, CallAnswered(call=call_id, by=actor.name), actor=actor)

    def end(self, call_id: CallId, *, actor: Actor, reason: EndReason) -> Call:
        """Say that the line is down; a second time changes nothing."""
        with self._recorder.one_at_a_time(call_id):
            call = self._call(call_id)
            if call.state is CallState.ENDED:
                return call
            return self._write(call_id, CallEnded(call=call_id, reason=reason), actor=actor)

    def screen(self, call_id: CallId, *, actor: Actor, disposition: CallDisposition) -> Call:
        """Say what the call turned out to be."""
        with self._recorder.one_at_a_time(call_id):
            call = self._call(call_id)
            if call.disposition is disposition:
                return call
            return self._write(call_id, CallScreened(call=call_id, disposition=disposition), actor=actor)

    def note(self, call_id: CallId, *, actor: Actor, category: str | None = None, note: str | None = None) -> Call:
        """Say what the call is about; None leaves a value as it is."""
        if category is not None:
            category = require_category(category)
        with self._recorder.one_at_a_time(call_id):
            call = self._call(call_id)
            if category is None and note is None:
                return call
            now = self._recorder.clock.now()
            written, people = (None, []) if note is None else self._kept_apart(call, note, now=now)
            noted = CallNoted(call=call_id, category=category, note=written)
            self._recorder.write(noted, at=now, actor=actor, people=people)
            return self._recorder.board.call(call_id)

    def link(self, call_id: CallId, *, actor: Actor, incident_id: IncidentId) -> Call:
        """Say that the call is about a known incident; raises Conflict when that one is closed."""
        with self._recorder.one_at_a_time(call_id, incident_id):
            call = self._call(call_id)
            incident = self._recorder.board.incident(incident_id)
            if call.incident_id == incident_id:
                return call
            if incident.state is IncidentState.CLOSED:
                raise Conflict("the incident is closed", field="incident_id")
            return self._write(call_id, CallLinked(call=call_id, incident=incident_id), actor=actor)

    def open_incident(self, *, actor: Actor, call_id: CallId, category: str, priority: int, note: str = "") -> Incident:
        """Make an incident of a call; raises Conflict when the call is about one already."""
        category = require_category(category)
        if priority not in PRIORITIES:
            raise BadInput(f"{priority!r} is not a priority from 0 to 3", field="priority")
        with self._recorder.one_at_a_time(call_id):
            call = self._call(call_id)
            if call.incident_id is not None:
                raise Conflict("the call is about an incident already", field="call_id")
            now = self._recorder.clock.now()
            incident = name_incident(self._recorder.ids(now), self._kode)
            written, people = self._kept_apart(call, note, now=now)
            opened = IncidentOpened(incident=incident, call=call_id, category=category, priority=priority, note=written)
            self._recorder.write(opened, at=now, actor=actor, people=people)
            return self._recorder.board.incident(incident)

    def close_incident(self, incident_id: IncidentId, *, actor: Actor, disposition: IncidentDisposition) -> Incident:
        """End an incident; raises Conflict when it ended otherwise before."""
        with self._recorder.one_at_a_time(incident_id):
            self._recorder.board.catch_up()
            incident = self._recorder.board.incident(incident_id)
            if incident.disposition is disposition:
                return incident
            if incident.disposition is not None:
                raise Conflict(f"the incident is closed as {incident.disposition}", field="incident_id")
            closed = IncidentClosed(incident=incident_id, disposition=disposition)
            self._recorder.write(closed, at=self._recorder.clock.now(), actor=actor)
            return self._recorder.board.incident(incident_id)

    def _call(self, call_id: CallId) -> Call:
        self._recorder.board.catch_up()
        return self._recorder.board.call(call_id)

    def _kept_apart(self, call: Call, note: str, *, now: datetime) -> tuple[str, list[Person]]:
        person = None if call.person is None else self._recorder.log.person(call.person)
        number = None if person is None else person.number
        return kept_apart(note, number, ref=self._recorder.new_person(now))

    def _write(self, call_id: CallId, event: Event, *, actor: Actor) -> Call:
        self._recorder.write(event, at=self._recorder.clock.now(), actor=actor)
        return self._recorder.board.call(call_id)


def require_category(text: str) -> str:
    """Give the category without blanks around it; raises BadInput when nothing is left."""
    category = without_telephones(text.strip())
    if not category:
        raise BadInput("a category has at least one letter", field="category")
    return category
