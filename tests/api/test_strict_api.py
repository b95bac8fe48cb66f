"""What nobody declared and what is said twice is refused by its name, on every route."""

from collections.abc import Callable

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from geo112.api.app import guarded_routes
from geo112.api.permissions import Public
from geo112.wiring import Centre

JSON = {"Content-Type": "application/json"}
# What asks there makes nothing of a refusal: they answer whatever comes, and pass over a query.
IN_OWN_WORDS = {"/aml", "/lost", "/held", "/held/{token}", "/v1/geolocate"}
# Chats add words of their own to a link that they hand on.
IN_CHATS = {"/l/{token}", "/l/{token}/state", "/l/{token}/fix"}
PLACE = "lat_deg=-8.1&lon_deg=112.15"


def test_every_route_refuses_an_unknown_query_parameter(as_user: Callable[[str], TestClient]) -> None:
    client = as_user("siti")
    routes = client.app.state.guarded
    assert len(routes) > 25
    for route in routes:
        if route.path in IN_OWN_WORDS | IN_CHATS:
            continue
        for method in route.methods:
            answer = client.request(method, f"{route.path}?colour=red")
            assert (answer.status_code, answer.json()["field"]) == (422, "colour"), (method, route.path)
            assert "red" not in answer.text


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/calls?limit=1&limit=2", "limit"),
        ("/api/v1/incidents?limit=1&limit=1", "limit"),
        (f"/api/v1/resolve?{PLACE}&lat_deg=3", "lat_deg"),
        (f"/api/v1/resolve?{PLACE}&radius=3", "radius"),
        ("/api/v1/calls?x=", "x"),
    ],
)
def test_a_query_parameter_that_cannot_be_meant_is_named(
    as_user: Callable[[str], TestClient], path: str, field: str
) -> None:
    answer = as_user("siti").get(path)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("path", ["/api/v1/calls?limit=5", f"/api/v1/resolve?{PLACE}&radius_m=20", "/api/v1/state"])
def test_what_is_declared_goes_through(as_user: Callable[[str], TestClient], path: str) -> None:
    assert as_user("siti").get(path).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"number": "+62811", "number": "+62812"}', "number"),
        (b'{"position": {"lat_deg": -8.1, "lon_deg": 112.15, "lat_deg": 3.5}}', "lat_deg"),
    ],
)
def test_a_field_that_is_given_twice_is_refused_by_name(
    as_user: Callable[[str], TestClient], centre: Centre, body: bytes, field: str
) -> None:
    answer = as_user("siti").post("/api/v1/calls", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert centre.log.head()[0] == 0


def test_a_route_that_passes_over_what_nobody_declared_is_found() -> None:
    router = APIRouter(dependencies=[Public])

    @router.get("/lax")
    def lax() -> None:
        """Take anything."""

    with pytest.raises(LookupError, match="/lax passes over"):
        guarded_routes([router])
