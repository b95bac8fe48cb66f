"""Who serves a category and what is sent, by the tables of any centre."""

import pytest
from duties_tables import DEFAULT, changed, copied, shipped

from geo112.core.errors import BadInput
from geo112.routing.duties.read import files_in_force, read_duties
from geo112.routing.duties.wire import duties_to_dict
from geo112.routing.duties.words import Nature, Severity


def test_a_heavy_accident_gets_an_ambulance_police_and_rescue() -> None:
    card = shipped("35.72").run_card("KECELAKAAN_BERAT")
    assert (card.severity, card.written_for) == (Severity.BERAT, Severity.BERAT)
    assert {need.capability: need.count for need in card.needs} == {"ambulans": 1, "polisi": 1, "rescue": 1}


def test_a_category_is_found_by_code_and_by_printed_name_whatever_the_capitals() -> None:
    duties = shipped("11.01")
    for text in ("KECELAKAAN_BERAT", "KECELAKAAN BERAT", " kecelakaan  berat "):
        assert duties.category(text).kode == "KECELAKAAN_BERAT"
    assert duties.run_card("kecelakaan berat") == duties.run_card("KECELAKAAN_BERAT")


def test_an_unknown_category_is_refused_with_those_that_there_are() -> None:
    for ask in (shipped("11.01").run_card, shipped("11.01").perangkat_for):
        with pytest.raises(BadInput, match=r"'BANJIR' is none of PJU, INFORMASI") as caught:
            ask("BANJIR")
        assert caught.value.field == "category"


def test_a_severity_without_a_card_of_its_own_has_the_usual_one_and_says_so() -> None:
    duties = shipped("11.01")
    card = duties.run_card("KECELAKAAN_BERAT", Severity.RINGAN)
    assert (card.severity, card.written_for) == (Severity.RINGAN, Severity.BERAT)
    assert card.needs == duties.run_card("KECELAKAAN_BERAT").needs


def test_nobody_is_sent_for_information_and_somebody_for_everything_else() -> None:
    duties = shipped("11.01")
    for one in duties.categories.values():
        for severity in Severity:
            assert bool(duties.run_card(one.kode, severity).needs) == (one.nature is not Nature.INFORMASI), one.kode


def test_more_severe_never_means_fewer_units() -> None:
    duties = shipped("11.01")
    for (category, severity), needs in duties.cards.items():
        for other in list(Severity)[list(Severity).index(severity) :]:
            more = {need.capability: need.count for need in duties.cards.get((category, other), needs)}
            assert all(more.get(need.capability, 0) >= need.count for need in needs if other is not severity), category


def test_all_figures_that_no_source_gives_are_called_estimates() -> None:
    duties = shipped("11.01")
    assert {need.source for needs in duties.cards.values() for need in needs} == {"perkiraan"}


def test_units_that_nobody_asked_for_can_bring_are_noted(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = copied(tmp_path_factory.mktemp("duties") / "tables", DEFAULT)
    changed(folder / "kejadian.csv", 5, "perangkat", "PLN")
    notes = read_duties(files_in_force([folder])).notes()
    assert "KEBAKARAN sedang: nobody who serves it normally has `pemadam`" in notes


def test_what_is_written_is_what_is_held() -> None:
    duties = shipped("35.72")
    written = duties_to_dict(duties)
    assert written["perangkat_daerah"][9] == {
        "kode": "RSU_AMINAH",
        "nama": "RSU Aminah",
        "other_names": [],
        "kind": "rumah_sakit",
        "source": "tabel 1; lampiran",
    }
    assert [one["kode"] for one in written["categories"]] == list(duties.categories)
    assert {one["kode"] for one in written["capabilities"]} == set(duties.capabilities)
