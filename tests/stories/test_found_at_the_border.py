"""One caller at the border of Kota Blitar, found in five ways, with the boundaries of the whole country."""

from datetime import timedelta
from pathlib import Path

import pytest
from told import DOOR, NOW, NUMBER, SITI, Scene

from geo112.core.codes import KodeKabKota
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.desk.desk import Desk, GivenPosition
from geo112.incidents.events import Actor, Channel
from geo112.incidents.fold import Call
from geo112.locate.choose import OTHER_PHONE, Why
from geo112.locate.fix import FixMethod, FixSource
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Inside, Straddles

KOTA, KAB = KodeKabKota("35.72"), KodeKabKota("35.05")
# Between the town hall of Kota Blitar and Kanigoro in Kab. Blitar the border is crossed once.
IN_TOWN, IN_KANIGORO = Position(lon_deg=112.1680, lat_deg=-8.0980), Position(lon_deg=112.2200, lat_deg=-8.1290)


@pytest.fixture(scope="module")
def zones(boundaries_dir: Path) -> ZoneIndex:
    return ZoneIndex.open(boundaries_dir / "zones.geo112")


@pytest.fixture(scope="module")
def border(zones: ZoneIndex) -> Position:
    """A place within a metre of the border, by halving the way between the two."""
    inside, outside = IN_TOWN, IN_KANIGORO
    while inside.distance_m(outside) > 1:
        middle = Position(
            lon_deg=(inside.lon_deg + outside.lon_deg) / 2, lat_deg=(inside.lat_deg + outside.lat_deg) / 2
        )
        if kode_at(zones, middle) == KOTA:
            inside = middle
        else:
            outside = middle
    return inside


def kode_at(zones: ZoneIndex, place: Position, radius_m: float = 1.0) -> KodeKabKota:
    return zones.jurisdiction(Circle(middle=place, radius_m=radius_m)).centre.kode


def given_at(place: Position, radius_m: float | None, source: FixSource, **said: object) -> GivenPosition:
    return GivenPosition(
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        radius_m=radius_m,
        confidence_share=None if radius_m is None else 0.95,
        source=source,
        method=FixMethod.UNKNOWN,
        **said,
    )


def aml_at(place: Position, radius_m: float, scene: Scene) -> str:
    top = scene.clock.now().strftime("%Y%m%d%H%M%S")
    where = f"lt={place.lat_deg:+.5f};lg={place.lon_deg:+.5f};rd={radius_m}"
    return f'A"ML=1;{where};top={top};lc=95;pm=G;mcc=510;mnc=10;ml=99'


def outcome(call: Call) -> tuple[type, str, Why]:
    assert call.choice is not None
    return type(call.jurisdiction), call.jurisdiction.centre.kode, call.choice.why


def test_a_caller_is_found_better_and_better_and_the_centre_follows(zones: ZoneIndex, border: Position) -> None:
    assert kode_at(zones, IN_TOWN) == KOTA
    assert kode_at(zones, IN_KANIGORO) == KAB
    scene = Scene()
    scene.desk = Desk(log=scene.log, zones=zones, board=scene.board, clock=scene.clock, ids=scene.next_id, kode=KOTA)
    rung = scene.rings("pbx-1")

    # The carrier knows the cell: it covers both sides.
    cell = scene.desk.add_position(rung.call_id, actor=DOOR, position=given_at(border, 3_000, FixSource.CELL))
    assert cell.jurisdiction is not None
    assert isinstance(cell.jurisdiction, Straddles)
    incident = scene.desk.open_incident(actor=SITI, call_id=rung.call_id, category="KEBAKARAN", priority=0)

    # AML comes twice, by SMS and by HTTPS: the caller stands 400 m inside Kota Blitar.
    scene.clock.wait(seconds=20)
    stands = next(
        place
        for bearing in range(0, 360, 10)
        if kode_at(zones, place := border.moved(bearing_deg=bearing, distance_m=400), 100) == KOTA
        and isinstance(zones.jurisdiction(Circle(middle=place, radius_m=100)), Inside)
    )
    text = aml_at(stands, 18, scene)
    scene.desk.receive_sms(actor=DOOR, channel=Channel.SMS, sender=NUMBER, text=text)
    scene.clock.wait(seconds=2)
    aml = scene.desk.receive_sms(
        actor=DOOR, channel=Channel.AML, sender=NUMBER, text=text.replace("ml=99", "ml=98")
    ).call
    assert aml.call_id == rung.call_id
    assert outcome(aml) == (Inside, KOTA, Why.SMALLEST)
    assert [one.why for one in aml.choice.judged] == [Why.MUCH_WIDER, Why.SMALLEST, Why.SAME_AS]
    assert scene.board.incident(incident.incident_id).jurisdiction == aml.jurisdiction, "the incident follows"

    # The link was forwarded: somebody in Kanigoro opens it, and it moves nothing by itself.
    scene.clock.wait(seconds=30)
    foreign = given_at(IN_KANIGORO, 6, FixSource.SMS_LINK, warnings=(f"dibuka di {OTHER_PHONE}",))
    link = scene.desk.add_position(rung.call_id, actor=DOOR, position=foreign)
    assert outcome(link) == (Inside, KOTA, Why.SMALLEST)
    [against] = link.choice.contradictions
    assert against.gap_m == pytest.approx(stands.distance_m(IN_KANIGORO) - 24, abs=5)

    # The caller names the place: the fire is there, in Kanigoro. The call taker types it.
    scene.clock.wait(seconds=40)
    typed = scene.desk.add_position(rung.call_id, actor=SITI, position=given_at(IN_KANIGORO, None, FixSource.TYPED))
    assert outcome(typed) == (Inside, KAB, Why.NEWEST_TYPED)
    assert len(typed.choice.contradictions) == 2, "cell and AML are far from what was typed, and the call taker sees it"
    assert len(typed.choice.agrees) == 1, "only whoever opened the link was there"
    assert scene.board.incident(incident.incident_id).jurisdiction.centre.kode == KAB

    # The same person presses the button of an app, later and on the way: one call still.
    scene.clock.wait(minutes=4)
    app = Actor(name="siaga-blitar", role="app")
    pressed = scene.desk.press_panic(
        actor=app,
        app_call_id="p-1",
        number=NUMBER,
        position=given_at(IN_KANIGORO.moved(bearing_deg=90, distance_m=300), 10, FixSource.APP),
    ).call
    assert pressed.call_id == rung.call_id
    assert outcome(pressed)[1:] == (KAB, Why.SMALLEST)
    assert pressed.fixes[0].recorded_at == NOW + timedelta(minutes=4, seconds=92)
    assert len(scene.board.calls()) == 1
    assert Scene(scene.log).board.calls() == scene.board.calls()
