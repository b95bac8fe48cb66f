"""`geo112 zones` and `geo112 resolve --on`: sets of boundaries at the command line."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from drawn_sets import Squares, write_set

from geo112.cli.boundary_sets import beside_program, build_folder
from geo112.cli.main import main
from geo112.core.clock import SystemClock, to_iso
from geo112.core.codes import KodeKabKota
from geo112.desk.board import Board
from geo112.desk.desk import Desk, GivenPosition
from geo112.incidents.events import Actor, Channel
from geo112.prepare.sets import put_in_force
from geo112.store.sql import SqlLog
from geo112.zones.catalogue import read_sets
from geo112.zones.index import ZoneIndex

WHOLE: Squares = {"35.05.01": (6, 0, 9, 1), "35.72.01": (0, 0, 6, 1)}
SPLIT: Squares = {"35.05.01": (6, 0, 9, 1), "35.05.02": (4, 0, 6, 1), "35.72.01": (0, 0, 4, 1)}
VILLAGES = [("35.72.01.1001", "Tetap", 1, 0.5), ("35.72.01.1002", "Pindah", 5, 0.5)]
NEW_YEAR = date(2027, 1, 1)
PLACE = ["--lat", "-7.995", "--lon", "112.05"]


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    """A default, and a split that is entered for 1 January 2027."""
    build, sets_dir = tmp_path / "build", tmp_path / "sets"
    write_set(build, WHOLE, version="whole", villages=VILLAGES)
    fresh = write_set(tmp_path / "fresh", SPLIT, version="split")
    loaded = datetime(2026, 11, 30, tzinfo=UTC)
    put_in_force(fresh, sets_dir=sets_dir, valid_from=NEW_YEAR, name="Pemekaran", now=loaded)
    return ["--sets-dir", str(sets_dir), "--build-dir", str(build)]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(arguments) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    return err


@pytest.mark.parametrize(
    ("on", "kode", "version"), [("2026-12-31", "35.72", "whole"), ("2027-01-01", "35.05", "split")]
)
def test_resolve_uses_what_is_in_force_on_a_day(
    capsys: pytest.CaptureFixture[str], places: list[str], on: str, kode: str, version: str
) -> None:
    answer = said(capsys, "resolve", *PLACE, "--on", on, *places, "--json")
    assert (answer["centre"]["kode"], answer["boundaries"]) == (kode, version)


def test_resolve_takes_a_folder_or_a_day_but_not_both(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    folder = ["--boundaries", str(tmp_path / "sets" / "split")]
    assert said(capsys, "resolve", *PLACE, *folder, *places, "--json")["boundaries"] == "split"
    assert "--on: does not go with --boundaries" in refused(capsys, "resolve", *PLACE, *folder, "--on", "2027-01-01")


@pytest.mark.parametrize("day", ["2027-1-1", "1 Januari", "20270101", "2027-02-30", ""])
def test_a_day_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], places: list[str], day: str) -> None:
    assert "--on: " in refused(capsys, "resolve", *PLACE, "--on", day, *places)
    assert "--from: " in refused(capsys, "zones", "use", "split", "--from", day, *places[:2])


def test_the_list_names_every_set_and_since_when(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    rows = said(capsys, "zones", "list", *places, "--json")["sets"]
    assert [(row["version"], row["name"], row["valid_from"]) for row in rows] == [
        ("whole", "default", None),
        ("split", "Pemekaran", "2027-01-01"),
    ]
    assert main(["zones", "list", *places]) == 0
    assert "split  sejak 2027-01-01  Pemekaran" in capsys.readouterr().out


def test_a_set_is_used_at_once_or_from_a_day_and_the_default_comes_back(
    capsys: pytest.CaptureFixture[str], places: list[str]
) -> None:
    sets_dir = places[:2]
    said(capsys, "zones", "use", "split", "--from", "2026-01-01", *sets_dir, "--json")
    in_force = {row["version"]: row["in_force"] for row in said(capsys, "zones", "list", *places, "--json")["sets"]}
    assert in_force == {"whole": False, "split": True}
    answer = said(capsys, "zones", "use", "default", *sets_dir, "--json")
    listed = said(capsys, "zones", "list", *places, "--json")
    assert listed["default_again_from"] == answer["valid_from"] == listed["today"]
    assert main(["zones", "list", *places]) == 0
    assert f"Kembali ke default sejak {listed['today']}" in capsys.readouterr().out
    assert {row["version"]: row["in_force"] for row in listed["sets"]} == {"whole": True, "split": False}


def test_a_removed_set_is_gone(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    assert said(capsys, "zones", "remove", "split", *places[:2], "--json") == {"removed": "split", "name": "Pemekaran"}
    assert read_sets(Path(places[1])) == ()
    assert "version: there is no set 'split'; entered: none" in refused(capsys, "zones", "use", "split", *places[:2])


def test_a_broken_list_is_one_line(capsys: pytest.CaptureFixture[str], places: list[str]) -> None:
    (Path(places[1]) / "sets.json").write_text("[")
    assert "sets.json is no list of sets" in refused(capsys, "zones", "list", *places)
    assert "sets.json is no list of sets" in refused(capsys, "resolve", *PLACE, *places)


def test_diff_writes_a_page_and_says_what_moves(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "beda.html"
    answer = said(capsys, "zones", "diff", "default", "split", "--out", str(out), *places, "--json")
    assert (answer["before"]["version"], answer["after"]["version"], answer["out"]) == ("whole", "split", str(out))
    assert answer["area_km2"]["centre"] == pytest.approx(2.44, abs=0.01)
    assert [(move["kind"], move["villages"]) for move in answer["moves"]] == [("centre", ["Pindah"])]
    assert answer["villages"] == {"points": 2, "kecamatan_changes": 1, "centre_changes": 1, "in_neither": 0}
    assert "Pindah" in out.read_text(encoding="utf-8")
    assert main(["zones", "diff", "whole", str(tmp_path / "sets" / "split"), *places]) == 0
    printed = capsys.readouterr().out
    assert "1 dari 2 desa ke pusat 112 lain, 1 dari 2 desa ke kecamatan lain" in printed
    assert "Kecamatan baru 1, hilang 0, nama 0" in printed


def test_diff_names_a_folder_that_is_not_there_before_it_compares(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "nowhere" / "beda.html"
    assert "--out: there is no folder" in refused(
        capsys, "zones", "diff", "default", "split", "--out", str(out), *places
    )


def test_an_import_finds_the_default_wherever_it_runs(tmp_path: Path) -> None:
    unsaid = Path("data/boundaries/build")
    assert beside_program(unsaid, unsaid) == build_folder(None)
    assert beside_program(tmp_path, unsaid) == tmp_path


def test_diff_counts_the_calls_of_a_table(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path
) -> None:
    now = SystemClock().now()
    moments = [to_iso(now - timedelta(days=days)) for days in (1, 2, 3, 400)]
    lines = [f"-7.995,112.05,{moments[0]}", f"-7.995,112.01,{moments[1]}", f",,{moments[2]}", f"0,100,{moments[3]}"]
    table = tmp_path / "panggilan.csv"
    table.write_text("\n".join(["lat,lon,at", *lines]), encoding="utf-8-sig")
    answer = said(capsys, "zones", "diff", "default", "split", "--calls", str(table), *places, "--json")
    (year,) = answer["happenings"]
    assert (year["what"], year["points"], year["older"], year["without_position"]) == ("panggilan", 2, 1, 1)
    assert (year["centre_changes"], year["kecamatan_changes"]) == (1, 1)
    assert year["centres"] == [{"from": "35.72", "to": "35.05", "count": 1}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lat,lon\n1,2\n", "at: panggilan.csv line 1 lacks this column"),
        ("lat,lon,at\n-7.9,112,kemarin\n", "at: panggilan.csv line 2: 'kemarin' is not an ISO 8601 time"),
        ("lat,lon,at\n-7.9,112,2026-11-01T00:00:00\n", "at: panggilan.csv line 2: "),
        ("lat,lon,at\nx,112,2026-11-01T00:00:00Z\n", "lat: panggilan.csv line 2: "),
        ("lat,lon,at\n97,112,2026-11-01T00:00:00Z\n", "panggilan.csv line 2: "),
        ("lat,lon,at\n-7.9\n", "at: panggilan.csv line 2: "),
    ],
)
def test_diff_refuses_a_table_that_it_does_not_understand(
    capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path, text: str, message: str
) -> None:
    table = tmp_path / "panggilan.csv"
    table.write_text(text)
    assert message in refused(capsys, "zones", "diff", "default", "split", "--calls", str(table), *places, "--json")


def test_diff_reads_the_log_of_a_centre(capsys: pytest.CaptureFixture[str], places: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "centre"
    folder.mkdir()
    (folder / "geo112.toml").write_text('kode = "35.72"\n')
    log = SqlLog.open(folder / "centre.sqlite")
    board, siti = Board(log), Actor(name="siti", role="call_taker")
    zones = ZoneIndex.open(Path(places[3]) / "zones.geo112")
    desk = Desk(log=log, zones=zones, board=board, clock=SystemClock(), kode=KodeKabKota("35.72"))
    for number, lon_deg in (("+6281234567890", 112.05), ("+6281234567891", 112.01)):
        given = GivenPosition(lat_deg=-7.995, lon_deg=lon_deg, radius_m=20.0)
        receipt = desk.receive_call(actor=siti, channel=Channel.CONSOLE, number=number, position=given)
    desk.open_incident(call_id=receipt.call.call_id, actor=siti, category="KEBAKARAN", priority=1)
    log.close()
    asked = ["zones", "diff", "default", "split", "--calls", str(folder), *places, "--json"]
    answer = said(capsys, *asked)
    calls, incidents = answer["happenings"]
    assert (calls["what"], calls["points"], calls["centre_changes"]) == ("panggilan", 2, 1)
    assert (incidents["what"], incidents["points"], incidents["centre_changes"]) == ("kejadian", 1, 0)
    (folder / "centre.sqlite").unlink()
    assert "centre.sqlite is not there" in refused(capsys, *asked)
    assert not (folder / "centre.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["default", "nowhere"], "boundary_sets: 'nowhere' is no version"),
        (["default", "split", "--dust-m2", "-1"], "--dust-m2: "),
        (["default", "split", "--dust-m2", "nan"], "--dust-m2: "),
        (["default", "split", "--out", "beda.pdf"], "--out: beda.pdf does not end in .html"),
        (["default", "split", "--calls", "nowhere.csv"], "nowhere.csv: cannot be read"),
        (["default", "split", "--villages", "nowhere.csv"], "villages: nowhere.csv is not there"),
    ],
)
def test_diff_refuses_what_it_cannot_do_before_it_begins(
    capsys: pytest.CaptureFixture[str], places: list[str], arguments: list[str], message: str
) -> None:
    assert message in refused(capsys, "zones", "diff", *arguments, *places, "--json")
