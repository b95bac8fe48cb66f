import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from geo112.cli.centre import tls
from geo112.core.clock import SystemClock
from geo112.core.errors import SetupError

# The TLS library compares certificates with the real clock, so the tests begin at the present moment.
NOW = SystemClock().now()
NAMES = ("localhost", "127.0.0.1", "112.blitar.lan", "::1")


def test_the_authority_lasts_ten_years_and_its_key_is_for_the_owner_only(tmp_path: Path) -> None:
    made = tls.ensure(tmp_path / "tls", NAMES, centre="35.72", now=NOW)
    assert made.renewed
    assert made.ca_until - NOW == pytest.approx(timedelta(days=3650), abs=timedelta(seconds=1))
    assert made.server_until - NOW == pytest.approx(timedelta(days=90), abs=timedelta(seconds=1))
    assert set(NAMES) == set(made.names)
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "tls").iterdir()} == {
        "ca.key": "0o600",
        "ca.crt": "0o644",
        "server.key": "0o600",
        "server.crt": "0o644",
    }


def test_the_server_certificate_is_kept_until_30_days_are_left_and_the_authority_for_good(tmp_path: Path) -> None:
    made = tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    ca, server = made.ca_cert.read_bytes(), made.server_cert.read_bytes()
    assert not tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW + timedelta(days=59)).renewed
    assert made.server_cert.read_bytes() == server
    later = tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW + timedelta(days=61))
    assert later.renewed
    assert later.server_cert.read_bytes() != server
    assert later.ca_cert.read_bytes() == ca


def test_a_new_name_makes_a_new_certificate(tmp_path: Path) -> None:
    tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    more = tls.ensure(tmp_path, (*NAMES, "192.168.7.2"), centre="35.72", now=NOW)
    assert more.renewed
    assert "192.168.7.2" in more.names


def test_halves_and_broken_files_are_refused_by_name(tmp_path: Path) -> None:
    made = tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    key = tmp_path / "ca.key"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(SetupError, match=r"ca\.key"):
        tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    key.write_bytes(made.server_key.read_bytes())
    with pytest.raises(SetupError, match="not the key"):
        tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    key.write_bytes(kept)
    made.ca_cert.write_text("x")
    with pytest.raises(SetupError, match="no certificate"):
        tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)


def test_an_ended_authority_is_not_used(tmp_path: Path) -> None:
    tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    with pytest.raises(SetupError, match="ended"):
        tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW + timedelta(days=3651))


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "112.blitar.lan"])
def test_a_client_that_trusts_the_authority_accepts_the_server(tmp_path: Path, name: str) -> None:
    version = _handshake(tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW), name)
    assert version in ("TLSv1.2", "TLSv1.3")


def test_a_client_refuses_the_server_under_another_name(tmp_path: Path) -> None:
    made = tls.ensure(tmp_path, NAMES, centre="35.72", now=NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
        _handshake(made, "other.lan")


def test_this_machine_knows_names_of_itself() -> None:
    assert {"localhost", "127.0.0.1", socket.gethostname()} <= set(tls.machine_names())


def _handshake(made: tls.Certificates, name: str) -> str | None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.server_cert, made.server_key)
    client = ssl.create_default_context(cafile=made.ca_cert)
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            with server.wrap_socket(there, server_side=True):
                pass
        except (ssl.SSLError, ConnectionError):
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with here, client.wrap_socket(here, server_hostname=name) as secured:
            return secured.version()
    finally:
        thread.join()
