"""How calls and messages come in: on disk first, looked at afterwards."""

from dataclasses import dataclass
from datetime import datetime

from geo112.core.codes import CallId, PersonRef
from geo112.desk.exchange import is_reference
from geo112.desk.given import GivenPosition
from geo112.desk.joining import Door, Joining, Ring
from geo112.desk.locating import Locator, Outcome
from geo112.desk.numbers import kept_apart, normal_number, without_telephones
from geo112.desk.recorder import Recorder
from geo112.incidents.events import Actor, CallAnswered, CallNoted, Channel, Event, MessageReceived
from geo112.incidents.fold import Call
from geo112.incidents.ports import Person


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


class Intake:
    """Receives calls, messages and positions."""

    def __init__(self, recorder: Recorder, joining: Joining, locator: Locator) -> None:
        """Write by this recorder, read by this locator."""
        self._recorder = recorder
        self._joining = joining
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
        door = Door(actor=actor, channel=channel, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(number)
        with self._recorder.one_at_a_time(number, external_ref):
            known = self._joining.by_ref(channel, external_ref)
            if known is not None:
                self._finish(known.call_id, actor=actor)
                return Receipt(call=self._recorder.board.call(known.call_id), new=False)
            ring = Ring() if channel is Channel.PBX else None
            entered = self._joining.enter(door, number=number, external_ref=external_ref, ring=ring)
            call, events, people = entered.call, [*entered.events], [*entered.people]
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
        door = Door(actor=actor, channel=channel, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(sender)
        with self._recorder.one_at_a_time(number):
            repeat = self._joining.repeated(number, text, received_at=received_at, now=door.now)
            if repeat is not None:
                return self._sms_again(*repeat, text, actor=actor)
            joined = self._joining.recent(number, now=door.now)
            person = Person(
                ref=self._recorder.new_person(door.now), number=number, raw_message=text, received_at=received_at
            )
            events: list[Event] = []
            people: list[Person] = []
            if joined is None:
                entered = self._joining.enter(door, number=number, external_ref=None)
                call, events, people = entered.call, [*entered.events], [*entered.people]
            else:
                call = joined.call_id
            events.append(MessageReceived(call=call, channel=channel, person=person.ref))
            self._recorder.write(*events, at=door.now, actor=actor, people=[*people, person])
            outcome = self._locate_text(call, person.ref, text, format="auto", actor=actor)
            return self._sms_receipt(call, outcome, new=True)

    def add_position(
        self, call_id: CallId, *, actor: Actor, position: GivenPosition, channel: Channel = Channel.CONSOLE
    ) -> Call:
        """Record a position for a call, then judge it; raises BadPosition or BadShape after recording that."""
        now = self._recorder.clock.now()
        person = self._message(call_id, position.to_text(), actor=actor, channel=channel, now=now)
        outcome = self._locator.from_position(call_id, person, position, now=now)
        return self._told(call_id, outcome, actor=actor)

    def add_message(self, call_id: CallId, *, actor: Actor, text: str, format: str = "auto") -> Call:  # noqa: A002 - as geo112.locate.read names it
        """Record a message for a call, then read it; raises BadMessage or BadPosition after recording that."""
        now = self._recorder.clock.now()
        person = self._message(call_id, text, actor=actor, channel=Channel.CONSOLE, now=now)
        return self._told(call_id, self._locate_text(call_id, person, text, format=format, actor=actor), actor=None)

    def finish_unread(self, *, actor: Actor) -> int:
        """Look at every message that was recorded but not read, as after a power cut, and say how many there were."""
        self._recorder.board.catch_up()
        unread = self._recorder.board.unread()
        for call_id in dict.fromkeys(unread.values()):
            self._finish(call_id, actor=actor)
        return len(unread)

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

    def _message(self, call_id: CallId, text: str, *, actor: Actor, channel: Channel, now: datetime) -> PersonRef:
        """Put a message about a known call on record; raises NotFound for any other call."""
        self._recorder.board.catch_up()
        self._recorder.board.call(call_id)
        person = Person(ref=self._recorder.new_person(now), raw_message=text)
        received = MessageReceived(call=call_id, channel=channel, person=person.ref)
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
            if person is None or person.raw_message is None or is_reference(person):
                continue
            now = self._recorder.clock.now()
            outcome = self._locator.again(call_id, ref, person.raw_message, now=now)
            self._recorder.write(outcome.event, at=now, actor=actor, people=[outcome.person])
