"""Users and their roles, for the admin."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from geo112.api.answers import UserOut, UsersOut
from geo112.api.parts import TheseDoors, ThisCentre
from geo112.api.permissions import Admin
from geo112.api.schemas import UserChange, UserIn
from geo112.api.strict import StrictRoute
from geo112.core.clock import to_iso
from geo112.store.accounts import User

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/users", tags=["users"])


def _view(user: User) -> dict[str, object]:
    return {
        "user": user.user,
        "name": user.name,
        "roles": [role.value for role in user.roles],
        "created_at": to_iso(user.created_at),
    }


@router.get("", response_model=UsersOut)
def users(_who: Admin, centre: ThisCentre) -> JSONResponse:
    """Give all users."""
    return JSONResponse({"users": [_view(user) for user in centre.accounts.users()]})


@router.post("", status_code=201, response_model=UserOut)
def add(body: UserIn, _who: Admin, centre: ThisCentre) -> JSONResponse:
    """Add a user."""
    added = centre.accounts.add_user(
        user=body.user, name=body.name, password=body.password, roles=body.roles, now=centre.clock.now()
    )
    return JSONResponse(_view(added), status_code=201)


@router.get("/{user}", response_model=UserOut)
def one_user(user: str, _who: Admin, centre: ThisCentre) -> JSONResponse:
    """Give one user."""
    return JSONResponse(_view(centre.accounts.user(user)))


@router.patch("/{user}", response_model=UserOut)
def change(user: str, body: UserChange, _who: Admin, centre: ThisCentre, doors: TheseDoors) -> JSONResponse:
    """Change name, roles or password; new roles or a new password end all sessions of the user."""
    changed = centre.accounts.change_user(user, name=body.name, password=body.password, roles=body.roles)
    doors.forget()
    return JSONResponse(_view(changed))


@router.delete("/{user}", status_code=204)
def remove(user: str, _who: Admin, centre: ThisCentre, doors: TheseDoors) -> Response:
    """Remove a user; the record keeps what the user did."""
    centre.accounts.remove_user(user)
    doors.forget()
    return Response(status_code=204)
