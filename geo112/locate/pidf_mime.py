"""The PIDF-LO documents inside the body of a SIP message, which may have several parts (RFC 2046, RFC 6442)."""

import base64
import binascii
import quopri
import re

from geo112.core.errors import BadMessage

PIDF_TYPE = "application/pidf+xml"
_MOST_PARTS = 32
# A body of parts may stand in a part of another (multipart/alternative in multipart/mixed).
_DEEPEST = 3
_BOUNDARY = re.compile(rb"--[0-9A-Za-z'()+_,\-./:=? ]{1,70}")


def documents_in(message: bytes, *, depth: int = 1) -> list[bytes]:
    """Give the documents of a message in their order; a message that starts with `<` is one; raises BadMessage."""
    body = message.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith(b"<"):
        return [body]
    lines = body.replace(b"\r\n", b"\n").split(b"\n")
    start = next((n for n, line in enumerate(lines) if line.startswith(b"--")), None)
    # Before the first boundary stand at most the headers of the body.
    if start is None or any(b":" not in line for line in lines[:start] if line.strip() and line[:1] not in b" \t"):
        raise BadMessage("is neither XML nor a body of several parts", field="message")
    boundary = lines[start].rstrip()
    if not _BOUNDARY.fullmatch(boundary):
        raise BadMessage("has a boundary that RFC 2046 does not allow", field="boundary")
    found = [one for part in _parts(lines[start + 1 :], boundary) for one in _documents(part, depth)]
    if not found:
        raise BadMessage(f"has no part of the type {PIDF_TYPE}", field="Content-Type")
    return found


def _parts(lines: list[bytes], boundary: bytes) -> list[list[bytes]]:
    """Cut at the boundary; a body that breaks off keeps its last part."""
    parts: list[list[bytes]] = [[]]
    for line in lines:
        mark = line.rstrip()
        if mark == boundary + b"--":
            break
        if mark == boundary:
            parts.append([])
            if len(parts) > _MOST_PARTS:
                raise BadMessage(f"has more than {_MOST_PARTS} parts", field="message")
        else:
            parts[-1].append(line)
    return parts


def _documents(part: list[bytes], depth: int) -> list[bytes]:
    """Give the documents of a part; none of a part of another type, such as the session description."""
    end = next((n for n, line in enumerate(part) if not line.strip()), len(part))
    headers, body = _headers(part[:end]), b"\n".join(part[end + 1 :])
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("multipart/") and depth < _DEEPEST:
        try:
            return documents_in(body, depth=depth + 1)
        except BadMessage:
            return []  # the parts beside it may hold the location
    return [_decoded(body, headers)] if kind == PIDF_TYPE else []


def _decoded(body: bytes, headers: dict[str, str]) -> bytes:
    """Undo the coding in which a part was sent; raises BadMessage for one that is not known."""
    coding = headers.get("content-transfer-encoding", "binary").strip().lower()
    match coding:
        case "7bit" | "8bit" | "binary":
            return body
        case "quoted-printable":
            return quopri.decodestring(body)
        case "base64":
            try:
                return base64.b64decode(b"".join(body.split()), validate=True)
            except binascii.Error:
                raise BadMessage("is not base64", field="Content-Transfer-Encoding") from None
        case _:
            raise BadMessage(f"{coding[:40]!r} is not known", field="Content-Transfer-Encoding")


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    last = ""
    for line in lines:
        text = line.decode("latin-1")
        if text[:1] in (" ", "\t") and last:
            headers[last] += text
            continue
        name, _, value = text.partition(":")
        last = name.strip().lower()
        headers[last] = value.strip()
    return headers
