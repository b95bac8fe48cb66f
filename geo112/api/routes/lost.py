"""LoST: which centre serves a location (RFC 5222)."""

import httpx
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.errors import Geo112Error
from geo112.core.xml import LONGEST_BYTES
from geo112.lost.answer import Final, Forward, Server, answer
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
        response = await lost(Request(scope, receive))
        await response(scope, receive, send)


@router.post(
    PATH,
    dependencies=[Public],
    response_class=LostXml,
    openapi_extra={"requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def lost(request: Request) -> Response:
    """Answer findService, listServices, listServicesByLocation and getServiceBoundary; errors are answers, too."""
    centre: Centre = request.app.state.centre
    server = centre.lost
    try:
        body = await request.body()
    except HTTPException as error:
        return _written(Problem(fault=Fault.BAD_REQUEST, message=str(error.detail)), server)
    try:
        found = answer(read_request(body), server, centre.clock.now())
    except Geo112Error as error:
        return _written(Problem(fault=Fault.INTERNAL_ERROR, message=error.message), server)
    if isinstance(found, Forward):
        return await _forwarded(body, found, centre)
    return _written(found, server)


def _written(final: Final, server: Server) -> Response:
    return LostXml(write(final, source=server.source))


async def _forwarded(body: bytes, forward: Forward, centre: Centre) -> Response:
    """Ask the parent in the client's place; its answer is passed on as it is."""
    settings, server = centre.settings, centre.lost
    try:
        reply = await _ask(settings.lost_parent or "", passed_on(body, server.source), settings.lost_parent_timeout_s)
    except httpx.HTTPError:
        return _written(forward.otherwise, server)
    if is_reply(reply):
        return LostXml(reply)
    if isinstance(forward.otherwise, Problem):
        return _written(Problem(fault=Fault.SERVER_ERROR, message=f"{server.parent} gave no answer of LoST"), server)
    return _written(forward.otherwise, server)


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
