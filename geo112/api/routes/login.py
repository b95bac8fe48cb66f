"""Logging in and out, and one's own password."""

from fastapi import APIRouter, Request, Response

from geo112.api.answers import SessionOut
from geo112.api.parts import TheseDoors, ThisCentre
from geo112.api.permissions import Public, Someone
from geo112.api.schemas import LoginIn, PasswordIn
from geo112.api.strict import StrictRoute
from geo112.core.roles import Role
from geo112.wiring import Centre

router = APIRouter(route_class=StrictRoute, prefix="/api/v1", tags=["session"])


def _session(centre: Centre, *, user: str, name: str, roles: tuple[Role, ...]) -> dict[str, object]:
    return {
        "user": user,
        "name": name,
        "roles": list(roles),
        "centre": {"kode": centre.kode, "nama": centre.nama},
        "simulated": centre.settings.simulation,
    }


def address_of(request: Request) -> str:
    """Name the machine that asks."""
    return "" if request.client is None else request.client.host


@router.post("/login", response_model=SessionOut, dependencies=[Public])
async def login(
    body: LoginIn, request: Request, response: Response, doors: TheseDoors, centre: ThisCentre
) -> dict[str, object]:
    """Open a session; after wrong passwords the answer is 429 with the seconds to wait in Retry-After."""
    user, token = await doors.log_in(user=body.user, password=body.password, address=address_of(request))
    doors.give_cookie(response, token)
    return _session(centre, user=user.user, name=user.name, roles=user.roles)


@router.get("/session", response_model=SessionOut)
async def session(who: Someone, centre: ThisCentre) -> dict[str, object]:
    """Say who is logged in."""
    return _session(centre, user=who.user, name=who.name, roles=who.roles)


@router.post("/logout", status_code=204)
async def logout(who: Someone, response: Response, doors: TheseDoors) -> None:
    """End the session; its streams end with it."""
    await doors.log_out(who)
    doors.take_cookie(response)


@router.post("/password", status_code=204)
async def password(body: PasswordIn, who: Someone, request: Request, response: Response, doors: TheseDoors) -> None:
    """Set a new password for oneself; all sessions end."""
    await doors.change_own_password(
        who, old_password=body.old_password, password=body.password, address=address_of(request)
    )
    doors.take_cookie(response)
