"""Calls and incidents as they stand now, folded from the events alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from geo112.core.codes import CallId, IncidentId, LinkId, PersonRef
from geo112.incidents.events import (
    CallAnswered,
    CallCarried,
    CallDisposition,
    CallEnded,
    CallJoined,
    CallLeft,
    CallLinked,
    CallLocated,
    CallNoted,
    CallReceived,
    CallRinging,
    CallScreened,
    Channel,
    EndReason,
    FixRefused,
    IncidentClosed,
    IncidentDisposition,
    IncidentOpened,
    MessageReceived,
    Recorded,
)
from geo112.incidents.link_events import LinkClosed, LinkEvent, LinkMade, LinkRenewed
from geo112.incidents.links import Link, links_after, links_after_call
from geo112.incidents.question_events import AnswersWeighed, QuestionAnswered, QuestionEvent
from geo112.incidents.questions import Answer, Weighed, answers_after, weighed_of, without_offer
from geo112.locate.choose import Candidate, Choice, best_of_callers, choose
from geo112.locate.fix import Fix
from geo112.zones.decision import Decision
from geo112.zones.jurisdiction import Jurisdiction


class CallState(StrEnum):
    """How far a call is; `waiting` is a message without a telephone call yet."""

    WAITING = "waiting"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class IncidentState(StrEnum):
    """Whether an incident still needs somebody."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFix:
    """A fix with the centre that it means; `n` is the number of its event.

    `weighed` is what the caller's answers make of it, and what to ask next.
    """

    fix: Fix
    jurisdiction: Jurisdiction
    recorded_at: datetime
    n: int
    decision: Decision | None = None
    weighed: Weighed | None = None

    @property
    def decided(self) -> Decision | None:
        """The decision after the caller's answers; by the position alone where there is none that counts."""
        after = None if self.weighed is None else self.weighed.settled.decision
        return self.decision if after is None else after

    @property
    def candidate(self) -> Candidate:
        """The fix as one of several among which to choose."""
        return Candidate(n=self.n, fix=self.fix, known_at=self.recorded_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A position or message that was not used, and why."""

    field: str | None
    reason: str
    understood: bool
    at: datetime
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one caller; `n` is the number of the last event about it.

    `channels` are all doors through which it came in, `left` those that are over already, `choice` says why `located`
    is the fix to act on.
    """

    call_id: CallId
    n: int
    channel: Channel
    person: PersonRef | None
    received_at: datetime
    simulated: bool
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    disposition: CallDisposition | None = None
    category: str | None = None
    note: str = ""
    incident_id: IncidentId | None = None
    located: LocatedFix | None = None
    choice: Choice | None = None
    channels: tuple[Channel, ...] = ()
    left: tuple[Channel, ...] = ()
    carrier: str | None = None
    fixes: tuple[LocatedFix, ...] = ()
    refused: tuple[Refused, ...] = ()
    links: tuple[Link, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def state(self) -> CallState:
        """How far the call is."""
        if self.ended_at is not None:
            return CallState.ENDED
        if self.answered_at is not None:
            return CallState.ANSWERED
        if self.ringing_at is not None and Channel.PBX not in self.left:
            return CallState.RINGING
        return CallState.WAITING

    @property
    def fix(self) -> Fix | None:
        """The position to act on; None while nobody knows where the caller is."""
        return None if self.located is None else self.located.fix

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """The centre that the position to act on means."""
        return None if self.located is None else self.located.jurisdiction

    @property
    def open_channels(self) -> tuple[Channel, ...]:
        """The doors at which the call still goes on."""
        return tuple(one for one in self.channels if one not in self.left)

    @property
    def last_moment(self) -> datetime:
        """When the call last came in, rang, was answered or ended."""
        moments = (self.received_at, self.ringing_at, self.answered_at, self.ended_at)
        return max(moment for moment in moments if moment is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One happening with all its calls; `number` counts the incidents of this centre, `n` is its last event."""

    incident_id: IncidentId
    n: int
    number: int
    category: str
    priority: int
    note: str
    opened_at: datetime
    opened_by: str
    simulated: bool
    call_ids: tuple[CallId, ...]
    closed_at: datetime | None = None
    disposition: IncidentDisposition | None = None
    located: LocatedFix | None = None

    @property
    def state(self) -> IncidentState:
        """Whether the incident still needs somebody."""
        return IncidentState.OPEN if self.closed_at is None else IncidentState.CLOSED

    @property
    def fix(self) -> Fix | None:
        """The position of its best located call."""
        return None if self.located is None else self.located.fix

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """The centre that the position of its best located call means."""
        return None if self.located is None else self.located.jurisdiction


@dataclass(slots=True, kw_only=True)
class State:
    """Everything that the events up to number `n` say.

    `call_of_person` finds a call by a person reference, `call_of_token` by the hash of a link's secret; `unread` holds
    the messages that have no result yet, `open_links` the links that nobody and nothing has ended yet.
    """

    n: int = 0
    calls: dict[CallId, Call] = field(default_factory=dict)
    incidents: dict[IncidentId, Incident] = field(default_factory=dict)
    call_of_person: dict[PersonRef, CallId] = field(default_factory=dict)
    unread: dict[PersonRef, CallId] = field(default_factory=dict)
    call_of_token: dict[str, CallId] = field(default_factory=dict)
    open_links: dict[LinkId, CallId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The calls and incidents that an event changed."""

    call_ids: tuple[CallId, ...] = ()
    incident_ids: tuple[IncidentId, ...] = ()


def best_fix(fixes: Iterable[LocatedFix]) -> LocatedFix | None:
    """Choose among the fixes of several calls the one where the incident is; None when there is none."""
    by_n = {one.n: one for one in fixes}
    best = best_of_callers(one.candidate for one in by_n.values())
    return None if best is None else by_n[best.n]


def _with_fix(call: Call, located: LocatedFix) -> Call:
    """Give the call with one more fix, and choose anew which one to act on."""
    fixes = (located, *call.fixes)
    choice = choose(one.candidate for one in fixes)
    chosen = None if choice is None else next(one for one in fixes if one.n == choice.n)
    return replace(call, fixes=fixes, choice=choice, located=chosen)


def _with_weighed(call: Call, weighed: Weighed) -> Call:
    """Give the call with what its answers make of one of its fixes."""
    fixes = tuple(replace(one, weighed=weighed) if one.n == weighed.fix_n else one for one in call.fixes)
    return _with_fixes(call, fixes)


def _without_offer(call: Call) -> Call:
    """Give the call with no question to ask, until one is worked out again."""
    return _with_fixes(call, tuple(replace(one, weighed=without_offer(one.weighed)) for one in call.fixes))


def _with_fixes(call: Call, fixes: tuple[LocatedFix, ...]) -> Call:
    located = None if call.located is None else next(one for one in fixes if one.n == call.located.n)
    return replace(call, fixes=fixes, located=located)


def apply(state: State, recorded: Recorded) -> Changed:
    """Take one more event into the state and say what it changed.

    An event that was applied before changes nothing; one about a call or incident that never came in changes no item.
    """
    if recorded.n <= state.n:
        return Changed()
    state.n = recorded.n
    match recorded.event:
        case CallReceived():
            return _received(state, recorded, recorded.event)
        case IncidentOpened() as event:
            return _opened(state, recorded, event)
        case CallLinked(call=call, incident=incident):
            return _linked(state, recorded.n, call, incident)
        case IncidentClosed() as event:
            return _closed(state, recorded, event)
        case event:
            return _call_changed(state, recorded, event)


def _received(state: State, recorded: Recorded, event: CallReceived) -> Changed:
    if event.call in state.calls:
        return Changed()
    state.calls[event.call] = Call(
        call_id=event.call,
        n=recorded.n,
        channel=event.channel,
        channels=(event.channel,),
        person=event.person,
        received_at=recorded.at,
        simulated=event.simulated,
    )
    if event.person is not None:
        state.call_of_person[event.person] = event.call
    return Changed(call_ids=(event.call,))


CallEvent = (
    CallJoined
    | CallLeft
    | CallCarried
    | CallRinging
    | CallAnswered
    | CallEnded
    | MessageReceived
    | CallLocated
    | FixRefused
    | CallNoted
    | CallScreened
    | LinkEvent
    | QuestionEvent
)


def _call_changed(state: State, recorded: Recorded, event: CallEvent) -> Changed:
    call = state.calls.get(event.call)
    if call is None:
        return Changed()
    _remember(state, event)
    _remember_links(state, call, event)
    call = replace(_stepped(call, recorded, event), n=recorded.n)
    state.calls[call.call_id] = call
    changed_incidents: tuple[IncidentId, ...] = ()
    if isinstance(event, CallLocated | AnswersWeighed) and call.incident_id is not None:
        _relocate(state, call.incident_id, n=recorded.n)
        changed_incidents = (call.incident_id,)
    return Changed(call_ids=(call.call_id,), incident_ids=changed_incidents)


def _remember(state: State, event: CallEvent) -> None:
    """Keep by which references the call and its unread messages are found."""
    match event:
        case CallRinging() | CallJoined():
            if event.person is not None:
                state.call_of_person[event.person] = event.call
        case MessageReceived():
            state.call_of_person[event.person] = event.call
            state.unread[event.person] = event.call
        case CallLocated() | FixRefused():
            if event.person is not None:
                state.unread.pop(event.person, None)
        case _:
            pass


def _remember_links(state: State, call: Call, event: CallEvent) -> None:
    """Keep by which secrets links are found, and which are not over."""
    match event:
        case LinkMade():
            state.call_of_token[event.token_hash] = event.call
            state.open_links[event.link] = event.call
        case LinkRenewed():
            state.open_links[event.link] = event.call
        case LinkClosed():
            state.open_links.pop(event.link, None)
        case CallEnded() if _ends_links(event):
            for link in call.links:
                state.open_links.pop(link.link_id, None)
        case _:
            pass


def _ends_links(event: CallEnded) -> bool:
    """Tell whether the end of a call ends its links: who lost the line still has to be found."""
    return event.reason is not EndReason.LINE_LOST


def _stepped(call: Call, recorded: Recorded, event: CallEvent) -> Call:  # noqa: C901, PLR0911, PLR0912 - one case for each event
    """Give the call after the event. What is once known (rung, answered, ended) keeps its first time."""
    match event:
        case CallJoined(channel=channel):
            return _through(call, channel)
        case CallLeft(channel=channel):
            return call if channel in call.left else replace(call, left=(*call.left, channel))
        case CallCarried(carrier=carrier):
            return replace(call, carrier=carrier)
        case CallRinging():
            again = None if Channel.PBX in call.left else call.ringing_at
            return replace(_through(call, Channel.PBX), ringing_at=again or event.at or recorded.at)
        case CallAnswered():
            answered_at = call.answered_at or event.at or recorded.at
            return replace(call, answered_at=answered_at, answered_by=call.answered_by or event.by)
        case CallEnded():
            if call.ended_at is not None:
                return call
            links = links_after_call(call.links, at=recorded.at) if _ends_links(event) else call.links
            return replace(call, ended_at=event.at or recorded.at, end_reason=event.reason, links=links)
        case MessageReceived():
            return call
        case CallLocated():
            located = LocatedFix(
                fix=event.fix,
                jurisdiction=event.jurisdiction,
                recorded_at=recorded.at,
                n=recorded.n,
                decision=event.decision,
            )
            return _with_fix(call, located)
        case FixRefused():
            refused = Refused(
                field=event.field, reason=event.reason, understood=event.understood, at=recorded.at, n=recorded.n
            )
            return replace(call, refused=(*call.refused, refused))
        case CallNoted():
            category = call.category if event.category is None else event.category
            return replace(call, category=category, note=call.note if event.note is None else event.note)
        case CallScreened():
            return replace(call, disposition=event.disposition)
        case AnswersWeighed():
            return _with_weighed(call, weighed_of(event, n=recorded.n))
        case QuestionAnswered():
            by, n = recorded.actor.name, recorded.n
            answers = answers_after(call.answers, event, at=recorded.at, by=by, n=n)
            return _without_offer(replace(call, answers=answers))
        case event:  # pragma: no branch - mypy counts the events
            return replace(call, links=links_after(call.links, event, at=recorded.at, by=recorded.actor.name))


def _through(call: Call, channel: Channel) -> Call:
    """Give the call with a door through which it comes, too, or again."""
    channels = call.channels if channel in call.channels else (*call.channels, channel)
    return replace(call, channels=channels, left=tuple(one for one in call.left if one is not channel))


def _opened(state: State, recorded: Recorded, event: IncidentOpened) -> Changed:
    if event.incident in state.incidents:
        return Changed()
    call = state.calls.get(event.call)
    state.incidents[event.incident] = Incident(
        incident_id=event.incident,
        n=recorded.n,
        number=len(state.incidents) + 1,
        category=event.category,
        priority=event.priority,
        note=event.note,
        opened_at=recorded.at,
        opened_by=recorded.actor.name,
        simulated=call is not None and call.simulated,
        call_ids=(),
    )
    return _linked(state, recorded.n, event.call, event.incident)


def _linked(state: State, n: int, call_id: CallId, incident_id: IncidentId) -> Changed:
    """Put the call under the incident, and take it from the one it was under before."""
    call, incident = state.calls.get(call_id), state.incidents.get(incident_id)
    if call is None or incident is None:
        return Changed(incident_ids=() if incident is None else (incident_id,))
    before = call.incident_id
    if before == incident_id:
        return Changed()
    if before is not None:
        old = state.incidents[before]
        state.incidents[before] = replace(old, call_ids=tuple(one for one in old.call_ids if one != call_id))
        _relocate(state, before, n=n)
    state.calls[call_id] = replace(call, incident_id=incident_id, n=n)
    state.incidents[incident_id] = replace(incident, call_ids=(*incident.call_ids, call_id))
    _relocate(state, incident_id, n=n)
    incidents = (incident_id,) if before is None else (before, incident_id)
    return Changed(call_ids=(call_id,), incident_ids=incidents)


def _relocate(state: State, incident_id: IncidentId, *, n: int) -> None:
    """Let the incident stand where its best located call is."""
    incident = state.incidents[incident_id]
    found = (state.calls[one].located for one in incident.call_ids)
    located = best_fix(one for one in found if one is not None)
    state.incidents[incident_id] = replace(incident, located=located, n=n)


def _closed(state: State, recorded: Recorded, event: IncidentClosed) -> Changed:
    incident = state.incidents.get(event.incident)
    if incident is None or incident.closed_at is not None:
        return Changed()
    state.incidents[event.incident] = replace(
        incident, closed_at=recorded.at, disposition=event.disposition, n=recorded.n
    )
    return Changed(incident_ids=(event.incident,))
