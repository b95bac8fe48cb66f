"""What keeps other sites out, and what every answer tells the browser."""

from collections.abc import Callable

import pytest
from api_centre import MakeCentre, new_client
from api_words import BASE_URL, PASSWORD
from fastapi.testclient import TestClient

LOGIN = {"user": "siti", "password": PASSWORD}


@pytest.mark.parametrize("path", ["/", "/js/main.js", "/healthz", "/api/v1/nothing", "/api/v1/state", "/openapi.json"])
def test_every_answer_is_careful(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["worker-src"] == "'self' blob:"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_what_is_personal_is_kept_by_no_cache(as_user: Callable[[str], TestClient]) -> None:
    assert as_user("siti").get("/api/v1/state").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:8113"},
        {"Origin": "https://127.0.0.1:8112"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": BASE_URL, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_site_may_not_write(as_user: Callable[[str], TestClient], headers: dict[str, str]) -> None:
    client = as_user("siti")
    answer = client.post("/api/v1/calls", json={"number": "+62811"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
    assert client.get("/api/v1/calls").json()["calls"] == []
    assert client.post("/api/v1/login", json=LOGIN, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": BASE_URL},
        {"Sec-Fetch-Site": "same-origin", "Origin": BASE_URL},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost:8112", "Host": "localhost:8112"},
    ],
)
def test_the_console_and_programs_may_write(as_user: Callable[[str], TestClient], headers: dict[str, str]) -> None:
    client = as_user("siti")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    answer = client.post("/api/v1/calls", json={"number": "+62811"}, headers={**headers, "Cookie": cookies})
    assert answer.status_code == 201


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8112", "10.0.0.5", "", "[::1"])
def test_a_name_that_only_leads_here_reads_nothing(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "LOCALHOST:8112", "[::1]:8112"])
def test_the_names_of_this_machine_are_fine(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).json() == {"up": True}


def test_behind_a_proxy_the_public_address_is_the_own_one(make_centre: MakeCentre) -> None:
    with new_client(make_centre(public_url="https://112.blitar.example")) as client:
        own = {"Host": "112.blitar.example", "Origin": "https://112.blitar.example"}
        assert client.post("/api/v1/login", json=LOGIN, headers=own).status_code == 200
        assert (
            client.post("/api/v1/login", json=LOGIN, headers={**own, "Origin": "http://112.blitar.example"}).status_code
            == 403
        )


def test_the_console_is_asked_for_again_and_sent_only_when_new(client: TestClient) -> None:
    for path in ("/", "/js/main.js"):
        first = client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == (304 if path != "/" else again.status_code)


@pytest.mark.parametrize(
    "path",
    [
        "/js/../../geo112.toml",
        "/js/%2e%2e/%2e%2e/centre.sqlite",
        "/web/index.html",
        "/test/state.test.js",
        "/js/",
        "/package.json",
    ],
)
def test_nothing_beside_the_console_leaves_the_machine(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_a_console_the_api_still_answers(make_centre: MakeCentre, tmp_path) -> None:
    with new_client(make_centre(web_dir=tmp_path / "nothing")) as client:
        assert client.get("/").status_code == 404
        assert client.get("/js/main.js").status_code == 404
        assert client.get("/healthz").status_code == 200
