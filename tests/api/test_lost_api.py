"""LoST over HTTP: public, always 200, always LoST; a leaf that asks its parent; the list of true addresses."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import etree
from starlette.types import Receive, Scope, Send

from geo112.api.app import create_app
from geo112.core.errors import BadTable, DataMissing, SetupError
from geo112.lost.sip_uris import read_sip_uris
from geo112.settings import make_settings
from geo112.wiring import Boundaries, Centre

NS = {"l": "urn:ietf:params:xml:ns:lost1"}
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).resolve().parent.parent / "schemas" / "lost.rng"))
IN_KOTA, IN_KAB = (-8.10, 112.15), (-8.10, 112.25)
MakeCentre = Callable[..., Centre]


def find_service(at: tuple[float, float], *, recursive: bool = True, path: str = "") -> bytes:
    return (
        f'<findService xmlns="{NS["l"]}" recursive="{str(recursive).lower()}">'
        '<location id="lok-1" profile="geodetic-2d">'
        '<gml:Point xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326">'
        f"<gml:pos>{at[0]} {at[1]}</gml:pos></gml:Point></location>"
        f"<service>urn:service:sos</service>{path}</findService>"
    ).encode()


def parsed(answer) -> etree._Element:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/lost+xml"
    root = etree.fromstring(answer.content)
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def name_of(root: etree._Element) -> str | None:
    return root.findtext("l:mapping/l:displayName", namespaces=NS)


@pytest.mark.parametrize(
    "kind", ["application/lost+xml", "application/lost+xml;charset=utf-8", "text/xml", "application/json", ""]
)
def test_anybody_may_ask_with_any_content_type(client: TestClient, kind: str) -> None:
    answer = client.post("/lost", content=find_service(IN_KOTA), headers={"Content-Type": kind})
    assert name_of(parsed(answer)) == "112 Kota Blitar"
    assert answer.headers["cache-control"] == "no-store"


def test_names_origins_and_queries_do_not_matter(client: TestClient) -> None:
    headers = {"Host": "lost.example", "Origin": "https://elsewhere.example"}
    answer = client.post("/lost?x=1&x=2", content=find_service(IN_KAB), headers=headers)
    assert name_of(parsed(answer)) == "112 Kab. Blitar"


@pytest.mark.parametrize("body", [b"", b"{}", b"<x/>", b"\x00" * 10, b"<a>" + b" " * 70_000, b"x" * 2_000_000])
def test_what_is_no_request_gets_an_error_of_lost(client: TestClient, body: bytes) -> None:
    root = parsed(client.post("/lost", content=body))
    assert etree.QName(root[0]).localname == "badRequest"


def test_a_body_that_does_not_say_its_length_is_read_as_far_as_a_request_goes(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield from [b" " * 10_000] * 50

    assert etree.QName(parsed(client.post("/lost", content=parts()))[0]).localname == "badRequest"


def test_a_fault_of_the_server_is_told_in_lost(centre: Centre) -> None:
    class Broken:
        offered = ("urn:service:sos",)

        def at(self, *_: object) -> None:
            raise RuntimeError("broken")

    class Always:
        until = None

        def current(self) -> Boundaries:
            now = centre.boundaries.current()
            return replace(now, lost=replace(now.lost, world=Broken()))

        def look(self) -> bool:
            return False

    with clients_of(replace(centre, boundaries=Always())) as client:
        root = parsed(client.post("/lost", content=find_service(IN_KOTA)))
    assert etree.QName(root[0]).localname == "internalError"


def test_the_route_answers_as_the_door_does(centre: Centre, client: TestClient) -> None:
    app = create_app(centre)

    async def without_door(scope: Scope, receive: Receive, send: Send) -> None:
        await FastAPI.__call__(app, scope, receive, send)

    routed = TestClient(without_door, base_url="http://127.0.0.1:8112").post("/lost", content=find_service(IN_KOTA))
    assert name_of(parsed(routed)) == "112 Kota Blitar"
    described = client.get("/openapi.json").json()["paths"]["/lost"]["post"]
    assert set(described["requestBody"]["content"]) == {"application/lost+xml"}


@contextmanager
def parent_server(reply: bytes, *, status: int = 200) -> Iterator[tuple[str, list[bytes]]]:
    """A server above that gives one reply; what it was asked is kept."""
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/lost", asked
        finally:
            server.shutdown()
            thread.join()


REPLY = (
    f'<findServiceResponse xmlns="{NS["l"]}"><mapping expires="NO-CACHE" lastUpdated="2026-01-01T00:00:00Z" '
    'source="nasional.example" sourceId="1"><displayName xml:lang="id">Dari induk</displayName>'
    "<service>urn:service:sos</service></mapping>"
    '<path><via source="kota.example"/><via source="nasional.example"/></path></findServiceResponse>'
).encode()


@contextmanager
def clients_of(centre: Centre) -> Iterator[TestClient]:
    with TestClient(create_app(centre), base_url="http://127.0.0.1:8112", raise_server_exceptions=False) as client:
        yield client


def ask_leaf(make_centre: MakeCentre, parent: str, body: bytes) -> etree._Element:
    leaf = make_centre(lost_scope="own", lost_source="kota.example", lost_parent=parent, lost_parent_timeout_s=1.0)
    with clients_of(leaf) as client:
        return parsed(client.post("/lost", content=body))


def test_a_leaf_asks_its_parent_and_passes_the_answer_on(make_centre: MakeCentre) -> None:
    with parent_server(REPLY) as (url, asked):
        root = ask_leaf(make_centre, url, find_service(IN_KAB))
        assert name_of(root) == "Dari induk"
        sent = etree.fromstring(asked[0])
        assert SCHEMA.validate(sent), SCHEMA.error_log
        assert [one.get("source") for one in sent.iterfind("l:path/l:via", NS)] == ["kota.example"]
    with parent_server(REPLY) as (url, asked):
        path = '<path><via source="resolver.example"/></path>'
        ask_leaf(make_centre, url, find_service(IN_KAB, path=path))
        sent = etree.fromstring(asked[0])
        assert [one.get("source") for one in sent.iterfind("l:path/l:via", NS)] == ["resolver.example", "kota.example"]


def test_a_leaf_sends_who_asks_iteratively_to_its_parent(make_centre: MakeCentre) -> None:
    with parent_server(REPLY) as (url, asked):
        root = ask_leaf(make_centre, url, find_service(IN_KAB, recursive=False))
        assert (root.tag, root.get("target")) == (f"{{{NS['l']}}}redirect", "127.0.0.1")
        assert name_of(ask_leaf(make_centre, url, find_service(IN_KOTA))) == "112 Kota Blitar"
        assert asked == []


@pytest.mark.parametrize(("reply", "status"), [(b"<html/>", 200), (b"", 200), (REPLY, 500), (b"x" * 100_000, 200)])
def test_a_parent_that_fails_leaves_nobody_without_a_centre(make_centre: MakeCentre, reply: bytes, status: int) -> None:
    with parent_server(reply, status=status) as (url, _):
        root = ask_leaf(make_centre, url, find_service(IN_KAB))
    assert name_of(root) == "112 Kab. Blitar"
    assert root.find("l:warnings/l:defaultMappingReturned", NS) is not None


def test_a_parent_that_is_silent_or_gone_leaves_nobody_without_a_centre(make_centre: MakeCentre) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/lost"
        assert name_of(ask_leaf(make_centre, url, find_service(IN_KAB))) == "112 Kab. Blitar"
        beyond = ask_leaf(make_centre, url, find_service((48.2, 16.4)))
        assert etree.QName(beyond[0]).localname == "serverTimeout"
    assert name_of(ask_leaf(make_centre, url, find_service(IN_KAB))) == "112 Kab. Blitar"
    with parent_server(b"<html/>") as (url, _):
        beyond = ask_leaf(make_centre, url, find_service((48.2, 16.4)))
        assert etree.QName(beyond[0]).localname == "serverError"


def test_true_addresses_come_from_a_list(make_centre: MakeCentre, tmp_path: Path) -> None:
    listed = tmp_path / "sip.csv"
    listed.write_text("kode,sip_uri\n35.72,sips:112@blitarkota.go.id\n31,sip:112@jakarta.go.id\n")
    with clients_of(make_centre(lost_sip_uris_csv=str(listed))) as client:
        root = parsed(client.post("/lost", content=find_service(IN_KOTA)))
    assert root.findtext("l:mapping/l:uri", namespaces=NS) == "sips:112@blitarkota.go.id"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("kode,uri\n", "columns"),
        ("kode,sip_uri\n35.72\n", "columns"),
        ("kode,sip_uri\n35.72,a,b\n", "columns"),
        ("kode,sip_uri\nBlitar,sip:a@b\n", "kode"),
        ("kode,sip_uri\n35.72,sip:a@b\n35.72,sip:a@b\n", "kode"),
        ("kode,sip_uri\n35.72,http://b\n", "sip_uri"),
        ("kode,sip_uri\n35.72,sip:a b@c\n", "sip_uri"),
        ('kode,sip_uri\n"35.72', "lost_sip_uris_csv"),
    ],
)
def test_a_list_that_is_wrong_is_refused_by_its_column(tmp_path: Path, text: str, field: str) -> None:
    listed = tmp_path / "sip.csv"
    listed.write_text(text)
    with pytest.raises(BadTable) as caught:
        read_sip_uris(listed)
    assert caught.value.field == field
    with pytest.raises(DataMissing):
        read_sip_uris(tmp_path / "missing.csv")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"lost_parent": "lost.example"}, "lost_parent"),
        ({"lost_parent": "https://lost"}, "lost_parent"),
        ({"lost_source": "localhost"}, "lost_source"),
        ({"lost_scope": "jawa"}, "lost_scope"),
        ({"lost_sip_uri": "http://{kode}"}, "lost_sip_uri"),
        ({"lost_sip_uri": "sip:112@{nama}.example"}, "lost_sip_uri"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, said: dict[str, str], field: str) -> None:
    with pytest.raises(SetupError) as caught:
        make_settings(folder=tmp_path, kode="35.72", **said)
    assert caught.value.field == field


def test_the_name_of_the_server_is_its_public_one(tmp_path: Path) -> None:
    public = make_settings(folder=tmp_path, kode="35.72", public_url="https://112.blitarkota.go.id:8443")
    assert public.lost_name == "112.blitarkota.go.id"
    assert make_settings(folder=tmp_path, kode="35.72").lost_name == "35-72.geo112.localhost"
    assert make_settings(folder=tmp_path, kode="35.72", lost_source="lost.example").lost_name == "lost.example"
