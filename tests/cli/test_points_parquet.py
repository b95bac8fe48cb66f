"""Tables of points as Parquet, and the bar that shows how far a run is."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from geo112.cli.main import main
from geo112.cli.points.progress import LateBar
from geo112.cli.points.writing import ROW_GROUP_ROWS

RESULTS = ["kode_kecamatan", "kecamatan", "kode_kabkota", "kabkota", "outcome", "gap_m"]


class Run:
    """Runs `geo112 resolve --points` over an Arrow table."""

    def __init__(self, folder: Path, boundaries: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.boundaries, self.capsys = folder, boundaries, capsys

    def __call__(self, table: pa.Table, *options: str, out: str = "out.parquet") -> tuple[int, str, str]:
        source = self.folder / "in.parquet"
        pq.write_table(table, source)
        return self.run_file(source, *options, out=out)

    def run_file(self, source: Path, *options: str, out: str = "out.parquet") -> tuple[int, str, str]:
        arguments = ["--points", str(source), "--out", str(self.folder / out), "--boundaries", str(self.boundaries)]
        code = main(["resolve", *arguments, *options])
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err

    def table(self) -> pa.Table:
        return pq.read_table(self.folder / "out.parquet")

    def refused(self) -> list[list[str]]:
        lines = (self.folder / "out.rejected.csv").read_text().splitlines()
        return [line.split(",")[:4] for line in lines[1:]]


@pytest.fixture
def run(tmp_path: Path, squares_dir: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(tmp_path, squares_dir, capsys)


def test_types_metadata_and_columns_stay(run: Run) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int32()),
            "lat": [-8.05, -8.1001],
            "lon": [112.05, 112.05],
            "tags": [["a"], []],
            "kind": pa.array(["x", "y"]).dictionary_encode(),
        }
    ).replace_schema_metadata({"origin": "test"})
    assert run(table)[0] == 0
    out = run.table()
    assert out.schema.metadata[b"origin"] == b"test"
    assert out.column_names == [*table.column_names, *RESULTS]
    for name in table.column_names:
        assert out.column(name).to_pylist() == table.column(name).to_pylist()
        assert out.schema.field(name).type == table.schema.field(name).type
    assert out.select(RESULTS).to_pylist() == [
        dict(zip(RESULTS, ("35.05.01", "Barat; kulon", "35.05", "Kab. Blitar", "inside", 0.0), strict=True)),
        dict(zip(RESULTS, ("35.05.01", "Barat; kulon", "35.05", "Kab. Blitar", "outside", 11.1), strict=True)),
    ]


@pytest.mark.parametrize(
    "kind",
    [
        *(pa.float32(), pa.float64(), pa.decimal128(10, 4)),
        *(pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())),
    ],
)  # fmt: skip
def test_degrees_in_any_type(run: Run, kind: pa.DataType) -> None:
    def column(value: str) -> pa.Array:
        if pa.types.is_decimal(kind):
            return pa.array([Decimal(value)], kind)
        return pa.array([value]).cast(kind)

    assert run(pa.table({"lat": column("-8.05"), "lon": column("112.0500")}))[0] == 0
    assert run.table().column("kode_kecamatan").to_pylist() == ["35.05.01"]


def test_broken_rows_go_to_the_side_file(run: Run) -> None:
    lats = [-8.05, None, float("nan"), 0.0, 112.05, float("inf"), -8.05]
    lons = [112.05, 112.05, 112.05, 0.0, -8.05, 112.05, 2.0]
    code, out, err = run(pa.table({"lat": lats, "lon": lons}), "--json")
    assert code == 2
    assert json.loads(out)["written"] == 1
    assert err.count("\n") == 1
    assert "6 of 7 rows rejected" in err
    assert "first: row 2: lat: is empty" in err
    assert run.refused() == [
        ["2", "", "lat", "is empty"],
        ["3", "", "lat", "'nan' is not a decimal number"],
        ["4", "", "lat", "0/0 is what devices send when they know no position"],
        ["5", "", "lat", "112.05 looks like a longitude: latitude and longitude are swapped"],
        ["6", "", "lat", "'inf' is not a decimal number"],
        ["7", "", "lon", "2.0 is not between 94 E and 142 E"],
    ]
    assert run.table().column("outcome").to_pylist() == ["inside"]


def test_number_too_small_to_write_plainly_is_still_a_number(run: Run) -> None:
    assert run(pa.table({"lat": [1e-300], "lon": [2.0]}))[0] == 2
    assert run.refused() == [["1", "", "lon", "2.0 is not between 94 E and 142 E"]]


def test_rows_over_several_batches_keep_their_numbers(run: Run) -> None:
    count = ROW_GROUP_ROWS + 10
    lats = [-8.05] * count
    lats[-1] = 99.0
    code, out, _ = run(pa.table({"lat": lats, "lon": [112.05] * count, "n": range(count)}), "--json")
    assert code == 2
    assert json.loads(out)["rows"] == count
    assert [row[0] for row in run.refused()] == [str(count)]
    assert run.table().column("n").to_pylist() == list(range(count - 1))


def test_to_csv(run: Run) -> None:
    table = pa.table({"lat": [-8.05], "lon": [112.05], "note": pa.array(['a "b"']).dictionary_encode()})
    assert run(table, out="out.csv")[0] == 0
    assert (run.folder / "out.csv").read_text().splitlines() == [
        '"lat","lon","note",' + ",".join(f'"{name}"' for name in RESULTS),
        '-8.05,112.05,"a ""b""","35.05.01","Barat; kulon","35.05","Kab. Blitar","inside",0',
    ]


@pytest.mark.parametrize("column", [pa.array([["x"]]), pa.array([b"x"]), pa.array([{"a": 1}])])
def test_what_csv_cannot_hold_is_named(run: Run, column: pa.Array) -> None:
    code, _, err = run(pa.table({"lat": [-8.05], "lon": [112.05], "odd": column}), out="out.csv")
    assert code == 2
    assert "column 'odd' holds" in err
    assert not (run.folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pa.table({"latitude": [1.0], "lon": [1.0]}), "column 'lat' is missing; there are: latitude, lon"),
        (pa.table({"lat": [1.0], "lon": [1.0], "gap_m": [1.0]}), "column 'gap_m' is already there"),
        (pa.table({"lat": [True], "lon": [1.0]}), "column 'lat' holds bool, no degrees"),
        (pa.table({"lat": [1.0], "lon": [[1.0]]}), "column 'lon' holds list"),
    ],
)
def test_table_without_degrees_writes_nothing(run: Run, table: pa.Table, says: str) -> None:
    code, _, err = run(table)
    assert code == 2
    assert says in err
    assert sorted(path.name for path in run.folder.iterdir()) == ["in.parquet"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"lat,lon\n1,2\n" * 100])
def test_no_parquet(run: Run, content: bytes) -> None:
    source = run.folder / "in.parquet"
    source.write_bytes(content)
    code, _, err = run.run_file(source)
    assert code == 2
    assert err.count("\n") == 1
    assert sorted(path.name for path in run.folder.iterdir()) == ["in.parquet"]


def test_damaged_parquet_leaves_no_half_file(run: Run) -> None:
    source = run.folder / "in.parquet"
    pq.write_table(pa.table({"lat": [-8.05] * 5000, "lon": [112.05 + n / 1e6 for n in range(5000)]}), source)
    content = bytearray(source.read_bytes())
    content[100:3000] = b"\xff" * 2900
    source.write_bytes(content)
    code, _, err = run.run_file(source)
    assert code == 2
    assert err.count("\n") == 1
    assert sorted(path.name for path in run.folder.iterdir()) == ["in.parquet"]


def test_empty_table(run: Run) -> None:
    assert run(pa.table({"lat": pa.array([], pa.float64()), "lon": pa.array([], pa.float64())}))[0] == 0
    assert run.table().num_rows == 0


def test_bar_waits_and_shows_only_on_a_terminal() -> None:
    shown = {}
    for name, is_terminal, patience_s in (("early", True, 3600.0), ("pipe", False, 0.0), ("late", True, 0.0)):
        text = io.StringIO()
        console = Console(file=text, force_terminal=is_terminal, width=80)
        with LateBar("resolve in.csv", patience_s=patience_s, console=console) as bar:
            bar(50, 100)
            bar(75, 100)
        shown[name] = text.getvalue()
    assert (shown["early"], shown["pipe"]) == ("", "")
    assert "resolve in.csv" in shown["late"]
    assert "75 %" in shown["late"]
