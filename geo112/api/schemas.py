"""What a request may hold: exact types, no unknown fields, no NaN."""

import base64
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from geo112.core.clock import from_iso
from geo112.core.errors import BadInput, BadShape
from geo112.core.roles import Role
from geo112.desk.desk import CarrierData, GivenPosition, PbxEvent
from geo112.desk.link_page import PageFix
from geo112.incidents.events import CallDisposition, EndReason, IncidentDisposition
from geo112.incidents.link_events import LinkVia
from geo112.locate.fix import FixMethod, FixSource
from geo112.zones.question.ask import Reply


def _moment(value: object) -> datetime:
    """Read an ISO 8601 time with its offset."""
    if not isinstance(value, str):
        raise ValueError("write the time as ISO 8601 text")  # noqa: TRY004 - pydantic turns ValueError into its finding
    try:
        return from_iso(value)
    except BadInput as error:
        raise ValueError(error.message.replace(repr(value), "this")) from None
    except OverflowError:
        raise ValueError("this is not a time between the years 1 and 9999") from None


Moment = Annotated[
    datetime,
    BeforeValidator(_moment, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date-time"})]),
]
Short = Annotated[str, Field(min_length=1, max_length=64)]
Reference = Annotated[str, Field(min_length=1, max_length=200)]
Category = Annotated[str, Field(min_length=1, max_length=80)]
Note = Annotated[str, Field(max_length=4_000)]
Cause = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=16_000)]
_BASE64 = "base64:"
Word = Field(strict=False)  # text becomes a member of an enumeration; nothing else does


class Input(BaseModel):
    """The body of a request."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


Corner = Annotated[list[float], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Corner], Field(max_length=1_000)]


_RING: TypeAdapter[list[list[float]]] = TypeAdapter(Ring, config=ConfigDict(strict=True, allow_inf_nan=False))


class PlaceIn(Input):
    """A place with the measures of one shape, or of none; a ring (lon, lat as in GeoJSON) has no place beside it."""

    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_m: float | None = None
    semi_major_m: float | None = None
    semi_minor_m: float | None = None
    orientation_deg: float | None = None
    inner_m: float | None = None
    outer_m: float | None = None
    start_deg: float | None = None
    opening_deg: float | None = None
    ring: Ring | None = None
    confidence_share: float | None = None

    def given(self) -> GivenPosition:
        """Hand it on as it was given; raises BadPosition where it says no place at all."""
        said = self.model_dump(exclude={"question"})
        ring = None if self.ring is None else tuple((lon, lat) for lon, lat in self.ring)
        return GivenPosition(**{**said, "ring": ring}).require_place()


class PositionIn(PlaceIn):
    """A position as somebody gives it; whether it can be meant is judged after it is on record."""

    source: Annotated[FixSource, Word] = FixSource.TYPED
    method: Annotated[FixMethod, Word] = FixMethod.UNKNOWN
    taken_at: Moment | None = None


class PlaceOfAppIn(PlaceIn):
    """A position that an app measured."""

    method: Annotated[FixMethod, Word] = FixMethod.UNKNOWN
    taken_at: Moment | None = None
    altitude_m: float | None = None
    vertical_accuracy_m: float | None = None

    def given(self) -> GivenPosition:
        """Hand it on as it was given, as an app's; raises BadPosition where it says no place at all."""
        return replace(super().given(), source=FixSource.APP)


class MessageIn(Input):
    """A location message as text, or coordinates as the caller speaks them."""

    message: Text
    format: Literal[
        "auto",
        "aml-sms",
        "aml-data-sms",
        "aml-https",
        "pidf-lo",
        "mlp",
        "gad",
        "cells",
        "geolocate",
        "text",
    ] = "auto"


def _form(value: object) -> str:
    """Tell a message from a position by the field that only a message has."""
    return "as_message" if isinstance(value, dict) and "message" in value else "as_position"


FixIn = Annotated[
    Annotated[PositionIn, Tag("as_position")] | Annotated[MessageIn, Tag("as_message")], Discriminator(_form)
]


class CallIn(Input):
    """A call as a call taker enters it."""

    number: Short | None = None
    position: PositionIn | None = None
    message: Text | None = None
    category: Category | None = None
    note: Note | None = None
    external_ref: Reference | None = None
    simulated: bool = False


_LINE_REASONS = frozenset(EndReason) - {EndReason.EXPIRED}


class EndIn(Input):
    """Why the line is down."""

    reason: Literal["caller_hung_up", "centre_hung_up", "not_answered", "line_lost", "unknown"]


class DispositionIn(Input):
    """What a call turned out to be."""

    disposition: Annotated[CallDisposition, Word]


class NoteIn(Input):
    """What a call is about; a missing value stays as it was."""

    category: Category | None = None
    note: Note | None = None


class CallerReplyIn(Input):
    """What the caller replied; `question_n` is the `n` of the question, a `reply` of null takes the answer back."""

    question_n: Annotated[int, Field(ge=1, le=2**53)]
    reply: Annotated[Reply, Word] | None


class LinkIn(Input):
    """The incident that a call is about."""

    incident_id: Reference


class IncidentIn(Input):
    """A call that becomes an incident."""

    call_id: Reference
    category: Category
    priority: Annotated[int, Field(ge=0, le=3)]
    note: Note = ""


class CloseIn(Input):
    """How an incident ended."""

    disposition: Annotated[IncidentDisposition, Word]


class ResolveIn(PlaceIn):
    """A place, with its uncertainty where it is known; `question: false` leaves out what to ask the caller."""

    question: bool = True


def _ring_of_text(text: str | None) -> tuple[tuple[float, float], ...] | None:
    """Read a ring that stands in an address as JSON text; raises BadShape."""
    try:
        return None if text is None else tuple((lon, lat) for lon, lat in _RING.validate_json(text))
    except ValidationError:
        raise BadShape("write the ring as [[lon, lat], …]", field="ring") from None


class ResolveQuery(BaseModel):
    """The same in an address, where every number is text; the route refuses unknown names."""

    model_config = ConfigDict(allow_inf_nan=False)

    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_m: float | None = None
    semi_major_m: float | None = None
    semi_minor_m: float | None = None
    orientation_deg: float | None = None
    inner_m: float | None = None
    outer_m: float | None = None
    start_deg: float | None = None
    opening_deg: float | None = None
    ring: Annotated[str, Field(max_length=16_000)] | None = None
    confidence_share: float | None = None
    question: bool = True

    def given(self) -> GivenPosition:
        """Hand it on as it was given; raises BadPosition or BadShape where it says no place at all."""
        said = self.model_dump(exclude={"question"})
        return GivenPosition(**{**said, "ring": _ring_of_text(self.ring)}).require_place()


class SmsIn(Input):
    """An SMS as a gateway hands it over: as text, or as the bytes in hex."""

    sender: Annotated[str, Field(max_length=64)]
    text: Text | None = None
    hex: Annotated[str, Field(max_length=32_000)] | None = None
    received_at: Moment | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "SmsIn":
        """Refuse a message that says nothing, or everything twice."""
        if (self.text is None) == (self.hex is None):
            raise ValueError("give either text or hex")
        return self


def _plain_text(value: str | None, *, errors: str = "replace") -> str | None:
    """Read what an exchange wrote behind `base64:` because it cannot write JSON strings; all else stays as it came.

    Bytes that are no UTF-8, such as a part of a SIP body in another code, become U+FFFD, or leave it all in base64.
    """
    if value is None or not value.startswith(_BASE64):
        return value
    try:
        return base64.b64decode(value.removeprefix(_BASE64), validate=True).decode("utf-8", errors)
    except ValueError:
        return value


def _plain_word(value: object) -> object:
    """Read an id or number behind `base64:`; two ids that are no text must not become the same one."""
    return _plain_text(value, errors="strict") if isinstance(value, str) else value


def _cut(length: int) -> BeforeValidator:
    """Cut what an exchange says beside a call: no ring is lost because a carrier said too much."""
    return BeforeValidator(lambda value: value[:length] if isinstance(value, str) else value)


class PbxIn(Input):
    """What the telephone exchange says about a call."""

    event: PbxEvent
    pbx_call_id: Annotated[Reference, BeforeValidator(_plain_word)]
    number: Annotated[Annotated[str, Field(max_length=64)] | None, BeforeValidator(_plain_word)] = None
    at: Moment | None = None
    agent: Short | None = None
    reason: Cause | None = None
    simulated: bool = False
    carrier: Annotated[Annotated[str, Field(max_length=80)] | None, _cut(80)] = None
    cells: dict[str, Any] | list[Any] | str | None = None
    geolocation: Annotated[Annotated[str, Field(max_length=8_192)] | None, _cut(8_192)] = None
    pidf: Annotated[Annotated[str, Field(max_length=60_000)] | None, _cut(60_000)] = None

    def said(self) -> CarrierData:
        """Give what the exchange says of the place; empty text is what exchanges send for nothing."""
        return CarrierData(
            pidf=_plain_text(self.pidf) or None,
            geolocation=_plain_text(self.geolocation) or None,
            cells=self.cells or None,
            carrier=self.carrier or None,
        )

    @property
    def end_reason(self) -> EndReason | None:
        """Give the reason where it is known; exchanges have their own words for it, and the end must not be lost."""
        if self.reason is None:
            return None
        word = self.reason.strip().lower()
        return EndReason(word) if word in _LINE_REASONS else EndReason.UNKNOWN


class PanicIn(Input):
    """A panic button as an app sends it; the same `app_call_id` again is the same call."""

    app_call_id: Reference
    number: Short | None = None
    name: Annotated[str, Field(max_length=120)] | None = None
    position: PlaceOfAppIn | None = None
    category: Category | None = None
    note: Note | None = None
    simulated: bool = False


class ShareIn(Input):
    """How a link reaches the caller; without a number the call's own is taken."""

    via: Annotated[LinkVia, Word]
    number: Short | None = None


class ReceiptIn(Input):
    """What the network says of an SMS; `ref` is what stood in the message for the gateway."""

    ref: Short
    status: Literal["delivered", "failed"]
    reason: Cause | None = None


# A random id that the page made for itself on this telephone.
DeviceId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{8,64}$")]
Milliseconds = Annotated[float, Field(ge=-1e15, le=1e15)]


class PageStateIn(Input):
    """How far the caller's page is; `alive` says only that it is still open, `stopped` that the caller ended it."""

    state: Literal["opened", "asked", "denied", "unavailable", "timed_out", "alive", "stopped"]
    device: DeviceId


class PageFixIn(Input):
    """A position as a browser gives it; the accuracy holds at 95 %, and 0 means that the browser knows none."""

    lat_deg: float
    lon_deg: float
    accuracy_m: Annotated[float, Field(ge=0, le=40_000_000)]
    altitude_m: float | None = None
    altitude_accuracy_m: Annotated[float, Field(ge=0)] | None = None
    taken_at_ms: Milliseconds
    now_ms: Milliseconds
    device: DeviceId

    def given(self) -> PageFix:
        """Hand it to the desk as it was given."""
        return PageFix(
            lat_deg=self.lat_deg,
            lon_deg=self.lon_deg,
            accuracy_m=self.accuracy_m,
            altitude_m=self.altitude_m,
            altitude_accuracy_m=self.altitude_accuracy_m,
            taken_at_ms=self.taken_at_ms,
            now_ms=self.now_ms,
        )


class LoginIn(Input):
    """A user and the password."""

    user: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


Password = Annotated[str, Field(min_length=8, max_length=256)]
Roles = Annotated[list[Annotated[Role, Word]], Field(max_length=len(Role))]


class UserIn(Input):
    """A new user."""

    user: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    password: Password
    roles: Roles


class UserChange(Input):
    """What changes about a user; a missing value stays as it was. New roles or a new password end all sessions."""

    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    password: Password | None = None
    roles: Roles | None = None


class PasswordIn(Input):
    """A new password for oneself."""

    old_password: Annotated[str, Field(min_length=1, max_length=256)]
    password: Password
