"""`geo112 place` and `geo112 prepare places` as somebody types them."""

import json
from pathlib import Path

import pytest
from pytest import CaptureFixture  # noqa: PT013 - the name of the type

from geo112.cli.main import main
from geo112.locate.places.kinds import Kind
from geo112.locate.places.table import PlaceRow, write_places


@pytest.fixture
def file(tmp_path: Path) -> str:
    places = [
        PlaceRow(name=name, kind=kind, kode=kode, parent=parent, lat_deg=lat_deg, lon_deg=lon_deg, radius_m=1_400)
        for name, kind, kode, parent, lat_deg, lon_deg in (
            ("Kota Blitar", Kind.KABKOTA, "35.72", -1, -8.1, 112.17),
            ("Sukorejo", Kind.DESA, "35.72.02.1006", 0, -8.1, 112.15),
            ("Sukorejo", Kind.DESA, "35.05.02.2009", -1, -8.0, 112.0),
        )
    ]
    write_places(tmp_path / "places.geo112", places, version="kecil")
    return str(tmp_path / "places.geo112")


def asked(capsys: CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["place", *arguments, "--json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def codes(answer: dict[str, object]) -> list[object]:
    places = answer["places"]
    assert isinstance(places, list)
    return [one["kode"] for one in places]


def test_a_name_is_found_near_what_is_given(file: str, capsys: CaptureFixture[str]) -> None:
    near = ("--near-lat", "-8.0", "--near-lon", "112.0")
    kota = asked(capsys, "soekoredjo", "--places-file", file, "--centre", "35.72")
    assert kota["query"] == "soekoredjo"
    assert codes(kota) == ["35.72.02.1006", "35.05.02.2009"]
    assert codes(asked(capsys, "sukorejo", "--places-file", file, *near)) == ["35.05.02.2009", "35.72.02.1006"]
    wide = (*near, "--near-radius-m", "90000", "--limit", "1")
    assert len(codes(asked(capsys, "sukorejo", "--places-file", file, *wide))) == 1


def test_lines_are_indonesian(file: str, capsys: CaptureFixture[str]) -> None:
    assert main(["place", "Sukorejo", "--places-file", file, "--centre", "35.72"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1. Sukorejo (desa), Kota Blitar"
    assert "radius 1400 m" in lines[1]
    assert main(["place", "zzzzz", "--places-file", file]) == 0
    assert capsys.readouterr().out == "Tidak ada tempat yang cocok\n"


@pytest.mark.parametrize("text", ["-8.0983, 112.1681", "8°05'54\"S 112°10'05\"E", "geo:-8.0983,112.1681"])
def test_coordinates_are_places_too(text: str, capsys: CaptureFixture[str]) -> None:
    [found] = asked(capsys, text)["places"]  # type: ignore[misc]  # the fixture's answer is plain JSON
    assert found["kind"] == "koordinat"
    assert found["lat_deg"] == pytest.approx(-8.0983, abs=1e-3)
    assert "koordinat yang diketik" in found["why"]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("x" * 201,), "text"),
        (("x", "--near-lat", "-8"), "--near-lon"),
        (("x", "--near-lon", "112"), "--near-lat"),
        (("x", "--near-lat", "112", "--near-lon", "-8"), "lat_deg"),
        (("x", "--near-lat", "a", "--near-lon", "112"), "--near-lat"),
        (("x", "--near-lat", "-8", "--near-lon", "112", "--near-radius-m", "0"), "--near-radius-m"),
        (("x", "--centre", "Blitar"), "kode"),
        (("x", "--centre", "99.99"), "--centre"),
        (("x", "--centre", "35.72", "--near-lat", "-8"), "--centre"),
        (("x", "--limit", "0"), "--limit"),
    ],
)
def test_bad_input_names_the_field(
    file: str, arguments: tuple[str, ...], field: str, capsys: CaptureFixture[str]
) -> None:
    assert main(["place", *arguments, "--places-file", file]) == 2
    assert field in capsys.readouterr().err


def test_without_the_file_it_says_how_to_build_it(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["place", "x", "--places-file", str(tmp_path / "none")]) == 2
    assert "prepare places --builtin" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [(), ("--builtin", "--remove", "x"), ("a.csv", "--builtin")])
def test_one_thing_at_a_time(arguments: tuple[str, ...], capsys: CaptureFixture[str]) -> None:
    assert main(["prepare", "places", *arguments]) == 2
    assert "places" in capsys.readouterr().err
