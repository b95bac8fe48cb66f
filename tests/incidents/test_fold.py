from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import (
    CALL,
    INCIDENT,
    NOW,
    OTHER_CALL,
    OTHER_INCIDENT,
    PERSON,
    SENTUL,
    call_after,
    chain_of,
    circle,
    fix,
    folded,
    incident_after,
    inside,
    located,
    point,
    received,
)

from geo112.core.codes import IncidentId, PersonRef
from geo112.core.shapes import Area
from geo112.incidents.events import (
    CallAnswered,
    CallDisposition,
    CallEnded,
    CallJoined,
    CallLinked,
    CallNoted,
    CallRinging,
    CallScreened,
    Channel,
    EndReason,
    Event,
    FixRefused,
    IncidentClosed,
    IncidentDisposition,
    IncidentOpened,
    MessageReceived,
)
from geo112.incidents.fold import CallState, Changed, IncidentState, LocatedFix, State, apply, best_fix
from geo112.locate.fix import FixSource

SECOND = timedelta(seconds=1)


def opened(*, incident: IncidentId = INCIDENT, call: str = CALL) -> IncidentOpened:
    return IncidentOpened(incident=incident, call=call, category="KEBAKARAN", priority=1, note="asap tebal")


def refused(reason: str = "broken", *, person: str | None = None) -> FixRefused:
    return FixRefused(call=CALL, field="lt", reason=reason, understood=False, person=person)


def test_a_call_goes_from_ringing_to_ended() -> None:
    assert call_after().state is CallState.WAITING
    assert call_after(CallRinging(call=CALL)).state is CallState.RINGING
    answered = call_after(CallRinging(call=CALL), CallAnswered(call=CALL, by="siti"))
    assert (answered.state, answered.answered_by) == (CallState.ANSWERED, "siti")
    assert answered.answered_at == NOW + 2 * SECOND
    ended = call_after(CallRinging(call=CALL), CallEnded(call=CALL, reason=EndReason.NOT_ANSWERED))
    assert (ended.state, ended.end_reason, ended.ended_at) == (
        CallState.ENDED,
        EndReason.NOT_ANSWERED,
        NOW + 2 * SECOND,
    )


@pytest.mark.parametrize("channel", Channel)
def test_whatever_the_door_a_call_is_answered_once_somebody_took_it(channel: Channel) -> None:
    taken = chain_of(received(channel=channel), CallAnswered(call=CALL, by="siti"))
    assert folded(taken[:1]).calls[CALL].state is CallState.WAITING
    assert folded(taken).calls[CALL].state is CallState.ANSWERED


def test_the_exchange_says_when_it_happened() -> None:
    earlier = NOW - timedelta(seconds=30)
    call = call_after(
        CallRinging(call=CALL, at=earlier),
        CallAnswered(call=CALL, by=None, at=earlier + SECOND),
        CallEnded(call=CALL, reason=EndReason.UNKNOWN, at=earlier + 2 * SECOND),
    )
    assert (call.ringing_at, call.answered_at, call.ended_at) == (earlier, earlier + SECOND, earlier + 2 * SECOND)
    assert call.last_moment == NOW


def test_what_happened_once_keeps_its_first_time() -> None:
    call = call_after(
        CallRinging(call=CALL),
        CallRinging(call=CALL),
        CallAnswered(call=CALL, by=None),
        CallAnswered(call=CALL, by="siti"),
        CallAnswered(call=CALL, by="budi"),
        CallEnded(call=CALL, reason=EndReason.CALLER_HUNG_UP),
        CallEnded(call=CALL, reason=EndReason.LINE_LOST),
    )
    assert (call.ringing_at, call.answered_at, call.ended_at) == (NOW + SECOND, NOW + 3 * SECOND, NOW + 6 * SECOND)
    assert (call.answered_by, call.end_reason) == ("siti", EndReason.CALLER_HUNG_UP)
    assert call.n == 8


def test_a_note_leaves_unsaid_what_it_does_not_say() -> None:
    call = call_after(
        CallNoted(call=CALL, category="BANJIR", note=None),
        CallNoted(call=CALL, category=None, note="dekat pasar"),
        CallScreened(call=CALL, disposition=CallDisposition.NORMAL),
    )
    assert (call.category, call.note, call.disposition) == ("BANJIR", "dekat pasar", CallDisposition.NORMAL)


def test_fixes_stand_newest_first_and_refusals_with_their_reason() -> None:
    wide, narrow = fix(area=circle(radius_m=900)), fix(area=circle(radius_m=20))
    call = call_after(located(by=wide), refused("no number"), located(by=narrow))
    assert [one.fix for one in call.fixes] == [narrow, wide]
    assert (call.fix, call.jurisdiction) == (narrow, inside())
    assert [(one.field, one.reason, one.at, one.n) for one in call.refused] == [
        ("lt", "no number", NOW + 2 * SECOND, 3)
    ]


def test_nobody_knows_where_a_call_is_before_its_first_fix() -> None:
    assert (call_after().fix, call_after().jurisdiction) == (None, None)


def at_minute(minute: float, *, area: Area, source: FixSource = FixSource.AML, n: int = 1) -> LocatedFix:
    moment = NOW + timedelta(minutes=minute)
    return LocatedFix(
        fix=fix(area=area, source=source, taken_at=moment), jurisdiction=inside(), recorded_at=moment, n=n
    )


CIRCLE_20 = circle(radius_m=20, confidence_share=0.95)
CIRCLE_900 = circle(radius_m=900, confidence_share=0.95)
CIRCLE_9000 = circle(radius_m=9_000, confidence_share=0.95)


@pytest.mark.parametrize(
    ("fixes", "chosen"),
    [
        pytest.param([at_minute(0, area=CIRCLE_900), at_minute(1, area=CIRCLE_20)], 1, id="the smaller one"),
        pytest.param([at_minute(0, area=CIRCLE_20), at_minute(10, area=CIRCLE_900)], 0, id="ten minutes still count"),
        pytest.param([at_minute(0, area=CIRCLE_20), at_minute(11, area=CIRCLE_900)], 1, id="older ones do not"),
        pytest.param([at_minute(0, area=CIRCLE_900), at_minute(1, area=point())], 0, id="unknown ranks behind 5 km"),
        pytest.param([at_minute(0, area=CIRCLE_9000), at_minute(1, area=point())], 1, id="unknown before 9 km"),
        pytest.param(
            [at_minute(0, area=CIRCLE_20), at_minute(1, area=point(), source=FixSource.TYPED)], 1, id="typed just now"
        ),
        pytest.param(
            [at_minute(0, area=point(), source=FixSource.TYPED), at_minute(1, area=CIRCLE_900)], 1, id="typed before"
        ),
        pytest.param(
            [at_minute(0, area=CIRCLE_20), at_minute(1, area=CIRCLE_900, source=FixSource.TYPED)],
            0,
            id="a typed circle says itself how sure it is",
        ),
        pytest.param([at_minute(0, area=CIRCLE_20), at_minute(1, area=CIRCLE_20)], 1, id="the newest of equals"),
    ],
)
def test_the_fix_to_act_on(fixes: list[LocatedFix], chosen: int) -> None:
    fixes = [replace(one, n=n) for n, one in enumerate(fixes, start=1)]
    assert best_fix(fixes) is fixes[chosen]
    assert best_fix(reversed(fixes)) is fixes[chosen]


def test_the_smaller_radius_is_that_of_the_same_confidence() -> None:
    sure = at_minute(0, area=circle(radius_m=30, confidence_share=0.95))
    unsure = at_minute(0, area=circle(radius_m=25, confidence_share=0.39), n=2)
    assert best_fix([unsure, sure]) is sure


def test_without_fixes_there_is_none_to_act_on() -> None:
    assert best_fix([]) is None


def test_a_telephone_whose_clock_is_ahead_is_not_newer_than_now() -> None:
    ahead = LocatedFix(fix=fix(taken_at=NOW + timedelta(days=1)), jurisdiction=inside(), recorded_at=NOW, n=1)
    later = LocatedFix(
        fix=fix(area=circle(radius_m=900), taken_at=None),
        jurisdiction=inside(),
        recorded_at=NOW + timedelta(minutes=20),
        n=2,
    )
    assert ahead.candidate.measured_at == NOW
    assert best_fix([ahead, later]) is later


def test_a_call_says_why_its_fix_is_used_and_what_speaks_against_it() -> None:
    east = fix(area=circle(at=SENTUL.moved(bearing_deg=90, distance_m=7_000)), source=FixSource.SIP)
    call = call_after(located(), located(by=east), located(by=fix(area=circle(radius_m=9))))
    assert call.choice is not None
    assert call.located is call.fixes[0]
    assert [(one.n, one.status, one.why) for one in call.choice.judged] == [
        (2, "known", "wider"),
        (3, "known", "wider"),
        (4, "used", "smallest"),
    ]
    assert (call.choice.agrees, [one.fix_n for one in call.choice.contradictions]) == ((2,), [(3, 4)])


def test_a_late_fix_that_is_better_moves_the_call_and_its_incident() -> None:
    wide, late = fix(area=circle(radius_m=2_000)), fix(area=circle(radius_m=9), taken_at=NOW - SECOND)
    incident = incident_after(located(by=wide), opened(), located(by=late))
    assert (incident.fix, incident.n) == (late, 4)


def test_a_call_through_two_doors_is_found_by_both() -> None:
    events = chain_of(
        received(person=PERSON),
        CallJoined(call=CALL, channel=Channel.APP, person=PersonRef("app")),
        CallJoined(call=CALL, channel=Channel.APP),
    )
    state = folded(events)
    assert state.call_of_person == {PERSON: CALL, "app": CALL}
    assert (state.calls[CALL].channel, state.calls[CALL].channels) == (Channel.PBX, (Channel.PBX, Channel.APP))


def test_an_incident_has_the_calls_that_are_linked_to_it() -> None:
    events: list[Event] = [received(call=OTHER_CALL), opened(), CallLinked(call=OTHER_CALL, incident=INCIDENT)]
    incident = incident_after(*events)
    assert incident.call_ids == (CALL, OTHER_CALL)
    assert (incident.number, incident.category, incident.priority, incident.note) == (1, "KEBAKARAN", 1, "asap tebal")
    assert (incident.opened_at, incident.opened_by, incident.simulated) == (NOW + 2 * SECOND, "siti", False)
    assert (incident.state, incident.fix, incident.jurisdiction, incident.n) == (IncidentState.OPEN, None, None, 4)


def test_an_incident_is_where_its_best_located_call_is() -> None:
    narrow = fix(area=circle(radius_m=5))
    events: list[Event] = [received(call=OTHER_CALL), opened(), CallLinked(call=OTHER_CALL, incident=INCIDENT)]
    incident = incident_after(*events, located(), located(call=OTHER_CALL, by=narrow))
    assert (incident.fix, incident.jurisdiction, incident.n) == (narrow, inside(), 6)


def test_a_fix_of_a_linked_call_changes_the_incident_too() -> None:
    events = chain_of(received(), opened(), located())
    state = folded(events[:2])
    assert apply(state, events[2]) == Changed(call_ids=(CALL,), incident_ids=(INCIDENT,))


def test_an_incident_of_a_simulated_call_is_simulated() -> None:
    state = folded(chain_of(received(simulated=True), opened()))
    assert state.incidents[INCIDENT].simulated


def test_a_call_is_about_one_incident_and_moves_when_linked_again() -> None:
    events = chain_of(
        received(),
        received(call=OTHER_CALL),
        located(),
        opened(),
        opened(incident=OTHER_INCIDENT, call=OTHER_CALL),
        CallLinked(call=CALL, incident=OTHER_INCIDENT),
    )
    state = folded(events[:-1])
    changed = apply(state, events[-1])
    assert changed == Changed(call_ids=(CALL,), incident_ids=(INCIDENT, OTHER_INCIDENT))
    assert (state.incidents[INCIDENT].call_ids, state.incidents[INCIDENT].fix) == ((), None)
    assert state.incidents[OTHER_INCIDENT].call_ids == (OTHER_CALL, CALL)
    assert (state.incidents[OTHER_INCIDENT].number, state.calls[CALL].incident_id) == (2, OTHER_INCIDENT)


def test_a_call_and_an_incident_come_in_once() -> None:
    again = opened()
    assert incident_after(again, received(simulated=True), again) == incident_after(again)


def test_linking_twice_is_once() -> None:
    link = CallLinked(call=CALL, incident=INCIDENT)
    assert incident_after(opened(), link, link) == incident_after(opened())


def test_an_incident_closes_once() -> None:
    incident = incident_after(
        opened(),
        IncidentClosed(incident=INCIDENT, disposition=IncidentDisposition.SELESAI),
        IncidentClosed(incident=INCIDENT, disposition=IncidentDisposition.PRANK),
    )
    assert (incident.state, incident.disposition, incident.closed_at, incident.n) == (
        IncidentState.CLOSED,
        IncidentDisposition.SELESAI,
        NOW + 2 * SECOND,
        3,
    )


@pytest.mark.parametrize(
    "event",
    [
        CallRinging(call=OTHER_CALL),
        CallLinked(call=CALL, incident=INCIDENT),
        CallLinked(call=OTHER_CALL, incident=INCIDENT),
        IncidentClosed(incident=INCIDENT, disposition=IncidentDisposition.SELESAI),
    ],
    ids=lambda event: type(event).__name__,
)
def test_events_about_what_never_came_in_change_nothing_but_the_number(event: Event) -> None:
    events = chain_of(received(), event)
    state = folded(events[:1])
    before = dict(state.calls)
    assert apply(state, events[1]) == Changed()
    assert (state.calls, state.incidents, state.n) == (before, {}, 2)


def test_an_incident_of_a_call_that_never_came_in_still_stands() -> None:
    events = chain_of(opened())
    state = State()
    assert apply(state, events[0]) == Changed(incident_ids=(INCIDENT,))
    assert state.incidents[INCIDENT].call_ids == ()


def test_messages_are_unread_until_their_result() -> None:
    message = MessageReceived(call=CALL, channel=Channel.SMS, person=PERSON)
    assert folded(chain_of(received(), message)).unread == {PERSON: CALL}
    assert folded(chain_of(received(), message, located())).unread == {PERSON: CALL}
    assert folded(chain_of(received(), message, located(person=PERSON))).unread == {}
    assert folded(chain_of(received(), message, refused(person=PERSON))).unread == {}
    assert folded(chain_of(received(), message)).call_of_person == {PERSON: CALL}


def test_a_call_is_found_by_everybody_it_names() -> None:
    events = chain_of(
        received(person=PERSON),
        received(call=OTHER_CALL, channel=Channel.SMS),
        CallRinging(call=CALL),
        CallRinging(call=OTHER_CALL, person=PersonRef("exchange")),
    )
    assert folded(events).call_of_person == {PERSON: CALL, "exchange": OTHER_CALL}
    assert folded(events).calls[OTHER_CALL].person is None


def test_a_call_remembers_who_called() -> None:
    assert folded(chain_of(received(person=PERSON))).call_of_person == {PERSON: CALL}


CALLS = st.sampled_from([CALL, OTHER_CALL])
INCIDENTS = st.sampled_from([INCIDENT, OTHER_INCIDENT])
STORIES = st.lists(
    st.one_of(
        st.builds(received, call=CALLS),
        st.builds(CallRinging, call=CALLS),
        st.builds(CallAnswered, call=CALLS, by=st.sampled_from([None, "siti", "budi"])),
        st.builds(CallEnded, call=CALLS, reason=st.sampled_from(EndReason)),
        st.builds(
            located,
            call=CALLS,
            by=st.builds(fix, area=st.one_of(st.just(point()), st.floats(1, 20_000).map(lambda r: circle(radius_m=r)))),
        ),
        st.builds(opened, call=CALLS, incident=INCIDENTS),
        st.builds(CallLinked, call=CALLS, incident=INCIDENTS),
        st.builds(IncidentClosed, incident=INCIDENTS, disposition=st.sampled_from(IncidentDisposition)),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(STORIES)
def test_folding_again_changes_nothing(story: list[Event]) -> None:
    events = chain_of(*story)
    once = folded(events)
    assert folded([*events, *events]) == once


@settings(deadline=None)
@given(STORIES, st.integers(min_value=0, max_value=12))
def test_where_the_fold_paused_makes_no_difference(story: list[Event], pause: int) -> None:
    events = chain_of(*story)
    state = folded(events[:pause])
    for one in events[max(0, pause - 2) :]:
        apply(state, one)
    assert state == folded(events)


@settings(deadline=None)
@given(STORIES)
def test_calls_and_incidents_agree_on_who_belongs_where(story: list[Event]) -> None:
    state = folded(chain_of(*story))
    for incident in state.incidents.values():
        for call_id in incident.call_ids:
            assert state.calls[call_id].incident_id == incident.incident_id
        assert len(set(incident.call_ids)) == len(incident.call_ids)


TELEPHONE = [
    CallRinging(call=CALL, at=NOW),
    CallAnswered(call=CALL, by="siti", at=NOW + SECOND),
    CallEnded(call=CALL, reason=EndReason.CALLER_HUNG_UP, at=NOW + 2 * SECOND),
    CallNoted(call=CALL, category="BANJIR", note=None),
    CallScreened(call=CALL, disposition=CallDisposition.NORMAL),
]


@settings(deadline=None)
@given(st.permutations(TELEPHONE))
def test_the_order_in_which_the_exchange_tells_makes_no_difference(order: list[Event]) -> None:
    assert call_after(*order) == call_after(*TELEPHONE)


def test_positions_are_never_averaged() -> None:
    east = SENTUL.moved(bearing_deg=90, distance_m=400)
    call = call_after(located(by=fix(area=circle(at=east))), located(by=fix(area=circle(radius_m=20))))
    assert call.located is not None
    assert call.located in call.fixes
    assert replace(call.located).fix.area.middle in (SENTUL, east)
