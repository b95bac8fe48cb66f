"""A telephone line for tests: a centre behind the Kamailio of docs/doors.md, and calls through it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import sip_calls as sip
from doors_docs import example, put_in
from kamailio_process import ANSWERS_WITHIN_S, Kamailio, kamailio
from running_centre import Served, free_port, new_centre, until

from geo112.cli.centre.setup import NewCentre
from geo112.desk.joining import stored_ref
from geo112.incidents.events import Channel
from geo112.settings import FILE_NAME
from geo112.store.sql import SqlLog

WITHIN_S = 60.0
NUMBERS = count(81_234_500_000)
CALLS = count(1)


def new_number() -> str:
    """Give a telephone number that no other test uses."""
    return f"+62{next(NUMBERS)}"


def new_call_id() -> str:
    return f"call-{next(CALLS)}@caller.example.com"


def documented(*, listen: int, callee: int, url: str, key: str, trunk: str) -> tuple[str, str]:
    """Take both files out of the documentation, and put in what each site has its own of."""
    whole = put_in(
        example("#!KAMAILIO\n"),
        ("listen=udp:10.0.0.10:5060", f"listen=udp:127.0.0.1:{listen}\nlog_stderror=yes"),
        ("sip:10.0.0.20:5060", f"sip:127.0.0.1:{callee}"),
    )
    part = put_in(
        example("#!substdef"),
        ("http://127.0.0.1:8112/api/v1/pbx", url),
        ("g112_...", key),
        ("10.0.0.1!", f"{trunk}!"),
    )
    return whole, part


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A telephone line to the call takers through a Kamailio."""

    place: Path
    port: int
    callee: int
    proxy: Kamailio

    def call(self, caller: str, callee: str = sip.CALLEE_ANSWERS, *, call_id: str, source: str = "127.0.0.1") -> None:
        """Make one call to its very end at both telephones."""
        n = next(CALLS)
        with ExitStack() as both:
            there = self.place / f"callee-{n}"
            taking = both.enter_context(sip.sipp(there, callee, "-i", "127.0.0.1", "-p", str(self.callee), "127.0.0.1"))
            until(lambda: taken(self.callee), within_s=WITHIN_S, what="the call taker's telephone is on")
            here = self.place / f"caller-{n}"
            options = ("-i", source, "-p", str(free_port()), "-cid_str", call_id, f"127.0.0.1:{self.port}")
            calling = both.enter_context(sip.sipp(here, caller, *options))
            sip.require_done(calling, here)
            sip.require_done(taking, there)
        assert self.proxy.process.poll() is None, self.proxy.told()

    def send(self, request: bytes) -> None:
        """Send a request as it is."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.bind(("127.0.0.1", 0))
            line.sendto(request, ("127.0.0.1", self.port))


def taken(port: int) -> bool:
    """Tell whether somebody listens at a UDP port of this machine."""
    return f":{port:04X} " in Path("/proc/net/udp").read_text()


def answers(port: int, proxy: Kamailio) -> bool:
    """Ask a Kamailio whether it is there."""
    assert proxy.process.poll() is None, proxy.told()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(0.2)
        own = line.getsockname()[1]
        request = (
            f"OPTIONS sip:112@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{own}\r\n"
            f"From: <sip:t@127.0.0.1>;tag={own}\r\nTo: <sip:112@127.0.0.1>\r\nCall-ID: {own}@127.0.0.1\r\n"
            f"CSeq: 1 OPTIONS\r\nMax-Forwards: 10\r\nContent-Length: 0\r\n\r\n"
        )
        try:
            line.sendto(request.encode(), ("127.0.0.1", port))
            return line.recv(65_536).startswith(b"SIP/2.0 200")
        except (TimeoutError, ConnectionRefusedError):
            return False


@contextmanager
def line_to(place: Path, url: str, key: str, *, workers: int = 2, more: str = "") -> Iterator[Line]:
    """Start the Kamailio of the documentation."""
    place.mkdir()
    port, callee = free_port(), free_port()
    whole, part = documented(listen=port, callee=callee, url=url, key=key, trunk="127.0.0.1")
    (place / "geo112.cfg").write_text(part)
    with kamailio(place, f"{whole}\nchildren={workers}\n{more}\n") as proxy:
        until(lambda: answers(port, proxy), within_s=ANSWERS_WITHIN_S, what="Kamailio answers")
        yield Line(place=place, port=port, callee=callee, proxy=proxy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A centre, a telephone line to it, and the record of the centre."""

    line: Line
    centre: Served
    log: SqlLog

    def named(self, call_id: str) -> str | None:
        """Find the call that the exchange calls so."""
        people = self.log.find_people(external_ref=stored_ref(Channel.PBX, call_id))
        refs = {one.ref for one in people}
        events = (one.event for one in self.log.read())
        return next((one.call for one in events if getattr(one, "person", None) in refs), None)

    def told(self, call_id: str, state: str = "ended") -> dict[str, Any]:
        """Wait until the centre knows a call in a state."""
        name = self.known(call_id)
        return until(lambda: self._in(name, state), within_s=WITHIN_S, what=f"{call_id} is {state}")

    def known(self, call_id: str) -> str:
        """Wait until the centre knows a call."""
        return until(lambda: self.named(call_id), within_s=WITHIN_S, what=f"{call_id} arrives")

    def kinds(self, call: dict[str, Any]) -> list[str]:
        """Give what is on record of a call, in its order."""
        events = (one.event for one in self.log.read())
        return [type(one).__name__ for one in events if getattr(one, "call", None) == call["call_id"]]

    def seen(self, name: str) -> dict[str, Any]:
        """Look at a call as a console does."""
        return dict(self.centre.http.get(f"/api/v1/calls/{name}").raise_for_status().json())

    def _in(self, name: str, state: str) -> dict[str, Any] | None:
        found = self.seen(name)
        return found if found["state"] == state else None


def made_centre(folder: Path) -> NewCentre:
    """Make a centre that may ask its own location server."""
    folder.mkdir()
    made = new_centre(folder)
    with (folder / FILE_NAME).open("a") as file:
        file.write(f'held_dereference_hosts = "127.0.0.1:{made.settings.port}"\n')
    return made


def pbx_url(made: NewCentre) -> str:
    return f"http://127.0.0.1:{made.settings.port}/api/v1/pbx"


@contextmanager
def opened(made: NewCentre) -> Iterator[SqlLog]:
    log = SqlLog.open(made.settings.database)
    try:
        yield log
    finally:
        log.close()
