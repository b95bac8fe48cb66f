"""Whether the centre is up, and whether it can take calls."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from geo112.api.answers import ReadyOut
from geo112.api.parts import ThisCentre
from geo112.api.permissions import Public
from geo112.api.strict import StrictRoute
from geo112.core.clock import to_iso
from geo112.core.errors import StorageError
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, tags=["health"], dependencies=[Public])

# The check writes to the disk, and everybody may ask.
BELIEVED = timedelta(seconds=2)


@router.get("/healthz")
async def healthz() -> dict[str, bool]:
    """Say that the process is up."""
    return {"up": True}


@router.get("/readyz", response_model=ReadyOut, responses={503: {"model": ReadyOut}})
def readyz(request: Request, centre: ThisCentre) -> JSONResponse:
    """Say whether the boundaries are loaded and a call could be written to the disk now."""
    now = centre.clock.now()
    known: tuple[datetime, dict[str, Any]] | None = getattr(request.app.state, "readiness", None)
    if known is None or not timedelta(0) <= now - known[0] < BELIEVED:
        known = (now, _readiness(centre))
        request.app.state.readiness = known
    return JSONResponse(known[1], status_code=200 if known[1]["ready"] else 503)


def _readiness(centre: Centre) -> dict[str, Any]:
    until = centre.boundaries.until
    answer: dict[str, Any] = {
        "ready": False,
        "boundaries": centre.zones.version,
        "boundaries_change_at": None if until is None else to_iso(until),
        "boundaries_sound": not centre.boundaries.problems,
        "n": centre.board.n,
    }
    try:
        centre.accounts.try_to_write()
        answer |= {"ready": True, "n": centre.log.head()[0]}
    except StorageError:
        return answer
    return answer
