"""Process start to first resolve, with the whole country loaded: seconds, and megabytes of memory."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from geo112.bench.frame import ROUNDS, Result, Room, machine

MOST_S = 4.0
MOST_MB = 400.0
_PROGRAM = """
import sys
from pathlib import Path
from geo112.core.geo import Circle, Position
from geo112.zones.index import ZoneIndex
circle = Circle(middle=Position(lon_deg=112.1681, lat_deg=-8.0985), radius_m=100.0)
outcome = ZoneIndex.open(Path(sys.argv[1])).jurisdiction(circle)
status = Path("/proc/self/status").read_text()
print(type(outcome).__name__, status.split("VmHWM:")[1].split()[0], flush=True)
"""


def start(room: Room, *, rounds: int = ROUNDS) -> Iterator[Result]:
    """Start a Python that resolves one circle, again and again, and see when it has answered."""
    seconds, megabytes = [], []
    for one in range(rounds + 1):
        room.tell(f"start: {one}/{rounds}")
        begun = time.perf_counter()
        answer = subprocess.run(  # noqa: S603 - our own interpreter with our own text
            [sys.executable, "-c", _PROGRAM, str(room.boundaries / "zones.geo112")],
            check=True,
            capture_output=True,
            text=True,
        )
        if one:  # the first one fills the caches of the machine
            seconds.append(time.perf_counter() - begun)
            megabytes.append(int(answer.stdout.split()[1]) / 1000)
    yield _limited("start", unit="s", ours=median(seconds), limit=MOST_S, rounds=rounds)
    yield _limited("start memory", unit="MB", ours=median(megabytes), limit=MOST_MB, rounds=rounds)


def _limited(job: str, *, unit: str, ours: float, limit: float, rounds: int) -> Result:
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
