"""Plans the demonstration's calls: who rings where, what the handset sends, and what the virtual call taker will do.

Everything that no source says (delays, radii, how often a handset sends nothing) is an assumption chosen for variety.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from geo112.cli.demo.mix import Mix, Outcome, Subject, draw, pick
from geo112.cli.demo.places import Village, Where, beyond_border, somewhere_in, village_named
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.geo import Position
from geo112.locate.fix import FixMethod

KOTA, KABUPATEN = KodeKabKota("35.72"), KodeKabKota("35.05")
KEPANJENKIDUL = KodeKecamatan("35.72.01")
AML_PERCENT = 68
BEYOND_M = 60.0
# 92 m at 68 % err by 61 m (standard deviation), by 68 m with the border's own error: the city keeps a fifth, and there
# is something to ask.
_BORDER_RADIUS_M = 92.0

_PREFIXES = ("812", "813", "838", "852", "857", "877", "895")
_METHODS = ((FixMethod.GNSS, 60), (FixMethod.WIFI, 20), (FixMethod.FUSED, 15), (FixMethod.CELL, 5))
_RADII_M = {
    FixMethod.GNSS: (5.0, 30.0),
    FixMethod.WIFI: (15.0, 90.0),
    FixMethod.FUSED: (10.0, 60.0),
    FixMethod.CELL: (300.0, 2000.0),
}
_CENTRES = ((KOTA, 3), (KABUPATEN, 2))
# Calls from just beyond the border that ring at the city, since carriers route by antenna: how many, nobody published.
_WRONG_CENTRE_SHARE = 0.12


class Sends(StrEnum):
    """What a handset or caller sends beside the voice call."""

    AML = "aml"
    NO_POSITION = "no_position"
    TYPED = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A message that reaches the centre `after_s` seconds after the ringing began; before it when negative."""

    after_s: float
    sends: Sends
    position: Position
    radius_m: float
    method: FixMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """One call from ringing to its end. `number` is None for a telephone without a SIM."""

    ref: str
    rings_at: KodeKabKota
    subject: Subject
    number: str | None
    reports: tuple[Report, ...]
    answer_after_s: float
    talk_s: float


_HABITS = (
    ((2.0,), 55),  # one AML message some seconds into the ringing
    ((-2.0,), 10),  # the message overtakes the call
    ((3.0, 9.0), 15),  # a second, better one follows
    ((), 20),  # an old handset
)


def sentul_call(villages: tuple[Village, ...], ref: str) -> CallPlan:
    """Plan the first call: Kelurahan Sentul in Kota Blitar, well inside."""
    middle = village_named(villages, "Sentul", KEPANJENKIDUL).middle
    report = Report(after_s=1.0, sends=Sends.AML, position=middle, radius_m=14.0, method=FixMethod.GNSS)
    return _for_the_human(ref, KEPANJENKIDUL, "+6285700002290", report)


def border_call(villages: tuple[Village, ...], ref: str, where: Where) -> CallPlan:
    """Plan the second call: 60 m beyond the border in Kab. Blitar, yet it rings at Kota Blitar, as it does today."""
    middle = village_named(villages, "Sentul", KEPANJENKIDUL).middle
    place = beyond_border(middle, KABUPATEN, BEYOND_M, where)
    report = Report(after_s=1.0, sends=Sends.AML, position=place, radius_m=_BORDER_RADIUS_M, method=FixMethod.FUSED)
    return _for_the_human(ref, where.kecamatan_at(place) or KEPANJENKIDUL, "+6281200004471", report)


def next_call(
    mix: Mix, villages: Mapping[KodeKecamatan, tuple[Village, ...]], where: Where, random: Random, ref: str
) -> CallPlan:
    """Plan any later call; the same random state and boundaries give the same call."""
    centre = pick(_CENTRES, random)
    subject = draw(mix, centre, random)
    place = somewhere_in(subject.kecamatan, villages, where, random)
    if centre == KOTA and random.random() < _WRONG_CENTRE_SHARE:
        place = beyond_border(
            random.choice(villages[subject.kecamatan]).middle, KABUPATEN, random.uniform(20, 200), where
        )
        subject = replace(subject, kecamatan=where.kecamatan_at(place) or subject.kecamatan)
    number = None if random.random() < 0.06 else _number(random)
    return CallPlan(
        ref=ref,
        rings_at=centre,
        subject=subject,
        number=number,
        # Without a SIM no SMS leaves the handset.
        reports=() if number is None else _reports(place, random),
        answer_after_s=40.0 if subject.outcome is Outcome.NOT_ANSWERED else random.uniform(4, 12),
        talk_s=random.uniform(8, 15) if subject.category is None else random.uniform(25, 60),
    )


def pause_s(calls_so_far: int, random: Random) -> float:
    """Say how long until the next call: a full screen within a minute, then slowly, so that hours stay readable."""
    if calls_so_far < 6:
        return random.uniform(3, 6)
    return random.uniform(6, 12) if calls_so_far < 15 else random.uniform(12, 22)


def _for_the_human(ref: str, kecamatan: KodeKecamatan, number: str, report: Report) -> CallPlan:
    """Let a call ring for two minutes, so that whoever looks at the demonstration can take it."""
    subject = Subject(outcome=Outcome.NOT_ANSWERED, category=None, kecamatan=kecamatan)
    return CallPlan(
        ref=ref, rings_at=KOTA, subject=subject, number=number, reports=(report,), answer_after_s=120.0, talk_s=120.0
    )


def _number(random: Random) -> str:
    """Make a number that nobody has: the middle block 0000 is not given out."""
    return f"+62{random.choice(_PREFIXES)}0000{random.randrange(10_000):04d}"


def _reports(place: Position, random: Random) -> tuple[Report, ...]:
    chance = random.random()
    if chance < 0.05:
        return (_report(place, random.uniform(1, 6), Sends.NO_POSITION, random),)
    if chance < 0.10:
        return (_report(place, random.uniform(15, 25), Sends.TYPED, random),)
    return tuple(_report(place, after_s + random.random(), Sends.AML, random) for after_s in pick(_HABITS, random))


def _report(place: Position, after_s: float, sends: Sends, random: Random) -> Report:
    method = pick(_METHODS, random)
    radius_m = random.uniform(*_RADII_M[method])
    # One standard deviation of a 2-D normal error, so that the circle holds the caller as often as it claims.
    one_sigma_m = radius_m / math.sqrt(-2 * math.log(1 - AML_PERCENT / 100))
    error_m = math.hypot(random.gauss(0, one_sigma_m), random.gauss(0, one_sigma_m))
    measured = place.moved(bearing_deg=random.uniform(0, 360), distance_m=error_m)
    return Report(after_s=after_s, sends=sends, position=measured, radius_m=radius_m, method=method)
