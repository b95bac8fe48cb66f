"""The question of a border call over HTTP, from the position to the answer and back."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from geo112.api.answers import CallOut, IncidentOut, JurisdictionOut

BORDER = {"lat_deg": -8.1, "lon_deg": 112.2, "radius_m": 400.0, "confidence_share": 0.68}
KEYS = ["text", "text_en", "kind", "place", "lat_deg", "lon_deg", "gain_bits", "if_yes", "if_no"]


@pytest.fixture
def desk(as_user: Callable[[str], TestClient]) -> TestClient:
    return as_user("siti")


def take(desk: TestClient, **position: Any) -> dict[str, Any]:
    answer = desk.post("/api/v1/calls", json={"number": "+6281234567890", "position": BORDER | position})
    assert answer.status_code == 201, answer.text
    return told(answer)


def told(answer: Any) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert CallOut.model_validate(body)
    return body


def reply(desk: TestClient, call: dict[str, Any], said: str | None, *, question_n: int | None = None) -> dict[str, Any]:
    n = call["jurisdiction"]["question"]["n"] if question_n is None else question_n
    answer = desk.post(f"/api/v1/calls/{call['call_id']}/answers", json={"question_n": n, "reply": said})
    assert answer.status_code == 201, answer.text
    return told(answer)


def shares(decision: dict[str, Any]) -> dict[str, float]:
    return {one["kode"]: one["share"] for one in decision["shares"]}


def test_a_border_call_tells_what_to_ask_and_what_either_answer_would_make(desk: TestClient) -> None:
    call = take(desk)
    question = call["jurisdiction"]["question"]
    assert list(question) == ["n", *KEYS]
    assert question["text"].startswith("Apakah Bapak/Ibu di ")
    assert question["gain_bits"] > 0.05
    assert call["answers"] == []
    assert call["jurisdiction"]["before_answers"] is None
    yes = {one["kode"]: one["share"] for one in question["if_yes"]}
    after = reply(desk, call, "ya")
    assert shares(after["jurisdiction"]["decision"]) == pytest.approx(yes)
    assert after["jurisdiction"]["before_answers"] == call["jurisdiction"]["decision"]
    assert after["jurisdiction"]["shares"] == call["jurisdiction"]["shares"]
    said = after["answers"][0]
    assert (said["question_n"], said["reply"], said["by"]) == (question["n"], "ya", "siti")
    assert (said["text"], said["place"]) == (question["text"], question["place"])


def test_an_answer_is_corrected_and_taken_back_by_its_question(desk: TestClient) -> None:
    call = take(desk)
    n = call["jurisdiction"]["question"]["n"]
    yes = reply(desk, call, "ya")
    no = reply(desk, call, "tidak", question_n=n)
    assert shares(yes["jurisdiction"]["decision"]) != shares(no["jurisdiction"]["decision"])
    assert [one["reply"] for one in no["answers"]] == ["tidak"]
    back = reply(desk, call, None, question_n=n)
    assert back["jurisdiction"]["decision"] == call["jurisdiction"]["decision"]
    assert [one["reply"] for one in back["answers"]] == [None]


def test_not_knowing_moves_nothing_and_brings_another_question(desk: TestClient) -> None:
    call = take(desk)
    after = reply(desk, call, "tidak_tahu")
    assert after["jurisdiction"]["decision"] == call["jurisdiction"]["decision"]
    assert after["jurisdiction"]["question"]["text"] != call["jurisdiction"]["question"]["text"]


def test_a_question_that_is_not_asked_any_more_is_a_conflict(desk: TestClient) -> None:
    call = take(desk)
    path = f"/api/v1/calls/{call['call_id']}/answers"
    answer = desk.post(path, json={"question_n": call["n"] + 100, "reply": "ya"})
    assert (answer.status_code, answer.json()["field"]) == (409, "question_n")
    n = call["jurisdiction"]["question"]["n"]
    for body in (
        {"question_n": n},
        {"question_n": n, "reply": "mungkin"},
        {"reply": "ya"},
        {"question_n": 0, "reply": "ya"},
    ):
        assert desk.post(path, json=body).status_code == 422
    assert desk.get(f"/api/v1/calls/{call['call_id']}").json() == call
    assert desk.post("/api/v1/calls/tidak-ada/answers", json={"question_n": 1, "reply": "ya"}).status_code == 404


def test_a_call_clear_of_the_border_has_no_question(desk: TestClient) -> None:
    assert take(desk, lon_deg=112.15, radius_m=50.0)["jurisdiction"]["question"] is None


def test_an_incident_shows_what_the_answers_made_of_its_call(desk: TestClient) -> None:
    call = take(desk)
    body = {"call_id": call["call_id"], "category": "KEBAKARAN", "priority": 1, "note": ""}
    incident = desk.post("/api/v1/incidents", json=body).json()
    after = reply(desk, call, "tidak")
    state = desk.get("/api/v1/state").json()
    shown = next(one for one in state["incidents"] if one["incident_id"] == incident["incident_id"])
    assert IncidentOut.model_validate(shown)
    assert shown["jurisdiction"]["decision"] == after["jurisdiction"]["decision"]


@pytest.mark.parametrize("way", ["get", "post"])
def test_resolve_asks_too_and_only_on_a_border(desk: TestClient, way: str) -> None:
    def resolved(place: dict[str, float]) -> dict[str, Any]:
        path = "/api/v1/resolve"
        answer = desk.get(path, params=place) if way == "get" else desk.post(path, json=place)
        assert answer.status_code == 200, answer.text
        assert JurisdictionOut.model_validate(answer.json())
        body: dict[str, Any] = answer.json()
        return body

    assert list(resolved(BORDER)["question"]) == KEYS
    assert resolved(BORDER | {"lon_deg": 112.15, "radius_m": 50.0})["question"] is None
