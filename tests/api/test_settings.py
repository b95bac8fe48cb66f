"""The settings of a centre: exact, complete in the manual, refused by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from geo112.core.errors import SetupError
from geo112.settings import FILE_NAME, Settings, installed_root, make_settings, read_settings

MANUAL = installed_root() / "docs" / "settings.md"


def test_every_setting_stands_in_the_manual_with_its_default() -> None:
    rows = {
        cells[1].strip("` "): cells[2].strip()
        for line in MANUAL.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `") and (cells := line.split("|"))
    }
    assert set(rows) == set(Settings.model_fields) - {"folder"}
    for name, field in Settings.model_fields.items():
        plain = field.default is not None and not field.is_required() and field.default_factory is None
        if plain:
            said = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert rows[name] == f"`{said}`", name


def test_a_centre_needs_only_its_kode(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('kode = "35.72"\n')
    settings = read_settings(tmp_path)
    assert (settings.host, settings.port, settings.simulation) == ("127.0.0.1", 8112, False)
    assert settings.database == tmp_path / "centre.sqlite"
    assert settings.web_dir == installed_root() / "web"
    assert not settings.has_tls


def test_paths_count_from_the_folder_of_the_centre(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('kode = "35.72"\nspool_dir = "masuk"\nweb_dir = "/srv/web"\n')
    settings = read_settings(tmp_path)
    assert settings.spool_dir == tmp_path / "masuk"
    assert settings.web_dir == Path("/srv/web")


def read_elsewhere(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, whose environment is nobody else's."""
    code = (
        "import sys; from pathlib import Path; from geo112.settings import read_settings; "
        "s = read_settings(Path(sys.argv[1]), port=3000); print(s.port, s.heartbeat_s, s.simulation, s.spool_dir)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)], env=environment, text=True, capture_output=True, check=False
    )


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('kode = "35.72"\nport = 1000\nheartbeat_s = 1.0\nsimulation = false\n')
    said = {
        "GEO112_PORT": "2000",
        "GEO112_HEARTBEAT_S": "2",
        "GEO112_SIMULATION": "true",
        "GEO112_SPOOL_DIR": "masuk",
        "GEO112_DEMO_PORTS": "9112,9113",
    }
    done = read_elsewhere(tmp_path, said)
    assert done.stdout.split() == ["3000", "2.0", "True", str(tmp_path / "masuk")], done.stderr
    assert "GEO112_SIMULATION: 'mungkin'" in read_elsewhere(tmp_path, {"GEO112_SIMULATION": "mungkin"}).stderr


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('kode = "Blitar"', "kode"),
        ('kode = "3٥.72"', "kode"),
        ('port = "8112"', "port"),
        ("port = 0", "port"),
        ("port = true", "port"),
        ("simulation = 1", "simulation"),
        ("heartbeat_s = 6.0", "heartbeat_s"),
        ("heartbeat_s = nan", "heartbeat_s"),
        ("colour = 5", "colour"),
        ('host = "0.0.0.0"', "host"),
        ('tls_cert = "a.pem"', "tls_key"),
        ('tls_key = "a.key"', "tls_cert"),
        ('public_url = "http://112.example"', "public_url"),
        ('public_url = "https://112.example/path"', "public_url"),
        ("kode = ", FILE_NAME),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_by_name(tmp_path: Path, line: str, field: str) -> None:
    known = "" if line.startswith("kode") else 'kode = "35.72"\n'
    (tmp_path / FILE_NAME).write_text(known + line)
    with pytest.raises(SetupError) as caught:
        read_settings(tmp_path)
    assert caught.value.field == field


def test_no_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="geo112 init"):
        read_settings(tmp_path)


def test_a_lan_needs_tls(tmp_path: Path) -> None:
    settings = make_settings(folder=tmp_path, kode="35.72", host="0.0.0.0", tls_cert="a.pem", tls_key="a.key")  # noqa: S104 - that is the case
    assert settings.has_tls
    assert settings.tls_cert == tmp_path / "a.pem"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.1.2.3", False), ("server", False)],
)
def test_what_only_this_machine_reaches(tmp_path: Path, host: str, loopback: bool) -> None:  # noqa: FBT001 - a parameter of the table above
    said = {} if loopback else {"tls_cert": "a", "tls_key": "b"}
    assert make_settings(folder=tmp_path, kode="35.72", host=host, **said).is_loopback is loopback
