"""The HTTP application of one centre."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

import geo112
from geo112.api import errors
from geo112.api.answers import ProblemOut
from geo112.api.els_door import ElsDoor, FormKeeper
from geo112.api.feed import Feed
from geo112.api.headers import Guard, careful_headers
from geo112.api.pace import LinkPace
from geo112.api.pages import pages_router, serve_files
from geo112.api.permissions import permission_of
from geo112.api.resolve_door import ResolveDoor
from geo112.api.routes import (
    apps,
    callerpage,
    calls,
    categories,
    elsforms,
    gazetteer,
    geolocate,
    health,
    held,
    incidents,
    links,
    live,
    login,
    lost,
    machines,
    places,
    users,
)
from geo112.api.session import Doors
from geo112.api.strict import StrictRoute
from geo112.core.errors import StorageError
from geo112.held.names import HELD_PATH
from geo112.incidents.events import Actor
from geo112.wiring import Centre

# A task that runs beside the requests, from start to stop; it is cancelled at the end.
Background = Callable[[], Awaitable[None]]

ROUTERS = (
    *(health, login, live, calls, incidents, places, users),
    *(machines, elsforms, apps, links, callerpage, gazetteer, categories, lost, held, geolocate),
)
SYSTEM = Actor(name="geo112", role="system")


class CentreApp(FastAPI):
    """The application, with a door beside it for LoST.

    A whole network asks LoST for every call, for what is public, and understands no other answer. Looking through
    cookies, origins and routes first would take longer than the answer.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer LoST at its door, and everything else as an application does."""
        if scope["type"] == "http" and scope["path"] == lost.PATH and scope["method"] == "POST":
            await lost.at_the_door(self.state.centre, receive, send)
        else:
            await super().__call__(_as_asked(scope), receive, send)


def _as_asked(scope: Scope) -> Scope:
    """Leave out of an address what clients of HELD and Ichnaea add to it: their protocols know no refusal of that."""
    path = scope["path"] if scope["type"] == "http" else ""
    if path not in (geolocate.PATH, HELD_PATH) and not path.startswith(f"{HELD_PATH}/"):
        return scope
    keys = [pair for pair in scope["query_string"].split(b"&") if pair.startswith(b"key=")]
    return {**scope, "query_string": keys[0] if keys and path == geolocate.PATH else b""}


def create_app(centre: Centre, background: Sequence[Background] = ()) -> FastAPI:
    """Make the application of a centre; it does not close the centre."""
    settings = centre.settings
    app = CentreApp(
        title="geo112",
        summary="The 112 centre's calls, places and live map.",
        version=geo112.__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(centre, background),
        responses={"default": {"model": ProblemOut, "description": "A refusal, as application/problem+json"}},
    )
    app.state.centre = centre
    app.state.pace = LinkPace(centre.clock)
    app.state.els = FormKeeper()
    app.state.doors = Doors(accounts=centre.accounts, settings=settings, clock=centre.clock)
    errors.install(app, fault_headers=careful_headers(settings))
    routers = [*(subject.router for subject in ROUTERS), pages_router(settings.web_dir)]
    app.state.guarded = guarded_routes(routers)
    for router in routers:
        app.include_router(router)
    serve_files(app, settings.web_dir)
    app.add_middleware(ResolveDoor)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(ElsDoor, keeper=app.state.els, headers=careful_headers(settings))
    return app


def guarded_routes(routers: Sequence[APIRouter]) -> tuple[APIRoute, ...]:
    """Give all routes; raises LookupError, which stops the centre from starting.

    That is for a route without a permission, and for one that passes over what nobody declared.
    """
    routes = [route for router in routers for route in router.routes]
    guarded = tuple(route for route in routes if isinstance(route, APIRoute))
    if len(guarded) != len(routes):
        raise LookupError("a route is of a kind that names no permission")
    for route in guarded:
        permission_of(route)
    lax = [route.path for route in guarded if not isinstance(route, StrictRoute)]
    if lax:
        raise LookupError(f"{lax[0]} passes over unknown query parameters: make it a StrictRoute")
    return guarded


def _lifespan(
    centre: Centre, background: Sequence[Background]
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        """Read what was left unread, then feed the streams until the end."""
        settings = centre.settings
        app.state.feed = Feed(
            board=centre.board,
            log=centre.log,
            clock=centre.clock,
            boundaries=lambda: centre.zones.version,
            heartbeat_s=settings.heartbeat_s,
            poll_s=settings.poll_s,
        )
        await to_thread.run_sync(_tidy, centre)
        centre.desk.link_outbox.start(centre.desk.links.sweep)
        tasks = [asyncio.create_task(app.state.feed.run())]
        works: tuple[Background, ...] = (partial(_purge_hourly, centre), partial(_watch_sets, centre), *background)
        tasks += [asyncio.ensure_future(work()) for work in works]
        try:
            yield
        finally:
            app.state.feed.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await to_thread.run_sync(centre.desk.link_outbox.stop)

    return lifespan


PURGE_EVERY_S = 3_600.0


async def _purge_hourly(centre: Centre) -> None:
    """End what nobody rang for, once an hour; the start has done so already."""
    while True:
        await asyncio.sleep(PURGE_EVERY_S)
        await to_thread.run_sync(_purge, centre)


LOOK_FOR_SETS_EVERY_S = 1.0


async def _watch_sets(centre: Centre) -> None:
    """Take up sets of boundaries that were entered, and open those that wait for their day."""
    while True:
        await asyncio.sleep(LOOK_FOR_SETS_EVERY_S)
        await to_thread.run_sync(centre.boundaries.look)


def _purge(centre: Centre) -> None:
    """End what nobody rang for in time; a disk that cannot be written now has another hour."""
    with contextlib.suppress(StorageError):
        centre.desk.purge_waiting(actor=SYSTEM, older_than=timedelta(hours=centre.settings.waiting_purge_h))


def _tidy(centre: Centre) -> None:
    """Read the messages that a power cut left unread, and forget log-ins that hold no more."""
    idle, absolute = (
        timedelta(hours=centre.settings.session_idle_h),
        timedelta(hours=centre.settings.session_absolute_h),
    )
    # A disk that cannot be written now must not keep the centre from showing what it has.
    with contextlib.suppress(StorageError):
        centre.desk.finish_unread(actor=SYSTEM)
        _purge(centre)
        centre.desk.links.tidy(actor=SYSTEM)
        centre.accounts.drop_old_sessions(now=centre.clock.now(), idle=idle, absolute=absolute)
