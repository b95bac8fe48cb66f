"""What the tests of the log and the desk tell stories with: every builder has a default for every field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from geo112.core.codes import CallId, IncidentId, KodeKabKota, KodeKecamatan, PersonRef
from geo112.core.geo import Position
from geo112.core.ids import uuid7
from geo112.core.shapes import Area, Circle, Point
from geo112.desk.board import Board
from geo112.desk.desk import Desk
from geo112.desk.locating import ReadMessage
from geo112.incidents.chain import Draft
from geo112.incidents.events import Actor, CallLocated, CallReceived, Channel, Event, Recorded
from geo112.incidents.fold import Call, Incident, State, apply
from geo112.incidents.ports import IncidentLog
from geo112.locate.fix import Fix, FixMethod, FixSource
from geo112.locate.read import read_message
from geo112.store.memory import MemoryLog
from geo112.zones.decision import DEFAULT_RULE, Decision, DecisionRule
from geo112.zones.jurisdiction import (
    CentreShare,
    Inside,
    Jurisdiction,
    KecamatanShare,
    Nearest,
    Outside,
    Shares,
    Straddles,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SITI = Actor(name="siti", role="call_taker")
DOOR = Actor(name="sms-gateway", role="sms")
CALL = CallId("01a202b2-c500-7084-8fc1-72b5ac708ec7")
OTHER_CALL = CallId("01a202b2-c500-7ce9-974c-060ca398efc2")
INCIDENT = IncidentId("01a202b2-c500-7831-9222-200b6fad9056@35.72")
OTHER_INCIDENT = IncidentId("01a202b2-c500-7ccc-9222-200b6fad9056@35.72")
PERSON = PersonRef("01a202b2-c500-7504-8789-160fc484b29b")
SENTUL = Position(lon_deg=112.1681, lat_deg=-8.0985)
KOTA_BLITAR = CentreShare(kode=KodeKabKota("35.72"), nama="Kota Blitar", share=1.0)

NUMBER = "+6281234567890"
IMEI = "356708041746734"
IMSI = "510101234567890"
AML = f'A"ML=1;lt=-8.09850;lg=112.16810;rd=14;top=20261122095955;lc=68;pm=G;si={IMSI};ei={IMEI};mcc=510;mnc=10;ml=127'


def circle(*, at: Position = SENTUL, radius_m: float = 14.0, confidence_share: float = 0.68) -> Circle:
    return Circle(middle=at, radius_m=radius_m, confidence_share=confidence_share)


def point(at: Position = SENTUL) -> Point:
    return Point(middle=at)


def fix(*, area: Area | None = None, source: FixSource = FixSource.AML, taken_at: datetime | None = None) -> Fix:
    return Fix(area=circle() if area is None else area, source=source, method=FixMethod.GNSS, taken_at=taken_at)


def shares(*, outside_share: float = 0.0, unknown_share: float = 0.05) -> Shares:
    kecamatan = KecamatanShare(kode=KodeKecamatan("35.72.02"), nama="Sananwetan", share=0.95)
    return Shares(
        centres=(KOTA_BLITAR,),
        kecamatan=(kecamatan,),
        outside_share=outside_share,
        unknown_share=unknown_share,
        boundaries="test",
    )


def inside() -> Inside:
    return Inside(centre=KOTA_BLITAR, shares=shares())


def straddles() -> Straddles:
    return Straddles(centre=KOTA_BLITAR, shares=shares(outside_share=0.2))


def outside() -> Outside:
    nearest = Nearest(
        kecamatan=KodeKecamatan("35.05.07"),
        kecamatan_nama="Kademangan",
        kode=KodeKabKota("35.05"),
        nama="Kab. Blitar",
        gap_m=812.5,
    )
    return Outside(nearest=nearest, shares=shares(outside_share=1.0))


def received(
    *,
    call: CallId = CALL,
    channel: Channel = Channel.PBX,
    person: PersonRef | None = None,
    simulated: bool = False,
) -> CallReceived:
    return CallReceived(call=call, channel=channel, person=person, simulated=simulated)


def located(*, call: CallId = CALL, by: Fix | None = None, person: PersonRef | None = None) -> CallLocated:
    return CallLocated(call=call, fix=fix() if by is None else by, jurisdiction=inside(), person=person)


def chain_of(*events: Event, first_at: datetime = NOW, step: timedelta = timedelta(seconds=1)) -> list[Recorded]:
    """Events one second apart, as a log would number and chain them."""
    chained: list[Recorded] = []
    digest = ""
    for n, event in enumerate(events, start=1):
        draft = Draft.of(event, at=first_at + (n - 1) * step, actor=SITI)
        chained.append(draft.record(n=n, prev_hash=digest))
        digest = chained[-1].hash
    return chained


def folded(events: Sequence[Recorded]) -> State:
    state = State()
    for one in events:
        apply(state, one)
    return state


def call_after(*events: Event) -> Call:
    """The call CALL once it came in by telephone and these events happened, one second apart."""
    return folded(chain_of(received(), *events)).calls[CALL]


def incident_after(*events: Event) -> Incident:
    return folded(chain_of(received(), *events)).incidents[INCIDENT]


@dataclass
class StandingClock:
    """A clock that moves only when told to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def wait(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class OneCentre:
    """Boundaries of a country with one centre; `fault` is raised instead of an answer."""

    version: str = "test"
    answer: Jurisdiction = field(default_factory=inside)
    fault: Exception | None = None

    def jurisdiction(self, area: Area) -> Jurisdiction:
        if self.fault is not None:
            raise self.fault
        return self.answer

    def decide(self, area: Area, *, rule: DecisionRule = DEFAULT_RULE, accuracy_m: float | None = None) -> Decision:
        return Decision(shares=self.answer.shares, accuracy_m=30.0 if accuracy_m is None else accuracy_m, rule=rule)


# One count for all scenes: two desks on one log never give the same id.
_NOISE = count(1)


class Scene:
    """A desk at work, with everything around it in reach."""

    def __init__(self, log: IncidentLog | None = None, *, read: ReadMessage = read_message) -> None:
        self.log: IncidentLog = MemoryLog() if log is None else log
        self.clock = StandingClock()
        self.zones = OneCentre()
        self.board = Board(self.log)
        self.desk = Desk(
            log=self.log,
            zones=self.zones,
            board=self.board,
            clock=self.clock,
            ids=self.next_id,
            kode=KodeKabKota("35.72"),
            read=read,
        )

    def next_id(self, now: datetime) -> str:
        return uuid7(now, next(_NOISE).to_bytes(10))

    def kinds(self) -> list[str]:
        return [type(one.event).__name__ for one in self.log.read()]

    def sms(self, text: str = AML, *, sender: str | None = NUMBER, received_at: datetime | None = None):
        return self.desk.receive_sms(actor=DOOR, channel=Channel.SMS, sender=sender, text=text, received_at=received_at)

    def rings(self, pbx_call_id: str = "pbx-1", *, number: str | None = NUMBER, at: datetime | None = None) -> Call:
        return self.desk.pbx(actor=DOOR, event="ringing", pbx_call_id=pbx_call_id, number=number, at=at)
