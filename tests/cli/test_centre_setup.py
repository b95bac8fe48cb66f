import json
import subprocess
import sys
from pathlib import Path

import pytest
from running_centre import new_centre

from geo112.bench.frame import JOBS
from geo112.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_init_makes_a_whole_centre_and_shows_two_keys_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pusat"
    code, out, err = run(capsys, "init", "35.72", "--folder", str(folder), "--json")
    said = json.loads(out)
    assert (code, err, said["nama"]) == (0, "", "Kota Blitar")
    assert sorted(path.name for path in folder.iterdir()) == ["backups", "centre.sqlite", "geo112.toml", "spool", "tls"]
    assert sorted(path.name for path in (folder / "spool").iterdir()) == ["done", "failed", "inbox"]
    assert folder.stat().st_mode & 0o077 == 0
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert said["keys"]["sms"] != said["keys"]["pbx"]
    assert not any(key.encode() in everything for key in said["keys"].values())
    code, out, _ = run(capsys, "keys", "list", "--folder", str(folder), "--json")
    assert sorted(json.loads(line)["scopes"] for line in out.splitlines()) == [["pbx"], ["sms"]]


def test_init_for_people_names_the_next_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "init", "35.05", "--folder", str(tmp_path))
    assert code == 0
    assert all(word in out for word in ("Kab. Blitar", "users add", "serve --tls", "g112_"))


def test_init_refuses_a_folder_with_anything_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "catatan.txt").write_text("penting")
    code, out, err = run(capsys, "init", "35.72", "--folder", str(tmp_path))
    assert (code, out) == (2, "")
    assert "catatan.txt" in err
    assert [path.name for path in tmp_path.iterdir()] == ["catatan.txt"]


@pytest.mark.parametrize(("kode", "near"), [("blitar", "35.72 Kota Blitar"), ("35.99", "35.01"), ("35.72.01", "35.01")])
def test_init_with_an_unknown_code_names_near_ones_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kode: str, near: str
) -> None:
    code, _, err = run(capsys, "init", kode, "--folder", str(tmp_path / "new"))
    assert code == 2
    assert err.startswith("geo112: kode: ")
    assert near in err
    assert not (tmp_path / "new").exists()


def test_commands_outside_a_centre_say_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("serve",), ("backup",), ("replay",), ("doctor",), ("users", "list")):
        code, _, err = run(capsys, *command, "--folder", str(tmp_path))
        assert code == 2
        assert "geo112 init" in err
        assert err.count("\n") == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5"])  # noqa: S104 - refused
def test_plain_http_is_refused_on_the_network(tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str) -> None:
    new_centre(tmp_path)
    code, _, err = run(capsys, "serve", "--folder", str(tmp_path), "--host", host)
    assert code == 2
    assert "--tls" in err


def test_users_are_listed_changed_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_centre(tmp_path)
    where = ("--folder", str(tmp_path))
    assert run(capsys, "users", "roles", "rina", "--role", "call_taker", "--role", "supervisor", *where)[0] == 0
    _, out, _ = run(capsys, "users", "list", "--json", *where)
    assert json.loads(out)["roles"] == ["call_taker", "supervisor"]
    code, _, err = run(capsys, "users", "roles", "rina", "--role", "boss", *where)
    assert code == 2
    assert "dispatcher" in err
    assert run(capsys, "users", "remove", "siapa", *where)[0] == 2
    assert run(capsys, "users", "remove", "rina", *where)[0] == 0
    assert run(capsys, "users", "list", *where)[1] == ""


def test_keys_are_made_shown_once_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_centre(tmp_path)
    where = ("--folder", str(tmp_path))
    code, key, _ = run(capsys, "keys", "add", "sms", "--name", "Modem 2", *where)
    assert code == 0
    assert key.startswith("g112_")
    _, out, _ = run(capsys, "keys", "list", "--json", *where)
    made = [json.loads(line) for line in out.splitlines()]
    modem = next(each for each in made if each["name"] == "Modem 2")
    assert key.strip() not in out
    assert run(capsys, "keys", "remove", modem["key_id"], *where)[0] == 0
    assert run(capsys, "keys", "remove", modem["key_id"], *where)[0] == 2
    assert run(capsys, "keys", "add", "door", *where)[0] == 2


def test_doctor_looks_at_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_centre(tmp_path)
    code, out, _ = run(capsys, "doctor", "--json", "--folder", str(tmp_path))
    found = {each["check"]: each["level"] for each in map(json.loads, out.splitlines())}
    assert code == 0
    checks = ("sqlite", "boundaries", "duties", "database", "chain", "disk", "clock", "tls", "port", "keys", "backup")
    assert set(found) >= set(checks)
    assert (found["sqlite"], found["database"], found["backup"], found["users"]) == ("ok", "ok", "warn", "warn")


def test_doctor_finds_a_damaged_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = new_centre(tmp_path)
    made.settings.database.write_bytes(b"not a database" * 100)
    code, out, _ = run(capsys, "doctor", "--json", "--folder", str(tmp_path))
    found = {each["check"]: each["level"] for each in map(json.loads, out.splitlines())}
    assert code == 1
    assert (found["database"], found["chain"], found["disk"]) == ("fail", "fail", "ok")


def test_a_damaged_backup_is_refused_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = new_centre(tmp_path / "a")
    code, out, _ = run(capsys, "backup", "--folder", str(tmp_path / "a"), "--json")
    file = Path(json.loads(out)["file"])
    assert code == 0
    assert file.stat().st_mode & 0o077 == 0
    data = bytearray(file.read_bytes())
    at = data.index(b"CREATE TABLE")
    data[at - 2000 : at - 1000] = bytes(1000)
    broken = tmp_path / "broken.tar"
    broken.write_bytes(data)
    before = made.settings.database.read_bytes()
    for bad in (broken, tmp_path / "a" / "geo112.toml", tmp_path / "none.tar"):
        code, _, err = run(capsys, "restore", str(bad), "--folder", str(tmp_path / "a"), "--replace")
        assert (code, err.count("\n")) == (2, 1)
        assert run(capsys, "restore", str(bad), "--folder", str(tmp_path / "fresh"))[0] == 2
    assert made.settings.database.read_bytes() == before
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"CREATE TRIGGER event_moves_head", b"CREATE TR\xd6GGER event_moves_head"),
        (b"event_moves_head", b"event\x00\x00\x00\x00\x00\x00_head"),
        (b"SQLite format 3", b"SQLote format 3"),
        (b"ustar", b"ustur"),
        (b"centre.sqlite\x00", b"centre.sqlota\x00"),
        (b"host = ", b"host \xff "),
    ],
)
def test_a_damaged_backup_is_said_to_be_one_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: bytes, new: bytes
) -> None:
    new_centre(tmp_path / "a")
    file = tmp_path / "copy.tar"
    assert run(capsys, "backup", "--folder", str(tmp_path / "a"), "--to", str(file))[0] == 0
    data = file.read_bytes()
    assert old in data
    file.write_bytes(data.replace(old, new))
    code, out, err = run(capsys, "restore", str(file), "--folder", str(tmp_path / "deep" / "fresh"))
    assert (code, out) == (2, "")
    assert err.startswith("geo112: file: this backup is damaged: ")
    assert "TRIGGER" not in err
    assert not (tmp_path / "deep").exists()


def test_restore_asks_before_it_replaces_and_knows_another_centre(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_centre(tmp_path / "kota")
    new_centre(tmp_path / "kab", "35.05")
    file = str(tmp_path / "copy.tar")
    assert run(capsys, "backup", "--folder", str(tmp_path / "kota"), "--to", file)[0] == 0
    code, _, err = run(capsys, "backup", "--folder", str(tmp_path / "kota"), "--to", file)
    assert (code, "exists" in err) == (2, True)
    code, _, err = run(capsys, "restore", file, "--folder", str(tmp_path / "kota"))
    assert (code, "--replace" in err) == (2, True)
    code, _, err = run(capsys, "restore", file, "--folder", str(tmp_path / "kab"), "--replace")
    assert (code, "35.72" in err) == (2, True)
    code, out, _ = run(capsys, "restore", file, "--folder", str(tmp_path / "kota"), "--replace", "--json")
    kept = Path(json.loads(out)["kept"])
    assert (code, kept.is_file()) == (0, True)


def test_accounts_do_not_wait_for_what_the_zones_load(tmp_path: Path) -> None:
    new_centre(tmp_path)
    asked = "import sys; from geo112.cli.main import main; main(sys.argv[1:]); assert 'numba' not in sys.modules"
    command = [sys.executable, "-c", asked, "users", "list", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_help_of_bench_names_every_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--help"]) == 0
    words = set(capsys.readouterr().out.replace(",", " ").replace(";", " ").split())
    assert set(JOBS) <= words
