"""What the answers hold, for openapi.json: the same names as geo112.api.views writes."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from geo112.core.roles import Role
from geo112.desk.desk import Kept
from geo112.incidents.events import CallDisposition, Channel, EndReason, IncidentDisposition
from geo112.incidents.fold import CallState, IncidentState
from geo112.incidents.link_events import LinkEnd, LinkGateway, LinkVia
from geo112.incidents.links import LinkState
from geo112.locate.choose import Status, Why
from geo112.locate.fix import FixMethod, FixSource
from geo112.routing.duties.words import Nature, PerangkatKind, Severity
from geo112.zones.centres import Live
from geo112.zones.question.ask import QuestionKind, Reply


class Output(BaseModel):
    """The body of an answer."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Named(Output):
    """A kode wilayah with its name."""

    kode: str
    nama: str


class ShareOut(Named):
    """The probability that the caller is in this zone."""

    share: float


class NearestOut(Named):
    """The nearest centre and kecamatan of a place that lies in none."""

    kecamatan: Named
    gap_m: float


class DecisionOut(Output):
    """Who acts: the caller's position normally distributed, the boundary only as good as its source."""

    centre: ShareOut | None
    sure: bool
    tell: list[ShareOut]
    shares: list[ShareOut]
    kecamatan: list[ShareOut]
    outside_share: float
    boundary_accuracy_m: float
    boundaries: str


class AbroadOut(Output):
    """The probability that the caller is on land of a neighbouring country; `kode` by ISO 3166-1."""

    kode: str
    nama: str
    share: float


class SecondLineOut(Output):
    """Whom to call besides the centre: Basarnas at sea, the neighbour's own number abroad."""

    number: str
    nama: str
    why: str


class QuestionOut(Output):
    """What to ask a caller on a border; `n` is by what it is answered, null where there is no call."""

    n: int | None = None
    text: str
    text_en: str
    kind: QuestionKind
    place: str
    lat_deg: float
    lon_deg: float
    gain_bits: float
    if_yes: list[ShareOut]
    if_no: list[ShareOut]


class AnswerOut(Output):
    """What the caller replied to a question; a `reply` of null was taken back."""

    question_n: int
    text: str
    text_en: str
    kind: QuestionKind
    place: str
    lat_deg: float
    lon_deg: float
    reply: Reply | None
    by: str
    at: datetime


class JurisdictionOut(Output):
    """Which centre has jurisdiction, with the shares of all that may."""

    outcome: Literal["inside", "straddles", "outside"]
    centre: Named
    shares: list[ShareOut]
    kecamatan: list[ShareOut]
    outside_share: float
    outside_kind: Literal["sea", "abroad", "lake", "gap"] | None
    sea_share: float | None
    abroad_share: float | None
    lake_share: float | None
    gap_share: float | None
    abroad: list[AbroadOut]
    unknown_share: float
    nearest: NearestOut | None
    gap_m: float | None
    question: QuestionOut | None
    before_answers: DecisionOut | None = None
    decision: DecisionOut | None
    boundaries: str
    warnings: list[str]
    second_line: list[SecondLineOut]


class FixOut(Output):
    """Where, how sure, when, how obtained, and what became of it; `why` is null for the fix of an incident."""

    n: int
    status: Status
    why: Why | None
    same_as: int | None
    shape: Literal["Point", "Circle", "Ellipse", "ArcBand", "Polygon"]
    lat_deg: float
    lon_deg: float
    radius_m: float | None
    confidence_share: float | None
    radius_95_m: float | None
    area_m2: float | None
    outline_95: list[list[tuple[float, float]]] | None
    semi_major_m: float | None = None
    semi_minor_m: float | None = None
    orientation_deg: float | None = None
    inner_m: float | None = None
    outer_m: float | None = None
    start_deg: float | None = None
    opening_deg: float | None = None
    ring: list[tuple[float, float]] | None = None
    holes: list[list[tuple[float, float]]] | None = None
    taken_at: datetime | None
    recorded_at: datetime
    source: FixSource
    method: FixMethod
    warnings: list[str]


class RefusedOut(Output):
    """A position or message that was not used, and why."""

    field: str | None
    reason: str
    understood: bool
    at: datetime


class ContradictionOut(Output):
    """Two fixes that lie farther apart than their 95 % areas and walking allow."""

    fix_n: tuple[int, int]
    gap_m: float
    speed_m_s: float | None


class LinkOut(Output):
    """A link that a caller opens to share the position; its address is not in here."""

    link_id: str
    via: LinkVia
    state: LinkState
    number: str | None
    gateway: LinkGateway
    reason: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    shared_at: datetime | None
    last_seen_at: datetime | None
    closed_at: datetime | None
    closed_by: LinkEnd | None
    openers: int


class GivenLinkOut(LinkOut):
    """A link that was just made, with its address and the text that holds it: both are shown this once."""

    url: str
    text: str
    whatsapp_url: str | None


class ReceiptOut(Output):
    """What is known of the message now."""

    stored: Literal[True]
    state: LinkState


class PageOut(Output):
    """What the caller's page is told; `at` is the centre's time in words. Only what the page itself ended is over."""

    state: Literal["open", "closed", "expired"]
    place: str | None
    at: str
    left_s: int
    retry_s: int


class CallOut(Output):
    """One call."""

    call_id: str
    n: int
    channel: Channel
    channels: list[Channel]
    left: list[Channel]
    carrier: str | None
    state: CallState
    number: str | None
    received_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    ended_at: datetime | None
    end_reason: EndReason | None
    disposition: CallDisposition | None
    category: str | None
    note: str
    incident_id: str | None
    simulated: bool
    fix: FixOut | None
    jurisdiction: JurisdictionOut | None
    fixes: list[FixOut]
    why: Why | None
    sources: list[FixSource]
    agrees: list[int]
    contradictions: list[ContradictionOut]
    refused: list[RefusedOut]
    links: list[LinkOut]
    answers: list[AnswerOut]


class IncidentOut(Output):
    """One happening with its calls."""

    incident_id: str
    n: int
    number: int
    category: str
    priority: int
    state: IncidentState
    disposition: IncidentDisposition | None
    note: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    call_ids: list[str]
    fix: FixOut | None
    jurisdiction: JurisdictionOut | None
    simulated: bool


class StateOut(Output):
    """Everything that a console shows, as of event `n`."""

    n: int
    at: datetime
    centre: Named
    simulated: bool
    calls: list[CallOut]
    incidents: list[IncidentOut]


class CallsOut(Output):
    """Calls, newest first."""

    calls: list[CallOut]


class IncidentsOut(Output):
    """Incidents, newest first."""

    incidents: list[IncidentOut]


class SessionOut(Output):
    """Who is logged in."""

    user: str
    name: str
    roles: list[Role]
    centre: Named
    simulated: bool


class UserOut(Output):
    """A user; never with the password."""

    user: str
    name: str
    roles: list[Role]
    created_at: datetime


class UsersOut(Output):
    """All users by name."""

    users: list[UserOut]


class SmsOut(Output):
    """What became of a message: it is kept in any case."""

    stored: Literal[True]
    call_id: str
    understood: bool
    reason: str | None
    warnings: list[str]


class PbxOut(Output):
    """The call that the exchange speaks of."""

    stored: Literal[True]
    call_id: str


class PanicOut(Output):
    """The call of a panic button; `kept` says what became of the position that came along, null without one."""

    stored: Literal[True]
    call_id: str
    state: CallState
    kept: Kept | None


class NeighbourOut(Named):
    """A centre next door."""

    voice_number: str | None


class MapOut(Output):
    """What the map of a centre needs before its tiles."""

    centre: Named
    neighbours: list[NeighbourOut]
    bounds_deg: tuple[float, float, float, float]
    boundaries: str


class CentreOut(Named):
    """What is known of the 112 centre of one kabupaten or kota; unknown is null or `unknown`."""

    live: Live
    live_since: str | None
    answered_by: str
    source: str | None
    source_date: str | None
    voice_number: str | None
    fallback_provinsi: str
    fallback_numbers: list[str]
    time_zone: str
    note: str | None


class KejadianOut(Output):
    """One row of a centre's table of incident types."""

    kode: str
    kejadian: str
    source: str


class ServiceOut(Named):
    """A perangkat daerah that serves a category, and the rows that name it."""

    kind: PerangkatKind
    named_in: list[KejadianOut]


class NeedOut(Output):
    """So many units with one capability, and who says so."""

    capability: str
    count: int
    source: str


class RunCardOut(Output):
    """What to send at a severity; `written_for` is the severity whose card that is."""

    severity: Severity
    written_for: Severity
    needs: list[NeedOut]


class CategoryOut(Named):
    """What an incident is filed under, who serves it (first called first), and what to send."""

    nature: Nature
    severity: Severity
    source: str
    perangkat_daerah: list[ServiceOut]
    run_cards: list[RunCardOut]


class PerangkatDaerahOut(Named):
    """A perangkat daerah or instansi that the centre can call."""

    other_names: list[str]
    kind: PerangkatKind
    source: str


class CapabilityOut(Named):
    """What a unit can do, and which kinds of perangkat daerah normally have such units."""

    kinds: list[PerangkatKind]
    source: str


class CategoriesOut(Output):
    """The duties of the centre.

    `tables` says from which folder each is; `problem` why the centre's own, or the newest of them, are not used.
    """

    centre: Named
    problem: str | None
    tables: dict[str, str]
    categories: list[CategoryOut]
    perangkat_daerah: list[PerangkatDaerahOut]
    capabilities: list[CapabilityOut]


class CentresOut(Output):
    """The register."""

    centres: list[CentreOut]


class ReadyOut(Output):
    """Whether the centre can take calls, with which boundaries, and whether all sets that were entered can be used."""

    ready: bool
    boundaries: str
    boundaries_change_at: str | None
    boundaries_sound: bool
    n: int


class FieldOut(Output):
    """One field that was refused."""

    field: str | None
    message: str


class ProblemOut(BaseModel):
    """A refusal (RFC 9457); some have members of their own besides."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None
    errors: list[FieldOut]
