"""What a telephone exchange tells of the place: recorded with the call, read once, fetched only where allowed."""

import json
from datetime import timedelta

import pytest
from told import DOOR, NOW, NUMBER, Scene, circle

from geo112.core.codes import KodeKabKota
from geo112.desk.desk import CarrierData, CarrierSetup, Desk
from geo112.desk.exchange import NO_SERVERS
from geo112.incidents.events import EndReason, MessageReceived
from geo112.incidents.fold import Call, CallState
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NoPosition, Reading

SERVER = "https://lis.example.net/loc/3h4j5"
HEADER = f'<cid:target@example.com>;inserted-by="gw.example.net", <{SERVER}>;routing-allowed=yes'
FIX = Fix(area=circle(radius_m=30), source=FixSource.SIP, method=FixMethod.GNSS, taken_at=NOW)


PIDF = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
 xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gml="http://www.opengis.net/gml"
 xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:caller@example.com"><dm:device id="d">
<gp:geopriv><gp:location-info><gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>-8.0985 112.1681</gml:pos>
<gs:radius uom="urn:ogc:def:uom:EPSG::9001">30</gs:radius></gs:Circle></gp:location-info><gp:usage-rules/>
<gp:method>GPS</gp:method></gp:geopriv><dm:timestamp>2026-11-22T09:59:50Z</dm:timestamp></dm:device></presence>"""


class Server:
    """A location server that counts who asks."""

    def __init__(self, answer: Reading) -> None:
        self.answer, self.asked = answer, []

    def __call__(self, uri: str) -> Reading:
        self.asked.append(uri)
        return self.answer


def desk_with(scene: Scene, server: Server | None) -> Desk:
    return Desk(
        log=scene.log,
        zones=scene.zones,
        board=scene.board,
        clock=scene.clock,
        ids=scene.next_id,
        kode=KodeKabKota("35.72"),
        carrier=CarrierSetup(fetch=server),
    )


def tell(desk: Desk, event: str = "ringing", *, pbx_call_id: str = "pbx-1", **said: object) -> Call:
    return desk.pbx(actor=DOOR, event=event, pbx_call_id=pbx_call_id, number=NUMBER, said=CarrierData(**said))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_location_in_the_body_of_a_sip_call_is_a_fix(scene: Scene) -> None:
    call = tell(scene.desk, pidf=PIDF, geolocation="<cid:target@example.com>")
    assert scene.kinds() == ["CallReceived", "CallRinging", "MessageReceived", "CallLocated"]
    assert call.fix is not None
    assert (call.fix.source, call.fix.area.radius_m, call.fix.taken_at) == (
        FixSource.SIP,
        30.0,
        NOW - timedelta(seconds=10),
    )
    assert scene.desk.waits_for_server(call.call_id) is False


def test_what_is_said_at_every_step_is_read_once(scene: Scene) -> None:
    for event in ("ringing", "ringing", "answered", "answered"):
        call = tell(scene.desk, event, pidf=PIDF, cells=["510-10-1234-56789"], carrier="Telkomsel")
    assert (len(call.fixes), len(call.refused), call.carrier) == (1, 1, "Telkomsel")
    assert scene.kinds().count("CallCarried") == 1
    assert scene.kinds().count("MessageReceived") == 2
    assert tell(scene.desk, pbx_call_id="pbx-2", pidf=PIDF).fixes


def test_cells_without_a_table_are_understood_and_say_so(scene: Scene) -> None:
    tower = {"radioType": "lte", "mobileCountryCode": 510, "mobileNetworkCode": 10, "cellId": 25_600_007}
    cells = {"cellTowers": [{**tower, "locationAreaCode": 1_234}]}
    [refused] = tell(scene.desk, cells=cells).refused
    assert (refused.understood, "cell table" in refused.reason) == (True, True)
    message = next(one.event for one in scene.log.read() if isinstance(one.event, MessageReceived))
    assert json.loads(scene.log.person(message.person).raw_message) == cells


@pytest.mark.parametrize("cells", [[], {"a": float("nan")}, "tower", [[[]]], {"cellTowers": "x"}, 10**400])
def test_cells_of_any_kind_lose_no_call(scene: Scene, cells: object) -> None:
    assert tell(scene.desk, cells=cells).state is CallState.RINGING
    assert scene.board.unread() == {}


@pytest.mark.parametrize("pidf", ["", "<presence", "tolong", PIDF[:400], "\ud800", PIDF.replace("112.1681", "999")])
def test_a_body_of_any_kind_loses_no_call(scene: Scene, pidf: str) -> None:
    call = tell(scene.desk, pidf=pidf)
    assert (call.state, call.fix, len(call.refused)) == (CallState.RINGING, None, 1)


def test_a_location_server_is_asked_afterwards(scene: Scene) -> None:
    server = Server(Located(fix=FIX))
    desk = desk_with(scene, server)
    call = tell(desk, pidf=PIDF, geolocation=HEADER)
    assert (server.asked, len(call.fixes), desk.waits_for_server(call.call_id)) == ([], 1, True)
    desk.follow_references(call.call_id, actor=DOOR)
    desk.follow_references(call.call_id, actor=DOOR)
    assert server.asked == [SERVER]
    assert len(scene.board.call(call.call_id).fixes) == 2
    assert desk.waits_for_server(call.call_id) is False


def test_two_who_follow_at_the_same_time_ask_once(scene: Scene) -> None:
    other = "https://lis.example.net/loc/other"

    class Slow(Server):
        """A server that is still being asked when the call is answered, which starts another to follow."""

        def __call__(self, uri: str) -> Reading:
            reading = super().__call__(uri)
            if len(self.asked) == 1:
                desk.follow_references(tell(desk, "answered").call_id, actor=DOOR)
            return reading

    server = Slow(NoPosition(reason="the location server answered locationUnknown"))
    desk = desk_with(scene, server)
    call = tell(desk, geolocation=f"<{SERVER}>, <{other}>")
    desk.follow_references(call.call_id, actor=DOOR)
    assert server.asked == [SERVER, other]
    assert len(scene.board.call(call.call_id).refused) == 2
    assert desk.waits_for_server(call.call_id) is False


def test_what_the_power_cut_off_is_asked_at_the_next_start(scene: Scene) -> None:
    call = tell(scene.desk, geolocation=f"<{SERVER}>")
    server = Server(NoPosition(reason="the location server did not answer: ConnectTimeout"))
    assert desk_with(scene, server).finish_unread(actor=DOOR) == 1
    assert server.asked == [SERVER]
    assert [one.reason for one in scene.board.call(call.call_id).refused] == [server.answer.reason]


def test_no_server_is_asked_unless_a_host_is_allowed(scene: Scene) -> None:
    call = tell(scene.desk, geolocation=f"<{SERVER}>")
    scene.desk.follow_references(call.call_id, actor=DOOR)
    assert [one.reason for one in scene.board.call(call.call_id).refused] == [NO_SERVERS]


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("<cid:target@example.com>", "body"),
        ("<sip:3h4j5@lis.example.net>", "a location by sip"),
        ("<pres:a@b>, <cid:x@y>", "a location by pres"),
        ("utara", "no <address>"),
        ("<>", "no <address>"),
        ("<https:>" * 9_000, "no <address>"),
    ],
)
def test_a_header_that_leads_nowhere_says_so(scene: Scene, header: str, word: str) -> None:
    call = tell(scene.desk, geolocation=header)
    assert word in call.refused[0].reason
    assert (call.refused[0].field, scene.board.unread()) == ("geolocation", {})


def test_the_address_of_a_location_never_stands_in_the_log(scene: Scene) -> None:
    tell(scene.desk, geolocation=HEADER, carrier=f"trunk {NUMBER}")
    bodies = "".join(one.body_json for one in scene.log.read())
    assert "lis.example.net" not in bodies
    assert NUMBER[3:] not in bodies


@pytest.mark.parametrize(
    ("event", "seconds", "believed"),
    [("answered", -3_600, False), ("answered", 4, True), ("ended", -1, False), ("ended", 9, True)],
)
def test_nothing_is_answered_or_over_before_it_rang(
    scene: Scene,
    event: str,
    seconds: float,
    believed: bool,  # noqa: FBT001 - a case
) -> None:
    scene.rings(at=NOW)
    scene.clock.wait(seconds=30)
    at = NOW + timedelta(seconds=seconds)
    call = scene.desk.pbx(actor=DOOR, event=event, pbx_call_id="pbx-1", at=at, reason=EndReason.UNKNOWN)
    told = call.answered_at if event == "answered" else call.ended_at
    assert told == (at if believed else NOW + timedelta(seconds=30))


def test_a_ring_that_is_told_late_was_before_the_answer(scene: Scene) -> None:
    scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", at=NOW - timedelta(seconds=9), agent="siti")
    late = scene.rings(at=NOW - timedelta(seconds=3), number=None)
    assert late.ringing_at is None or late.ringing_at <= late.answered_at
