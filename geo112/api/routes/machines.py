"""The doors for machines: SMS gateways and telephone exchanges."""

from fastapi import APIRouter, BackgroundTasks
from fastapi.responses import JSONResponse

from geo112.api.answers import PbxOut, SmsOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import Exchange, SmsGateway
from geo112.api.schemas import PbxIn, SmsIn
from geo112.api.session import Machine
from geo112.api.strict import StrictRoute
from geo112.incidents.events import Actor, Channel

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["machines"])


def _by(machine: Machine, door: str) -> Actor:
    return Actor(name=machine.name, role=door)


@router.post("/sms", status_code=201, response_model=SmsOut, responses={200: {"model": SmsOut}})
def sms(body: SmsIn, machine: SmsGateway, centre: ThisCentre) -> JSONResponse:
    """Keep a message, whatever it holds, then read it; 201 when it is new, 200 when it is a repeat."""
    receipt = centre.desk.receive_sms(
        actor=_by(machine, "sms"),
        channel=Channel.SMS,
        sender=body.sender.strip() or None,
        text=body.text if body.text is not None else text_of_hex(body.hex or ""),
        received_at=body.received_at,
        simulated=centre.settings.simulation,
    )
    answer = {
        "stored": True,
        "call_id": receipt.call.call_id,
        "understood": receipt.understood,
        "reason": receipt.reason,
        "warnings": list(receipt.warnings),
    }
    return JSONResponse(answer, status_code=201 if receipt.new else 200)


@router.post("/pbx", response_model=PbxOut)
def pbx(body: PbxIn, machine: Exchange, centre: ThisCentre, afterwards: BackgroundTasks) -> JSONResponse:
    """Take what the telephone exchange says about a call, in whatever order and however often it comes.

    What it says of the place is recorded with the call; a location server is asked after the answer, never before.
    """
    by = _by(machine, "pbx")
    call = centre.desk.pbx(
        actor=by,
        event=body.event,
        pbx_call_id=body.pbx_call_id,
        number=(body.number or "").strip() or None,
        at=body.at,
        agent=body.agent,
        reason=body.end_reason,
        simulated=body.simulated or centre.settings.simulation,
        said=body.said(),
    )
    if centre.desk.waits_for_server(call.call_id):
        afterwards.add_task(centre.desk.follow_references, call.call_id, actor=by)
    return JSONResponse({"stored": True, "call_id": call.call_id})


def text_of_hex(digits: str) -> str:
    """Read the bytes of a message as text; what is no text stays as it came, in hex."""
    try:
        text = bytes.fromhex(digits).decode("utf-8")
    except ValueError:
        return digits
    readable = all(sign in "\n\r\t" or (sign >= " " and sign != "\x7f") for sign in text)
    return text if readable and text else digits
