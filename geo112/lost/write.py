"""Answers as XML (RFC 5222). Written by hand and not as a tree: a mapping is mostly the same text as the last one."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.locate.gml import GML, SRS_FLAT
from geo112.lost.answer import BoundaryFound, Final, Mapped, Mappings, Redirect, Services
from geo112.lost.request import LOST, Fault, Problem, Profile
from geo112.lost.service import label
from geo112.lost.world import Boundary, Centre, Validation

MEDIA_TYPE = "application/lost+xml"
CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What may stand in XML as it is; the rest of the control characters may not stand in it at all.
_ESCAPES = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)), "�")
_ESCAPES |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
_PLAIN = re.compile(r"[A-Za-z0-9._:-]*", re.ASCII)
_ESCAPES |= {ord("\t"): "&#9;", ord("\n"): "&#10;", ord("\r"): "&#13;"}


def write(final: Final, *, source: str) -> bytes:
    """Write an answer of the server named `source`."""
    return (_HEAD + _text(final, source)).encode()


def _text(final: Final, source: str) -> str:
    match final:
        case Mappings():
            return _mappings(final, source)
        case Services():
            return _services(final)
        case BoundaryFound():
            inner = _boundary(final.boundary) + _path(final.path)
            return f'<getServiceBoundaryResponse xmlns="{LOST}">{inner}</getServiceBoundaryResponse>'
        case Redirect():
            target, by = safe(final.target), safe(source)
            return f'<redirect xmlns="{LOST}" target="{target}" source="{by}" message="ask there" xml:lang="en"/>'
        case Problem():  # pragma: no branch - mypy counts the answers
            return _errors(final.fault, final.message, source)


def safe(text: str) -> str:
    """Write a text so that it can stand in an attribute or an element."""
    return text if _PLAIN.fullmatch(text) else text.translate(_ESCAPES)


def stamp(at: datetime) -> str:
    """Write a time as XML wants it, with its Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mappings(found: Mappings, source: str) -> str:
    parts = [f'<findServiceResponse xmlns="{LOST}">']
    parts += [_mapping(one, found, source) for one in found.mapped]
    if found.validation is not None:
        parts.append(_validation(found.validation))
    if found.warnings:
        inside = "".join(f'<{kind.value} message="{safe(message)}" xml:lang="en"/>' for kind, message in found.warnings)
        parts.append(f'<warnings source="{safe(source)}">{inside}</warnings>')
    parts += [_path(found.path), _location_used(found.location_id), "</findServiceResponse>"]
    return "".join(parts)


def _mapping(one: Mapped, found: Mappings, source: str) -> str:
    start, middle, end = _centre(one.centre, found.service, source, found.expires_at)
    if one.boundary is not None:
        return f"{start}{middle}{_boundary(one.boundary)}{end}"
    return f"{start}{middle}{_reference(one.centre.key(found.profile), source)}{end}"


@lru_cache(maxsize=4_096)
def _centre(centre: Centre, service: str, source: str, expires_at: datetime) -> tuple[str, str, str]:
    """Write what all answers about a centre have in common: before its area, and after."""
    # A displayName always: Kamailio 5.6.3 falls over an answer without one.
    start = (
        f'<mapping expires="{stamp(expires_at)}" lastUpdated="{stamp(centre.updated_at)}" '
        f'source="{safe(source)}" sourceId="{safe(centre.source_id)}-{safe(label(service))}">'
    )
    middle = f'<displayName xml:lang="id">{safe(centre.nama)}</displayName><service>{safe(service)}</service>'
    uris = "".join(f"<uri>{safe(uri)}</uri>" for uri in centre.uris)
    return start, middle, f"{uris}<serviceNumber>{safe(centre.number)}</serviceNumber></mapping>"


@lru_cache(maxsize=2_048)
def _reference(key: str | None, source: str) -> str:
    return "" if key is None else f'<serviceBoundaryReference source="{safe(source)}" key="{safe(key)}"/>'


def _validation(said: Validation) -> str:
    lists = (("valid", said.valid), ("invalid", said.invalid), ("unchecked", said.unchecked))
    inside = "".join(
        f"<{name}>{' '.join(f'ca:{safe(one)}' for one in names)}</{name}>" for name, names in lists if names
    )
    return f'<locationValidation xmlns:ca="{CIVIC}">{inside}</locationValidation>'


def _services(found: Services) -> str:
    name = "listServicesByLocationResponse" if found.by_location else "listServicesResponse"
    names = " ".join(safe(one) for one in found.services)
    used = _location_used(found.location_id) if found.by_location else ""
    return f'<{name} xmlns="{LOST}"><serviceList>{names}</serviceList>{_path(found.path)}{used}</{name}>'


def _path(path: Iterable[str]) -> str:
    vias = "".join([f'<via source="{safe(one)}"/>' for one in path])
    return f"<path>{vias}</path>"


def _location_used(sent_id: str | None) -> str:
    return "" if sent_id is None else f'<locationUsed id="{safe(sent_id)}"/>'


def _errors(fault: Fault, message: str, source: str) -> str:
    said = f'<{fault.value} message="{safe(message)}" xml:lang="en"/>'
    return f'<errors xmlns="{LOST}" source="{safe(source)}">{said}</errors>'


@lru_cache(maxsize=16)
def _boundary(boundary: Boundary) -> str:
    """Write an area; several polygons in it are one area together."""
    if boundary.profile is Profile.CIVIC:
        inside = "".join(
            f'<civicAddress xmlns="{CIVIC}">'
            + "".join(f"<{name}>{safe(text)}</{name}>" for name, text in address.items())
            + "</civicAddress>"
            for address in boundary.addresses
        )
    else:
        inside = "".join(_polygon(one) for one in boundary.polygons)
    return f'<serviceBoundary profile="{boundary.profile.value}">{inside}</serviceBoundary>'


def _polygon(polygon: Polygon) -> str:
    """Write a polygon: exterior counter-clockwise, interiors clockwise (RFC 5964), latitude before longitude."""
    rings = [("exterior", polygon.ring), *(("interior", hole) for hole in polygon.holes)]
    inside = "".join(
        f"<gml:{name}><gml:LinearRing><gml:posList>{_corners(ring)}</gml:posList></gml:LinearRing></gml:{name}>"
        for name, ring in rings
    )
    return f'<gml:Polygon xmlns:gml="{GML}" srsName="{SRS_FLAT}">{inside}</gml:Polygon>'


def _corners(ring: tuple[Position, ...]) -> str:
    return " ".join(f"{one.lat_deg:.7f} {one.lon_deg:.7f}" for one in (*ring, ring[0]))
