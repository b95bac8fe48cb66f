"""Reads the files that SMS gateways leave behind: smstools3, gammu-smsd, and plain text.

smstools3 writes header lines, an empty line and the body (its `fileformat` manual); gammu-smsd puts date, time and
sender into the file name (gammu-smsd-files(7)). Both write the time of the gateway's own clock without an offset.
"""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

MAX_BYTES = 65_536
HEX_BYTES = 1_024

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9_-]{0,30}:(?: [^\r\n]*)?")
_GAMMU = re.compile(r"IN(\d{8})_(\d{6})_\d{2,}_(.*)_\d{2,}\.(txt|bin)", re.ASCII)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))


class SpoolForm(StrEnum):
    """Which gateway wrote the file."""

    SMSTOOLS = "smstools3"
    GAMMU = "gammu-smsd"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolMessage:
    """What a file holds. With a `problem`, `text` is the body as hex, bounded to the first 1,024 bytes."""

    form: SpoolForm
    sender: str | None
    text: str
    received_at: datetime | None
    problem: str | None = None


def is_complete(data: bytes) -> bool:
    """Tell whether the file's own header says that all of the body is there; a file without such a header is."""
    headers, body = _split_headers(data)
    if headers is None:
        return bool(data)
    if body is None:
        return False
    length = headers.get("length", "")
    if not length.isdecimal() or headers.get("alphabet", "").lower()[:3] not in ("", "iso", "lat", "ans"):
        return True
    return len(body) >= int(length)


def read_message(name: str, data: bytes, *, zone: tzinfo) -> SpoolMessage:
    """Read one file of a gateway whose clock shows the time of `zone`; never raises, a broken body becomes hex."""
    gammu = _GAMMU.fullmatch(name)
    if gammu is not None:
        day, time, sender, ending = gammu.groups()
        moment = _moment(day + time, "%Y%m%d%H%M%S", zone)
        alphabet = "bin" if ending == "bin" else ""
        return _message(SpoolForm.GAMMU, _number(sender), data, alphabet, moment)
    headers, body = _split_headers(data)
    if headers is None or "from" not in headers:
        return _message(SpoolForm.PLAIN, None, data, "", None)
    moment = _moment(headers.get("received", ""), "%y-%m-%d %H:%M:%S", zone)
    moment = moment or _moment(headers.get("sent", ""), "%y-%m-%d %H:%M:%S", zone)
    alphabet = headers.get("alphabet", "")
    return _message(SpoolForm.SMSTOOLS, _number(headers["from"], headers), body or b"", alphabet, moment)


def _split_headers(data: bytes) -> tuple[dict[str, str] | None, bytes | None]:
    """Split header lines from the body; no headers: (None, None); headers without the empty line: body None."""
    headers: dict[str, str] = {}
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        line = data[at : len(data) if end < 0 else end].rstrip(b"\r")
        if end < 0 and "from" in headers:
            return headers, None
        at = len(data) if end < 0 else end + 1
        if not line:
            return (headers, data[at:]) if headers else (None, None)
        if not _HEADER.fullmatch(line):
            return None, None
        key, _, value = line.decode("latin-1").partition(":")
        headers.setdefault(key.lower(), value.strip())
    # Only `From` makes it a gateway's header: a text such as "Tolong: api" looks like one, too.
    return (headers, None) if "from" in headers else (None, None)


def _message(
    form: SpoolForm, sender: str | None, body: bytes, alphabet: str, received_at: datetime | None
) -> SpoolMessage:
    text, problem = _text(body, alphabet)
    return SpoolMessage(form=form, sender=sender, text=text, received_at=received_at, problem=problem)


def _text(body: bytes, alphabet: str) -> tuple[str, str | None]:
    """Decode a body by its alphabet (smstools3 looks at its first three letters); hex and the reason if it is no text.

    An empty body is an empty text with a reason.
    """
    kind = alphabet.strip().lower()[:3]
    if len(body) > MAX_BYTES:
        return _hex(body), f"{len(body)} bytes are too many for an SMS"
    if kind == "bin":
        return _hex(body), "a binary message, kept as hex"
    try:
        text = _decoded(body, kind).strip("\r\n")
    except UnicodeDecodeError:
        return _hex(body), f"the body is not text of the alphabet {alphabet or 'UTF-8'!r}"
    if any(sign not in "\n\r\t" and (sign < " " or sign == "\x7f") for sign in text):
        return _hex(body), "the body holds control characters"
    return text, None if text else "the body is empty"


def _decoded(body: bytes, kind: str) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding)
    if kind in ("ucs", "uni", "chi"):
        # A gateway may close the file with a newline of one byte; a 16-bit body then has an odd length.
        even = body[:-1] if len(body) % 2 and body.endswith(b"\n") else body
        return even.decode("utf-16-be")
    if kind in ("iso", "lat", "ans"):
        return body.decode("iso-8859-15")
    return body.decode("utf-8")


def _hex(body: bytes) -> str:
    return body[:HEX_BYTES].hex()


def _number(sender: str, headers: dict[str, str] | None = None) -> str | None:
    """Write a sender as it came, with the `+` that smstools3 leaves off international numbers."""
    sender = sender.strip()
    international = "international" in (headers or {}).get("from_toa", "").lower() or sender.startswith("62")
    if sender.isdecimal() and len(sender) >= 9 and international:
        return f"+{sender}"
    return sender or None


def _moment(text: str, form: str, zone: tzinfo) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), form).replace(tzinfo=zone)
    except ValueError:
        return None
