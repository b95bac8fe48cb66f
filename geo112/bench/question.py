"""How long a caller waits for the question: choosing it near real borders, among 200,000 places."""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from geo112.bench.frame import Result, Room, limited
from geo112.bench.places import NAMES, crowded
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.desk.landmarks import Surveyor
from geo112.locate.places.kinds import Kind
from geo112.locate.places.shelf import Shelf
from geo112.locate.places.table import write_places
from geo112.prepare.places_builtin import builtin_rows
from geo112.zones.decision import DEFAULT_RULE
from geo112.zones.index import ZoneIndex
from geo112.zones.question.choose import WRONG_SHARE
from geo112.zones.question.offered import Asking, Settle
from geo112.zones.question.settle import settle

ASKED = 400
P99_GOAL_MS = 20.0
RADII_M = (50.0, 150.0, 400.0, 1_000.0, 2_500.0, 5_000.0)
_SEED = 112


def question(room: Room) -> Iterator[Result]:
    """Build 200,000 places in a folder of their own, then choose questions for callers on borders."""
    with tempfile.TemporaryDirectory(dir=room.folder) as folder:
        room.tell("question: building")
        rows = crowded(builtin_rows(room.boundaries), names=NAMES, seed=_SEED)
        path = Path(folder) / "places.geo112"
        write_places(path, rows, version="bench")
        index = ZoneIndex.open(room.boundaries / "zones.geo112")
        villages = [Position(lon_deg=row.lon_deg, lat_deg=row.lat_deg) for row in rows if row.kind is Kind.DESA]
        room.tell("question: time")
        asking = Asking(rule=DEFAULT_RULE, wrong_share=WRONG_SHARE)
        settled = partial(settle, index=index, landmarks=Surveyor(Shelf(path)).around, asking=asking)
        taken = timed_ms(index, settled, villages, count=ASKED, seed=_SEED)
        times_ms, worked_ms = sorted(wall for wall, _ in taken), sorted(cpu for _, cpu in taken)
        worst = times_ms[int(len(times_ms) * 0.99)]
        yield limited("question p99", unit="ms", ours=worst, limit=P99_GOAL_MS, rounds=len(times_ms)) | {
            "median_ms": statistics.median(times_ms),
            "slowest_ms": times_ms[-1],
            "cpu_p99_ms": worked_ms[int(len(worked_ms) * 0.99)],
            "cpu_median_ms": statistics.median(worked_ms),
            "names": len(rows),
        }


def timed_ms(
    index: ZoneIndex, settled: Settle, near: list[Position], *, count: int, seed: int
) -> list[tuple[float, float]]:
    """Milliseconds, by the clock and of work, of choosing a question for callers whose centre is not sure."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    taken: list[tuple[float, float]] = []
    while len(taken) < count + 10:
        away_m, turn_deg = chance.uniform(0, 5_000), chance.uniform(0, 360)
        middle = chance.choice(near).moved(bearing_deg=turn_deg, distance_m=away_m)
        area = Circle(middle=middle, radius_m=chance.choice(RADII_M), confidence_share=0.68)
        decision = index.decide(area)
        if decision.sure:
            continue
        start, worked = time.perf_counter(), time.thread_time()
        settled(area, decision, answers=())
        taken.append(((time.perf_counter() - start) * 1_000, (time.thread_time() - worked) * 1_000))
    # The first few only warm up.
    return taken[10:]
