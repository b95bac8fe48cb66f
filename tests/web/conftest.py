"""A real centre with two square kecamatan, and a real browser that may talk to nobody else."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright

from geo112.basemap.pack import write_basemap
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.settings import installed_root
from geo112.wiring import BASEMAP_FILE, ZONES_FILE
from geo112.zones.compact import write_zones
from geo112.zones.records import Zone

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
USER, PASSWORD = "rina", "kata-sandi-uji"
START_WITHIN_S = 90.0
GEO112 = [sys.executable, "-c", "from geo112.cli.main import run; run()"]


@dataclass
class Server:
    """One centre as `geo112 serve` runs it, which can be stopped and started again."""

    folder: Path
    port: int
    environment: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, told: str = "") -> str:
        """Run one command of geo112 in the folder of the centre."""
        done = subprocess.run(
            [*GEO112, *words],
            cwd=self.folder,
            env=self.environment,
            input=told,
            text=True,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def start(self) -> None:
        """Serve, and wait until calls can be taken."""
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*GEO112, "serve"], cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        until = monotonic() + START_WITHIN_S
        while not self._ready():
            assert self.process.poll() is None, (self.folder / "serve.log").read_text()
            assert monotonic() < until, "the centre did not get ready"
            sleep(0.1)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None


def _zone(kode: str, nama: str, kabkota: str) -> Zone:
    kode_kabkota = KodeKabKota(kode[:5])
    return Zone(kode=KodeKecamatan(kode), nama=nama, kode_kabkota=kode_kabkota, kabkota=kabkota, area_km2=240.0)


@pytest.fixture(scope="session")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kota Blitar in the west, Kab. Blitar in the east, the border at 112.2 E."""
    folder = tmp_path_factory.mktemp("squares")
    zones = [_zone("35.05.01", "Kanigoro", "Kab. Blitar"), _zone("35.72.02", "Sananwetan", "Kota Blitar")]
    boxes = [shapely.box(112.20, -8.20, 112.30, -8.00), shapely.box(112.10, -8.20, 112.20, -8.00)]
    polygons = np.array(boxes, dtype=object)
    write_zones(folder / ZONES_FILE, zones=zones, polygons=polygons, version="kotak-1")
    write_basemap(folder / BASEMAP_FILE, zones=zones, polygons=polygons, version="kotak-1")
    return folder


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, squares: Path) -> Iterator[Server]:
    """The centre of Kota Blitar; tests share it, so each makes calls of its own."""
    folder = tmp_path_factory.mktemp("centre")
    port = free_port()
    environment = {**os.environ, "GEO112_BOUNDARIES_DIR": str(squares), "GEO112_SIMULATION": "true"}
    server = Server(folder=folder, port=port, environment=environment)
    server.keys = json.loads(server.run("init", "35.72", "--port", str(port), "--json"))["keys"]
    roles = ("--role", "call_taker", "--role", "dispatcher")
    server.run("users", "add", USER, *roles, "--name", "Rina A.", "--password-stdin", told=PASSWORD + "\n")
    server.start()
    yield server
    server.stop()


@dataclass
class Desk:
    """What the world outside the browser does to the centre."""

    client: httpx.Client
    keys: dict[str, str]

    def send(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        answer = self.client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def ring(self, ref: str, number: str | None = None) -> str:
        """Let the telephone exchange ring; gives the id of the call."""
        body = {"event": "ringing", "pbx_call_id": ref, **({"number": number} if number else {})}
        return str(self.send("/pbx", body, **{"X-Api-Key": self.keys["pbx"]})["call_id"])

    def hang_up(self, ref: str) -> None:
        """Let the caller of a telephone call hang up."""
        self.send(
            "/pbx",
            {"event": "ended", "pbx_call_id": ref, "reason": "caller_hung_up"},
            **{"X-Api-Key": self.keys["pbx"]},
        )

    def place(self, call_id: str, lat_deg: float, lon_deg: float, radius_m: float | None = None) -> None:
        """Add a position to a call."""
        body: dict[str, Any] = {"lat_deg": lat_deg, "lon_deg": lon_deg, "source": "AML", "method": "gnss"}
        if radius_m is not None:
            body |= {"radius_m": radius_m, "confidence_share": 0.68}
        self.send(f"/calls/{call_id}/fixes", body)


@pytest.fixture
def desk(server: Server) -> Iterator[Desk]:
    """Rina's session without a browser, and the keys of the doors."""
    with httpx.Client(base_url=server.url) as client:
        assert client.post("/api/v1/login", json={"user": USER, "password": PASSWORD}).is_success
        yield Desk(client=client, keys=server.keys)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, drawing the map in software."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
    yield browser
    browser.close()


@dataclass
class Watch:
    """What went wrong in the browser; `expected` names what a test provokes on purpose."""

    expected: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"{message.text} {message.location['url']}")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:")):
            self.seen.append(f"asked another host: {request.url}")

    def verdict(self) -> list[str]:
        return [one for one in self.seen if not any(re.search(form, one) for form in self.expected)]


@contextmanager
def watched_page(browser: Browser, watch: Watch, **how: object) -> Iterator[Page]:
    """A page whose console errors and requests to other hosts are a failure."""
    options: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark", **how}
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", watch.on_console)
    page.on("pageerror", lambda error: watch.seen.append(str(error)))
    page.on("request", watch.on_request)
    yield page
    context.close()
    assert watch.verdict() == []


@pytest.fixture
def watch() -> Watch:
    return Watch()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser, server: Server, watch: Watch) -> Iterator[NewPage]:
    """Opens the console, logged in, at any size."""
    with ExitStack() as stack:

        def make(*, log_in: bool = True, **how: object) -> Page:
            page = stack.enter_context(watched_page(browser, watch, **how))
            page.goto(server.url)
            if log_in:
                enter(page)
            return page

        yield make


def enter(page: Page, password: str = PASSWORD) -> None:
    """Log in as Rina."""
    page.fill("#user", USER)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_selector("#console:not([hidden])")


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The console of Rina on a screen of 1440 by 900."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of the accessibility checker."""
    return (installed_root() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
