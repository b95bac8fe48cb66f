"""Resolve over real HTTP: a centre with the whole country beside servers that do less, and one that asks PostGIS."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np

from geo112.bench.client import Answers, ask_all, get, post
from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.lost import running
from geo112.bench.postgis import postgis, require_postgis
from geo112.bench.reference import read_kecamatan
from geo112.bench.rivals import PATH
from geo112.bench.start import USER, free_port, geo112_in
from geo112.zones.overlaps import rank_of

PYDANTIC, POSTGIS = "FastAPI + pydantic in and out, no-op", "FastAPI with PostGIS"
LOOKUP = "limit: raw ASGI with the lookup"
RIVALS = {
    PYDANTIC: "fastapi_pydantic",
    "FastAPI no-op": "fastapi_nothing",
    LOOKUP: "asgi_lookup",
    "limit: raw ASGI no-op": "asgi_nothing",
    POSTGIS: "fastapi_postgis",
}
GOAL = {PYDANTIC: 0.9}
REQUESTS = 4_000
# PostGIS answers every so manieth request, with its time multiplied.
POSTGIS_PART = 10


def http(room: Room, *, rounds: int = ROUNDS, requests: int = REQUESTS) -> Iterator[Result]:
    """Ask all servers, each a process of its own, by the same client over 16 connections: POST, then GET."""
    require_postgis()
    zones, polygons = read_kecamatan(room.boundaries)
    room.tell("http: starting servers")
    with ExitStack() as started:
        place = Path(started.enter_context(tempfile.TemporaryDirectory(dir=room.folder)))
        rival = started.enter_context(postgis(polygons, rank_of(zones).tolist()))
        ours, cookie = started.enter_context(_centre(place, room.boundaries))
        arguments = {LOOKUP: str(room.boundaries.resolve() / "zones.geo112"), POSTGIS: rival.address}
        ports = {"geo112": ours}
        for name, module in RIVALS.items():
            ports[name] = free_port()
            command = [sys.executable, "-m", "geo112.bench.rivals", module, str(ports[name])]
            more = [arguments[name]] if name in arguments else []
            started.enter_context(running([*command, *more], None, ports[name]))
        for method, texts in _requests(requests, f"Cookie: {cookie}\r\n").items():
            yield _contest(f"http {method}", ports, texts, rounds=rounds, tell=room.tell)


def _contest(job: str, ports: Mapping[str, int], texts: Sequence[bytes], *, rounds: int, tell: Tell) -> Result:
    """Measure one method; the answers of ours have to be those of the lookup without any framework."""
    some = texts[:16]
    wrong = _differences(ask_all(ports["geo112"], some), ask_all(ports[LOOKUP], some))
    waited: dict[str, list[float]] = {name: [] for name in ports}

    def ask(name: str) -> None:
        waited[name] += ask_all(ports[name], texts[:: POSTGIS_PART if name == POSTGIS else 1]).waited_s

    work = {name: (lambda name=name: ask(name)) for name in ports}
    taken = interleave(work, rounds=rounds, tell=lambda step: tell(f"{job}, {step}"))
    taken[POSTGIS] = [seconds * len(texts) / len(texts[::POSTGIS_PART]) for seconds in taken[POSTGIS]]
    result = compared(job, unit="requests/s", taken=taken, per=lambda seconds: len(texts) / seconds, goal=GOAL)
    quantiles = {
        f"{name}_ms": {who: float(np.quantile(each, share)) * 1e3 for who, each in waited.items()}
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }
    return {**result, **quantiles, "connections": 16, "disagreements": wrong}


def _differences(ours: Answers, theirs: Answers) -> int:
    """Count answers of ours that theirs do not hold; they come back in any order."""
    known = [json.loads(body) for body in theirs.bodies]
    return sum(json.loads(body) not in known for body in ours.bodies)


def _requests(number: int, headers: str) -> dict[str, list[bytes]]:
    """Write circles in and around Blitar, many of them across the border of the kota, each another one."""
    posts, gets = [], []
    for n in range(number):
        lat_deg = round(-8.06 - 0.08 * ((n * 37) % 101) / 101, 5)
        lon_deg = round(112.10 + 0.12 * ((n * 61) % 103) / 103, 5)
        place = {"lat_deg": lat_deg, "lon_deg": lon_deg, "radius_m": 20.0 + (n % 50) * 25, "confidence_share": 0.95}
        posts.append(post(PATH, json.dumps(place), headers))
        gets.append(get(f"{PATH}?{'&'.join(f'{name}={value}' for name, value in place.items())}", headers))
    return {"POST resolve": posts, "GET resolve": gets}


@contextmanager
def _centre(place: Path, boundaries: Path) -> Iterator[tuple[int, str]]:
    """Serve a centre with the boundaries of the whole country to a dispatcher; give its port and the cookie."""
    folder = place / "centre"
    folder.mkdir()
    geo112_in(folder, "init", "35.72")
    with (folder / "geo112.toml").open("a") as more:
        more.write(f'boundaries_dir = "{boundaries.resolve()}"\n')
    geo112_in(folder, "users", "add", USER["user"], "--role", "dispatcher", "--password-stdin")
    port = free_port()
    with running([sys.executable, "-m", "geo112", "serve", "--port", str(port)], folder, port):
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            client.post("/api/v1/login", json=USER).raise_for_status()
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        yield port, cookie
