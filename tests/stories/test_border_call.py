"""A whole evening at one centre, told through the desk and a real file."""

from pathlib import Path

from told import AML, DOOR, NOW, NUMBER, SITI, Scene, straddles

from geo112.desk.desk import GivenPosition
from geo112.incidents.chain import verify
from geo112.incidents.events import Actor, CallDisposition, Channel, EndReason, IncidentClosed, IncidentDisposition
from geo112.incidents.fold import CallState, IncidentState
from geo112.locate.fix import FixSource
from geo112.store.sql import SqlLog

BUDI = Actor(name="budi", role="dispatcher")


def test_a_fire_on_the_border_from_the_first_ring_to_the_end(tmp_path: Path) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite3")
    scene = Scene(log)
    scene.zones.answer = straddles()

    ringing = scene.rings("pbx-1", number="081234567890")
    scene.clock.wait(seconds=4)
    answered = scene.desk.answer(ringing.call_id, actor=SITI)
    scene.clock.wait(seconds=2)
    message = scene.sms(AML, sender=NUMBER, received_at=NOW)
    assert message.call.call_id == ringing.call_id
    assert message.call.jurisdiction == straddles()

    scene.desk.note(answered.call_id, actor=SITI, category="KEBAKARAN", note="gudang di tepi batas kota")
    incident = scene.desk.open_incident(actor=BUDI, call_id=answered.call_id, category="KEBAKARAN", priority=0)

    neighbour = scene.rings("pbx-2", number="081234567899")
    typed = GivenPosition(lat_deg=-8.0990, lon_deg=112.1690, source=FixSource.TYPED)
    located = scene.desk.add_position(neighbour.call_id, actor=SITI, position=typed)
    assert located.fix.source is FixSource.TYPED
    scene.desk.link(neighbour.call_id, actor=SITI, incident_id=incident.incident_id)
    scene.desk.screen(neighbour.call_id, actor=SITI, disposition=CallDisposition.DUPLIKAT)
    for pbx_call_id in ("pbx-1", "pbx-2"):
        scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id=pbx_call_id, reason=EndReason.CALLER_HUNG_UP)
    scene.clock.wait(minutes=40)
    scene.desk.close_incident(incident.incident_id, actor=BUDI, disposition=IncidentDisposition.SELESAI)
    log.close()

    later = SqlLog.open(tmp_path / "centre.sqlite3")
    again = Scene(later)
    assert again.board.calls() == scene.board.calls()
    assert again.board.incidents() == scene.board.incidents()
    [closed] = again.board.incidents()
    assert (closed.number, closed.state, closed.call_ids) == (
        1,
        IncidentState.CLOSED,
        (ringing.call_id, neighbour.call_id),
    )
    assert {call.state for call in again.board.calls()} == {CallState.ENDED}
    told = list(later.read())
    assert [one.n for one in told] == list(range(1, len(told) + 1))
    assert isinstance(told[-1].event, IncidentClosed)
    verify(later.read(), head=later.head())
    later.close()


def test_a_silent_call_that_only_sent_its_position(tmp_path: Path) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite3")
    scene = Scene(log)
    waiting = scene.sms(AML).call
    assert waiting.state is CallState.WAITING
    taken = scene.desk.answer(waiting.call_id, actor=SITI)
    assert (taken.state, taken.fix.source) == (CallState.ANSWERED, FixSource.AML)
    scene.desk.screen(taken.call_id, actor=SITI, disposition=CallDisposition.GHOST)
    kept = scene.desk.receive_call(actor=SITI, channel=Channel.CONSOLE, number=NUMBER, note="menelepon balik").call
    assert kept.call_id != taken.call_id
    assert [call.disposition for call in scene.board.calls()] == [None, CallDisposition.GHOST]
    log.close()
