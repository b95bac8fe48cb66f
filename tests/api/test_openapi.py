"""The description of the interface: complete, and true of what is answered."""

from collections.abc import Callable

from api_words import AML, AT_SEA
from fastapi.testclient import TestClient

from geo112.api import answers
from geo112.wiring import Centre


def test_every_operation_is_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["info"]["title"] == "geo112"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (method, path)
            problem = operation["responses"]["default"]["content"]
            assert "ProblemOut" in str(problem), (method, path)
    models = set(described["components"]["schemas"])
    assert {"CallOut", "IncidentOut", "JurisdictionOut", "PositionIn", "SmsIn", "PbxIn", "StateOut"} <= models
    assert all(
        model["additionalProperties"] is False
        for name, model in described["components"]["schemas"].items()
        if name.endswith("In")
    )


def test_answers_are_exactly_as_described(
    as_user: Callable[[str], TestClient], centre: Centre, sms_key: dict[str, str]
) -> None:
    client = as_user("siti")
    client.post("/api/v1/sms", json={"sender": "+62811", "text": AML}, headers=sms_key)
    client.post("/api/v1/sms", json={"sender": "+62812", "text": "tolong"}, headers=sms_key)
    call = client.post("/api/v1/calls", json={"position": AT_SEA}).json()
    client.post("/api/v1/incidents", json={"call_id": call["call_id"], "category": "MEDIS", "priority": 0})
    state = client.get("/api/v1/state").json()
    assert answers.StateOut.model_validate(state)
    assert {len(state["calls"]), len(state["incidents"])} == {3, 1}
    for path, model in (
        ("/api/v1/session", answers.SessionOut),
        ("/api/v1/calls", answers.CallsOut),
        ("/api/v1/incidents", answers.IncidentsOut),
        ("/api/v1/map", answers.MapOut),
        ("/readyz", answers.ReadyOut),
    ):
        assert model.model_validate(client.get(path).json())
    assert answers.UsersOut.model_validate(as_user("dewi").get("/api/v1/users").json())
