"""The quick way to a jurisdiction: what is plainly in order is answered before the routes are gone through.

It is asked for every fix, of every call, by every desk; FastAPI takes longer to find the route and its dependencies
than the answer takes. Guard stands in front of this door as of everything else, the session, the permission and the
models are the same, and whatever is not in order goes the long way, which says why.
"""

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo112.api.permissions import Permission, acting_role
from geo112.api.routes.places import RESOLVE_PATH, resolved
from geo112.api.schemas import ResolveIn, ResolveQuery
from geo112.core.errors import Geo112Error

_JSON = b"application/json"
_KNOWN = frozenset(ResolveQuery.model_fields)


class ResolveDoor:
    """Answers a good question for a jurisdiction, and lets everything else through as it came."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of the routes, behind Guard."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http" or scope["path"] != RESOLVE_PATH:
            await self._app(scope, receive, send)
        elif scope["method"] == "GET":
            await self._answer(_of_query(scope["query_string"]), scope, receive, send)
        elif scope["method"] == "POST" and not scope["query_string"] and _is_plain_json(scope):
            message = await receive()
            given = _of_body(message)
            await self._answer(given, scope, _again(message, receive), send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, place: ResolveIn | ResolveQuery | None, scope: Scope, receive: Receive, send: Send) -> None:
        answer = None if place is None else await _answer_of(place, scope)
        await (answer or self._app)(scope, receive, send)


async def _answer_of(place: ResolveIn | ResolveQuery, scope: Scope) -> JSONResponse | None:
    """Answer who may ask; None where something is refused, which the long way says in its words."""
    state = scope["app"].state
    try:
        who = await state.doors.who(Request(scope))
        acting_role(who.roles, Permission.LOOK_UP_PLACES)
        return await resolved(place, state.centre)
    except Geo112Error:
        return None


def _is_plain_json(scope: Scope) -> bool:
    """Tell whether a body is JSON of a stated length, which Guard has looked at, and nothing is said twice."""
    said = [pair for pair in scope["headers"] if pair[0] in (b"content-type", b"content-length")]
    return len(said) == 2 and (b"content-type", _JSON) in said and said[0][0] != said[1][0]


def _of_body(message: Message) -> ResolveIn | None:
    """Read a body that came whole; None where anything is wrong with it."""
    if message["type"] != "http.request" or message.get("more_body", False):
        return None
    try:
        return ResolveIn.model_validate(json.loads(message["body"], object_pairs_hook=_once))
    except (ValueError, RecursionError):
        return None


def _of_query(query: bytes) -> ResolveQuery | None:
    """Read a query; None where anything is wrong with it."""
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        said = _once(pairs)
        return ResolveQuery.model_validate(said) if _KNOWN.issuperset(said) else None
    except ValueError:
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of what says everything once; raises ValueError."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("given twice")
    return made


def _again(message: Message, receive: Receive) -> Receive:
    """Give the first message once more, then those that follow."""
    first: list[Message] = [message]

    async def receive_again() -> Message:
        return first.pop() if first else await receive()

    return receive_again
