"""The door for citizen apps over HTTP."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from api_centre import MovableClock, new_client
from api_words import AT_SEA, IN_KAB, IN_KOTA
from fastapi.testclient import TestClient

from geo112.api.answers import CallOut, PanicOut
from geo112.core.roles import Scope
from geo112.wiring import Centre

NUMBER = "+6281234567890"
Keys = dict[str, str]


def press(client: TestClient, key: Keys, **said: object) -> tuple[int, dict[str, object]]:
    body = {"app_call_id": "p-1", "number": NUMBER, **said}
    answer = client.post("/api/v1/apps/panic", json=body, headers=key)
    if answer.status_code in (200, 201):
        PanicOut.model_validate(answer.json())
    return answer.status_code, answer.json()


def follow(client: TestClient, key: Keys, **said: object) -> tuple[int, dict[str, object]]:
    answer = client.post("/api/v1/apps/panic/p-1/positions", json=said, headers=key)
    return answer.status_code, answer.json()


def test_a_panic_button_waits_on_the_board_with_its_place(
    as_user: Callable[[str], TestClient], app_key: Keys, pbx_key: Keys
) -> None:
    client = as_user("siti")
    status, answer = press(client, app_key, name="Budi", note="tolong", position={**IN_KOTA, "radius_m": 9.0})
    assert (status, answer["stored"], answer["state"], answer["kept"]) == (201, True, "waiting", "recorded")
    call = CallOut.model_validate(client.get(f"/api/v1/calls/{answer['call_id']}").json())
    assert (call.channel, call.channels, call.number, call.note) == ("app", ["app"], NUMBER, "Budi: tolong")
    assert (call.fix.source, call.why, call.jurisdiction.centre.kode) == ("APP", "only", "35.72")
    ring = {"event": "ringing", "pbx_call_id": "x-1", "number": "081234567890", "carrier": "XL"}
    assert client.post("/api/v1/pbx", json=ring, headers=pbx_key).json()["call_id"] == answer["call_id"]
    joined = CallOut.model_validate(client.get(f"/api/v1/calls/{answer['call_id']}").json())
    assert (joined.state, joined.channels, joined.carrier) == ("ringing", ["app", "pbx"], "XL")


def test_the_same_id_again_is_the_same_call(client: TestClient, centre: Centre, app_key: Keys) -> None:
    first = press(client, app_key)
    n = centre.log.head()[0]
    assert press(client, app_key) == (200, first[1])
    assert centre.log.head()[0] == n


def test_positions_follow_and_the_answer_says_what_became_of_them(
    as_user: Callable[[str], TestClient], clock: MovableClock, app_key: Keys
) -> None:
    client = as_user("siti")
    _, pressed = press(client, app_key, position={**IN_KOTA, "radius_m": 9.0})
    assert follow(client, app_key, **IN_KAB, radius_m=9.0)[1]["kept"] == "too_often"
    clock.ahead += timedelta(seconds=240)
    taken_at = clock.now().isoformat()
    assert follow(client, app_key, **IN_KAB, radius_m=9.0, method="gnss", taken_at=taken_at)[0] == 201
    call = CallOut.model_validate(client.get(f"/api/v1/calls/{pressed['call_id']}").json())
    assert (call.why, call.jurisdiction.centre.kode) in (("moved", "35.05"), ("smallest", "35.05"))
    assert [one.status for one in call.fixes].count("used") == 1
    clock.ahead += timedelta(seconds=2)
    assert follow(client, app_key, **IN_KAB, radius_m=12.0)[0:2] == (
        200,
        {"stored": True, "call_id": pressed["call_id"], "state": "waiting", "kept": "no_better"},
    )


@pytest.mark.parametrize(
    "fault", [{"confidence_share": 68.0}, {"radius_m": -5.0}, {"lat_deg": 112.1681, "lon_deg": -8.0983}]
)
def test_an_app_is_told_that_its_position_cannot_be_meant(
    as_user: Callable[[str], TestClient], clock: MovableClock, app_key: Keys, fault: dict[str, float]
) -> None:
    client = as_user("siti")
    wrong = {**IN_KOTA, "radius_m": 9.0, **fault}
    status, pressed = press(client, app_key, position=wrong)
    assert (status, pressed["kept"]) == (201, "refused")
    clock.ahead += timedelta(seconds=2)
    status, followed = follow(client, app_key, **wrong)
    assert (status, followed["kept"]) == (200, "refused")
    call = CallOut.model_validate(client.get(f"/api/v1/calls/{pressed['call_id']}").json())
    assert call.fix is None
    assert [one.field for one in call.refused] == [next(iter(fault))] * 2


def test_letting_go_ends_it(client: TestClient, app_key: Keys) -> None:
    press(client, app_key)
    for _ in range(2):
        answer = client.post("/api/v1/apps/panic/p-1/end", headers=app_key)
        assert (answer.status_code, answer.json()["state"]) == (200, "ended")


def test_what_was_never_pressed_is_not_found(client: TestClient, app_key: Keys) -> None:
    assert follow(client, app_key, **IN_KOTA)[0] == 404
    assert client.post("/api/v1/apps/panic/p-1/end", headers=app_key).status_code == 404


def test_each_app_has_its_own_ids(client: TestClient, centre: Centre, app_key: Keys) -> None:
    other = {"X-Api-Key": centre.accounts.add_key(name="lapor", scopes=[Scope.APP], now=centre.clock.now())}
    press(client, app_key)
    assert client.post("/api/v1/apps/panic/p-1/end", headers=other).status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"app_call_id": ""}, "app_call_id"),
        ({"position": {"lat_deg": -8.1}}, "lon_deg"),
        ({"position": {}}, "lat_deg"),
        ({"position": {**IN_KOTA, "source": "TYPED"}}, "position.source"),
        ({"position": {**IN_KOTA, "taken_at": "tadi"}}, "position.taken_at"),
        ({"colour": "red"}, "colour"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_another_form_is_refused_by_name(
    client: TestClient, centre: Centre, app_key: Keys, said: dict[str, object], field: str
) -> None:
    status, answer = press(client, app_key, **said)
    assert (status, answer["field"]) == (422, field)
    assert centre.log.head()[0] == 0


def test_a_place_that_cannot_be_meant_loses_no_call(as_user: Callable[[str], TestClient], app_key: Keys) -> None:
    client = as_user("siti")
    status, answer = press(client, app_key, position={"lat_deg": 112.1, "lon_deg": -8.1})
    call = CallOut.model_validate(client.get(f"/api/v1/calls/{answer['call_id']}").json())
    assert (status, call.fix, [one.field for one in call.refused]) == (201, None, ["lat_deg"])


def test_what_nobody_rang_for_is_gone_after_the_next_start(centre: Centre, clock: MovableClock, app_key: Keys) -> None:
    with new_client(centre) as client:
        _, answer = press(client, app_key, position=AT_SEA)
    clock.ahead += timedelta(hours=25)
    with new_client(centre):
        expired = centre.board.call(answer["call_id"])
        assert (expired.state, expired.end_reason) == ("ended", "expired")
        assert centre.log.find_people(number=NUMBER) == ()


def test_nobody_may_say_that_a_call_expired(as_user: Callable[[str], TestClient], app_key: Keys) -> None:
    client = as_user("siti")
    _, answer = press(client, app_key)
    refused = client.post(f"/api/v1/calls/{answer['call_id']}/end", json={"reason": "expired"})
    assert (refused.status_code, refused.json()["field"]) == (422, "reason")
