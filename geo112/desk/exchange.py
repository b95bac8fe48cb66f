"""What a telephone exchange says of a call: ring, answer, end, and what the carrier tells of the place."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from geo112.core.codes import CallId, PersonRef
from geo112.desk.joining import Door, Joining, Ring
from geo112.desk.locating import Locator
from geo112.desk.numbers import normal_number, without_telephones
from geo112.desk.recorder import Recorder
from geo112.incidents.events import (
    Actor,
    CallAnswered,
    CallCarried,
    CallEnded,
    CallLeft,
    CallNoted,
    CallRinging,
    Channel,
    EndReason,
    Event,
    MessageReceived,
)
from geo112.incidents.fold import Call, CallState
from geo112.incidents.ports import Person
from geo112.locate.cells.read import fix_of_cells, parse_json
from geo112.locate.cells.table import CellTable
from geo112.locate.fix import NotUnderstood, Reading
from geo112.locate.geolocation_header import references_in, scheme_of
from geo112.locate.pidf import read_pidf

PbxEvent = Literal["ringing", "answered", "ended"]
Kind = Literal["pidf", "cells", "geolocation", "wrong"]
NO_SERVERS = "location servers are not asked: no host is allowed"
_REFERENCE = "geolocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierData:
    """What came with a call of its place: a SIP body, a Geolocation header, the cells that serve it, the network."""

    pidf: str | None = None
    geolocation: str | None = None
    cells: object = None
    carrier: str | None = None


NOTHING = CarrierData()


def _no_table() -> None:
    """Give no table of cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierSetup:
    """Where the table of cells is, and who fetches a location from a server; a centre can do without both."""

    table: Callable[[], CellTable | None] = _no_table
    fetch: Callable[[str], Reading] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One thing that was said of the place, as it stands in the person table under `ref`."""

    person: Person
    kind: Kind
    text: str


class Exchange:
    """Takes the words of a telephone exchange in whatever order and however often they come."""

    def __init__(self, recorder: Recorder, joining: Joining, locator: Locator, setup: CarrierSetup) -> None:
        """Write by this recorder, read by this locator."""
        self._recorder = recorder
        self._joining = joining
        self._locator = locator
        self._setup = setup
        self._claiming = threading.Lock()
        self._asking: set[PersonRef] = set()

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
        said: CarrierData = NOTHING,
    ) -> Call:
        """Record what the telephone exchange says, in whatever order it comes; a repeat changes nothing.

        An unknown `pbx_call_id` makes a call, or joins the message or panic button of the same number. `at` is kept
        where it can be meant: not in the future, and no answer or end before the ring. What is `said` of the place is
        on record with the call, then read; only addresses of location servers wait for `follow`.
        """
        door = Door(actor=actor, channel=Channel.PBX, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(number)
        agent = None if agent is None else without_telephones(agent, number)
        with self._recorder.one_at_a_time(number, pbx_call_id):
            call = self._joining.by_ref(Channel.PBX, pbx_call_id)
            events: list[Event] = []
            people: list[Person] = []
            at = _believed(at, event=event, call=call, now=door.now)
            if call is None:
                ring = Ring(at=at) if event == "ringing" else None
                entered = self._joining.enter(
                    door, number=number, external_ref=pbx_call_id, ring=ring, is_over=event == "ended"
                )
                call, call_id, events, people = entered.known, entered.call, [*entered.events], [*entered.people]
                if event != "ringing":
                    events += _step(call, call_id, event, agent=agent, at=at, reason=reason)
            else:
                call_id = call.call_id
                people = self._number_of(call, number)
                events += _step(call, call_id, event, agent=agent, at=at, reason=reason)
            events += _carried(call, call_id, said.carrier)
            told = self._told(pbx_call_id, said, now=door.now)
            events += [MessageReceived(call=call_id, channel=Channel.SIP, person=one.person.ref) for one in told]
            people += [one.person for one in told]
            if people and not events:
                # A number alone is no step of a call, but consoles have to hear that it is known now.
                events.append(CallNoted(call=call_id, category=None, note=None))
            if events:
                self._recorder.write(*events, at=door.now, actor=actor, people=people)
            for one in told:
                self._read(call_id, one, actor=actor)
            return self._recorder.board.call(call_id)

    def waits_for_server(self, call_id: CallId) -> bool:
        """Tell whether a location server has to be asked for this call."""
        return bool(self._references(call_id))

    def follow(self, call_id: CallId, *, actor: Actor) -> None:
        """Fetch the locations that a call only refers to, and record what came of it; this takes seconds.

        Every word of the exchange starts this while an answer is out; each server is asked once all the same.
        """
        for ref, uri in self._references(call_id):
            with self._claimed(ref) as is_mine:
                if is_mine:
                    self._settle(call_id, ref, partial(self._fetched, uri), actor=actor)

    @contextmanager
    def _claimed(self, ref: PersonRef) -> Iterator[bool]:
        """Tell whether a reference is to be followed here: nobody else does in this process, or has meanwhile."""
        with self._claiming:
            is_free = ref not in self._asking
            self._asking.add(ref)
        try:
            yield is_free and ref in self._recorder.board.unread()
        finally:
            if is_free:
                with self._claiming:
                    self._asking.discard(ref)

    def _fetched(self, uri: str) -> Reading:
        return NotUnderstood(reason=NO_SERVERS) if self._setup.fetch is None else self._setup.fetch(uri)

    def _references(self, call_id: CallId) -> list[tuple[PersonRef, str]]:
        found = []
        for ref, call in self._recorder.board.unread().items():
            person = self._recorder.log.person(ref) if call == call_id else None
            if person is not None and person.raw_message is not None and is_reference(person):
                found.append((ref, person.raw_message))
        return found

    def _number_of(self, call: Call, number: str | None) -> list[Person]:
        """Give the person of a call its number, when the exchange says it later than the call."""
        known = None if call.person is None else self._recorder.log.person(call.person)
        if number is None or known is None or known.number is not None:
            return []
        return [Person(ref=known.ref, number=number)]

    def _told(self, pbx_call_id: str, said: CarrierData, *, now: datetime) -> list[_Said]:
        """Take apart what was said of the place, without what is on record already."""
        found: list[_Said] = []
        kinds: list[tuple[Kind, str]] = []
        if said.pidf is not None:
            kinds.append(("pidf", said.pidf))
        if said.cells is not None:
            kinds.append(("cells", json.dumps(said.cells)))
        if said.geolocation is not None:
            kinds += _references_of(said.geolocation, with_body=said.pidf is not None)
        for kind, text in kinds:
            ref = f"{_REFERENCE if kind == 'geolocation' else 'said'}:{pbx_call_id}"
            same = self._recorder.log.find_people(external_ref=ref, raw_message=text)
            if not any(self._recorder.board.call_of_person(one.ref) for one in same):
                person = Person(ref=self._recorder.new_person(now), raw_message=text, external_ref=ref)
                found.append(_Said(person=person, kind=kind, text=text))
        return found

    def _read(self, call_id: CallId, one: _Said, *, actor: Actor) -> None:
        """Read what was said where it is at hand."""
        now = self._recorder.clock.now()
        ref = one.person.ref
        match one.kind:
            case "pidf":
                self._settle(call_id, ref, lambda: read_pidf(one.text), actor=actor)
            case "cells":
                table = self._setup.table()
                self._settle(call_id, ref, lambda: fix_of_cells(parse_json(one.text), table, now), actor=actor)
            case "wrong":
                reading = NotUnderstood(reason=_wrong(one.text), field="geolocation")
                self._settle(call_id, ref, lambda: reading, actor=actor)
            case "geolocation":  # pragma: no branch - mypy counts the kinds
                pass

    def _settle(self, call_id: CallId, ref: PersonRef, read: Callable[[], Reading], *, actor: Actor) -> None:
        now = self._recorder.clock.now()
        outcome = self._locator.from_reading(call_id, ref, read, now=now)
        self._recorder.write(outcome.event, at=now, actor=actor, people=[outcome.person])


def is_reference(person: Person) -> bool:
    """Tell whether a message is an address at which a location server answers."""
    return (person.external_ref or "").startswith(f"{_REFERENCE}:")


def _references_of(header: str, *, with_body: bool) -> list[tuple[Kind, str]]:
    """Take a Geolocation header apart; what points into the body that came along is read there."""
    found = references_in(header)
    kinds: list[tuple[Kind, str]] = []
    for one in found:
        if scheme_of(one) in ("http", "https"):
            kinds.append(("geolocation", one))
        elif scheme_of(one) != "cid" or not with_body:
            kinds.append(("wrong", one))
    return kinds if found else [("wrong", header)]


def _wrong(reference: str) -> str:
    """Say why a reference leads nowhere."""
    if not references_in(f"<{reference}>"):
        return "the Geolocation header names no <address>"
    if scheme_of(reference) == "cid":
        return "the call's location stands in its body, which did not come along"
    return f"a location by {scheme_of(reference)} cannot be fetched, only by https"


def _believed(at: datetime | None, *, event: PbxEvent, call: Call | None, now: datetime) -> datetime | None:
    """Give the exchange's time where it can be meant: nothing is answered or over before it rang."""
    if at is None or at > now:
        return None
    rang_at = None if call is None else call.ringing_at
    if event == "ringing":
        later = None if call is None else min((one for one in (call.answered_at, call.ended_at) if one), default=None)
        return at if later is None or at <= later else None
    return at if rang_at is None or at >= rang_at else None


def _step(
    call: Call | None,
    call_id: CallId,
    event: PbxEvent,
    *,
    agent: str | None,
    at: datetime | None,
    reason: EndReason | None,
) -> Sequence[Event]:
    """Give the event that the exchange's word makes, or none when it says nothing new."""
    match event:
        case "ringing":
            # It rang before it was answered, but the exchange said so later; without a time nobody knows when.
            late = call is not None and call.ringing_at is None and at is not None
            return [CallRinging(call=call_id, at=at)] if late else []
        case "answered":
            says_more = call is None or call.answered_at is None or (call.answered_by is None and agent is not None)
            return [CallAnswered(call=call_id, by=agent, at=at)] if says_more else []
        case "ended":  # pragma: no branch - mypy counts the words
            if call is None:
                return [CallEnded(call=call_id, reason=reason or EndReason.UNKNOWN, at=at)]
            if call.state is CallState.ENDED:
                return []
            if call.answered_at is None and Channel.APP in call.open_channels:
                # Nobody took the call, but its panic button is still on: it must not go from the board.
                return [] if Channel.PBX in call.left else [CallLeft(call=call_id, channel=Channel.PBX)]
            return [CallEnded(call=call_id, reason=reason or EndReason.UNKNOWN, at=at)]


def _carried(call: Call | None, call_id: CallId, carrier: str | None) -> list[Event]:
    """Keep the name of the network, without a telephone number that may stand in it."""
    name = without_telephones((carrier or "").strip())
    return [] if not name or (call is not None and call.carrier == name) else [CallCarried(call=call_id, carrier=name)]
