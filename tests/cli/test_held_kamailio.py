"""A real client of HELD: Kamailio asks a real centre where a caller is, and follows the reference that it gets."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from grammars import require_valid
from kamailio_process import ANSWERS_WITHIN_S, CLIENT, kamailio
from running_centre import Served, free_port, new_centre, serving, until

from geo112.core.clock import SystemClock
from geo112.core.geo import Position
from geo112.core.roles import Scope
from geo112.core.shapes import Circle
from geo112.locate.fix import Located
from geo112.locate.pidf import read_pidf
from geo112.store.accounts import Accounts
from geo112.store.sql import SqlLog

CONFIG = (
    CLIENT
    + """
modparam("http_client", "httpcon", "geo112=>http://any:@KEY@@127.0.0.1:@HTTP@/held")

request_route {
    if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
    $var(pidf) = ""; $var(url) = ""; $var(err) = "";
    lost_held_query("geo112", "$hdr(X-Caller)", "$var(pidf)", "$var(url)", "$var(err)");
    $var(code) = $rc;
    if ($hdr(X-Follow) == "yes") {
        $var(pidf) = "";
        lost_held_dereference("$var(url)", "emergencyRouting", "any", "$var(pidf)", "$var(err)");
        $var(code) = $rc;
    }
    append_to_reply("X-Code: $var(code)\\r\\nX-Url: $var(url)\\r\\nX-Error: $var(err)\\r\\n");
    set_reply_body("$var(pidf)", "application/pidf+xml");
    sl_send_reply("302", "Moved Temporarily");
    exit;
}
"""
)
NUMBER = "+6281234567890"
PLACE = {"lat_deg": -8.0983, "lon_deg": 112.1681, "radius_m": 14.0, "confidence_share": 0.68}


def sip(port: int, method: str, *, headers: str = "") -> tuple[str, str] | None:
    """Send one SIP request and give head and body of the answer, None when there is none within a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(5 if headers else 0.2)
        own = line.getsockname()[1]
        request = (
            f"{method} sip:112@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{own}\r\n"
            f"From: <sip:caller@example.com>;tag={own}\r\nTo: <sip:112@127.0.0.1>\r\nCall-ID: {own}@127.0.0.1\r\n"
            f"CSeq: 1 {method}\r\nMax-Forwards: 10\r\nContact: <sip:caller@127.0.0.1:{own}>\r\n{headers}"
            f"Content-Length: 0\r\n\r\n"
        )
        try:
            line.sendto(request.encode(), ("127.0.0.1", port))
            head, _, body = line.recv(65_536).decode().partition("\r\n\r\n")
        except (TimeoutError, ConnectionRefusedError):
            return None
    return head, body


Ask = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A Kamailio that asks a centre with one call; gives what it got to know of a caller."""
    place: Path = tmp_path_factory.mktemp("kamailio-held")
    folder = place / "centre"
    folder.mkdir()
    made = new_centre(folder)
    log = SqlLog.open(made.settings.database)
    key = Accounts(log.engine).add_key(name="kamailio", scopes=[Scope.HELD], now=SystemClock().now())
    log.close()
    port = free_port()
    config = CONFIG.replace("@SIP@", str(port)).replace("@HTTP@", str(made.settings.port)).replace("@KEY@", key)
    with serving(made) as centre, kamailio(place, config) as asking:
        take_call(centre)

        def one(caller: str, *, follow: bool = False) -> tuple[str, str]:
            headers = f"X-Caller: {caller}\r\nX-Follow: {'yes' if follow else 'no'}\r\n"
            found = sip(port, "INVITE", headers=headers)
            assert found is not None, asking.told()
            return found

        until(lambda: sip(port, "OPTIONS"), within_s=ANSWERS_WITHIN_S, what="Kamailio answers")
        yield one


def take_call(centre: Served) -> None:
    centre.log_in()
    centre.http.post("/api/v1/calls", json={"number": NUMBER, "position": PLACE}).raise_for_status()


# Kamailio says 202 for a location that it fetched by its reference.
@pytest.mark.parametrize(("follow", "code"), [(False, 200), (True, 202)])
def test_kamailio_gets_the_location(ask: Ask, *, follow: bool, code: int) -> None:
    head, body = ask(f"tel:{NUMBER}", follow=follow)
    assert f"X-Code: {code}" in head, head
    assert "X-Url: http://127.0.0.1:" in head
    # What it was told at first it hands on whole; what it fetched is the answer to that.
    require_valid(body.encode(), "held.xsd")
    reading = read_pidf(body)
    assert isinstance(reading, Located), reading
    assert reading.fix.area == Circle(
        middle=Position(lat_deg=-8.0983, lon_deg=112.1681), radius_m=14, confidence_share=0.68
    )


def test_kamailio_is_told_that_there_is_no_such_call(ask: Ask) -> None:
    head, body = ask("tel:+628111111111")
    assert "X-Error: notLocatable" in head, head
    assert require_valid(body.encode()).get("code") == "notLocatable"
