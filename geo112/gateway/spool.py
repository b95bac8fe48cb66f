"""Leaves SMS in a folder from which a gateway on this machine sends them: smstools3 or gammu-smsd.

smstools3 takes header lines, an empty line and the body (its `fileformat` manual). The files service of gammu-smsd
takes the bare text from a file whose name holds the number: `OUTA_<number>_<serial>.txt`
(gammu-smsd-files(7)); A is the most urgent.
"""

import os
import re
from enum import StrEnum
from pathlib import Path

from geo112.incidents.sms_port import NotSent, OutgoingSms

_NUMBER = re.compile(r"\+\d{6,15}", re.ASCII)
_REF = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


class SpoolForm(StrEnum):
    """Which gateway watches the folder."""

    SMSTOOLS = "smstools3"
    GAMMU = "gammu-smsd"


class SpoolGateway:
    """Puts each message into a file of its own, which appears whole or not at all; the same message is one file."""

    def __init__(self, folder: Path, form: SpoolForm = SpoolForm.SMSTOOLS) -> None:
        """Leave files of this form in this folder, which is made when it is not there."""
        self._folder = folder
        self._form = form

    def send(self, message: OutgoingSms) -> None:
        """Write the file; raises NotSent. When it returns, the file is on disk under its name."""
        if not (_NUMBER.fullmatch(message.number) and _REF.fullmatch(message.ref)):
            raise NotSent("the number cannot stand in a file for the gateway", again=False)
        name, text = self._file_of(message)
        # Both gateways pass over names that end so, and the rename shows them the whole file at once.
        unfinished = self._folder / f".{message.ref}.LOCK"
        try:
            self._folder.mkdir(mode=0o770, parents=True, exist_ok=True)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o660)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("ascii", "replace"))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / name)
            _sync(self._folder)
        except OSError as error:
            raise NotSent(f"the outbox cannot be written: {error.strerror}", again=True) from None

    def _file_of(self, message: OutgoingSms) -> tuple[str, str]:
        match self._form:
            case SpoolForm.SMSTOOLS:
                head = f"To: {message.number.removeprefix('+')}\nAlphabet: ISO\nPriority: HIGH\n"
                return f"geo112.{message.ref}", f"{head}\n{message.text}"
            case SpoolForm.GAMMU:  # pragma: no branch - mypy counts the forms
                return f"OUTA_{message.number}_{message.ref}.txt", message.text


def _sync(folder: Path) -> None:
    """Put the name of a new file on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
