"""What the outside sees of calls and incidents: the JSON of docs/api.md."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from geo112.api.link_view import link_view
from geo112.core.clock import to_iso
from geo112.core.codes import PersonRef
from geo112.incidents.apart import ref_apart
from geo112.incidents.fold import Call, Incident, LocatedFix, Refused
from geo112.incidents.ports import IncidentLog
from geo112.incidents.questions import Answer
from geo112.locate.area_wire import area_to_dict, outline_95, sizes_to_dict
from geo112.locate.choose import Choice, Judged, Status
from geo112.zones.question.wire import offer_to_dict, question_to_dict
from geo112.zones.wire import decision_to_dict, jurisdiction_to_dict

Json = dict[str, object]
ERASED = "[…]"
Numbers = Mapping[PersonRef, str | None]


def numbers_of(items: Iterable[Call | Incident], log: IncidentLog) -> Numbers:
    """Look up what stands apart from the log: the numbers of calls, and the words of notes; who was erased has none."""
    items = list(items)
    callers = {item.person for item in items if isinstance(item, Call) and item.person is not None}
    notes = {ref for item in items if (ref := ref_apart(item.note)) is not None}
    callers |= {one.person for item in items if isinstance(item, Call) for one in item.links if one.person is not None}
    people = log.people([*callers, *notes]) if callers or notes else {}
    return {ref: person.raw_message if ref in notes else person.number for ref, person in people.items()}


def call_view(call: Call, numbers: Numbers) -> Json:
    """Write a call; without a number where `numbers` does not know it."""
    judged = {} if call.choice is None else {one.n: one for one in call.choice.judged}
    return {
        "call_id": call.call_id,
        "n": call.n,
        "channel": call.channel.value,
        "channels": [one.value for one in call.channels],
        "left": [one.value for one in call.left],
        "carrier": call.carrier,
        "state": call.state.value,
        "number": None if call.person is None else numbers.get(call.person),
        "received_at": to_iso(call.received_at),
        "ringing_at": _iso(call.ringing_at),
        "answered_at": _iso(call.answered_at),
        "answered_by": call.answered_by,
        "ended_at": _iso(call.ended_at),
        "end_reason": None if call.end_reason is None else call.end_reason.value,
        "disposition": None if call.disposition is None else call.disposition.value,
        "category": call.category,
        "note": _note(call.note, numbers),
        "incident_id": call.incident_id,
        "simulated": call.simulated,
        **_place(call.located, judged.get(call.located.n) if call.located else None),
        "fixes": [_fix(one, judged.get(one.n)) for one in call.fixes],
        **_choice(call.choice),
        "refused": [_refused(one) for one in reversed(call.refused)],
        "links": [link_view(one, numbers) for one in call.links],
        "answers": [_answer(one) for one in call.answers],
    }


def incident_view(incident: Incident, numbers: Numbers) -> Json:
    """Write an incident."""
    return {
        "incident_id": incident.incident_id,
        "n": incident.n,
        "number": incident.number,
        "category": incident.category,
        "priority": incident.priority,
        "state": incident.state.value,
        "disposition": None if incident.disposition is None else incident.disposition.value,
        "note": _note(incident.note, numbers),
        "opened_at": to_iso(incident.opened_at),
        "opened_by": incident.opened_by,
        "closed_at": _iso(incident.closed_at),
        "call_ids": list(incident.call_ids),
        **_place(incident.located),
        "simulated": incident.simulated,
    }


def _note(note: str, numbers: Numbers) -> str:
    """Give the words of a note; those that were erased are a mark."""
    ref = ref_apart(note)
    return note if ref is None else numbers.get(ref) or ERASED


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else to_iso(moment)


def _choice(choice: Choice | None) -> Json:
    """Write why a call's fix is the one to act on, what speaks for it and what against it."""
    if choice is None:
        return {"why": None, "sources": [], "agrees": [], "contradictions": []}
    return {
        "why": choice.why.value,
        "sources": [one.value for one in choice.sources],
        "agrees": list(choice.agrees),
        "contradictions": [
            {
                "fix_n": list(one.fix_n),
                "gap_m": round(one.gap_m, 1),
                "speed_m_s": None if one.speed_m_s is None else round(one.speed_m_s, 2),
            }
            for one in choice.contradictions
        ],
    }


def _place(located: LocatedFix | None, judged: Judged | None = None) -> Json:
    """Write where to act on; null while nobody knows."""
    if located is None:
        return {"fix": None, "jurisdiction": None}
    return {"fix": _fix(located, judged), "jurisdiction": _jurisdiction(located)}


def _jurisdiction(located: LocatedFix) -> Json:
    """Write whose area it is, by the position and by what the caller answered, and what to ask."""
    written = jurisdiction_to_dict(located.jurisdiction, located.decided)
    weighed = located.weighed
    if weighed is None:
        return written | {"before_answers": None}
    offer, answered = weighed.settled.offer, weighed.settled.decision is not None
    return written | {
        "question": None if offer is None else {"n": weighed.n} | offer_to_dict(offer),
        "before_answers": decision_to_dict(located.decision) if answered and located.decision else None,
    }


def _answer(answer: Answer) -> Json:
    """Write a question with what was replied."""
    return {
        "question_n": answer.question_n,
        **question_to_dict(answer.question),
        "text": answer.text,
        "reply": None if answer.reply is None else answer.reply.value,
        "by": answer.by,
        "at": to_iso(answer.at),
    }


def _fix(located: LocatedFix, judged: Judged | None = None) -> Json:
    """Write one fix; a radius that nobody stated is null, never 0. Without a judgement it is an incident's."""
    fix = located.fix
    return {
        "n": located.n,
        "status": Status.USED.value if judged is None else judged.status.value,
        "why": None if judged is None else judged.why.value,
        "same_as": None if judged is None else judged.same_as,
        **area_to_dict(fix.area),
        **sizes_to_dict(fix.area),
        "outline_95": outline_95(fix.area),
        "taken_at": _iso(fix.taken_at),
        "recorded_at": to_iso(located.recorded_at),
        "source": fix.source.value,
        "method": fix.method.value,
        "warnings": list(fix.warnings),
    }


def _refused(refused: Refused) -> Json:
    """Write why a position or message was not used."""
    return {
        "field": refused.field,
        "reason": refused.reason,
        "understood": refused.understood,
        "at": to_iso(refused.at),
    }
