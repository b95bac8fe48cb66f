"""The page behind the link that a caller opens, and what it sends. Who has the address may; nobody logs in.

Chat programs and SMS gateways open links before anybody reads them: a GET changes nothing, whoever asks.
"""

import re
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from geo112.api.answers import PageOut
from geo112.api.callers import CallerPage, page_of, time_words
from geo112.api.errors import problem
from geo112.api.pace import LinkPace
from geo112.api.parts import ThisCentre
from geo112.api.permissions import Public
from geo112.api.schemas import PageFixIn, PageStateIn
from geo112.api.strict import Handler, StrictRoute
from geo112.core.errors import NotFound
from geo112.desk.link_page import PageAnswer
from geo112.desk.links import hash_of
from geo112.incidents.link_events import LinkStep
from geo112.wiring import Centre

RETRY_S = 10
BEAT_S = 20
# Preview programs that run scripts: what they open, nobody has opened.
_ROBOT = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|facebot|whatsapp/|lighthouse|slurp", re.IGNORECASE)


class PageRoute(StrictRoute):
    """A route that passes over query parameters: chat programs hang theirs, such as `fbclid`, onto every link."""

    def get_route_handler(self) -> Handler:
        """Take off what hangs on the address, then be as strict as any route."""
        strict = super().get_route_handler()

        async def without_query(request: Request) -> Response:
            """Answer as if nothing hung on the address."""
            return await strict(Request({**request.scope, "query_string": b""}, request.receive))

        return without_query


router = APIRouter(route_class=PageRoute, prefix="/l", tags=["callerpage"], dependencies=[Public])

Token = Annotated[str, Path(max_length=128)]


async def _pace(request: Request) -> LinkPace:
    """Give what holds back who guesses."""
    pace: LinkPace = request.app.state.pace
    return pace


ThisPace = Annotated[LinkPace, Depends(_pace)]


@router.get("/{token}", response_class=HTMLResponse)
async def page(token: Token, request: Request, centre: ThisCentre, pace: ThisPace) -> Response:
    """Give the page; 404 for a link that never was, 410 for one that is over, each as the same page in words."""
    found = await to_thread.run_sync(centre.desk.link_page.look, token)
    if found is None:
        pace.guess(_address(request))
    made: CallerPage = page_of(centre)
    status = 404 if found is None else 200 if found.state == "open" else 410
    state = "expired" if found is None else found.state
    return HTMLResponse(made.html(state), status_code=status, headers=made.headers)


@router.head("/{token}", response_class=HTMLResponse)
async def page_head(token: Token, request: Request, centre: ThisCentre, pace: ThisPace) -> Response:
    """Say what the page would be, without it."""
    whole = await page(token, request, centre, pace)
    headers = {name: value for name, value in whole.headers.items() if name != "content-length"}
    return Response(status_code=whole.status_code, headers=headers | {"content-length": str(len(whole.body))})


@router.post("/{token}/state", response_model=PageOut)
async def state(token: Token, body: PageStateIn, request: Request, centre: ThisCentre, pace: ThisPace) -> Response:
    """Take how far the page is, or only that it is still there; 410 when the link is over."""
    await _admit(token, request, centre, pace)
    desk = centre.desk.link_page

    def work() -> PageAnswer | None:
        """Work on the log, away from the event loop."""
        if body.state == "stopped":
            return desk.stop(token, device=body.device)
        step = None if body.state == "alive" else LinkStep(body.state)
        if step is LinkStep.OPENED and _ROBOT.search(request.headers.get("user-agent", "")):
            step = None
        return desk.step(token, device=body.device, step=step)

    return _answer(await to_thread.run_sync(work), centre, retry_s=BEAT_S, may_be_over=body.state == "stopped")


@router.post("/{token}/fix", response_model=PageOut)
async def fix(token: Token, body: PageFixIn, request: Request, centre: ThisCentre, pace: ThisPace) -> Response:
    """Take a position: it is on record before it is looked at, and `422` names the field of one that cannot be."""
    await _admit(token, request, centre, pace)
    desk = centre.desk.link_page
    found = await to_thread.run_sync(lambda: desk.share(token, body.given(), device=body.device))
    return _answer(found, centre, retry_s=RETRY_S)


async def _admit(token: str, request: Request, centre: Centre, pace: LinkPace) -> None:
    """Let in who has a link that exists, as often as the pace allows; raises NotFound or TooManyTries."""
    if await to_thread.run_sync(centre.desk.link_page.look, token) is None:
        pace.guess(_address(request))
        raise NotFound("there is no such link", field="token")
    pace.post(hash_of(token.lower()))


def _answer(found: PageAnswer | None, centre: Centre, *, retry_s: int, may_be_over: bool = False) -> Response:
    if found is None:
        raise NotFound("there is no such link", field="token")
    if found.state != "open" and not may_be_over:
        return problem(410, "the link is over", code="link_over", facts={"state": found.state})
    said = {
        "state": found.state,
        "place": found.place,
        "at": time_words(found.at, centre),
        "left_s": found.left_s,
        "retry_s": retry_s,
    }
    return JSONResponse(said)


def _address(request: Request) -> str:
    return "?" if request.client is None else request.client.host
