"""Tables of points over a Dask cluster: the same bytes as here, whatever is killed on the way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster, Security
from running_centre import free_port

from geo112.cli.main import main
from geo112.cli.points.job import Job
from geo112.cli.points.run import resolve_on_cluster
from geo112.cli.points.scheduler import Scheduler
from geo112.core.errors import BadTable, SetupError

# One piece has a MiB: with such notes few rows make many pieces.
NOTE = "n" * 4_000
LOST_S = 1.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two worker processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as two:
        yield two


@pytest.fixture
def scheduler(cluster: LocalCluster) -> Scheduler:
    cluster.wait_for_workers(2)
    return Scheduler(address=cluster.scheduler_address, timeout_s=60)


def many_pieces(path: Path) -> None:
    rows = []
    for at in range(3_000):
        note = f'"{NOTE}\n{at} ""x"""' if at % 3 else NOTE
        lat = "x" if at % 500 == 250 else "-8.1001" if at % 50 == 0 else "-8.05"
        rows.append(f"{lat},{112.05 + at % 3 * 0.07:.2f},{note}\n")
    path.write_text("lat,lon,note\n" + "".join(rows))


def resolved(folder: Path, name: str, source: Path, boundaries: Path, *options: str) -> tuple[int, bytes, bytes]:
    """Resolve on the command line; give the end, the table and the refused rows."""
    out = folder / name
    arguments = ["--points", str(source), "--out", str(out), "--boundaries", str(boundaries), *options]
    code = main(["resolve", *arguments])
    rejected = out.with_suffix(".rejected.csv")
    return code, out.read_bytes(), rejected.read_bytes() if rejected.exists() else b""


CONTENTS = {
    "quoted newlines": b'lat,lon,note\n-8.05,112.05,"a\nb ""c"""\n-8.05,112.15,5" pipe\n-8.1001,112.05,\n',
    "mark and CRLF": b'\xef\xbb\xbflat,lon,note\r\n-8.05,112.05,"a\r\nb"\r\nx,112.05,c\r\n-8.05,112.19,d\r\n',
    "Excel": b"nama;lat;lon\nA, B;-8,05;112,05\nC;-8,1001;112,05\nD;-8.1001;112.05\n",
    "broken rows": b'lat,lon,note\n0,0,a\n-8.05,112.05,"open\n-8.05,112.05,b\n-8.05\n-8.05,112.05,\xff\n',
    "header alone": b"lat,lon\n",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_csv_is_the_same_as_here(
    tmp_path: Path, squares_dir: Path, scheduler: Scheduler, content: bytes, kind: str
) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    here = resolved(tmp_path, f"here.{kind}", source, squares_dir)
    there = resolved(tmp_path, f"there.{kind}", source, squares_dir, "--scheduler", scheduler.address)
    assert there == here
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_parquet_is_the_same_as_here(tmp_path: Path, squares_dir: Path, scheduler: Scheduler, kind: str) -> None:
    source = tmp_path / "in.parquet"
    lats = [-8.05, -8.1001, None, 0.0, *[-8.05] * 99_996]
    table = pa.table({"id": range(100_000), "lat": lats, "lon": [112.05] * 100_000})
    pq.write_table(table, source, row_group_size=70_000)
    here = resolved(tmp_path, f"here.{kind}", source, squares_dir)
    there = resolved(tmp_path, f"there.{kind}", source, squares_dir, "--scheduler", scheduler.address)
    assert there == here
    assert here[2].decode().splitlines()[1].startswith("3,,lat,is empty,")


def test_summary_is_the_same_as_here(
    tmp_path: Path, squares_dir: Path, scheduler: Scheduler, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    many_pieces(source)
    said = []
    for options in (["--json"], ["--json", "--scheduler", scheduler.address]):
        assert resolved(tmp_path, "out.csv", source, squares_dir, *options)[0] == 2
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]
    assert (said[0]["rows"], said[0]["rejected"]) == (3_000, 6)


def test_killed_worker_costs_only_time(
    tmp_path: Path, squares_dir: Path, scheduler: Scheduler, cluster: LocalCluster
) -> None:
    source = tmp_path / "in.csv"
    many_pieces(source)
    here = resolved(tmp_path, "here.csv", source, squares_dir)
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    told: list[int] = []

    def kill_once(done: int, _: int) -> None:
        # The first piece is kept, five more are with the workers, others are still to be cut.
        told.append(done)
        if len(told) == 1:
            os.kill(victim, signal.SIGKILL)

    out = tmp_path / "there.csv"
    summary = resolve_on_cluster(
        Job(source=source, out=out), squares_dir / "zones.geo112", scheduler, progress=kill_once
    )
    assert len(told) > 6
    assert (summary.rows, summary.rejected) == (3_000, 6)
    assert (out.read_bytes(), summary.rejected_file and summary.rejected_file.read_bytes()) == here[1:]


KILLED = """
import os, signal, sys
from pathlib import Path
from geo112.cli.points.job import Job
from geo112.cli.points.run import resolve_on_cluster
from geo112.cli.points.scheduler import Scheduler

source, out, zones, address = sys.argv[1:]
told = []

def progress(done, total):
    told.append(done)
    if len(told) == 4:
        os.kill(os.getpid(), signal.SIGKILL)

resolve_on_cluster(Job(source=Path(source), out=Path(out)), Path(zones), Scheduler(address=address, timeout_s=60),
                   progress=progress)
"""


@pytest.fixture
def broken_off(tmp_path: Path, squares_dir: Path, scheduler: Scheduler) -> Path:
    """The goal of a run whose process was killed when four pieces were kept."""
    many_pieces(tmp_path / "in.csv")
    out = tmp_path / "there.csv"
    arguments = [str(tmp_path / "in.csv"), str(out), str(squares_dir / "zones.geo112"), scheduler.address]
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list((tmp_path / ".there.csv.pieces").glob("*.piece"))) == 4
    assert not out.exists()
    return out


def pieces_of_next_run(out: Path, zones: Path, scheduler: Scheduler) -> list[int]:
    told: list[int] = []
    job = Job(source=out.with_name("in.csv"), out=out)
    resolve_on_cluster(job, zones, scheduler, progress=lambda done, _: told.append(done))
    return told


def test_next_run_goes_on_after_a_killed_client(
    tmp_path: Path, squares_dir: Path, scheduler: Scheduler, broken_off: Path
) -> None:
    here = resolved(tmp_path, "here.csv", tmp_path / "in.csv", squares_dir)
    told = pieces_of_next_run(broken_off, squares_dir / "zones.geo112", scheduler)
    assert told[0] > 4 << 20
    assert broken_off.read_bytes() == here[1]
    assert broken_off.with_suffix(".rejected.csv").read_bytes() == here[2]
    assert not (tmp_path / ".there.csv.pieces").exists()


def test_damaged_piece_is_resolved_again(
    tmp_path: Path, squares_dir: Path, scheduler: Scheduler, broken_off: Path
) -> None:
    here = resolved(tmp_path, "here.csv", tmp_path / "in.csv", squares_dir)
    piece = tmp_path / ".there.csv.pieces" / "00000002.piece"
    piece.write_bytes(piece.read_bytes()[:-1] + b"?")
    told = pieces_of_next_run(broken_off, squares_dir / "zones.geo112", scheduler)
    assert 2 << 20 < told[0] < 4 << 20
    assert broken_off.read_bytes() == here[1]


def test_changed_source_is_resolved_anew(
    tmp_path: Path, squares_dir: Path, scheduler: Scheduler, broken_off: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(source.read_bytes().replace(b"-8.05,112.05", b"-8.05,112.06", 1))
    here = resolved(tmp_path, "here.csv", source, squares_dir)
    told = pieces_of_next_run(broken_off, squares_dir / "zones.geo112", scheduler)
    assert told[0] < 2 << 20
    assert broken_off.read_bytes() == here[1]


def test_boundaries_that_workers_cannot_reach_are_sent(tmp_path: Path, squares_dir: Path, scheduler: Scheduler) -> None:
    source, zones = tmp_path / "in.csv", tmp_path / "zones.geo112"
    source.write_bytes(CONTENTS["quoted newlines"])
    here = resolved(tmp_path, "here.csv", source, squares_dir)
    zones.write_bytes((squares_dir / "zones.geo112").read_bytes())
    with zones.open("rb") as only_ours:
        zones.unlink()
        out = tmp_path / "there.csv"
        reachable_here = Path(f"/proc/self/fd/{only_ours.fileno()}")
        resolve_on_cluster(Job(source=source, out=out), reachable_here, scheduler, progress=lambda *_: None)
    assert out.read_bytes() == here[1]


def test_two_runs_to_one_goal(tmp_path: Path, squares_dir: Path, scheduler: Scheduler) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    many_pieces(source)
    job, zones = Job(source=source, out=out), squares_dir / "zones.geo112"
    refused: list[str] = []

    def run_again(done: int, total: int) -> None:
        if not refused:
            with pytest.raises(BadTable) as raised:
                resolve_on_cluster(job, zones, scheduler, progress=lambda *_: None)
            refused.append(str(raised.value))

    assert resolve_on_cluster(job, zones, scheduler, progress=run_again).rows == 3_000
    assert refused == ["out: is being written by another run"]


def test_no_worker_is_said_after_the_time_given(tmp_path: Path, squares_dir: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(CONTENTS["Excel"])
    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as nobody:
        scheduler = Scheduler(address=nobody.scheduler_address, timeout_s=LOST_S)
        job = Job(source=source, out=tmp_path / "out.csv")
        with pytest.raises(SetupError, match=r"no worker at tcp://127.0.0.1:\d+ for 1 s"):
            resolve_on_cluster(job, squares_dir / "zones.geo112", scheduler, progress=lambda *_: None)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_tls(tmp_path: Path, squares_dir: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(CONTENTS["Excel"])
    trust = Security.temporary()
    files = {"ca": trust.tls_ca_file, "cert": trust.tls_client_cert, "key": trust.tls_client_key}
    options = []
    for name, text in files.items():
        (tmp_path / f"{name}.pem").write_text(text)
        options += [f"--scheduler-{name}", str(tmp_path / f"{name}.pem")]
    here = resolved(tmp_path, "here.csv", source, squares_dir)
    with LocalCluster(
        n_workers=1, processes=False, dashboard_address="127.0.0.1:0", host="tls://127.0.0.1", security=trust
    ) as one:
        assert one.scheduler_address.startswith("tls://")
        options += ["--scheduler", one.scheduler_address]
        assert resolved(tmp_path, "there.csv", source, squares_dir, *options) == here


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--scheduler", "localhost:8786"], "--scheduler: 'localhost:8786' is not tcp://host:port or tls://host:port"),
        (["--scheduler", "tls://a:1"], "--scheduler-ca: is missing"),
        (["--scheduler", "tcp://a:1", "--scheduler-key", "k"], "--scheduler-key: says nothing without a tls://"),
        (["--scheduler-ca", "k"], "--scheduler-ca: says nothing without --scheduler"),
    ],
)
def test_options_that_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    assert main(["resolve", "--points", "in.csv", "--out", str(tmp_path / "out.csv"), *options]) == 2
    assert says in capsys.readouterr().err


def test_scheduler_that_does_not_answer(tmp_path: Path, squares_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(CONTENTS["Excel"])
    address = f"tcp://127.0.0.1:{free_port()}"
    options = ["--scheduler", address, "--scheduler-timeout-s", "1", "--boundaries", str(squares_dir)]
    assert main(["resolve", "--points", str(source), "--out", str(tmp_path / "out.csv"), *options]) == 2
    assert f"--scheduler: {address} does not answer" in capsys.readouterr().err
