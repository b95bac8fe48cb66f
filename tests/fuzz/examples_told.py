"""A property that tells which examples it was given; only test_fuzz_profile.py runs it, by its path."""

from hypothesis import given
from hypothesis import strategies as st

DRAWN: list[int] = []


@given(st.integers(0, 2**60))
def test_examples(drawn: int) -> None:
    DRAWN.append(drawn)


def teardown_module() -> None:
    print(f"\ndrawn {len(DRAWN)} {hash(tuple(DRAWN))}")  # noqa: T201 - read by the test
