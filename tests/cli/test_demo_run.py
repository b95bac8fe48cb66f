import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from running_centre import free_port, stop, until

from geo112.cli.demo.runner import demo_folder
from geo112.cli.demo.settings import DemoSettings, read_demo_settings
from geo112.core.errors import SetupError

KOTA, KABUPATEN = "35.72", "35.05"


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    chosen = (free_port(), free_port())
    yield chosen
    shutil.rmtree(demo_folder(DemoSettings(ports=chosen)), ignore_errors=True)


def start(ports: tuple[int, int]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "geo112.cli.main", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"GEO112_DEMO_PORTS": "{},{}".format(*ports)},
    )


def children_of(pid: int) -> list[int]:
    """The processes that name this one as the one that started them, as `geo112.cli.demo` modules do."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.startswith(b"geo112.cli.demo.") for word in words) and str(pid).encode() in words:
            found.append(int(path.parent.name))
    return found


def said(process: subprocess.Popen[str]) -> dict[str, dict[str, Any]]:
    """The two `DEMO` lines by the code of their centre."""
    assert process.stdout is not None
    lines: list[dict[str, Any]] = []
    simulation = False
    while len(lines) < 2:
        line = process.stdout.readline()
        assert line, f"the demonstration ended: {process.stderr.read() if process.stderr else ''}"
        simulation |= "SIMULASI" in line
        if line.startswith("DEMO "):
            lines.append(json.loads(line.removeprefix("DEMO ")))
    assert simulation
    return {line["kode"]: line for line in lines}


def logged_in(centre: dict[str, Any], role: str) -> httpx.Client:
    client = httpx.Client(base_url=centre["url"], timeout=20, trust_env=False)
    assert client.post("/api/v1/login", json=centre["users"][role]).status_code == 200
    return client


def test_the_two_fixed_calls_appear_with_their_centres_and_nothing_is_left_behind(ports: tuple[int, int]) -> None:
    with start(ports) as process:
        try:
            centres = said(process)
            assert [centres[kode]["url"] for kode in (KOTA, KABUPATEN)] == [
                f"http://127.0.0.1:{port}" for port in ports
            ]
            with (
                closing(logged_in(centres[KOTA], "dispatcher")) as kota,
                closing(logged_in(centres[KABUPATEN], "call_taker")) as kab,
            ):
                located = until(lambda: _first_two(kota), within_s=15, what="both fixed calls are located")
                sentul, border = located
                assert kab.get("/api/v1/state").json()["simulated"] is True
            for role in ("planner", "supervisor", "admin"):
                logged_in(centres[KABUPATEN], role).close()
            assert set(centres[KOTA]["keys"]) == {"sms", "pbx"}
            children = children_of(process.pid)
            assert len(children) == 3
        finally:
            code, took_s = stop(process)
        assert code == 0
        assert took_s < 8
        assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    assert all(call["simulated"] and call["channel"] == "pbx" for call in located)
    assert (sentul["jurisdiction"]["outcome"], sentul["jurisdiction"]["centre"]["kode"]) == ("inside", KOTA)
    assert sentul["jurisdiction"]["kecamatan"][0]["nama"] == "Kepanjenkidul"
    assert border["jurisdiction"]["outcome"] == "straddles"
    assert border["jurisdiction"]["centre"]["kode"] == KABUPATEN
    shares = {share["kode"]: share["share"] for share in border["jurisdiction"]["shares"]}
    assert shares[KABUPATEN] > 0.6
    assert 0.2 < shares[KOTA] < 0.35
    # A call for the dispatcher to decide, with something to ask and a neighbour to tell.
    decision = border["jurisdiction"]["decision"]
    assert (decision["sure"], decision["centre"]["kode"]) == (False, KABUPATEN)
    assert [one["kode"] for one in decision["tell"]] == [KOTA]
    assert border["jurisdiction"]["question"]["text"].startswith("Apakah Bapak/Ibu")
    assert border["fix"]["radius_95_m"] == pytest.approx(150, abs=5)


def _first_two(kota: httpx.Client) -> list[dict[str, Any]] | None:
    calls = kota.get("/api/v1/state").raise_for_status().json()["calls"][-2:]
    oldest_first = calls[::-1]
    return oldest_first if len(calls) == 2 and all(call["jurisdiction"] for call in calls) else None


def test_no_process_outlives_a_demonstration_that_is_killed(ports: tuple[int, int]) -> None:
    with start(ports) as process:
        children = until(lambda: _three(process.pid), within_s=30, what="three processes")
        process.send_signal(signal.SIGKILL)
        process.wait()
        until(lambda: not children_of(process.pid), within_s=30, what="all children are gone")
    assert len(children) == 3


def _three(pid: int) -> list[int] | None:
    found = children_of(pid)
    return found if len(found) == 3 else None


def test_a_used_port_is_named_before_anything_starts(ports: tuple[int, int]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", ports[1]))
        other.listen()
        with start(ports) as process:
            _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.count("\n") == 1
    assert str(ports[1]) in err
    assert not demo_folder(DemoSettings(ports=ports)).exists()


def test_the_ports_come_from_the_environment_alone() -> None:
    assert read_demo_settings().ports == DemoSettings().ports
    for wrong in ("9112", "a,b", "0,9113", "1,2,3"):
        done = subprocess.run(
            [sys.executable, "-c", "from geo112.cli.demo.settings import read_demo_settings as r; r()"],
            env=os.environ | {"GEO112_DEMO_PORTS": wrong},
            capture_output=True,
            text=True,
            check=False,
        )
        assert SetupError.__name__ in done.stderr
        assert "GEO112_DEMO_PORTS" in done.stderr
