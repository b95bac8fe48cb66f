"""LoST over real HTTP: requests per second of a centre with the whole country, beside a bare FastAPI route."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from geo112.bench.frame import ROUNDS, Result, Room, compared, interleave
from geo112.bench.start import free_port

GOAL = 0.6
REQUESTS = 4_000
CONNECTIONS = 8
_PATIENCE_S = 60.0
_PAUSE_S = 0.02
_NOOP = """
import sys
import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.post("/lost")
async def nothing() -> dict[str, str]:
    return {}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False, server_header=False)
"""
_BODY = (
    '<?xml version="1.0"?>\n<findService xmlns="urn:ietf:params:xml:ns:lost1" serviceBoundary="reference" '
    'recursive="true"><location id="{n:08x}" profile="geodetic-2d"><gs:Circle xmlns:gs="http://www.opengis.net/'
    'pidflo/1.0" xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{lat:.5f} '
    '{lon:.5f}</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::9001">{radius:.2f}</gs:radius></gs:Circle></location>'
    "<service>urn:service:sos.police</service></findService>\n"
)


def requests_per_s(room: Room, *, rounds: int = ROUNDS, requests: int = REQUESTS) -> Iterator[Result]:
    """Ask both servers, each a process of its own, by the same client; every request is for another place."""
    bodies = list(_bodies(requests))
    with tempfile.TemporaryDirectory(dir=room.folder) as place, ExitStack() as running:
        ours = running.enter_context(_centre(Path(place), room.boundaries))
        bare = running.enter_context(_noop())
        answers = ask(ours, bodies[:CONNECTIONS])
        wrong = sum(b"<mapping " not in answer for answer in answers)
        taken = interleave(
            {"geo112": lambda: ask(ours, bodies), "FastAPI no-op": lambda: ask(bare, bodies)},
            rounds=rounds,
            tell=room.tell,
        )
    result = compared(
        "LoST", unit="requests/s", taken=taken, per=lambda seconds: requests / seconds, goal={"FastAPI no-op": GOAL}
    )
    yield result | {"disagreements": wrong}


def ask(port: int, bodies: Sequence[bytes]) -> list[bytes]:
    """Send all bodies over a few connections that stay open, one request under way on each, and give the answers."""
    answers: list[bytes] = []
    with ExitStack() as opened:
        lines = [opened.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(CONNECTIONS)]
        for line in lines:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(bodies), CONNECTIONS):
            part = bodies[start : start + CONNECTIONS]
            for line, body in zip(lines, part, strict=False):
                line.sendall(body)
            answers += [_read(line) for line, _ in zip(lines, part, strict=False)]
    return answers


def _bodies(number: int) -> Iterator[bytes]:
    """Write requests for circles in and around Blitar, some of them across the border of the kota."""
    for n in range(number):
        lat, lon = -8.06 - 0.08 * ((n * 37) % 101) / 101, 112.10 + 0.12 * ((n * 61) % 103) / 103
        body = _BODY.format(n=n, lat=lat, lon=lon, radius=20 + (n % 50) * 25).encode()
        yield (
            b"POST /lost HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
            b"Content-Type: application/lost+xml;charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
        ) + body


def _read(line: socket.socket) -> bytes:
    """Read one answer by its length."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += _more(line)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += _more(line)
    return body


def _more(line: socket.socket) -> bytes:
    part = line.recv(65_536)
    if not part:
        raise ConnectionError("the server ended the connection")
    return part


@contextmanager
def _centre(place: Path, boundaries: Path) -> Iterator[int]:
    """Serve a centre with the boundaries of the whole country."""
    folder = place / "centre"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "geo112", "init", "35.72"], cwd=folder, check=True, capture_output=True)
    with (folder / "geo112.toml").open("a") as more:
        more.write(f'boundaries_dir = "{boundaries.resolve()}"\n')
    port = free_port()
    with running([sys.executable, "-m", "geo112", "serve", "--port", str(port)], folder, port):
        yield port


@contextmanager
def _noop() -> Iterator[int]:
    """Serve a route that does nothing, by the same server with the same settings."""
    port = free_port()
    with running([sys.executable, "-c", _NOOP, str(port)], None, port):
        yield port


@contextmanager
def running(command: list[str], folder: Path | None, port: int) -> Iterator[None]:
    """Run a server until the end of the block; it begins when somebody listens on the port."""
    server = subprocess.Popen(  # noqa: S603 - our own program with our own words
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_open(server, port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE_S)


def _wait_until_open(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until somebody listens; a server that ended or takes too long is an error."""
    until = time.perf_counter() + _PATIENCE_S
    while server.poll() is None and time.perf_counter() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(_PAUSE_S)
        else:
            return
    raise TimeoutError(f"no server on port {port} (exit code {server.poll()})")
