"""HELD: the location of a call, by request and by reference (RFC 5985, 6753, 6155)."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from geo112.api.held_calls import Told, tell_of_number, tell_of_reference
from geo112.api.parts import ThisCentre
from geo112.api.permissions import LocationAsker, Public
from geo112.api.strict import StrictRoute
from geo112.core.xml import LONGEST_BYTES
from geo112.held.names import HELD_PATH, HELD_TYPE, PIDF_TYPE
from geo112.held.request import BY_GET, read_request
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, tags=["held"])

# RFC 6881, ED-38: a location is asked for at most every ten seconds, so that a copy may live so long.
_FRESH = {"Cache-Control": "private, max-age=10"}
_XML_BODY = {"requestBody": {"content": {HELD_TYPE: {"schema": {"type": "string"}}}}}
_log = logging.getLogger("geo112.held")


class HeldXml(Response):
    """An answer of HELD."""

    media_type = HELD_TYPE


async def _body(request: Request) -> bytes:
    """Give the body as it came; the type that it says to be is not asked, since senders write it in many ways."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BYTES:
            break  # the reader refuses it as too long, in words of HELD
    return body


Body = Annotated[bytes, Depends(_body)]


@router.post(HELD_PATH, response_class=HeldXml, openapi_extra=_XML_BODY)
def ask(request: Request, body: Body, machine: LocationAsker, centre: ThisCentre) -> Response:
    """Tell where a caller is to a machine with a key for that; every other answer is a HELD error with status 200."""
    told = tell_of_number(read_request(body), centre, base_url=_base_url(request, centre))
    _note(told, machine.name)
    return HeldXml(told.body)


@router.get(HELD_PATH + "/{token}", response_class=HeldXml, dependencies=[Public])
def fetch(request: Request, token: str, centre: ThisCentre) -> Response:
    """Tell whoever has a reference where the caller is now."""
    return _referred(tell_of_reference(BY_GET, token, centre), request)


@router.post(HELD_PATH + "/{token}", response_class=HeldXml, dependencies=[Public], openapi_extra=_XML_BODY)
def fetch_by_post(request: Request, token: str, body: Body, centre: ThisCentre) -> Response:
    """Tell whoever has a reference where the caller is now; an empty body asks as GET does."""
    asked = read_request(body) if body.strip() else BY_GET
    return _referred(tell_of_reference(asked, token, centre), request)


def _referred(told: Told, request: Request) -> Response:
    """Answer in the form that is wanted; an error has only one form."""
    _note(told, "reference")
    if told.presence is not None and _prefers_pidf(request.headers.get("accept", "")):
        return Response(told.presence, media_type=PIDF_TYPE, headers={**_FRESH, "Vary": "Accept"})
    return HeldXml(told.body, headers={**(_FRESH if told.presence else {}), "Vary": "Accept"})


def _note(told: Told, asker: str) -> None:
    """Keep who asked and what came of it, without the number."""
    _log.info("location asked by %s: %s, call %s", asker, told.outcome, told.call_id or "none")


def _base_url(request: Request, centre: Centre) -> str:
    """Give the address of this centre as others reach it."""
    if centre.settings.public_url is not None:
        return centre.settings.public_url.rstrip("/")
    scheme = "https" if centre.settings.has_tls else "http"
    return f"{scheme}://{request.url.netloc}"


def _prefers_pidf(accept: str) -> bool:
    """Tell whether the bare document is named and wanted no less than the answer of HELD."""
    wanted: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, _, parameters = part.partition(";")
        quality = parameters.replace(" ", "").partition("q=")[2].split(";")[0]
        try:
            wanted[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            wanted[name.strip()] = 0.0
    pidf = wanted.get(PIDF_TYPE, 0.0)
    return pidf > 0 and pidf >= wanted.get(HELD_TYPE, 0.0)
