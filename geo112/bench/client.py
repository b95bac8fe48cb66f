"""A client of HTTP that takes little of the core it shares: ready requests over connections that stay open."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import uvloop

CONNECTIONS = 16
_OK = b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came back: the seconds of each request, and a few bodies to look at."""

    waited_s: list[float]
    bodies: list[bytes]


class _Line(asyncio.Protocol):
    """One connection with one request under way."""

    def __init__(self, take: Callable[[], bytes | None], answers: Answers, done: "asyncio.Future[None]") -> None:
        self._take = take
        self._answers = answers
        self._done = done
        self._read = b""
        self._whole = 0
        self._asked_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Take what came; a whole answer is followed by the next request."""
        self._read = self._read + data if self._read else data
        if not self._whole:
            end = self._read.find(b"\r\n\r\n")
            if end < 0:
                return
            self._whole = end + 4 + _length(self._read[:end])
        if len(self._read) < self._whole:
            return
        self._answers.waited_s.append(time.perf_counter() - self._asked_at)
        if not self._read.startswith(_OK):
            # Going on would measure refusals.
            self._end(ConnectionError(f"the server refused: {self._read[:300]!r}"))
            return
        if len(self._answers.bodies) < CONNECTIONS:
            self._answers.bodies.append(self._read[self._read.find(b"\r\n\r\n") + 4 :])
        self._read, self._whole = b"", 0
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, with an error where requests were left."""
        self._end(exc or ConnectionError("the server ended the connection"))

    def _ask(self) -> None:
        request = self._take()
        if request is None or self._transport is None:
            self._end(None)
            return
        self._asked_at = time.perf_counter()
        self._transport.write(request)

    def _end(self, error: Exception | None) -> None:
        if self._done.done():
            return
        if error is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(error)
        if self._transport is not None:
            self._transport.close()


def _length(head: bytes) -> int:
    """Read how long a body is; every server here says so."""
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 : at + 30].split(b"\r\n")[0]) if at >= 0 else 0


def ask_all(port: int, requests: Sequence[bytes], *, connections: int = CONNECTIONS) -> Answers:
    """Send all requests over a few connections, the next one when one is answered; raises ConnectionError."""
    # In a thread of its own, since whoever asks may have an event loop already.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: uvloop.run(_ask_all(port, requests, connections))).result()


async def _ask_all(port: int, requests: Sequence[bytes], connections: int) -> Answers:
    loop = asyncio.get_running_loop()
    left = iter(requests)
    answers = Answers(waited_s=[], bodies=[])
    ends = [loop.create_future() for _ in range(min(connections, len(requests)))]
    for end in ends:
        await loop.create_connection(lambda end=end: _Line(lambda: next(left, None), answers, end), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    return answers


def get(path: str, headers: str = "") -> bytes:
    """Write a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{headers}\r\n".encode()


def post(path: str, body: str, headers: str = "") -> bytes:
    """Write a POST of JSON."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
