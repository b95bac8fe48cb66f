"""`geo112 perangkat` as somebody types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest import CaptureFixture  # noqa: PT013 - the name of the type

from geo112.cli.main import main
from geo112.settings import perangkat_daerah_root


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A copy of the run cards."""
    path = tmp_path / "kartu.csv"
    path.write_bytes((perangkat_daerah_root() / "default" / "kartu.csv").read_bytes())
    return path


def objects(capsys: CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_comes_with_the_program_is_sound(capsys: CaptureFixture[str]) -> None:
    assert main(["perangkat", "check", "--json"]) == 0
    told = objects(capsys)
    assert [(one["tables"], one["sound"], one["problems"]) for one in told] == [
        ("default", True, []),
        ("35.72", True, []),
    ]


def test_a_wrong_cell_is_named_and_ends_with_2(cards: Path, capsys: CaptureFixture[str]) -> None:
    cards.write_text(cards.read_text().replace("PJU,ringan,teknisi_pju,1", "PJU,ringan,teknisi_pju,nol"))
    assert main(["perangkat", "check", str(cards)]) == 2
    out, err = capsys.readouterr()
    assert "  kartu.csv line 2, column jumlah: 'nol' is no whole number from 1 to 99" in out.splitlines()
    assert err == "geo112: 2 wrong places in the tables\n"
    assert main(["perangkat", "check", str(cards.parent), "--centre", "35.72", "--json"]) == 2
    (told,) = objects(capsys)
    assert told["sound"] is False
    assert told["problems"][0] == {
        "file": "kartu.csv",
        "line": 2,
        "column": "jumlah",
        "message": "'nol' is no whole number from 1 to 99",
    }


def test_a_sound_table_passes_with_those_of_its_centre(cards: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["perangkat", "check", str(cards), "--centre", "35.72"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{cards}: sound"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "tidak-ada.csv"], "tidak-ada.csv: is no table"),
        (["check", "--centre", "Blitar"], "kode: 'Blitar' is not a code such as 35.72"),
        (["show", "--category", "BANJIR"], "--category: 'BANJIR' is none of PJU,"),
        (["show", "--dir", "tidak-ada"], "--dir: tidak-ada is no folder"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    arguments: list[str], said: str, capsys: CaptureFixture[str]
) -> None:
    assert main(["perangkat", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"geo112: {said}")
    assert err.count("\n") == 1


def test_the_same_table_twice_is_refused(cards: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["perangkat", "check", str(cards), str(cards.parent)]) == 2
    assert "kartu.csv is given twice" in capsys.readouterr().err


def test_one_category_of_a_centre_is_shown(capsys: CaptureFixture[str]) -> None:
    assert main(["perangkat", "show", "--centre", "35.72", "--category", "kebakaran", "--json"]) == 0
    (told,) = objects(capsys)
    assert (told["kode"], told["tables"]["kejadian.csv"]) == ("KEBAKARAN", "35.72")
    assert told["perangkat_daerah"][0] == {
        "kode": "DAMKAR",
        "nama": "Damkar",
        "kind": "damkar",
        "named_in": [{"kode": "L11", "kejadian": "kebakaran", "source": "lampiran"}],
    }
    assert [card["severity"] for card in told["run_cards"]] == ["ringan", "sedang", "berat"]


def test_all_categories_are_told_in_words_and_by_own_run_cards(cards: Path, capsys: CaptureFixture[str]) -> None:
    cards.write_text(cards.read_text().replace("PJU,ringan,teknisi_pju,1", "PJU,ringan,teknisi_pju,9"))
    assert main(["perangkat", "show", "--dir", str(cards.parent)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "PJU: PERMASALAHAN PJU (non_darurat, biasanya ringan)" in lines
    assert "  kirim bila ringan: 9 teknisi_pju (perkiraan)" in lines
    assert f"kartu.csv ({cards.parent.name})" in lines[-1]
