"""The measure of resolve over HTTP: a real centre beside servers that do less, with answers that are looked at."""

import sys
from pathlib import Path

import pytest

from geo112.bench.client import ask_all, get
from geo112.bench.frame import Room
from geo112.bench.http import LOOKUP, PYDANTIC, RIVALS, http
from geo112.bench.lost import running
from geo112.bench.rivals import PATH
from geo112.bench.start import free_port


def test_resolve_is_measured_beside_all_rivals(boundaries_dir: Path, tmp_path: Path) -> None:
    room = Room(boundaries=boundaries_dir, folder=tmp_path, tell=lambda _: None)
    results = list(http(room, rounds=1, requests=32))
    assert [result["job"] for result in results] == ["http POST resolve", "http GET resolve"]
    for result in results:
        assert result["disagreements"] == 0
        assert set(result["others"]) == set(RIVALS)
        assert result["goal"] == {PYDANTIC: 0.9}
        assert set(result["p99_ms"]) == {"geo112", *RIVALS}
        assert all(result["p50_ms"][name] <= result["p99_ms"][name] for name in result["p99_ms"])
        assert result["others"][LOOKUP] > 0


def test_a_refusal_is_no_measure(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "geo112.bench.rivals", "fastapi_nothing", str(port)]
    with running(command, tmp_path, port):
        answers = ask_all(port, [get(PATH)] * 5, connections=2)
        assert (len(answers.waited_s), answers.bodies) == (5, [b"{}"] * 5)
        with pytest.raises(ConnectionError, match="404"):
            ask_all(port, [get("/elsewhere")])
