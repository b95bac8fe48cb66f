"""A real Kamailio for tests: started with a configuration of its own, ended when the test is over."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ANSWERS_WITHIN_S = 60.0
# How a Kamailio begins that asks a centre by LoST or HELD; its routes follow.
CLIENT = """
#!KAMAILIO
debug=1
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
dns=off
rev_dns=off
enable_sctp=no
listen=udp:127.0.0.1:@SIP@
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "http_client.so"
loadmodule "lost.so"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kamailio:
    """A Kamailio that runs, and what it has told so far."""

    process: subprocess.Popen[bytes]
    log: Path

    def told(self) -> str:
        """Give the end of its log, for the message of a test that fails."""
        return self.log.read_text(errors="replace")[-3000:]


@contextmanager
def kamailio(place: Path, config: str) -> Iterator[Kamailio]:
    """Start Kamailio in this folder and make sure that it ends; a machine without it fails."""
    program = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert program is not None, "run `make setup`: it brings kamailio and kamailio-utils-modules"
    written, log = place / "kamailio.cfg", place / "kamailio.log"
    written.write_text(config.lstrip())
    with log.open("w") as told:
        process = subprocess.Popen(
            [program, "-f", str(written), "-DD", "-E", "-m", "16", "-M", "4", "-w", str(place), "-Y", str(place)],
            stdout=told,
            stderr=told,
        )
        try:
            yield Kamailio(process=process, log=log)
        finally:
            process.terminate()
            process.wait(60)
