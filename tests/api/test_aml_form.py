"""The door for ELS forms: everything is answered as received, the right ones are kept, none twice."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
import pytest
from api_centre import MakeCentre, MovableClock, RunCentre, new_client
from api_words import BASE_URL
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.api.app import create_app
from geo112.api.els_door import MOST_AT_ONCE, MOST_PER_SECOND, FormKeeper
from geo112.api.routes.elsforms import ElsOut
from geo112.core.errors import SetupError
from geo112.incidents.events import Channel
from geo112.wiring import Centre

NUMBER = "+6281234567890"
FORM = {
    "v": "1",
    "emergency_number": "112",
    "source": "CALL",
    "time": "1795317300123",
    "location_latitude": "-8.10",
    "location_longitude": "112.15",
    "location_time": "1795317330500",
    "location_accuracy": "14.5",
    "location_confidence": "0.6827",
    "location_source": "gps",
    "device_number": NUMBER,
}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


def body(**changes: str | None) -> bytes:
    return urlencode({name: value for name, value in (FORM | changes).items() if value is not None}).encode()


def post(client: TestClient | httpx.Client, content: bytes, **headers: str) -> tuple[int, ElsOut]:
    answer = client.post("/aml", content=content, headers={**FORM_TYPE, **headers})
    return answer.status_code, ElsOut.model_validate(answer.json())


def kept(centre: Centre) -> int:
    centre.board.catch_up()
    return centre.log.head()[0]


def test_a_form_with_a_position_becomes_a_waiting_call(as_user: Callable[[str], TestClient], centre: Centre) -> None:
    client = as_user("siti")
    assert post(client, body()) == (201, ElsOut(stored=True, reason=None))
    (call,) = client.get("/api/v1/calls").json()["calls"]
    assert (call["state"], call["channel"], call["number"]) == ("waiting", "aml", NUMBER)
    assert (call["fix"]["source"], call["fix"]["radius_m"], call["fix"]["taken_at"]) == (
        "AML", 14.5, "2026-11-22T03:15:30.500Z",
    )  # fmt: skip
    assert call["jurisdiction"]["centre"]["kode"] == "35.72"
    assert body().decode() in {person.raw_message for person in centre.log.find_people(number=NUMBER)}


def test_it_joins_the_call_of_its_number(
    as_user: Callable[[str], TestClient], pbx_key: dict[str, str], sms_key: dict[str, str]
) -> None:
    client = as_user("siti")
    ringing = {"event": "ringing", "pbx_call_id": "1", "number": "081234567890", "at": "2026-11-22T03:15:00Z"}
    call = client.post("/api/v1/pbx", json=ringing, headers=pbx_key).json()["call_id"]
    assert post(client, body())[0] == 201
    aml = 'A"ML=1;lt=-8.10000;lg=112.15000;rd=14;top=20261122031530;lc=68;pm=G'
    assert client.post("/api/v1/sms", json={"sender": NUMBER, "text": aml}, headers=sms_key).json()["call_id"] == call
    assert len(client.get("/api/v1/calls").json()["calls"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"location_latitude": None, "location_longitude": None},
        {"location_latitude": "0", "location_longitude": "0"},
        {"location_latitude": "x"},
        {"location_latitude": "51.5", "location_longitude": "-0.1"},
    ],
)
def test_a_form_without_a_position_is_kept(client: TestClient, centre: Centre, changes: dict[str, str | None]) -> None:
    assert post(client, body(**changes)) == (202, ElsOut(stored=True, reason=None))
    assert len(centre.log.find_people(number=NUMBER)) > 0


def test_the_same_form_again_is_no_new_message(as_user: Callable[[str], TestClient], centre: Centre) -> None:
    client = as_user("siti")
    assert post(client, body())[0] == 201
    n = kept(centre)
    assert post(client, body())[0] == 208
    assert post(client, body(location_bearing="5", v=None))[0] == 208
    assert kept(centre) == n
    assert post(client, body(location_time="1795317331500"))[0] == 201
    assert post(client, body(source="SMS"))[0] == 201
    assert len(client.get("/api/v1/calls").json()["calls"]) == 1


def test_the_same_form_is_known_to_another_process(make_centre: MakeCentre) -> None:
    centre = make_centre()
    with new_client(centre) as first:
        assert post(first, body())[0] == 201
    with new_client(centre) as second:
        assert post(second, body())[0] == 208


def test_a_form_that_was_not_understood_may_come_again_mended(client: TestClient) -> None:
    assert post(client, body(location_latitude="x"))[0] == 202
    assert post(client, body())[0] == 201


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_form"), (b"tolong", "not_a_form"), (b'{"location_latitude": 1}', "not_a_form"),
        (b"-8.1,112.15", "not_a_form"), (b"\xff\x00\xfe", "not_a_form"), (b"a=1&b=2", "not_a_form"),
        (body() + b"\x00", "not_a_form"), (b"location_latitude=1\nx=2", "not_a_form"),
        (body() + b"&x=" + b"y" * 4096, "too_large"), (b"x" * 70_000, "too_large"), (b"x" * 1_000_000, "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_discarded(client: TestClient, centre: Centre, content: bytes, reason: str) -> None:
    assert post(client, content) == (200, ElsOut(stored=False, reason=reason))
    assert kept(centre) == 0


@pytest.mark.parametrize("content", [b"v=1&location_latitude=abc&location_longitude=1", b"v=1&emergency_number=112"])
def test_a_form_from_nobody_and_nowhere_opens_no_call(client: TestClient, centre: Centre, content: bytes) -> None:
    assert post(client, content) == (200, ElsOut(stored=False, reason="nobody_nowhere"))
    assert kept(centre) == 0
    assert post(client, content + b"&device_number=%2B6281234567890")[0] == 202


def test_no_more_is_kept_than_was_sent(client: TestClient, centre: Centre) -> None:
    sent = body() + b"&device_model="
    sent += b"\xff" * (4096 - len(sent))
    assert post(client, sent)[0] == 201
    texts = [person.raw_message for person in centre.log.find_people(number=NUMBER) if person.raw_message]
    assert [len(text.encode()) for text in texts] == [4096]


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"x" * 1000


def test_a_body_that_does_not_say_its_length(run_centre: RunCentre) -> None:
    one = run_centre()
    client = one.client()
    for size in (5_000, 200_000):
        answer = client.post("/aml", content=chunks(size), headers=FORM_TYPE)
        assert (answer.status_code, answer.json()["reason"]) == (200, "too_large")
    assert post(client, b"x" * 1_000_000) == (200, ElsOut(stored=False, reason="too_large"))
    assert post(client, body())[0] == 201
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "multipart/form-data", "x" * 200])
def test_the_type_of_the_body_is_not_asked(client: TestClient, kind: str) -> None:
    assert client.post("/aml", content=body(), headers={"Content-Type": kind}).status_code == 201


@pytest.mark.parametrize("query", ["?psap=blitar", "?a=1&a=2", "?", "?%ff"])
def test_a_query_changes_nothing(client: TestClient, query: str) -> None:
    assert client.post(f"/aml{query}", content=body(), headers=FORM_TYPE).status_code == 201


def test_a_page_of_another_site_writes_nothing(client: TestClient, centre: Centre) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        answer = client.post("/aml", content=body(), headers={**FORM_TYPE, **headers})
        assert (answer.status_code, answer.json()["reason"]) == (200, "foreign_page")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert kept(centre) == 0


def test_other_methods_are_no_form(client: TestClient) -> None:
    assert client.get("/aml").status_code == 405


def test_with_a_key_only_signed_forms_are_used(make_centre: MakeCentre, caplog: pytest.LogCaptureFixture) -> None:
    centre = make_centre(aml_hmac_key="kunci")
    assert "kunci" not in repr(centre.settings)
    right = hmac.new(b"kunci", body(), hashlib.sha1).hexdigest().encode()
    with new_client(centre) as client, caplog.at_level(logging.WARNING, "geo112.aml"):
        assert post(client, body()) == (200, ElsOut(stored=False, reason="hmac_absent"))
        assert post(client, body() + b"&hmac=" + b"0" * 40) == (200, ElsOut(stored=False, reason="hmac_invalid"))
        assert kept(centre) == 0
        assert post(client, body() + b"&hmac=" + right)[0] == 201
    assert [record.getMessage() for record in caplog.records] == [
        "ELS forms discarded since the start, hmac_absent: 1",
        "ELS forms discarded since the start, hmac_invalid: 1",
    ]


def test_too_many_from_one_address_are_discarded(client: TestClient, centre: Centre, clock: MovableClock) -> None:
    clock.stop()
    now = centre.clock.now()
    while client.app.state.els.may_send("testclient", now):
        pass
    assert post(client, body()) == (200, ElsOut(stored=False, reason="too_many"))
    assert kept(centre) == 0


def test_two_hundred_at_once_and_then_twenty_a_second_from_one_address(clock) -> None:
    keeper, now = FormKeeper(), clock.now()
    assert [keeper.may_send("a", now) for _ in range(MOST_AT_ONCE + 1)] == [True] * MOST_AT_ONCE + [False]
    assert keeper.may_send("b", now)
    second = (now - now).resolution * 1_000_000
    later = [keeper.may_send("a", now + second) for _ in range(MOST_PER_SECOND + 1)]
    assert later == [True] * MOST_PER_SECOND + [False]
    assert keeper.may_send("a", now - second), "a clock that was set back keeps nobody out"
    for n in range(10_100):
        assert keeper.may_send(f"address {n}", now)


def test_what_was_kept_is_forgotten_in_the_end() -> None:
    keeper = FormKeeper()
    keeper.keep(None)
    assert not keeper.is_kept(None)
    for n in range(10_001):
        keeper.keep((str(n),))
    assert [keeper.is_kept((name,)) for name in ("0", "1", "10000")] == [False, True, True]


def test_the_log_counts_in_powers_of_two(caplog: pytest.LogCaptureFixture) -> None:
    keeper = FormKeeper()
    with caplog.at_level(logging.WARNING, "geo112.aml"):
        for _ in range(9):
            keeper.discard("too_large")
    assert [record.getMessage().rsplit(" ", 1)[1] for record in caplog.records] == ["1", "2", "4", "8"]


def test_a_centre_that_cannot_write_still_answers(client: TestClient, centre: Centre) -> None:
    centre.log.close()
    with centre.log.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE person")
    assert post(client, body()) == (200, ElsOut(stored=False, reason="not_now"))


def test_simulated_forms_are_labelled(make_centre: MakeCentre) -> None:
    centre = make_centre(simulation=True)
    with new_client(centre) as client:
        assert post(client, body())[0] == 201
    (number,) = {person.ref for person in centre.log.find_people(number=NUMBER) if person.raw_message}
    call = centre.board.call_of_person(number)
    assert call is not None
    assert (call.simulated, call.channel) == (True, Channel.AML)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.dictionaries(st.sampled_from(list(FORM)), st.text(max_size=20)).map(
    lambda fields: urlencode({**FORM, **fields}, errors="surrogatepass").encode()
))  # fmt: skip
def test_whatever_is_sent_is_received(client: TestClient, content: bytes) -> None:
    assert 200 <= post(client, content)[0] < 300


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("203.0.113.7", 201),
        ("::ffff:203.0.113.7", 201),
        ("2001:db8::1", 201),
        ("203.0.114.7", 200),
        ("no-address", 200),
    ],
)
def test_forms_are_taken_from_the_networks_that_are_set(make_centre: MakeCentre, address: str, status: int) -> None:
    centre = make_centre(aml_networks="203.0.113.0/24, 2001:db8::/32")
    with TestClient(create_app(centre), base_url=BASE_URL, client=(address, 50_000)) as client:
        reason = None if status == 201 else "not_allowed"
        assert post(client, body()) == (status, ElsOut(stored=status == 201, reason=reason))
    assert (kept(centre) > 0) is (status == 201)


@pytest.mark.parametrize("networks", ["203.0.113.7/24", "anywhere", ""])
def test_networks_that_are_none_are_refused(make_centre: MakeCentre, networks: str) -> None:
    with pytest.raises(SetupError) as refused:
        make_centre(aml_networks=networks)
    assert refused.value.field == "aml_networks"
