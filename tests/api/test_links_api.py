"""Links over HTTP: made by a call taker, opened by whoever has the address, guessed by nobody."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from api_centre import MakeCentre, MovableClock, RunCentre, new_client
from api_words import BASE_URL, IN_KAB, IN_KOTA, PASSWORD
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.api.answers import CallOut, GivenLinkOut, LinkOut, PageOut
from geo112.core.errors import SetupError
from geo112.core.roles import Scope
from geo112.settings import installed_root, make_settings

WEB = installed_root() / "web"
PHONE, OTHER_PHONE = "ponsel-pertama", "ponsel-kedua"
BOTS = (
    "WhatsApp/2.23.20.0 A",
    "TelegramBot (like TwitterBot)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)",
)


@pytest.fixture
def client(make_centre: MakeCentre) -> Iterator[TestClient]:
    with new_client(make_centre(web_dir=WEB)) as client:
        log_in(client)
        yield client


def log_in(client: TestClient | httpx.Client, user: str = "siti") -> None:
    assert client.post("/api/v1/login", json={"user": user, "password": PASSWORD}).status_code == 200


@pytest.fixture
def link(client: TestClient) -> dict[str, str]:
    """A link of a call, as the call taker gets it."""
    return make_link(client)


def make_link(client: TestClient | httpx.Client, **how: str) -> dict[str, str]:
    call = client.post("/api/v1/calls", json={"number": "081234567890"}).json()["call_id"]
    made = client.post(f"/api/v1/calls/{call}/links", json={"via": "none", **how})
    assert made.status_code == 201, made.text
    return made.json() | {"call_id": call, "path": urlsplit(made.json()["url"]).path}


def call_of(client: TestClient | httpx.Client, link: dict[str, str]) -> dict[str, object]:
    return client.get(f"/api/v1/calls/{link['call_id']}").json()


def fix(device: str = PHONE, **more: object) -> dict[str, object]:
    now_ms = time.time() * 1000
    return {**IN_KOTA, "accuracy_m": 18, "taken_at_ms": now_ms, "now_ms": now_ms, "device": device, **more}


def test_a_link_is_made_with_its_address_once(client: TestClient, link: dict[str, str]) -> None:
    assert GivenLinkOut.model_validate({key: value for key, value in link.items() if key not in ("call_id", "path")})
    assert re.fullmatch(rf"{BASE_URL}/l/[a-z2-7]{{26}}", link["url"])
    assert link["text"].endswith(link["url"])
    assert link["whatsapp_url"] is None
    call = call_of(client, link)
    assert CallOut.model_validate(call)
    [seen] = call["links"]
    assert LinkOut.model_validate(seen)
    assert (seen["state"], seen["gateway"], seen["number"], seen["openers"]) == ("made", "none", "+6281234567890", 0)
    assert link["path"].rpartition("/")[2] not in client.get("/api/v1/state").text


def test_whatsapp_is_opened_by_hand_with_the_text(client: TestClient) -> None:
    link = make_link(client, via="whatsapp")
    opens = urlsplit(link["whatsapp_url"])
    assert (opens.netloc, opens.path) == ("wa.me", "/6281234567890")
    assert parse_qs(opens.query) == {"text": [link["text"]]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"via": "pigeon"}, "via"),
        ({}, "via"),
        ({"via": "sms", "number": "112"}, "number"),
        ({"via": "sms", "number": "+62342801112"}, "number"),
        ({"via": "sms", "number": "+6281"}, "number"),
        ({"via": "sms", "to": "1"}, "to"),
    ],
)
def test_a_wrong_wish_names_its_field(client: TestClient, body: dict[str, str], field: str) -> None:
    call = client.post("/api/v1/calls", json={}).json()["call_id"]
    answer = client.post(f"/api/v1/calls/{call}/links", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_nobody_else_s_call_and_no_unknown_link(client: TestClient, link: dict[str, str]) -> None:
    assert client.post("/api/v1/calls/tidak-ada/links", json={"via": "none"}).status_code == 404
    other = make_link(client)
    wrong = f"/api/v1/calls/{other['call_id']}/links/{link['link_id']}"
    assert client.post(f"{wrong}/close").status_code == 404
    assert client.post(f"{wrong}/renew").status_code == 404


@pytest.mark.parametrize("robot", BOTS)
def test_programs_that_look_at_the_page_change_nothing(client: TestClient, link: dict[str, str], robot: str) -> None:
    before = client.get("/api/v1/state").json()["n"]
    for _ in range(40):
        page = client.get(f"{link['path']}?fbclid=abc&fbclid=def", headers={"User-Agent": robot})
        assert page.status_code == 200
    head = client.head(link["path"])
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(page.content)
    assert client.get("/api/v1/state").json()["n"] == before
    # Some run the script, too: opened it counts only where a person can see it.
    told = client.post(
        f"{link['path']}/state", json={"state": "opened", "device": PHONE}, headers={"User-Agent": robot}
    )
    opened = call_of(client, link)["links"][0]["state"] == "opened"
    assert told.status_code == 200
    assert opened is ("PageRenderer" in robot)


def test_the_page_is_one_small_file_that_runs_only_its_own_script(client: TestClient, link: dict[str, str]) -> None:
    page = client.get(link["path"])
    assert page.headers["content-type"].startswith("text/html")
    assert len(page.content) < 30_000
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy)) == 2
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert re.findall(r"https?://", page.text) == []
    assert "Kota Blitar" in page.text
    assert "{{" not in page.text
    for secret in (link["call_id"], link["link_id"], "81234567890"):
        assert secret not in page.text


def test_a_place_comes_in_and_the_page_is_told_where_that_is(client: TestClient, link: dict[str, str]) -> None:
    answer = client.post(f"{link['path']}/fix", json=fix(altitude_m=171.5, altitude_accuracy_m=4))
    assert answer.status_code == 200
    told = PageOut.model_validate(answer.json())
    assert (told.state, told.place, told.retry_s) == ("open", "Sananwetan", 10)
    assert re.fullmatch(r"\d\d\.\d\d WIB", told.at)
    assert 1_790 < told.left_s <= 1_800
    call = call_of(client, link)
    assert (call["fix"]["source"], call["fix"]["radius_m"], call["fix"]["confidence_share"]) == ("SMS_LINK", 18, 0.95)
    assert call["links"][0]["state"] == "shared"


def test_a_late_place_in_another_centre_moves_the_jurisdiction(client: TestClient, link: dict[str, str]) -> None:
    client.post(f"{link['path']}/fix", json=fix(accuracy_m=900))
    assert call_of(client, link)["jurisdiction"]["centre"]["nama"] == "Kota Blitar"
    client.post(f"{link['path']}/fix", json=fix(**IN_KAB, accuracy_m=9))
    assert call_of(client, link)["jurisdiction"]["centre"]["nama"] == "Kab. Blitar"


def test_a_second_telephone_is_counted_and_moves_nothing(client: TestClient, link: dict[str, str]) -> None:
    client.post(f"{link['path']}/fix", json=fix())
    client.post(f"{link['path']}/fix", json=fix(OTHER_PHONE, **IN_KAB, accuracy_m=1))
    call = call_of(client, link)
    assert call["links"][0]["openers"] == 2
    assert call["fix"]["lon_deg"] == IN_KOTA["lon_deg"]
    assert call["fixes"][0]["warnings"] == ["dibuka di ponsel lain"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lat_deg": "-8.1"}, "lat_deg"),
        ({"lat_deg": 91}, "lat_deg"),
        ({"lon_deg": None}, "lon_deg"),
        ({"lon_deg": 0, "lat_deg": 0}, None),
        ({"accuracy_m": -1}, "accuracy_m"),
        ({"now_ms": 1e300}, "now_ms"),
        ({"device": "x"}, "device"),
        ({"device": "<script>alert(1)"}, "device"),
        ({"altitude_accuracy_m": -1}, "altitude_accuracy_m"),
        ({"speed": 3}, "speed"),
    ],
)
def test_a_wrong_place_names_its_field(
    client: TestClient, link: dict[str, str], wrong: dict[str, object], field: str | None
) -> None:
    answer = client.post(f"{link['path']}/fix", json=fix(**wrong))
    assert answer.status_code == 422
    assert field is None or answer.json()["field"] == field
    assert call_of(client, link)["fix"] is None


NUMBERS = (
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**18), 10**18) | st.none() | st.text(max_size=5)
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wrong=st.dictionaries(
        st.sampled_from(
            ["lat_deg", "lon_deg", "accuracy_m", "altitude_m", "altitude_accuracy_m", "taken_at_ms", "now_ms"]
        ),
        NUMBERS | st.floats(-11, 6) | st.floats(95, 141) | st.floats(0, 1e-6),
        min_size=1,
    )
)
def test_no_place_is_a_fault(
    client: TestClient, link: dict[str, str], clock: MovableClock, wrong: dict[str, object]
) -> None:
    clock.ahead += type(clock.ahead)(seconds=3)
    answer = client.post(f"{link['path']}/fix", json=fix(**wrong))
    assert answer.status_code in (200, 410, 422), (answer.text, wrong)


def test_a_link_that_is_over_says_how(client: TestClient, link: dict[str, str], clock: MovableClock) -> None:
    state = {"state": "alive", "device": PHONE}
    assert client.post(f"{link['path']}/state", json=state).json()["retry_s"] == 20
    clock.ahead = type(clock.ahead)(minutes=31)
    log_in(client)
    for path, body in (("fix", fix()), ("state", state)):
        answer = client.post(f"{link['path']}/{path}", json=body)
        assert (answer.status_code, answer.json()["state"]) == (410, "expired")
    page = client.get(link["path"])
    assert (page.status_code, 'class="kedaluwarsa"' in page.text) == (410, True)
    renewed = client.post(f"/api/v1/calls/{link['call_id']}/links/{link['link_id']}/renew")
    assert LinkOut.model_validate(renewed.json())
    assert client.post(f"{link['path']}/fix", json=fix()).status_code == 200
    closed = client.post(f"/api/v1/calls/{link['call_id']}/links/{link['link_id']}/close")
    assert (closed.status_code, closed.json()["closed_by"]) == (200, "call_taker")
    answer = client.post(f"{link['path']}/fix", json=fix())
    assert (answer.status_code, answer.json()["state"]) == (410, "closed")
    assert 'class="selesai"' in client.get(link["path"]).text
    again = client.post(f"/api/v1/calls/{link['call_id']}/links/{link['link_id']}/renew")
    assert (again.status_code, again.json()["field"]) == (409, "link_id")


def test_the_caller_ends_it(client: TestClient, link: dict[str, str]) -> None:
    client.post(f"{link['path']}/fix", json=fix())
    answer = client.post(f"{link['path']}/state", json={"state": "stopped", "device": PHONE})
    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    assert call_of(client, link)["links"][0]["closed_by"] == "caller"


def test_who_guesses_is_held_back_and_reads_nothing(client: TestClient, link: dict[str, str]) -> None:
    statuses = [client.get(f"/l/{'a' * 25}{letter}").status_code for letter in "bcdefgh"]
    assert statuses == [404] * 5 + [429] * 2
    held_back = client.post(f"/l/{'a' * 26}/fix", json=fix())
    assert held_back.status_code == 429
    assert 1 <= int(held_back.headers["retry-after"]) <= 60
    # Thousands of telephones share an address of a mobile network: who has a link is not kept out.
    assert client.get(link["path"]).status_code == 200
    assert client.post(f"{link['path']}/fix", json=fix()).status_code == 200
    assert len(call_of(client, link)["fixes"]) == 1


@pytest.mark.parametrize("token", ["x", "a" * 128, "%00", "..%2f..%2fetc", "A1b2" * 6])
def test_what_is_no_secret_finds_nothing(client: TestClient, token: str) -> None:
    answer = client.get(f"/l/{token}")
    assert answer.status_code == 404
    assert "A1b2" not in answer.text


def test_a_telephone_that_sends_without_end_is_held_back(
    client: TestClient, link: dict[str, str], clock: MovableClock
) -> None:
    alive = {"state": "alive", "device": PHONE}
    statuses = [client.post(f"{link['path']}/state", json=alive).status_code for _ in range(32)]
    assert statuses == [200] * 30 + [429] * 2
    clock.ahead = type(clock.ahead)(seconds=61)
    assert client.post(f"{link['path']}/state", json=alive).status_code == 200


def test_a_page_of_another_site_cannot_send(client: TestClient, link: dict[str, str]) -> None:
    answer = client.post(f"{link['path']}/fix", json=fix(), headers={"Origin": "https://jahat.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
    same = client.post(f"{link['path']}/fix", json=fix(), headers={"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"})
    assert same.status_code == 200


def test_the_sms_lands_in_the_outbox_and_the_console_hears_of_it(run_centre: RunCentre, tmp_path: Path) -> None:
    running = run_centre(web_dir=WEB, sms_outbox_dir=tmp_path / "keluar")
    client = running.client("siti")
    link = make_link(client, via="sms")
    assert link["gateway"] == "spool"
    assert re.fullmatch(rf"{running.url}/l/[a-z2-7]{{26}}", link["url"])
    with client.stream("GET", "/api/v1/stream?after=0") as stream:
        assert any('"state":"sent"' in line.replace(" ", "") for line in stream.iter_lines())
    [file] = (tmp_path / "keluar").iterdir()
    assert file.read_text().endswith(link["text"])
    assert call_of(client, link)["links"][0]["sent_at"] is not None


def test_the_gateway_tells_of_delivery_with_its_own_key(client: TestClient, link: dict[str, str]) -> None:
    centre = client.app.state.centre
    key = {"X-Api-Key": centre.accounts.add_key(name="gateway", scopes=[Scope.SMS], now=centre.clock.now())}
    said = {"ref": link["link_id"], "status": "delivered"}
    for _ in range(2):
        answer = client.post("/api/v1/sms/receipts", json=said, headers=key)
        assert (answer.status_code, answer.json()) == (200, {"stored": True, "state": "sent"})
    assert call_of(client, link)["links"][0]["delivered_at"] is not None
    assert client.post("/api/v1/sms/receipts", json={**said, "ref": "x"}, headers=key).status_code == 404
    assert client.post("/api/v1/sms/receipts", json={**said, "status": "?"}, headers=key).json()["field"] == "status"
    assert client.post("/api/v1/sms/receipts", json=said).status_code == 401


def test_a_gateway_that_refuses_is_seen(run_centre: RunCentre) -> None:
    running = run_centre(web_dir=WEB, sms_gateway_url="http://127.0.0.1:1/kirim")
    client = running.client("siti")
    began = time.monotonic()
    link = make_link(client, via="sms")
    # The call taker waits for nobody.
    assert time.monotonic() - began < 1.0
    assert (link["state"], link["gateway"]) == ("made", "http")
    running.stop()
    [link_then] = running.centre.board.calls()[0].links
    assert link_then.not_sent is not None
    assert "reached" in link_then.not_sent or "stopped" in link_then.not_sent


def test_after_a_restart_the_page_and_the_call_go_on(make_centre: MakeCentre) -> None:
    centre = make_centre(web_dir=WEB)
    with new_client(centre) as first:
        log_in(first)
        link = make_link(first)
        assert first.post(f"{link['path']}/fix", json=fix()).status_code == 200
    with new_client(centre) as second:
        log_in(second)
        assert second.post(f"{link['path']}/fix", json=fix(lat_deg=-8.11)).status_code == 200
        assert len(call_of(second, link)["fixes"]) == 2
        assert call_of(second, link)["links"][0]["openers"] == 1


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({}, "http://127.0.0.1:8112"),
        ({"host": "::1"}, "http://[::1]:8112"),
        ({"public_url": "https://112.example.go.id/"}, "https://112.example.go.id"),
        ({"host": "0.0.0.0", "tls_cert": Path("a"), "tls_key": Path("b")}, None),  # noqa: S104 - nothing is bound
    ],
)
def test_callers_get_an_address_that_browsers_trust(tmp_path: Path, said: dict[str, object], address: str) -> None:
    assert make_settings(folder=tmp_path, kode="35.72", **said).callers_url == address


def test_without_such_an_address_the_call_taker_is_told(make_centre: MakeCentre, tmp_path: Path) -> None:
    files = {"tls_cert": tmp_path / "a", "tls_key": tmp_path / "b"}
    with new_client(make_centre(host="0.0.0.0", **files)) as client:  # noqa: S104 - nothing is bound
        client.base_url = client.base_url.copy_with(scheme="https")
        log_in(client)
        call = client.post("/api/v1/calls", json={}).json()["call_id"]
        answer = client.post(f"/api/v1/calls/{call}/links", json={"via": "none"})
    assert (answer.status_code, answer.json()["field"]) == (409, "public_url")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sms_gateway_url": "http://sms.example.com/kirim"}, "sms_gateway_url"),
        ({"sms_gateway_url": "ftp://10.0.0.1/kirim"}, "sms_gateway_url"),
        ({"sms_gateway_url": "https://sms.example.com", "sms_outbox_dir": Path("keluar")}, "sms_outbox_dir"),
        ({"sms_gateway_type": "xml"}, "sms_gateway_type"),
    ],
)
def test_a_gateway_that_gives_numbers_away_is_refused(tmp_path: Path, said: dict[str, object], field: str) -> None:
    with pytest.raises(SetupError) as refused:
        make_settings(folder=tmp_path, kode="35.72", **said)
    assert refused.value.field == field
