"""Tables of points as CSV: what people and Excel write, what breaks, and that nothing is lost."""

import csv
import io
import json
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.cli.main import main
from geo112.cli.points.csv_reading import LONGEST_LINE_BYTES, CsvReader, sniff
from geo112.cli.points.cutting import PIECE_BYTES

RESULTS = "kode_kecamatan,kecamatan,kode_kabkota,kabkota,outcome,gap_m"
WEST = "35.05.01,Barat; kulon,35.05,Kab. Blitar,inside,0"
EAST = '35.06.01,"Timur, ""wetan""",35.06,Kab. Kediri,inside,0'
TOWN = "35.72.01,Tengah,35.72,Kota Blitar,inside,0"


class Run:
    """Runs `geo112 resolve --points` in a folder of its own."""

    def __init__(self, folder: Path, boundaries: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.boundaries, self.capsys = folder, boundaries, capsys
        self.out = folder / "out.csv"
        self.rejected = folder / "out.rejected.csv"

    def __call__(
        self, content: str | bytes, *options: str, out: str = "out.csv", name: str = "in.csv"
    ) -> tuple[int, str, str]:
        source = self.folder / name
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        arguments = ["--points", str(source), "--out", str(self.folder / out), "--boundaries", str(self.boundaries)]
        code = main(["resolve", *arguments, *options])
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def text(self) -> str:
        return self.out.read_bytes().decode()

    def refused(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.rejected.read_text(), newline="")))

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def run(tmp_path: Path, squares_dir: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(tmp_path, squares_dir, capsys)


def test_every_column_stays_and_six_come(run: Run) -> None:
    code, out, err = run("id,lat,lon,note\n007,-8.05,112.05, a \n8,-8.05000,112.19,\n9,-8.05,112.15,x\n")
    assert (code, err) == (0, "")
    assert run.text() == (
        f"id,lat,lon,note,{RESULTS}\n007,-8.05,112.05, a ,{WEST}\n8,-8.05000,112.19,,{EAST}\n9,-8.05,112.15,x,{TOWN}\n"
    )
    assert out.startswith("3 baris ditulis ke ")
    assert run.left() == ["in.csv", "out.csv"]


def test_summary_as_json(run: Run) -> None:
    code, out, err = run("lat,lon\n-8.05,112.05\nx,112.05\n", "--json")
    assert code == 2
    assert json.loads(out) == {
        "rows": 2, "written": 1, "rejected": 1, "out": str(run.out), "rejected_file": str(run.rejected),
        "first_error": "row 2: lat: 'x' is not a decimal number", "boundaries": "three-squares",
    }  # fmt: skip
    assert err == f"geo112: 1 of 2 rows rejected, see {run.rejected}; first: row 2: lat: 'x' is not a decimal number\n"


def test_sea_has_the_nearest_kecamatan_and_the_gap(run: Run) -> None:
    assert run("lat,lon\n-8.1001,112.05\n-8.1,112.05\n")[0] == 0
    assert run.text().splitlines()[1:] == [
        "-8.1001,112.05,35.05.01,Barat; kulon,35.05,Kab. Blitar,outside,11.1",
        f"-8.1,112.05,{WEST}",
    ]


def test_gap_is_never_shown_as_zero(run: Run) -> None:
    assert run("lat,lon\n-8.1000001,112.05\n")[0] == 0
    assert run.text().endswith(",outside,0.1\n")


def test_equator_written_by_a_program_with_an_exponent(run: Run) -> None:
    assert run("lat,lon\n1e-05,109.3\n-1.0E-5,109.3\n0,109.3\n+0.5,109.3\n")[0] == 0
    assert run.text().count(",outside,") == 4


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_mark_and_line_ends_stay(run: Run, mark: str, end: str) -> None:
    lines = ["lat,lon,x", '-8.05,112.05,"a', '"', "-8.05,112.05,b"]
    assert run(mark + end.join(lines) + end)[0] == 0
    assert (
        run.text()
        == mark + end.join([f"lat,lon,x,{RESULTS}", '-8.05,112.05,"a', f'",{WEST}', f"-8.05,112.05,b,{WEST}"]) + end
    )


def test_last_line_without_an_end(run: Run) -> None:
    assert run("lat,lon\n-8.05,112.05")[0] == 0
    assert run.text() == f"lat,lon,{RESULTS}\n-8.05,112.05,{WEST}\n"


def test_semicolons_and_decimal_commas_of_excel(run: Run) -> None:
    assert run("nama;lat;lon\nA, B;-8,05;112,05\nC;-8,1001;112,05\n")[0] == 0
    assert run.text().splitlines() == [
        "nama;lat;lon;" + RESULTS.replace(",", ";"),
        'A, B;-8,05;112,05;35.05.01;"Barat; kulon";35.05;Kab. Blitar;inside;0',
        'C;-8,1001;112,05;35.05.01;"Barat; kulon";35.05;Kab. Blitar;outside;11,1',
    ]


def test_tabs(run: Run) -> None:
    assert run("lat\tlon\n-8.05\t112.05\n")[0] == 0
    assert run.text().splitlines()[1].split("\t")[2:4] == ["35.05.01", "Barat; kulon"]


def test_named_columns(run: Run) -> None:
    assert run("x, y \n112.05, -8.05\n", "--lat-column", "y", "--lon-column", "x")[0] == 0
    assert run.text() == f"x, y ,{RESULTS}\n112.05, -8.05,{WEST}\n"


def test_quotes_as_csv_has_them(run: Run) -> None:
    rows = ['"-8.05","112.05","a ""b"", c"', '-8.05,112.05,5" pipe', '-8.05,112.05,"two\nlines"', "-8.05,112.05,"]
    assert run("\n".join(["lat,lon,note", *rows]) + "\n")[0] == 0
    assert run.text() == "\n".join([f"lat,lon,note,{RESULTS}", *(f"{row},{WEST}" for row in rows)]) + "\n"


def test_header_alone(run: Run) -> None:
    assert run("lat,lon\n", "--json")[0] == 0
    assert run.text() == f"lat,lon,{RESULTS}\n"


def test_empty_lines_are_no_rows(run: Run) -> None:
    code, out, _ = run("lat,lon\n\n-8.05,112.05\n   \n\r\n", "--json")
    assert (code, json.loads(out)["rows"]) == (0, 1)


def test_broken_rows_go_to_the_side_file_and_good_ones_are_written(run: Run) -> None:
    content = (
        b"lat,lon,note\n"
        b"-8.05,112.05,1 good\n"
        b"abc,112.05,2 no number\n"
        b"nan,112.05,3 nan\n"
        b"0,0,4 zero\n"
        b"112.05,-8.05,5 swapped\n"
        b"51.5,-0.12,6 London\n"
        b",112.05,7 empty\n"
        b"-8.05,112.05\n"
        b"-8.05,112.05,9,10\n"
        b'-8.05,112.05,"10 "x" bad\n'
        b"-8.05,112.05,11 \xff\n"
        b"-8.05,112.05,12 \x00\n"
        b"-8.05,1e309,13 huge\n"
        b"-8.05,1_12,14 underscore\n"
        b"-8.05,112.05,15 good\n"
        b'-8.05,112.05,"16 open\n'
        b"-8.05,112.05,17 good\n"
    )
    code, out, err = run(content, "--json")
    assert code == 2
    assert err.count("\n") == 1
    assert "14 of 17 rows rejected" in err
    assert "first: row 2: lat: 'abc' is not a decimal number" in err
    assert [line.split(",")[2] for line in run.text().splitlines()[1:]] == ["1 good", "15 good", "17 good"]
    assert [(row["row"], row["line"], row["field"], row["reason"]) for row in run.refused()] == [
        ("2", "3", "lat", "'abc' is not a decimal number"),
        ("3", "4", "lat", "'nan' is not a decimal number"),
        ("4", "5", "lat", "0/0 is what devices send when they know no position"),
        ("5", "6", "lat", "112.05 looks like a longitude: latitude and longitude are swapped"),
        ("6", "7", "lat", "51.5 is not between 12 S and 7 N"),
        ("7", "8", "lat", "is empty"),
        ("8", "9", "", "has 2 fields, the header has 3"),
        ("9", "10", "", "has 4 fields, the header has 3"),
        ("10", "11", "", "quotes do not fit"),
        ("11", "12", "", "is no UTF-8 text (byte 17)"),
        ("12", "13", "", "holds a NUL byte"),
        ("13", "14", "lon", "'1e309' is not a decimal number"),
        ("14", "15", "lon", "'1_12' is not a decimal number"),
        ("16", "17", "", "a quote is opened and never closed"),
    ]
    assert run.refused()[0]["record"] == "abc,112.05,2 no number"
    assert json.loads(out)["written"] == 3


def test_longitude_is_named_where_it_is_the_wrong_one(run: Run) -> None:
    assert run("lat,lon\n-8.05,2\n-8.05,\n")[0] == 2
    assert [(row["field"], row["reason"]) for row in run.refused()] == [
        ("lon", "2.0 is not between 94 E and 142 E"),
        ("lon", "is empty"),
    ]


def test_a_quote_that_nobody_closes_costs_one_row(run: Run) -> None:
    good = "-8.05,112.05,x\n" * 250
    assert run(f'lat,lon,note\n-8.05,112.05,"open\n{good}', "--json")[0] == 2
    assert len(run.text().splitlines()) == 251
    assert [row["line"] for row in run.refused()] == ["2"]


def test_open_quote_before_a_line_that_is_no_text(run: Run) -> None:
    assert run(b'lat,lon,note\n-8.05,112.05,"open\n-8.05,112.05,\xff\n-8.05,112.05,"open\n-8.05,112.05,\x00"\n')[0] == 2
    assert [(row["line"], row["reason"]) for row in run.refused()] == [
        ("2", "a quote is opened and never closed"),
        ("3", "is no UTF-8 text (byte 14)"),
        ("4", "a quote is opened and never closed"),
        ("5", "holds a NUL byte"),
    ]


def test_two_quotes_that_pair_up_wrongly_cost_the_first_row(run: Run) -> None:
    assert run('lat,lon,note\n-8.05,112.05,"open\n-8.05,112.05,b"\n-8.05,112.05,"c\n-8.05,112.05,d",e\n')[0] == 2
    assert [row["line"] for row in run.refused()] == ["4", "5"]


def test_field_beyond_all_measure(run: Run) -> None:
    assert run(f'lat,lon,note\n-8.05,112.05,"{"x" * 200_000}"\n-8.05,112.05,a\n')[0] == 2
    assert [row["reason"] for row in run.refused()] == ["a field is too long"]


def test_line_beyond_all_measure_costs_one_row(run: Run) -> None:
    huge = "x" * (4 * PIECE_BYTES + LONGEST_LINE_BYTES)
    code, out, _ = run(f"lat,lon\n-8.05,112.05\n-8.05,{huge}\n-8.05,112.05\n", "--json")
    assert code == 2
    assert json.loads(out)["written"] == 2
    assert [(row["row"], row["line"]) for row in run.refused()] == [("2", "3")]
    assert len(run.refused()[0]["record"]) == 2000


def test_all_rows_broken_still_writes_the_header(run: Run) -> None:
    assert run("lat,lon\nx,y\n")[0] == 2
    assert run.text() == f"lat,lon,{RESULTS}\n"


def test_side_file_of_an_earlier_run_goes(run: Run) -> None:
    run("lat,lon\nx,y\n")
    assert run.rejected.exists()
    assert run("lat,lon\n-8.05,112.05\n")[0] == 0
    assert not run.rejected.exists()


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("id,latitude,lon\n1,-8,112\n", [], "in.csv: column 'lat' is missing; there are: id, latitude, lon"),
        ("id;latitude;lon\n1;-8;112\n", [], "there are: id, latitude, lon"),
        ("lat,lon\n", ["--lat-column", "y"], "column 'y' is missing"),
        ("lat,lon,lat\n1,2,3\n", [], "column 'lat' stands twice"),
        ("lat,lon,outcome\n1,2,3\n", [], "column 'outcome' is already there"),
        ("lat,lon\n", ["--lon-column", "lat"], "'lat' cannot be both"),
        ("", [], "in.csv: is empty"),
        ("\n-8,112\n", [], "in.csv: is empty"),
        ("lat,lon\n-8,112\n".encode("utf-16"), [], "is UTF-16"),
        (b"\x80\x81\n", [], "is no UTF-8 text"),
        ('lat,"lon\n', [], "column 'lat' is missing"),
    ],
)
def test_table_that_cannot_be_read_writes_nothing(
    run: Run, content: str | bytes, options: list[str], says: str
) -> None:
    code, out, err = run(content, *options)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
    assert run.left() == ["in.csv"]


@pytest.mark.parametrize(
    ("name", "out", "says"),
    [
        ("in.csv", "in.csv", "out: is the file that is read"),
        ("out.rejected.csv", "out.csv", "out: is the file that is read"),
        ("in.txt", "out.csv", "points: 'in.txt' does not end in .csv or .parquet"),
        ("in.csv", "out.xlsx", "out: 'out.xlsx' does not end in"),
        ("in.csv", "none/out.csv", "out: there is no folder"),
    ],
)
def test_names_that_cannot_work(run: Run, name: str, out: str, says: str) -> None:
    code, _, err = run("lat,lon\n-8.05,112.05\n", name=name, out=out)
    assert code == 2
    assert says in err
    assert run.left() == [name]


def test_source_that_is_not_there(run: Run) -> None:
    code = main(["resolve", "--points", str(run.folder / "no.csv"), "--out", str(run.out)])
    assert code == 2
    assert "points: there is no file" in run.capsys.readouterr().err


def test_out_that_cannot_be_written(run: Run) -> None:
    (run.folder / "out.csv").mkdir()
    code, _, err = run("lat,lon\n-8.05,112.05\n")
    assert code == 2
    assert "out: is a folder" in err


def test_disk_that_is_full(run: Run, tmp_path: Path) -> None:
    run.out.symlink_to("/dev/full")
    (tmp_path / f".out.csv.{os.getpid()}.part").symlink_to("/dev/full")
    code, _, err = run("lat,lon\n-8.05,112.05\n")
    assert code == 2
    assert "No space left on device" in err
    assert err.count("\n") == 1


def test_csv_to_parquet_keeps_text(run: Run) -> None:
    assert run('id,lat,lon\n007,-8.05,112.05\n"8",-8.1001,112.05\nx,y,z\n', out="out.parquet")[0] == 2
    table = pq.read_table(run.folder / "out.parquet")
    assert table.to_pylist() == [
        {
            "id": "007", "lat": "-8.05", "lon": "112.05", "kode_kecamatan": "35.05.01", "kecamatan": "Barat; kulon",
            "kode_kabkota": "35.05", "kabkota": "Kab. Blitar", "outcome": "inside", "gap_m": 0.0,
        },
        {
            "id": "8", "lat": "-8.1001", "lon": "112.05", "kode_kecamatan": "35.05.01", "kecamatan": "Barat; kulon",
            "kode_kabkota": "35.05", "kabkota": "Kab. Blitar", "outcome": "outside", "gap_m": 11.1,
        },
    ]  # fmt: skip


def test_header_alone_to_parquet(run: Run) -> None:
    assert run("lat,lon\n", out="out.parquet")[0] == 0
    assert pq.read_table(run.folder / "out.parquet").num_rows == 0


def test_column_twice_has_no_place_in_parquet(run: Run) -> None:
    code, _, err = run("lat,lon,a,a\n1,2,3,4\n", out="out.parquet")
    assert code == 2
    assert "stands twice" in err
    assert run.left() == ["in.csv"]


def test_rows_over_several_blocks_keep_their_numbers(run: Run) -> None:
    note = "n" * 100
    rows = [f"-8.05,112.05,{note}{at}" for at in range(60_000)]
    rows[50_000] = "x,112.05,bad"
    assert run("\n".join(["lat,lon,note", *rows]) + "\n")[0] == 2
    assert [(row["row"], row["line"]) for row in run.refused()] == [("50001", "50002")]
    del rows[50_000]
    assert run.text().splitlines()[1:] == [f"{row},{WEST}" for row in rows]


fields = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.lists(st.tuples(fields, fields), max_size=12), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"])
)
def test_what_a_csv_writer_writes_is_read(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows([("lat", "lon"), *rows])
    path = tmp_path / "in.csv"
    path.write_bytes(text.getvalue().encode())
    form = sniff(path, lat_column="lat", lon_column="lon")
    assert form.delimiter == delimiter
    reader = CsvReader(form, lat_at=0, lon_at=1, keep_fields=True)
    batch, refused = reader.read(path.read_bytes().partition(b"\n")[2], too_long=False, final=True)
    assert list(zip(batch.lats, batch.lons, strict=True)) == rows
    assert [tuple(row) for row in batch.fields] == rows
    assert refused == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(st.sampled_from([b"1,2", b'"', b"\n", b"\r\n", b",", b"\xff", b"\0", b'"a"', b"x", b";"]), max_size=40))
def test_any_bytes_are_read_or_set_aside_in_order(tmp_path: Path, parts: list[bytes]) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"lat,lon\n" + b"".join(parts))
    form = sniff(path, lat_column="lat", lon_column="lon")
    reader = CsvReader(form, lat_at=0, lon_at=1, keep_fields=False)
    batch, broken = reader.read(b"".join(parts), too_long=False, final=True)
    both = sorted([*zip(batch.numbers, batch.lines, strict=True), *((one.row, one.line or 0) for one in broken)])
    numbers, lines = [number for number, _ in both], [line for _, line in both]
    assert numbers == list(range(1, len(numbers) + 1))
    assert lines == sorted(set(lines))
    assert all(1 <= line <= 1 + b"".join(parts).count(b"\n") for line in lines)
