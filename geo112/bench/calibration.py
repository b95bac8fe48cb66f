"""How far the stated probability of a centre is what happens: simulated callers near real borders."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo112.bench.callers import SHAPES, Borderland, Caller, callers
from geo112.bench.frame import Result, Room, machine
from geo112.core.shapes import Point
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Shares

RADII_M = (50.0, 250.0, 1_000.0, 5_000.0)
COUNT = 2_000
LINE_ERROR_M = 30.0
MOST_ERROR = 0.02
BINS = 10
_OUTSIDE = "outside"
_SEED = 7459

Believed = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How good probabilities were.

    `ece_share` is the expected calibration error of the most probable centre's in `BINS` bins, `brier_share` the mean
    over callers of the squared differences over all centres, `right_share` how often the most probable one was right.
    """

    ece_share: float
    brier_share: float
    right_share: float


def calibration(
    room: Room,
    *,
    provinces: Sequence[str] = (),
    radii_m: Sequence[float] = RADII_M,
    count: int = COUNT,
    line_error_m: float = LINE_ERROR_M,
) -> Iterator[Result]:
    """Score every shape, then all of them, beside RFC 7459's uniform shares, the bare middle and the largest part."""
    index = ZoneIndex.open(room.boundaries / "zones.geo112")
    land = Borderland(room.boundaries, provinces)
    random = np.random.default_rng(_SEED)
    every: list[Caller] = []
    for shape in SHAPES:
        drawn: list[Caller] = []
        for radius_m in radii_m:
            room.tell(f"calibration: {shape}, {radius_m:.0f} m")
            drawn += callers(land, shape, radius_m=radius_m, count=count, line_error_m=line_error_m, random=random)
        yield _result(shape, drawn, index, line_error_m=line_error_m, rounds=len(radii_m))
        every += drawn
    yield _result("all shapes", every, index, line_error_m=line_error_m, rounds=len(radii_m) * len(SHAPES))


def scores(index: ZoneIndex, drawn: Sequence[Caller], *, line_error_m: float) -> dict[str, Score]:
    """Score the decision and the other rules on the same callers."""
    believed: dict[str, list[Believed]] = {"normal": [], "RFC 7459": [], "largest part": [], "middle": []}
    for caller in drawn:
        uniform = _believed(index.jurisdiction(caller.area).shares)
        believed["normal"].append(_believed(index.decide(caller.area, accuracy_m=line_error_m).shares))
        believed["RFC 7459"].append(uniform)
        believed["largest part"].append({max(uniform, key=lambda kode: uniform[kode]): 1.0})
        believed["middle"].append(_believed(index.jurisdiction(Point(middle=caller.area.middle)).shares))
    truths = [caller.kode or _OUTSIDE for caller in drawn]
    return {rule: _score(rows, truths) for rule, rows in believed.items()}


def _believed(shares: Shares) -> Believed:
    """Give the probability of every centre, and of none."""
    return {one.kode: one.share for one in shares.centres} | {_OUTSIDE: shares.outside_share}


def _score(believed: Sequence[Believed], truths: Sequence[str]) -> Score:
    tops = [max(row, key=lambda kode: row[kode]) for row in believed]
    shares = np.array([row[top] for row, top in zip(believed, tops, strict=True)])
    hits = np.array([top == truth for top, truth in zip(tops, truths, strict=True)], float)
    bins = np.minimum((shares * BINS).astype(int), BINS - 1)
    gaps = [abs(shares[bins == n].sum() - hits[bins == n].sum()) for n in range(BINS)]
    brier = math.fsum(
        math.fsum((share - (kode == truth)) ** 2 for kode, share in row.items()) + (truth not in row)
        for row, truth in zip(believed, truths, strict=True)
    )
    return Score(
        ece_share=float(sum(gaps) / len(truths)), brier_share=brier / len(truths), right_share=float(hits.mean())
    )


def _result(name: str, drawn: Sequence[Caller], index: ZoneIndex, *, line_error_m: float, rounds: int) -> Result:
    """Say how well calibrated the decision is; each ratio is how often smaller its Brier score is."""
    found = scores(index, drawn, line_error_m=line_error_m)
    ours = found.pop("normal")
    return {
        "job": f"calibration {name}",
        "unit": "expected calibration error",
        "ours": ours.ece_share,
        "others": {rule: score.ece_share for rule, score in found.items()} | {"limit": MOST_ERROR},
        "ratio": {rule: score.ece_share / ours.ece_share for rule, score in found.items()}
        | {"limit": MOST_ERROR / ours.ece_share},
        "goal": {"limit": 1.0},
        "met": ours.ece_share <= MOST_ERROR,
        "rounds": rounds,
        "machine": machine(),
        "callers": len(drawn),
        "brier": {"normal": ours.brier_share} | {rule: score.brier_share for rule, score in found.items()},
        "right": {"normal": ours.right_share} | {rule: score.right_share for rule, score in found.items()},
        "line_error_m": line_error_m,
    }
