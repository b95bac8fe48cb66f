"""A real server: HTTPS, its address, and what runs beside the requests."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from api_centre import MakeCentre, RunCentre
from api_words import AML, PASSWORD
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi.testclient import TestClient

from geo112.api.app import create_app
from geo112.api.server import serve
from geo112.core.errors import SetupError
from geo112.incidents.events import Actor, Channel
from geo112.incidents.ports import Person


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_file, key_file


def test_over_tls_the_cookie_never_leaves_https(run_centre: RunCentre, certificate: tuple[Path, Path]) -> None:
    one = run_centre(tls_cert=certificate[0], tls_key=certificate[1])
    trust = ssl.create_default_context(cafile=certificate[0])
    url = f"https://localhost:{one.centre.settings.port}"
    with httpx.Client(base_url=url, verify=trust) as client:
        answer = client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD}, headers={"Origin": url})
        assert answer.status_code == 200
        assert [cookie.secure for cookie in client.cookies.jar] == [True]
        assert {cookie.name for cookie in client.cookies.jar} == {"__Host-geo112"}
        assert client.get("/api/v1/session").json()["user"] == "siti"
        assert answer.headers["strict-transport-security"]
        plain = client.post("/api/v1/login", json={}, headers={"Origin": url.replace("https", "http")})
        assert plain.json()["code"] == "foreign_page"


def test_a_taken_address_is_said_in_one_line(make_centre: MakeCentre) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        centre = make_centre(port=other.getsockname()[1])
        with pytest.raises(SetupError) as caught:
            serve(centre)
        assert caught.value.field == "port"


def test_work_beside_the_requests_runs_and_is_ended(make_centre: MakeCentre) -> None:
    seen: list[str] = []

    async def watch() -> None:
        seen.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("ended")

    with TestClient(create_app(make_centre(), background=[watch]), base_url="http://127.0.0.1") as client:
        assert client.get("/healthz").status_code == 200
        assert seen == ["begun"]
    assert seen == ["begun", "ended"]


def test_what_a_power_cut_left_unread_is_read_at_the_start(make_centre: MakeCentre) -> None:
    centre = make_centre()
    actor = Actor(name="gateway", role="sms")
    receipt = centre.desk.receive_sms(actor=actor, channel=Channel.SMS, sender="+62811", text="tolong")
    cut_off = centre.log.read(after=0)
    received = next(one.event for one in cut_off if type(one.event).__name__ == "MessageReceived")
    person = Person(ref=type(received.person)("terpotong"), number="+62811", raw_message=AML)
    again = type(received)(call=receipt.call.call_id, channel=Channel.SMS, person=person.ref)
    centre.log.append([again], at=centre.clock.now(), actor=actor, people=[person])
    with TestClient(create_app(centre), base_url="http://127.0.0.1"):
        assert centre.board.call(receipt.call.call_id).fix is not None
