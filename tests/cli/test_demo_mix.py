import math
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from geo112.cli.demo.mix import Mix, Outcome, draw, read_mix
from geo112.core.codes import KodeKabKota, kabkota_of
from geo112.core.errors import BadTable, DataMissing

FOLDER = Path(__file__).resolve().parents[2] / "data" / "simulation"
KOTA, KABUPATEN = KodeKabKota("35.72"), KodeKabKota("35.05")
DRAWS = 20_000


@pytest.fixture(scope="module")
def mix() -> Mix:
    return read_mix(FOLDER)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - draws that can be repeated, nothing secret


def close(seen: int, draws: int, share: float) -> bool:
    """Four standard deviations of a binomial count: a fixed seed passes or fails for good."""
    return abs(seen - draws * share) <= 4 * math.sqrt(draws * share * (1 - share)) + 1


def test_the_tables_have_the_printed_sums(mix: Mix) -> None:
    outcomes = dict(mix.outcomes)
    assert sum(outcomes.values()) == 2983
    assert outcomes[Outcome.PRANK] + outcomes[Outcome.GHOST] == 1776
    assert sum(count for _, count in mix.categories) == 710
    assert {k: n for k, n in mix.kecamatan if kabkota_of(k) == KOTA} == {
        "35.72.01": 289,
        "35.72.02": 142,
        "35.72.03": 279,
    }


def test_kab_blitar_has_all_22_kecamatan(mix: Mix) -> None:
    assert len([kode for kode, _ in mix.kecamatan if kabkota_of(kode) == KABUPATEN]) == 22


def test_many_draws_have_the_printed_shares(mix: Mix) -> None:
    random = seeded(2023)
    drawn = [draw(mix, KOTA, random) for _ in range(DRAWS)]
    outcomes = Counter(subject.outcome for subject in drawn)
    assert close(outcomes[Outcome.PRANK] + outcomes[Outcome.GHOST], DRAWS, 1776 / 2983)
    assert close(outcomes[Outcome.NOT_ANSWERED], DRAWS, 511 / 2983)
    categories = Counter(subject.category.name for subject in drawn if subject.category)
    incidents = outcomes[Outcome.INCIDENT]
    assert categories.total() == incidents
    assert all(close(categories[category.name], incidents, count / 710) for category, count in mix.categories)
    kecamatan = Counter(subject.kecamatan for subject in drawn)
    shares = {"35.72.01": 289 / 710, "35.72.02": 142 / 710, "35.72.03": 279 / 710}
    assert kecamatan.keys() == shares.keys()
    assert all(close(kecamatan[kode], DRAWS, share) for kode, share in shares.items())


def test_the_kabupaten_is_drawn_by_its_villages(mix: Mix) -> None:
    random = seeded(5)
    drawn = Counter(draw(mix, KABUPATEN, random).kecamatan for _ in range(DRAWS))
    weights = {kode: weight for kode, weight in mix.kecamatan if kabkota_of(kode) == KABUPATEN}
    assert all(close(drawn[kode], DRAWS, weight / sum(weights.values())) for kode, weight in weights.items())


def test_the_same_seed_draws_the_same_calls(mix: Mix) -> None:
    one, two, other = ([draw(mix, KOTA, random) for _ in range(20)] for random in map(seeded, (7, 7, 8)))
    assert one == two
    assert one != other


def test_a_missing_table_and_a_broken_row_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=r"outcomes\.csv"):
        read_mix(tmp_path)
    (tmp_path / "outcomes.csv").write_text("outcome,calls\nprank,many\n")
    with pytest.raises(BadTable, match="row 2"):
        read_mix(tmp_path)
