"""The benchmark of the question, for a few callers."""

from functools import partial

from geo112.bench.question import timed_ms
from geo112.core.geo import Position
from geo112.zones.decision import DEFAULT_RULE
from geo112.zones.index import ZoneIndex
from geo112.zones.question.offered import Asking
from geo112.zones.question.settle import settle


def test_only_callers_on_borders_are_timed(boundaries_dir) -> None:
    index = ZoneIndex.open(boundaries_dir / "zones.geo112")
    asked = []

    def settled(area, decision, *, answers):
        asked.append(decision.sure)
        return work(area, decision, answers=answers)

    asking = Asking(rule=DEFAULT_RULE, wrong_share=0.05)
    work = partial(settle, index=index, landmarks=lambda _: [], asking=asking)
    blitar = Position(lat_deg=-8.0983, lon_deg=112.1950)
    taken = timed_ms(index, settled, [blitar], count=5, seed=1)
    assert len(taken) == 5
    assert len(asked) == 15
    assert not any(asked)
    assert min(cpu for _, cpu in taken) > 0
