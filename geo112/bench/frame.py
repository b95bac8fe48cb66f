"""How jobs are measured: every candidate in turn, round after round, so that a busy machine slows all of them alike."""

import importlib
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo112.core.errors import BadInput

ROUNDS = 7

Tell = Callable[[str], None]
# One JSON object per job: job, unit, ours, others, ratio, goal, met, rounds, machine, and what else a job has to say.
Result = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a job may use: the built boundaries, a folder on the disk that counts, a way to say how far it is."""

    boundaries: Path
    folder: Path
    tell: Tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A benchmark by name; `start` is `module:function`, loaded only when it runs."""

    name: str
    about: str
    start: str

    def run(self, room: Room) -> Iterator[Result]:
        """Measure, and give one result per job."""
        module, function = self.start.split(":")
        results: Iterator[Result] = getattr(importlib.import_module(module), function)(room)
        return results


JOBS = {
    job.name: job
    for job in (
        Job(
            name="zones",
            about="point to kecamatan, in batch and one by one, against shapely, sjoin, SedonaDB and PostGIS",
            start="geo112.bench.zones:lookups",
        ),
        Job(
            name="agreement",
            about="five million points, enclaves and borders: does every answer agree with covers",
            start="geo112.bench.agreement:agreement",
        ),
        Job(
            name="shares",
            about="uncertain shapes to shares of kecamatan, against shapely, PostGIS and drawn points",
            start="geo112.bench.shares:shares",
        ),
        Job(
            name="calibration",
            about="stated probability of a centre against what happens, for simulated callers near real borders",
            start="geo112.bench.calibration:calibration",
        ),
        Job(
            name="http",
            about="resolve over HTTP, against routes that do nothing and one that asks PostGIS",
            start="geo112.bench.http:http",
        ),
        Job(
            name="batch",
            about="two million points in files, against sjoin, SedonaDB, dask-geopandas and PostGIS",
            start="geo112.bench.batch:batch",
        ),
        Job(
            name="question",
            about="choosing the question that settles a border case, among 200,000 places",
            start="geo112.bench.question:question",
        ),
        Job(
            name="start",
            about="process start to first resolve, seconds and megabytes",
            start="geo112.bench.start:start",
        ),
        Job(
            name="tiles",
            about="vector tiles of the base map, cold and warm, against clipping and encoding by libraries",
            start="geo112.bench.tiles:tiles",
        ),
        Job(
            name="locate",
            about="messages of callers per second, spoken places among 200,000 names, LoST over HTTP",
            start="geo112.bench.locate:locate",
        ),
        Job(name="intake", about="durable intake of calls, against a bare log", start="geo112.bench.frame:_intake"),
    )
}


def chosen(names: Sequence[str]) -> list[Job]:
    """Find jobs by their names, all without any; raises BadInput for a name that none has."""
    for name in names:
        if name not in JOBS:
            raise BadInput(f"there is no benchmark {name!r}; there are {', '.join(JOBS)}", field="name")
    return [JOBS[name] for name in names] if names else list(JOBS.values())


def machine() -> str:
    """Say on what it was measured, and how busy that was with other work in the last minute."""
    memory_gb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    return (
        f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    """Name the processor as the system does."""
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown processor"
    named = [line.partition(":")[2].strip() for line in facts.splitlines() if line.startswith("model name")]
    return named[0] if named else "unknown processor"


def interleave(
    work: Mapping[str, Callable[[], object]], *, rounds: int, tell: Tell, least_s: float = 0.0
) -> dict[str, list[float]]:
    """Time each candidate once per round, in turn; one run of each before is not counted. Seconds by name.

    A candidate that is done before `least_s` goes on until then, and its mean counts: what interrupts a busy machine
    for some milliseconds would else weigh on the quickest alone.
    """
    for name, run in work.items():
        tell(f"{name}: warm-up")
        run()
    taken: dict[str, list[float]] = {name: [] for name in work}
    for one in range(rounds):
        for name, run in work.items():
            tell(f"{name}: {one + 1}/{rounds}")
            start, times = time.perf_counter(), 0
            while times == 0 or time.perf_counter() - start < least_s:
                run()
                times += 1
            taken[name].append((time.perf_counter() - start) / times)
    return taken


def compared(
    job: str,
    *,
    unit: str,
    taken: Mapping[str, Sequence[float]],
    per: Callable[[float], float],
    goal: Mapping[str, float],
) -> Result:
    """Make a result of the seconds of all candidates, ours first: medians in `unit`, and how often ours is faster.

    A ratio is the median of the ratios of the rounds, since both sides of one round had the same machine.
    """
    ours, *others = taken
    ratio = {
        name: statistics.median(theirs / own for theirs, own in zip(taken[name], taken[ours], strict=True))
        for name in others
    }
    return {
        "job": job,
        "unit": unit,
        "ours": per(statistics.median(taken[ours])),
        "others": {name: per(statistics.median(taken[name])) for name in others},
        "ratio": ratio,
        "goal": dict(goal),
        "met": all(ratio[name] >= times for name, times in goal.items()),
        "rounds": len(taken[ours]),
        "machine": machine(),
    }


def limited(job: str, *, unit: str, ours: float, limit: float, rounds: int) -> Result:
    """Make a result of a measure that only has to stay below a limit."""
    return {
        "job": job,
        "unit": unit,
        "ours": ours,
        "others": {"limit": limit},
        "ratio": {"limit": limit / ours},
        "goal": {"limit": 1.0},
        "met": ours <= limit,
        "rounds": rounds,
        "machine": machine(),
    }


def _intake(room: Room) -> Iterator[Result]:
    """Measure the intake with the index that a centre loads."""
    intake = importlib.import_module("geo112.bench.intake")
    index = importlib.import_module("geo112.zones.index")
    zones = index.ZoneIndex.open(room.boundaries / "zones.geo112")
    yield from intake.run(folder=room.folder, zones=zones, tell=room.tell)
