"""Names that sort in the order of time and never collide."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.codes import kode_kabkota
from geo112.core.ids import call_id, fresh_uuid7, incident_id, person_ref, uuid7
from geo112.core.roles import Role, Scope

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@given(st.binary(min_size=10, max_size=10))
def test_uuid_says_its_time_version_and_variant(noise: bytes) -> None:
    made = UUID(uuid7(NOON, noise))
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == round(NOON.timestamp() * 1000)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_a_later_uuid_sorts_later(first: bytes, second: bytes) -> None:
    assert uuid7(NOON, first) < uuid7(NOON + timedelta(milliseconds=1), second)


def test_the_example_of_rfc_9562() -> None:
    moment = datetime.fromtimestamp(0x017F22E279B0 / 1000, UTC)
    noise = ((0xCC3 << 62) | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(moment, noise) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@pytest.mark.parametrize("size", [0, 9, 11])
def test_too_little_noise_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(NOON, bytes(size))


def test_fresh_ones_differ() -> None:
    assert len({fresh_uuid7(NOON) for _ in range(1000)}) == 1000


def test_names_of_calls_people_and_incidents() -> None:
    assert (call_id("a"), person_ref("b")) == ("a", "b")
    assert incident_id("c", kode_kabkota("35.72")) == "c@35.72"


def test_words_of_roles_and_scopes_are_the_ones_of_the_interface() -> None:
    assert [role.value for role in Role] == ["call_taker", "dispatcher", "planner", "supervisor", "admin"]
    assert [scope.value for scope in Scope] == ["sms", "pbx"]
