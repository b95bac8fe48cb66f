"""How the command line prints: one JSON object per result on stdout, errors as one line on stderr."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from geo112.core.errors import BadInput, BadMessage, Geo112Error

BAD_INPUT_EXIT = 2


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object on one line, UTF-8, never NaN."""
    print_line(json.dumps(value, ensure_ascii=False, allow_nan=False))


def print_line(text: str) -> None:
    """Print a line on stdout; what the terminal cannot show is escaped rather than failing."""
    sys.stdout.write(_printable(text, sys.stdout.encoding) + "\n")


def print_error(message: str) -> None:
    """Print one line on stderr, whatever the message holds; control characters are escaped."""
    words = " ".join(message.split())
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in words)
    sys.stderr.write(f"geo112: {_printable(line, sys.stderr.encoding)}\n")


def read_input(source: str, *, limit_bytes: int) -> str:
    """Read a small text from a file or, with `-`, stdin; raises BadInput, and BadMessage for what is no such text."""
    return text_of(read_octets(source, limit_bytes=limit_bytes), source)


def read_octets(source: str, *, limit_bytes: int) -> bytes:
    """Read a small file or, with `-`, stdin; raises BadInput, and BadMessage for one that is too long."""
    try:
        if source == "-":
            data = sys.stdin.buffer.read(limit_bytes + 1)
        else:
            with Path(source).open("rb") as stream:
                data = stream.read(limit_bytes + 1)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", field=source) from None
    if len(data) > limit_bytes:
        raise BadMessage(f"is longer than {limit_bytes} bytes", field=_name(source))
    return data


def text_of(data: bytes, source: str) -> str:
    """Read bytes as UTF-8; raises BadMessage naming where they came from."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadMessage(f"is no UTF-8 text (byte {error.start + 1})", field=_name(source)) from None


def _name(source: str) -> str:
    return "stdin" if source == "-" else source


def exit_code_of(error: Geo112Error) -> int:
    """Say with which code the process ends for an error: every refusal is 2."""
    print_error(str(error))
    return BAD_INPUT_EXIT


def _printable(text: str, encoding: str | None) -> str:
    """Escape what an encoding cannot write."""
    name = encoding or "utf-8"
    return text.encode(name, "backslashreplace").decode(name)
