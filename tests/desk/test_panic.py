"""The track of a panic button: what is recorded, what is left out and why."""

from dataclasses import replace

import pytest
from told import NUMBER, SENTUL, SITI, Scene

from geo112.core.errors import BadInput, NotFound
from geo112.desk.desk import GivenPosition, Kept
from geo112.incidents.apart import ref_apart
from geo112.incidents.events import Actor, MessageReceived
from geo112.locate.fix import FixMethod, FixSource

APP = Actor(name="siaga-blitar", role="app")


def at(*, east_m: float = 0.0, radius_m: float | None = 12.0) -> GivenPosition:
    place = SENTUL.moved(bearing_deg=90, distance_m=east_m)
    return GivenPosition(
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        radius_m=radius_m,
        confidence_share=None if radius_m is None else 0.95,
        source=FixSource.APP,
        method=FixMethod.GNSS,
    )


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.desk.press_panic(actor=APP, app_call_id="p-1", number=NUMBER, position=at())
    return scene


def follow(scene: Scene, position: GivenPosition, *, after_s: float = 5.0) -> Kept | None:
    scene.clock.wait(seconds=after_s)
    return scene.desk.follow_panic(actor=APP, app_call_id="p-1", position=position).kept


def fixes(scene: Scene) -> int:
    return len(scene.board.calls()[0].fixes)


@pytest.mark.parametrize(
    ("position", "after_s", "kept"),
    [
        (at(), 5, Kept.NO_BETTER),
        (at(radius_m=15.0), 5, Kept.NO_BETTER),
        (at(radius_m=9.0), 5, Kept.RECORDED),
        (at(east_m=11), 5, Kept.NO_BETTER),
        (at(east_m=13), 5, Kept.RECORDED),
        (at(east_m=500, radius_m=80.0), 5, Kept.RECORDED),
        (at(radius_m=None), 5, Kept.NO_BETTER),
        (at(), 60, Kept.RECORDED),
        (at(radius_m=9.0), 0.9, Kept.TOO_OFTEN),
        (at(radius_m=9.0), 1.0, Kept.RECORDED),
    ],
)
def test_better_elsewhere_or_a_minute_later_is_recorded(
    scene: Scene, position: GivenPosition, after_s: float, kept: Kept
) -> None:
    assert follow(scene, position, after_s=after_s) is kept
    assert fixes(scene) == (2 if kept is Kept.RECORDED else 1)


def test_a_stated_uncertainty_is_better_than_none() -> None:
    scene = Scene()
    scene.desk.press_panic(actor=APP, app_call_id="p-1", position=at(radius_m=None))
    assert follow(scene, at(radius_m=90.0)) is Kept.RECORDED


def test_what_came_too_early_does_not_put_off_what_comes_next(scene: Scene) -> None:
    said = [follow(scene, at(radius_m=11.0 - n), after_s=0.5) for n in range(4)]
    assert said == [Kept.TOO_OFTEN, Kept.RECORDED, Kept.TOO_OFTEN, Kept.RECORDED]


def test_a_position_that_cannot_be_meant_is_recorded_and_refused(scene: Scene) -> None:
    assert follow(scene, replace(at(), lat_deg=112.1)) is Kept.REFUSED
    [refused] = scene.board.calls()[0].refused
    assert refused.field == "lat_deg"
    assert fixes(scene) == 1


def test_pressing_again_with_a_new_position_follows(scene: Scene) -> None:
    scene.clock.wait(seconds=3)
    again = scene.desk.press_panic(actor=APP, app_call_id="p-1", number=NUMBER, position=at(east_m=40))
    assert (again.new, again.kept, fixes(scene)) == (False, Kept.RECORDED, 2)
    assert scene.desk.press_panic(actor=APP, app_call_id="p-1").kept is None


@pytest.mark.parametrize("app_call_id", ["p-2", "", "p-1 "])
def test_a_button_that_was_never_pressed_is_not_found(scene: Scene, app_call_id: str) -> None:
    with pytest.raises(NotFound):
        scene.desk.follow_panic(actor=APP, app_call_id=app_call_id, position=at())
    with pytest.raises(NotFound):
        scene.desk.let_go_panic(actor=APP, app_call_id=app_call_id)


def test_another_app_has_no_say(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.desk.let_go_panic(actor=Actor(name="lain", role="app"), app_call_id="p-1")


def test_a_name_stands_apart_from_the_log() -> None:
    scene = Scene()
    call = scene.desk.press_panic(
        actor=APP, app_call_id="p-1", number=NUMBER, name="Budi Santoso", note="sesak napas", category="MEDIS"
    ).call
    ref = ref_apart(call.note)
    assert ref is not None
    assert scene.log.person(ref).raw_message == "Budi Santoso: sesak napas"
    assert "Budi" not in "".join(one.body_json for one in scene.log.read())


def test_a_category_alone_is_kept() -> None:
    scene = Scene()
    call = scene.desk.press_panic(actor=APP, app_call_id="p-1", category=" KEBAKARAN ").call
    assert (call.category, call.note) == ("KEBAKARAN", "")


def test_each_call_has_its_own_second(scene: Scene) -> None:
    for app_call_id in ("p-2", "p-3"):
        scene.clock.wait(seconds=0.6)
        scene.desk.press_panic(actor=APP, app_call_id=app_call_id, position=at())
    said = [
        scene.desk.follow_panic(actor=APP, app_call_id=one, position=at(radius_m=3.0)).kept
        for one in ("p-1", "p-2", "p-3")
    ]
    assert said == [Kept.RECORDED, Kept.TOO_OFTEN, Kept.TOO_OFTEN]


def test_what_a_call_taker_wrote_stays() -> None:
    scene = Scene()
    call = scene.rings("pbx-1")
    scene.desk.note(call.call_id, actor=SITI, category="KEBAKARAN", note="gudang")
    joined = scene.desk.press_panic(
        actor=APP, app_call_id="p-1", number=NUMBER, name="Budi", note="tolong", category="MEDIS"
    ).call
    assert (joined.call_id, joined.category, joined.note) == (call.call_id, "KEBAKARAN", "gudang")


def test_what_the_app_said_is_on_record_before_it_is_judged(scene: Scene) -> None:
    scene.zones.fault = ZeroDivisionError("a ring of no length")
    follow(scene, at(east_m=900))
    assert [one.reason for one in scene.board.calls()[0].refused] == [
        "this position could not be worked out (ZeroDivisionError)"
    ]
    assert sum(isinstance(one.event, MessageReceived) for one in scene.log.read()) == 2
    assert scene.board.unread() == {}


def test_a_position_without_a_place_is_refused_before_anything_is_recorded() -> None:
    with pytest.raises(BadInput):
        GivenPosition(lat_deg=-8.0).require_place()
