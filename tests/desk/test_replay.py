import pytest
from told import AML, IMEI, NUMBER, SITI, Scene

from geo112.desk.replay import lines, rows
from geo112.incidents.events import CallDisposition


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    call = scene.sms().call
    scene.desk.note(call.call_id, actor=SITI, category="KEBAKARAN")
    scene.desk.open_incident(actor=SITI, call_id=call.call_id, category="KEBAKARAN", priority=1)
    scene.desk.screen(call.call_id, actor=SITI, disposition=CallDisposition.NORMAL)
    return scene


def test_every_event_is_told_in_order(scene: Scene) -> None:
    told = list(rows(scene.log))
    assert [row["n"] for row in told] == [1, 2, 3, 4, 5, 6]
    assert [row["kind"] for row in told] == scene.kinds()
    assert told[0]["at"] == "2026-11-22T10:00:00Z"
    assert told[4]["incident_id"] == scene.board.incidents()[0].incident_id
    assert told[-1]["hash"] == scene.log.head()[1]
    assert [row["n"] for row in rows(scene.log, after=2, limit=2)] == [3, 4]


def test_a_line_says_who_did_what(scene: Scene) -> None:
    call_id = scene.board.calls()[0].call_id
    noted = list(lines(scene.log))[3]
    assert noted == (
        f'     4 2026-11-22T10:00:00Z siti/call_taker      CallNoted        {call_id} {{"category": "KEBAKARAN"}}'
    )


def test_nobody_is_named_unless_asked(scene: Scene) -> None:
    assert "person" not in next(rows(scene.log))
    told = "\n".join(lines(scene.log))
    assert NUMBER[3:] not in told
    assert IMEI not in told


def test_who_asks_sees_who_it_was(scene: Scene) -> None:
    told = list(rows(scene.log, with_people=True))
    assert told[0]["person"] == {"number": NUMBER}
    assert told[1]["person"]["raw_message"] == AML
    assert told[1]["person"]["imei"] == IMEI
    assert told[3]["person"] is None
    written = list(lines(scene.log, with_people=True))
    assert f'"number": "{NUMBER}"' in written[0]
    assert written[3] == list(lines(scene.log))[3]


def test_the_time_of_the_carrier_is_told(scene: Scene) -> None:
    scene.sms("tolong", received_at=scene.clock.now())
    assert list(rows(scene.log, with_people=True))[-2]["person"]["received_at"] == "2026-11-22T10:00:00Z"


def test_who_was_erased_is_not_told(scene: Scene) -> None:
    refs = [event.event.person for event in scene.log.read() if getattr(event.event, "person", None)]
    assert scene.log.erase_people(refs) == 2
    assert all(row["person"] is None for row in rows(scene.log, with_people=True))
