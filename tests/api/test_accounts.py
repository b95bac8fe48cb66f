"""Users, sessions and keys in the database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo112.core.errors import BadInput, Conflict, NotFound, StorageError
from geo112.core.roles import Role, Scope
from geo112.store.accounts import Accounts, token_hash
from geo112.store.passwords import Passwords
from geo112.store.sql import SqlLog

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "rahasia-sekali"  # noqa: S105 - of nobody


@pytest.fixture
def accounts(tmp_path: Path, cheap_passwords: Passwords) -> Iterator[Accounts]:
    log = SqlLog.open(tmp_path / "centre.sqlite")
    yield Accounts(log.engine, cheap_passwords)
    log.close()


def add(accounts: Accounts, user: str = "siti", *roles: Role) -> None:
    accounts.add_user(user=user, name="Siti", password=SECRET, roles=roles or (Role.CALL_TAKER,), now=NOW)


def test_a_user_comes_back_as_added(accounts: Accounts) -> None:
    add(accounts, "siti", Role.ADMIN, Role.CALL_TAKER, Role.CALL_TAKER)
    user = accounts.user("siti")
    assert (user.name, user.roles, user.created_at) == ("Siti", (Role.CALL_TAKER, Role.ADMIN), NOW)
    assert accounts.users() == [user]


def test_the_right_password_and_no_other(accounts: Accounts) -> None:
    add(accounts)
    assert accounts.check_password("siti", SECRET) == accounts.user("siti")
    for user, password in (("siti", SECRET + " "), ("siti", ""), ("budi", SECRET), ("", ""), ("siti", SECRET * 50)):
        assert accounts.check_password(user, password) is None


def test_the_longest_password_counts_to_its_end(accounts: Accounts) -> None:
    add(accounts)
    accounts.change_user("siti", password="x" * 256)
    assert accounts.check_password("siti", "x" * 256) is not None
    assert accounts.check_password("siti", "x" * 257) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"user": "Siti"}, "user"),
        ({"user": "a" * 64}, "user"),
        ({"user": ""}, "user"),
        ({"name": " "}, "name"),
        ({"password": "1234567"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"roles": []}, "roles"),
    ],
)
def test_what_cannot_be_a_user_is_refused_by_name(accounts: Accounts, said: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        accounts.add_user(
            **{"user": "siti", "name": "Siti", "password": SECRET, "roles": [Role.PLANNER], "now": NOW, **said}
        )
    assert caught.value.field == field
    assert accounts.users() == []


def test_nobody_is_added_twice(accounts: Accounts) -> None:
    add(accounts)
    with pytest.raises(Conflict):
        add(accounts)


def test_who_is_not_there_cannot_be_changed(accounts: Accounts) -> None:
    for act in (accounts.user, accounts.remove_user, accounts.change_user, accounts.remove_key):
        with pytest.raises(NotFound):
            act("siapa")
    with pytest.raises(NotFound):
        accounts.open_session("siapa", NOW)


def test_a_session_is_found_by_its_secret_alone(accounts: Accounts) -> None:
    add(accounts)
    token = accounts.open_session("siti", NOW)
    assert token != accounts.open_session("siti", NOW)
    found = accounts.find_session(token_hash(token))
    assert found is not None
    assert (found.user.user, found.opened_at, found.seen_at) == ("siti", NOW, NOW)
    assert accounts.find_session(token) is None
    accounts.touch_session(found.hash, NOW + timedelta(hours=1))
    assert accounts.find_session(found.hash).seen_at == NOW + timedelta(hours=1)
    accounts.close_session(found.hash)
    assert accounts.find_session(found.hash) is None


@pytest.mark.parametrize("end", ["roles", "password", "remove"])
def test_sessions_end_with_what_they_stand_on(accounts: Accounts, end: str) -> None:
    add(accounts)
    add(accounts, "budi")
    mine, other = (token_hash(accounts.open_session(user, NOW)) for user in ("siti", "budi"))
    match end:
        case "roles":
            accounts.change_user("siti", roles=[Role.PLANNER])
        case "password":
            accounts.change_user("siti", password="baru-sekali")  # noqa: S106 - of nobody
        case _:
            accounts.remove_user("siti")
    assert accounts.find_session(mine) is None
    assert accounts.find_session(other) is not None


def test_old_sessions_are_dropped_and_young_ones_stay(accounts: Accounts) -> None:
    add(accounts)
    quiet = token_hash(accounts.open_session("siti", NOW))
    busy = token_hash(accounts.open_session("siti", NOW))
    accounts.touch_session(busy, NOW + timedelta(hours=3))
    at = NOW + timedelta(hours=4)
    assert accounts.drop_old_sessions(now=at, idle=timedelta(hours=2), absolute=timedelta(hours=9)) == 1
    assert accounts.find_session(quiet) is None
    assert accounts.find_session(busy) is not None
    assert accounts.drop_old_sessions(now=at, idle=timedelta(hours=2), absolute=timedelta(hours=4)) == 1


def test_the_last_admin_cannot_go_while_others_stay(accounts: Accounts) -> None:
    add(accounts, "dewi", Role.ADMIN)
    add(accounts, "siti")
    for act in (lambda: accounts.remove_user("dewi"), lambda: accounts.change_user("dewi", roles=[Role.PLANNER])):
        with pytest.raises(Conflict):
            act()
    assert accounts.user("dewi").roles == (Role.ADMIN,)
    accounts.change_user("siti", roles=[Role.ADMIN])
    accounts.remove_user("dewi")
    assert [user.user for user in accounts.users()] == ["siti"]
    accounts.remove_user("siti")
    assert accounts.users() == []


def test_a_key_is_told_once_and_known_by_its_hash(accounts: Accounts) -> None:
    token = accounts.add_key(name="gateway", scopes=[Scope.SMS, Scope.PBX, Scope.SMS], now=NOW)
    (key,) = accounts.keys()
    assert (key.name, set(key.scopes), key.created_at) == ("gateway", {Scope.SMS, Scope.PBX}, NOW)
    assert accounts.find_key(token_hash(token)) == key
    assert accounts.find_key(token_hash(token + "x")) is None
    accounts.remove_key(key.key_id)
    assert accounts.find_key(token_hash(token)) is None


@pytest.mark.parametrize(("name", "scopes", "field"), [(" ", [Scope.SMS], "name"), ("pabx", [], "scopes")])
def test_a_key_for_nothing_is_refused(accounts: Accounts, name: str, scopes: list[Scope], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        accounts.add_key(name=name, scopes=scopes, now=NOW)
    assert caught.value.field == field


def test_trying_to_write_writes(tmp_path: Path, cheap_passwords: Passwords) -> None:
    log = SqlLog.open(tmp_path / "centre.sqlite")
    accounts = Accounts(log.engine, cheap_passwords)
    before = log.data_version()
    accounts.try_to_write()
    assert log.data_version() != before
    with log.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE pulse")
    with pytest.raises(StorageError):
        accounts.try_to_write()
    log.close()


def test_a_damaged_hash_lets_nobody_in(cheap_passwords: Passwords) -> None:
    assert not cheap_passwords.fits(SECRET, "no hash at all")
    assert not cheap_passwords.fits(SECRET, None)
    assert cheap_passwords.fits(SECRET, cheap_passwords.hash(SECRET))
