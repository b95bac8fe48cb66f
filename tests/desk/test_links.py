"""Links at the desk: made once, sent in the background, followed, ended, and safe against a crash."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import DOOR, NUMBER, SITI, Scene

from geo112.core.codes import KodeKabKota
from geo112.core.errors import BadInput, Conflict, NotFound, StorageError, TooManyTries
from geo112.desk.board import Board
from geo112.desk.desk import Desk
from geo112.desk.link_page import PageFix
from geo112.desk.link_text import SMS_SEPTETS, link_text, septets, whatsapp_url
from geo112.desk.links import LIFE_S, RESTARTED, GivenLink, LinkSetup, fresh_token
from geo112.incidents.events import CallLocated, EndReason, MessageReceived
from geo112.incidents.fold import Call
from geo112.incidents.link_events import LinkEnd, LinkGateway, LinkMade, LinkStep, LinkVia
from geo112.incidents.links import Link, LinkState
from geo112.incidents.ports import IncidentLog
from geo112.incidents.sms_port import NotSent, OutgoingSms
from geo112.locate.fix import FixMethod, FixSource
from geo112.store.sql import SqlLog

PHONE, OTHER_PHONE = "ponsel-pertama", "ponsel-kedua"
BASE = "https://112.blitarkota.go.id"


@dataclass
class FakeGateway:
    """Takes messages, or refuses with what is in `faults`, one after another."""

    faults: list[Exception] = field(default_factory=list)
    taken: list[OutgoingSms] = field(default_factory=list)
    tries: int = 0

    def send(self, message: OutgoingSms) -> None:
        self.tries += 1
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(message)


class LinkScene(Scene):
    """A desk with a gateway and a call that rings."""

    def __init__(self, log: IncidentLog | None = None, *, gateway: FakeGateway | None = None) -> None:
        super().__init__(log)
        self.gateway = gateway
        kind = LinkGateway.NONE if gateway is None else LinkGateway.HTTP
        self.setup = LinkSetup(base_url=BASE, nama="Kota Blitar", gateway=gateway, kind=kind)
        self.start_desk()
        self.call_id = self.rings().call_id

    def start_desk(self) -> None:
        """Take up the work, as after a start of the program."""
        self.board = Board(self.log)
        self.desk = Desk(
            log=self.log,
            zones=self.zones,
            board=self.board,
            clock=self.clock,
            ids=self.next_id,
            kode=KodeKabKota("35.72"),
            links=self.setup,
        )
        self.desk.link_outbox._waits_s = (0.0, 0.0, 0.0)

    def make(self, via: LinkVia = LinkVia.SMS, **more: str) -> GivenLink:
        return self.desk.links.make(self.call_id, actor=SITI, via=via, **more)

    @property
    def call(self) -> Call:
        return self.board.call(self.call_id)

    @property
    def link(self) -> Link:
        return self.call.links[0]

    def step(self, url: str, step: LinkStep | None, *, device: str = PHONE) -> str:
        return self.desk.link_page.step(token_of(url), device=device, step=step).state

    def share(self, url: str, *, device: str = PHONE, late_s: float = 0.0, skew_s: float = 0.0, **more: float):
        now_ms = (self.clock.now().timestamp() + skew_s) * 1000
        said = {"lat_deg": -8.0985, "lon_deg": 112.1681, "accuracy_m": 18.0} | more
        fix = PageFix(**said, taken_at_ms=now_ms - late_s * 1000, now_ms=now_ms)
        return self.desk.link_page.share(token_of(url), fix, device=device)


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def scene(gateway: FakeGateway) -> LinkScene:
    return LinkScene(gateway=gateway)


def test_the_address_holds_128_random_bits_and_stands_nowhere(scene: LinkScene) -> None:
    made = scene.make()
    token = token_of(made.url)
    assert made.url == f"{BASE}/l/{token}"
    assert re.fullmatch("[a-z2-7]{26}", token)
    said = repr([one.body_json for one in scene.log.read()])
    people = repr([scene.log.person(one.event.person) for one in scene.log.read() if hasattr(one.event, "person")])
    assert token not in said
    assert token not in people
    assert NUMBER not in said
    assert scene.link.link_id not in token
    assert len({fresh_token() for _ in range(1_000)}) == 1_000


def test_the_sms_is_one_sms_that_names_the_centre_and_ends_with_the_address(
    scene: LinkScene, gateway: FakeGateway
) -> None:
    made = scene.make()
    assert gateway.taken == []
    assert scene.link.state is LinkState.MADE
    assert scene.desk.link_outbox.send_waiting() == 1
    assert scene.link.state is LinkState.SENT
    [sms] = gateway.taken
    assert (sms.number, sms.ref) == (NUMBER, scene.link.link_id)
    assert sms.text == made.text
    assert sms.text.startswith("112 Kota Blitar: ")
    assert sms.text.endswith(made.url)
    assert septets(sms.text) <= SMS_SEPTETS


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz. ", max_size=45), st.integers(0, 75))
def test_every_text_fits_into_one_sms(nama: str, host_length: int) -> None:
    url = f"https://{'a' * host_length}.go.id/l/{fresh_token()}"
    text = link_text(nama=nama, url=url)
    assert text.endswith(f" {url}")
    assert septets(text) <= SMS_SEPTETS


def test_an_address_too_long_for_an_sms_names_the_setting() -> None:
    with pytest.raises(Conflict) as refused:
        link_text(nama="Kota Blitar", url=f"https://{'a' * 150}/l/{fresh_token()}")
    assert refused.value.field == "public_url"


def test_signs_of_the_second_table_take_two_septets() -> None:
    assert septets("a[b]") == 6
    assert septets("aé") is None


def test_whatsapp_opens_with_the_text_in_the_callers_chat(scene: LinkScene, gateway: FakeGateway) -> None:
    made = scene.make(LinkVia.WHATSAPP)
    assert made.whatsapp_url.startswith(f"https://wa.me/{NUMBER[1:]}?text=112%20Kota%20Blitar%3A%20")
    assert scene.desk.link_outbox.send_waiting() == 0
    assert scene.link.gateway is LinkGateway.NONE
    assert whatsapp_url("a&b", number=None) == "https://wa.me/?text=a%26b"


def test_another_number_gets_the_link_and_stays_out_of_the_log(scene: LinkScene, gateway: FakeGateway) -> None:
    scene.make(number="0812-9999-0000")
    scene.desk.link_outbox.send_waiting()
    assert gateway.taken[0].number == "+6281299990000"
    assert scene.link.person != scene.call.person
    assert scene.log.person(scene.link.person).number == "+6281299990000"
    # A message of that number is no message of this call.
    assert scene.sms(sender="+6281299990000").call.call_id != scene.call_id


@pytest.mark.parametrize("number", ["+62342801112", "anonymous", "112"])
def test_a_number_that_gets_no_sms_is_refused_before_anything_is_written(scene: LinkScene, number: str) -> None:
    before = scene.log.head()
    with pytest.raises(BadInput) as refused:
        scene.make(number=number)
    assert refused.value.field == "number"
    assert scene.log.head() == before


def test_a_call_without_a_number_can_be_given_one_or_be_read_the_address() -> None:
    scene = LinkScene(gateway=FakeGateway())
    scene.call_id = scene.rings("pbx-anonim", number=None).call_id
    with pytest.raises(BadInput, match="give one"):
        scene.make()
    assert scene.make(LinkVia.NONE).text
    assert scene.make(number=NUMBER).link.person is not None


def test_without_a_gateway_the_call_taker_gets_the_text() -> None:
    scene = LinkScene()
    made = scene.make()
    assert (made.link.state, made.link.gateway) == (LinkState.MADE, LinkGateway.NONE)
    assert made.url in made.text
    scene.start_desk()
    assert scene.desk.links.tidy(actor=SITI) == 0


def test_an_exercise_sends_no_sms(scene: LinkScene, gateway: FakeGateway) -> None:
    call = scene.desk.pbx(actor=SITI, event="ringing", pbx_call_id="latihan", number=NUMBER, simulated=True)
    scene.call_id = call.call_id
    assert scene.make().link.gateway is LinkGateway.NONE
    assert scene.desk.link_outbox.send_waiting() == 0


def test_without_an_address_for_callers_no_link_is_made() -> None:
    scene = LinkScene()
    scene.setup = LinkSetup(nama="Kota Blitar")
    scene.start_desk()
    with pytest.raises(Conflict) as refused:
        scene.make(LinkVia.NONE)
    assert refused.value.field == "public_url"


def test_a_call_gets_only_so_many_links(scene: LinkScene) -> None:
    for _ in range(12):
        scene.make(LinkVia.NONE)
    with pytest.raises(Conflict, match="12 links"):
        scene.make(LinkVia.NONE)


@pytest.mark.parametrize(
    ("faults", "tries", "state", "reason"),
    [
        ([NotSent("the gateway answered 503", again=True)], 2, LinkState.SENT, None),
        ([NotSent("the gateway answered 503", again=True)] * 4, 4, LinkState.SEND_FAILED, "the gateway answered 503"),
        ([NotSent("the gateway answered 401", again=False)], 1, LinkState.SEND_FAILED, "the gateway answered 401"),
        ([RuntimeError("+62812")], 1, LinkState.SEND_FAILED, "the gateway broke (RuntimeError)"),
    ],
)
def test_what_becomes_of_an_sms_is_told(
    faults: Sequence[Exception], tries: int, state: LinkState, reason: str | None
) -> None:
    gateway = FakeGateway(faults=list(faults))
    scene = LinkScene(gateway=gateway)
    scene.make()
    scene.desk.link_outbox.send_waiting()
    assert (gateway.tries, scene.link.state, scene.link.not_sent) == (tries, state, reason)


def test_an_sms_that_a_crash_kept_from_being_sent_is_told_and_not_sent_twice(
    gateway: FakeGateway, tmp_path: Path
) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite")
    scene = LinkScene(log, gateway=gateway)
    made = scene.make()
    log.close()
    scene.log = SqlLog.open(tmp_path / "centre.sqlite")
    scene.start_desk()
    assert scene.desk.links.tidy(actor=SITI) == 1
    assert (scene.link.state, scene.link.not_sent) == (LinkState.SEND_FAILED, RESTARTED)
    assert scene.desk.links.tidy(actor=SITI) == 0
    assert scene.desk.link_outbox.send_waiting() == 0
    # It may have gone out all the same: then the link works.
    assert scene.step(made.url, LinkStep.OPENED) == "open"
    assert scene.link.state is LinkState.OPENED
    scene.log.close()


def test_the_network_says_what_became_of_the_sms(scene: LinkScene) -> None:
    scene.make()
    scene.desk.link_outbox.send_waiting()
    link_id = scene.link.link_id

    def receipt(reason: str | None) -> LinkState:
        return scene.desk.links.receipt(link_id, actor=DOOR, reason=reason).state

    assert receipt("unreachable +6281234567890") is LinkState.SEND_FAILED
    assert scene.link.not_sent == "unreachable […]"
    assert receipt(None) is LinkState.SENT
    assert scene.link.delivered_at == scene.clock.now()
    before = scene.log.head()
    assert receipt(None) is LinkState.SENT
    # A receipt that comes late takes nothing back.
    assert receipt("expired") is LinkState.SENT
    assert scene.log.head() == before
    with pytest.raises(NotFound):
        scene.desk.links.receipt("tidak-ada", actor=DOOR, reason=None)


def test_the_outbox_sends_by_itself_and_ends_at_once(scene: LinkScene, gateway: FakeGateway) -> None:
    done = threading.Event()
    subscription = scene.board.subscribe()
    subscription.on_change(lambda changes: done.set() if changes.calls[0].links[0].sent_at else None)
    scene.desk.link_outbox.start(scene.desk.links.sweep)
    scene.make()
    assert done.wait(5)
    scene.desk.link_outbox.stop()
    assert [sms.number for sms in gateway.taken] == [NUMBER]
    assert scene.link.state is LinkState.SENT


def test_the_call_taker_sees_every_step(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    seen = [scene.link.state]
    for step in (LinkStep.OPENED, LinkStep.ASKED, LinkStep.DENIED, LinkStep.ASKED, LinkStep.UNAVAILABLE):
        scene.step(url, step)
        seen.append(scene.link.state)
    assert [one.value for one in seen] == ["made", "opened", "asked", "denied", "asked", "unavailable"]
    scene.share(url)
    assert scene.link.state is LinkState.SHARED


def test_what_is_no_news_is_not_written(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.step(url, LinkStep.OPENED)
    scene.share(url)
    before = scene.log.head()
    for step in (LinkStep.OPENED, LinkStep.ASKED, LinkStep.TIMED_OUT, None):
        assert scene.step(url, step) == "open"
    assert scene.log.head() == before
    assert scene.link.state is LinkState.SHARED


def test_a_position_is_on_record_before_it_is_looked_at(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    answer = scene.share(url, altitude_m=171.0, altitude_accuracy_m=9.0)
    assert scene.kinds()[-3:] == ["MessageReceived", "LinkShared", "CallLocated"]
    fix = scene.call.fix
    assert (fix.source, fix.method) == (FixSource.SMS_LINK, FixMethod.UNKNOWN)
    assert (fix.area.radius_m, fix.area.confidence_share) == (18.0, 0.95)
    assert (fix.altitude_m, fix.vertical_accuracy_m, fix.taken_at) == (171.0, 9.0, scene.clock.now())
    assert fix.warnings == ()
    assert (answer.state, answer.place, answer.left_s) == ("open", "Sananwetan", LIFE_S)


def test_a_position_that_a_crash_kept_from_being_read_is_read_at_the_start(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.share(url)
    scene.zones.fault = StorageError("weg")
    scene.share(url, device=OTHER_PHONE, lat_deg=-8.2)
    kept = [one.event for one in scene.log.read() if isinstance(one.event, MessageReceived)][-1]
    again = Scene()
    again.rings()
    raw = scene.log.person(kept.person)
    again.log.append([MessageReceived(call=again.board.calls()[0].call_id, channel=kept.channel, person=kept.person)],
                     at=again.clock.now(), actor=SITI, people=[raw])  # fmt: skip
    assert again.desk.finish_unread(actor=SITI) == 1
    fix = again.board.calls()[0].fixes[0].fix
    assert (fix.area.middle.lat_deg, fix.source, fix.warnings) == (-8.2, FixSource.SMS_LINK, ("dibuka di ponsel lain",))


def test_a_position_that_cannot_be_meant_is_kept_and_names_its_field(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    with pytest.raises(BadInput) as refused:
        scene.share(url, lat_deg=91.0)
    assert refused.value.field == "lat_deg"
    assert [one.field for one in scene.call.refused] == ["lat_deg"]


def test_a_telephone_that_knows_no_accuracy_is_a_point_of_unknown_size(scene: LinkScene) -> None:
    scene.share(scene.make(LinkVia.NONE).url, accuracy_m=0.0)
    assert type(scene.call.fix.area).__name__ == "Point"
    assert scene.call.fix.warnings == ("radius unknown",)


@pytest.mark.parametrize(
    ("late_s", "skew_s", "age_s", "warnings"),
    [
        (0, 0, 0, ()),
        (30, 119, 30, ()),
        (90, 0, 90, ("position was older than 60 s when sent",)),
        (5, -3_600, 5, ("handset clock off by more than 2 min",)),
        (-500, 0, 0, ()),
        (40 * 365 * 86_400, 0, None, ("time of positioning unknown",)),
    ],
)
def test_the_time_of_positioning_is_the_centres(
    scene: LinkScene, late_s: float, skew_s: float, age_s: float | None, warnings: tuple[str, ...]
) -> None:
    scene.share(scene.make(LinkVia.NONE).url, late_s=late_s, skew_s=skew_s)
    fix = scene.call.fix
    assert fix.warnings == warnings
    if age_s is None:
        assert fix.taken_at is None
    else:
        assert abs((scene.clock.now() - fix.taken_at).total_seconds() - age_s) < 0.01


def test_another_telephone_is_told_apart_and_moves_nothing(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.step(url, LinkStep.OPENED, device=OTHER_PHONE)
    scene.share(url)
    scene.clock.wait(seconds=20)
    scene.share(url, device=OTHER_PHONE, lat_deg=-8.15, accuracy_m=3.0)
    assert len(scene.link.devices) == 2
    assert scene.call.fix.area.middle.lat_deg == -8.0985
    assert [one.fix.warnings for one in scene.call.fixes] == [("dibuka di ponsel lain",), ()]
    # What the other one says or ends changes nothing for the caller.
    scene.step(url, LinkStep.DENIED, device=OTHER_PHONE)
    assert scene.link.state is LinkState.SHARED
    scene.desk.link_page.stop(token_of(url), device=OTHER_PHONE)
    assert scene.link.state is LinkState.SHARED


def test_what_another_telephone_says_is_not_how_far_the_caller_is(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.share(url)
    scene.step(url, LinkStep.DENIED, device=OTHER_PHONE)
    assert (scene.link.state, len(scene.link.devices)) == (LinkState.SHARED, 2)
    scene.step(url, LinkStep.UNAVAILABLE)
    scene.share(url, device=OTHER_PHONE)
    assert scene.link.state is LinkState.UNAVAILABLE


def test_a_link_that_is_open_everywhere_takes_no_more_telephones(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    for number in range(8):
        scene.step(url, LinkStep.OPENED, device=f"ponsel-nomor-{number}")
    with pytest.raises(TooManyTries):
        scene.share(url, device="ponsel-nomor-9")
    assert scene.share(url, device="ponsel-nomor-1").state == "open"


def test_time_ends_a_link_and_a_renewal_takes_it_up(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.share(url)
    scene.clock.wait(seconds=LIFE_S)
    fixes = len(scene.call.fixes)
    assert scene.share(url).state == "expired"
    assert scene.step(url, LinkStep.OPENED) == "expired"
    assert len(scene.call.fixes) == fixes
    # Nobody has to ask: the end is written down, so that consoles hear of it.
    assert scene.link.state is LinkState.SHARED
    scene.desk.links.sweep()
    assert (scene.link.state, scene.link.closed_by) == (LinkState.EXPIRED, LinkEnd.TIME)
    before = scene.log.head()
    scene.desk.links.sweep()
    assert scene.log.head() == before
    renewed = scene.desk.links.renew(scene.call_id, scene.link.link_id, actor=SITI)
    assert renewed.state is LinkState.SHARED
    assert scene.share(url).state == "open"
    scene.clock.wait(seconds=LIFE_S - 1)
    assert scene.share(url).left_s == 1


def test_a_renewal_counts_from_now(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.clock.wait(seconds=LIFE_S - 60)
    scene.desk.links.renew(scene.call_id, scene.link.link_id, actor=SITI)
    scene.clock.wait(seconds=LIFE_S - 1)
    scene.desk.links.sweep()
    assert scene.step(url, None) == "open"


def test_a_closed_link_stays_closed(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    link_id = scene.link.link_id
    assert scene.desk.links.close(scene.call_id, link_id, actor=SITI).state is LinkState.CLOSED
    before = scene.log.head()
    scene.desk.links.close(scene.call_id, link_id, actor=SITI)
    assert scene.share(url).state == "closed"
    assert scene.log.head() == before
    with pytest.raises(Conflict, match="make a new one"):
        scene.desk.links.renew(scene.call_id, link_id, actor=SITI)
    with pytest.raises(NotFound):
        scene.desk.links.close(scene.call_id, "tidak-ada", actor=SITI)


def test_the_caller_can_end_the_link(scene: LinkScene) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.share(url)
    assert scene.desk.link_page.stop(token_of(url), device=PHONE).state == "closed"
    assert (scene.link.state, scene.link.closed_by) == (LinkState.CLOSED, LinkEnd.CALLER)
    assert scene.desk.link_page.stop(token_of(url), device=PHONE).state == "closed"


@pytest.mark.parametrize(("reason", "state"), [(EndReason.CALLER_HUNG_UP, "closed"), (EndReason.LINE_LOST, "open")])
def test_the_end_of_the_call_ends_the_link_unless_the_line_was_lost(
    scene: LinkScene, reason: EndReason, state: str
) -> None:
    url = scene.make(LinkVia.NONE).url
    scene.desk.end(scene.call_id, actor=SITI, reason=reason)
    assert scene.share(url).state == state


def test_who_hung_up_can_still_be_sent_a_link(scene: LinkScene) -> None:
    scene.desk.end(scene.call_id, actor=SITI, reason=EndReason.CALLER_HUNG_UP)
    url = scene.make(LinkVia.NONE).url
    assert scene.share(url).state == "open"
    assert scene.call.fix is not None


def test_nobody_finds_a_link_without_its_secret(scene: LinkScene) -> None:
    made = scene.make(LinkVia.NONE)
    page = scene.desk.link_page
    for wrong in (made.link.link_id, made.link.token_hash, token_of(made.url)[:-1], "", "\ud800", fresh_token()):
        assert page.look(wrong) is None
        assert page.step(wrong, device=PHONE, step=LinkStep.OPENED) is None
        assert page.stop(wrong, device=PHONE) is None
        assert (
            page.share(wrong, PageFix(lat_deg=0, lon_deg=0, accuracy_m=1, taken_at_ms=0, now_ms=0), device=PHONE)
            is None
        )
    # A telephone keyboard may begin with a capital.
    assert page.look(token_of(made.url).upper()).state == "open"


def test_everything_is_there_after_a_restart(gateway: FakeGateway, tmp_path: Path) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite")
    scene = LinkScene(log, gateway=gateway)
    url = scene.make().url
    scene.desk.link_outbox.send_waiting()
    scene.share(url)
    before = scene.link
    scene.start_desk()
    assert scene.link == before
    assert scene.share(url, lat_deg=-8.1).state == "open"
    assert [type(one.event) for one in log.read()].count(CallLocated) == 2
    assert [one.event.life_s for one in log.read() if isinstance(one.event, LinkMade)] == [LIFE_S]
    log.close()


def test_another_process_knows_the_link_at_once(gateway: FakeGateway, tmp_path: Path) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite")
    scene = LinkScene(log, gateway=gateway)
    other = Scene(log)
    url = scene.make(LinkVia.NONE).url
    assert other.desk.link_page.step(token_of(url), device=PHONE, step=LinkStep.OPENED).state == "open"
    scene.board.catch_up()
    assert scene.link.state is LinkState.OPENED
    log.close()
