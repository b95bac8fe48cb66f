"""Calls: taking them, placing them, saying what they are."""

from typing import Annotated

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from geo112.api.answers import CallOut, CallsOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import CallReader, CallTaker, Permission, actor
from geo112.api.schemas import CallerReplyIn, CallIn, DispositionIn, EndIn, FixIn, LinkIn, NoteIn, PositionIn
from geo112.api.session import Who
from geo112.api.strict import StrictRoute
from geo112.api.views import call_view, numbers_of
from geo112.core.codes import CallId, IncidentId
from geo112.incidents.events import Actor, Channel, EndReason
from geo112.incidents.fold import Call
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/calls", tags=["calls"])

Limit = Annotated[int, Query(ge=1, le=1000)]


def _by(who: Who) -> Actor:
    return actor(who, Permission.TAKE_CALLS)


def _answer(call: Call, centre: Centre, *, status: int = 200) -> JSONResponse:
    return JSONResponse(call_view(call, numbers_of([call], centre.log)), status_code=status)


@router.post("", status_code=201, response_model=CallOut)
def take(body: CallIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Put a call on record; the same `external_ref` again gives the same call with 200."""
    receipt = centre.desk.receive_call(
        actor=_by(who),
        channel=Channel.CONSOLE,
        number=body.number,
        position=None if body.position is None else body.position.given(),
        message=body.message,
        category=body.category,
        note=body.note,
        external_ref=body.external_ref,
        simulated=body.simulated or centre.settings.simulation,
    )
    return _answer(receipt.call, centre, status=201 if receipt.new else 200)


@router.get("", response_model=CallsOut)
def calls(_who: CallReader, centre: ThisCentre, limit: Limit = 200) -> JSONResponse:
    """Give the calls, newest first."""
    found = centre.board.calls(limit=limit)
    numbers = numbers_of(found, centre.log)
    return JSONResponse({"calls": [call_view(call, numbers) for call in found]})


@router.get("/{call_id}", response_model=CallOut)
def one_call(call_id: str, _who: CallReader, centre: ThisCentre) -> JSONResponse:
    """Give one call."""
    return _answer(centre.board.call(CallId(call_id)), centre)


@router.post("/{call_id}/fixes", status_code=201, response_model=CallOut)
def add_fix(call_id: str, body: Annotated[FixIn, Body()], who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Add a position or a location message; what cannot be meant is refused and stays with the call."""
    by, call = _by(who), CallId(call_id)
    if isinstance(body, PositionIn):
        changed = centre.desk.add_position(call, actor=by, position=body.given())
    else:
        changed = centre.desk.add_message(call, actor=by, text=body.message, format=body.format)
    return _answer(changed, centre, status=201)


@router.post("/{call_id}/answer", response_model=CallOut)
def answer(call_id: str, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Take the call; 409 when somebody else has it."""
    return _answer(centre.desk.answer(CallId(call_id), actor=_by(who)), centre)


@router.post("/{call_id}/end", response_model=CallOut)
def end(call_id: str, body: EndIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Say that the line is down."""
    return _answer(centre.desk.end(CallId(call_id), actor=_by(who), reason=EndReason(body.reason)), centre)


@router.post("/{call_id}/disposition", response_model=CallOut)
def disposition(call_id: str, body: DispositionIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Say what the call turned out to be."""
    return _answer(centre.desk.screen(CallId(call_id), actor=_by(who), disposition=body.disposition), centre)


@router.post("/{call_id}/answers", status_code=201, response_model=CallOut)
def answer_question(call_id: str, body: CallerReplyIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Take down what the caller replied to the question; the same `question_n` again corrects it."""
    answered = centre.desk.answer_question(
        CallId(call_id), actor=_by(who), question_n=body.question_n, reply=body.reply
    )
    return _answer(answered, centre, status=201)


@router.post("/{call_id}/note", response_model=CallOut)
def note(call_id: str, body: NoteIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Say what the call is about."""
    changed = centre.desk.note(CallId(call_id), actor=_by(who), category=body.category, note=body.note)
    return _answer(changed, centre)


@router.post("/{call_id}/link", response_model=CallOut)
def link(call_id: str, body: LinkIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Say that the call is about a known incident."""
    linked = centre.desk.link(CallId(call_id), actor=_by(who), incident_id=IncidentId(body.incident_id))
    return _answer(linked, centre)
