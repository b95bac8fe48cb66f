"""What identifies a caller never stands in the log."""

import re
from contextlib import suppress
from hashlib import sha256

import pytest
from intake_words import NO_POSITION, received
from told import AML, DOOR, IMEI, IMSI, NUMBER, SITI, Scene

from geo112.core.errors import BadMessage
from geo112.incidents.chain import verify
from geo112.incidents.events import Channel


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_no_body_ever_holds_what_identifies_a_caller(scene: Scene) -> None:
    texts = [AML, NO_POSITION, f"tolong {NUMBER}", f'A"ML=1;ei={IMEI}X;imei {IMEI};lt=q', f"{IMSI} {IMEI}", AML[:60]]
    for text in texts:
        scene.sms(text)
    call = scene.rings(f"sip:{NUMBER}@192.0.2.1")
    received(
        scene, channel=Channel.SPOOL, number=NUMBER, message=AML, external_ref=NUMBER, note="hubungi 0812-3456-7890"
    )
    scene.desk.note(call.call_id, actor=SITI, note=f"nomor {NUMBER}")
    scene.desk.open_incident(actor=SITI, call_id=call.call_id, category="A", priority=0, note="0812 3456 7890")
    for text in (*texts, f"-8.1, 112.1, {IMEI}"):
        with suppress(BadMessage):
            scene.desk.add_message(call.call_id, actor=SITI, text=text)
    events = list(scene.log.read())
    assert len(events) > 30
    for one in events:
        for secret in (NUMBER[3:], IMEI, IMSI, AML, "0812-3456", "0812 3456"):
            assert secret not in one.body_json
    verify(events, head=scene.log.head())


def test_an_id_that_holds_the_number_leaves_no_trace_of_it_in_any_body(scene: Scene) -> None:
    digits = NUMBER.removeprefix("+")
    ids = (NUMBER, digits, f"0{digits[2:]}", f"SIP/{NUMBER}-0001", f"{digits}@192.0.2.1", f"1763805600.{digits}")
    for number, one in enumerate(ids):
        # A message waits for the first ring; the second has a sender's id of its own; the others are new calls.
        if number == 0:
            scene.sms()
        elif number == 1:
            scene.clock.wait(hours=1)
            received(scene, channel=Channel.SPOOL, number=NUMBER, external_ref=one)
        scene.rings(one)
        scene.rings(one, number=None)
        scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id=one, agent="siti")
        scene.desk.pbx(actor=DOOR, event="ended", pbx_call_id=one)
        received(scene, channel=Channel.CONSOLE, external_ref=one)
    assert len(scene.board.calls()) == 2 * len(ids)
    hidden = [f"{before}{one}" for one in ids for before in ("", "pbx:", "spool:", "console:", "pbx\n")]
    traces = {sha256(one.encode()).hexdigest()[:12] for one in hidden} | {digits[2:]}
    for one in scene.log.read():
        assert [trace for trace in traces if trace in one.body_json] == []
        # No id of ours has so many digits in a row: nothing that looks like a digest, of whatever kind.
        assert re.search(r"[0-9A-Fa-f]{24}", one.body_json) is None


def test_an_agent_named_by_a_telephone_number_is_not_in_the_log(scene: Scene) -> None:
    scene.desk.pbx(actor=DOOR, event="answered", pbx_call_id="pbx-1", agent="081299992222")
    assert "99992222" not in "".join(one.body_json for one in scene.log.read())
