"""What can happen to a link that a caller opens to share the position.

The secret in the address is a random token of 128 bits: events hold its SHA-256 alone, and name the link by another id.
A device is the SHA-256 of a random id that the page made for itself; it says nothing about the telephone.
"""

from dataclasses import dataclass
from enum import StrEnum

from geo112.core.codes import CallId, LinkId, PersonRef


class LinkVia(StrEnum):
    """How the address reaches the caller; `none` is read out or copied."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    NONE = "none"


class LinkGateway(StrEnum):
    """What sends the SMS; with `none` a person does."""

    HTTP = "http"
    SPOOL = "spool"
    NONE = "none"


class LinkStep(StrEnum):
    """How far the page on the telephone says it is."""

    OPENED = "opened"
    ASKED = "asked"
    DENIED = "denied"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"


class LinkEnd(StrEnum):
    """Who or what ended a link."""

    CALL_TAKER = "call_taker"
    CALLER = "caller"
    CALL = "call"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade:
    """A link was made for a call; `person` holds the number that it goes to, and it holds for `life_s` seconds."""

    call: CallId
    link: LinkId
    via: LinkVia
    gateway: LinkGateway
    token_hash: str
    person: PersonRef | None
    life_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSent:
    """The SMS gateway took the message with the link."""

    call: CallId
    link: LinkId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNotSent:
    """The message with the link could not be handed over, or nobody knows whether it was."""

    call: CallId
    link: LinkId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDelivered:
    """The telephone has the message, or the network says why not: then there is a reason."""

    call: CallId
    link: LinkId
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStepped:
    """The page of a device came to another step."""

    call: CallId
    link: LinkId
    step: LinkStep
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShared:
    """A device sent a position; `person` is the message that holds it."""

    call: CallId
    link: LinkId
    device: str
    person: PersonRef


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRenewed:
    """The call taker lets the link hold `life_s` seconds from now on."""

    call: CallId
    link: LinkId
    life_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClosed:
    """The link takes no more positions."""

    call: CallId
    link: LinkId
    by: LinkEnd


LinkEvent = LinkMade | LinkSent | LinkNotSent | LinkDelivered | LinkStepped | LinkShared | LinkRenewed | LinkClosed
