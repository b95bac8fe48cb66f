"""The command imports a file, says how it went, and the file's own answer can be asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_region import shifted, square, wilayah

from geo112.cli.main import main


def arguments(tmp_path: Path, base: Path, *more: str) -> list[str]:
    folders = ["--out", str(base), "--sets-dir", str(tmp_path / "sets"), "--source", str(tmp_path)]
    return ["prepare", "boundaries", *folders, "--tables", str(tmp_path), *more]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    wilayah(shifted()).to_file(tmp_path / "batas.gpkg")
    return tmp_path / "batas.gpkg"


def test_lines_say_what_happened(tmp_path: Path, base: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--file", str(file), "--preset", "wilayah", "--valid-from", "2027-01-01", "--name", "Batas 2027"]
    assert main(arguments(tmp_path, base, *more)) == 0
    text = capsys.readouterr().out
    assert "(Batas 2027)" in text
    assert "berlaku 2027-01-01" in text
    assert "5 dari 5 baris dipakai" in text
    assert "3 kabupaten/kota diganti seluruhnya" in text


def test_one_json_object_and_the_raw_answer(
    tmp_path: Path, base: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, base, "--file", str(file), "--accuracy-m", "7", "--json")) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["rows"]["used"] == 5
    assert facts["import"]["accuracy_m"] == 7.0
    assert facts["import"]["accuracy_from"] == "pemakai"
    assert facts["overlaps"]["with_base"]["count"] == 0
    spot = square(0.5, 0.5, 0.01, 0.01).centroid
    asked = ["zones", "raw", "--lat", str(spot.y), "--lon", str(spot.x), "--sets-dir", str(tmp_path / "sets")]
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["boundaries"] == facts["version"]
    assert [one["kode"] for one in found["polygons"]] == ["35.01.01"]
    assert main([*asked, "--boundaries", facts["version"]]) == 0
    assert "35.01.01 Srengat: baris 1 dari batas.gpkg" in capsys.readouterr().out
    outside = ["zones", "raw", "--lat", "-8", "--lon", "110", "--boundaries", facts["out"]]
    assert main(outside) == 0
    assert "Tidak ada poligon" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--valid-from", "1 Januari"], "--valid-from: '1 Januari' is not a day"),
        (["--force"], "--force: does not go with --file"),
        (["--crs", "EPSG:3857"], "crs: batas.gpkg says itself"),
        (["--preset", "gadm"], "preset: gadm needs the columns"),
    ],
)
def test_bad_input_is_one_line_that_names_the_option(
    more: list[str], words: str, tmp_path: Path, base: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, base, "--file", str(file), "--json", *more)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert words in told.err


def test_options_of_a_file_need_a_file(tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path, base, "--preset", "big")) == 2
    assert "--preset: needs --file" in capsys.readouterr().err


def test_a_place_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zones", "raw", "--lat", "x", "--lon", "112"]) == 2
    assert "lat: 'x' is no number" in capsys.readouterr().err


def test_the_service_does_not_load_the_importers() -> None:
    """Nothing that answers calls may wait for geopandas."""
    code = "import sys, geo112.cli.prepare_cmd, geo112.cli.zones_cmd; print('geopandas' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
