"""Codes and cells in all the ways in which files write them."""

import pytest

from geo112.prepare.imports.said import from_numbers, kemendagri, text_of, without_kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("35.72.01", "35.72.01"),
        ("357201", "35.72.01"),
        ("3572", "35.72"),
        ("35.72", "35.72"),
        ("35", "35"),
        ("35.72.01.1003", "35.72.01.1003"),
        ("3572011003", "35.72.01.1003"),
        ("35 72 01", "35.72.01"),
        ("35.72.01.", "35.72.01"),
        ("3572010", ""),
        ("3572010001", ""),
        ("ID3572010", ""),
        ("35.7201", ""),
        ("05.72.01", ""),
        ("000000", ""),
        ("", ""),
        ("Kota Blitar", ""),
        ("３５７２", ""),
    ],
)
def test_codes_with_and_without_dots(text: str, code: str) -> None:
    assert kemendagri(text) == code


@pytest.mark.parametrize(
    ("cell", "text"),
    [(357201.0, "357201"), (357201, "357201"), (" 35.72 \n", "35.72"), (None, ""), ("NA", ""), (float("nan"), "")],
)
def test_cells_as_text(cell: object, text: str) -> None:
    assert text_of(cell) == text


def test_numbers_of_the_levels_are_joined() -> None:
    assert from_numbers("35", "72", "1") == "35.72.01"
    assert from_numbers("35", "5", "", "") == "35.05"
    assert from_numbers("35", "72", "1", "1003") == "35.72.01.1003"
    assert from_numbers("", "72") == ""
    assert from_numbers("35", "720") == "35"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kecamatan Sukorejo", "Sukorejo"),
        ("KEC. SUKOREJO", "SUKOREJO"),
        ("Kec.Sukorejo", "Sukorejo"),
        ("Kecamatan", "Kecamatan"),
        ("Kecapi", "Kecapi"),
        ("", ""),
    ],
)
def test_the_word_kecamatan_is_no_part_of_a_name(text: str, name: str) -> None:
    assert without_kind(text) == name
