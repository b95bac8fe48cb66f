"""A centre's process start to its first resolve, with the whole country loaded: seconds, and megabytes of memory."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from geo112.bench.frame import ROUNDS, Result, Room, limited

MOST_S = 4.0
MOST_MB = 400.0
USER = {"user": "bench", "password": "hanya-untuk-mengukur"}
_BORDER = {"lat_deg": -8.0985, "lon_deg": 112.1681, "radius_m": 850.0}
_PATIENCE_S = 60.0
_PAUSE_S = 0.02


def start(room: Room, *, rounds: int = ROUNDS) -> Iterator[Result]:
    """Start a real centre again and again, ask it whose a circle on the border is, and see when it has answered."""
    seconds, megabytes = [], []
    with tempfile.TemporaryDirectory(dir=room.folder) as place:
        folder = Path(place) / "centre"
        folder.mkdir()
        geo112_in(folder, "init", "35.72")
        with (folder / "geo112.toml").open("a") as more:
            more.write(f'boundaries_dir = "{room.boundaries.resolve()}"\n')
        geo112_in(folder, "users", "add", USER["user"], "--role", "dispatcher", "--password-stdin")
        for one in range(rounds + 1):
            room.tell(f"start: {one}/{rounds}")
            took_s, peak_mb = _serve_once(folder)
            if one:  # the first one fills the caches of the machine
                seconds.append(took_s)
                megabytes.append(peak_mb)
    yield limited("start", unit="s", ours=median(seconds), limit=MOST_S, rounds=rounds)
    yield limited("start memory", unit="MB", ours=median(megabytes), limit=MOST_MB, rounds=rounds)


def geo112_in(folder: Path, *arguments: str) -> None:
    """Run one command in the centre's folder."""
    subprocess.run(  # noqa: S603 - our own program with our own words
        [sys.executable, "-m", "geo112", *arguments],
        cwd=folder,
        input=f"{USER['password']}\n{USER['password']}\n",
        check=True,
        capture_output=True,
        text=True,
    )


def _serve_once(folder: Path) -> tuple[float, float]:
    """Start the centre, resolve one circle over HTTP, and give the seconds since the start and the peak of memory."""
    port = free_port()
    begun = time.perf_counter()
    server = subprocess.Popen(  # noqa: S603 - our own program with our own words
        [sys.executable, "-m", "geo112", "serve", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_S, trust_env=False) as client:
            _wait_until_ready(client, server, until=begun + _PATIENCE_S)
            client.post("/api/v1/login", json=USER).raise_for_status()
            client.post("/api/v1/resolve", json=_BORDER).raise_for_status()
            took_s = time.perf_counter() - begun
        status = Path(f"/proc/{server.pid}/status").read_text()
        return took_s, int(status.split("VmHWM:")[1].split()[0]) / 1000
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE_S)


def _wait_until_ready(client: httpx.Client, server: subprocess.Popen[bytes], *, until: float) -> None:
    """Ask until the centre says that it is ready; a centre that ended or takes too long is an error."""
    while server.poll() is None and time.perf_counter() < until:
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(_PAUSE_S)
    raise TimeoutError(f"the centre did not answer (exit code {server.poll()})")


def free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
