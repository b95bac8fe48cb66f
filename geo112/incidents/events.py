"""What can happen to a call and an incident: the facts from which everything else is folded.

An event names no telephone number, IMEI, IMSI, raw message or the sender's own id of a call, and no digest of them:
those stand in the person table, behind `person`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from geo112.core.codes import CallId, IncidentId, PersonRef
from geo112.incidents.link_events import LinkEvent
from geo112.incidents.question_events import QuestionEvent
from geo112.locate.fix import Fix
from geo112.zones.decision import Decision
from geo112.zones.jurisdiction import Jurisdiction


class Channel(StrEnum):
    """The door through which a call or message came in."""

    PBX = "pbx"
    SMS = "sms"
    SPOOL = "spool"
    CONSOLE = "console"
    AML = "aml"
    LINK = "link"
    APP = "app"
    SIP = "sip"


class EndReason(StrEnum):
    """Why a call ended; `expired` is a message or panic for which nobody ever rang: who sent it is erased."""

    CALLER_HUNG_UP = "caller_hung_up"
    CENTRE_HUNG_UP = "centre_hung_up"
    NOT_ANSWERED = "not_answered"
    LINE_LOST = "line_lost"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


class CallDisposition(StrEnum):
    """What a call turned out to be."""

    NORMAL = "normal"
    PRANK = "prank"
    GHOST = "ghost"
    INFORMASI = "informasi"
    SALAH_SAMBUNG = "salah_sambung"
    DUPLIKAT = "duplikat"


class IncidentDisposition(StrEnum):
    """How an incident ended."""

    SELESAI = "selesai"
    DIBATALKAN = "dibatalkan"
    PRANK = "prank"
    GHOST = "ghost"
    INFORMASI = "informasi"
    DUPLIKAT = "duplikat"
    DIALIHKAN = "dialihkan"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived:
    """A call or a location message reached the centre."""

    call: CallId
    channel: Channel
    person: PersonRef | None
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallJoined:
    """The same call came in through another door, too; `person` holds by which id that door knows it."""

    call: CallId
    channel: Channel
    person: PersonRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLeft:
    """One door says that it is over while the call goes on at another, as a panic button without a telephone call."""

    call: CallId
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCarried:
    """The exchange says whose network the call came from, such as a carrier's name."""

    call: CallId
    carrier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRinging:
    """The telephone rings; `at` is what the exchange says.

    `person` holds the exchange's id of a call that was known before it rang, where the call's own person cannot.
    """

    call: CallId
    person: PersonRef | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered:
    """A call taker took the call; `by` is None when the exchange did not say who, `at` is what the exchange says."""

    call: CallId
    by: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """The line is down; `at` is what the exchange says."""

    call: CallId
    reason: EndReason
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived:
    """A message or position about a call, as it was sent: its text is in the person table."""

    call: CallId
    channel: Channel
    person: PersonRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLocated:
    """A position was found for the call, and the centre that has jurisdiction over it.

    `person` is the message that it was read from; `decision` is None in logs that were written before there were any.
    """

    call: CallId
    fix: Fix
    jurisdiction: Jurisdiction
    person: PersonRef | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixRefused:
    """A position or message about the call was not used; `field` names what is wrong, where one can be named.

    `person` is the message that was not used.
    """

    call: CallId
    field: str | None
    reason: str
    understood: bool
    person: PersonRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted:
    """The call taker set what the call is about; None leaves a value as it was."""

    call: CallId
    category: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScreened:
    """The call got its disposition."""

    call: CallId
    disposition: CallDisposition


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened:
    """A call became an incident."""

    incident: IncidentId
    call: CallId
    category: str
    priority: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLinked:
    """Another call is about a known incident."""

    call: CallId
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed:
    """The incident ended."""

    incident: IncidentId
    disposition: IncidentDisposition


Event = (
    CallReceived
    | CallJoined
    | CallLeft
    | CallCarried
    | CallRinging
    | CallAnswered
    | CallEnded
    | MessageReceived
    | CallLocated
    | FixRefused
    | CallNoted
    | CallScreened
    | IncidentOpened
    | CallLinked
    | IncidentClosed
    | LinkEvent
    | QuestionEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it, and in which role: a user, or a door such as `sms`."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in the log; `hash` covers everything else in it and `prev_hash`.

    `body_json` is the text that was hashed: what an event holds may grow, what was written never changes.
    """

    n: int
    at: datetime
    actor: Actor
    event: Event
    body_json: str
    prev_hash: str
    hash: str
