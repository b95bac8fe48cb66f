"""The benchmark of spoken places, on a country of a few villages."""

import pytest

from geo112.bench.places import Question, crowded, found_share, misspelt, sentences, timed_ms
from geo112.locate.places.kinds import Kind
from geo112.locate.places.search import Places
from geo112.locate.places.table import PlaceRow, write_places

NAMES = ("Bendogerit", "Sananwetan", "Karangtengah", "Plosokerep", "Rembang", "Klampok", "Gedog", "Jatinom", "Kanigoro")


def row(name: str, kind: Kind, kode: str, parent: int, at_deg: float) -> PlaceRow:
    return PlaceRow(name=name, kind=kind, kode=kode, parent=parent, lat_deg=-8.0, lon_deg=112 + at_deg, radius_m=1_000)


@pytest.fixture(scope="module")
def rows() -> list[PlaceRow]:
    above = [row("Kota Blitar", Kind.KABKOTA, "35.72", -1, 0), row("Sananwetan", Kind.KECAMATAN, "35.72.03", 0, 0)]
    return above + [row(name, Kind.DESA, f"35.72.03.10{at:02}", 1, at / 100) for at, name in enumerate(NAMES)]


@pytest.fixture(scope="module")
def gazetteer(rows: list[PlaceRow], tmp_path_factory: pytest.TempPathFactory) -> Places:
    path = tmp_path_factory.mktemp("bench") / "places.geo112"
    write_places(path, crowded(rows, names=300, seed=1), version="bench")
    return Places.open(path)


def test_patokan_are_made_up_around_villages_and_are_the_same_again(rows: list[PlaceRow], gazetteer: Places) -> None:
    many = crowded(rows, names=300, seed=1)
    assert len(many) == len(gazetteer) == 300
    assert many[: len(rows)] == rows
    assert many == crowded(rows, names=300, seed=1)
    assert {one.kode for one in many[len(rows) :]} == {None}


def test_questions_have_errors_and_are_answered(rows: list[PlaceRow], gazetteer: Places) -> None:
    asked = misspelt(rows, gazetteer, count=8, seed=1)
    real = {one.kode: one.name for one in rows}
    assert sum(one.text != real[one.kode] for one in asked) >= 7
    assert found_share(gazetteer, asked, with_near=True) >= 0.75
    wrong = [Question(text="zzzzz", kode="35.72.03.1001", near=asked[0].near)]
    assert found_share(gazetteer, [*asked, *wrong], with_near=True) < 1
    said = sentences(rows, gazetteer, count=9, seed=1)
    assert {one.kode for one in said} <= set(real)
    times = timed_ms(gazetteer, said)
    assert len(times) == 9
    assert min(times) > 0
