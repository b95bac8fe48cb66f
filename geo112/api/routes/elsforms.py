"""The door for ELS: handsets that send their position as an HTTPS form."""

from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, SecretStr

from geo112.api.els_door import PATH, FormKeeper
from geo112.api.parts import ThisCentre
from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.errors import BadMessage
from geo112.incidents.events import Actor, Channel
from geo112.locate.aml_fields import LONGEST_MESSAGE
from geo112.locate.els_form import check_hmac, envelope_of, read_els_form
from geo112.locate.fix import Located
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, tags=["elsforms"])

_ELS = Actor(name="els", role="aml")
_FORM = "application/x-www-form-urlencoded"
_FORM_BODY = {"requestBody": {"required": True, "content": {_FORM: {"schema": {"type": "object"}}}}}
_POSITION, _NO_POSITION, _REPEAT = 201, 202, 208


class ElsOut(BaseModel):
    """What became of a form; nothing else is told, since anybody may send one."""

    model_config = ConfigDict(extra="forbid")

    stored: bool
    reason: str | None


async def _short_body(request: Request) -> bytes | None:
    """Give the body; None for more than a form can have, of which the rest is not read."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_MESSAGE:
            return None
    return body


Body = Annotated[bytes | None, Depends(_short_body)]


@router.post(
    PATH,
    status_code=_POSITION,
    dependencies=[Public],
    response_model=ElsOut,
    responses={200: {"model": ElsOut}, _NO_POSITION: {"model": ElsOut}, _REPEAT: {"model": ElsOut}},
    openapi_extra=_FORM_BODY,
)
def els_form(request: Request, body: Body, centre: ThisCentre) -> JSONResponse:
    """Keep the form of a handset: 201 with a position, 202 without, 208 for a repeat, 200 where it is discarded."""
    keeper: FormKeeper = request.app.state.els
    address = "" if request.client is None else request.client.host
    reason = None if _is_known(address, centre) else "not_allowed"
    reason = reason or (None if keeper.may_send(address, centre.clock.now()) else "too_many")
    reason = reason or _wrong(body, centre.settings.aml_hmac_key)
    if reason is not None or body is None:
        return keeper.discard(reason or "too_large")
    # A form is ASCII; what is none becomes a sign of one octet, so that no more is kept than was sent.
    text = body.decode("utf-8", "replace").replace("\ufffd", "?")
    try:
        envelope = envelope_of(text)
    except BadMessage:
        return keeper.discard("not_a_form")
    if envelope.number is None and not isinstance(read_els_form(text), Located):
        # From nobody and nowhere: no call taker could do anything with it, and anybody may send it.
        return keeper.discard("nobody_nowhere")
    if keeper.is_kept(envelope.identity):
        return _receipt(_REPEAT)
    receipt = centre.desk.receive_sms(
        actor=_ELS,
        channel=Channel.AML,
        sender=envelope.number,
        text=text,
        received_at=envelope.taken_at,
        simulated=centre.settings.simulation,
    )
    if receipt.reason is None:
        # A form whose position was not understood may come again, mended: only a whole one makes a repeat.
        keeper.keep(envelope.identity)
    if not receipt.new:
        return _receipt(_REPEAT)
    return _receipt(_POSITION if receipt.reason is None else _NO_POSITION)


def _is_known(address: str, centre: Centre) -> bool:
    """Tell whether forms are taken from an address; all are where no networks are set."""
    networks = centre.settings.aml_senders
    if networks is None:
        return True
    try:
        known = ip_address(address)
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    return any(known in one for one in networks)


def _wrong(body: bytes | None, key: SecretStr | None) -> str | None:
    """Say why a body is not even looked at; None where nothing is wrong."""
    if body is None:
        return "too_large"
    signature = "valid" if key is None else check_hmac(body, key.get_secret_value().encode())
    return None if signature == "valid" else f"hmac_{signature}"


def _receipt(status: int) -> JSONResponse:
    return JSONResponse({"stored": True, "reason": None}, status_code=status)
