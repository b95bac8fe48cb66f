"""What a request may hold: exact types, no unknown fields, no NaN."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from geo112.core.clock import from_iso
from geo112.core.errors import BadInput
from geo112.core.roles import Role
from geo112.desk.desk import GivenPosition, PbxEvent
from geo112.incidents.events import CallDisposition, EndReason, IncidentDisposition
from geo112.locate.fix import FixMethod, FixSource


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
Word = Field(strict=False)  # text becomes a member of an enumeration; nothing else does


class Input(BaseModel):
    """The body of a request."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class PositionIn(Input):
    """A position as somebody gives it; whether it can be meant is judged after it is on record."""

    lat_deg: float
    lon_deg: float
    radius_m: float | None = None
    confidence_share: float | None = None
    source: Annotated[FixSource, Word] = FixSource.TYPED
    method: Annotated[FixMethod, Word] = FixMethod.UNKNOWN
    taken_at: Moment | None = None

    def given(self) -> GivenPosition:
        """Hand it to the desk as it was given."""
        return GivenPosition(
            lat_deg=self.lat_deg,
            lon_deg=self.lon_deg,
            radius_m=self.radius_m,
            confidence_share=self.confidence_share,
            source=self.source,
            method=self.method,
            taken_at=self.taken_at,
        )


class MessageIn(Input):
    """A location message as text, or coordinates as the caller speaks them."""

    message: Text
    format: Literal["auto", "aml-sms", "text"] = "auto"


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


class EndIn(Input):
    """Why the line is down."""

    reason: Annotated[EndReason, Word]


class DispositionIn(Input):
    """What a call turned out to be."""

    disposition: Annotated[CallDisposition, Word]


class NoteIn(Input):
    """What a call is about; a missing value stays as it was."""

    category: Category | None = None
    note: Note | None = None


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


class ResolveIn(Input):
    """A place, with its uncertainty where it is known."""

    lat_deg: float
    lon_deg: float
    radius_m: float | None = None
    confidence_share: float | None = None


class ResolveQuery(BaseModel):
    """The same in an address, where every number is text; the route refuses unknown names."""

    model_config = ConfigDict(allow_inf_nan=False)

    lat_deg: float
    lon_deg: float
    radius_m: float | None = None
    confidence_share: float | None = None


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


class PbxIn(Input):
    """What the telephone exchange says about a call."""

    event: PbxEvent
    pbx_call_id: Reference
    number: Annotated[str, Field(max_length=64)] | None = None
    at: Moment | None = None
    agent: Short | None = None
    reason: Cause | None = None
    simulated: bool = False

    @property
    def end_reason(self) -> EndReason | None:
        """Give the reason where it is known; exchanges have their own words for it, and the end must not be lost."""
        if self.reason is None:
            return None
        word = self.reason.strip().lower()
        return EndReason(word) if word in set(EndReason) else EndReason.UNKNOWN


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
