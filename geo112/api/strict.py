"""What every route asks of a request before anything else: no unknown query parameter, nothing said twice, JSON."""

import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRoute(APIRoute):
    """A route that refuses what it would otherwise pass over; every route of a centre is one."""

    def get_route_handler(self) -> Handler:
        """Look at the query and the body first, then do what the route does."""
        handle = super().get_route_handler()
        known = frozenset(_query_names(self.dependant))

        async def strict(request: Request) -> Response:
            """Refuse with 422 what nobody declared, and what is said twice."""
            wrong = list(_wrong_queries(request, known))
            if wrong:
                raise RequestValidationError(wrong)
            careful = StrictRequest(request.scope, request.receive)
            try:
                return await handle(careful)
            except RequestValidationError:
                if careful.twice is None:
                    raise
                raise RequestValidationError([_twice("body", careful.twice)]) from None

        return strict


class StrictRequest(Request):
    """A request whose body is JSON that says everything once, or no JSON at all."""

    twice: str | None = None

    async def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """Read the body; raises JSONDecodeError, also for bytes, depths and numbers that Python cannot take in."""
        body = await self.body()
        try:
            return json.loads(body, object_pairs_hook=self._once)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError):
            # UnicodeDecodeError is a ValueError, and so is the refusal of a number with thousands of digits.
            raise json.JSONDecodeError("not readable", "", 0) from None

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Make an object; which of two values was meant, nobody can know."""
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _ in pairs]
            self.twice = next(name for name in names if names.count(name) > 1)
            raise ValueError("a field is given twice")
        return made


def _query_names(dependant: Dependant) -> Iterator[str]:
    """Name the query parameters that a route, or anything that it depends on, declares."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from model.model_fields
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _query_names(inner)


def _wrong_queries(request: Request, known: frozenset[str]) -> Iterator[dict[str, object]]:
    """Find the query parameters that are unknown or given more than once."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in dict.fromkeys(names):
        if name not in known:
            yield {"type": "extra_forbidden", "loc": ("query", name), "msg": "Extra inputs are not permitted"}
        elif names.count(name) > 1:
            yield _twice("query", name)


def _twice(place: str, name: str) -> dict[str, object]:
    return {"type": "given_twice", "loc": (place, name), "msg": "this is given more than once"}
