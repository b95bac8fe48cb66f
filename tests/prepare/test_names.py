"""Names of one place in several lists become one; names of different places stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.prepare.names import closeness, is_nameless, plain, skeleton, without_title


@pytest.mark.parametrize("name", ["Kota Blitar", "KotaBlitar", "KOTA-BLITAR", "kota  blitar."])
def test_plain_ignores_spaces_case_and_marks(name: str) -> None:
    assert plain(name) == "kotablitar"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Soekaredjo", "Sukarejo"),
        ("Tjilatjap", "Cilacap"),
        ("Sei Rampah", "Sungai Rampah"),
        ("SeiRampah", "Sungai Rampah"),
        ("Tj. Pura", "Tanjung Pura"),
        ("Kertosono II", "Kertosono 2"),
        ("Pekan Dua", "Pekan II"),
        ("Tanete Rilau", "TaneteRilau"),
        ("Bukittinggi", "Bukit Tinggi"),
        ("Palembayan", "Palembaian"),
    ],
)
def test_spelling_habits_do_not_count(old: str, new: str) -> None:
    assert skeleton(old) == skeleton(new)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sukorejo", "Sukoharjo"), ("Kertosono 1", "Kertosono 2"), ("Blitar", "Belitar"), ("Barat", "Timur")],
)
def test_different_places_stay_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_titles_are_dropped_only_before_a_name() -> None:
    assert without_title("desatamandewa") == "tamandewa"
    assert without_title("desa") == "desa"


@pytest.mark.parametrize("name", ["NA", "Hutan", "HutanLindung", "Danau/waduk", "WadukJatiluhur", "", "-"])
def test_forest_water_and_null_are_nameless(name: str) -> None:
    assert is_nameless(plain(name))


@pytest.mark.parametrize("name", ["Hutanopan", "DanauKembar", "Rawalumbu", "Nagasari", "MuaraDanau"])
def test_villages_named_after_forest_and_water_are_not(name: str) -> None:
    assert not is_nameless(plain(name))


def test_a_name_that_was_cut_off_is_close_to_the_whole() -> None:
    assert closeness(skeleton("KelurahanBungoTamanAgu"), skeleton("Kelurahan Bungo Taman Agung")) > 0.9
    assert closeness(skeleton("Barat"), skeleton("Timur")) < 0.5


@given(st.text(max_size=30))
def test_forms_are_stable(name: str) -> None:
    assert plain(plain(name)) == plain(name)
    assert closeness(skeleton(name), skeleton(name)) == 1.0
