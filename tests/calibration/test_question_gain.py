"""One question on kabupaten that nothing was tuned on: border calls end at the right centre clearly more often."""

from pathlib import Path

from asked_truth import ENCLAVES, OTHERS, World, held_out
from question_report import border_calls, summary

from geo112.desk.landmarks import Surveyor
from geo112.locate.places.shelf import Shelf
from geo112.settings import installed_root
from geo112.zones.index import ZoneIndex


def test_a_question_brings_border_calls_to_the_right_centre(boundaries_dir: Path) -> None:
    """The whole figure needs more callers: docs/question.md; with 150 chance alone is four points either way."""
    world, index = World(boundaries_dir), ZoneIndex.open(boundaries_dir / "zones.geo112")
    surveyor = Surveyor(Shelf(installed_root() / "data" / "places" / "places.geo112"))
    codes = [one for one in (*ENCLAVES, *OTHERS) if held_out(one)]
    calls = list(border_calls(world, index, surveyor, codes=codes, count=150, marks=False, seed="test"))
    found = summary(calls)
    print(found)  # noqa: T201 - the figures of this run
    before, after, *_ = found["right_share"]
    assert len(calls) == 150
    assert max(one.top_share[0] for one in calls) < 0.9
    assert after >= before + 0.06
    stated = found["stated_share"][1]
    assert abs(stated - after) <= 0.08
