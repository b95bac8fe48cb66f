"""The jobs of zones on few points: complete results, right answers, honest errors."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo112.bench import limits, shares, zones
from geo112.bench.frame import Room
from geo112.bench.reference import points_of_country, read_kecamatan, winners_by_covers
from geo112.bench.start import start
from geo112.cli.bench_cmd import print_table
from geo112.cli.main import main
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.zones.index import ZoneIndex

KEYS = {"job", "unit", "ours", "others", "ratio", "goal", "met", "rounds", "machine"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, boundaries_dir: Path) -> Room:
    return Room(boundaries=boundaries_dir, folder=tmp_path_factory.mktemp("bench"), tell=lambda _: None)


def test_lookups_measure_all_and_find_no_disagreement(room: Room) -> None:
    batch, single = zones.lookups(room, points=4_000, singles=50, rounds=1)
    assert set(batch) >= KEYS
    assert (batch["job"], batch["disagreements"], single["disagreements"]) == ("zones", 0, 0)
    assert {"sjoin(within)", "SedonaDB", "STRtree(points).query(zones)"} <= set(batch["others"])
    assert {zones.POSTGIS, limits.CELLS} <= set(batch["others"])
    (best,) = batch["goal"]
    assert batch["goal"][best] == 25.0
    assert best in zones.SHAPELY
    assert batch["others"][best] == max(batch["others"][name] for name in zones.SHAPELY)
    assert single["goal"] == {"STRtree": 15.0}
    assert single["disagreements_of_postgis"] == 0
    assert single["ratio"]["STRtree"] > 1
    assert set(single["p99_us"]) == {"geo112", *single["others"]}


def test_all_candidates_find_the_same(boundaries_dir: Path) -> None:
    index = ZoneIndex.open(boundaries_dir / "zones.geo112")
    kecamatan, polygons = read_kecamatan(boundaries_dir)
    lons, lats = points_of_country(kecamatan, polygons, count=2_000, seed=3)
    assert lons.size == 2_000
    again = points_of_country(kecamatan, polygons, count=2_000, seed=3)
    assert np.array_equal(lons, again[0])
    assert np.array_equal(winners_by_covers(kecamatan, polygons, lons, lats), index.zone_ids(lons, lats))


def test_shares_measure_time_and_error(room: Room) -> None:
    results = list(shares.shares(room, radii_m=(250.0,), reaches_m=(500.0,), count=6, rounds=1))
    names = ["250 m", "ellipse 500 m", "arc band 500 m", "polygon 500 m", "normal 250 m", "normal ellipse 500 m"]
    assert [result["job"] for result in results] == [f"shares {name}" for name in names]
    assert all(set(result) >= KEYS for result in results)
    assert all(result["error"] <= 1e-5 for result in results)
    even, normal = results[:4], results[4:]
    assert all(result["error_of_others"][shares.SHAPELY] > result["error"] for result in even[:3])
    assert all(result["error_of_others"][shares.RINGS] > result["error"] for result in normal)
    assert all(result["goal"] == {shares.SHAPELY: 15.0} for result in even)
    assert all(result["goal"] == {shares.RINGS: 15.0} for result in normal)
    rivals = {shares.SHAPELY, shares.POSTGIS, shares.QUASI}
    assert all(set(result["others"]) == set(result["error_of_others"]) == rivals for result in even)
    assert all(result["error_of_others"][shares.QUASI] < 0.05 for result in results)


def test_a_circle_at_sea_has_no_shares_by_shapely(boundaries_dir: Path) -> None:
    _, polygons = read_kecamatan(boundaries_dir)
    area = Circle(middle=Position(lon_deg=100.0, lat_deg=-11.0), radius_m=100.0)
    assert shares.by_shapely(shapely.STRtree(polygons), polygons, area, corners=64) == {}


def test_start_is_measured_in_seconds_and_megabytes(room: Room) -> None:
    seconds, megabytes = start(room, rounds=1)
    assert set(seconds) >= KEYS
    assert 0.1 < seconds["ours"] < 120
    assert 50 < megabytes["ours"] < 400
    assert megabytes["met"] is True


def test_the_command_prints_one_object_per_job(capsys: pytest.CaptureFixture[str], boundaries_dir: Path) -> None:
    assert main(["bench", "start", "--json", "--boundaries", str(boundaries_dir)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["job"] for line in lines] == ["start", "start memory"]


def test_tables_of_markdown_go_into_a_file(tmp_path: Path, boundaries_dir: Path) -> None:
    file = tmp_path / "figures.md"
    options = ["--boundaries", str(boundaries_dir), "--folder", str(tmp_path), "--markdown", str(file)]
    assert main(["bench", "start", *options]) == 0
    text = file.read_text()
    assert text.startswith("<!-- geo112 bench start -->\nMeasured on 20")
    assert "| start memory | **" in text


def test_the_table_has_a_row_per_alternative(capsys: pytest.CaptureFixture[str]) -> None:
    result = {
        "job": "zones", "unit": "points/s", "ours": 9e6, "others": {"sjoin": 3e5, "slow": 1.5}, "ratio": {"sjoin": 30.0,
        "slow": 6e6}, "goal": {"sjoin": 15.0}, "met": True, "rounds": 7, "machine": "m", "disagreements": 0,
        "error": 1e-6,
    }  # fmt: skip
    print_table([result])
    table = capsys.readouterr().out
    assert "sjoin" in table
    assert "9,000,000" in table
    assert "30.0" in table
    assert "zones: 0 disagreements with covers" in table
    assert "zones: largest error 1.0e-06" in table
    assert table.endswith("m, median of 7 rounds\n")


def test_the_command_refuses_a_job_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "speed"]) == 2
    assert "there is no benchmark 'speed'" in capsys.readouterr().err
