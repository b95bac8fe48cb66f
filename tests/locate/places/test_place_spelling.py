"""Names that sound alike have one key, and others do not."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.locate.places.grams import pairs_of
from geo112.locate.places.kinds import Kind
from geo112.locate.places.spelling import fold, name_key, plain, words_of
from geo112.locate.places.spoken import Beside, understand


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soekoredjo", "Sukorejo"),
        ("Tjiandjoer", "Cianjur"),
        ("Djatinom", "Jatinom"),
        ("Kepanjen Kidul", "kepanjenkidul"),
        ("Kepanjen Kdl", "KEPANJENKIDUL"),
        ("Sjamsoedin", "Syamsudin"),
        ("Bhayangkara", "Bayangkara"),
        ("Sawahlunto", "Sawah Lunto"),
        ("Zaenal", "Jaenal"),
        ("Qadir", "Kadir"),
        ("Alfalah", "Al Falah"),
        ("Vatikan", "Patikan"),
        ("Sukamakmur 2", "Suka Makmur II"),
        ("Sukamakmur Dua", "Suka Makmur 02"),
        ("Sa'tandung", "Satandung"),
        ("Khotib", "Kotib"),
        ("Lubuk Dalam", "Lubukdallam"),
        ("Wringinsari", "Wrininsari"),
        ("Dringu Wetan", "Dringu Wtn"),
        ("Sekolah Dasar Negeri 1 Turi", "SDN Satu Turi"),
        ("Rumah Sakit Umum Daerah Mardi", "RSUD Mardi"),
        ("Mesjid Jami'", "masjid jami"),
        ("Éxpo", "Ekspo"),
        ("Moersid", "Mursid"),
    ],
)
def test_ways_to_write_the_same_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Sukorejo", "Sidorejo"), ("Turi", "Tari"), ("Bendo", "Benda")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(alphabet=string.ascii_lowercase + string.digits, max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert len(folded) <= 2 * len(text)


@given(st.text(max_size=60))
def test_any_text_has_plain_words_and_a_key(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    key = name_key(text)
    assert set(key) <= set(string.ascii_lowercase + string.digits)
    assert all(words_of(text))
    assert len(pairs_of(key)) <= len(key) + 1


def test_a_sentence_is_cut_where_levels_kinds_and_relations_begin() -> None:
    spoken = understand("jl Merdeka no 5 depan pasar Legi, kel. Sukorejo kota Blitar")
    heads = {ask.head: ask for ask in spoken.plain}
    assert set(heads) == {"jlmerdeka", "pasarlegi", "sukorejo", "kotablitar"}
    assert heads["pasarlegi"].beside is Beside.DEPAN
    assert heads["pasarlegi"].wanted == {Kind.PASAR}
    assert heads["jlmerdeka"].wanted == {Kind.JALAN}
    assert heads["sukorejo"].wanted == {Kind.DESA, Kind.DUSUN}
    assert {one.key for one in heads["sukorejo"].context} == {"jlmerdeka", "pasarlegi", "kotablitar"}


def test_without_commas_names_are_cut_everywhere_the_other_way_round_last() -> None:
    cuts = [(ask.head, [one.key for one in ask.context], ask.reversed) for ask in understand("jatinom kanigoro").splits]
    assert cuts == [("jatinom", ["kanigoro"], False), ("kanigoro", ["jatinom"], True)]


def test_a_kind_alone_is_no_name() -> None:
    spoken = understand("Bendo dekat masjid")
    assert spoken.bare is not None
    assert (spoken.bare.bare, spoken.bare.beside) == (Kind.MASJID, Beside.DEKAT)
    assert "masjid" not in {ask.head for ask in spoken.plain}
