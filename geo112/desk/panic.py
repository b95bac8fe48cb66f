"""The panic button of a citizen app: pressed, followed by positions, let go."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from geo112.core.codes import CallId
from geo112.core.errors import BadInput, NotFound
from geo112.desk.given import GivenPosition
from geo112.desk.joining import Door, Joining
from geo112.desk.locating import Locator
from geo112.desk.numbers import kept_apart, normal_number, without_telephones
from geo112.desk.recorder import Recorder
from geo112.incidents.apart import apart
from geo112.incidents.events import (
    Actor,
    CallEnded,
    CallLeft,
    CallNoted,
    Channel,
    EndReason,
    Event,
    MessageReceived,
)
from geo112.incidents.fold import Call, CallState
from geo112.incidents.ports import Person
from geo112.locate.gap import spread_of

AT_MOST_EVERY = timedelta(seconds=1)
SAID_AGAIN_AFTER = timedelta(seconds=60)
MOVED_M = 10.0


class Kept(StrEnum):
    """What became of a position of a track: recorded, recorded as one that cannot be meant, or left out and why."""

    RECORDED = "recorded"
    REFUSED = "refused"
    TOO_OFTEN = "too_often"
    NO_BETTER = "no_better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """The call of a panic button, whether it was new, and what became of the position that came along."""

    call: Call
    new: bool
    kept: Kept | None = None


class PanicButton:
    """Takes what apps send; each app is known by the name of its key."""

    def __init__(self, recorder: Recorder, joining: Joining, locator: Locator) -> None:
        """Write by this recorder, read by this locator."""
        self._recorder = recorder
        self._joining = joining
        self._locator = locator
        self._looked_at: OrderedDict[CallId, datetime] = OrderedDict()
        self._looking = threading.Lock()

    def press(  # noqa: PLR0913 - everything that an app may say at once
        self,
        *,
        actor: Actor,
        app_call_id: str,
        number: str | None = None,
        name: str | None = None,
        position: GivenPosition | None = None,
        category: str | None = None,
        note: str | None = None,
        simulated: bool = False,
    ) -> Panic:
        """Put a panic button on record, or find it again by its id, then look at its position.

        It joins the call of the same number that still goes on. A position that cannot be meant stands in the call as
        refused: nothing is raised but StorageError.
        """
        door = Door(actor=actor, channel=Channel.APP, now=self._recorder.clock.now(), simulated=simulated)
        number = normal_number(number)
        ref = _ref(actor, app_call_id)
        with self._recorder.one_at_a_time(number, ref):
            known = self._joining.by_ref(Channel.APP, ref)
            if known is not None:
                kept = None if position is None else self._position(known, position, actor=actor)
                return Panic(call=self._recorder.board.call(known.call_id), new=False, kept=kept)
            entered = self._joining.enter(door, number=number, external_ref=ref)
            events, people = [*entered.events], [*entered.people]
            noted = self._noted(door, entered.known, number=number, name=name, category=category, note=note)
            if noted is not None:
                events.append(CallNoted(call=entered.call, category=noted[0], note=noted[1]))
                people += noted[2]
            self._recorder.write(*events, at=door.now, actor=actor, people=people)
            call = self._recorder.board.call(entered.call)
            kept = None if position is None else self._position(call, position, actor=actor)
            return Panic(call=self._recorder.board.call(call.call_id), new=True, kept=kept)

    def follow(self, *, actor: Actor, app_call_id: str, position: GivenPosition) -> Panic:
        """Take one more position of a panic button; raises NotFound for one that was never pressed.

        Recorded is what is better, elsewhere, or a minute later, and at most one in a second: the answer says which.
        """
        ref = _ref(actor, app_call_id)
        with self._recorder.one_at_a_time(ref):
            call = self._by_ref(ref)
            kept = self._position(call, position, actor=actor)
            return Panic(call=self._recorder.board.call(call.call_id), new=False, kept=kept)

    def let_go(self, *, actor: Actor, app_call_id: str) -> Panic:
        """Say that the button is off; the call ends where nobody took it and no telephone call goes on."""
        ref = _ref(actor, app_call_id)
        with self._recorder.one_at_a_time(ref):
            call = self._by_ref(ref)
            event: Event | None = None
            if call.state is CallState.WAITING:
                event = CallEnded(call=call.call_id, reason=EndReason.CALLER_HUNG_UP)
            elif call.state is not CallState.ENDED and Channel.APP in call.open_channels:
                event = CallLeft(call=call.call_id, channel=Channel.APP)
            if event is not None:
                self._recorder.write(event, at=self._recorder.clock.now(), actor=actor)
            return Panic(call=self._recorder.board.call(call.call_id), new=False)

    def _by_ref(self, ref: str) -> Call:
        call = self._joining.by_ref(Channel.APP, ref)
        if call is None:
            raise NotFound("there is no panic button with this id", field="app_call_id")
        return call

    def _noted(
        self,
        door: Door,
        known: Call | None,
        *,
        number: str | None,
        name: str | None,
        category: str | None,
        note: str | None,
    ) -> tuple[str | None, str | None, list[Person]] | None:
        """Give category and note where the call has none yet; a name stands apart from the log."""
        category = without_telephones((category or "").strip(), number) or None
        words = ": ".join(one for one in ((name or "").strip(), (note or "").strip()) if one)
        if known is not None:
            category = category if known.category is None else None
            words = words if not known.note else ""
        if category is None and not words:
            return None
        if not words:
            return category, None, []
        ref = self._recorder.new_person(door.now)
        if name:
            return category, apart(ref), [Person(ref=ref, raw_message=words)]
        written, people = kept_apart(words, number, ref=ref)
        return category, written, people

    def _position(self, call: Call, position: GivenPosition, *, actor: Actor) -> Kept:
        """Record a position where it says something new, then judge it."""
        now = self._recorder.clock.now()
        if not self._is_time(call.call_id, now=now):
            return Kept.TOO_OFTEN
        if not _is_news(position, call, now=now):
            return Kept.NO_BETTER
        person = Person(ref=self._recorder.new_person(now), raw_message=position.to_text())
        received = MessageReceived(call=call.call_id, channel=Channel.APP, person=person.ref)
        self._recorder.write(received, at=now, actor=actor, people=[person])
        outcome = self._locator.from_position(call.call_id, person.ref, position, now=now)
        self._recorder.write(outcome.event, at=now, actor=actor, people=[outcome.person])
        return Kept.RECORDED if outcome.reason is None else Kept.REFUSED

    def _is_time(self, call_id: CallId, *, now: datetime) -> bool:
        """Tell whether a second has gone by since the last position of this call that this process looked at."""
        with self._looking:
            last = self._looked_at.pop(call_id, None)
            early = last is not None and timedelta(0) <= now - last < AT_MOST_EVERY
            self._looked_at[call_id] = last if early and last is not None else now
            # Only the last second counts: what is older is forgotten as it comes to the front.
            while now - next(iter(self._looked_at.values())) > AT_MOST_EVERY:
                self._looked_at.popitem(last=False)
        return not early


def _is_news(position: GivenPosition, call: Call, *, now: datetime) -> bool:
    """Tell whether a position is smaller, elsewhere or a minute later than the newest one of the track.

    One that cannot be meant is news: it is recorded and refused.
    """
    track = [one for one in call.fixes if one.fix.source is position.source]
    if not track:
        return True
    try:
        area = position.to_fix().area
    except BadInput:
        return True
    newest = max(track, key=lambda one: one.n)
    before, after = spread_of(newest.fix.area), spread_of(area)
    if now - newest.recorded_at >= SAID_AGAIN_AFTER or (before is None and after is not None):
        return True
    if before is not None and after is not None and after.size_m2 < before.size_m2:
        return True
    allowed_m = MOVED_M if before is None else max(MOVED_M, before.reach_m)
    return newest.fix.area.middle.distance_m(area.middle) > allowed_m


def _ref(actor: Actor, app_call_id: str) -> str:
    """Put the app before its own id: the same id of another app is another call."""
    return f"{actor.name}:{app_call_id}"
