import json
import socket
import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from running_centre import GEO112, PASSWORD, free_port, new_centre, serving, stop, until

from geo112.cli.centre import tls
from geo112.cli.centre.copies import backup_centre, restore_centre
from geo112.cli.main import main
from geo112.core.clock import SystemClock
from geo112.core.errors import Conflict
from geo112.incidents.events import MessageReceived
from geo112.store.sql import SqlLog


def texts(folder: Path) -> list[str]:
    """Every raw message that a centre keeps, in order."""
    log = SqlLog.open(folder / "centre.sqlite")
    try:
        events = (recorded.event for recorded in log.read())
        refs = [event.person for event in events if isinstance(event, MessageReceived)]
        people = log.people(refs)
        return [text for ref in refs if (text := people[ref].raw_message) is not None]
    finally:
        log.close()


def test_a_running_centre_is_one_of_its_kind_and_stops_at_once_with_open_streams(tmp_path: Path) -> None:
    made = new_centre(tmp_path)
    with serving(made) as served:
        served.log_in()
        second = subprocess.run(
            [*GEO112, "serve", "--folder", str(tmp_path), "--port", str(free_port())],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (second.returncode, second.stderr.count("\n")) == (2, 1)
        assert "another server is running" in second.stderr
        with served.http.stream("GET", "/api/v1/stream") as stream:
            heard = stream.iter_lines()
            assert next(line for line in heard if line.startswith("event:"))
            code, took_s = stop(served.process)
        assert code == 0
        assert took_s < 3
        assert served.process.stdout is not None
        assert f"Kota Blitar (35.72): http://127.0.0.1:{made.settings.port}" in served.process.stdout.read()


def test_a_used_port_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = new_centre(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", made.settings.port))
        other.listen()
        code = main(["serve", "--folder", str(tmp_path)])
    assert code == 2
    assert str(made.settings.port) in capsys.readouterr().err


def test_calls_before_a_backup_of_the_running_centre_are_all_in_the_restored_one(tmp_path: Path) -> None:
    made = new_centre(tmp_path / "kota")
    acknowledged: list[str] = []
    enough = threading.Event()
    with serving(made) as served:

        def call_on() -> None:
            number = 0
            while not enough.is_set():
                number += 1
                answer = served.sms(f"+62812000{number:05d}", f"pesan {number}")
                assert answer.status_code == 201, answer.text
                acknowledged.append(f"pesan {number}")

        caller = threading.Thread(target=call_on)
        caller.start()
        until(lambda: len(acknowledged) >= 20, within_s=30, what="20 calls")
        before = list(acknowledged)
        copy = backup_centre(made.settings, tmp_path / "copy.tar", now=SystemClock().now())
        until(lambda: len(acknowledged) >= len(before) + 5, within_s=30, what="calls after the backup")
        with pytest.raises(Conflict, match="running"):
            restore_centre(copy.file, tmp_path / "kota", replace=True, now=SystemClock().now())
        enough.set()
        caller.join()
        assert stop(served.process)[0] == 0
    back = restore_centre(copy.file, tmp_path / "other", replace=False, now=SystemClock().now())
    assert (back.n, back.hash, back.kode, back.kept) == (copy.n, copy.hash, "35.72", None)
    restored = texts(tmp_path / "other")
    assert restored[: len(before)] == before
    assert acknowledged[: len(restored)] == restored
    replaced = restore_centre(copy.file, tmp_path / "kota", replace=True, now=SystemClock().now())
    assert replaced.kept is not None
    assert texts(tmp_path / "kota") == restored


def test_spool_files_are_stored_once_even_when_the_server_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = new_centre(tmp_path)
    inbox, done, failed = (tmp_path / "spool" / name for name in ("inbox", "done", "failed"))
    wanted = []
    for number in range(60):
        text = f"pesan {number}"
        wanted.append(text)
        sender = "" if number % 3 == 0 else f"+62812000{number:05d}"
        part = tmp_path / "part"
        part.write_text(text)
        part.rename(inbox / f"IN20261122_101530_{number:02d}_{sender}_00.txt")
    (inbox / "junk").write_bytes(bytes(range(256)))
    with serving(made) as served:
        until(lambda: len(list(done.iterdir())) >= 5, within_s=30, what="the first messages are stored")
        served.process.kill()
        served.process.wait()
    # As if the power failed between storing and moving: a stored file lies in the inbox again.
    again = sorted(done.iterdir())[:4]
    for path in again:
        path.rename(inbox / path.name)
    with serving(made) as served:
        until(lambda: not list(inbox.iterdir()), within_s=30, what="the inbox is empty")
        until(lambda: len(list(failed.iterdir())) == 2, within_s=10, what="the junk is put aside")
        assert stop(served.process)[0] == 0
    assert sorted(texts(tmp_path)) == sorted([*wanted, bytes(range(256)).hex()])
    assert len(list(done.iterdir())) == 60
    assert main(["replay", "--json", "--folder", str(tmp_path)]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["n"] for event in events] == list(range(1, len(events) + 1))
    calls = [event["body"]["call"] for event in events if event["kind"] == "CallReceived"]
    assert len(calls) == 61
    assert main(["replay", "--json", "--folder", str(tmp_path), "--call", calls[3], "--from", "2"]) == 0
    own = [json.loads(line)["body"]["call"] for line in capsys.readouterr().out.splitlines()]
    assert set(own) == {calls[3]}
    assert main(["replay", "--folder", str(tmp_path), "--call", "nobody"]) == 2


def test_pcs_that_trust_the_local_authority_log_in_over_tls(tmp_path: Path) -> None:
    made = new_centre(tmp_path)
    authority = tls.ensure(tmp_path / "tls", tls.machine_names(), centre="35.72", now=SystemClock().now())
    with serving(made, "--tls", "--host", "127.0.0.1", verify=str(authority.ca_cert)) as served:
        served.log_in()
        assert any(cookie.name == "__Host-geo112" and cookie.secure for cookie in served.http.cookies.jar)
        assert served.state()["calls"] == []
        assert stop(served.process)[0] == 0
        assert served.process.stdout is not None
        said = served.process.stdout.read()
    assert str(authority.ca_cert) in said
    assert tls.fingerprint(authority.ca_cert) in said
    assert authority.server_until - SystemClock().now() > timedelta(days=89)


def test_a_password_comes_from_stdin_and_never_from_an_argument(tmp_path: Path) -> None:
    new_centre(tmp_path)
    command = [*GEO112, "users", "add", "budi", "--role", "admin", "--folder", str(tmp_path)]
    for extra, given, code in (
        (["--password-stdin"], f"{PASSWORD}\n", 0),
        ([], f"{PASSWORD}\n", 2),
        (["--password", PASSWORD], "", 2),
    ):
        done = subprocess.run(
            [*command, *extra],
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert PASSWORD not in done.stdout
