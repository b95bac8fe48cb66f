"""Real centres for tests: made in a folder, served by the real command, spoken to over HTTP."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from geo112.cli.centre.setup import NewCentre, make_centre
from geo112.core.clock import SystemClock
from geo112.core.roles import Role
from geo112.store.accounts import Accounts
from geo112.store.passwords import Passwords
from geo112.store.sql import SqlLog

GEO112 = (sys.executable, "-m", "geo112.cli.main")
PASSWORD = "rahasia-112"  # noqa: S105 - of centres that live as long as a test
START_WITHIN_S = 60.0


def until[T](look: Callable[[], T | None], *, within_s: float, what: str) -> T:
    """Look again and again until there is something; a test that waits for what never comes fails with its name."""
    deadline_s = time.monotonic() + within_s
    pause = threading.Event()
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline_s, f"{what}: not within {within_s} s"
        pause.wait(0.02)


def free_port() -> int:
    """Ask the system for a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_centre(folder: Path, kode: str = "35.72") -> NewCentre:
    """Make a centre with one dispatcher whose password costs nothing to check."""
    now = SystemClock().now()
    made = make_centre(folder, kode, port=free_port(), now=now)
    log = SqlLog.open(made.settings.database)
    try:
        accounts = Accounts(log.engine, Passwords(memory_kib=1024, rounds=1))
        accounts.add_user(user="rina", name="Rina A.", password=PASSWORD, roles=[Role.DISPATCHER], now=now)
    finally:
        log.close()
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A centre that runs as a process of its own."""

    made: NewCentre
    process: subprocess.Popen[str]
    http: httpx.Client

    def log_in(self) -> None:
        """Log in as the dispatcher."""
        answer = self.http.post("/api/v1/login", json={"user": "rina", "password": PASSWORD})
        assert answer.status_code == 200, answer.text

    def state(self) -> dict[str, Any]:
        """Give all calls and incidents."""
        found: dict[str, Any] = self.http.get("/api/v1/state").raise_for_status().json()
        return found

    def sms(self, sender: str, text: str) -> httpx.Response:
        """Send an SMS by the gateway's key."""
        return self.http.post(
            "/api/v1/sms", json={"sender": sender, "text": text}, headers={"X-Api-Key": self.made.sms_key}
        )


@contextmanager
def serving(made: NewCentre, *options: str, verify: str | bool = True) -> Iterator[Served]:
    """Serve a centre by the real command and make sure that it ends; the first thing checked is that it is ready."""
    port = made.settings.port
    process = subprocess.Popen(
        [*GEO112, "serve", "--folder", str(made.settings.folder), "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    context = ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify
    scheme = "https" if "--tls" in options else "http"
    with httpx.Client(base_url=f"{scheme}://127.0.0.1:{port}", timeout=20, trust_env=False, verify=context) as client:
        try:
            until(lambda: _ready(client, process), within_s=START_WITHIN_S, what="the centre is ready")
            yield Served(made=made, process=process, http=client)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def stop(process: subprocess.Popen[str]) -> tuple[int, float]:
    """Stop a process as an operator does; gives its exit code and how long that took in seconds."""
    began_s = time.monotonic()
    process.send_signal(signal.SIGTERM)
    return process.wait(20), time.monotonic() - began_s


def _ready(client: httpx.Client, process: subprocess.Popen[str]) -> bool:
    assert process.poll() is None, f"the server ended: {process.stderr.read() if process.stderr else ''}"
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False
