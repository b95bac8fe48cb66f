"""The state of the centre and the stream that keeps it up to date."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, StreamingResponse

from geo112.api.answers import StateOut
from geo112.api.parts import TheFeed, TheseDoors, ThisCentre
from geo112.api.permissions import CallReader, Permission, may
from geo112.api.session import Doors, Who
from geo112.api.strict import StrictRoute
from geo112.api.views import call_view, incident_view, numbers_of
from geo112.core.clock import to_iso

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["live"])

# A console shows the newest; older ones are asked for one by one.
NEWEST = 1_000
# What a browser sends back is what it was sent; anything else starts anew.
LARGEST = 2**62


@router.get("/state", response_model=StateOut)
def state(_who: CallReader, centre: ThisCentre) -> JSONResponse:
    """Give everything that a console shows, with the number from which its stream goes on."""
    # The number first: what changes after it comes with the stream, once more at worst.
    n = centre.board.n
    calls = centre.board.calls(limit=NEWEST)
    incidents = centre.board.incidents(limit=NEWEST)
    numbers = numbers_of([*calls, *incidents], centre.log)
    return JSONResponse(
        {
            "n": n,
            "at": to_iso(centre.clock.now()),
            "centre": {"kode": centre.kode, "nama": centre.nama},
            "simulated": centre.settings.simulation,
            "calls": [call_view(call, numbers) for call in calls],
            "incidents": [incident_view(one, numbers) for one in incidents],
        }
    )


def _still_allowed(who: Who, doors: Doors) -> Callable[[], Awaitable[bool]]:
    """Give the question whether the session of a stream still holds and its roles still reach."""

    async def ask() -> bool:
        session = await doors.session(who.session)
        return session is not None and may(session.user.roles, Permission.READ_CALLS)

    return ask


class EventStream(StreamingResponse):
    """An answer of the type `text/event-stream`."""

    media_type = "text/event-stream"


@router.get("/stream", response_class=EventStream)
async def stream(
    who: CallReader,
    feed: TheFeed,
    doors: TheseDoors,
    after: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """Send every change of a call or incident as it happens, from event `after` or `Last-Event-ID` on."""
    start = after
    if last_event_id is not None:
        # An unreadable number is larger than any in the log, which sends the console to the whole state.
        known = last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= 18
        start = int(last_event_id) if known else LARGEST
    text = feed.stream(
        after=start,
        with_numbers=may(who.roles, Permission.SEE_NUMBERS),
        still_allowed=_still_allowed(who, doors),
    )
    return EventStream(text, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})
