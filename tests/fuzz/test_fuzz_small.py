"""A small fuzz of every parser, by the code of the long one: nothing raises, nothing is slow, the same every time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_mutation import as_bytes, as_text, inputs
from fuzz_parsers import PARSERS, Parser
from fuzz_watch import Watch
from mutated import run

from geo112.locate.read import FORMATS

HERE = Path(__file__).resolve().parent
INPUTS = 1_000


@pytest.mark.parametrize("name", PARSERS)
def test_damaged_messages(name: str) -> None:
    report = run(name, INPUTS, 1).report()
    assert report["ok"], report
    assert report["inputs"] == INPUTS


@pytest.mark.parametrize("name", PARSERS)
def test_the_seeds_themselves(name: str) -> None:
    watch = Watch(parser=PARSERS[name], engine="seeds")
    for text in PARSERS[name].seeds:
        watch.feed(as_bytes(text))
    assert watch.report()["ok"], watch.report()
    # A fuzz that starts from what no parser understands looks at refusals only.
    if name in ("pidf-lo", "mlp", "held-answer", "gad", "text", "cells-table"):
        assert watch.located >= len(PARSERS[name].seeds) / 2


def test_every_format_is_fuzzed() -> None:
    assert set(FORMATS) <= set(PARSERS)
    assert all(parser.seeds for parser in PARSERS.values())


def test_guided_engine_runs_and_reports() -> None:
    ended = subprocess.run(
        [sys.executable, str(HERE / "guided.py"), "pidf-lo", "400", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(ended.stdout.splitlines()[-1])
    assert (ended.returncode, report["engine"], report["inputs"]) == (0, "guided", 400), ended.stderr


def test_inputs_are_the_same_again_and_different_from_another_seed() -> None:
    seeds = PARSERS["mlp"].seeds
    assert list(inputs(seeds, 50, 1)) == list(inputs(seeds, 50, 1)) != list(inputs(seeds, 50, 2))


def test_octets_that_are_no_utf_8_survive_being_text() -> None:
    assert as_bytes(as_text(b"a\xff\xc3\x28")) == b"a\xff\xc3\x28"


def raising(data: bytes) -> object:
    raise ZeroDivisionError(len(data))


def slow(_: bytes) -> object:
    return sum(range(9_000_000))


def refuse(found: object) -> None:
    raise AssertionError(found)


@pytest.mark.parametrize(
    ("parser", "why"),
    [
        (Parser(name="x", seeds=("a",), run=raising), "raised: ZeroDivisionError(2)"),
        (Parser(name="x", seeds=("a",), run=slow), "slow: "),
        (Parser(name="x", seeds=("a",), run=len, check=refuse), "wrong: AssertionError(2)"),
    ],
)
def test_what_is_wrong_is_found_with_its_input(parser: Parser, why: str) -> None:
    watch = Watch(parser=parser, engine="x")
    watch.feed(b"\x00\xff")
    report = watch.report()
    assert not report["ok"]
    assert report["exceptions"] == (1 if why.startswith("raised") else 0)
    [finding] = watch.findings
    assert finding["why"].startswith(why)
    assert finding["input"] == repr(b"\x00\xff")
