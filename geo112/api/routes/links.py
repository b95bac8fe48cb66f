"""The link that a caller opens to share the position: made, followed and ended at the desk."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo112.api.answers import GivenLinkOut, LinkOut, ReceiptOut
from geo112.api.link_view import link_view
from geo112.api.parts import ThisCentre
from geo112.api.permissions import CallTaker, Permission, SmsGateway, actor
from geo112.api.schemas import ReceiptIn, ShareIn
from geo112.api.session import Who
from geo112.api.strict import StrictRoute
from geo112.api.views import numbers_of
from geo112.core.codes import CallId, LinkId
from geo112.incidents.events import Actor
from geo112.incidents.links import Link
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["links"])


def _by(who: Who) -> Actor:
    return actor(who, Permission.TAKE_CALLS)


def _view(call_id: str, link: Link, centre: Centre) -> dict[str, object]:
    return link_view(link, numbers_of([centre.board.call(CallId(call_id))], centre.log))


@router.post("/calls/{call_id}/links", status_code=201, response_model=GivenLinkOut)
def make(call_id: str, body: ShareIn, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Make a link and send it; its address is in this answer and never again anywhere."""
    given = centre.desk.links.make(CallId(call_id), actor=_by(who), via=body.via, number=body.number)
    shown = {"url": given.url, "text": given.text, "whatsapp_url": given.whatsapp_url}
    return JSONResponse(_view(call_id, given.link, centre) | shown, status_code=201)


@router.post("/calls/{call_id}/links/{link_id}/renew", response_model=LinkOut)
def renew(call_id: str, link_id: str, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Let a link hold for another half hour from now; 409 when it is closed."""
    link = centre.desk.links.renew(CallId(call_id), LinkId(link_id), actor=_by(who))
    return JSONResponse(_view(call_id, link, centre))


@router.post("/calls/{call_id}/links/{link_id}/close", response_model=LinkOut)
def close(call_id: str, link_id: str, who: CallTaker, centre: ThisCentre) -> JSONResponse:
    """Let a link take no more positions; a second time changes nothing."""
    link = centre.desk.links.close(CallId(call_id), LinkId(link_id), actor=_by(who))
    return JSONResponse(_view(call_id, link, centre))


@router.post("/sms/receipts", response_model=ReceiptOut)
def receipt(body: ReceiptIn, machine: SmsGateway, centre: ThisCentre) -> JSONResponse:
    """Take what the network says of the SMS of a link, however often; 404 for a link that is over."""
    by = Actor(name=machine.name, role="sms")
    reason = None if body.status == "delivered" else (body.reason or "").strip() or "the network did not deliver it"
    link = centre.desk.links.receipt(LinkId(body.ref), actor=by, reason=reason)
    return JSONResponse({"stored": True, "state": link.state.value})
