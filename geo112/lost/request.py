"""What LoST clients ask (RFC 5222), read from XML: four requests, each with what is needed to answer it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from geo112.core.errors import BadInput
from geo112.core.shapes import Area
from geo112.core.xml import local_name, namespace_of, parse_xml
from geo112.locate.gml import GML, GS, read_shape

LOST = "urn:ietf:params:xml:ns:lost1"
EXT = "urn:ietf:params:xml:ns:lost-ext"
CIVIC_SPACES = frozenset(
    {"urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr", "urn:ietf:params:xml:ns:pidf:geopriv10:civicLoc"}
)
GEODETIC_SPACES = frozenset({GML, GS, "http://www.opengis.net/gml/3.2"})
MOST_LOCATIONS = 16
_LONGEST_TEXT = 256
_DNS_NAME = re.compile(r"([A-Za-z0-9-]+\.)+[A-Za-z0-9]+", re.ASCII)
_TAG = f"{{{LOST}}}"
_LOCATION, _SERVICE, _PATH, _LIMIT = f"{_TAG}location", f"{_TAG}service", f"{_TAG}path", f"{{{EXT}}}limit"


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
        return _bad(f"{tag[:80]} is no request of LoST") if read is None else read(_Parts(root))
    except BadInput as error:
        return _bad(str(error))


def _find_service(parts: "_Parts") -> FindService | Problem:
    said = parts.said
    service = parts.service
    if service is None:
        return _bad("findService names no service")
    location = _location(parts.locations)
    if isinstance(location, Problem):
        return location
    return FindService(
        location=location,
        service=service,
        path=parts.path,
        recursive=_flag(said.get("recursive"), unsaid=False),
        by_value=said.get("serviceBoundary") == "value",
        validate=_flag(said.get("validateLocation"), unsaid=False),
        limit=parts.limit,
    )


def _list_services(parts: "_Parts") -> ListServices:
    return ListServices(service=parts.service, path=parts.path)


def _list_services_by_location(parts: "_Parts") -> ListServicesByLocation | Problem:
    location = _location(parts.locations)
    if isinstance(location, Problem):
        return location
    recursive = _flag(parts.said.get("recursive"), unsaid=True)
    return ListServicesByLocation(location=location, service=parts.service, path=parts.path, recursive=recursive)


def _get_service_boundary(parts: "_Parts") -> GetServiceBoundary | Problem:
    key = _token(parts.said.get("key"))
    return GetServiceBoundary(key=key, path=parts.path) if key else _bad("getServiceBoundary has no key")


class _Parts:
    """What a request is made of, sorted in one walk over its children."""

    __slots__ = ("limit", "locations", "path", "said", "service")

    def __init__(self, root: etree._Element) -> None:
        self.said = root.attrib
        self.locations: list[etree._Element] = []
        self.service: str | None = None
        self.path: tuple[str, ...] = ()
        self.limit: int | None = None
        for child in root:
            tag = child.tag
            if tag == _LOCATION:
                self.locations.append(child)
            elif tag == _SERVICE:
                self.service = self.service or _token(child.text)
            elif tag == _PATH:
                self.path = self.path or tuple(_sources(child))
            elif tag == _LIMIT:
                self.limit = _limit(child.text)


_READERS: dict[str, Callable[["_Parts"], Request | Problem]] = {
    f"{_TAG}findService": _find_service,
    f"{_TAG}listServices": _list_services,
    f"{_TAG}listServicesByLocation": _list_services_by_location,
    f"{_TAG}getServiceBoundary": _get_service_boundary,
}


def _location(elements: list[etree._Element]) -> Location | Problem:
    """Take the first location that is understood; without any, say what was wrong with the first."""
    problem: Problem | None = None
    for element in elements[:MOST_LOCATIONS]:
        found = _one_location(element)
        if isinstance(found, Location):
            return found
        # A location that was meant for us and is wrong says more than one in a language that nobody here knows.
        if problem is None or problem.fault is Fault.LOCATION_PROFILE_UNRECOGNIZED:
            problem = found
    return problem or _bad("the request has no location")


def _one_location(element: etree._Element) -> Location | Problem:
    if len(element) == 0:
        return Problem(fault=Fault.LOCATION_INVALID, message="the location is empty")
    content = element[0]
    said = element.get("profile", "").strip()
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


_PROFILES = {profile.value: profile for profile in Profile}


def _profile(said: str, content: etree._Element) -> Profile | None:
    """Believe the attribute; without it, look what the location is made of."""
    if said:
        return _PROFILES.get(said)
    namespace = namespace_of(content)
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


def _sources(path: etree._Element) -> Iterator[str]:
    """Name the servers that were asked before; what is no DNS name would make the answer as wrong as the request."""
    for via in path.iterchildren(f"{_TAG}via"):
        source = _token(via.get("source"))
        if source is not None and _DNS_NAME.fullmatch(source):
            yield source


def _flag(said: str | None, *, unsaid: bool) -> bool:
    return unsaid if said is None else said.strip() in ("true", "1")


def _limit(said: str | None) -> int | None:
    """Read how many answers the client wants at most (RFC 6451); what is no number from 1 on says nothing."""
    text = (said or "").strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0 else None


def _token(text: str | None) -> str | None:
    """Give a text without spaces around it; None when there is none."""
    return (text or "").strip()[:_LONGEST_TEXT] or None


def _bad(message: str) -> Problem:
    return Problem(fault=Fault.BAD_REQUEST, message=message)
