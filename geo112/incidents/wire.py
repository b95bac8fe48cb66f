"""How events are written down: as canonical JSON that reads back to exactly the same event."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from geo112.core.codes import CallId, IncidentId, KodeKabKota, KodeKecamatan, PersonRef
from geo112.core.errors import StorageError
from geo112.incidents.decision_wire import (
    centre_from_wire,
    decision_from_wire,
    decision_to_wire,
    shares_from_wire,
    shares_to_wire,
)
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
    Event,
    FixRefused,
    IncidentClosed,
    IncidentDisposition,
    IncidentOpened,
    MessageReceived,
)
from geo112.incidents.link_wire import LINK_READERS, link_to_body
from geo112.incidents.question_events import AnswersWeighed, QuestionAnswered
from geo112.incidents.question_wire import QUESTION_READERS, question_event_to_body
from geo112.locate.area_wire import area_from_dict, area_to_dict
from geo112.locate.fix import Fix, FixMethod, FixSource
from geo112.zones.jurisdiction import (
    Inside,
    Jurisdiction,
    Nearest,
    Outside,
    Straddles,
)

Body = Mapping[str, Any]

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> str:
    """Write JSON in the one way that is hashed: keys in order, no spaces, ASCII, no NaN."""
    return _CANONICAL.encode(value)


def kind_of(event: Event) -> str:
    """Name the kind of an event as it stands in the log."""
    return type(event).__name__


def subject_of(event: Event) -> tuple[CallId | None, IncidentId | None]:
    """Name the call and the incident that an event is about."""
    match event:
        case IncidentOpened() | CallLinked():
            return event.call, event.incident
        case IncidentClosed():
            return None, event.incident
        case _:
            return event.call, None


def moment_to_wire(moment: datetime) -> str:
    """Write a moment in UTC to the microsecond, so that it reads back as it was."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def moment_from_wire(text: str) -> datetime:
    """Read a moment that `moment_to_wire` wrote."""
    return datetime.fromisoformat(text)


def _maybe_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def event_to_body(event: Event) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case for each event reads best in one place
    """Give what an event says as JSON values."""
    match event:
        case CallReceived():
            return {
                "call": event.call,
                "channel": event.channel.value,
                "person": event.person,
                "simulated": event.simulated,
            }
        case CallJoined():
            return {"call": event.call, "channel": event.channel.value, "person": event.person}
        case CallLeft():
            return {"call": event.call, "channel": event.channel.value}
        case CallCarried():
            return {"call": event.call, "carrier": event.carrier}
        case CallRinging():
            return {"call": event.call, "person": event.person, "at": _moment_or_none(event.at)}
        case CallAnswered():
            return {"call": event.call, "by": event.by, "at": _moment_or_none(event.at)}
        case CallEnded():
            return {"call": event.call, "reason": event.reason.value, "at": _moment_or_none(event.at)}
        case MessageReceived():
            return {"call": event.call, "channel": event.channel.value, "person": event.person}
        case CallLocated():
            return {
                "call": event.call,
                "fix": _fix_to_wire(event.fix),
                "jurisdiction": _jurisdiction_to_wire(event.jurisdiction),
                "decision": None if event.decision is None else decision_to_wire(event.decision),
                "person": event.person,
            }
        case FixRefused():
            return {
                "call": event.call,
                "field": event.field,
                "reason": event.reason,
                "understood": event.understood,
                "person": event.person,
            }
        case CallNoted():
            return {"call": event.call, "category": event.category, "note": event.note}
        case CallScreened():
            return {"call": event.call, "disposition": event.disposition.value}
        case IncidentOpened():
            return {
                "incident": event.incident,
                "call": event.call,
                "category": event.category,
                "priority": event.priority,
                "note": event.note,
            }
        case CallLinked():
            return {"call": event.call, "incident": event.incident}
        case IncidentClosed():
            return {"incident": event.incident, "disposition": event.disposition.value}
        case AnswersWeighed() | QuestionAnswered():
            return question_event_to_body(event)
        case event:  # pragma: no branch - mypy counts the events
            return link_to_body(event)


def event_from_body(kind: str, body: Body) -> Event:
    """Read an event from its kind and JSON values; raises StorageError for what no version of geo112 wrote."""
    reader = _READERS.get(kind)
    if reader is None:
        raise StorageError(f"the log holds an event of the unknown kind {kind!r}")
    try:
        return reader(body)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(f"an event of the kind {kind} is damaged: {error!r}") from error


def _moment_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else moment_to_wire(moment)


def _fix_to_wire(fix: Fix) -> dict[str, Any]:
    return {
        "area": area_to_dict(fix.area),
        "source": fix.source.value,
        "method": fix.method.value,
        "taken_at": _moment_or_none(fix.taken_at),
        "altitude_m": fix.altitude_m,
        "vertical_accuracy_m": fix.vertical_accuracy_m,
        "floor": fix.floor,
        "warnings": list(fix.warnings),
    }


def _jurisdiction_to_wire(answer: Jurisdiction) -> dict[str, Any]:
    body = shares_to_wire(answer.shares)
    match answer:
        case Inside(centre=centre):
            return body | {"outcome": "inside", "centre": [centre.kode, centre.nama, centre.share]}
        case Straddles(centre=centre):
            return body | {"outcome": "straddles", "centre": [centre.kode, centre.nama, centre.share]}
        case Outside(nearest=near):  # pragma: no branch - mypy counts the answers
            place = [near.kecamatan, near.kecamatan_nama, near.kode, near.nama, near.gap_m]
            return body | {"outcome": "outside", "nearest": place}


def _fix_from_wire(body: Body) -> Fix:
    return Fix(
        area=area_from_dict(body["area"]),
        source=FixSource(body["source"]),
        method=FixMethod(body["method"]),
        taken_at=_maybe_moment(body["taken_at"]),
        altitude_m=body["altitude_m"],
        vertical_accuracy_m=body["vertical_accuracy_m"],
        floor=body.get("floor"),  # logs written before 0.2 have none
        warnings=tuple(body["warnings"]),
    )


def _jurisdiction_from_wire(body: Body) -> Jurisdiction:
    shares = shares_from_wire(body)
    match body["outcome"]:
        case "inside":
            return Inside(centre=centre_from_wire(body["centre"]), shares=shares)
        case "straddles":
            return Straddles(centre=centre_from_wire(body["centre"]), shares=shares)
        case "outside":
            kecamatan, kecamatan_nama, kode, nama, gap_m = body["nearest"]
            nearest = Nearest(
                kecamatan=KodeKecamatan(kecamatan),
                kecamatan_nama=kecamatan_nama,
                kode=KodeKabKota(kode),
                nama=nama,
                gap_m=gap_m,
            )
            return Outside(nearest=nearest, shares=shares)
        case other:
            raise ValueError(f"{other!r} is no outcome")


def _person(ref: str | None) -> PersonRef | None:
    return None if ref is None else PersonRef(ref)


_READERS: dict[str, Callable[[Body], Event]] = {
    "CallReceived": lambda b: CallReceived(
        call=CallId(b["call"]),
        channel=Channel(b["channel"]),
        person=_person(b["person"]),
        simulated=b["simulated"],
    ),
    "CallJoined": lambda b: CallJoined(
        call=CallId(b["call"]), channel=Channel(b["channel"]), person=_person(b["person"])
    ),
    "CallLeft": lambda b: CallLeft(call=CallId(b["call"]), channel=Channel(b["channel"])),
    "CallCarried": lambda b: CallCarried(call=CallId(b["call"]), carrier=b["carrier"]),
    "CallRinging": lambda b: CallRinging(
        call=CallId(b["call"]), person=_person(b["person"]), at=_maybe_moment(b["at"])
    ),
    "CallAnswered": lambda b: CallAnswered(call=CallId(b["call"]), by=b["by"], at=_maybe_moment(b["at"])),
    "CallEnded": lambda b: CallEnded(call=CallId(b["call"]), reason=EndReason(b["reason"]), at=_maybe_moment(b["at"])),
    "MessageReceived": lambda b: MessageReceived(
        call=CallId(b["call"]), channel=Channel(b["channel"]), person=PersonRef(b["person"])
    ),
    "CallLocated": lambda b: CallLocated(
        call=CallId(b["call"]),
        fix=_fix_from_wire(b["fix"]),
        jurisdiction=_jurisdiction_from_wire(b["jurisdiction"]),
        decision=decision_from_wire(b.get("decision")),
        person=_person(b["person"]),
    ),
    "FixRefused": lambda b: FixRefused(
        call=CallId(b["call"]),
        field=b["field"],
        reason=b["reason"],
        understood=b["understood"],
        person=_person(b["person"]),
    ),
    "CallNoted": lambda b: CallNoted(call=CallId(b["call"]), category=b["category"], note=b["note"]),
    "CallScreened": lambda b: CallScreened(call=CallId(b["call"]), disposition=CallDisposition(b["disposition"])),
    "IncidentOpened": lambda b: IncidentOpened(
        incident=IncidentId(b["incident"]),
        call=CallId(b["call"]),
        category=b["category"],
        priority=b["priority"],
        note=b["note"],
    ),
    "CallLinked": lambda b: CallLinked(call=CallId(b["call"]), incident=IncidentId(b["incident"])),
    "IncidentClosed": lambda b: IncidentClosed(
        incident=IncidentId(b["incident"]), disposition=IncidentDisposition(b["disposition"])
    ),
    **LINK_READERS,
    **QUESTION_READERS,
}
