"""HELD over HTTP: who may ask, what is told, and references that lead to where the caller is now."""

import base64
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from api_centre import MakeCentre, MovableClock, new_client
from api_words import IN_KAB, IN_KOTA
from fastapi.testclient import TestClient
from grammars import require_valid
from lxml import etree

from geo112.api.held_calls import references_of
from geo112.core.codes import CallId
from geo112.core.roles import Scope
from geo112.desk.given import GivenPosition
from geo112.held.client import read_answer
from geo112.incidents.events import Actor, Channel, EndReason
from geo112.locate.fix import Located
from geo112.wiring import Centre

HELD = "urn:ietf:params:xml:ns:geopriv:held"
HELD_TYPE, PIDF_TYPE = "application/held+xml", "application/pidf+xml"
NUMBER = "+6281234567890"
KAMAILIO = {"Content-Type": "application/held+xml;charset=utf-8"}
BY = Actor(name="siti", role="call_taker")


def request(types: str | None = None, *, exact: bool = False, device: str | None = f"<uri>tel:{NUMBER}</uri>") -> str:
    asked = f'<locationType exact="{str(exact).lower()}">{types}</locationType>' if types else ""
    named = f'<device xmlns="{HELD}:id">{device}</device>' if device else ""
    return f'<locationRequest xmlns="{HELD}" responseTime="emergencyRouting">{asked}{named}</locationRequest>'


Ask = Callable[..., etree._Element]


@pytest.fixture
def ask(client: TestClient, held_key: dict[str, str]) -> Ask:
    """Asks as a machine that may, and gives the answer, valid and with the status 200."""

    def ask(types: str | None = None, **more: object) -> etree._Element:
        return valid(client.post("/held", content=request(types, **more), headers={**held_key, **KAMAILIO}))

    return ask


def valid(answer: object) -> etree._Element:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(HELD_TYPE)
    return require_valid(answer.content)


def new_call(client: TestClient, as_user: Callable[[str], TestClient], **more: object) -> CallId:
    answer = as_user("siti").post("/api/v1/calls", json={"number": NUMBER, **more})
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    return CallId(answer.json()["call_id"])


@pytest.fixture
def call(client: TestClient, as_user: Callable[[str], TestClient]) -> CallId:
    return new_call(client, as_user, position={**IN_KOTA, "radius_m": 30})


def reference_of(root: etree._Element) -> str:
    uri = root.findtext(f"{{{HELD}}}locationUriSet/{{{HELD}}}locationURI")
    assert uri is not None
    return uri


def code_of(root: etree._Element) -> str | None:
    assert etree.QName(root).localname == "error"
    return root.get("code")


def lat_of(content: bytes) -> float:
    reading = read_answer(content)
    assert isinstance(reading, Located), reading
    return reading.fix.area.middle.lat_deg


def test_nobody_without_a_key_is_told_anything(client: TestClient, call: CallId) -> None:
    answer = client.post("/held", content=request())
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert NUMBER not in answer.text
    assert "112.1" not in answer.text


def test_key_for_something_else_opens_nothing(client: TestClient, call: CallId, sms_key: dict[str, str]) -> None:
    assert client.post("/held", content=request(), headers=sms_key).status_code == 403


@pytest.mark.parametrize("octets", [66_000, 200_000])
def test_request_of_more_than_64_kb_is_told_in_words_of_held(
    client: TestClient, held_key: dict[str, str], octets: int
) -> None:
    long = request() + " " * octets
    assert code_of(valid(client.post("/held", content=long, headers=held_key))) == "xmlError"
    assert code_of(valid(client.post("/held/abc", content=long))) == "xmlError"


def test_request_of_more_than_64_kb_in_chunks_is_told_in_words_of_held(
    client: TestClient, held_key: dict[str, str]
) -> None:
    chunks = (b"<a>" * 1000 for _ in range(100))
    assert code_of(valid(client.post("/held", content=chunks, headers=held_key))) == "xmlError"


@pytest.mark.parametrize("kind", ["X-Api-Key", "Bearer", "Basic"])
def test_key_is_shown_in_three_ways(client: TestClient, call: CallId, held_key: dict[str, str], kind: str) -> None:
    token = held_key["X-Api-Key"]
    pair = base64.b64encode(f"kamailio:{token}".encode()).decode()
    headers = (
        {"X-Api-Key": token}
        if kind == "X-Api-Key"
        else {"Authorization": f"{kind} {pair if kind == 'Basic' else token}"}
    )
    assert etree.QName(valid(client.post("/held", content=request(), headers=headers))).localname == "locationResponse"


@pytest.mark.parametrize("shown", ["Basic !!!", "Basic ", "Basic YWJj", "Basic //79", "Digest x"])
def test_broken_key_is_no_key(client: TestClient, shown: str) -> None:
    assert client.post("/held", content=request(), headers={"Authorization": shown}).status_code == 401


def test_location_of_a_call(ask: Ask, call: CallId) -> None:
    root = ask("civic geodetic locationURI")
    assert [etree.QName(one).localname for one in root] == ["locationUriSet", "presence", "device"]
    assert lat_of(etree.tostring(root)) == IN_KOTA["lat_deg"]
    assert root.findtext(".//{*}uri") == f"tel:{NUMBER}"
    assert NUMBER not in etree.tostring(root.find("{*}presence")).decode()


@pytest.mark.parametrize(
    "device", [f"<msisdn>{NUMBER[1:]}</msisdn>", "<uri>tel:081234567890</uri>", f"<uri>sip:{NUMBER}@x</uri>"]
)
def test_caller_is_known_by_every_spelling_of_the_number(ask: Ask, call: CallId, device: str) -> None:
    assert ask("geodetic", device=device).find("{*}presence") is not None


def test_kinds_that_are_asked_for(ask: Ask, call: CallId) -> None:
    assert [etree.QName(one).localname for one in ask("geodetic", exact=True)] == ["presence", "device"]
    assert [etree.QName(one).localname for one in ask("locationURI", exact=True)] == ["locationUriSet", "device"]
    assert [etree.QName(one).localname for one in ask()] == ["locationUriSet", "presence", "device"]
    assert [etree.QName(one).localname for one in ask("civic")] == ["presence", "device"]


@pytest.mark.parametrize("types", ["civic", "geodetic civic"])
def test_address_cannot_be_had(ask: Ask, call: CallId, types: str) -> None:
    assert code_of(ask(types, exact=True)) == "cannotProvideLiType"


def test_number_without_a_call_is_not_locatable(ask: Ask, call: CallId) -> None:
    assert code_of(ask(device="<uri>tel:+628111111111</uri>")) == "notLocatable"


@pytest.mark.parametrize("device", ["<uri>tel:112</uri>", "<msisdn>000000</msisdn>"])
def test_number_that_names_no_single_telephone_is_not_locatable(ask: Ask, call: CallId, device: str) -> None:
    assert code_of(ask(device=device)) == "notLocatable"


def test_asker_itself_is_not_locatable(ask: Ask, call: CallId) -> None:
    assert code_of(ask(device=None)) == "notLocatable"


def test_names_of_two_telephones_are_refused(ask: Ask, call: CallId) -> None:
    two = f"<uri>tel:{NUMBER}</uri><msisdn>628111111111</msisdn>"
    assert code_of(ask(device=two)) == "badIdentifier"


def test_call_without_a_position(ask: Ask, client: TestClient, as_user: Callable[[str], TestClient]) -> None:
    call = new_call(client, as_user)
    assert code_of(ask("geodetic")) == "locationUnknown"
    assert code_of(ask("geodetic locationURI", exact=True)) == "locationUnknown"
    uri = reference_of(ask("geodetic locationURI"))
    assert code_of(valid(client.get(uri))) == "locationUnknown"
    as_user("siti").post(f"/api/v1/calls/{call}/fixes", json={**IN_KOTA, "radius_m": 30})
    assert lat_of(client.get(uri).content) == IN_KOTA["lat_deg"]


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"<x", "xmlError"), (b"<x/>", "unsupportedMessage"), (request("street").encode(), "requestError")],
)
def test_errors_ride_in_200(client: TestClient, held_key: dict[str, str], body: bytes, code: str) -> None:
    assert code_of(valid(client.post("/held", content=body, headers=held_key))) == code


def test_reference_leads_to_where_the_caller_is_now(
    ask: Ask, client: TestClient, call: CallId, as_user: Callable[[str], TestClient]
) -> None:
    uri = reference_of(ask("locationURI"))
    assert uri.startswith("http://127.0.0.1:8112/held/")
    assert lat_of(client.get(uri).content) == IN_KOTA["lat_deg"]
    as_user("siti").post(f"/api/v1/calls/{call}/fixes", json={**IN_KAB, "radius_m": 5})
    client.cookies.clear()
    root = valid(client.get(uri))
    assert [etree.QName(one).localname for one in root] == ["presence"]
    reading = read_answer(client.get(uri).content)
    assert isinstance(reading, Located)
    assert reading.fix.area.middle.lon_deg == IN_KAB["lon_deg"]


def test_reference_by_post(ask: Ask, client: TestClient, call: CallId) -> None:
    uri = reference_of(ask("locationURI"))
    for body in ("", request(device=None), request("geodetic civic locationURI")):
        assert [etree.QName(one).localname for one in valid(client.post(uri, content=body))] == ["presence"]
    assert (
        code_of(valid(client.post(uri, content=request("locationURI", exact=True, device=None))))
        == "cannotProvideLiType"
    )
    assert code_of(valid(client.post(uri, content="<x"))) == "xmlError"


@pytest.mark.parametrize(
    ("accept", "bare"),
    [
        ("application/pidf+xml,application/held+xml;q=0.5", True),
        ("application/pidf+xml", True),
        ("application/held+xml, application/pidf+xml;q=0.1", False),
        ("application/held+xml", False),
        ("application/pidf+xml;q=x", False),
        ("*/*", False),
    ],
)
def test_form_of_the_answer_is_negotiated(
    ask: Ask, client: TestClient, call: CallId, accept: str, *, bare: bool
) -> None:
    answer = client.get(reference_of(ask("locationURI")), headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(PIDF_TYPE if bare else HELD_TYPE)
    require_valid(answer.content, "pidf.xsd" if bare else "held.xsd")
    assert lat_of(answer.content) == IN_KOTA["lat_deg"]
    assert "private" in answer.headers["cache-control"]


def test_reference_ends(ask: Ask, client: TestClient, call: CallId, clock: MovableClock) -> None:
    uri = reference_of(ask("locationURI"))
    clock.ahead = timedelta(minutes=29)
    assert lat_of(client.get(uri).content) == IN_KOTA["lat_deg"]
    clock.ahead = timedelta(minutes=31)
    answer = client.get(uri, headers={"Accept": PIDF_TYPE})
    assert code_of(valid(answer)) == "locationUnknown"
    assert answer.headers["cache-control"] == "no-store"


def test_reference_of_a_call_that_is_not_on_record_leads_nowhere(client: TestClient, centre: Centre) -> None:
    until = centre.clock.now() + timedelta(minutes=5)
    token = references_of(centre.settings.folder).make(CallId("01a202b2-c500-7084-8fc1-72b5ac708ec7"), expires_at=until)
    assert code_of(valid(client.get(f"/held/{token}"))) == "locationUnknown"


def test_made_up_reference_leads_nowhere(client: TestClient) -> None:
    assert code_of(valid(client.get("/held/abc"))) == "locationUnknown"


def test_call_that_ended_long_ago_is_not_told(make_centre: MakeCentre, clock: MovableClock) -> None:
    centre = make_centre(held_reference_min=120)
    headers = {"X-Api-Key": centre.accounts.add_key(name="kamailio", scopes=[Scope.HELD], now=centre.clock.now())}
    place = GivenPosition(**IN_KOTA, radius_m=30.0)
    call = centre.desk.receive_call(actor=BY, channel=Channel.CONSOLE, number=NUMBER, position=place).call
    with new_client(centre) as client:
        uri = reference_of(valid(client.post("/held", content=request(), headers=headers)))
        centre.desk.end(call.call_id, actor=BY, reason=EndReason.CALLER_HUNG_UP)
        clock.ahead = timedelta(minutes=20)
        assert lat_of(client.post("/held", content=request("geodetic"), headers=headers).content) == IN_KOTA["lat_deg"]
        assert lat_of(client.get(uri).content) == IN_KOTA["lat_deg"]
        clock.ahead = timedelta(minutes=40)
        assert code_of(valid(client.post("/held", content=request(), headers=headers))) == "notLocatable"
        assert code_of(valid(client.get(uri))) == "locationUnknown"


def test_call_that_nobody_ended_is_forgotten_in_the_end(ask: Ask, call: CallId, clock: MovableClock) -> None:
    clock.ahead = timedelta(hours=3)
    assert ask("geodetic").find("{*}presence") is not None
    clock.ahead = timedelta(hours=5)
    assert code_of(ask("geodetic")) == "notLocatable"


def test_latest_call_of_a_number_counts(
    ask: Ask, client: TestClient, call: CallId, as_user: Callable[[str], TestClient], clock: MovableClock
) -> None:
    clock.ahead = timedelta(hours=1)
    new_call(client, as_user, position={**IN_KAB, "radius_m": 30})
    reading = read_answer(etree.tostring(ask("geodetic")))
    assert isinstance(reading, Located)
    assert reading.fix.area.middle.lon_deg == IN_KAB["lon_deg"]


def test_who_asked_is_kept_without_the_number(ask: Ask, call: CallId, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="geo112.held"):
        ask("geodetic")
    assert any("kamailio" in line and call in line for line in caplog.messages)
    assert NUMBER not in caplog.text


def test_every_answer_names_somebody_else(ask: Ask, call: CallId) -> None:
    names = {ask("geodetic").find("{*}presence").get("entity") for _ in range(3)}
    assert len(names) == 3


def test_public_address_stands_in_the_reference(make_centre: MakeCentre) -> None:
    centre = make_centre(public_url="https://112.example.go.id/")
    centre.desk.receive_call(actor=BY, channel=Channel.CONSOLE, number=NUMBER)
    token = centre.accounts.add_key(name="kamailio", scopes=[Scope.HELD], now=centre.clock.now())
    with new_client(centre) as client:
        root = valid(client.post("/held", content=request("locationURI"), headers={"X-Api-Key": token}))
    assert reference_of(root).startswith("https://112.example.go.id/held/")


def test_words_behind_the_address_are_let_be(client: TestClient, call: CallId, held_key: dict[str, str]) -> None:
    root = valid(client.post("/held?lang=id&lang=en", content=request(), headers=held_key))
    assert lat_of(client.get(f"{reference_of(root)}?x=1").content) == IN_KOTA["lat_deg"]
