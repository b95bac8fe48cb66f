"""The names of HELD: namespaces, media types, kinds of location and error codes (RFC 5985, 6155)."""

from enum import StrEnum

HELD = "urn:ietf:params:xml:ns:geopriv:held"
IDENTITY = "urn:ietf:params:xml:ns:geopriv:held:id"
HELD_PATH = "/held"
HELD_TYPE = "application/held+xml"
PIDF_TYPE = "application/pidf+xml"


class LocationKind(StrEnum):
    """What a request may ask for."""

    ANY = "any"
    GEODETIC = "geodetic"
    CIVIC = "civic"
    LOCATION_URI = "locationURI"


class ErrorCode(StrEnum):
    """Why there is no location; all of them ride in HTTP 200 (RFC 5985, 6.3; RFC 6155, 2)."""

    REQUEST = "requestError"
    XML = "xmlError"
    GENERAL = "generalLisError"
    UNKNOWN = "locationUnknown"
    UNSUPPORTED = "unsupportedMessage"
    TIMEOUT = "timeout"
    CANNOT_PROVIDE = "cannotProvideLiType"
    NOT_LOCATABLE = "notLocatable"
    BAD_IDENTIFIER = "badIdentifier"
