"""How calls and messages come in: on disk first, looked at afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from geo112.core.codes import CallId, PersonRef
from geo112.core.ids import call_id as name_call
from geo112.desk.given import GivenPosition
from geo112.desk.locating import Locator, Outcome
from geo112.desk.numbers import is_callable, kept_apart, normal_number, without_telephones
from geo112.desk.recorder import Recorder
from geo112.incidents.events import (
    Actor,
    CallAnswered,
    CallEnded,
    CallNoted,
    CallReceived,
    CallRinging,
    Channel,
    EndReason,
    Event,
    MessageReceived,
)
from geo112.incidents.fold import Call, CallState
from geo112.incidents.ports import Person

JOIN_WITHIN = timedelta(minutes=30)
REPEAT_WITHIN = timedelta(seconds=60)
# A call that is still going on was received before the half hour in which it last rang or ended.
_LONGEST_CALL = timedelta(hours=24)

PbxEvent = Literal["ringing", "answered", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The call as it is on record, and whether it was new."""

    call: Call
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsReceipt:
    """The call that a message belongs to, whether the message was new, and what was read in it."""

    call: Call
    new: bool
    understood: bool
    reason: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """By whom and through which door something came in, and when."""

    actor: Actor
    channel: Channel
    now: datetime
    simulated: bool


class Intake:
    """Receives calls, messages, positions and the events of the telephone exchange."""

    def __init__(self, recorder: Recorder, locator: Locator) -> None:
        """Write by this recorder, read by this locator."""
        self._recorder = recorder
        self._locator = locator

    def receive_call(  # noqa: PLR0913 - everything that a caller or a door may say about a call at once
        self,
        *,
        actor: Actor,
        channel: Channel,
        number: str | None = None,
        position: GivenPosition | None = None,
        message: str | None = None,
        category: str | None = None,
        note: str | None = None,
        external_ref: str | None = None,
        simulated: bool = False,
    ) -> Receipt:
        """Put a call on record, then look at its position; the same `external_ref` again gives the same call.

        A position or message that cannot be meant stands in the call as refused: nothing is raised but StorageError.
        """
        door = _Door(actor=actor, channel=channel, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(number)
        with self._recorder.one_at_a_time(number, external_ref):
            known = self._by_ref(channel, external_ref)
            if known is not None:
                self._finish(known.call_id, actor=actor)
                return Receipt(call=self._recorder.board.call(known.call_id), new=False)
            rings = channel is Channel.PBX
            call, events, people = self._first_facts(door, number=number, external_ref=external_ref, rings=rings)
            if channel is Channel.CONSOLE:
                # Who types a call in has the caller on the line already.
                events.append(CallAnswered(call=call, by=actor.name))
            texts = [text for text in (message, None if position is None else position.to_text()) if text is not None]
            for text in texts:
                person = Person(ref=self._recorder.new_person(door.now), raw_message=text)
                events.append(MessageReceived(call=call, channel=channel, person=person.ref))
                people.append(person)
            category = (category or "").strip() or None
            if category is not None or note is not None:
                if note is not None:
                    note, words = kept_apart(note, number, ref=self._recorder.new_person(door.now))
                    people.extend(words)
                category = None if category is None else without_telephones(category, number)
                events.append(CallNoted(call=call, category=category, note=note))
            self._recorder.write(*events, at=door.now, actor=actor, people=people)
            self._finish(call, actor=actor)
            return Receipt(call=self._recorder.board.call(call), new=True)

    def receive_sms(
        self,
        *,
        actor: Actor,
        channel: Channel,
        sender: str | None,
        text: str,
        received_at: datetime | None = None,
        simulated: bool = False,
    ) -> SmsReceipt:
        """Put a message on record, join it to the call of the same number, then read it.

        It joins the latest call of exactly this number that came in, rang, was answered or ended within 30 minutes;
        otherwise it opens a call in the state `waiting`. The same sender, text and `received_at` again (without
        `received_at`: within 60 s) is the same message.
        """
        door = _Door(actor=actor, channel=channel, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(sender)
        with self._recorder.one_at_a_time(number):
            repeat = self._repeated(number, text, received_at=received_at, now=door.now)
            if repeat is not None:
                return self._sms_again(*repeat, text, actor=actor)
            joined = self._recent(number, now=door.now)
            person = Person(
                ref=self._recorder.new_person(door.now), number=number, raw_message=text, received_at=received_at
            )
            events: list[Event] = []
            people: list[Person] = []
            if joined is None:
                call, events, people = self._first_facts(door, number=number, external_ref=None)
            else:
                call = joined.call_id
            events.append(MessageReceived(call=call, channel=channel, person=person.ref))
            self._recorder.write(*events, at=door.now, actor=actor, people=[*people, person])
            outcome = self._locate_text(call, person.ref, text, format="auto", actor=actor)
            return self._sms_receipt(call, outcome, new=True)

    def pbx(  # noqa: PLR0913 - what a telephone exchange says about a call
        self,
        *,
        actor: Actor,
        event: PbxEvent,
        pbx_call_id: str,
        number: str | None = None,
        at: datetime | None = None,
        agent: str | None = None,
        reason: EndReason | None = None,
        simulated: bool = False,
    ) -> Call:
        """Record what the telephone exchange says, in whatever order it comes; a repeat changes nothing.

        An unknown `pbx_call_id` makes a call, or joins the message of the same number that waits for one.
        `at` is kept where it is not in the future.
        """
        door = _Door(actor=actor, channel=Channel.PBX, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(number)
        agent = None if agent is None else without_telephones(agent, number)
        at = at if at is not None and at <= door.now else None
        with self._recorder.one_at_a_time(number, pbx_call_id):
            call = self._by_ref(Channel.PBX, pbx_call_id)
            events: list[Event] = []
            people: list[Person] = []
            if call is None:
                call_id, events, people = self._first_facts(
                    door, number=number, external_ref=pbx_call_id, rings=event == "ringing", rang_at=at
                )
            else:
                call_id = call.call_id
                people = self._number_of(call, number)
            if event == "ringing" and call is not None and call.ringing_at is None and at is not None:
                # It rang before it was answered, but the exchange said so later; without a time nobody knows when.
                events.append(CallRinging(call=call_id, at=at))
            if event == "answered" and (call is None or _says_more(call, agent)):
                events.append(CallAnswered(call=call_id, by=agent, at=at))
            if event == "ended" and (call is None or call.state is not CallState.ENDED):
                events.append(CallEnded(call=call_id, reason=reason or EndReason.UNKNOWN, at=at))
            if people and not events:
                # A number alone is no step of a call, but consoles have to hear that it is known now.
                events.append(CallNoted(call=call_id, category=None, note=None))
            if events:
                self._recorder.write(*events, at=door.now, actor=actor, people=people)
            return self._recorder.board.call(call_id)

    def add_position(self, call_id: CallId, *, actor: Actor, position: GivenPosition) -> Call:
        """Record a position for a call, then judge it; raises BadPosition or BadShape after recording that."""
        now = self._recorder.clock.now()
        person = self._message(call_id, position.to_text(), actor=actor, now=now)
        outcome = self._locator.from_position(call_id, person, position, now=now)
        return self._told(call_id, outcome, actor=actor)

    def add_message(self, call_id: CallId, *, actor: Actor, text: str, format: str = "auto") -> Call:  # noqa: A002 - as geo112.locate.read names it
        """Record a message for a call, then read it; raises BadMessage or BadPosition after recording that."""
        now = self._recorder.clock.now()
        person = self._message(call_id, text, actor=actor, now=now)
        return self._told(call_id, self._locate_text(call_id, person, text, format=format, actor=actor), actor=None)

    def finish_unread(self, *, actor: Actor) -> int:
        """Look at every message that was recorded but not read, as after a power cut, and say how many there were."""
        self._recorder.board.catch_up()
        unread = self._recorder.board.unread()
        for call_id in dict.fromkeys(unread.values()):
            self._finish(call_id, actor=actor)
        return len(unread)

    def _first_facts(
        self,
        door: _Door,
        *,
        number: str | None,
        external_ref: str | None,
        rings: bool = False,
        rang_at: datetime | None = None,
    ) -> tuple[CallId, list[Event], list[Person]]:
        """Give the first facts of a call: a new one, or for a telephone call the message that waits for it."""
        waiting = self._recent(number, now=door.now) if door.channel is Channel.PBX else None
        if waiting is not None and waiting.state is CallState.WAITING:
            return waiting.call_id, *self._rings(waiting, door, number=number, external_ref=external_ref, at=rang_at)
        call = name_call(self._recorder.ids(door.now))
        person = None
        if number is not None or external_ref is not None:
            ref = _stored_ref(door.channel, external_ref)
            person = Person(ref=self._recorder.new_person(door.now), number=number, external_ref=ref)
        received = CallReceived(
            call=call,
            channel=door.channel,
            person=None if person is None else person.ref,
            simulated=door.simulated,
        )
        events: list[Event] = [received, CallRinging(call=call, at=rang_at)] if rings else [received]
        return call, events, [] if person is None else [person]

    def _rings(
        self, waiting: Call, door: _Door, *, number: str | None, external_ref: str | None, at: datetime | None
    ) -> tuple[list[Event], list[Person]]:
        """Let a waiting call ring, and keep by which id the exchange knows it."""
        ref = _stored_ref(door.channel, external_ref)
        if ref is None:
            return [CallRinging(call=waiting.call_id, at=at)], []
        known = None if waiting.person is None else self._recorder.log.person(waiting.person)
        if known is not None and known.external_ref is None:
            return [CallRinging(call=waiting.call_id, at=at)], [Person(ref=known.ref, external_ref=ref)]
        # There is nobody to complete, or the sender of the message has an id of its own, which must stay known.
        person = Person(ref=self._recorder.new_person(door.now), number=number, external_ref=ref)
        return [CallRinging(call=waiting.call_id, person=person.ref, at=at)], [person]

    def _number_of(self, call: Call, number: str | None) -> list[Person]:
        """Give the person of a call its number, when the exchange says it later than the call."""
        known = None if call.person is None else self._recorder.log.person(call.person)
        if number is None or known is None or known.number is not None:
            return []
        return [Person(ref=known.ref, number=number)]

    def _by_ref(self, channel: Channel, external_ref: str | None) -> Call | None:
        """Find the call that this door has named so before, in whatever process."""
        ref = _stored_ref(channel, external_ref)
        if ref is None:
            return None
        people = self._recorder.log.find_people(external_ref=ref)
        return next((call for call, _ in self._with_calls(people)), None)

    def _recent(self, number: str | None, *, now: datetime) -> Call | None:
        """Find the latest call of exactly this number within 30 minutes; a withheld number is nobody's."""
        if number is None or not is_callable(number):
            return None
        people = self._recorder.log.find_people(number=number, since=now - _LONGEST_CALL)
        found = (call for call, _ in self._with_calls(people))
        recent = [call for call in found if now - call.last_moment <= JOIN_WITHIN]
        return max(recent, key=lambda call: (call.last_moment, call.n), default=None)

    def _repeated(
        self, number: str | None, text: str, *, received_at: datetime | None, now: datetime
    ) -> tuple[Call, PersonRef] | None:
        """Find the same message among those on record; without a sender nobody can tell."""
        if number is None:
            return None
        since = now - REPEAT_WITHIN if received_at is None else None
        people = self._recorder.log.find_people(number=number, raw_message=text, since=since)
        same = (one for one in people if received_at is None or one.received_at == received_at)
        return next(self._with_calls(same), None)

    def _with_calls(self, people: Iterable[Person]) -> Iterator[tuple[Call, PersonRef]]:
        """Give the call of each person that has one; another process may have written it a moment ago."""
        self._recorder.board.catch_up()
        for person in people:
            call = self._recorder.board.call_of_person(person.ref)
            if call is not None:
                yield call, person.ref

    def _sms_again(self, call: Call, person: PersonRef, text: str, *, actor: Actor) -> SmsReceipt:
        self._finish(call.call_id, actor=actor)
        now = self._recorder.clock.now()
        outcome = self._locator.from_text(call.call_id, person, text, format="auto", now=now)
        return self._sms_receipt(call.call_id, outcome, new=False)

    def _sms_receipt(self, call_id: CallId, outcome: Outcome, *, new: bool) -> SmsReceipt:
        return SmsReceipt(
            call=self._recorder.board.call(call_id),
            new=new,
            understood=outcome.understood,
            reason=outcome.reason,
            warnings=outcome.warnings,
        )

    def _message(self, call_id: CallId, text: str, *, actor: Actor, now: datetime) -> PersonRef:
        """Put a message about a known call on record; raises NotFound for any other call."""
        self._recorder.board.catch_up()
        self._recorder.board.call(call_id)
        person = Person(ref=self._recorder.new_person(now), raw_message=text)
        received = MessageReceived(call=call_id, channel=Channel.CONSOLE, person=person.ref)
        self._recorder.write(received, at=now, actor=actor, people=[person])
        return person.ref

    def _locate_text(self, call_id: CallId, person: PersonRef, text: str, *, format: str, actor: Actor) -> Outcome:  # noqa: A002 - as above
        now = self._recorder.clock.now()
        outcome = self._locator.from_text(call_id, person, text, format=format, now=now)
        self._recorder.write(outcome.event, at=now, actor=actor, people=[outcome.person])
        return outcome

    def _told(self, call_id: CallId, outcome: Outcome, *, actor: Actor | None) -> Call:
        """Record the outcome unless it is (actor None), then raise what was wrong with the input."""
        if actor is not None:
            now = self._recorder.clock.now()
            self._recorder.write(outcome.event, at=now, actor=actor, people=[outcome.person])
        if outcome.error is not None:
            raise outcome.error
        return self._recorder.board.call(call_id)

    def _finish(self, call_id: CallId, *, actor: Actor) -> None:
        """Look at the messages of a call that have no result yet."""
        for ref, call in self._recorder.board.unread().items():
            if call != call_id:
                continue
            person = self._recorder.log.person(ref)
            if person is None or person.raw_message is None:
                continue
            now = self._recorder.clock.now()
            outcome = self._locator.again(call_id, ref, person.raw_message, now=now)
            self._recorder.write(outcome.event, at=now, actor=actor, people=[outcome.person])


def _stored_ref(channel: Channel, external_ref: str | None) -> str | None:
    """Put the door before the sender's own id: the same id at another door is another call."""
    return None if external_ref is None else f"{channel.value}:{external_ref}"


def _says_more(call: Call, agent: str | None) -> bool:
    """Tell whether "answered" is news: nobody had answered, or nobody knew who."""
    return call.answered_at is None or (call.answered_by is None and agent is not None)
