"""Every route and every role, held against a table written by hand: a new route has to be put into it."""

from collections.abc import Callable

import pytest
from api_words import USERS, sent
from fastapi import APIRouter
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route

from geo112.api.app import create_app, guarded_routes
from geo112.api.pages import FOLDERS
from geo112.api.permissions import ROLES, SCOPES, Permission, acting_role, may
from geo112.core.errors import NotAllowed
from geo112.core.roles import Role
from geo112.wiring import Centre

DESK = {"siti", "budi", "wati"}
ALL = {"siti", "budi", "wati", "agus", "dewi"}
PUBLIC, SMS, PBX, APP, HELD = "public", "sms", "pbx", "app", "held"
MACHINES = (SMS, PBX, APP, HELD)

MATRIX: dict[tuple[str, str], set[str] | str] = {
    ("GET", "/"): PUBLIC,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("POST", "/api/v1/login"): PUBLIC,
    ("POST", "/lost"): PUBLIC,
    ("GET", "/api/v1/session"): ALL,
    ("POST", "/api/v1/logout"): ALL,
    ("POST", "/api/v1/password"): ALL,
    ("GET", "/api/v1/state"): DESK,
    ("GET", "/api/v1/stream"): DESK,
    ("POST", "/api/v1/calls"): DESK,
    ("GET", "/api/v1/calls"): DESK,
    ("GET", "/api/v1/calls/{call_id}"): DESK,
    ("POST", "/api/v1/calls/{call_id}/fixes"): DESK,
    ("POST", "/api/v1/calls/{call_id}/answer"): DESK,
    ("POST", "/api/v1/calls/{call_id}/end"): DESK,
    ("POST", "/api/v1/calls/{call_id}/disposition"): DESK,
    ("POST", "/api/v1/calls/{call_id}/answers"): DESK,
    ("POST", "/api/v1/calls/{call_id}/note"): DESK,
    ("POST", "/api/v1/calls/{call_id}/link"): DESK,
    ("POST", "/api/v1/calls/{call_id}/links"): DESK,
    ("POST", "/api/v1/calls/{call_id}/links/{link_id}/renew"): DESK,
    ("POST", "/api/v1/calls/{call_id}/links/{link_id}/close"): DESK,
    ("GET", "/l/{token}"): PUBLIC,
    ("HEAD", "/l/{token}"): PUBLIC,
    ("POST", "/l/{token}/state"): PUBLIC,
    ("POST", "/l/{token}/fix"): PUBLIC,
    ("POST", "/api/v1/incidents"): DESK,
    ("GET", "/api/v1/incidents"): DESK,
    ("GET", "/api/v1/incidents/{incident_id}"): DESK,
    ("POST", "/api/v1/incidents/{incident_id}/close"): DESK,
    ("GET", "/api/v1/resolve"): ALL,
    ("POST", "/api/v1/resolve"): ALL,
    ("GET", "/api/v1/centres"): ALL,
    ("GET", "/api/v1/centres/{kode}"): ALL,
    ("GET", "/api/v1/places"): ALL,
    ("GET", "/api/v1/categories"): ALL,
    ("GET", "/api/v1/map"): ALL,
    ("GET", "/api/v1/tiles/{z}/{x}/{y}.mvt"): ALL,
    ("POST", "/aml"): PUBLIC,
    ("POST", "/v1/geolocate"): PUBLIC,
    ("POST", "/api/v1/sms"): SMS,
    ("POST", "/api/v1/sms/receipts"): SMS,
    ("POST", "/api/v1/pbx"): PBX,
    ("POST", "/api/v1/apps/panic"): APP,
    ("POST", "/api/v1/apps/panic/{app_call_id}/positions"): APP,
    ("POST", "/api/v1/apps/panic/{app_call_id}/end"): APP,
    ("POST", "/held"): HELD,
    ("GET", "/held/{token}"): PUBLIC,
    ("POST", "/held/{token}"): PUBLIC,
    ("GET", "/api/v1/users"): {"dewi"},
    ("POST", "/api/v1/users"): {"dewi"},
    ("GET", "/api/v1/users/{user}"): {"dewi"},
    ("PATCH", "/api/v1/users/{user}"): {"dewi"},
    ("DELETE", "/api/v1/users/{user}"): {"dewi"},
}


def test_every_route_stands_in_the_matrix(centre: Centre) -> None:
    app = create_app(centre)
    served = {(method, route.path) for route in app.state.guarded for method in route.methods}
    assert served == set(MATRIX)
    described = {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}
    assert described == set(MATRIX) - {("GET", "/")}


def test_nothing_else_is_served(centre: Centre) -> None:
    app = create_app(centre)
    mounts = {route.path for route in app.routes if isinstance(route, Mount)}
    assert mounts == {f"/{folder}" for folder in FOLDERS}
    plain = {route.path for route in app.routes if isinstance(route, Route)}
    assert plain == {"/openapi.json"}
    included = [route for route in app.routes if not isinstance(route, Mount | Route)]
    guarded = set(map(id, app.state.guarded))
    assert {id(route) for one in included for route in one.original_router.routes} == guarded


@pytest.mark.parametrize("user", sorted(USERS))
def test_each_role_reaches_exactly_its_routes(as_user: Callable[[str], TestClient], user: str) -> None:
    for (method, path), who in MATRIX.items():
        # Logging in again: some of the routes end the session.
        client = as_user(user)
        status = client.request(method, sent(path)).status_code
        if who == PUBLIC or (isinstance(who, set) and user in who):
            assert status not in (401, 403), (method, path, user, status)
        elif isinstance(who, set):
            assert status == 403, (method, path, user, status)
        else:
            assert status == 401, (method, path, user, status)


def test_nobody_gets_in_without_a_session(client: TestClient) -> None:
    for (method, path), who in MATRIX.items():
        answer = client.request(method, sent(path))
        assert (answer.status_code == 401) is (who != PUBLIC), (method, path, answer.status_code)


def test_a_key_opens_its_own_door_only(
    client: TestClient,
    sms_key: dict[str, str],
    pbx_key: dict[str, str],
    app_key: dict[str, str],
    held_key: dict[str, str],
) -> None:
    keys = {SMS: sms_key, PBX: pbx_key, APP: app_key, HELD: held_key}
    for (method, path), who in MATRIX.items():
        for scope, headers in keys.items():
            status = client.request(method, sent(path), headers=headers).status_code
            if who in (PUBLIC, scope):
                assert status not in (401, 403), (method, path, scope)
            else:
                assert status == (403 if who in MACHINES else 401), (method, path, scope, status)


def test_every_permission_is_granted_in_one_table() -> None:
    assert set(ROLES) == set(Permission)
    assert set(SCOPES) == {
        Permission.SEND_SMS,
        Permission.SEND_PBX,
        Permission.SEND_PANIC,
        Permission.ASK_LOCATION,
    }
    assert not may([Role.PLANNER, Role.ADMIN], Permission.SEE_NUMBERS)


def test_who_holds_several_roles_may_what_any_of_them_may() -> None:
    assert may([Role.PLANNER, Role.ADMIN], Permission.MANAGE_USERS)
    assert acting_role([Role.SUPERVISOR, Role.CALL_TAKER], Permission.TAKE_CALLS) is Role.CALL_TAKER
    with pytest.raises(NotAllowed):
        acting_role([Role.PLANNER], Permission.TAKE_CALLS)


def nobody() -> None:
    """Belong to nobody."""


def test_a_route_without_a_permission_is_found() -> None:
    router = APIRouter()
    router.get("/open")(nobody)
    with pytest.raises(LookupError, match="/open names 0 permissions"):
        guarded_routes([router])


def test_a_route_of_another_kind_is_found() -> None:
    router = APIRouter()
    router.add_route("/open", nobody)
    with pytest.raises(LookupError, match="kind"):
        guarded_routes([router])
