from pathlib import Path

from told import OneCentre

from geo112.bench.intake import BARE, BARE_GIVEN, append_job, intake_job

PROMISED = {"job", "unit", "ours", "others", "ratio", "goal", "met", "rounds", "machine"}


def test_the_append_job_compares_the_same_number_of_appends(tmp_path: Path) -> None:
    told: list[str] = []
    result = append_job(tmp_path, tell=told.append, rounds=3, appends=5, warm_up=10)
    assert set(result) == PROMISED
    assert set(result["others"]) == set(result["ratio"]) == {BARE, BARE_GIVEN}
    assert result["met"] == (result["ratio"][BARE] >= result["goal"][BARE])
    assert result["ours"] > 0
    lines = {name: (tmp_path / name).read_bytes().splitlines() for name in ("bare.log", "given.log")}
    assert {name: len(found) for name, found in lines.items()} == {"bare.log": 20, "given.log": 20}
    assert len(lines["bare.log"][0]) == len(lines["given.log"][0])
    assert told[-1] == f"intake append, {BARE_GIVEN}: 3/3"


def test_the_intake_job_says_how_long_a_call_took(tmp_path: Path) -> None:
    result = intake_job(tmp_path, zones=OneCentre(), tell=lambda _: None, rounds=1, calls=10)
    assert set(result) == PROMISED | {"p50_ms"}
    assert 0 < result["p50_ms"] <= result["ours"]
    assert result["met"] == (result["ours"] <= 50.0)
    assert result["ratio"] == {"p99 50 ms": 50.0 / result["ours"]}
