"""A real client of LoST: Kamailio routes SIP calls by what a real centre answers."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kamailio_process import ANSWERS_WITHIN_S, CLIENT, kamailio
from running_centre import free_port, new_centre, serving, until

CONFIG = (
    CLIENT
    + """
modparam("http_client", "httpcon", "geo112=>http://127.0.0.1:@HTTP@/lost")

request_route {
    if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
    $var(uri) = ""; $var(name) = ""; $var(err) = "";
    lost_query("geo112", "$rb", "$hdr(X-Service)", "$var(uri)", "$var(name)", "$var(err)");
    $var(code) = $rc;
    append_to_reply("X-Code: $var(code)\\r\\nX-Uri: $var(uri)\\r\\nX-Name: $var(name)\\r\\nX-Error: $var(err)\\r\\n");
    sl_send_reply("302", "Moved Temporarily");
    exit;
}
"""
)
PIDF = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
 xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gml="http://www.opengis.net/gml"
 xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:caller@example.com">
<dm:device id="hp"><gp:geopriv><gp:location-info>@SHAPE@</gp:location-info><gp:usage-rules/></gp:geopriv></dm:device>
</presence>
"""
POINT = '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{} {}</gml:pos></gml:Point>'
CIRCLE = (
    '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{} {}</gml:pos>'
    '<gs:radius uom="urn:ogc:def:uom:EPSG::9001">{}</gs:radius></gs:Circle>'
)

Call = Callable[..., dict[str, str]]


def answered(sip_port: int, method: str, *, body: str = "", service: str = "urn:service:sos") -> dict[str, str] | None:
    """Send one SIP request and give the headers of the answer, None when there is none within a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(3 if body else 0.2)
        own = line.getsockname()[1]
        request = (
            f"{method} sip:112@127.0.0.1:{sip_port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{own}\r\n"
            f"From: <sip:caller@example.com>;tag={own}\r\nTo: <sip:112@127.0.0.1>\r\nCall-ID: {own}@127.0.0.1\r\n"
            f"CSeq: 1 {method}\r\nMax-Forwards: 10\r\nContact: <sip:caller@127.0.0.1:{own}>\r\nX-Service: {service}\r\n"
            f"Content-Type: application/pidf+xml\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
        )
        try:
            line.sendto(request.encode(), ("127.0.0.1", sip_port))
            answer = line.recv(65_536).decode()
        except (TimeoutError, ConnectionRefusedError):
            return None
    head = answer.split("\r\n\r\n")[0].split("\r\n")
    return {"status": head[0].split(" ")[1]} | dict(re.split(r":\s*", one, maxsplit=1) for one in head[1:])


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """A Kamailio that asks a centre with the whole country; gives what its answer to a call carries."""
    place: Path = tmp_path_factory.mktemp("kamailio")
    folder = place / "centre"
    folder.mkdir()
    made = new_centre(folder)
    sip_port = free_port()
    config = CONFIG.replace("@SIP@", str(sip_port)).replace("@HTTP@", str(made.settings.port))
    with serving(made), kamailio(place, config) as asking:

        def one_call(shape: str, service: str = "urn:service:sos") -> dict[str, str]:
            found = answered(sip_port, "INVITE", body=PIDF.replace("@SHAPE@", shape), service=service)
            assert found is not None, asking.told()
            assert asking.process.poll() is None, asking.told()
            return found

        until(lambda: answered(sip_port, "OPTIONS"), within_s=ANSWERS_WITHIN_S, what="Kamailio answers")
        yield one_call


@pytest.mark.parametrize(
    ("shape", "nama", "kode"),
    [
        (POINT.format(-8.0983, 112.1681), "112 Kota Blitar", "35.72"),
        (CIRCLE.format(-8.0983, 112.1681, 850.24), "112 Kota Blitar", "35.72"),
        (POINT.format(-8.0, 112.3), "112 Kab. Blitar", "35.05"),
        (CIRCLE.format(-8.0, 112.3, 300), "112 Kab. Blitar", "35.05"),
        # At sea south of Blitar: the nearest centre, and no error.
        (POINT.format(-8.6, 112.15), "112 Kab. Blitar", "35.05"),
    ],
)
def test_kamailio_finds_the_centre_of_a_caller(call: Call, shape: str, nama: str, kode: str) -> None:
    found = call(shape)
    assert (found["status"], found["X-Code"]) == ("302", "200")
    assert found["X-Name"] == nama
    assert found["X-Uri"] == f"sip:112@{kode}.35-72.geo112.localhost"
    assert found["X-Error"] == ""


def test_kamailio_understands_what_stands_in_for_a_service(call: Call) -> None:
    found = call(POINT.format(-8.0983, 112.1681), service="urn:service:sos.mountain")
    assert (found["X-Code"], found["X-Name"]) == ("200", "112 Kota Blitar")


def test_kamailio_reads_an_error_and_lives_on(call: Call) -> None:
    abroad = call(POINT.format(48.2, 16.4))
    assert (abroad["X-Code"], abroad["X-Error"]) == ("500", "notFound")
    assert call(POINT.format(-8.0983, 112.1681), service="urn:service:counseling")["X-Error"] == "serviceNotImplemented"
    assert call(POINT.format(-8.0983, 112.1681))["X-Name"] == "112 Kota Blitar"
