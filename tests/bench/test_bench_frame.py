"""How jobs are measured and told: in turn, as ratios, never failing for a goal but for a wrong answer."""

from pathlib import Path
from subprocess import CalledProcessError

import pytest

from geo112.bench.frame import JOBS, Room, chosen, compared, interleave, machine
from geo112.core.errors import BadInput, DataMissing

KEYS = {"job", "unit", "ours", "others", "ratio", "goal", "met", "rounds", "machine"}


def test_candidates_take_turns_after_one_warm_up() -> None:
    order: list[str] = []
    told: list[str] = []
    taken = interleave({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3, tell=told.append)
    assert "".join(order) == "abababab"
    assert [len(seconds) for seconds in taken.values()] == [3, 3]
    assert told[0] == "a: warm-up"
    assert told[-1] == "b: 3/3"


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    taken = {"geo112": [1.0, 2.0, 1.0], "other": [10.0, 40.0, 30.0]}
    result = compared("job", unit="1/s", taken=taken, per=lambda seconds: 1 / seconds, goal={"other": 20.0})
    assert set(result) == KEYS
    assert result["ours"] == 1.0
    assert result["others"] == {"other": pytest.approx(1 / 30)}
    assert result["ratio"] == {"other": 20.0}
    assert result["met"] is True
    missed = compared("job", unit="1/s", taken=taken, per=lambda seconds: 1 / seconds, goal={"other": 20.1})
    assert missed["met"] is False
    assert "cores" in machine()


def test_jobs_are_chosen_by_name() -> None:
    assert [job.name for job in chosen(["start", "zones"])] == ["start", "zones"]
    assert [job.name for job in chosen([])] == list(JOBS)
    with pytest.raises(BadInput, match="no benchmark 'zone'; there are zones,"):
        chosen(["zone"])


@pytest.mark.parametrize("name", list(JOBS))
def test_every_job_can_be_loaded(name: str, tmp_path: Path) -> None:
    room = Room(boundaries=tmp_path, folder=tmp_path, tell=lambda _: None)
    # Jobs are generators: nothing is measured before the first result is asked for.
    with pytest.raises((DataMissing, OSError, CalledProcessError)):
        next(JOBS[name].run(room))


def test_interleaved_rounds_are_seconds() -> None:
    taken = interleave({"sleepless": lambda: sum(range(1000))}, rounds=2, tell=lambda _: None)
    assert all(0 < seconds < 5 for seconds in taken["sleepless"])
