"""Following location references over real connections: our own server, and servers that misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest
from api_centre import RunCentre
from api_words import IN_KOTA

from geo112.core.geo import Position
from geo112.core.roles import Scope
from geo112.core.shapes import Circle
from geo112.desk.given import GivenPosition
from geo112.held.client import dereference, read_answer
from geo112.incidents.events import Actor, Channel
from geo112.locate.fix import Fix, FixMethod, FixSource, Located, NoPosition, NotUnderstood
from geo112.locate.pidf_write import write_pidf

BY = Actor(name="siti", role="call_taker")
NUMBER = "+6281234567890"
HELD = "urn:ietf:params:xml:ns:geopriv:held"
FIX = Fix(
    area=Circle(middle=Position(lat_deg=-8.1, lon_deg=112.15), radius_m=30),
    source=FixSource.AML,
    method=FixMethod.GNSS,
    taken_at=None,
)
PRESENCE = write_pidf(FIX, entity="pres:abc@example.id")


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says, and remembers what was asked."""

    answers: dict[str, tuple[int, bytes]]
    location: str
    trickle: bool

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer()

    def answer(self) -> None:
        self.server.asked.append((self.command, self.headers["Accept"]))
        status, body = self.server.answers[self.command]
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        pause = threading.Event()
        for n in range(0, len(body), 4096):
            self.wfile.write(body[n : n + 4096])
            pause.wait(self.server.pause_s)

    def log_message(self, *words: object) -> None:
        """Keep quiet."""


class Misbehaving(ThreadingHTTPServer):
    """A location server of which the test says how it answers."""

    daemon_threads = True

    def handle_error(self, *words: object) -> None:
        """Keep quiet: a client that hangs up early is what some tests are about."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


@contextmanager
def serving(
    *, get: tuple[int, bytes], post: tuple[int, bytes] = (500, b""), location: str = "", pause_s: float = 0.0
) -> Iterator[Misbehaving]:
    server = Misbehaving(("127.0.0.1", 0), Handler)
    server.answers, server.location, server.pause_s = {"GET": get, "POST": post}, location, pause_s
    server.asked, server.bodies = [], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def follow(server: Misbehaving, **more: object) -> object:
    return dereference(f"http://{server.host}/location", allowed_hosts=[server.host], **more)


def test_reference_of_our_own_server(run_centre: RunCentre) -> None:
    running = run_centre()
    centre = running.centre
    place = GivenPosition(**IN_KOTA, radius_m=30.0)
    centre.desk.receive_call(actor=BY, channel=Channel.CONSOLE, number=NUMBER, position=place)
    token = centre.accounts.add_key(name="kamailio", scopes=[Scope.HELD], now=centre.clock.now())
    body = (
        f'<locationRequest xmlns="{HELD}"><locationType>locationURI</locationType>'
        f'<device xmlns="{HELD}:id"><uri>tel:{NUMBER}</uri></device></locationRequest>'
    )
    answer = running.client().post("/held", content=body, headers={"X-Api-Key": token})
    uri = answer.text.partition("<locationURI>")[2].partition("<")[0]
    reading = dereference(uri, allowed_hosts=[f"127.0.0.1:{centre.settings.port}"])
    assert isinstance(reading, Located), reading
    assert reading.fix.area == Circle(
        middle=Position(lat_deg=IN_KOTA["lat_deg"], lon_deg=IN_KOTA["lon_deg"]), radius_m=30
    )
    assert reading.fix.source is FixSource.SIP
    gone = dereference(uri[:-4] + "AAAA", allowed_hosts=[f"127.0.0.1:{centre.settings.port}"])
    assert isinstance(gone, NoPosition)
    assert "locationUnknown" in gone.reason


def test_asks_as_kamailio_does() -> None:
    with serving(get=(200, PRESENCE)) as server:
        reading = follow(server, source=FixSource.OPERATOR)
    assert isinstance(reading, Located)
    assert reading.fix.source is FixSource.OPERATOR
    assert server.asked == [("GET", "application/pidf+xml,application/held+xml;q=0.5")]


def test_asks_by_post_where_get_is_not_taken() -> None:
    with serving(get=(405, b""), post=(200, PRESENCE)) as server:
        assert isinstance(follow(server), Located)
    assert [method for method, _ in server.asked] == ["GET", "POST"]
    assert b"<locationRequest" in server.bodies[0]


@pytest.mark.parametrize("answer", [(500, PRESENCE), (403, PRESENCE), (204, b"")])
def test_server_that_gives_no_answer(answer: tuple[int, bytes]) -> None:
    with serving(get=answer) as server:
        assert isinstance(follow(server), NoPosition)


def test_redirects_are_not_followed() -> None:
    with serving(get=(200, PRESENCE)) as inside, serving(get=(302, b""), location=f"http://{inside.host}/") as server:
        reading = dereference(f"http://{server.host}/", allowed_hosts=[server.host, inside.host])
    assert isinstance(reading, NoPosition)
    assert inside.asked == []


def test_answer_without_end_is_cut_off() -> None:
    with serving(get=(200, b" " * 10_000_000)) as server:
        reading = follow(server)
    assert isinstance(reading, NotUnderstood)
    assert reading.field == "answer"


def test_slow_answer_is_not_waited_for() -> None:
    began = monotonic()
    with serving(get=(200, b" " * 60_000), pause_s=0.05) as server:
        assert isinstance(follow(server, timeout_s=0.2), NoPosition)
    assert monotonic() - began < 3


def test_nobody_there() -> None:
    with serving(get=(200, b"")) as server:
        host = server.host
    assert isinstance(dereference(f"http://{host}/", allowed_hosts=[host], timeout_s=1), NoPosition)


@pytest.mark.parametrize(
    ("uri", "hosts"),
    [
        ("http://127.0.0.1:{port}/", []),
        ("http://127.0.0.1:{port}/", ["127.0.0.1"]),
        ("http://127.0.0.1:{port}/", ["lis.example.id"]),
        ("http://lis.example.id@127.0.0.1:{port}/", ["lis.example.id", "127.0.0.1:{port}"]),
        ("file:///etc/passwd", [""]),
        ("sip:abc@127.0.0.1:{port}", ["127.0.0.1:{port}"]),
        ("http://[::1/", ["::1"]),
        ("http://127.0.0.1:x/", ["127.0.0.1"]),
        ("http:///", [""]),
        ("", [""]),
        ("http://127.0.0.1:{port}/" + "a" * 3000, ["127.0.0.1:{port}"]),
    ],
)
def test_only_allowed_hosts_are_asked(uri: str, hosts: list[str]) -> None:
    with serving(get=(200, PRESENCE)) as server:
        port = str(server.server_port)
        allowed = [host.replace("{port}", port) for host in hosts]
        reading = dereference(uri.replace("{port}", port), allowed_hosts=allowed, timeout_s=1)
    assert isinstance(reading, NotUnderstood)
    assert reading.field == "uri"
    assert server.asked == []


ANSWERS: dict[bytes, type] = {
    PRESENCE: Located,
    f'<locationResponse xmlns="{HELD}">'.encode() + PRESENCE.partition(b"?>")[2] + b"</locationResponse>": Located,
    f'<locationResponse xmlns="{HELD}"><locationUriSet/></locationResponse>'.encode(): NoPosition,
    f'<error xmlns="{HELD}" code="locationUnknown"><message>not yet</message></error>'.encode(): NoPosition,
    f'<error xmlns="{HELD}"/>'.encode(): NoPosition,
    b"<html/>": NotUnderstood,
    b"": NotUnderstood,
}


@pytest.mark.parametrize(("body", "kind"), ANSWERS.items(), ids=range(len(ANSWERS)))
def test_answers(body: bytes, kind: type) -> None:
    assert isinstance(read_answer(body), kind)


def test_reason_of_the_server_is_told() -> None:
    reading = read_answer(f'<error xmlns="{HELD}" code="locationUnknown"><message>not yet</message></error>'.encode())
    assert isinstance(reading, NoPosition)
    assert reading.reason == "the location server answered locationUnknown: not yet"
