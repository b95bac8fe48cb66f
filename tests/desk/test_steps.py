import pytest
from told import DOOR, INCIDENT, NOW, NUMBER, SITI, Scene

from geo112.core.codes import CallId
from geo112.core.errors import BadInput, Conflict, NotFound
from geo112.incidents.apart import ref_apart
from geo112.incidents.events import Actor, CallDisposition, Channel, EndReason, IncidentDisposition
from geo112.incidents.fold import CallState, IncidentState
from geo112.incidents.ports import Person

BUDI = Actor(name="budi", role="dispatcher")


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def call_id(scene: Scene) -> CallId:
    return scene.rings().call_id


def opened(scene: Scene, call_id: CallId, *, category: str = "KEBAKARAN", priority: int = 1, note: str = ""):
    return scene.desk.open_incident(actor=BUDI, call_id=call_id, category=category, priority=priority, note=note)


def test_a_call_taker_answers_once(scene: Scene, call_id: CallId) -> None:
    call = scene.desk.answer(call_id, actor=SITI)
    assert (call.state, call.answered_by, call.answered_at) == (CallState.ANSWERED, "siti", NOW)
    assert scene.desk.answer(call_id, actor=SITI) == call
    with pytest.raises(Conflict, match="siti has answered"):
        scene.desk.answer(call_id, actor=BUDI)


def test_who_answered_at_the_exchange_without_a_name_may_say_so(scene: Scene, call_id: CallId) -> None:
    scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1")
    assert scene.desk.answer(call_id, actor=SITI).answered_by == "siti"


def test_a_dead_line_cannot_be_answered(scene: Scene, call_id: CallId) -> None:
    ended = scene.desk.end(call_id, actor=SITI, reason=EndReason.NOT_ANSWERED)
    assert (ended.state, ended.end_reason) == (CallState.ENDED, EndReason.NOT_ANSWERED)
    with pytest.raises(Conflict, match="line is down"):
        scene.desk.answer(call_id, actor=SITI)


def test_ending_twice_is_once(scene: Scene, call_id: CallId) -> None:
    first = scene.desk.end(call_id, actor=SITI, reason=EndReason.CALLER_HUNG_UP)
    assert scene.desk.end(call_id, actor=SITI, reason=EndReason.LINE_LOST) == first


def test_a_disposition_may_be_corrected(scene: Scene, call_id: CallId) -> None:
    prank = scene.desk.screen(call_id, actor=SITI, disposition=CallDisposition.PRANK)
    assert scene.desk.screen(call_id, actor=SITI, disposition=CallDisposition.PRANK) == prank
    assert scene.desk.screen(call_id, actor=SITI, disposition=CallDisposition.NORMAL).disposition == "normal"


def test_a_note_may_be_empty_but_a_category_may_not(scene: Scene, call_id: CallId) -> None:
    call = scene.desk.note(call_id, actor=SITI, category=" BANJIR ", note="dekat pasar")
    assert (call.category, call.note) == ("BANJIR", "dekat pasar")
    assert scene.desk.note(call_id, actor=SITI) == call
    assert scene.desk.note(call_id, actor=SITI, note="").note == ""
    with pytest.raises(BadInput, match="category"):
        scene.desk.note(call_id, actor=SITI, category="  ")


@pytest.mark.parametrize("number", [NUMBER, "081299998888", "+62 812-9999-7777", "(0342) 801 112", "0812 9999.5555"])
def test_the_words_of_a_note_with_a_number_stand_apart_from_the_log(scene: Scene, number: str) -> None:
    said = f"telepon anaknya {number}, di rumah"
    call = scene.desk.receive_call(actor=SITI, channel=Channel.CONSOLE, note=said).call
    incident = opened(scene, call.call_id, category=f"BANJIR {number}", note=said)
    again = scene.desk.note(call.call_id, actor=SITI, note=said, category=number)
    for note in (call.note, again.note, incident.note):
        ref = ref_apart(note)
        assert ref is not None
        assert scene.log.person(ref) == Person(ref=ref, raw_message=said)
    digits = "".join(filter(str.isdigit, number))[-6:]
    bodies = "".join("".join(filter(str.isdigit, one.body_json)) for one in scene.log.read() if "note" in one.body_json)
    assert digits not in bodies


def test_nobody_can_write_a_note_that_points_at_another_person(scene: Scene, call_id: CallId) -> None:
    note = scene.desk.note(call_id, actor=SITI, note=f"person:{scene.board.call(call_id).person}").note
    ref = ref_apart(note)
    assert ref is not None
    assert ref != scene.board.call(call_id).person


@pytest.mark.parametrize("note", ["rumah no 12, RT 03 RW 05", "api 2 lantai, jam 10.15", "Jl. Veteran 112, lampu 7"])
def test_a_note_without_a_telephone_number_stays_as_written(scene: Scene, call_id: CallId, note: str) -> None:
    assert scene.desk.note(call_id, actor=SITI, note=note).note == note


def test_a_note_stays_as_written_when_the_caller_was_erased(scene: Scene, call_id: CallId) -> None:
    scene.log.erase_people([scene.board.call(call_id).person])
    assert scene.desk.note(call_id, actor=SITI, note="dekat pasar").note == "dekat pasar"


def test_incidents_are_numbered_from_one(scene: Scene, call_id: CallId) -> None:
    first = opened(scene, call_id, category=" KEBAKARAN ", note="asap")
    second = opened(scene, scene.rings("pbx-2").call_id, priority=3)
    assert (first.number, second.number) == (1, 2)
    assert (first.category, first.priority, first.note, first.opened_by) == ("KEBAKARAN", 1, "asap", "budi")
    assert first.incident_id.endswith("@35.72")
    assert scene.board.call(call_id).incident_id == first.incident_id
    assert [one.number for one in Scene(scene.log).board.incidents()] == [2, 1]


@pytest.mark.parametrize("priority", [-1, 4])
def test_a_priority_is_from_0_to_3(scene: Scene, call_id: CallId, priority: int) -> None:
    with pytest.raises(BadInput, match="priority"):
        opened(scene, call_id, priority=priority)


def test_an_incident_has_a_category(scene: Scene, call_id: CallId) -> None:
    with pytest.raises(BadInput, match="category"):
        opened(scene, call_id, category="")


def test_a_call_is_about_one_incident(scene: Scene, call_id: CallId) -> None:
    opened(scene, call_id)
    with pytest.raises(Conflict, match="already"):
        opened(scene, call_id)


def test_calls_about_the_same_thing_are_linked(scene: Scene, call_id: CallId) -> None:
    incident = opened(scene, call_id)
    other = scene.rings("pbx-2").call_id
    linked = scene.desk.link(other, actor=SITI, incident_id=incident.incident_id)
    assert scene.desk.link(other, actor=SITI, incident_id=incident.incident_id) == linked
    assert scene.board.incident(incident.incident_id).call_ids == (call_id, other)
    with pytest.raises(NotFound, match="incident_id"):
        scene.desk.link(other, actor=SITI, incident_id=INCIDENT)


def test_an_incident_closes_once(scene: Scene, call_id: CallId) -> None:
    incident_id = opened(scene, call_id).incident_id
    closed = scene.desk.close_incident(incident_id, actor=BUDI, disposition=IncidentDisposition.SELESAI)
    assert (closed.state, closed.disposition, closed.closed_at) == (IncidentState.CLOSED, "selesai", NOW)
    assert scene.desk.close_incident(incident_id, actor=BUDI, disposition=IncidentDisposition.SELESAI) == closed
    with pytest.raises(Conflict, match="closed as selesai"):
        scene.desk.close_incident(incident_id, actor=BUDI, disposition=IncidentDisposition.PRANK)
    with pytest.raises(Conflict, match="incident is closed"):
        scene.desk.link(scene.rings("pbx-2").call_id, actor=SITI, incident_id=incident_id)


def test_steps_on_an_unknown_call_are_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound, match="call_id"):
        scene.desk.answer(CallId("nobody"), actor=SITI)
    with pytest.raises(NotFound, match="incident_id"):
        scene.desk.close_incident(INCIDENT, actor=SITI, disposition=IncidentDisposition.SELESAI)


def test_a_desk_sees_what_another_desk_on_the_same_log_did(scene: Scene, call_id: CallId) -> None:
    other = Scene(scene.log)
    scene.desk.answer(call_id, actor=SITI)
    with pytest.raises(Conflict, match="siti has answered"):
        other.desk.answer(call_id, actor=BUDI)
