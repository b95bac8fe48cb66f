"""From a request to its answer: a pure function of the request, what the server knows, and now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from geo112.core.errors import BadInput
from geo112.lost.request import (
    Civic,
    Fault,
    FindService,
    GetServiceBoundary,
    ListServices,
    ListServicesByLocation,
    Location,
    Problem,
    Profile,
    Request,
)
from geo112.lost.service import children, fallbacks, normal
from geo112.lost.world import Boundary, Centre, Elsewhere, Found, NearestOnly, Served, Unclear, Validation, World

# A mapping is kept by its reader for a day: a centre that changes is known everywhere the next day.
LIFETIME = timedelta(days=1)
# Nobody rings more than these; an area that touches more is as wide as several kabupaten.
MOST_MAPPINGS = 8


class Warned(StrEnum):
    """What is not quite as asked (RFC 5222, 13.2)."""

    SERVICE_SUBSTITUTION = "serviceSubstitution"
    DEFAULT_MAPPING_RETURNED = "defaultMappingReturned"
    LOCATION_VALIDATION_UNAVAILABLE = "locationValidationUnavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """This server: its name, and the one above it, `parent` by DNS name, where there is one.

    No mapping outlives `changes_at`, when other boundaries take over.
    """

    source: str
    world: World
    parent: str | None = None
    changes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One centre with the area that was asked for by value."""

    centre: Centre
    boundary: Boundary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mappings:
    """Who serves the place, most probable first."""

    mapped: tuple[Mapped, ...]
    service: str
    profile: Profile
    expires_at: datetime
    path: tuple[str, ...]
    location_id: str | None
    warnings: tuple[tuple[Warned, str], ...] = ()
    validation: Validation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Services, below one or at a place."""

    services: tuple[str, ...]
    path: tuple[str, ...]
    by_location: bool = False
    location_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryFound:
    """The area of a key."""

    boundary: Boundary
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Ask that server instead."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """This server asks its parent for the client; `otherwise` is the answer when the parent gives none."""

    otherwise: Mappings | Services | Problem


Final = Mappings | Services | BoundaryFound | Redirect | Problem
Answer = Final | Forward


def answer(request: Request | Problem, server: Server, now: datetime) -> Answer:
    """Answer a request; every outcome is a value."""
    if isinstance(request, Problem):
        return request
    if request.path and server.source.lower() in (source.lower() for source in request.path):
        return Problem(fault=Fault.LOOP, message=f"{server.source} was asked already")
    match request:
        case FindService():
            return _find_service(request, server, now)
        case ListServices():
            return _list_services(request, server)
        case ListServicesByLocation():
            return _list_services_at(request, server)
        case GetServiceBoundary():  # pragma: no branch - mypy counts the requests
            return _boundary(request, server)


def _find_service(request: FindService, server: Server, now: datetime) -> Answer:
    wanted = normal(request.service)
    if wanted is None:
        return _unknown_service(request.service)
    found, service = _search(request.location, wanted, server.world)
    if service is None:
        return _unknown_service(request.service)
    match found:
        case Served():
            return _mappings(request, server, now, found.centres, service=service, validation=found.validation)
        case NearestOnly():
            return _mappings(request, server, now, (found.centre,), service=service, default=found.why)
        case Unclear():
            return Problem(fault=Fault.LOCATION_INVALID, message=found.why)
        case Elsewhere():  # pragma: no branch - mypy counts the outcomes
            return _elsewhere(request, server, now, found, service)


def _expiry(server: Server, now: datetime) -> datetime:
    """Say until when a mapping may be kept."""
    expires_at = now.replace(second=0, microsecond=0) + LIFETIME
    if server.changes_at is None or server.changes_at <= now:
        return expires_at
    return min(expires_at, server.changes_at)


def _search(location: Location, wanted: str, world: World) -> tuple[Found, str | None]:
    """Look for the service, then for what may stand in for it; None where nothing of the kind is offered at all."""
    found: Found = Elsewhere()
    named = None
    for service in fallbacks(wanted):
        if service not in world.offered:
            continue
        named = service
        found = _look(location, service, world)
        if not isinstance(found, Elsewhere):
            break
    return found, named


def _look(location: Location, service: str, world: World) -> Found:
    place = location.place
    if isinstance(place, Civic):
        return world.named(place, service)
    try:
        return world.at(place, service)
    except BadInput as error:
        return Unclear(why=str(error))


def _mappings(
    request: FindService,
    server: Server,
    now: datetime,
    centres: tuple[Centre, ...],
    *,
    service: str,
    default: str | None = None,
    validation: Validation | None = None,
) -> Mappings:
    """Make the answer of the centres that were found."""
    profile = request.location.profile
    most = min(MOST_MAPPINGS, request.limit or MOST_MAPPINGS)
    warnings: list[tuple[Warned, str]] = []
    if service != normal(request.service):
        warnings.append((Warned.SERVICE_SUBSTITUTION, f"{service} is answered in place of {request.service}"))
    if default is not None:
        warnings.append((Warned.DEFAULT_MAPPING_RETURNED, default))
    if request.validate and validation is None and profile is Profile.CIVIC:
        warnings.append((Warned.LOCATION_VALIDATION_UNAVAILABLE, "the address was not checked"))
    return Mappings(
        mapped=tuple(
            [
                Mapped(centre=one, boundary=_by_value(one, profile, server.world) if request.by_value else None)
                for one in centres[:most]
            ]
        ),
        service=service,
        profile=profile,
        # To the minute, so that what was written for one request serves the next ones.
        expires_at=_expiry(server, now),
        path=(*request.path, server.source),
        location_id=request.location.sent_id,
        warnings=tuple(warnings),
        validation=validation if request.validate else None,
    )


def _by_value(centre: Centre, profile: Profile, world: World) -> Boundary | None:
    key = centre.key(profile)
    return None if key is None else world.boundary(key)


def _elsewhere(request: FindService, server: Server, now: datetime, found: Elsewhere, service: str) -> Answer:
    """Ask the parent, send the client there, or say that nobody is known."""
    nobody = Problem(fault=Fault.NOT_FOUND, message="nobody is known who serves this place")
    if server.parent is None:
        return nobody
    if not request.recursive:
        return Redirect(target=server.parent)
    if found.fallback is None:
        return Forward(otherwise=Problem(fault=Fault.SERVER_TIMEOUT, message=f"{server.parent} does not answer"))
    why = f"{server.parent} does not answer; this is who serves the place by what {server.source} knows"
    return Forward(otherwise=_mappings(request, server, now, (found.fallback,), service=service, default=why))


def _list_services(request: ListServices, server: Server) -> Answer:
    below = _below(request.service, server.world)
    if isinstance(below, Problem):
        return below
    return Services(services=below, path=(*request.path, server.source))


def _list_services_at(request: ListServicesByLocation, server: Server) -> Answer:
    """List what is answered at the place."""
    below = _below(request.service, server.world)
    if isinstance(below, Problem):
        return below
    here = Services(
        services=below, path=(*request.path, server.source), by_location=True, location_id=request.location.sent_id
    )
    there: set[str] = set()
    known = False
    for service in server.world.offered:
        if service in there:
            continue
        found = _look(request.location, service, server.world)
        match found:
            case Served():
                there.update(one for centre in found.centres for one in centre.services)
            case NearestOnly():
                there.update(found.centre.services)
            case Unclear():
                return Problem(fault=Fault.LOCATION_INVALID, message=found.why)
            case Elsewhere():  # pragma: no branch - mypy counts the outcomes
                known = known or found.fallback is not None
    if not there:
        return _services_elsewhere(request, server, here if known else None)
    served = [one for one in below if any(each == one or each.startswith(f"{one}.") for each in there)]
    return Services(services=tuple(served), path=here.path, by_location=True, location_id=here.location_id)


def _services_elsewhere(request: ListServicesByLocation, server: Server, here: Services | None) -> Answer:
    if server.parent is None:
        return Problem(fault=Fault.NOT_FOUND, message="nobody is known who serves this place")
    if not request.recursive:
        return Redirect(target=server.parent)
    return Forward(otherwise=here or Problem(fault=Fault.SERVER_TIMEOUT, message=f"{server.parent} does not answer"))


def _below(service: str | None, world: World) -> tuple[str, ...] | Problem:
    wanted = None if service is None else normal(service)
    if service is not None and wanted is None:
        return _unknown_service(service)
    below = children(wanted, world.offered)
    return _unknown_service(service or "") if below is None else below


def _boundary(request: GetServiceBoundary, server: Server) -> Answer:
    boundary = server.world.boundary(request.key)
    if boundary is None:
        return Problem(fault=Fault.NOT_FOUND, message="there is no such area, or not any more")
    return BoundaryFound(boundary=boundary, path=(*request.path, server.source))


def _unknown_service(said: str) -> Problem:
    return Problem(fault=Fault.SERVICE_NOT_IMPLEMENTED, message=f"{said[:80]!r} is not answered here")
