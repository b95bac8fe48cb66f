"""The two gateways: what arrives at an HTTP door, and what lies in a folder."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from geo112.core.errors import SetupError
from geo112.gateway.http import HttpGateway, filled, read_template
from geo112.gateway.spool import SpoolForm, SpoolGateway
from geo112.incidents.sms_port import NotSent, OutgoingSms

SMS = OutgoingSms(
    ref="01a202b2-c500-7084-8fc1-72b5ac708ec7", number="+6281234567890", text='112 "Kota": {ref} https://x'
)
TEMPLATE = '{"to": "{number}", "text": "{text}", "more": {"id": ["geo-{ref}", 3, null]}}'


class Door(ThreadingHTTPServer):
    """An SMS gateway that answers as it is told and remembers what it got."""

    status = 200
    silent = False
    got: list[tuple[dict[str, str], bytes]]
    let_go: threading.Event

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


class _Handler(BaseHTTPRequestHandler):
    server: Door

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.silent:
            self.server.let_go.wait(5)
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[Door]:
    with Door(("127.0.0.1", 0), _Handler) as server:
        server.got, server.let_go = [], threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.let_go.set()
        server.shutdown()
        thread.join()


def test_a_message_is_posted_as_json_with_the_key(door: Door) -> None:
    HttpGateway(door.url, template=TEMPLATE, key="Bearer rahasia").send(SMS)
    [(headers, body)] = door.got
    assert headers["authorization"] == "Bearer rahasia"
    assert headers["content-type"] == "application/json"
    # A name that stands in the text is no place of the template.
    assert json.loads(body) == {"to": SMS.number, "text": SMS.text, "more": {"id": [f"geo-{SMS.ref}", 3, None]}}


def test_a_message_is_posted_as_a_form(door: Door) -> None:
    template = '{"userkey": "u", "to": "{number}", "message": "{text}"}'
    HttpGateway(door.url, template=template, form=True, header="X-Key", key="k").send(SMS)
    [(headers, body)] = door.got
    assert headers["x-key"] == "k"
    assert parse_qs(body.decode()) == {"userkey": ["u"], "to": [SMS.number], "message": [SMS.text]}


@pytest.mark.parametrize(
    ("status", "helps"),
    [(400, "no"), (401, "no"), (302, "no"), (408, "again"), (429, "again"), (500, "again"), (503, "again")],
)
def test_a_refusal_names_the_status_and_whether_another_try_helps(door: Door, status: int, helps: str) -> None:
    door.status = status
    with pytest.raises(NotSent) as refused:
        HttpGateway(door.url, template=TEMPLATE).send(SMS)
    assert (refused.value.reason, refused.value.again) == (f"the gateway answered {status}", helps == "again")
    assert len(door.got) == 1


def test_a_gateway_that_does_not_answer_holds_nobody_up(door: Door) -> None:
    door.silent = True
    with pytest.raises(NotSent, match="in time") as refused:
        HttpGateway(door.url, template=TEMPLATE, timeout_s=0.2).send(SMS)
    assert refused.value.again


def test_a_gateway_that_is_not_there_is_named_without_the_number() -> None:
    with pytest.raises(NotSent, match="cannot be reached") as refused:
        HttpGateway("http://127.0.0.1:1/send", template=TEMPLATE).send(SMS)
    assert refused.value.again
    assert SMS.number not in refused.value.reason


@pytest.mark.parametrize("template", ["{", "[]", '{"to": "{number}"}', '{"text": "{text}"}'])
def test_a_template_that_loses_something_is_refused(template: str) -> None:
    with pytest.raises(SetupError) as refused:
        read_template(template)
    assert refused.value.field == "sms_gateway_body"


def test_a_text_never_becomes_structure() -> None:
    assert filled({"a": "{text}{number}"}, {"text": '","b":"{number}', "number": "1"}) == {"a": '","b":"{number}1'}


def test_smstools_finds_one_whole_file(tmp_path: Path) -> None:
    outbox = tmp_path / "keluar"
    SpoolGateway(outbox).send(SMS)
    [file] = outbox.iterdir()
    assert file.read_text() == f"To: 6281234567890\nAlphabet: ISO\nPriority: HIGH\n\n{SMS.text}"
    # The same message at a second try is the same file.
    SpoolGateway(outbox).send(SMS)
    assert list(outbox.iterdir()) == [file]


def test_gammu_finds_the_number_in_the_name(tmp_path: Path) -> None:
    SpoolGateway(tmp_path, SpoolForm.GAMMU).send(SMS)
    [file] = tmp_path.iterdir()
    assert file.name == f"OUTA_+6281234567890_{SMS.ref}.txt"
    assert file.read_text() == SMS.text


def test_what_a_crash_left_unfinished_is_no_message_and_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / f".{SMS.ref}.LOCK").write_text("To: 62812345678901234567890 separuh")
    SpoolGateway(tmp_path).send(SMS)
    [file] = tmp_path.iterdir()
    assert file.read_text().endswith(f"\n\n{SMS.text}")


@pytest.mark.parametrize("number", ["", "anonymous", "+62812/../x", "+62812\nTo: 62899"])
def test_no_number_writes_outside_of_its_place(tmp_path: Path, number: str) -> None:
    with pytest.raises(NotSent) as refused:
        SpoolGateway(tmp_path).send(OutgoingSms(ref=SMS.ref, number=number, text="x"))
    assert not refused.value.again
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    with pytest.raises(NotSent, match="cannot be written") as refused:
        SpoolGateway(tmp_path / "berkas").send(SMS)
    assert refused.value.again
