from collections import Counter
from pathlib import Path
from random import Random

import pytest

from geo112.cli.demo.mix import Outcome, read_mix
from geo112.cli.demo.places import Village, beyond_border, by_kecamatan, read_villages, somewhere_in
from geo112.cli.demo.plan import CallPlan, Sends, border_call, next_call, pause_s, sentul_call
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import DataMissing, NotFound
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Inside

KOTA, KABUPATEN = KodeKabKota("35.72"), KodeKabKota("35.05")
SIMULATION = Path(__file__).resolve().parents[2] / "data" / "simulation"


class Boundaries:
    """Answers from the index what the simulator asks a centre over HTTP."""

    def __init__(self, index: ZoneIndex) -> None:
        self.index = index

    def kecamatan_at(self, position: Position) -> KodeKecamatan | None:
        zone = self.index.at(position)
        return None if zone is None else zone.kode

    def wholly_in(self, position: Position, radius_m: float) -> KodeKabKota | None:
        answer = self.index.jurisdiction(Circle(middle=position, radius_m=radius_m))
        return answer.centre.kode if isinstance(answer, Inside) else None


@pytest.fixture(scope="module")
def where(boundaries_dir: Path) -> Boundaries:
    return Boundaries(ZoneIndex.open(boundaries_dir / "zones.geo112"))


@pytest.fixture(scope="module")
def villages(boundaries_dir: Path) -> tuple[Village, ...]:
    return read_villages(boundaries_dir, frozenset({KOTA, KABUPATEN}))


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - calls that can be repeated, nothing secret


def calls(where: Boundaries, villages: tuple[Village, ...], *, seed: int, count: int) -> list[CallPlan]:
    mix, grouped, random = read_mix(SIMULATION), by_kecamatan(villages), seeded(seed)
    return [next_call(mix, grouped, where, random, f"sim-{number}") for number in range(count)]


def test_the_first_call_is_well_inside_sentul(where: Boundaries, villages: tuple[Village, ...]) -> None:
    (report,) = sentul_call(villages, "one").reports
    assert where.kecamatan_at(report.position) == "35.72.01"
    assert where.wholly_in(report.position, 100.0) == KOTA


def test_the_second_call_is_60_m_beyond_the_border_and_rings_at_the_wrong_centre(
    where: Boundaries, villages: tuple[Village, ...]
) -> None:
    plan = border_call(villages, "two", where)
    (report,) = plan.reports
    assert plan.rings_at == KOTA
    assert where.wholly_in(report.position, 60.0) == KABUPATEN
    assert where.wholly_in(report.position, 62.0) is None


def test_callers_are_in_the_kecamatan_that_was_drawn(where: Boundaries, villages: tuple[Village, ...]) -> None:
    grouped, random = by_kecamatan(villages), seeded(1)
    assert set(grouped) >= {"35.72.01", "35.72.02", "35.72.03", "35.05.01"}
    for kode in grouped:
        assert where.kecamatan_at(somewhere_in(kode, grouped, where, random)) == kode


def test_the_same_seed_plays_the_same_calls(where: Boundaries, villages: tuple[Village, ...]) -> None:
    assert calls(where, villages, seed=7, count=40) == calls(where, villages, seed=7, count=40)
    assert calls(where, villages, seed=7, count=5) != calls(where, villages, seed=8, count=5)


def test_calls_have_all_the_variety_of_real_ones(where: Boundaries, villages: tuple[Village, ...]) -> None:
    plans = calls(where, villages, seed=112, count=400)
    assert {plan.subject.outcome for plan in plans} == set(Outcome)
    assert {plan.rings_at for plan in plans} == {KOTA, KABUPATEN}
    assert {report.sends for plan in plans for report in plan.reports} == set(Sends)
    assert Counter(len(plan.reports) for plan in plans).keys() >= {0, 1, 2}
    assert any(report.after_s < 0 for plan in plans for report in plan.reports)
    kota = [plan for plan in plans if plan.rings_at == KOTA]
    wrong = [plan for plan in kota if plan.subject.kecamatan.startswith(KABUPATEN)]
    assert 0.05 < len(wrong) / len(kota) < 0.2
    silent = [plan for plan in plans if plan.number is None]
    assert silent
    assert not any(plan.reports for plan in silent)
    for plan in plans:
        assert plan.number is None or plan.number[6:10] == "0000"
        assert all(5 <= report.radius_m <= 2000 for report in plan.reports)


def test_the_pace_slows_down() -> None:
    random = seeded(3)
    assert all(3 <= pause_s(1, random) <= 6 for _ in range(50))
    assert all(12 <= pause_s(100, random) <= 22 for _ in range(50))


def test_what_is_not_there_is_named(where: Boundaries, villages: tuple[Village, ...], tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=r"desa\.csv"):
        read_villages(tmp_path, frozenset({KOTA}))
    with pytest.raises(NotFound, match=r"94\.01"):
        beyond_border(villages[0].middle, KodeKabKota("94.01"), 100.0, where)
    with pytest.raises(NotFound, match=r"35\.72\.09"):
        somewhere_in(KodeKecamatan("35.72.09"), by_kecamatan(villages), where, seeded(1))
