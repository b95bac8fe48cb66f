"""What a HELD request asks: which kinds of location, of which device, how fast (RFC 5985, 6155)."""

import re
from dataclasses import dataclass

from lxml import etree

from geo112.core.errors import BadMessage
from geo112.core.xml import local_name, namespace_of, parse_xml
from geo112.held.names import HELD, IDENTITY, ErrorCode, LocationKind

_TELEPHONE = re.compile(r"\+?[0-9][0-9.\-()]{2,24}", re.ASCII)
# RFC 6155, 3.7: without a plus; with one it is understood all the same.
_MSISDN = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
_RESPONSE_TIME = re.compile(r"emergencyRouting|emergencyDispatch|[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request gets an error instead of a location."""

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One name of a device: `name` and `text` as sent, and the telephone number that they mean."""

    name: str
    text: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRequest:
    """A request that was understood; `device` is None where the asker means itself.

    `response_time_ms` is a wish in milliseconds; an emergency word in its place is `urgency`.
    """

    kinds: tuple[LocationKind, ...] = (LocationKind.ANY,)
    exact: bool = False
    device: tuple[Identity, ...] | None = None
    response_time_ms: int | None = None
    urgency: str | None = None


# A GET of a location address asks for this (RFC 6753, 3).
BY_GET = LocationRequest(kinds=(LocationKind.GEODETIC, LocationKind.CIVIC))


def read_request(body: bytes) -> LocationRequest | Refusal:
    """Read any bytes as a request; never raises."""
    try:
        root = parse_xml(body)
    except BadMessage as error:
        return Refusal(code=ErrorCode.XML, message=error.message)
    if namespace_of(root) != HELD or local_name(root) != "locationRequest":
        return Refusal(code=ErrorCode.UNSUPPORTED, message=f"{local_name(root)[:40]} is not understood here")
    kinds = _kinds(root)
    if isinstance(kinds, Refusal):
        return kinds
    device = _device(root)
    if isinstance(device, Refusal):
        return device
    wish = root.get("responseTime", "").strip()
    if not _RESPONSE_TIME.fullmatch(wish):
        wish = ""  # it is advice only: an odd one must not cost a caller the location
    return LocationRequest(
        kinds=kinds[0],
        exact=kinds[1],
        device=device,
        response_time_ms=int(wish) if wish.isdecimal() else None,
        urgency=wish if wish and not wish.isdecimal() else None,
    )


def _kinds(root: etree._Element) -> tuple[tuple[LocationKind, ...], bool] | Refusal:
    """Read the kinds in the order in which they are asked for; none means any."""
    found = root.findall(f"{{{HELD}}}locationType")
    if not found:
        return (LocationKind.ANY,), False
    words = (found[0].text or "").split()
    unknown = [word for word in words if word not in list(LocationKind)]
    exact = found[0].get("exact", "false").strip()
    if len(found) > 1 or unknown or not words or exact not in ("true", "false", "1", "0"):
        return Refusal(code=ErrorCode.REQUEST, message="locationType is not understood")
    kinds = tuple(dict.fromkeys(LocationKind(word) for word in words))
    if LocationKind.ANY in kinds:
        return (LocationKind.ANY,), False
    return kinds, exact in ("true", "1")


def _device(root: etree._Element) -> tuple[Identity, ...] | Refusal | None:
    """Read who is meant: calls are known by their number alone, so one is needed, and two must be the same."""
    found = root.find(f"{{{IDENTITY}}}device")
    if found is None:
        return None
    identities = []
    for element in found.iterchildren(etree.Element):
        one = _identity(local_name(element), (element.text or "").strip())
        if isinstance(one, Refusal):
            return one
        if one is not None:
            identities.append(one)
    if not identities:
        return Refusal(code=ErrorCode.BAD_IDENTIFIER, message="name the device by uri (tel: or sip:) or by msisdn")
    return tuple(identities)


def _identity(name: str, text: str) -> Identity | Refusal | None:
    """Read one name of a device; None for a kind by which calls are not known, such as an IP address."""
    if name not in ("uri", "msisdn"):
        return None
    number = _number_of_uri(text) if name == "uri" else _number_of_msisdn(text)
    if number is None:
        return Refusal(code=ErrorCode.BAD_IDENTIFIER, message=f"{name} is not of the form that it has to be")
    return Identity(name=name, text=text[:256], number=number)


def _number_of_msisdn(digits: str) -> str | None:
    """Write an MSISDN, which is international, with its plus."""
    if not _MSISDN.fullmatch(digits):
        return None
    return digits if digits.startswith(("+", "0")) else f"+{digits}"


def _number_of_uri(uri: str) -> str | None:
    """Give the number of a tel: address, or of a sip: one whose user is a number."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() not in ("tel", "sip", "sips"):
        return None
    number = re.split(r"[;@?]", rest, maxsplit=1)[0]
    return re.sub(r"[.\-()]", "", number) if _TELEPHONE.fullmatch(number) else None
