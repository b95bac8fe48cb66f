import json
from dataclasses import replace
from hashlib import sha256

import pytest
from told import CALL, DOOR, NOW, chain_of, located, received

from geo112.core.codes import PersonRef
from geo112.core.errors import StorageError
from geo112.incidents.chain import Draft, canonical, event_hash, verify
from geo112.incidents.events import CallAnswered, CallRinging, Recorded


def three() -> list[Recorded]:
    return chain_of(received(), CallRinging(call=CALL), CallAnswered(call=CALL, by="siti"))


def test_a_whole_chain_gives_its_head() -> None:
    events = three()
    assert verify(events) == (3, events[-1].hash)
    assert verify(events, head=(3, events[-1].hash)) == (3, events[-1].hash)


def test_an_empty_log_is_whole() -> None:
    assert verify([], head=(0, "")) == (0, "")


def test_the_hash_covers_everything_but_itself() -> None:
    one = chain_of(received(), located())[1]
    said = json.loads(canonical(one))
    assert set(said) == {"actor", "at", "body", "call_id", "incident_id", "kind", "n", "prev_hash", "role"}
    assert said["body"] == json.loads(one.body_json)
    assert canonical(one) == json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert event_hash(one) == sha256(canonical(one).encode()).hexdigest() == one.hash


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW},
        {"actor": DOOR},
        {"event": CallRinging(call=CALL, person=PersonRef("x"))},
        {"body_json": '{"at":null,"call":"other","person":null}'},
        {"prev_hash": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_is_found(change: dict[str, object]) -> None:
    events = three()
    if "event" in change:
        change = {**change, "body_json": Draft.of(change["event"], at=NOW, actor=DOOR).body_json}
    events[1] = replace(events[1], **change)
    with pytest.raises(StorageError, match="event 2 was changed"):
        verify(events)


def test_a_removed_event_is_found() -> None:
    events = three()
    del events[1]
    with pytest.raises(StorageError, match="event 2 is missing") as found:
        verify(events)
    assert found.value.facts == {"n": 2}


def test_events_in_another_order_are_found() -> None:
    first, second, third = three()
    with pytest.raises(StorageError, match="event 2 is missing"):
        verify([first, third, second])


def test_an_end_that_was_cut_off_is_found() -> None:
    events = three()
    with pytest.raises(StorageError, match="ends at event 2, its head says 3"):
        verify(events[:2], head=(3, events[-1].hash))


def test_a_chain_written_anew_after_a_change_does_not_have_the_old_head() -> None:
    forged = chain_of(received(simulated=True), CallRinging(call=CALL), CallAnswered(call=CALL, by="siti"))
    with pytest.raises(StorageError, match="ends at event 3"):
        verify(forged, head=(3, three()[-1].hash))
