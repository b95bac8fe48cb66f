"""Every refusal has its status, its code and its field, and tells nothing that it should not."""

from collections.abc import Callable, Iterator

import pytest
from api_centre import MakeCentre, new_client
from fastapi.testclient import TestClient
from starlette.requests import Request

from geo112.api.answers import ProblemOut
from geo112.api.app import create_app
from geo112.api.errors import STATUS, problem, refused
from geo112.core import errors
from geo112.wiring import Centre

JSON = {"Content-Type": "application/json"}


def all_errors(kind: type[errors.Geo112Error] = errors.Geo112Error) -> Iterator[type[errors.Geo112Error]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from all_errors(sub)


def test_every_error_has_exactly_one_status() -> None:
    kinds = list(all_errors())
    assert set(STATUS) == {kind for kind in kinds if kind.__module__ == "geo112.core.errors"}
    assert all(400 <= status < 600 for status in STATUS.values())
    assert len({kind.code for kind in STATUS}) == len(STATUS)


@pytest.mark.parametrize("kind", sorted(STATUS, key=lambda kind: kind.__name__))
def test_every_error_becomes_a_problem(kind: type[errors.Geo112Error]) -> None:
    answer = refused(kind("what was wrong", field="lat_deg", facts={"retry_after_s": 7}))
    assert answer.status_code == STATUS[kind]
    assert answer.headers["content-type"] == "application/problem+json"
    body = ProblemOut.model_validate_json(answer.body)
    assert (body.status, body.code, body.field) == (STATUS[kind], kind.code, "lat_deg")
    assert [one.field for one in body.errors] == ["lat_deg"]


def test_what_failed_on_this_side_is_not_told() -> None:
    told = refused(errors.StorageError("disk /srv/data: I/O error", facts={"path": "/srv/data"})).body
    assert b"/srv" not in told


def test_a_later_kind_of_error_has_the_status_of_its_parent() -> None:
    class WorsePosition(errors.BadPosition):
        """A position of a new kind cannot be meant."""

    assert refused(WorsePosition()).status_code == 422
    del WorsePosition


def test_facts_never_replace_what_every_problem_has() -> None:
    assert ProblemOut.model_validate_json(problem(409, "no", facts={"status": 1, "call_id": "a"}).body).status == 409


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/planner", 404, "not_found"),
        ("GET", "/wall", 404, "not_found"),
        ("DELETE", "/api/v1/login", 405, "method_not_allowed"),
        ("GET", "/docs", 404, "not_found"),
        ("GET", "/js/missing.js", 404, "not_found"),
        ("GET", "/api/v1/state", 401, "not_logged_in"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    body = ProblemOut.model_validate(answer.json())
    assert (answer.status_code, body.status, body.code) == (status, status, code)


@pytest.mark.parametrize("chunked", ["whole", "chunked"])
def test_a_body_that_is_too_large_is_refused(client: TestClient, sms_key: dict[str, str], chunked: str) -> None:
    body = b'{"sender": "+62", "text": "' + b"x" * 70_000 + b'"}'
    content = body if chunked == "whole" else (body[at : at + 5000] for at in range(0, len(body), 5000))
    answer = client.post("/api/v1/sms", content=content, headers={**JSON, **sms_key})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"user": "\xff"}', b"[" * 30_000, b'{"user": ' + b"1" * 6000 + b"}"],
    ids=["cut off", "no text", "a byte that is no text", "too deep", "too many digits"],
)
def test_a_body_that_is_no_json_is_said_to_be_none(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/login", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (422, "the body is not JSON")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"5"])
def test_a_body_that_is_no_object_is_refused_and_not_repeated(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/login", content=body, headers=JSON)
    assert answer.status_code == 422
    assert ProblemOut.model_validate(answer.json()).detail
    assert len(answer.content) < 1000


def test_a_refusal_does_not_repeat_what_was_sent(as_user: Callable[[str], TestClient]) -> None:
    secret = "nomor-rahasia-0812"  # noqa: S105 - no secret, only to be found again
    client = as_user("siti")
    for body in (
        {"number": {"x": secret}},
        {"number": secret * 20},
        {"position": {"lat_deg": secret, "lon_deg": 1.0}},
        {"position": {"lat_deg": 1.0, "lon_deg": 1.0, "source": secret}},
        {"position": {"lat_deg": 1.0, "lon_deg": 1.0, "taken_at": secret}},
        {"simulated": secret},
    ):
        answer = client.post("/api/v1/calls", json=body)
        assert answer.status_code == 422
        assert answer.json()["field"]
        assert secret not in answer.text


def test_all_wrong_fields_are_named_at_once(as_user: Callable[[str], TestClient]) -> None:
    answer = as_user("siti").post("/api/v1/resolve", json={"lat_deg": "a", "lon_deg": "c", "radius_m": "b"})
    assert [one["field"] for one in answer.json()["errors"]] == ["lat_deg", "lon_deg", "radius_m"]


def test_a_fault_tells_nothing_of_the_inside(make_centre: MakeCentre) -> None:
    centre = make_centre()
    app = create_app(centre)

    async def broken(_request: Request) -> None:
        raise RuntimeError("the password of the database is 1234")

    app.add_route("/broken", broken)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert ProblemOut.model_validate(answer.json()).code == "internal"
    assert "1234" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_without_a_disk_calls_are_refused_and_places_still_found(make_centre: MakeCentre) -> None:
    centre = make_centre()
    with new_client(centre) as client:
        client.post("/api/v1/login", json={"user": "siti", "password": "rahasia-sekali"})
        assert client.get("/readyz").json()["ready"]
        # The head says another number than the log: nothing can be appended any more.
        with centre.log.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE event RENAME TO gone")
            connection.exec_driver_sql("ALTER TABLE pulse RENAME TO gone_too")
        answer = client.post("/api/v1/calls", json={"number": "+62811"})
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_error")
        place = client.post("/api/v1/resolve", json={"lat_deg": -8.1, "lon_deg": 112.15})
        assert place.json()["centre"]["kode"] == "35.72"
        ready = ready_after_a_while(client, centre)
        assert (ready.status_code, ready.json()["ready"]) == (503, False)


def ready_after_a_while(client: TestClient, centre: Centre):
    """Ask again when the last answer is believed no more."""
    centre.clock.ahead += (centre.clock.now() - centre.clock.now()).resolution * 3_000_000
    return client.get("/readyz")


@pytest.mark.parametrize("cells", [5, True, 1.5])
def test_a_field_of_several_kinds_is_named_without_them(
    client: TestClient, pbx_key: dict[str, str], cells: object
) -> None:
    said = {"event": "ringing", "pbx_call_id": "x-1", "cells": cells}
    answer = client.post("/api/v1/pbx", json=said, headers=pbx_key)
    assert (answer.status_code, answer.json()["field"]) == (422, "cells")
    assert {one["field"] for one in answer.json()["errors"]} == {"cells"}
