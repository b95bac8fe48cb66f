"""How often border calls end at the right centre, without a question and with it; run it for the whole figure:

python tests/calibration/question_report.py [callers] [hold-out|tuning]
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from asked_truth import ENCLAVES, OTHERS, RADII_M, Caller, Mark, World, held_out

from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.desk.landmarks import Surveyor
from geo112.locate.places.shelf import Shelf
from geo112.zones.index import ZoneIndex
from geo112.zones.question.ask import Answered, Reply
from geo112.zones.question.choose import next_question, with_answers
from geo112.zones.question.cloud import Cloud
from geo112.zones.question.landmark import Landmark

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Told:
    """One border call: right or not after 0, 1, 2, 3 questions, and the kinds of questions that were asked."""

    radius_m: float
    right: tuple[bool, ...]
    top_share: tuple[float, ...]
    kinds: tuple[str, ...]
    replies: tuple[str, ...]


def mark_of(mark: Mark) -> Landmark:
    middle = Position(lon_deg=mark.place.lon_deg, lat_deg=mark.place.lat_deg)
    run = () if mark.line is None else (tuple(Position(lon_deg=p.lon_deg, lat_deg=p.lat_deg) for p in mark.line),)
    return Landmark(name=mark.name, kind=mark.kind, middle=middle, radius_m=mark.radius_m, lines=run)


def asked(caller: Caller, world: World, index: ZoneIndex, known: Iterable[Landmark]) -> Told | None:
    """Ask a caller up to three times; None for a call that is no border call."""
    seen = Position(lon_deg=caller.seen.lon_deg, lat_deg=caller.seen.lat_deg)
    area = Circle(middle=seen, radius_m=caller.radius_m, confidence_share=caller.share)
    cloud = Cloud.of(area, index)
    landmarks = list(known)
    names = {one.kind + one.name.casefold(): one for one in map(mark_of, caller.marks)}
    if max(cloud.masses) >= 0.9:
        return None
    right, top, kinds, replies = [_right(cloud, caller)], [float(max(cloud.masses))], [], []
    answers: list[Answered] = []
    for _ in range(MOST_QUESTIONS):
        advice = next_question(cloud, landmarks, asked=[one.question for one in answers])
        if advice is not None:
            question = advice.question
            name = question.place.casefold()
            mark = next((one for key, one in names.items() if key.endswith(name) or name.endswith(one.name)), None)
            reply = world.says(
                caller,
                kind=question.kind.value,
                name="" if mark is None else mark.name,
                kode=question.kode,
                direction=None if question.direction is None else question.direction.value,
            )
            answers.append(Answered(question=question, reply=Reply(reply)))
            cloud = with_answers(cloud, answers[-1:], wrong_share=0.05)
            kinds.append(question.kind.value)
            replies.append(reply)
        right.append(_right(cloud, caller))
        top.append(float(max(cloud.masses)))
    return Told(caller.radius_m, tuple(right), tuple(top), tuple(kinds), tuple(replies))


def _right(cloud: Cloud, caller: Caller) -> bool:
    """Tell whether the most probable centre is the one where the caller is."""
    best = int(cloud.masses.argmax())
    return best < len(cloud.centres) and cloud.centres[best] == caller.centre


def border_calls(
    world: World,
    index: ZoneIndex,
    surveyor: Surveyor,
    *,
    codes: list[str],
    count: int,
    marks: bool,
    seed: str,
    villages: bool = True,
) -> Iterator[Told]:
    """Draw border calls, evenly over radii and places."""
    found = 0
    for number in range(20 * count):
        dice = random.Random(f"{seed} {number}")  # noqa: S311 - a repeatable simulation, no secret
        radius_m = RADII_M[number % len(RADII_M)]
        caller = world.caller(codes[dice.randrange(len(codes))], radius_m, dice.choice((0.68, 0.95)), dice)
        seen = Position(lon_deg=caller.seen.lon_deg, lat_deg=caller.seen.lat_deg)
        known = surveyor.around(Circle(middle=seen, radius_m=radius_m)) if villages else []
        told = asked(caller, world, index, [*known, *(map(mark_of, caller.marks) if marks else ())])
        if told is not None:
            yield told
            found += 1
            if found == count:
                return


def summary(calls: list[Told]) -> dict[str, object]:
    """Shares of right centres after 0 to 3 questions, gains in points, questions asked by kind and reply."""
    shares = [sum(one.right[at] for one in calls) / len(calls) for at in range(MOST_QUESTIONS + 1)]
    stated = [sum(one.top_share[at] for one in calls) / len(calls) for at in range(MOST_QUESTIONS + 1)]
    first = Counter(one.kinds[0] if one.kinds else "none" for one in calls)
    by_kind = {
        kind: round(100 * sum(one.right[1] - one.right[0] for one in calls if one.kinds[:1] == (kind,)) / n, 1)
        for kind, n in first.items()
        if kind != "none"
    }
    by_radius = {
        radius: round(100 * (sum(o.right[1] - o.right[0] for o in some)) / len(some), 1)
        for radius in RADII_M
        if (some := [one for one in calls if one.radius_m == radius])
    }
    return {
        "border_calls": len(calls),
        "right_share": [round(one, 4) for one in shares],
        "stated_share": [round(one, 4) for one in stated],
        "gain_points": [round(100 * (one - shares[0]), 1) for one in shares[1:]],
        "mean_questions": round(sum(len(one.kinds) for one in calls) / len(calls), 2),
        "first_kind": dict(first),
        "gain_points_by_first_kind": by_kind,
        "gain_points_by_radius_m": by_radius,
        "replies": dict(Counter(reply for one in calls for reply in one.replies)),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    part = sys.argv[2] if len(sys.argv) > 2 else "hold-out"
    boundaries = ROOT / "data" / "boundaries" / "build"
    world, index = World(boundaries), ZoneIndex.open(boundaries / "zones.geo112")
    surveyor = Surveyor(Shelf(ROOT / "data" / "places" / "places.geo112"))
    codes = [one for one in (*ENCLAVES, *OTHERS) if held_out(one) == (part == "hold-out")]
    for title, marks, villages in (
        ("villages and kecamatan", False, True),
        ("with made-up landmarks, roads and rivers", True, True),
        ("made-up landmarks alone", True, False),
    ):
        calls = border_calls(
            world, index, surveyor, codes=codes, count=count, marks=marks, seed=f"{part} 1", villages=villages
        )
        print(json.dumps({"places": title, "part": part, "codes": len(codes), **summary(list(calls))}))  # noqa: T201


if __name__ == "__main__":
    main()
