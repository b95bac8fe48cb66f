"""The doors for SMS gateways and telephone exchanges: nothing that is sent is lost."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from api_words import AML
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.api.answers import PbxOut, SmsOut
from geo112.api.routes.machines import text_of_hex
from geo112.core.roles import Scope
from geo112.wiring import Centre

SENDER = "+6285700002290"
AT = "2026-11-22T03:15:30Z"
Keys = dict[str, str]


def sms(client: TestClient, key: Keys, **said: object) -> tuple[int, dict[str, object]]:
    answer = client.post("/api/v1/sms", json={"sender": SENDER, "received_at": AT, **said}, headers=key)
    if answer.status_code in (200, 201):
        SmsOut.model_validate(answer.json())
    return answer.status_code, answer.json()


def test_a_location_message_becomes_a_waiting_call(
    as_user: Callable[[str], TestClient], centre: Centre, sms_key: Keys
) -> None:
    client = as_user("siti")
    status, answer = sms(client, sms_key, text=AML)
    assert (status, answer["stored"], answer["understood"], answer["reason"]) == (201, True, True, None)
    call = client.get(f"/api/v1/calls/{answer['call_id']}").json()
    assert (call["state"], call["channel"], call["number"]) == ("waiting", "sms", SENDER)
    assert call["jurisdiction"]["centre"]["kode"] == "35.72"


def test_the_same_message_again_is_no_new_call(client: TestClient, centre: Centre, sms_key: Keys) -> None:
    first = sms(client, sms_key, text=AML)
    n = centre.log.head()[0]
    assert sms(client, sms_key, text=AML) == (200, first[1])
    assert centre.log.head()[0] == n


def test_a_message_in_hex_is_the_same_message(client: TestClient, centre: Centre, sms_key: Keys) -> None:
    first = sms(client, sms_key, text=AML)
    assert sms(client, sms_key, hex=AML.encode().hex()) == (200, first[1])


@pytest.mark.parametrize(
    "said", [{"text": ""}, {"text": "tolong"}, {"hex": "00ff80fe"}, {"hex": "not hex"}, {"hex": ""}]
)
def test_what_is_not_understood_is_kept_all_the_same(
    client: TestClient, centre: Centre, sms_key: Keys, said: dict[str, str]
) -> None:
    status, answer = sms(client, sms_key, **said)
    assert (status, answer["stored"], answer["understood"]) == (201, True, False)
    assert answer["reason"]
    call = centre.board.call(answer["call_id"])
    assert call.refused
    texts = {person.raw_message for person in centre.log.find_people(number=SENDER)}
    assert set(said.values()) <= texts


def test_a_message_without_a_sender_is_kept(client: TestClient, sms_key: Keys) -> None:
    status, answer = sms(client, sms_key, sender="", text=AML)
    assert (status, answer["understood"]) == (201, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, None),
        ({"text": AML, "hex": "00"}, None),
        ({"text": 5}, "text"),
        ({"text": AML, "sender": 62857}, "sender"),
        ({"text": AML, "received_at": "yesterday"}, "received_at"),
        ({"text": AML, "colour": "red"}, "colour"),
        ({"text": "x" * 16_001}, "text"),
    ],
)
def test_another_form_is_refused_by_name(
    client: TestClient, centre: Centre, sms_key: Keys, change: dict[str, object], field: str | None
) -> None:
    status, answer = sms(client, sms_key, **change)
    assert (status, answer["field"]) == (422, field)
    assert centre.log.head()[0] == 0


@given(text=st.text(max_size=160), sender=st.text(max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_of_anybody_is_kept(client: TestClient, centre: Centre, sms_key: Keys, text: str, sender: str) -> None:
    status, answer = sms(client, sms_key, text=text, sender=sender)
    assert status in (200, 201)
    assert centre.board.call(answer["call_id"])


@given(data=st.binary(max_size=200))
def test_hex_of_text_is_text_and_all_else_stays_as_it_came(data: bytes) -> None:
    text = text_of_hex(data.hex())
    assert text in (data.hex(), data.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    "key", [{}, {"X-Api-Key": "wrong"}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}]
)
def test_without_the_right_key_nobody_sends(client: TestClient, key: Keys) -> None:
    assert sms(client, key, text=AML)[0] == 401


def test_a_key_that_was_taken_back_opens_nothing(client: TestClient, centre: Centre, clock, sms_key: Keys) -> None:
    assert sms(client, sms_key, text=AML)[0] == 201
    centre.accounts.remove_key(centre.accounts.keys()[0].key_id)
    clock.ahead += (clock.now() - clock.now()).resolution * 2_000_000
    assert sms(client, sms_key, text=AML)[0] == 401


def test_the_secret_of_a_key_is_kept_nowhere(centre: Centre) -> None:
    token = centre.accounts.add_key(name="gateway", scopes=[Scope.SMS], now=centre.clock.now())
    kept = b"".join(path.read_bytes() for path in centre.settings.folder.glob("centre.sqlite*"))
    assert token.encode() not in kept


def pbx(client: TestClient, key: Keys, event: str, **said: object) -> str:
    body = {"event": event, "pbx_call_id": "pabx-1", "number": SENDER, "at": AT, **said}
    answer = client.post("/api/v1/pbx", json=body, headers=key)
    assert answer.status_code == 200, answer.text
    return PbxOut.model_validate(answer.json()).call_id


def test_the_exchange_tells_a_call_from_ring_to_end(
    as_user: Callable[[str], TestClient], pbx_key: Keys, sms_key: Keys
) -> None:
    client = as_user("siti")
    call = pbx(client, pbx_key, "ringing")
    assert client.get(f"/api/v1/calls/{call}").json()["state"] == "ringing"
    assert sms(client, sms_key, text=AML)[1]["call_id"] == call, "the message joins the call of its number"
    assert pbx(client, pbx_key, "answered", agent="siti") == call
    assert pbx(client, pbx_key, "answered", agent="siti") == call
    assert pbx(client, pbx_key, "ended", reason="caller_hung_up") == call
    done = client.get(f"/api/v1/calls/{call}").json()
    assert (done["state"], done["answered_by"], done["end_reason"]) == ("ended", "siti", "caller_hung_up")
    assert done["fix"]["source"] == "AML"
    assert done["number"] == SENDER


@pytest.mark.parametrize(
    ("said", "recorded"),
    [
        ({"reason": "line_lost"}, "line_lost"),
        ({"reason": " LINE_LOST "}, "line_lost"),
        ({"reason": "normal"}, "unknown"),
        ({"reason": "NORMAL_CLEARING"}, "unknown"),
        ({"reason": "busy"}, "unknown"),
        ({"reason": "x" * 64}, "unknown"),
        ({"reason": ""}, "unknown"),
        ({"reason": None}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_reason_in_the_words_of_the_exchange_loses_no_end(
    client: TestClient, centre: Centre, pbx_key: Keys, said: dict[str, str], recorded: str
) -> None:
    call = pbx(client, pbx_key, "ringing")
    assert pbx(client, pbx_key, "ended", **said) == call
    ended = centre.board.call(call)
    assert (ended.state, ended.end_reason) == ("ended", recorded)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": "exploded"}, "event"),
        ({"pbx_call_id": ""}, "pbx_call_id"),
        ({"at": 1}, "at"),
        ({"reason": "x" * 65}, "reason"),
        ({"reason": 16}, "reason"),
    ],
)
def test_what_the_exchange_cannot_mean_is_refused_by_name(
    client: TestClient, pbx_key: Keys, change: dict[str, object], field: str
) -> None:
    body = {"event": "ringing", "pbx_call_id": "pabx-1", "number": SENDER, "at": AT, **change}
    answer = client.post("/api/v1/pbx", json=body, headers=pbx_key)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


PIDF = """<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="1"><status>
<geopriv xmlns="urn:ietf:params:xml:ns:pidf:geopriv10"><location-info>
<Circle xmlns="http://www.opengis.net/pidflo/1.0" srsName="urn:ogc:def:crs:EPSG::4326">
<pos xmlns="http://www.opengis.net/gml">-8.1 112.15</pos><radius uom="urn:ogc:def:uom:EPSG::9001">30</radius></Circle>
</location-info><usage-rules/></geopriv></status></tuple></presence>"""


def test_a_sip_call_brings_its_place_along(as_user: Callable[[str], TestClient], pbx_key: Keys) -> None:
    client = as_user("siti")
    call = pbx(client, pbx_key, "ringing", pidf=PIDF, geolocation="<cid:x@y>", carrier="Telkomsel", cells="")
    seen = client.get(f"/api/v1/calls/{call}").json()
    assert (seen["fix"]["source"], seen["why"], seen["carrier"]) == ("SIP", "only", "Telkomsel")
    assert seen["jurisdiction"]["centre"]["kode"] == "35.72"


@pytest.mark.parametrize(("header", "refusals"), [("<cid:x@y>", 0), ("<sip:x@y>", 1), (None, 0)])
def test_an_exchange_that_cannot_write_json_strings_sends_base64(
    as_user: Callable[[str], TestClient], pbx_key: Keys, header: str | None, refusals: int
) -> None:
    client = as_user("siti")
    coded = {"pidf": f"base64:{b64encode(PIDF.encode()).decode()}"}
    if header is not None:
        coded["geolocation"] = f"base64:{b64encode(header.encode()).decode()}"
    call = client.get(f"/api/v1/calls/{pbx(client, pbx_key, 'ringing', **coded)}").json()
    assert (call["fix"]["source"], len(call["refused"])) == ("SIP", refusals)


def test_ids_and_numbers_may_be_base64_too_and_stay_apart(as_user: Callable[[str], TestClient], pbx_key: Keys) -> None:
    def coded(said: bytes) -> str:
        return f"base64:{b64encode(said).decode()}"

    client = as_user("siti")
    plain = pbx(client, pbx_key, "ringing", pbx_call_id='a"\\b@10.0.0.1')
    assert (
        pbx(client, pbx_key, "answered", pbx_call_id=coded(b'a"\\b@10.0.0.1'), number=coded(b"085700002290")) == plain
    )
    # What is no text is told apart by its bytes.
    strange = [
        pbx(client, pbx_key, "ringing", pbx_call_id=coded(one), number="") for one in (b"\xff", b"\xfe", b"\xff")
    ]
    assert strange[0] == strange[2]
    assert len({plain, *strange}) == 3
    too_long = {"event": "ringing", "pbx_call_id": coded(b"x" * 201)}
    assert client.post("/api/v1/pbx", json=too_long, headers=pbx_key).status_code == 422


def test_a_part_in_another_code_hides_no_location(as_user: Callable[[str], TestClient], pbx_key: Keys) -> None:
    client = as_user("siti")
    isup = b"--b\r\nContent-Type: application/isup\r\n\r\n\x01\xff\xfe\r\n"
    body = isup + b"--b\r\nContent-Type: application/pidf+xml\r\n\r\n" + PIDF.encode() + b"\r\n--b--\r\n"
    call = pbx(client, pbx_key, "ringing", pidf=f"base64:{b64encode(body).decode()}")
    seen = client.get(f"/api/v1/calls/{call}").json()
    assert (seen["fix"]["source"], seen["refused"]) == ("SIP", [])


@pytest.mark.parametrize("coded", ["base64:", "base64:???", "base64:gICA", "base64:" + "A" * 50_000])
def test_base64_of_nothing_loses_no_call(client: TestClient, centre: Centre, pbx_key: Keys, coded: str) -> None:
    call = centre.board.call(pbx(client, pbx_key, "ringing", pidf=coded))
    assert (call.state, call.fix) == ("ringing", None)


def test_a_location_server_that_is_not_allowed_is_never_asked(
    as_user: Callable[[str], TestClient], pbx_key: Keys
) -> None:
    client = as_user("siti")
    call = pbx(client, pbx_key, "ringing", geolocation="<https://169.254.169.254/latest>", cells=["?"])
    refused = client.get(f"/api/v1/calls/{call}").json()["refused"]
    assert len(refused) == 2
    assert any("no host is allowed" in one["reason"] for one in refused)


def test_fixes_that_contradict_say_so(
    as_user: Callable[[str], TestClient], centre: Centre, pbx_key: Keys, sms_key: Keys
) -> None:
    client = as_user("siti")
    call = pbx(client, pbx_key, "ringing", pidf=PIDF)
    now = centre.clock.now().strftime("%Y%m%d%H%M%S")
    aml = AML.replace("112.15", "112.25").replace("20261122031530", now)
    assert sms(client, sms_key, text=aml)[1]["call_id"] == call
    seen = client.get(f"/api/v1/calls/{call}").json()
    by_source = {one["source"]: one for one in seen["fixes"]}
    [found] = seen["contradictions"]
    assert found["fix_n"] == sorted(one["n"] for one in seen["fixes"])
    assert found["gap_m"] == pytest.approx(10_970, abs=60)
    assert {one["status"] for one in by_source.values()} >= {"used"}
    assert seen["fix"]["n"] in found["fix_n"]
    typed = client.post(f"/api/v1/calls/{call}/fixes", json={"lat_deg": -8.1, "lon_deg": 112.151}).json()
    assert (typed["why"], typed["fix"]["source"]) == ("newest_typed", "TYPED")


def test_a_ring_is_not_lost_because_the_exchange_says_too_much(client: TestClient, pbx_key: dict[str, str]) -> None:
    call = pbx(client, pbx_key, "ringing", geolocation="<https://a.example/" + "x" * 9_000, carrier="T" * 200)
    assert call
