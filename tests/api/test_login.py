"""Logging in, staying in, being put out."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from api_centre import MakeCentre, MovableClock, new_client
from api_words import PASSWORD, USERS
from fastapi.testclient import TestClient

from geo112.core.roles import Role
from geo112.store.passwords import Passwords
from geo112.wiring import Centre

WRONG, NEW = "salah-sekali", "baru-sekali"


def log_in(client: TestClient, user: str = "siti", secret: str = PASSWORD) -> int:
    return client.post("/api/v1/login", json={"user": user, "password": secret}).status_code


def is_in(client: TestClient) -> bool:
    return client.get("/api/v1/session").status_code == 200


def test_a_log_in_says_who_and_where(client: TestClient) -> None:
    answer = client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD})
    assert answer.json() == {
        "user": "siti",
        "name": "Siti",
        "roles": ["call_taker"],
        "centre": {"kode": "35.72", "nama": "Kota Blitar"},
        "simulated": False,
    }
    assert client.get("/api/v1/session").json() == answer.json()


def test_the_cookie_of_plain_http_names_the_centre_and_stays_with_the_browser(client: TestClient) -> None:
    answer = client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("geo112-3572=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie


def test_the_cookie_over_tls_is_a_host_cookie(make_centre: MakeCentre) -> None:
    centre = make_centre(public_url="https://112.blitarkota.example")
    with new_client(centre) as client:
        answer = client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD})
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("__host-geo112=")
        assert all(word in cookie for word in ("; secure", "httponly", "samesite=strict", "path=/"))
        assert "domain" not in cookie
        assert "strict-transport-security" in answer.headers


def test_two_centres_on_one_machine_do_not_log_each_other_out(make_centre: MakeCentre) -> None:
    kota, kab = make_centre(kode="35.72"), make_centre(kode="35.05")
    with new_client(kota) as one, new_client(kab) as other:
        assert log_in(one) == 200
        # A browser gives the cookies of one host to every port of it.
        other.cookies.update(one.cookies)
        assert not is_in(other)
        assert log_in(other) == 200
        one.cookies.update(other.cookies)
        assert is_in(one)
        assert is_in(other)


def test_the_secret_of_a_session_is_kept_nowhere(centre: Centre, client: TestClient) -> None:
    log_in(client)
    token = client.cookies["geo112-3572"]
    assert len(token) >= 43
    kept = b"".join(path.read_bytes() for path in centre.settings.folder.glob("centre.sqlite*"))
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept


def test_log_out_ends_the_session_for_whoever_has_the_cookie(as_user: Callable[[str], TestClient]) -> None:
    client = as_user("siti")
    cookies = dict(client.cookies)
    assert client.post("/api/v1/logout").status_code == 204
    assert not client.cookies
    client.cookies.update(cookies)
    assert not is_in(client)


def test_a_session_ends_after_idling_and_lives_on_while_used(
    as_user: Callable[[str], TestClient], clock: MovableClock
) -> None:
    client = as_user("siti")
    clock.ahead += timedelta(hours=11)
    assert is_in(client)
    clock.ahead += timedelta(hours=4)
    assert is_in(client)
    clock.ahead += timedelta(hours=0.5)
    assert is_in(client)
    clock.ahead += timedelta(hours=0.5)
    assert not is_in(client), "16 h are over, however busy"


def test_a_session_that_nobody_uses_ends_after_12_hours(
    as_user: Callable[[str], TestClient], clock: MovableClock
) -> None:
    client = as_user("siti")
    clock.ahead += timedelta(hours=12)
    assert not is_in(client)


@pytest.mark.parametrize("change", [{"roles": ["planner"]}, {"password": "lain-sekali"}])
def test_new_roles_or_a_new_password_end_the_sessions(
    centre: Centre, as_user: Callable[[str], TestClient], change: dict[str, object]
) -> None:
    cookies = dict(as_user("siti").cookies)
    admin = as_user("dewi")
    assert admin.patch("/api/v1/users/siti", json=change).status_code == 200
    admin.cookies.clear()
    admin.cookies.update(cookies)
    assert not is_in(admin)


def test_a_removed_user_is_out_at_once(as_user: Callable[[str], TestClient]) -> None:
    cookies = dict(as_user("siti").cookies)
    admin = as_user("dewi")
    assert admin.delete("/api/v1/users/siti").status_code == 204
    admin.cookies.clear()
    admin.cookies.update(cookies)
    assert not is_in(admin)
    assert log_in(admin) == 401


def test_what_another_process_ends_is_noticed_within_two_seconds(
    centre: Centre, as_user: Callable[[str], TestClient], clock: MovableClock
) -> None:
    client = as_user("siti")
    assert is_in(client)
    centre.accounts.change_user("siti", roles=[Role.PLANNER])
    clock.ahead += timedelta(seconds=2)
    assert not is_in(client)


def test_a_new_name_leaves_the_session_alone(as_user: Callable[[str], TestClient]) -> None:
    cookies = dict(as_user("siti").cookies)
    admin = as_user("dewi")
    assert admin.patch("/api/v1/users/siti", json={"name": "Siti Aminah"}).status_code == 200
    admin.cookies.clear()
    admin.cookies.update(cookies)
    assert admin.get("/api/v1/session").json()["name"] == "Siti Aminah"


def test_wrong_passwords_cost_time_but_never_shut_anybody_out(client: TestClient, clock: MovableClock) -> None:
    answers = [client.post("/api/v1/login", json={"user": "siti", "password": "salah"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].json()["retry_after_s"] == 1
    assert log_in(client) == 429, "even the right password has to wait"
    for _ in range(20):
        clock.ahead += timedelta(seconds=30)
        assert log_in(client, secret=WRONG) == 401
    clock.ahead += timedelta(seconds=30)
    assert log_in(client) == 200
    assert log_in(client, secret=WRONG) == 401, "the count begins anew"


def test_others_do_not_wait_for_a_guesser(client: TestClient) -> None:
    for _ in range(6):
        log_in(client, secret=WRONG)
    assert log_in(client, "budi") == 200


def test_unknown_user_and_wrong_password_look_the_same(client: TestClient) -> None:
    wrong = client.post("/api/v1/login", json={"user": "siti", "password": "salah"})
    unknown = client.post("/api/v1/login", json={"user": "siapa", "password": "salah"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords(memory_kib=8_192, rounds=2)
    kept = passwords.hash(PASSWORD)

    def seconds(known: str | None) -> float:
        began = perf_counter()
        assert not passwords.fits("salah-sekali", known)
        return perf_counter() - began

    pairs = [(seconds(kept), seconds(None)) for _ in range(9)]
    assert median(unknown / known for known, unknown in pairs) == pytest.approx(1, abs=0.5)


def test_the_user_may_be_written_in_capitals(client: TestClient) -> None:
    assert log_in(client, "SITI") == 200


def test_ones_own_password(as_user: Callable[[str], TestClient]) -> None:
    client = as_user("siti")
    wrong = client.post("/api/v1/password", json={"old_password": "salah", "password": NEW})
    assert (wrong.status_code, wrong.json()["field"]) == (403, "old_password")
    assert client.post("/api/v1/password", json={"old_password": PASSWORD, "password": "baru"}).status_code == 422
    changed = client.post("/api/v1/password", json={"old_password": PASSWORD, "password": NEW})
    assert changed.status_code == 204
    assert not is_in(client)
    assert log_in(client) == 401
    assert log_in(client, secret=NEW) == 200


def test_the_last_admin_stays(as_user: Callable[[str], TestClient]) -> None:
    admin = as_user("dewi")
    assert admin.delete("/api/v1/users/dewi").status_code == 409
    assert admin.patch("/api/v1/users/dewi", json={"roles": ["planner"]}).status_code == 409
    assert len(admin.get("/api/v1/users").json()["users"]) == len(USERS)


def test_users_are_added_with_several_roles(as_user: Callable[[str], TestClient]) -> None:
    admin = as_user("dewi")
    new = {"user": "rina", "name": "Rina", "password": "rahasia-rina", "roles": ["admin", "call_taker"]}
    added = admin.post("/api/v1/users", json=new)
    assert added.status_code == 201
    assert added.json()["roles"] == ["call_taker", "admin"]
    assert "password" not in added.text
    assert admin.post("/api/v1/users", json=new).status_code == 409
    assert admin.get("/api/v1/users/rina").json() == added.json()
    assert log_in(admin, "rina", "rahasia-rina") == 200
    assert admin.get("/api/v1/users").status_code == 200
    assert admin.get("/api/v1/state").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user": "Rina Sari"}, "user"),
        ({"password": "pendek"}, "password"),
        ({"roles": []}, "roles"),
        ({"roles": ["boss"]}, "roles.0"),
        ({"name": "  "}, "name"),
        ({"shoe": 42}, "shoe"),
    ],
)
def test_a_user_that_cannot_be_meant_is_refused(
    as_user: Callable[[str], TestClient], change: dict[str, object], field: str
) -> None:
    new = {"user": "rina", "name": "Rina", "password": "rahasia-rina", "roles": ["planner"], **change}
    answer = as_user("dewi").post("/api/v1/users", json=new)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_an_empty_change_of_a_user_is_no_change(as_user: Callable[[str], TestClient]) -> None:
    admin = as_user("dewi")
    assert admin.patch("/api/v1/users/siti", json={}).status_code == 200
    assert admin.patch("/api/v1/users/tidak-ada", json={}).status_code == 404
