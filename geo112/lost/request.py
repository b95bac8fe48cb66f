"""What LoST clients ask (RFC 5222), read from XML: four requests, each with what is needed to answer it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from geo112.core.errors import BadInput
from geo112.core.shapes import Area
from geo112.core.xml import local_name, parse_xml
from geo112.locate.gml import GML, GS, read_shape

LOST = "urn:ietf:params:xml:ns:lost1"
EXT = "urn:ietf:params:xml:ns:lost-ext"
CIVIC_SPACES = frozenset(
    {"urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr", "urn:ietf:params:xml:ns:pidf:geopriv10:civicLoc"}
)
GEODETIC_SPACES = frozenset({GML, GS, "http://www.opengis.net/gml/3.2"})
MOST_LOCATIONS = 16
_LONGEST_TEXT = 256
_TAG = f"{{{LOST}}}"


class Profile(StrEnum):
    """How a location is written (RFC 5222, 12)."""

    GEODETIC = "geodetic-2d"
    CIVIC = "civic"


class Fault(StrEnum):
    """What is said where there is no answer (RFC 5222, 13.1)."""

    BAD_REQUEST = "badRequest"
    FORBIDDEN = "forbidden"
    INTERNAL_ERROR = "internalError"
    LOCATION_INVALID = "locationInvalid"
    LOCATION_PROFILE_UNRECOGNIZED = "locationProfileUnrecognized"
    LOOP = "loop"
    NOT_FOUND = "notFound"
    SERVER_ERROR = "serverError"
    SERVER_TIMEOUT = "serverTimeout"
    SERVICE_NOT_IMPLEMENTED = "serviceNotImplemented"
    SRS_INVALID = "SRSInvalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A request that gets no answer, and why."""

    fault: Fault
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Civic:
    """An address by its elements (RFC 5139): country, A1 provinsi, A2 kabupaten/kota, and on."""

    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The one location that is used; `sent_id` is how the client calls it."""

    sent_id: str | None
    profile: Profile
    place: Area | Civic


@dataclass(frozen=True, slots=True, kw_only=True)
class FindService:
    """Who serves this place."""

    location: Location
    service: str
    path: tuple[str, ...] = ()
    recursive: bool = False
    by_value: bool = False
    validate: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListServices:
    """Which services are there below one."""

    service: str | None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListServicesByLocation:
    """Which services are there at a place."""

    location: Location
    service: str | None
    path: tuple[str, ...] = ()
    recursive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GetServiceBoundary:
    """The area that a reference stands for."""

    key: str
    path: tuple[str, ...] = ()


Request = FindService | ListServices | ListServicesByLocation | GetServiceBoundary


def read_request(body: bytes) -> Request | Problem:
    """Read a request; anything else is a Problem, never an exception."""
    try:
        root = parse_xml(body, field="request")
        tag = str(root.tag)
        read = _READERS.get(tag)
        return _bad(f"{tag[:80]} is no request of LoST") if read is None else read(root)
    except BadInput as error:
        return _bad(str(error))


def _find_service(root: etree._Element) -> FindService | Problem:
    location, service = _location(root), _service(root)
    if service is None:
        return _bad("findService names no service")
    if isinstance(location, Problem):
        return location
    return FindService(
        location=location,
        service=service,
        path=_path(root),
        recursive=_flag(root, "recursive", unsaid=False),
        by_value=root.get("serviceBoundary", "reference").strip() == "value",
        validate=_flag(root, "validateLocation", unsaid=False),
        limit=_limit(root),
    )


def _list_services(root: etree._Element) -> ListServices:
    return ListServices(service=_service(root), path=_path(root))


def _list_services_by_location(root: etree._Element) -> ListServicesByLocation | Problem:
    location = _location(root)
    if isinstance(location, Problem):
        return location
    recursive = _flag(root, "recursive", unsaid=True)
    return ListServicesByLocation(location=location, service=_service(root), path=_path(root), recursive=recursive)


def _get_service_boundary(root: etree._Element) -> GetServiceBoundary | Problem:
    key = root.get("key", "").strip()
    return GetServiceBoundary(key=key, path=_path(root)) if key else _bad("getServiceBoundary has no key")


_READERS: dict[str, Callable[[etree._Element], Request | Problem]] = {
    f"{_TAG}findService": _find_service,
    f"{_TAG}listServices": _list_services,
    f"{_TAG}listServicesByLocation": _list_services_by_location,
    f"{_TAG}getServiceBoundary": _get_service_boundary,
}


def _location(root: etree._Element) -> Location | Problem:
    """Take the first location that is understood; without any, say what was wrong with the first."""
    problem: Problem | None = None
    number = 0
    for number, element in enumerate(root.iterchildren(f"{_TAG}location"), start=1):
        if number > MOST_LOCATIONS:
            break
        found = _one_location(element)
        if isinstance(found, Location):
            return found
        # A location that was meant for us and is wrong says more than one in a language that nobody here knows.
        if problem is None or problem.fault is Fault.LOCATION_PROFILE_UNRECOGNIZED:
            problem = found
    return problem or _bad("the request has no location")


def _one_location(element: etree._Element) -> Location | Problem:
    content = next(element.iterchildren(etree.Element), None)
    if content is None:
        return Problem(fault=Fault.LOCATION_INVALID, message="the location is empty")
    said = (element.get("profile") or "").strip()
    profile = _profile(said, content)
    if profile is None:
        meant = said or str(content.tag)
        message = f"{meant[:80]!r}: only geodetic-2d and civic are understood"
        return Problem(fault=Fault.LOCATION_PROFILE_UNRECOGNIZED, message=message)
    sent_id = _token(element.get("id"))
    if profile is Profile.CIVIC:
        return _civic(content, sent_id)
    try:
        area = read_shape(content).area
    except BadInput as error:
        fault = Fault.SRS_INVALID if error.field == "srsName" else Fault.LOCATION_INVALID
        return Problem(fault=fault, message=str(error))
    return Location(sent_id=sent_id, profile=profile, place=area)


def _profile(said: str, content: etree._Element) -> Profile | None:
    """Believe the attribute; without it, look what the location is made of."""
    if said:
        return Profile(said) if said in (Profile.GEODETIC, Profile.CIVIC) else None
    namespace = etree.QName(content).namespace
    if namespace in GEODETIC_SPACES:
        return Profile.GEODETIC
    return Profile.CIVIC if namespace in CIVIC_SPACES else None


def _civic(content: etree._Element, sent_id: str | None) -> Location | Problem:
    if local_name(content) != "civicAddress":
        return Problem(fault=Fault.LOCATION_INVALID, message=f"{local_name(content)[:80]!r} is no civicAddress")
    parts: dict[str, str] = {}
    for one in content.iterchildren(etree.Element):
        text = " ".join((one.text or "").split())[:_LONGEST_TEXT]
        if text:
            parts.setdefault(local_name(one), text)
    return Location(sent_id=sent_id, profile=Profile.CIVIC, place=Civic(parts=parts))


def _service(root: etree._Element) -> str | None:
    found = next(root.iterchildren(f"{_TAG}service"), None)
    return None if found is None else _token(found.text)


def _path(root: etree._Element) -> tuple[str, ...]:
    path = next(root.iterchildren(f"{_TAG}path"), None)
    return () if path is None else tuple(_sources(path))


def _sources(path: etree._Element) -> Iterator[str]:
    for via in path.iterchildren(f"{_TAG}via"):
        source = _token(via.get("source"))
        if source is not None:
            yield source


def _flag(root: etree._Element, name: str, *, unsaid: bool) -> bool:
    said = root.get(name)
    return unsaid if said is None else said.strip() in ("true", "1")


def _limit(root: etree._Element) -> int | None:
    """Read how many answers the client wants at most (RFC 6451); what is no number from 1 on says nothing."""
    found = next(root.iterchildren(f"{{{EXT}}}limit"), None)
    text = "" if found is None else (found.text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0 else None


def _token(text: str | None) -> str | None:
    """Give a text without spaces around it; None when there is none."""
    return (text or "").strip()[:_LONGEST_TEXT] or None


def _bad(message: str) -> Problem:
    return Problem(fault=Fault.BAD_REQUEST, message=message)
