"""The door of Ichnaea: its form, its refusals, and nothing that a 112 centre must not take for a place."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from api_centre import MakeCentre, new_client
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.core.roles import Scope
from geo112.prepare.cells import Request, prepare_cells
from geo112.wiring import Centre

LIST = """radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal
LTE,510,1,1234,25600001,-1,112.15,-8.10,1200,95,1,0,0,0
LTE,510,1,1234,25600002,-1,112.16,-8.10,1200,95,1,0,0,0
UMTS,208,1,2,1234567,-1,112.15,-8.10,1200,95,1,0,0,0
"""
TOWER = {
    "radioType": "lte",
    "mobileCountryCode": 510,
    "mobileNetworkCode": 1,
    "locationAreaCode": 1234,
    "cellId": 25_600_001,
    "signalStrength": -60,
}
PATH = "/v1/geolocate"
NOT_FOUND = {
    "error": {
        "errors": [{"domain": "geolocation", "reason": "notFound", "message": "Not found"}],
        "code": 404,
        "message": "Not found",
    }
}
PARSE_ERROR = {
    "error": {
        "errors": [{"domain": "global", "reason": "parseError", "message": "Parse Error"}],
        "code": 400,
        "message": "Parse Error",
    }
}


def build(folder: Path, text: str = LIST) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "list.csv").write_text(text)
    request = Request(files=[folder / "list.csv"], out=folder)
    return prepare_cells(request, progress=lambda done, total: None).path


@pytest.fixture
def centre(make_centre: MakeCentre, tmp_path: Path) -> Centre:
    return make_centre(cells_file=build(tmp_path / "cells"))


def test_a_known_cell(client: TestClient) -> None:
    answer = client.post(PATH, json={"cellTowers": [TOWER]})
    assert answer.status_code == 200
    assert answer.json() == {"location": {"lat": -8.1, "lng": 112.15}, "accuracy": 1200.0}


def test_the_example_of_ichnaea(client: TestClient) -> None:
    tower = {"radioType": "wcdma", "mobileCountryCode": 208, "mobileNetworkCode": 1, "locationAreaCode": 2}
    answer = client.post(PATH, json={"cellTowers": [{**tower, "cellId": 1_234_567, "signalStrength": -60}]})
    assert (answer.status_code, answer.json()["accuracy"]) == (200, 1200.0)


def test_whatever_else_ichnaea_takes_is_let_be(client: TestClient) -> None:
    body = {
        "carrier": "Indosat",
        "considerIp": True,
        "homeMobileCountryCode": 510,
        "homeMobileNetworkCode": 1,
        "radioType": "lte",
        "bluetoothBeacons": [{"macAddress": "ff:23:45:67:89:ab"}],
        "cellTowers": [{**TOWER, "radioType": None, "psc": 5, "age": 500, "timingAdvance": 2, "asu": 7}],
        "wifiAccessPoints": [{"macAddress": "01:23:45:67:89:ab"}],
        "fallbacks": {"lacf": True, "ipf": True},
        "somethingNew": {"a": [1]},
    }
    answer = client.post(f"{PATH}?key=test", json=body)
    assert (answer.status_code, set(answer.json())) == (200, {"location", "accuracy"})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"considerIp": True},
        {"cellTowers": []},
        {"cellTowers": None},
        {"wifiAccessPoints": [{"macAddress": "01:23:45:67:89:ab"}, {"macAddress": "01:23:45:67:89:ac"}]},
        {"bluetoothBeacons": [{"macAddress": "ff:23:45:67:89:ab"}]},
        {"cellTowers": [{**TOWER, "cellId": 25_600_003}], "fallbacks": {"lacf": True, "ipf": True}},
        {"cellTowers": [{**TOWER, "cellId": 99_000_001}]},
        {"cellTowers": [{**TOWER, "cellId": None}]},
        {"cellTowers": [{**TOWER, "mobileNetworkCode": 10}]},
        {"cellTowers": [{**TOWER, "mobileCountryCode": 502}]},
        {"cellTowers": [{"radioType": "lte", "mobileCountryCode": 510}]},
        {"homeMobileCountryCode": 510, "homeMobileNetworkCode": 1, "considerIp": True},
    ],
)
def test_nothing_less_than_a_known_cell_is_a_place(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post(PATH, json=body, headers={"X-Forwarded-For": "36.64.0.1"})
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"5", b"null", b"\xff", b'{"cellTowers": 5}', b'{"cellTowers": [5]}', b"[" * 60_000,
     b'{"cellTowers": [{"mobileCountryCode": "x"}]}', b'{"a": 1, "a": 2}', b'{"a": NaN}'],
)  # fmt: skip
def test_what_is_no_request_is_a_parse_error(client: TestClient, body: bytes) -> None:
    answer = client.post(PATH, content=body)
    assert (answer.status_code, answer.json()) == (400, PARSE_ERROR)


def test_an_empty_body_is_nothing_found(client: TestClient) -> None:
    for body in (b"", b"  \n"):
        assert client.post(PATH, content=body).json() == NOT_FOUND


def test_a_packed_body(client: TestClient) -> None:
    packed = gzip.compress(json.dumps({"cellTowers": [TOWER]}).encode())
    headers = {"Content-Encoding": "gzip"}
    assert client.post(PATH, content=packed, headers=headers).status_code == 200
    for body in (packed[:-9], b"{}", gzip.compress(b" " * (2 << 20))):
        assert client.post(PATH, content=body, headers=headers).json() == PARSE_ERROR


def test_a_centre_without_cells_finds_nothing_until_they_are_built(make_centre: MakeCentre, tmp_path: Path) -> None:
    with new_client(make_centre(cells_file=tmp_path / "later" / "cells.geo112")) as client:
        assert client.post(PATH, json={"cellTowers": [TOWER]}).status_code == 404
        build(tmp_path / "later")
        assert client.post(PATH, json={"cellTowers": [TOWER]}).status_code == 200


def test_only_posts(client: TestClient) -> None:
    assert client.get(PATH).status_code == 405


def test_a_centre_may_ask_for_a_key(make_centre: MakeCentre, tmp_path: Path) -> None:
    centre = make_centre(cells_file=build(tmp_path / "cells"), geolocate_key_required=True)
    own = centre.accounts.add_key(name="peta", scopes=[Scope.GEOLOCATE], now=centre.clock.now())
    other = centre.accounts.add_key(name="sms", scopes=[Scope.SMS], now=centre.clock.now())
    with new_client(centre) as client:
        body = {"cellTowers": [TOWER]}
        assert client.post(f"{PATH}?key={own}", json=body).status_code == 200
        for headers in ({"X-Api-Key": own}, {"Authorization": f"Bearer {own}"}):
            assert client.post(PATH, json=body, headers=headers).status_code == 200
        for refused in (f"{PATH}?key={other}", f"{PATH}?key=x", f"{PATH}?key=", PATH):
            answer = client.post(refused, json=body)
            assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (400, "keyInvalid")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*TOWER, "cellTowers", "timingAdvance", "age"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=VALUES)
def test_any_json_has_an_answer(client: TestClient, body: object) -> None:
    assert client.post(PATH, json=body).status_code in (200, 400, 404)


def test_the_description_names_the_body(as_user: Callable[[str], TestClient]) -> None:
    described = as_user("siti").get("/openapi.json").json()["paths"][PATH]["post"]
    assert {"200", "400", "404"} <= set(described["responses"])
    assert "cellTowers" in described["requestBody"]["description"]


@pytest.mark.parametrize("query", ["?foo=1", "?key=test&language=id", "?key=a&key=b", "?="])
def test_words_behind_the_address_are_let_be(client: TestClient, query: str) -> None:
    answer = client.post(f"{PATH}{query}", json={"cellTowers": []})
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
