"""The profiles of the properties: the same few examples in every test run, thousands of new ones in the fuzz."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def drawn(*options: str) -> tuple[int, str]:
    """Give how many examples a property got in a run of its own, and what tells them from those of other runs."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *options, "tests/fuzz/examples_told.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    [told] = [line.split() for line in ended.stdout.splitlines() if "drawn " in line]
    return int(told[-2]), told[-1]


def test_a_test_run_has_the_same_examples_every_time() -> None:
    first, again = drawn(), drawn("-p", "no:randomly")
    assert 50 <= first[0] <= 150
    assert first == again


def test_the_fuzz_has_thousands_of_examples_and_new_ones_every_time() -> None:
    first, again = (drawn("--hypothesis-profile=fuzz", "-p", "no:randomly") for _ in range(2))
    assert first[0] >= 3_000
    assert first[1] != again[1]
