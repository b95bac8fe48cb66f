"""The door for citizen apps: a panic button and the positions that follow it."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from geo112.api.answers import PanicOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import PanicApp
from geo112.api.schemas import PanicIn, PlaceOfAppIn
from geo112.api.session import Machine
from geo112.api.strict import StrictRoute
from geo112.desk.desk import Kept, Panic
from geo112.incidents.events import Actor

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/apps", tags=["apps"])

AppCallId = Annotated[str, Path(min_length=1, max_length=200)]


def _by(machine: Machine) -> Actor:
    return Actor(name=machine.name, role="app")


def _answer(panic: Panic, *, status: int) -> JSONResponse:
    body = {"stored": True, "call_id": panic.call.call_id, "state": panic.call.state.value, "kept": panic.kept}
    return JSONResponse(body, status_code=status)


@router.post("/panic", status_code=201, response_model=PanicOut, responses={200: {"model": PanicOut}})
def press(body: PanicIn, machine: PanicApp, centre: ThisCentre) -> JSONResponse:
    """Put a panic button on record; 200 when this app has sent the same `app_call_id` before."""
    panic = centre.desk.press_panic(
        actor=_by(machine),
        app_call_id=body.app_call_id,
        number=body.number,
        name=body.name,
        position=None if body.position is None else body.position.given(),
        category=body.category,
        note=body.note,
        simulated=body.simulated or centre.settings.simulation,
    )
    return _answer(panic, status=201 if panic.new else 200)


@router.post(
    "/panic/{app_call_id}/positions", status_code=201, response_model=PanicOut, responses={200: {"model": PanicOut}}
)
def follow(app_call_id: AppCallId, body: PlaceOfAppIn, machine: PanicApp, centre: ThisCentre) -> JSONResponse:
    """Take one more position; 200 where `kept` says why it is not used: too often, no better, or refused."""
    panic = centre.desk.follow_panic(actor=_by(machine), app_call_id=app_call_id, position=body.given())
    return _answer(panic, status=201 if panic.kept is Kept.RECORDED else 200)


@router.post("/panic/{app_call_id}/end", response_model=PanicOut)
def let_go(app_call_id: AppCallId, machine: PanicApp, centre: ThisCentre) -> JSONResponse:
    """Say that the button is off; a call that somebody took, or that rings, goes on."""
    return _answer(centre.desk.let_go_panic(actor=_by(machine), app_call_id=app_call_id), status=200)
