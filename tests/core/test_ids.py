from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from geo112.core.codes import KodeKabKota
from geo112.core.ids import call_id, fresh_uuid7, incident_id, person_ref, uuid7

NOW = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


def test_the_example_of_the_standard() -> None:
    """RFC 9562, A.6: rand_a CC3, rand_b 18C4DC0C0C07398F at 2022-02-22 14:22:22 -05:00."""
    noise = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(NOW, noise) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_version_and_variant_are_set_whatever_the_noise() -> None:
    for noise in (bytes(10), b"\xff" * 10):
        made = UUID(uuid7(NOW, noise))
        assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_later_ids_sort_behind_earlier_ones() -> None:
    assert uuid7(NOW, b"\xff" * 10) < uuid7(NOW + timedelta(milliseconds=1), bytes(10))


def test_fresh_ids_differ() -> None:
    assert len({fresh_uuid7(NOW) for _ in range(100)}) == 100


def test_the_number_of_random_bytes_is_ten() -> None:
    with pytest.raises(ValueError, match="10 random bytes are needed, not 3"):
        uuid7(NOW, b"abc")


def test_an_incident_names_its_centre() -> None:
    assert incident_id("017f", KodeKabKota("35.72")) == "017f@35.72"
    assert (call_id("017f"), person_ref("017f")) == ("017f", "017f")
