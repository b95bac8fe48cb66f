"""Who may do what, in one table; a route that names no permission is not served at all."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from geo112.api.session import Doors, Machine, Who
from geo112.core.errors import NotAllowed, NotLoggedIn
from geo112.core.roles import Role, Scope
from geo112.incidents.events import Actor


class Permission(StrEnum):
    """Something that a person or machine may be allowed to do."""

    PUBLIC = "public"
    OWN_SESSION = "own_session"
    LOOK_UP_PLACES = "look_up_places"
    READ_CALLS = "read_calls"
    SEE_NUMBERS = "see_numbers"
    TAKE_CALLS = "take_calls"
    OPEN_INCIDENTS = "open_incidents"
    MANAGE_USERS = "manage_users"
    SEND_SMS = "send_sms"
    SEND_PBX = "send_pbx"
    SEND_PANIC = "send_panic"
    ASK_LOCATION = "ask_location"


_EVERYBODY = tuple(Role)
# The first role that grants a permission is the one that the record names, so the plainest stands first.
_DESK = (Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR)

ROLES: dict[Permission, tuple[Role, ...]] = {
    Permission.PUBLIC: (),
    Permission.OWN_SESSION: _EVERYBODY,
    Permission.LOOK_UP_PLACES: _EVERYBODY,
    Permission.READ_CALLS: _DESK,
    Permission.SEE_NUMBERS: _DESK,
    Permission.TAKE_CALLS: _DESK,
    Permission.OPEN_INCIDENTS: _DESK,
    Permission.MANAGE_USERS: (Role.ADMIN,),
    Permission.SEND_SMS: (),
    Permission.SEND_PBX: (),
    Permission.SEND_PANIC: (),
    Permission.ASK_LOCATION: (),
}

SCOPES: dict[Permission, Scope] = {
    Permission.SEND_SMS: Scope.SMS,
    Permission.SEND_PBX: Scope.PBX,
    Permission.SEND_PANIC: Scope.APP,
    Permission.ASK_LOCATION: Scope.HELD,
}


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Tell whether somebody with these roles may do it."""
    return not set(roles).isdisjoint(ROLES[permission])


def actor(who: Who, permission: Permission) -> Actor:
    """Name who does it, in which role, for the record."""
    return Actor(name=who.user, role=acting_role(who.roles, permission).value)


def acting_role(roles: Iterable[Role], permission: Permission) -> Role:
    """Name the role in which somebody with these roles does it; raises NotAllowed."""
    held = set(roles)
    for role in ROLES[permission]:
        if role in held:
            return role
    raise NotAllowed(facts={"needs": [role.value for role in ROLES[permission]]})


class Gate:
    """Lets in who has one permission, and marks the route with it."""

    def __init__(self, permission: Permission) -> None:
        """Guard with this permission."""
        self.permission = permission


class OpenGate(Gate):
    """Lets everybody in."""

    async def __call__(self) -> None:
        """Ask nothing."""


class PersonGate(Gate):
    """Lets in a person with a session whose roles grant the permission."""

    async def __call__(self, request: Request) -> Who:
        """Say who asks; raises NotLoggedIn or NotAllowed."""
        doors: Doors = request.app.state.doors
        who = await doors.who(request)
        acting_role(who.roles, self.permission)
        return who


class MachineGate(Gate):
    """Lets in a machine whose key has the scope of the permission."""

    async def __call__(self, request: Request) -> Machine:
        """Say which machine asks; raises NotLoggedIn or NotAllowed."""
        doors: Doors = request.app.state.doors
        return await doors.machine(request, SCOPES[self.permission])


class ChallengeGate(MachineGate):
    """A gate for machines that show their key only when asked, as HTTP Basic does (RFC 9110, 11.6.1)."""

    async def __call__(self, request: Request) -> Machine:
        """Say which machine asks; refuses with 401 and a challenge, or raises NotAllowed."""
        try:
            return await super().__call__(request)
        except NotLoggedIn as error:
            challenge = {"WWW-Authenticate": 'Basic realm="geo112", charset="UTF-8"'}
            raise HTTPException(401, error.message, headers=challenge) from None


def permission_of(route: APIRoute) -> Permission:
    """Say which permission a route names; raises LookupError when it names none or several."""
    calls: list[object] = [each.call for each in route.dependant.dependencies]
    marks = {call.permission for call in calls if isinstance(call, Gate)}
    if len(marks) != 1:
        raise LookupError(f"{route.path} names {len(marks)} permissions instead of one")
    return marks.pop()


Public = Depends(OpenGate(Permission.PUBLIC))
Someone = Annotated[Who, Depends(PersonGate(Permission.OWN_SESSION))]
AnyRole = Annotated[Who, Depends(PersonGate(Permission.LOOK_UP_PLACES))]
CallReader = Annotated[Who, Depends(PersonGate(Permission.READ_CALLS))]
CallTaker = Annotated[Who, Depends(PersonGate(Permission.TAKE_CALLS))]
IncidentOpener = Annotated[Who, Depends(PersonGate(Permission.OPEN_INCIDENTS))]
Admin = Annotated[Who, Depends(PersonGate(Permission.MANAGE_USERS))]
SmsGateway = Annotated[Machine, Depends(MachineGate(Permission.SEND_SMS))]
Exchange = Annotated[Machine, Depends(MachineGate(Permission.SEND_PBX))]
PanicApp = Annotated[Machine, Depends(MachineGate(Permission.SEND_PANIC))]
LocationAsker = Annotated[Machine, Depends(ChallengeGate(Permission.ASK_LOCATION))]
