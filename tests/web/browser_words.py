"""The centre, the desk and the watched page that the browser tests speak of."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

USER, PASSWORD = "rina", "kata-sandi-uji"
START_WITHIN_S = 90.0
# How long anything may take on a machine that is busy with much else; only what fails waits so long.
PATIENCE_S = 60.0
GEO112 = [sys.executable, "-c", "from geo112.cli.main import run; run()"]


NewPage = Callable[..., Page]


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
            self.process.wait(timeout=PATIENCE_S)
            self.process = None


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
    page.set_default_timeout(PATIENCE_S * 1000)
    page.on("console", watch.on_console)
    page.on("pageerror", lambda error: watch.seen.append(str(error)))
    page.on("request", watch.on_request)
    yield page
    context.close()
    assert watch.verdict() == []


def enter(page: Page, password: str = PASSWORD) -> None:
    """Log in as Rina."""
    page.fill("#user", USER)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_selector("#console:not([hidden])")
