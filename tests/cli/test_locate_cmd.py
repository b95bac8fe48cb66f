"""`geo112 locate` and the frame of the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo112 import __version__
from geo112.cli.main import COMMANDS, main

BLITAR = (
    'A"ML=1;lt=-8.09830;lg=+112.16810;rd=14;top=20261122031530;lc=68;pm=W;'
    "si=510100000000000;ei=356708041746734;mcc=510;mnc=10;ml=128"
)
NULL = 'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;ml=70'


def geo112(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "geo112.cli.main", *arguments], input=given, capture_output=True, check=False
    )


def written(folder: Path, text: str | bytes) -> str:
    """Write a message to a file and name it."""
    path = folder / "message.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_message_from_stdin_as_json() -> None:
    done = geo112("locate", "--json", given=BLITAR.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    facts = json.loads(done.stdout)
    assert facts["fix"]["radius_95_m"] == 23.11
    assert facts["geojson"]["type"] == "Feature"
    assert facts["warnings"] == []


def test_message_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", written(tmp_path, BLITAR)]) == 0
    out = capsys.readouterr().out
    assert "-8.0983, 112.1681" in out
    assert "14.0 m, keyakinan 68% (95 %: 23.11 m)" in out
    assert "2026-11-22T03:15:30Z" in out


def test_typed_position_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", written(tmp_path, "-8.0983, 112.1681")]) == 0
    out = capsys.readouterr().out
    assert out.count("tidak diketahui") == 2
    assert "Peringatan radius unknown" in out


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("308b84804fc39428141e43", "elips, setengah sumbu 442.6 m × 57.3 m, arah 60° dari utara"),
        (
            "a08b84804fc39402cf280f3c44",
            "pita busur, 3595.0 m sampai 4037.6 m dari posisi di atas, dari 30°",
        ),
        ("a08b84804fc39402cf2800b344", "cincin, 3595.0 m sampai 4037.6 m dari posisi di atas"),
        ("6P3JW529+M6", "poligon 4 titik, luas 190 m²"),
        ("6P3JW500+", "poligon 4 titik, luas 30.4"),
        ("10 8b 84 80 4f c3 94 1c", "Radius     134.21 m, keyakinan 68% (95 %: 221.5 m)"),
        ("908b84804fc394009c28141e0a43", "Ketinggian 156.0 m ± 12.6 m di atas elipsoid"),
        ("location_latitude=-8.1&location_longitude=112.1&location_floor=B2", "Lantai     B2"),
        ("808b84804fc394009c", "Bentuk     titik"),
    ],
)
def test_every_shape_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], message: str, says: str
) -> None:
    assert main(["locate", written(tmp_path, message)]) == 0
    assert says in capsys.readouterr().out


def test_orientation_of_an_ellipse_in_single_degrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "308b84804fc39428141e43")
    assert main(["locate", "--gad-orientation-factor", "1", file]) == 0
    assert "arah 30° dari utara" in capsys.readouterr().out
    assert main(["locate", "--gad-orientation-factor", "3", file]) == 2


@pytest.mark.parametrize(
    "octets",
    [
        bytes.fromhex("108b84804fc3941c"),
        bytes.fromhex("1020360c1d5d5e28"),
        bytes.fromhex("06050407d00000") + BLITAR.encode(),
    ],
)
@pytest.mark.parametrize("options", [["--json"], []])
def test_octets_of_a_message_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], octets: bytes, options: list[str]
) -> None:
    assert main(["locate", written(tmp_path, octets), *options]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    if options:
        assert json.loads(captured.out)["fix"]["shape"] == "Circle"


def test_cell_without_a_table_has_no_position(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "510-10-1234-56789")
    assert main(["locate", "--cells", str(tmp_path / "none"), file]) == 0
    assert capsys.readouterr().out.startswith("Tidak ada posisi: no cell table")


def test_position_abroad_is_a_fix_with_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "--json", written(tmp_path, "51.5, -0.12")]) == 0
    assert "outside Indonesia" in json.loads(capsys.readouterr().out)["warnings"]


@pytest.mark.parametrize("options", [["--json"], []])
def test_understood_without_a_position_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["locate", written(tmp_path, NULL), *options]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    if options:
        facts = json.loads(captured.out)
        assert facts["fix"] is None
        assert facts["reason"]
    else:
        assert captured.out.startswith("Tidak ada posisi")


def test_not_understood_is_2_with_the_object_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "--json", written(tmp_path, 'A"ML=1;lt=112.16810;lg=-8.09830;rd=5')]) == 2
    captured = capsys.readouterr()
    facts = json.loads(captured.out)
    assert (facts["fix"], facts["field"]) == (None, "lt")
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("geo112: lt: ")
    assert "swapped" in captured.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00\x81", "is no UTF-8 text (byte 1)"),
        (bytes(range(256)), "no UTF-8"),
        ("-8.0983, 112.1681".encode("utf-16"), "no UTF-8"),
        (b"x" * 1_000_001, "longer than"),
        (b"x" * 20_000, "more than 4096"),
        (b"\x00\x01\x02", ""),
        (b"", ""),
    ],
)
@pytest.mark.parametrize("options", [["--json"], []])
def test_junk_is_2_with_the_object_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str, options: list[str]
) -> None:
    assert main(["locate", written(tmp_path, content), *options]) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1
    if options:
        facts = json.loads(captured.out)
        assert (facts["fix"], facts["warnings"]) == (None, [])
        assert facts["reason"]
        assert says in facts["reason"]
    else:
        assert captured.out == ""


def test_message_with_line_breaks_makes_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", written(tmp_path, "to\nlong\x1b[31m")]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "\x1b" not in captured.err


def test_control_characters_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "/none/\x1b[31m"]) == 2
    assert "/none/\\x1b[31m" in capsys.readouterr().err


def test_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "/there/is/none"]) == 2
    assert capsys.readouterr().err == "geo112: /there/is/none: cannot be read: No such file or directory\n"


def test_unknown_format_names_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "--format", "morse", written(tmp_path, BLITAR)]) == 2
    assert "format: 'morse' is not one of auto, aml-sms, aml-data-sms" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["--bogus"], ["locate", "--bogus"], ["locate", "a", "b"], ["locate", "--format"]]
)
def test_wrong_use_is_2_with_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("geo112: ")
    assert captured.err.count("\n") == 1


def test_without_arguments_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert "locate" in captured.out
    assert captured.err == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"geo112 {__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["locate", "--help"], ["resolve", "-h"]])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert "Usage: geo112" in capsys.readouterr().out


def test_every_command_module_is_there_and_help_stays_light() -> None:
    heavy = ("numba", "geopandas", "fastapi", "sqlalchemy", "pyarrow", "pandas", "shapely", "pyproj")
    modules = [f"geo112.cli.{name}" for name in COMMANDS]
    code = (
        "import sys; from geo112.cli.main import main; main(['--help']);"
        f"print([m for m in {heavy!r} if m in sys.modules], [m for m in {modules!r} if m not in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] []"


def test_a_reader_that_has_gone_ends_it_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "geo112.cli.main", "locate", "--json"]
        done = subprocess.run(command, input=BLITAR.encode(), stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_output_of_a_terminal_that_cannot_show_a_letter(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "geo112.cli.main", "locate", written(tmp_path, "tolong \u6551")]
    done = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"\\u6551" in done.stderr


def test_ctrl_c_is_130_without_a_traceback() -> None:
    code = (
        "import signal, sys; from geo112.cli.main import main; import geo112.locate.wire, geo112.locate.read;"
        "signal.signal(signal.SIGALRM, signal.default_int_handler); signal.setitimer(signal.ITIMER_REAL, 0.2);"
        "sys.exit(main(['locate']))"
    )
    reading, writing = os.pipe()
    try:
        done = subprocess.run([sys.executable, "-c", code], stdin=reading, capture_output=True, check=False)
    finally:
        os.close(reading)
        os.close(writing)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
