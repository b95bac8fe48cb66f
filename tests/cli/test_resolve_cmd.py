"""`geo112 resolve` for one place and for a message."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo112.cli.main import main
from geo112.cli.resolve_cmd import zones_path
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.zones.compact import write_zones
from geo112.zones.outside import OUTSIDE_FILE
from geo112.zones.records import Zone

WEST = ["--lat", "-8.05", "--lon", "112.05"]


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    captured = capsys.readouterr()
    assert captured.err == ""
    facts = json.loads(captured.out)
    assert isinstance(facts, dict)
    return facts


def test_bare_point(squares_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", *WEST, "--boundaries", str(squares_dir), "--json"]) == 0
    facts = answer(capsys)
    assert facts["outcome"] == "inside"
    assert facts["centre"] == {"kode": "35.05", "nama": "Kab. Blitar"}
    assert facts["shares"] == [{"kode": "35.05", "nama": "Kab. Blitar", "share": 1.0}]
    assert facts["warnings"] == ["radius unknown"]
    assert facts["boundaries"] == "three-squares"


def test_circle_on_the_border(squares_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--lat", "-8.05", "--lon", "112.1", "--radius-m", "500", "--confidence-share", "0.9"]
    assert main(["resolve", *arguments, "--boundaries", str(squares_dir), "--json"]) == 0
    facts = answer(capsys)
    assert facts["outcome"] == "straddles"
    shares = facts["shares"]
    assert isinstance(shares, list)
    assert [share["share"] for share in shares] == pytest.approx([0.475, 0.475], abs=1e-4)
    total = sum(share["share"] for share in shares) + facts["outside_share"] + facts["unknown_share"]
    assert total == pytest.approx(1)


def test_sea_has_the_nearest_centre(squares_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--lat=-9", "--lon=112.05", "--boundaries", str(squares_dir), "--json"]) == 0
    facts = answer(capsys)
    assert facts["outcome"] == "outside"
    assert facts["centre"] == {"kode": "35.05", "nama": "Kab. Blitar"}
    assert facts["gap_m"] == pytest.approx(99_530, abs=50)


@pytest.mark.parametrize(
    ("arguments", "title", "says"),
    [
        (WEST, "di dalam wilayah", "Kab. Blitar (35.05)"),
        (["--lat", "-8.05", "--lon", "112.1", "--radius-m", "500"], "DI PERBATASAN", "paling mungkin"),
        (["--lat", "-8.1", "--lon", "112.05", "--radius-m", "500"], "DI PERBATASAN", "di luar semua wilayah"),
        (["--lat", "-9", "--lon", "112.05"], "di luar semua wilayah", "terdekat Kab. Blitar (35.05), kecamatan Barat"),
    ],
)
def test_for_people(
    squares_dir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], title: str, says: str
) -> None:
    assert main(["resolve", *arguments, "--boundaries", str(squares_dir)]) == 0
    out = capsys.readouterr().out
    assert f"Pusat 112: {title}" in out
    assert says in out
    assert "batas wilayah three-squares" in out


def test_message(squares_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = tmp_path / "sms.txt"
    message.write_text("AML=1;lt=-8.05000;lg=+112.15000;rd=14;top=20261122031530;lc=68;pm=W;mcc=510;mnc=10;ml=90")
    assert main(["resolve", "--message", str(message), "--boundaries", str(squares_dir), "--json"]) == 0
    facts = answer(capsys)
    assert facts["centre"] == {"kode": "35.72", "nama": "Kota Blitar"}
    assert facts["warnings"] == ["header quote missing or changed"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;lc=0;pm=N', "message: holds no position"),
        ('A"ML=1;lt=51.5;lg=-0.12;rd=5;lc=68;pm=G', "lat_deg: 51.5 is not between 12 S and 7 N"),
        ("tolong", "text: 'tolong' is no pair"),
    ],
)
def test_message_without_a_usable_position(
    squares_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    message = tmp_path / "sms.txt"
    message.write_text(text)
    assert main(["resolve", "--message", str(message), "--boundaries", str(squares_dir), "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--lat", "nan", "--lon", "112"], "--lat: 'nan' is not a decimal number"),
        (["--lat", "-8", "--lon", "inf"], "--lon: 'inf' is not"),
        (["--lat", "1_0", "--lon", "112"], "--lat: '1_0' is not"),
        (["--lat", "", "--lon", "112"], "--lat: '' is not"),
        (["--lat", "112", "--lon", "-8"], "lat_deg: 112.0 looks like a longitude: latitude and longitude are swapped"),
        (["--lat", "0", "--lon", "0"], "lat_deg: 0/0"),
        (["--lat", "50", "--lon", "112"], "lat_deg: 50.0 is not between 12 S and 7 N"),
        (["--lat", "-8", "--lon", "2"], "lon_deg: 2.0 is not between 94 E and 142 E"),
        (["--lat", "-8"], "--lon: is missing"),
        (["--lon", "112"], "--lat: is missing"),
        ([*WEST, "--radius-m", "0"], "radius_m: 0.0 is not"),
        ([*WEST, "--radius-m", "x"], "--radius-m: 'x' is not"),
        ([*WEST, "--radius-m", "5", "--confidence-share", "95"], "confidence_share: 95.0 is not"),
        ([*WEST, "--confidence-share", "0.9"], "--confidence-share: says nothing without --radius-m"),
        ([], "give --lat and --lon, or --message, or --points with --out"),
        ([*WEST, "--message", "x"], "--lat: does not go with --message"),
        (["--points", "a.csv", "--message", "x"], "--points: does not go with --message"),
        (["--points", "a.csv", "--radius-m", "5"], "--radius-m: does not go with --points"),
        (["--points", "a.csv"], "--out: is missing"),
        ([*WEST, "--out", "b.csv"], "--out: belongs to --points"),
    ],
)
def test_bad_input_is_2_and_names_the_field(
    squares_dir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(["resolve", *arguments, "--boundaries", str(squares_dir)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert says in captured.err
    assert captured.err.count("\n") == 1


def test_missing_boundaries_say_how_to_build_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", *WEST, "--boundaries", str(tmp_path)]) == 2
    assert "geo112 prepare boundaries" in capsys.readouterr().err


def test_the_projects_own_boundaries_are_the_default(boundaries_dir: Path) -> None:
    assert zones_path(None) == boundaries_dir / "zones.geo112"


def test_kota_blitar_on_the_boundaries_of_the_country(boundaries_dir: Path) -> None:
    arguments = ["resolve", "--lat", "-8.0983", "--lon", "112.1681", "--radius-m", "30", "--json"]
    command = [sys.executable, "-m", "geo112.cli.main", *arguments, "--boundaries", str(boundaries_dir)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    facts = json.loads(done.stdout)
    assert (facts["outcome"], facts["centre"]) == ("inside", {"kode": "35.72", "nama": "Kota Blitar"})


@pytest.fixture(scope="module")
def coast_dir(squares_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three squares with Malaysia in the east, and so with a sea."""
    folder = tmp_path_factory.mktemp("pantai")
    (folder / "zones.geo112").write_bytes((squares_dir / "zones.geo112").read_bytes())
    abroad = Zone(
        kode=KodeKecamatan("MY"), nama="Malaysia", kode_kabkota=KodeKabKota("abroad"), kabkota="", area_km2=1.0
    )
    land = np.array([shapely.box(112.2, -8.1, 112.4, -8.0)], dtype=object)
    write_zones(folder / OUTSIDE_FILE, zones=[abroad], polygons=land, version="three-squares")
    return folder


@pytest.mark.parametrize(
    ("lat", "lon", "kind", "number", "says"),
    [
        ("-8.5", "112.05", "sea", "115", "Laut: hubungi juga Basarnas 115"),
        ("-8.05", "112.3", "abroad", "999", "Luar negeri: hubungi juga Malaysia 999"),
    ],
)
def test_outside_a_second_line_is_named(
    coast_dir: Path, capsys: pytest.CaptureFixture[str], lat: str, lon: str, kind: str, number: str, says: str
) -> None:
    place = ["resolve", f"--lat={lat}", f"--lon={lon}", "--radius-m", "300", "--boundaries", str(coast_dir)]
    assert main([*place, "--json"]) == 0
    facts = answer(capsys)
    assert (facts["outcome"], facts["outside_kind"]) == ("outside", kind)
    second = facts["second_line"]
    assert isinstance(second, list)
    assert [line["number"] for line in second] == [number]
    assert main(place) == 0
    out = capsys.readouterr().out
    assert says in out
    assert "di luar semua wilayah" in out


@pytest.mark.parametrize(("lat", "lon", "field"), [("-8", "181", "lon"), ("-8", "-190", "lon"), ("91", "112", "lat")])
def test_beyond_the_earth_is_refused(
    coast_dir: Path, capsys: pytest.CaptureFixture[str], lat: str, lon: str, field: str
) -> None:
    assert main(["resolve", f"--lat={lat}", f"--lon={lon}", "--boundaries", str(coast_dir)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert field in said
