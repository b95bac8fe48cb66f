"""What `geo112 replay` says behind a position: which one was acted on then, and why."""

import json

from told import AML, DOOR, NUMBER, Scene

from geo112.cli.centre.record import events_of, to_dict, to_line
from geo112.desk.given import GivenPosition
from geo112.locate.fix import FixSource


def test_each_position_is_followed_by_the_choice_of_that_moment() -> None:
    scene = Scene()
    scene.sms(AML)
    call = scene.rings("1")
    far = GivenPosition(lat_deg=-8.0, lon_deg=112.9, radius_m=4.0, confidence_share=0.95, source=FixSource.APP)
    scene.desk.add_position(call.call_id, actor=DOOR, position=far)
    replayed = list(events_of(scene.log, start=1, call=call.call_id))
    written = [json.loads(json.dumps(to_dict(one))) for one in replayed]
    first, second = (one for one in written if one["kind"] == "CallLocated")
    assert first["choice"] == {"fix_n": first["n"], "why": "only", "agrees": [], "contradictions": []}
    assert (second["choice"]["fix_n"], second["choice"]["why"]) == (second["n"], "smallest")
    (contradiction,) = second["choice"]["contradictions"]
    assert contradiction["fix_n"] == [first["n"], second["n"]]
    assert 70_000 < contradiction["gap_m"] < 90_000
    assert [one["kind"] for one in written if "choice" in one] == ["CallLocated", "CallLocated"]
    lines = [to_line(one) for one in replayed]
    assert "'why': 'smallest'" in lines[-1]
    assert NUMBER not in "".join(lines)
