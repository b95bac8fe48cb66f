"""Watches the folder into which an SMS gateway puts its files: store first, then move, never delete.

A file is taken when it stopped growing. A crash between storing and moving brings the file again at the next start;
the desk knows a repeated message by sender, text and time, so the time must not change: where the file names none it is
the file's own time of change, which a move keeps.
"""

import logging
import os
import re
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from pathlib import Path

from geo112.cli.centre.spool_form import MAX_BYTES, SpoolMessage, is_complete, read_message
from geo112.core.errors import Geo112Error
from geo112.desk.desk import Desk
from geo112.incidents.events import Actor, Channel

_log = logging.getLogger(__name__)

SCAN_S = 0.25
# A gateway that said more is coming, or made an empty file, gets this long before the file is taken as it is.
PATIENCE_S = 10.0
_NUMBER = re.compile(r"\+?\d{9,}", re.ASCII)
_TEMPORARY = (".tmp", ".lock", ".part", ".filepart", "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A complete file: what it holds, when it came in, and a name by which the same file is known again."""

    name: str
    message: SpoolMessage
    received_at: datetime
    ref: str


# Stores one message durably before it returns; raises Geo112Error when nothing was stored.
Store = Callable[[Taken], None]
_GATEWAY = Actor(name="spool", role="sms")


def to_desk(desk: Desk, *, simulated: bool) -> Store:
    """Give messages to the desk so that the same file twice makes one message."""

    def store(taken: Taken) -> None:
        if taken.message.sender is not None:
            desk.receive_sms(
                actor=_GATEWAY,
                channel=Channel.SPOOL,
                sender=taken.message.sender,
                text=taken.message.text,
                received_at=taken.received_at,
                simulated=simulated,
            )
            return
        # Without a sender the desk cannot know a repeat by itself; the file's own name, time and content tell it.
        desk.receive_call(
            actor=_GATEWAY,
            channel=Channel.SPOOL,
            message=taken.message.text,
            external_ref=taken.ref,
            simulated=simulated,
        )

    return store


def make_folders(spool_dir: Path) -> None:
    """Make `inbox`, `done` and `failed`: messages are personal, so only the owner and the gateway's group look in."""
    for name in ("inbox", "done", "failed"):
        (spool_dir / name).mkdir(mode=0o770 if name == "inbox" else 0o700, parents=True, exist_ok=True)


class Spool:
    """One spool folder; `scan` is called again and again by one thread of one process."""

    def __init__(self, spool_dir: Path, store: Store, *, zone: tzinfo) -> None:
        """Take files of a gateway whose clock shows the time of `zone`."""
        self._inbox, self._done, self._failed = (spool_dir / name for name in ("inbox", "done", "failed"))
        self._store = store
        self._zone = zone
        self._seen: dict[str, tuple[int, int]] = {}
        self._told: dict[str, str] = {}

    def scan(self, *, now: datetime) -> int:
        """Take every file that is complete; say how many were stored in this round."""
        waiting = self._waiting()
        known = {name: (found.st_size, found.st_mtime_ns) for name, found in waiting}
        steady = [(name, found) for name, found in waiting if self._seen.get(name) == known[name]]
        self._seen = known
        self._told = {name: said for name, said in self._told.items() if name in known}
        return sum(self._take(name, found, now=now) for name, found in steady)

    def run(self, stop: threading.Event, now: Callable[[], datetime]) -> None:
        """Scan until told to stop; a folder that cannot be read is said once and tried again."""
        while not stop.wait(SCAN_S):
            try:
                self.scan(now=now())
            except OSError as error:
                self._say("inbox", f"cannot be read: {error}")

    def _waiting(self) -> list[tuple[str, os.stat_result]]:
        """List the regular files that are no gateway's own temporary ones, oldest first."""
        found: list[tuple[str, os.stat_result]] = []
        with os.scandir(self._inbox) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(_TEMPORARY):
                    continue
                try:
                    known = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # the gateway renamed it this very moment; the next round sees its new name
                if stat.S_ISREG(known.st_mode):
                    found.append((entry.name, known))
        return sorted(found, key=lambda pair: (pair[1].st_mtime_ns, pair[0]))

    def _take(self, name: str, found: os.stat_result, *, now: datetime) -> bool:
        path = self._inbox / name
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            self._say(name, f"cannot be read: {error}")
            return False
        changed_at = datetime.fromtimestamp(found.st_mtime_ns / 1e9, UTC)
        if not is_complete(data) and abs((now - changed_at).total_seconds()) < PATIENCE_S:
            return False
        message = read_message(name, data, zone=self._zone)
        try:
            received_at = message.received_at or changed_at
            ref = sha256(f"{name}\n{found.st_mtime_ns}\n".encode("utf-8", "surrogateescape") + data).hexdigest()
            self._store(Taken(name=name, message=message, received_at=received_at, ref=ref))
        except Geo112Error as error:
            self._say(name, f"is not stored yet and will be tried again: {error}")
            return False
        self._move(path, message)
        return True

    def _move(self, path: Path, message: SpoolMessage) -> None:
        if message.problem is None:
            path.rename(_free(self._done / path.name))
            return
        to = _free(self._failed / path.name)
        path.rename(to)
        to.with_name(to.name + ".reason").write_text(f"{message.problem}\n", encoding="utf-8")

    def _say(self, name: str, what: str) -> None:
        """Say it once per file and reason; a number in a gateway's file name does not reach the log."""
        if self._told.get(name) != what:
            self._told[name] = what
            _log.warning("%s %s", _NUMBER.sub("…", name), what)


def _free(path: Path) -> Path:
    """Give a name that nobody has yet: gateways use their names again, and nothing is overwritten."""
    to, count = path, 0
    while to.exists():
        count += 1
        to = path.with_name(f"{path.name}.{count}")
    return to
