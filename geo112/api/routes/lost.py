"""LoST: which centre serves a location (RFC 5222)."""

import logging
from dataclasses import replace

import httpx
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Send

from geo112.api.parts import ThisCentre
from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.xml import LONGEST_BYTES
from geo112.lost.answer import Final, Forward, Server, answer
from geo112.lost.forward import is_reply, passed_on
from geo112.lost.request import Fault, Problem, read_request
from geo112.lost.write import MEDIA_TYPE, write
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, tags=["lost"])
PATH = "/lost"
LOG = logging.getLogger("geo112.lost")
_HEADERS = [
    (b"content-type", MEDIA_TYPE.encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class LostXml(Response):
    """An answer of LoST."""

    media_type = MEDIA_TYPE


async def at_the_door(centre: Centre, receive: Receive, send: Send) -> None:
    """Answer without route, session or query; whatever happens, the answer is LoST."""
    try:
        answered = await _answered(await _body(receive), centre)
    except ClientDisconnect:
        return
    except Exception:
        LOG.exception("LoST request failed")
        fault = Problem(fault=Fault.INTERNAL_ERROR, message="the server failed")
        answered = write(fault, source=centre.settings.lost_name)
    headers = [*_HEADERS, (b"content-length", b"%d" % len(answered))]
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


async def _body(receive: Receive) -> bytes:
    """Read the body, and stop when it is longer than any request is."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        body += part
        if not message.get("more_body", False) or len(body) > LONGEST_BYTES:
            return body


async def _answered(body: bytes, centre: Centre) -> bytes:
    server = _server(centre)
    found = answer(read_request(body), server, centre.clock.now())
    if isinstance(found, Forward):
        return await _forwarded(body, found, centre)
    return write(found, source=server.source)


def _server(centre: Centre) -> Server:
    """Give the server as of now; it tells when its mappings end because other boundaries take over."""
    until = centre.boundaries.until
    server = centre.boundaries.current().lost
    return server if until is None else replace(server, changes_at=until)


async def _forwarded(body: bytes, forward: Forward, centre: Centre) -> bytes:
    """Ask the parent in the client's place; its answer is passed on as it is."""
    settings, server = centre.settings, centre.boundaries.current().lost
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
