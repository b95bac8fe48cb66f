"""The examples of docs/doors.md, run as they stand there against a real centre."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from doors_docs import example, put_in
from running_centre import Served, new_centre, serving

from geo112.core.clock import SystemClock
from geo112.core.roles import Scope
from geo112.core.xml import parse_xml
from geo112.store.accounts import Accounts
from geo112.store.sql import SqlLog

NAMES = r"ringing|answered|ended"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A centre with somebody who looks at its calls."""
    with serving(new_centre(tmp_path_factory.mktemp("examples"))) as served:
        served.log_in()
        yield served


@pytest.fixture(scope="module")
def script(centre: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script for exchanges, with its key where this test may write."""
    for program in ("curl", "jq"):
        assert which(program) is not None, f"run `make setup`: it brings {program}"
    folder = tmp_path_factory.mktemp("script")
    key, written = folder / "key", folder / "geo112-pbx"
    key.write_text(f"X-Api-Key: {centre.made.pbx_key}\n")
    written.write_text(put_in(example("#!/bin/sh\n", language="sh"), ("/etc/geo112-pbx.key", str(key))))
    written.chmod(0o700)
    return written


def tell(script: Path, centre: Served, command: str) -> None:
    """Run a line of an exchange by the shell, as exchanges do."""
    url = str(centre.http.base_url)
    line = command.replace("/usr/local/bin/geo112-pbx", str(script))
    run(line, GEO112_URL=url)


def run(line: str, **settings: str) -> None:
    """Run a line by the shell; the line and what it complains of are shown when it fails."""
    done = subprocess.run(
        ["/bin/sh", "-c", line], env=os.environ | settings, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, (line, done.stderr)


def call_of(centre: Served, number: str) -> dict[str, Any]:
    [found] = [one for one in centre.http.get("/api/v1/calls").json()["calls"] if one["number"] == number]
    return dict(found)


def test_the_lines_for_asterisk(centre: Served, script: Path) -> None:
    # What Asterisk puts in for its variables and functions.
    said = {
        "${FILTER(0-9.,${CHANNEL(linkedid)})}": "1795385041.17",
        "${NUMBER}": "081234567801",
        "${FILTER(A-Za-z0-9,${CUT(CHANNEL(name),-,1)})}": "PJSIP101",
        "${FILTER(0-9,${HANGUPCAUSE})}": "16",
    }
    plan = example("[geo112]\n", language="ini")
    for old, new in said.items():
        assert old in plan
        plan = plan.replace(old, new)
    lines = re.findall(rf"System\((/usr/local/bin/geo112-pbx (?:{NAMES}) .*) &\)$", plan, re.MULTILINE)
    assert len(lines) == 3
    for line in lines:
        tell(script, centre, line)
    call = call_of(centre, "+6281234567801")
    assert (call["state"], call["answered_by"], call["end_reason"]) == ("ended", "PJSIP101", "unknown")


def test_the_lines_for_freeswitch(centre: Served, script: Path) -> None:
    plan = parse_xml(example("<extension", language="xml").encode())
    for kind, number in (("action", "+6281234567802"), ("anti-action", None)):
        uuid = f"5b0c-{kind}"
        lines = [one.get("data", "") for one in plan.iter(kind) if "geo112-pbx" in one.get("data", "")]
        assert len(lines) == 3
        by_event = {re.findall(NAMES, line)[0]: line[line.index("/usr/local") :] for line in lines}
        for event in ("ringing", "answered", "ended"):
            tell(script, centre, by_event[event].replace("${uuid}", uuid).replace("$1", number or "?"))
    calls = centre.http.get("/api/v1/calls").json()["calls"]
    assert [one["state"] for one in calls if one["number"] in ("+6281234567802", None)] == ["ended", "ended"]


def test_the_script_sends_whatever_it_is_told(centre: Served, script: Path) -> None:
    hostile = """/usr/local/bin/geo112-pbx ringing 'a"b\\c' '+6281234567803' 'carrier=Tel"k\\om
sel' 'geolocation=<sip:x@y>;z="\\""' 'event=ended'"""
    tell(script, centre, hostile)
    call = call_of(centre, "+6281234567803")
    assert (call["state"], call["carrier"]) == ("ringing", 'Tel"k\\om\nsel')
    assert ["sip cannot be fetched" in one["reason"] for one in call["refused"]] == [True]


def test_the_line_for_an_app(centre: Served) -> None:
    log = SqlLog.open(centre.made.settings.database)
    key = Accounts(log.engine).add_key(name="siaga", scopes=[Scope.APP], now=SystemClock().now())
    log.close()
    line = example("curl -H", language="sh").replace("https://112.example.go.id", str(centre.http.base_url).rstrip("/"))
    assert which("curl") is not None, "run `make setup`: it brings curl"
    run(line.replace("curl ", "curl -fsS ", 1), KEY=key)
    call = call_of(centre, "+6281234567890")
    assert (call["channel"], call["category"], call["fix"]["radius_m"]) == ("app", "MEDIS", 12.0)
