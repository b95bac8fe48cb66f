"""LoST: which centre serves a location (RFC 5222)."""

import httpx
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from geo112.api.parts import ThisCentre
from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.errors import Geo112Error
from geo112.core.xml import LONGEST_BYTES
from geo112.lost.answer import Final, Forward, answer
from geo112.lost.forward import is_reply, passed_on
from geo112.lost.request import Fault, Problem, read_request
from geo112.lost.write import MEDIA_TYPE, write
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, tags=["lost"])
PATH = "/lost"


class LostXml(Response):
    """An answer of LoST."""

    media_type = MEDIA_TYPE


class LostDoor:
    """Answers LoST before routes are looked through: a network asks it for every call, and expects nothing but LoST."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of the routes."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is for LoST, whatever its query; let the rest through."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        answered = await _answered(await _body(receive), scope["app"].state.centre)
        headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(answered))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answered})


@router.post(
    PATH,
    dependencies=[Public],
    response_class=LostXml,
    openapi_extra={"requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def lost(request: Request, centre: ThisCentre) -> Response:
    """Answer findService, listServices, listServicesByLocation and getServiceBoundary; errors are answers, too."""
    return LostXml(await _answered(await _body(request.receive), centre))


async def _body(receive: Receive) -> bytes | Problem:
    """Read the body; too much of it is answered as anything else."""
    body = bytearray()
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            if not message.get("more_body", False):
                return bytes(body)
    except HTTPException as error:
        return Problem(fault=Fault.BAD_REQUEST, message=str(error.detail))


async def _answered(body: bytes | Problem, centre: Centre) -> bytes:
    server = centre.lost
    try:
        request = body if isinstance(body, Problem) else read_request(body)
        found = answer(request, server, centre.clock.now())
    except Geo112Error as error:
        found = Problem(fault=Fault.INTERNAL_ERROR, message=error.message)
    if isinstance(found, Forward) and isinstance(body, bytes):
        return await _forwarded(body, found, centre)
    return write(found.otherwise if isinstance(found, Forward) else found, source=server.source)


async def _forwarded(body: bytes, forward: Forward, centre: Centre) -> bytes:
    """Ask the parent in the client's place; its answer is passed on as it is."""
    settings, server = centre.settings, centre.lost
    otherwise: Final = forward.otherwise
    try:
        reply = await _ask(settings.lost_parent or "", passed_on(body, server.source), settings.lost_parent_timeout_s)
    except httpx.HTTPError:
        return write(otherwise, source=server.source)
    if is_reply(reply):
        return reply
    if isinstance(otherwise, Problem):
        otherwise = Problem(fault=Fault.SERVER_ERROR, message=f"{server.parent} gave no answer of LoST")
    return write(otherwise, source=server.source)


async def _ask(url: str, body: bytes, timeout_s: float) -> bytes:
    """Send a request of LoST; raises HTTPError, also for an answer that takes too long or is no success."""
    headers = {"Content-Type": f"{MEDIA_TYPE};charset=utf-8", "Cache-Control": "no-cache"}
    async with (
        httpx.AsyncClient(timeout=timeout_s, trust_env=False) as client,
        client.stream("POST", url, content=body, headers=headers) as reply,
    ):
        reply.raise_for_status()
        read = bytearray()
        async for part in reply.aiter_bytes():
            read += part
            if len(read) > LONGEST_BYTES:
                break
        return bytes(read)
