"""Lists of cells become one table: what is refused is named, the newest wins, and nothing is left half done."""

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from geo112.cli import prepare_cmd
from geo112.core.errors import BadInput, BadTable, DataMissing
from geo112.locate.cells.cell import Cell, Origin
from geo112.locate.cells.identity_text import read_identity
from geo112.locate.cells.table import CellTable, open_table
from geo112.prepare.cells import Built, Request, prepare_cells

HEADER = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
LTE = "LTE,510,10,1234,25600001,-1,112.1681,-8.0985,1500,40,1,1500000000,1700000000,0"
CUT_OFF = gzip.compress("\n".join([HEADER, *(LTE.replace("1234", str(n)) for n in range(9_000))]).encode())[:-400]
OPERATOR = "Teknologi;MNC;TAC;Cell ID;Lintang;Bujur;Azimut;Lebar Berkas;Tinggi (m);Tilt;Jangkauan (m)"
SECTOR = "4G;10;1234;25600001;-8,10;112,17;120;65;42,5;-3,5;2500"


def build(folder: Path, *texts: str | bytes, add: bool = False, **more: object) -> Built:
    files = []
    for n, text in enumerate(texts):
        file = folder / f"list{n}.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(file)
    request = Request(files=files, out=folder / "build", add=add, **more)  # type: ignore[arg-type]  # of the test's own making
    return prepare_cells(request, progress=lambda done, total: None)


def table(built: Built) -> CellTable:
    opened = open_table(built.path)
    assert opened is not None
    return opened


def cell(built: Built, text: str) -> Cell | None:
    return next((found for one in read_identity(text) if (found := table(built).find(one)) is not None), None)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", [HEADER, None, HEADER.upper(), f"﻿{HEADER}"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_list_of_opencellid(tmp_path: Path, end: str, first: str | None, pack) -> None:
    lines = [
        *([first] if first else []),
        LTE,
        LTE.replace("25600001", "25600002").replace("LTE,510,10", "LTE,510,1"),
        "",
    ]
    built = build(tmp_path, pack(end.join(lines).encode()))
    assert (built.cells, built.tallies[0].taken, built.tallies[0].refused) == (2, 2, {})
    found = cell(built, "lte 510-10-1234-25600001")
    assert found is not None
    assert (found.place.lat_deg, found.place.lon_deg) == (-8.0985, 112.1681), "longitude stands before latitude"
    assert (found.range_m, found.samples, found.updated_s) == (1500.0, 40, 1_700_000_000)
    assert (found.origin, found.azimuth_deg) == (Origin.CROWD, None)
    assert cell(built, "lte 510-01-1234-25600002") is not None, "the list has lost the zero of 01"


def test_all_radios_keep_all_their_bits(tmp_path: Path) -> None:
    rows = [
        "GSM,510,10,65535,65535,,112,-8,100,1,1,0,0,",
        "UMTS,510,89,1,268435455,,112,-8,100,1,1,0,0,",
        "NR,510,11,16777214,68719476735,,112,-8,100,1,1,0,0,",
        "LTE,510,99,65535,268435455,,112,-8,0,1,0,,,",
    ]
    built = build(tmp_path, "\n".join([HEADER, *rows]))
    assert built.by_radio == {"gsm": 1, "umts": 1, "lte": 1, "nr": 1}
    for text in ("gsm 510-10-65535-65535", "umts 510-89-1-268435455", "nr 510-11-16777214-68719476735"):
        assert cell(built, text) is not None, text
    exact = cell(built, "lte 510-99-1-268435455")
    assert exact is not None
    assert (exact.origin, exact.range_m, exact.identity.area) == (Origin.EXACT, None, None)


@pytest.mark.parametrize(
    ("change", "reason", "column"),
    [
        (("LTE", "CDMA"), "radio is not GSM, UMTS, LTE or NR", "radio"),
        (("25600001", "268435456"), "cell does not fit lte", "cell"),
        (("25600001", "-1"), "cell is no number", "cell"),
        (("1234,", ","), "area is no number", "area"),
        (("1234,", "65536,"), "too large", "area"),
        (("510,10", "510,100"), "mnc does not fit lte", "net"),
        (("510,10", "x,10"), "mcc does not fit lte", "mcc"),
        (("112.1681", "12.1681"), "outside Indonesia", "lon"),
        (("112.1681,-8.0985", "-8.0985,112.1681"), "outside Indonesia", "lat"),
        (("-8.0985", "nan"), "lat is no number", "lat"),
        (("-8.0985", ""), "lat is no number", "lat"),
        (("1500,40", "120001,40"), "range is farther than radio reaches", "range"),
        (("1500,40", "-1,40"), "range is farther than radio reaches", "range"),
        ((LTE, "LTE,510,10"), "too few fields", "radio"),
    ],
)
def test_a_wrong_row_is_refused_with_line_and_column(
    tmp_path: Path, change: tuple[str, str], reason: str, column: str
) -> None:
    if reason == "too large":
        built = build(tmp_path, f"{HEADER}\n{LTE}\n{LTE.replace(*change)}")
        assert built.tallies[0].refused == {}, "an impossible tracking area is no reason to lose the cell"
        return
    built = build(tmp_path, f"{HEADER}\n{LTE}\n{LTE.replace(*change)}")
    tally = built.tallies[0]
    assert (tally.rows, tally.taken, tally.refused) == (2, 1, {reason: 1})
    assert tally.examples[reason][0].startswith(f"line 3, {column}: ")
    report = json.loads((built.path.parent / "cells-report.json").read_text())
    assert report["lists"][0]["refused"] == {reason: 1}


def test_other_countries_are_passed_over_but_for_cells_at_the_border(tmp_path: Path) -> None:
    at_home, at_the_border = LTE.replace("510", "502").replace("112.1681", "12.1681"), LTE.replace("510,10", "502,153")
    built = build(tmp_path, f"{HEADER}\n{LTE}\n{at_home}\n{at_the_border}")
    assert (built.cells, built.tallies[0].other_networks, built.tallies[0].refused) == (2, 1, {})
    assert cell(built, "lte 502-153-1234-25600001") is not None


def test_of_the_same_cell_the_newest_wins_and_the_operator_always(tmp_path: Path) -> None:
    older = LTE.replace("1700000000", "1600000000").replace("112.1681", "113.0")
    built = build(tmp_path, f"{HEADER}\n{LTE}\n{older}")
    newest = cell(built, "lte 510-10-1234-25600001")
    assert newest is not None
    assert (built.duplicates, newest.place.lon_deg) == (1, 112.1681)
    built = build(tmp_path, f"{OPERATOR}\n{SECTOR}", f"{HEADER}\n{LTE}")
    own = cell(built, "lte 510-10-1234-25600001")
    assert own is not None
    assert (own.origin, built.by_origin) == (Origin.OPERATOR, {"crowd": 0, "exact": 0, "operator": 1})


def test_an_operators_list_in_indonesian(tmp_path: Path) -> None:
    built = build(tmp_path, f"{OPERATOR}\r\n{SECTOR}\r\n")
    found = cell(built, "lte 510-10-1234-25600001")
    assert found is not None
    assert (found.place.lat_deg, found.place.lon_deg) == (-8.1, 112.17)
    assert (found.azimuth_deg, found.beam_deg, found.height_m, found.tilt_deg, found.range_m) == (
        120.0,
        65.0,
        42.5,
        -3.5,
        2500.0,
    )


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("RAT,LAC,CI,latitude,longitude\nGSM,7,9.0,-8.1,112.1", "gsm 510-10-7-9"),
        ("rat\tmnc\teNB ID\tsector\tlat\tlon\nLTE\t10\t100000\t1\t-8.1\t112.1", "lte 510-10-25600001"),
        ("tech,cgi,lat,lng\nnr,510-10-5-68719476735,-8.1,112.1", "nr 510-10-68719476735"),
        ("sistem,mnc,ci,y,x,on air\nlte,10,25600001,-8.1,112.1,2026-01-31", "lte 510-10-25600001"),
        ("sistem,mnc,ci,y,x,updated\nlte,10,25600001,-8.1,112.1,1700000000", "lte 510-10-25600001"),
        ("sistem,mnc,ci,y,x,updated\nlte,10,25600001,-8.1,112.1,kemarin", "lte 510-10-25600001"),
    ],
)
def test_other_words_for_the_columns(tmp_path: Path, text: str, identity: str) -> None:
    found = cell(build(tmp_path, text, mnc="10"), identity)
    assert found is not None
    assert (found.place.lat_deg, found.azimuth_deg, found.range_m) == (-8.1, None, None)


def test_a_direction_without_a_beam_has_the_usual_one_and_kilometres_are_metres(tmp_path: Path) -> None:
    text = "rat,mcc,mnc,tac,ci,lat,lon,azimuth,range_km\nlte,510,10,1,25600001,-8.1,112.1,-90,1.5"
    found = cell(build(tmp_path, text), "lte 510-10-25600001")
    assert found is not None
    assert (found.azimuth_deg, found.beam_deg, found.range_m) == (270.0, 65.0, 1500.0)


def test_of_two_operator_rows_the_later_day_wins(tmp_path: Path) -> None:
    head = "rat,mnc,ci,lat,lon,tanggal"
    rows = ["lte,10,25600001,-8.1,112.1,2026-01-31T00:00:00+07:00", "lte,10,25600001,-8.2,112.1,2025-01-31"]
    found = cell(build(tmp_path, "\n".join([head, *rows])), "lte 510-10-25600001")
    assert found is not None
    assert found.place.lat_deg == -8.1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("lte,502,10,25600001,-8.1,112.1", "mcc is not 510"),
        ("lte,510,10,gsm 510-10-1-2,-8.1,112.1", "cell is none of lte in Indonesia"),
        ("lte,510,10,510-10-x,-8.1,112.1", "identity cannot be meant"),
    ],
)
def test_a_sector_of_elsewhere_is_refused(tmp_path: Path, row: str, reason: str) -> None:
    built = build(tmp_path, f"rat,mcc,mnc,ci,lat,lon\nlte,510,10,25600001,-8.1,112.1\n{row}")
    assert built.tallies[0].refused == {reason: 1}


def test_a_long_list_tells_how_far_it_is_and_keeps_few_examples(tmp_path: Path) -> None:
    rows = [LTE.replace("25600001", str(25_600_000 + n)) for n in range(60_000)]
    file = tmp_path / "long.csv"
    file.write_text("\n".join([HEADER, *rows, *[LTE.replace("LTE", "X")] * 50]))
    told: list[tuple[int, int]] = []
    built = prepare_cells(Request(files=[file], out=tmp_path), progress=lambda done, total: told.append((done, total)))
    assert built.cells == 60_000
    size = file.stat().st_size
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert (len(told), told[-1]) == (4, (size, size))
    assert [len(shown) for shown in built.tallies[0].examples.values()] == [20]


def test_nothing_to_add_to_is_nothing_kept_and_no_file_is_no_table(tmp_path: Path) -> None:
    assert build(tmp_path, f"{HEADER}\n{LTE}", add=True).kept == 0
    with pytest.raises(BadTable, match="cannot be read"):
        prepare_cells(Request(files=[tmp_path / "none.csv"], out=tmp_path), progress=lambda done, total: None)
    with pytest.raises(BadTable, match="no cell"):
        prepare_cells(Request(files=[], out=tmp_path), progress=lambda done, total: None)


@pytest.mark.parametrize(
    ("change", "reason", "column"),
    [
        (("4G", "6G"), "radio cannot be meant", "Teknologi"),
        ((";10;", ";100;"), "mnc cannot be meant", "MNC"),
        (("-8,10", "8,10"), "outside Indonesia", "Lintang"),
        (("-8,10", ""), "lat or lon is missing", "Lintang"),
        ((";120;", ";utara;"), "azimuth is no number", "Azimut"),
        ((";65;", ";400;"), "beam is not from 0 to 360", "Lebar Berkas"),
        (("25600001", ""), "cell is missing", "Cell ID"),
        (("25600001", "2,5"), "cell is no whole number", "Cell ID"),
    ],
)
def test_a_wrong_sector_is_refused_by_the_name_of_its_column(
    tmp_path: Path, change: tuple[str, str], reason: str, column: str
) -> None:
    built = build(tmp_path, f"{OPERATOR}\n{SECTOR}\n{SECTOR.replace(*change)}")
    assert built.tallies[0].refused == {reason: 1}
    assert built.tallies[0].examples[reason][0].startswith(f"line 3, {column}: ")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b,c\n1,2,3", "no column for lat"),
        ("rat,lat,lon\nGSM,1,2", "no column for cell"),
        ("rat,lat,latitude,lon,cell\nGSM,1,1,2,5", "two columns for lat"),
        ("rat,lat,lon,cell\nGSM,1,2,5", "no column for mnc"),
        ("radio,mcc,net,cell\nGSM,510,1,2", "no column area"),
        (HEADER, "none of 0 rows"),
        (f"{HEADER}\n{LTE.replace('510', '502').replace('112.1681', '12.1681')}", "it holds no cell in Indonesia"),
        (f"{HEADER}\n{LTE.replace('LTE', 'X')}", "line 2, radio: 'X'"),
        pytest.param(CUT_OFF, "damaged gzip", id="cut-off"),
        (f"{HEADER}\n".encode() + b"\xff\xfe", "UTF-8"),
        (f'{HEADER}\n"{"x" * 140_000}"', "line 2"),
    ],
)
def test_a_list_that_is_none_changes_nothing(tmp_path: Path, text: str | bytes, word: str) -> None:
    good = build(tmp_path, f"{HEADER}\n{LTE}")
    before = good.path.read_bytes()
    with pytest.raises(BadTable, match=word):
        build(tmp_path, text)
    assert good.path.read_bytes() == before
    assert {one.name for one in good.path.parent.iterdir()} == {"cells.geo112", "cells-report.json"}


def test_more_cells_are_added_or_take_the_place(tmp_path: Path) -> None:
    build(tmp_path, f"{HEADER}\n{LTE}")
    other = LTE.replace("25600001", "25600002")
    both = build(tmp_path, f"{HEADER}\n{other}", add=True)
    assert (both.cells, both.kept) == (2, 1)
    assert cell(both, "lte 510-10-1234-25600001") is not None
    one = build(tmp_path, f"{HEADER}\n{other}")
    assert (one.cells, one.kept) == (1, 0)
    one.path.write_bytes(b"damaged")
    with pytest.raises(DataMissing):
        build(tmp_path, f"{HEADER}\n{other}", add=True)


def test_equal_lists_give_equal_bytes(tmp_path: Path) -> None:
    first = build(tmp_path, f"{HEADER}\n{LTE}")
    before, version = first.path.read_bytes(), first.version
    again = build(tmp_path, f"{HEADER}\n{LTE}")
    assert (again.path.read_bytes(), again.version) == (before, version)


def test_what_is_no_preset_or_network_is_refused(tmp_path: Path) -> None:
    for more in ({"preset": "x"}, {"mnc": "1"}):
        with pytest.raises(BadInput) as caught:
            build(tmp_path, f"{HEADER}\n{LTE}", **more)
        assert caught.value.field in more


def run(tmp_path: Path, *more: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    prepare_cmd.register(app)
    file = tmp_path / "cells.csv"
    file.write_text(f"{HEADER}\n{LTE}\n{LTE.replace('LTE', 'X')}\n")
    command = ["prepare", "cells", str(file), "--out", str(tmp_path / "build"), *more]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_command_tells_what_it_built(tmp_path: Path) -> None:
    text = run(tmp_path)
    assert "1 sel" in text
    assert "1 ditolak: radio is not GSM, UMTS, LTE or NR (line 3, radio: 'X')" in text
    facts = json.loads(run(tmp_path, "--json", "--add"))
    assert (facts["cells"], facts["kept_from_before"], facts["duplicates"]) == (1, 1, 1)
