"""Cells to a position, as Ichnaea answers, so that its clients can be pointed here."""

import math
import zlib
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from geo112.api.parts import ThisCentre
from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.errors import BadInput
from geo112.core.extent import reach_m
from geo112.core.roles import Scope
from geo112.locate.cells.locate import CellFix, Level, locate
from geo112.locate.cells.read import parse_json
from geo112.locate.cells.report_json import report_of
from geo112.store.accounts import token_hash
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["geolocate"])
PATH = "/v1/geolocate"
# What a body of 64 KB may unpack to.
_UNPACKED_BYTES = 1 << 20
_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "A request as Ichnaea and Google take it: `cellTowers` count, all else is let be.",
        "content": {"application/json": {"schema": {"type": "object", "additionalProperties": True}}},
    }
}
_FOUND: dict[str, Any] = {
    "description": "The middle of the area and the radius that holds the caller with 95 %.",
    "content": {"application/json": {"example": {"location": {"lat": -8.0985, "lng": 112.1681}, "accuracy": 1200.0}}},
}


@router.post(
    "/geolocate",
    dependencies=[Public],
    response_class=JSONResponse,
    openapi_extra=_BODY,
    responses={200: _FOUND, 400: {"description": "parseError or keyInvalid"}, 404: {"description": "notFound"}},
)
async def geolocate(
    request: Request,
    centre: ThisCentre,
    key: Annotated[str | None, Query(max_length=200, description="An API key, as Ichnaea's clients send it.")] = None,
) -> JSONResponse:
    """Tell where known cells are heard; 404 for anything less: never by an address, an area code or Wi-Fi alone."""
    if centre.settings.geolocate_key_required and not await _holds(centre, _key(request, key)):
        return _refusal(400, "usageLimits", "keyInvalid", "Missing or invalid API key.")
    try:
        text = _unpacked(await request.body(), request.headers.get("content-encoding")).decode("utf-8-sig").strip()
        body = parse_json(text) if text else {}
        if not isinstance(body, dict):
            return _parse_error()
        report = report_of(body) if body.get("cellTowers") else None
    except (BadInput, UnicodeDecodeError, zlib.error):
        return _parse_error()
    table = centre.cells.table()
    found = locate(report, table) if report is not None and table is not None else None
    if not isinstance(found, CellFix) or found.level not in (Level.CELL, Level.NEIGHBOURS):
        return _refusal(404, "geolocation", "notFound", "Not found")
    return JSONResponse(_reply(found))


def _reply(found: CellFix) -> dict[str, object]:
    """Write an area as the middle and radius of the circle that holds it, the radius rounded up to the metre."""
    radius_m = reach_m(found.area)
    middle = found.area.middle
    return {
        "location": {"lat": middle.lat_deg, "lng": middle.lon_deg},
        "accuracy": None if radius_m is None else float(math.ceil(radius_m)),
    }


def _key(request: Request, key: str | None) -> str | None:
    """Find the key where Ichnaea's clients put it, or where all other machines do."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return key or request.headers.get("x-api-key") or (token.strip() if kind.lower() == "bearer" else None)


async def _holds(centre: Centre, key: str | None) -> bool:
    """Tell whether a key is for this door."""
    if not key:
        return False
    found = await to_thread.run_sync(centre.accounts.find_key, token_hash(key))
    return found is not None and Scope.GEOLOCATE in found.scopes


def _unpacked(body: bytes, encoding: str | None) -> bytes:
    """Unpack a body that is sent as gzip, up to its limit; raises zlib.error."""
    if (encoding or "").strip().lower() != "gzip":
        return body
    unpacker = zlib.decompressobj(wbits=31)
    plain = unpacker.decompress(body, _UNPACKED_BYTES)
    if not unpacker.eof:
        raise zlib.error("cut off or too long")
    return plain


def _parse_error() -> JSONResponse:
    return _refusal(400, "global", "parseError", "Parse Error")


def _refusal(status: int, domain: str, reason: str, message: str) -> JSONResponse:
    """Refuse in the form that Ichnaea's clients know."""
    one = {"domain": domain, "reason": reason, "message": message}
    return JSONResponse({"error": {"errors": [one], "code": status, "message": message}}, status_code=status)
