"""Starts the demonstration's processes, says when it can be looked at, and stops all of them."""

import contextlib
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo112.cli.centre.folder import lock_folder
from geo112.cli.demo.settings import STANDARD_PORTS, DemoSettings
from geo112.cli.output import print_line
from geo112.cli.ports import require_free
from geo112.core.errors import SetupError
from geo112.settings import installed_root

KODES = ("35.72", "35.05")
START_WITHIN_S = 120.0
STOP_WITHIN_S = 4.0
_LOOK_EVERY_S = 0.05
HOST = "127.0.0.1"


@dataclass(slots=True, kw_only=True)
class Child:
    """A process of the demonstration and the file with what it wrote."""

    name: str
    process: subprocess.Popen[str]
    log: Path
    said: dict[str, Any] | None = None

    def tell(self, message: dict[str, Any]) -> None:
        """Hand over what it has to know; passwords and keys never stand in a command line."""
        if self.process.stdin is not None:
            self.process.stdin.write(json.dumps(message))
            self.process.stdin.close()


def run_demo(settings: DemoSettings, *, seed: int) -> int:
    """Serve both centres with simulated calls until SIGINT, SIGTERM or SIGHUP; raises SetupError or Conflict."""
    for port in settings.ports:
        require_free(HOST, port)
    base = demo_folder(settings)
    base.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with lock_folder(base):
        children: list[Child] = []
        try:
            return _play(settings, base, children, stop, seed=seed)
        finally:
            _stop(children)


def demo_folder(settings: DemoSettings) -> Path:
    """Say where the data lie: `var/demo`, and a folder of its own below it for one on other ports."""
    base = installed_root() / "var" / "demo"
    return base if settings.ports == STANDARD_PORTS else base / "-".join(map(str, settings.ports))


def _play(settings: DemoSettings, base: Path, children: list[Child], stop: threading.Event, *, seed: int) -> int:
    password = secrets.token_urlsafe(9)
    for kode, port in zip(KODES, settings.ports, strict=True):
        centre = _start("geo112.cli.demo.centre_process", base, kode)
        children.append(centre)
        centre.tell({"kode": kode, "folder": str(base / kode), "port": port, "password": password})
        threading.Thread(target=_listen, args=(centre,), daemon=True).start()
    simulator = _start("geo112.cli.demo.simulator", base, "simulator")
    children.append(simulator)
    centres = children[: len(KODES)]
    if not _until(lambda: all(_ready(centre) for centre in centres), children, stop):
        return 0
    root = installed_root() / "data"
    simulator.tell(
        {
            "centres": [centre.said for centre in centres],
            "boundaries_dir": str(root / "boundaries" / "build"),
            "simulation_dir": str(root / "simulation"),
            "seed": seed,
        }
    )
    _announce([centre.said for centre in centres if centre.said is not None], password)
    while not stop.wait(_LOOK_EVERY_S * 4):
        _require_alive(children)
    return 0


def _start(module: str, base: Path, name: str) -> Child:
    """Start a process in a session of its own, so that Ctrl-C reaches this one alone, which stops them in order."""
    log = base / f"{name}.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", module, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=file if name == "simulator" else subprocess.PIPE,
            stderr=file,
            text=True,
            start_new_session=True,
        )
    return Child(name=name, process=process, log=log)


def _listen(centre: Child) -> None:
    """Take in what a centre prints, to the end, so that it never waits for somebody to read."""
    for line in centre.process.stdout or ():
        if line.startswith("DEMO "):
            centre.said = json.loads(line.removeprefix("DEMO "))


def _ready(centre: Child) -> bool:
    if centre.said is None:
        return False
    host, _, port = str(centre.said["url"]).removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _until(done: Callable[[], bool], children: Sequence[Child], stop: threading.Event) -> bool:
    """Wait until it is done; False when told to stop. Raises SetupError when a process ends or it takes too long."""
    deadline_s = time.monotonic() + START_WITHIN_S
    while not done():
        _require_alive(children)
        if time.monotonic() > deadline_s:
            raise SetupError(f"the centres did not answer within {START_WITHIN_S:.0f} s; see {children[0].log.parent}")
        if stop.wait(_LOOK_EVERY_S):
            return False
    return True


def _require_alive(children: Sequence[Child]) -> None:
    """Raise SetupError with the last line that a process wrote when it ended by itself."""
    for child in children:
        code = child.process.poll()
        if code is not None:
            lines = child.log.read_text(encoding="utf-8", errors="replace").split("\n")
            last = next((line.strip() for line in reversed(lines) if line.strip()), "")
            raise SetupError(f"{child.name} ended by itself ({code}): {last}; see {child.log}")


def _announce(said: Sequence[dict[str, Any]], password: str) -> None:
    print_line("SIMULASI geo112: dua pusat 112 bertetangga; semua panggilan adalah buatan (all calls are simulated).")
    for centre in said:
        print_line(f"  {centre['nama']:<12} {centre['url']}")
    users = ", ".join(said[0]["users"])
    print_line(f"  Masuk (log in): {users}. Kata sandi (password): {password}")
    print_line("  Berhenti (stop): Ctrl-C")
    for centre in said:
        print_line("DEMO " + json.dumps({key: centre[key] for key in ("kode", "url", "users", "keys")}))
    sys.stdout.flush()


def _stop(children: Sequence[Child]) -> None:
    """Stop the simulator first, then the centres, all together within seconds; what does not listen is killed."""
    for child in reversed(children):
        if child.process.poll() is None:
            child.process.terminate()
    deadline_s = time.monotonic() + STOP_WITHIN_S
    for child in children:
        try:
            child.process.wait(max(deadline_s - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        if child.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                child.process.stdin.close()
