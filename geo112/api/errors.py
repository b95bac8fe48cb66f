"""One table from errors to statuses, and the answer `application/problem+json` (RFC 9457) for all of them."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from geo112.core import errors

STATUS: dict[type[errors.Geo112Error], int] = {
    errors.Geo112Error: 400,
    errors.BadInput: 422,
    errors.BadPosition: 422,
    errors.BadShape: 422,
    errors.BadMessage: 422,
    errors.BadCode: 422,
    errors.BadTable: 422,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.NotAllowed: 403,
    errors.NotLoggedIn: 401,
    errors.TooManyTries: 429,
    errors.DataMissing: 503,
    errors.SetupError: 500,
    errors.StorageError: 503,
}

_CODES = {
    400: "bad_request",
    401: "not_logged_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "bad_media_type",
    500: "internal",
}
# Where an input stood, and the two forms of a body that has several, are no fields of it.
_PLACES = {"body", "query", "path", "header", "as_position", "as_message"}
# Where a field may be of several kinds, the kind that did not fit stands behind its name.
_KIND = re.compile(r"(?:dict|list|tuple)\[.*\]|str|int|float|bool")
_RESERVED = {"type", "title", "status", "detail", "code", "field", "errors"}


class Problem(JSONResponse):
    """An answer of the type `application/problem+json`."""

    media_type = "application/problem+json"


def problem(
    status: int,
    detail: str,
    *,
    code: str | None = None,
    field: str | None = None,
    fields: list[dict[str, str | None]] | None = None,
    facts: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Problem:
    """Make the answer for a refusal; `facts` become members of their own, as RFC 9457 allows."""
    named = code or _CODES.get(status, "refused")
    body: dict[str, object] = {
        "type": f"urn:geo112:error:{named}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": named,
        "field": field,
        "errors": fields if fields is not None else ([{"field": field, "message": detail}] if field else []),
    }
    body |= {key: _plain(value) for key, value in (facts or {}).items() if key not in _RESERVED}
    return Problem(body, status_code=status, headers=dict(headers or {}))


def refused(error: errors.Geo112Error) -> Problem:
    """Answer an error of the tree."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    headers = {}
    if isinstance(error, errors.TooManyTries):
        headers["Retry-After"] = str(error.facts.get("retry_after_s", 1))
    # What went wrong on this side is for the log of the server, not for who asked.
    detail = error.message if status < 500 or isinstance(error, errors.DataMissing) else (type(error).__doc__ or "")
    facts = error.facts if status < 500 else None
    return problem(status, detail, code=error.code, field=error.field, facts=facts, headers=headers)


def install(app: FastAPI, *, fault_headers: Mapping[str, str]) -> None:
    """Give the app its answers for everything that can be refused or fail.

    A fault is answered outside of all that sets headers, so it gets its own.
    """

    async def on_refused(_request: Request, error: Exception) -> Problem:
        """Answer what geo112 refused."""
        assert isinstance(error, errors.Geo112Error)  # noqa: S101 - registered for this class alone
        return refused(error)

    async def on_invalid(_request: Request, error: Exception) -> Problem:
        """Answer what no model accepts, naming its fields."""
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
        fields = [_field_error(one) for one in error.errors()]
        first = fields[0]
        detail = f"{first['field']}: {first['message']}" if first["field"] else str(first["message"])
        return problem(422, detail, code="invalid", field=first["field"], fields=fields)

    async def on_http(_request: Request, error: Exception) -> Problem:
        """Answer what has no route or is too large."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        return problem(error.status_code, str(error.detail), headers=error.headers)

    async def on_fault(_request: Request, _error: Exception) -> Problem:
        """Answer a fault of the centre without its insides."""
        return problem(500, "Something went wrong in the centre; it is in its log.", headers=fault_headers)

    app.add_exception_handler(errors.Geo112Error, on_refused)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_fault)


def _field_error(error: Mapping[str, Any]) -> dict[str, str | None]:
    """Name the field of one finding, without repeating what was sent: it may be personal."""
    if error["type"] == "json_invalid":
        return {"field": None, "message": "the body is not JSON"}
    parts = [str(part) for part in error["loc"]]
    named = [
        part
        for at, part in enumerate(parts)
        if not (at < 2 and part in _PLACES) and not (at >= 2 and _KIND.fullmatch(part))
    ]
    return {"field": ".".join(named)[:200] or None, "message": str(error["msg"])[:300]}


def _plain(value: object) -> object:
    """Write a fact as JSON can hold it."""
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
