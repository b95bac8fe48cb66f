"""`geo112 resolve` on a border: what to ask, and what the answer makes of it."""

import json
from pathlib import Path

import pytest

from geo112.cli.main import main
from geo112.locate.places.kinds import Kind
from geo112.locate.places.table import PlaceRow, write_places

WEST = ["--lat", "-8.05", "--lon", "112.05"]


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    captured = capsys.readouterr()
    assert captured.err == ""
    facts = json.loads(captured.out)
    assert isinstance(facts, dict)
    return facts


BORDER = ["--lat", "-8.05", "--lon", "112.1", "--radius-m", "400", "--confidence-share", "0.68"]


@pytest.fixture
def places_file(tmp_path: Path) -> Path:
    """A market to the east of the border and nothing else that anybody knows."""
    path = tmp_path / "places.geo112"
    row = PlaceRow(name="Pon", kind=Kind.PASAR, kode=None, parent=-1, lat_deg=-8.05, lon_deg=112.103, radius_m=100.0)
    write_places(path, [row], version="test")
    return path


def test_a_border_place_has_a_question_and_its_answer_moves_the_shares(
    squares_dir: Path, places_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["resolve", *BORDER, "--boundaries", str(squares_dir), "--places", str(places_file), "--json"]
    assert main(command) == 0
    facts = answer(capsys)
    question = facts["question"]
    assert isinstance(question, dict)
    assert "Pasar Pon?" in question["text"]
    assert "Pasar Pon?" in question["text_en"]
    assert (question["place"], question["lat_deg"], question["lon_deg"]) == ("Pasar Pon", -8.05, 112.103)
    assert "after_answer" not in facts
    for said, expected in (("ya", question["if_yes"]), ("tidak", question["if_no"])):
        assert main([*command, "--answer", said]) == 0
        after = answer(capsys)["after_answer"]
        assert isinstance(after, dict)
        assert after["shares"] == expected


def test_the_question_and_what_the_answer_made_of_it_are_printed(
    squares_dir: Path, places_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["resolve", *BORDER, "--boundaries", str(squares_dir), "--places", str(places_file)]
    assert main([*command, "--answer", "ya"]) == 0
    printed = capsys.readouterr().out
    assert "Tanyakan: Apakah Bapak/Ibu " in printed
    assert "Setelah jawaban (ya):" in printed


def test_where_nothing_is_asked_an_answer_changes_nothing(
    squares_dir: Path, places_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["resolve", *WEST, "--radius-m", "20", "--boundaries", str(squares_dir), "--places", str(places_file)]
    assert main([*command, "--answer", "ya", "--json"]) == 0
    facts = answer(capsys)
    assert (facts["question"], facts["after_answer"]) == (None, None)
    assert main([*command, "--answer", "ya"]) == 0
    assert "tidak ada pertanyaan" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([*BORDER, "--answer", "mungkin"], "--answer: 'mungkin' is not ya or tidak"),
        ([*BORDER, "--answer", "tidak_tahu"], "--answer: 'tidak_tahu' is not ya or tidak"),
        (["--points", "a.csv", "--out", "b.csv", "--answer", "ya"], "--answer: does not go with --points"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", *arguments]) == 2
    assert capsys.readouterr().err == f"geo112: {says}\n"


@pytest.mark.parametrize("text", [None, "no places"])
def test_a_file_of_places_that_was_named_has_to_be_one(
    squares_dir: Path, tmp_path: Path, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tempat.geo112"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert main(["resolve", *BORDER, "--boundaries", str(squares_dir), "--places", str(file)]) != 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "tempat.geo112" in said.err
