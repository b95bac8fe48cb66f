import pytest

from geo112.desk.numbers import (
    MASK,
    is_callable,
    normal_number,
    without_number,
    without_personal,
)


@pytest.mark.parametrize(
    "given_number",
    ["081234567890", "+62 812-3456-7890", "6281234567890", "0812 3456 7890", "(0812) 34567890", " +6281234567890 "],
)
def test_one_spelling_for_every_way_to_write_a_number(given_number: str) -> None:
    assert normal_number(given_number) == "+6281234567890"


@pytest.mark.parametrize(
    "given_number", ["anonymous", "TELKOMSEL", "112", "62811", "14045", "1500799", "1" * 40, "+999 1"]
)
def test_what_is_no_number_stays_as_it_was_given(given_number: str) -> None:
    assert normal_number(given_number) == given_number
    assert not is_callable(given_number) or given_number.startswith("+")


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_a_call_without_sim_has_no_number(nothing: str | None) -> None:
    assert normal_number(nothing) is None
    assert not is_callable(None)


def test_only_full_numbers_name_one_telephone() -> None:
    assert is_callable("+6281234567890")
    assert not is_callable("anonymous")
    assert not is_callable("1234")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ei not understood: '35670804174673X'", f"ei not understood: {MASK}"),
        ("'tolong kebakaran di rumah' is no pair of coordinates", f"{MASK} is no pair of coordinates"),
        (repr('it\'s Sari, "Gang 3"') + " is no pair", f"{MASK} is no pair"),
        ("not a pair: '081234567890'", f"not a pair: '{MASK}'"),
        ("lt not understood: '-8.098500000001'", "lt not understood: '-8.098500000001'"),
        ("top not understood: '20261122181000'", "top not understood: '20261122181000'"),
        ("112.0 looks like a longitude", "112.0 looks like a longitude"),
    ],
)
def test_reasons_quote_no_numbers(said: str, shown: str) -> None:
    assert without_personal(said) == shown


@pytest.mark.parametrize(
    "spelled",
    ["081234567890", "0812-3456-7890", "+62 812 3456 7890", "6281234567890", "81234567890", "(0812) 3456.7890"],
)
def test_a_note_does_not_repeat_the_callers_number(spelled: str) -> None:
    assert without_number(f"telepon balik {spelled} segera", "+6281234567890") == f"telepon balik {MASK} segera"


def test_a_note_keeps_other_numbers() -> None:
    note = "tetangga: 081234567891, kode 0812345678901"
    assert without_number(note, "+6281234567890") == note
    assert without_number("nomor anonymous", "anonymous") == "nomor anonymous"
    assert without_number(note, None) == note
