"""Calls and incidents over HTTP."""

from collections.abc import Callable
from typing import get_args

import pytest
from api_centre import MakeCentre, new_client
from api_words import AML, AT_SEA, IN_KAB, IN_KOTA
from fastapi.testclient import TestClient

from geo112.api.answers import CallOut, CallsOut, IncidentOut, IncidentsOut, StateOut
from geo112.api.schemas import MessageIn
from geo112.locate.read import FORMATS
from geo112.wiring import Centre

NUMBER = "+6281234567890"


@pytest.fixture
def desk(as_user: Callable[[str], TestClient]) -> TestClient:
    return as_user("siti")


def take(client: TestClient, **said: object) -> dict[str, object]:
    answer = client.post("/api/v1/calls", json={"number": NUMBER, **said})
    assert answer.status_code == 201, answer.text
    return CallOut.model_validate(answer.json()) and answer.json()


def test_a_call_with_a_position_has_its_centre(desk: TestClient) -> None:
    call = take(
        desk, position={**IN_KOTA, "radius_m": 20.0, "confidence_share": 0.68}, note="Api", category="KEBAKARAN"
    )
    assert (call["number"], call["channel"], call["note"], call["category"]) == (NUMBER, "console", "Api", "KEBAKARAN")
    assert call["fix"] == call["fixes"][0]
    assert call["fix"]["radius_95_m"] == pytest.approx(33.0, abs=0.5)
    assert call["jurisdiction"]["outcome"] == "inside"
    assert call["jurisdiction"]["centre"] == {"kode": "35.72", "nama": "Kota Blitar"}
    assert desk.get(f"/api/v1/calls/{call['call_id']}").json() == call


def test_on_the_border_both_centres_have_their_share(desk: TestClient) -> None:
    place = take(desk, position={"lat_deg": -8.1, "lon_deg": 112.2, "radius_m": 50.0})["jurisdiction"]
    assert place["outcome"] == "straddles"
    shares = {share["kode"]: share["share"] for share in place["shares"]}
    assert shares == pytest.approx({"35.72": 0.475, "35.05": 0.475}, abs=0.01)
    assert sum(shares.values()) + place["outside_share"] + place["unknown_share"] == pytest.approx(1)


def test_at_sea_the_nearest_centre_is_named(desk: TestClient) -> None:
    place = take(desk, position=AT_SEA)["jurisdiction"]
    assert place["outcome"] == "outside"
    assert place["gap_m"] > 100_000
    assert place["nearest"]["kecamatan"]["kode"] in {"35.05.01", "35.72.02"}


def test_nobody_knows_yet_is_null(desk: TestClient) -> None:
    call = take(desk)
    assert call["fix"] is None
    assert call["jurisdiction"] is None
    assert call["fixes"] == []


def test_a_radius_that_nobody_stated_is_null(desk: TestClient) -> None:
    fix = take(desk, position=IN_KOTA)["fix"]
    assert (fix["shape"], fix["radius_m"], fix["radius_95_m"], fix["confidence_share"]) == ("Point", None, None, None)


@pytest.mark.parametrize(
    ("position", "field"),
    [
        ({"lat_deg": 112.15, "lon_deg": -8.1}, "lat_deg"),
        ({"lat_deg": 0.0, "lon_deg": 0.0}, "lat_deg"),
        ({"lat_deg": 52.5, "lon_deg": 13.4}, "lat_deg"),
        ({"lat_deg": -8.1, "lon_deg": 13.4}, "lon_deg"),
        ({**IN_KOTA, "radius_m": -5.0}, "radius_m"),
        ({**IN_KOTA, "radius_m": 5.0, "confidence_share": 68.0}, "confidence_share"),
    ],
)
def test_a_position_that_cannot_be_meant_is_refused_by_name_and_the_call_is_kept(
    desk: TestClient, position: dict[str, float], field: str
) -> None:
    call = take(desk, position=position)
    assert call["fix"] is None
    assert [one["field"] for one in call["refused"]] == [field]
    call = take(desk, number="+628999")
    answer = desk.post(f"/api/v1/calls/{call['call_id']}/fixes", json=position)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    kept = desk.get(f"/api/v1/calls/{call['call_id']}").json()
    assert [one["field"] for one in kept["refused"]] == [field]
    assert kept["fix"] is None


@pytest.mark.parametrize("bad", ['{"lat_deg": NaN, "lon_deg": 112.15}', '{"lat_deg": 1e999, "lon_deg": 112.15}'])
def test_not_a_number_is_refused_by_name(desk: TestClient, bad: str) -> None:
    call = take(desk)
    for path, text, field in (
        (f"/api/v1/calls/{call['call_id']}/fixes", bad, "lat_deg"),
        ("/api/v1/calls", f'{{"position": {bad}}}', "position.lat_deg"),
        ("/api/v1/resolve", bad, "lat_deg"),
    ):
        answer = desk.post(path, content=text, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lat_deg": "-8.1", "lon_deg": 112.15}, "lat_deg"),
        ({"lat_deg": False, "lon_deg": 112.15}, "lat_deg"),
        ({"lat_deg": -8.1}, "lon_deg"),
        ({**IN_KOTA, "accuracy": 5.0}, "accuracy"),
        ({**IN_KOTA, "source": "GUESS"}, "source"),
        ({**IN_KOTA, "taken_at": "2026-11-22T10:00:00"}, "taken_at"),
        ({**IN_KOTA, "taken_at": "0001-01-01T00:00:00+14:00"}, "taken_at"),
        ({**IN_KOTA, "taken_at": 5}, "taken_at"),
        ({"message": AML, "format": "morse"}, "format"),
        ({"message": AML, "lat_deg": 1.0}, "lat_deg"),
    ],
)
def test_wrong_types_and_unknown_fields_are_refused_by_name(
    desk: TestClient, body: dict[str, object], field: str
) -> None:
    call = take(desk)
    answer = desk.post(f"/api/v1/calls/{call['call_id']}/fixes", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_position_says_how_it_came(desk: TestClient) -> None:
    call = take(desk)
    said = {**IN_KAB, "radius_m": 9.0, "source": "APP", "method": "gnss", "taken_at": "2026-11-22T10:00:00+07:00"}
    fix = desk.post(f"/api/v1/calls/{call['call_id']}/fixes", json=said).json()["fix"]
    assert (fix["source"], fix["method"], fix["taken_at"]) == ("APP", "gnss", "2026-11-22T03:00:00Z")


@pytest.mark.parametrize(
    ("measures", "shape"),
    [
        ({"radius_m": 0.0}, "Point"),
        ({"semi_major_m": 90.0, "semi_minor_m": 20.0, "orientation_deg": 30.0}, "Ellipse"),
        ({"inner_m": 500.0, "outer_m": 578.0, "start_deg": 10.0, "opening_deg": 120.0}, "ArcBand"),
        ({"ring": [[112.12, -8.1], [112.13, -8.1], [112.13, -8.09], [112.12, -8.1]]}, "Polygon"),
    ],
)
def test_a_position_of_any_shape_reads_back_with_its_measures(
    desk: TestClient, measures: dict[str, object], shape: str
) -> None:
    said = measures if "ring" in measures else {**IN_KOTA, **measures}
    fix = take(desk, position=said)["fix"]
    assert (fix["shape"], fix["status"], fix["why"]) == (shape, "used", "only")
    if shape == "Point":
        assert (fix["radius_m"], fix["warnings"]) == (None, ["radius unknown"])
    elif shape != "Polygon":
        assert {name: fix[name] for name in measures} == measures
    else:
        assert sorted(map(tuple, fix["ring"][:-1])) == sorted(map(tuple, measures["ring"][:-1]))


def test_a_message_may_be_in_every_format_that_is_read() -> None:
    assert get_args(MessageIn.model_fields["format"].annotation) == FORMATS


def test_a_message_with_a_position_is_read(desk: TestClient) -> None:
    call = take(desk)
    answer = desk.post(f"/api/v1/calls/{call['call_id']}/fixes", json={"message": AML})
    assert answer.status_code == 201
    assert answer.json()["fix"]["source"] == "AML"
    assert answer.json()["jurisdiction"]["centre"]["kode"] == "35.72"


def test_a_message_without_sense_is_refused_and_kept(desk: TestClient) -> None:
    call = take(desk)
    answer = desk.post(f"/api/v1/calls/{call['call_id']}/fixes", json={"message": "tolong"})
    assert answer.status_code == 422
    refused = desk.get(f"/api/v1/calls/{call['call_id']}").json()["refused"]
    assert [one["understood"] for one in refused] == [False]


def test_the_same_reference_is_the_same_call(desk: TestClient) -> None:
    first = take(desk, external_ref="kartu-17")
    again = desk.post("/api/v1/calls", json={"number": NUMBER, "external_ref": "kartu-17"})
    assert (again.status_code, again.json()["call_id"]) == (200, first["call_id"])


def test_the_steps_of_a_call(desk: TestClient) -> None:
    call = take(desk)
    path = f"/api/v1/calls/{call['call_id']}"
    assert (call["state"], call["answered_by"], call["answered_at"]) == ("answered", "siti", call["received_at"])
    assert desk.post(f"{path}/answer").json() == call
    noted = desk.post(f"{path}/note", json={"category": "KECELAKAAN", "note": "dua motor"}).json()
    assert (noted["category"], noted["note"]) == ("KECELAKAAN", "dua motor")
    assert desk.post(f"{path}/note", json={"note": "tiga motor"}).json()["category"] == "KECELAKAAN"
    assert desk.post(f"{path}/disposition", json={"disposition": "normal"}).json()["disposition"] == "normal"
    ended = desk.post(f"{path}/end", json={"reason": "caller_hung_up"}).json()
    assert (ended["state"], ended["end_reason"]) == ("ended", "caller_hung_up")
    assert desk.post(f"{path}/end", json={"reason": "bored"}).json()["field"] == "reason"


def test_a_call_that_another_has_answered_is_a_conflict(as_user: Callable[[str], TestClient]) -> None:
    path = f"/api/v1/calls/{take(as_user('siti'))['call_id']}/answer"
    assert as_user("siti").post(path).status_code == 200
    answer = as_user("budi").post(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_an_incident_from_its_call_to_its_end(desk: TestClient) -> None:
    first, second = take(desk, position=IN_KOTA), take(desk, number="+62811111111")
    opened = desk.post(
        "/api/v1/incidents", json={"call_id": first["call_id"], "category": "KEBAKARAN", "priority": 1, "note": "Api"}
    )
    assert opened.status_code == 201
    incident = IncidentOut.model_validate(opened.json())
    assert (incident.number, incident.opened_by, incident.call_ids) == (1, "siti", [first["call_id"]])
    assert incident.fix is not None
    path = f"/api/v1/incidents/{incident.incident_id}"
    linked = desk.post(f"/api/v1/calls/{second['call_id']}/link", json={"incident_id": incident.incident_id})
    assert linked.json()["incident_id"] == incident.incident_id
    assert desk.get(path).json()["call_ids"] == [first["call_id"], second["call_id"]]
    closed = desk.post(f"{path}/close", json={"disposition": "selesai"}).json()
    assert (closed["state"], closed["disposition"]) == ("closed", "selesai")
    assert desk.post(f"{path}/close", json={"disposition": "prank"}).status_code == 409
    assert [one.incident_id for one in IncidentsOut.model_validate(desk.get("/api/v1/incidents").json()).incidents] == [
        incident.incident_id
    ]


@pytest.mark.parametrize("change", [{"priority": 4}, {"priority": "1"}, {"priority": True}, {"category": ""}])
def test_an_incident_that_cannot_be_meant_is_refused_by_name(desk: TestClient, change: dict[str, object]) -> None:
    body = {"call_id": take(desk)["call_id"], "category": "KEBAKARAN", "priority": 1, **change}
    answer = desk.post("/api/v1/incidents", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(change)))


@pytest.mark.parametrize("path", ["/api/v1/calls/tidak-ada", "/api/v1/incidents/tidak-ada"])
def test_what_is_not_there_is_404(desk: TestClient, path: str) -> None:
    answer = desk.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_lists_are_newest_first_and_as_long_as_asked(desk: TestClient) -> None:
    made = [take(desk, number=f"+6281{number:06}")["call_id"] for number in range(5)]
    listed = CallsOut.model_validate(desk.get("/api/v1/calls").json()).calls
    assert [call.call_id for call in listed] == made[::-1]
    assert len(desk.get("/api/v1/calls", params={"limit": 2}).json()["calls"]) == 2
    assert desk.get("/api/v1/calls", params={"limit": 0}).json()["field"] == "limit"


def test_the_state_is_whole(desk: TestClient, centre: Centre) -> None:
    call = take(desk, position=IN_KOTA)
    desk.post("/api/v1/incidents", json={"call_id": call["call_id"], "category": "MEDIS", "priority": 0})
    state = StateOut.model_validate(desk.get("/api/v1/state").json())
    assert state.n == centre.log.head()[0]
    assert [one.call_id for one in state.calls] == [call["call_id"]]
    assert state.calls[0].number == NUMBER
    assert state.incidents[0].call_ids == [call["call_id"]]
    assert not state.simulated


def test_in_a_simulation_every_call_says_so(make_centre: MakeCentre) -> None:
    with new_client(make_centre(simulation=True)) as client:
        client.post("/api/v1/login", json={"user": "siti", "password": "rahasia-sekali"})
        assert take(client)["simulated"]
        assert client.get("/api/v1/state").json()["simulated"]


def test_a_number_that_was_erased_is_gone_from_the_screens(desk: TestClient, centre: Centre) -> None:
    call = take(desk)
    person = centre.board.call(call["call_id"]).person
    centre.log.erase_people([person])
    assert desk.get(f"/api/v1/calls/{call['call_id']}").json()["number"] is None
