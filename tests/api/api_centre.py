"""A clock, a client and a server for the small centre that the tests of the API run."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

import httpx
from api_words import BASE_URL, PASSWORD
from fastapi.testclient import TestClient

from geo112.api.app import create_app
from geo112.api.server import CentreServer
from geo112.core.clock import SystemClock
from geo112.wiring import Centre


class MovableClock:
    """A clock that goes on by itself, and that a test can set forward or stop."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self.ahead = timedelta(0)
        self._stopped_at: datetime | None = None

    def now(self) -> datetime:
        return (self._stopped_at or self._real.now()) + self.ahead

    def stop(self) -> None:
        self._stopped_at = self._real.now()


MakeCentre = Callable[..., Centre]


@contextmanager
def new_client(centre: Centre) -> Iterator[TestClient]:
    with TestClient(create_app(centre), base_url=BASE_URL, raise_server_exceptions=False) as client:
        yield client


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Running:
    """A real server of a centre, in a thread of its own."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.server = CentreServer(centre)
        self.url = f"http://127.0.0.1:{centre.settings.port}"
        self._clients: list[httpx.Client] = []
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        pause = threading.Event()
        while not self.server.started:
            assert self._thread.is_alive(), "the server did not start"
            pause.wait(0.01)

    def stop(self) -> float:
        """Stop the server and say how many seconds that took."""
        began = monotonic()
        self.server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server did not stop"
        return monotonic() - began

    def close_clients(self) -> None:
        for client in self._clients:
            client.close()

    def client(self, user: str | None = None) -> httpx.Client:
        client = httpx.Client(base_url=self.url, timeout=10)
        self._clients.append(client)
        if user is not None:
            client.post("/api/v1/login", json={"user": user, "password": PASSWORD}).raise_for_status()
        return client


RunCentre = Callable[..., Running]
