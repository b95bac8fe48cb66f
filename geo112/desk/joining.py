"""Which call something belongs to: by the id that its door gave it, or by the telephone number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from geo112.core.codes import CallId, PersonRef
from geo112.core.ids import call_id as name_call
from geo112.desk.numbers import is_callable
from geo112.desk.recorder import Recorder
from geo112.incidents.events import Actor, CallJoined, CallReceived, CallRinging, Channel, Event
from geo112.incidents.fold import Call, CallState
from geo112.incidents.ports import Person

JOIN_WITHIN = timedelta(minutes=30)
REPEAT_WITHIN = timedelta(seconds=60)
# A call that is still going on was received before the half hour in which it last rang or ended.
_LONGEST_CALL = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """By whom and through which door something came in, and when."""

    actor: Actor
    channel: Channel
    now: datetime
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """That the telephone rings, and since when by the exchange's own clock."""

    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The call that something belongs to, with what has to be recorded for that; `known` is it so far."""

    call: CallId
    known: Call | None
    events: tuple[Event, ...]
    people: tuple[Person, ...]


class Joining:
    """Finds calls by ids and numbers, and lets one call through two doors be one."""

    def __init__(self, recorder: Recorder) -> None:
        """Look into this record."""
        self._recorder = recorder

    def enter(
        self,
        door: Door,
        *,
        number: str | None,
        external_ref: str | None,
        ring: Ring | None = None,
        is_over: bool = False,
    ) -> Entered:
        """Give the first facts of a call at this door: a new one, or that of the same number at another door.

        A telephone call joins what waits for one and a panic button that is still on; a panic button joins the latest
        call that still goes on. A door that has the call already, by another id, has a second call. What is over before
        it was known ends no panic button.
        """
        known = self._elsewhere(number, door=door)
        if known is not None and not (is_over and Channel.APP in known.open_channels):
            return self._joined(known, door, number=number, external_ref=external_ref, ring=ring)
        call = name_call(self._recorder.ids(door.now))
        people = []
        if number is not None or external_ref is not None:
            ref = stored_ref(door.channel, external_ref)
            people = [Person(ref=self._recorder.new_person(door.now), number=number, external_ref=ref)]
        received = CallReceived(
            call=call,
            channel=door.channel,
            person=people[0].ref if people else None,
            simulated=door.simulated,
        )
        events: tuple[Event, ...] = (received,) if ring is None else (received, CallRinging(call=call, at=ring.at))
        return Entered(call=call, known=None, events=events, people=tuple(people))

    def by_ref(self, channel: Channel, external_ref: str | None) -> Call | None:
        """Find the call that this door has named so before, in whatever process."""
        ref = stored_ref(channel, external_ref)
        if ref is None:
            return None
        people = self._recorder.log.find_people(external_ref=ref)
        return next((call for call, _ in self._with_calls(people)), None)

    def recent(self, number: str | None, *, now: datetime) -> Call | None:
        """Find the latest call of exactly this number within 30 minutes; a withheld number is nobody's."""
        return max(self._of_number(number, now=now), key=lambda call: (call.last_moment, call.n), default=None)

    def repeated(
        self, number: str | None, text: str, *, received_at: datetime | None, now: datetime
    ) -> tuple[Call, PersonRef] | None:
        """Find the same message among those on record; without a sender nobody can tell."""
        if number is None:
            return None
        since = now - REPEAT_WITHIN if received_at is None else None
        people = self._recorder.log.find_people(number=number, raw_message=text, since=since)
        same = (one for one in people if received_at is None or one.received_at == received_at)
        return next(self._with_calls(same), None)

    def _elsewhere(self, number: str | None, *, door: Door) -> Call | None:
        """Find the call of this number that came through other doors and still goes on."""
        if door.channel not in (Channel.PBX, Channel.APP):
            return None
        found = [
            call
            for call in self._of_number(number, now=door.now)
            if call.state is not CallState.ENDED
            and call.channel is not Channel.CONSOLE
            and door.channel not in call.open_channels
            and (door.channel is Channel.APP or call.state is CallState.WAITING or Channel.APP in call.open_channels)
        ]
        return max(found, key=lambda call: (call.last_moment, call.n), default=None)

    def _joined(
        self, call: Call, door: Door, *, number: str | None, external_ref: str | None, ring: Ring | None
    ) -> Entered:
        """Let a call come through one more door, and keep by which id that door knows it."""
        ref = stored_ref(door.channel, external_ref)
        person: Person | None = None
        known = None if call.person is None else self._recorder.log.person(call.person)
        if ref is not None and known is not None and known.external_ref is None:
            person = Person(ref=known.ref, external_ref=ref)
        elif ref is not None:
            # There is nobody to complete, or another door's id stands there, which must stay known.
            person = Person(ref=self._recorder.new_person(door.now), number=number, external_ref=ref)
        named = None if person is None or (known is not None and person.ref == known.ref) else person.ref
        event: Event
        if door.channel is Channel.PBX:
            event = CallRinging(call=call.call_id, person=named, at=None if ring is None else ring.at)
        else:
            event = CallJoined(call=call.call_id, channel=door.channel, person=named)
        return Entered(call=call.call_id, known=call, events=(event,), people=() if person is None else (person,))

    def _of_number(self, number: str | None, *, now: datetime) -> list[Call]:
        if number is None or not is_callable(number):
            return []
        people = self._recorder.log.find_people(number=number, since=now - _LONGEST_CALL)
        found = {call.call_id: call for call, _ in self._with_calls(people)}
        return [call for call in found.values() if now - call.last_moment <= JOIN_WITHIN]

    def _with_calls(self, people: Iterable[Person]) -> Iterator[tuple[Call, PersonRef]]:
        """Give the call of each person that has one; another process may have written it a moment ago."""
        self._recorder.board.catch_up()
        for person in people:
            call = self._recorder.board.call_of_person(person.ref)
            if call is not None:
                yield call, person.ref


def stored_ref(channel: Channel, external_ref: str | None) -> str | None:
    """Put the door before the sender's own id: the same id at another door is another call."""
    return None if external_ref is None else f"{channel.value}:{external_ref}"
