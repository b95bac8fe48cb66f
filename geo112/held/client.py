"""Following a location reference, such as the one in the Geolocation header of a SIP call (RFC 6753, RFC 6442)."""

import ssl
import time
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

import httpx
from lxml import etree

from geo112.core.errors import BadInput, BadMessage
from geo112.core.xml import LONGEST_BYTES, local_name, parse_xml
from geo112.held.names import HELD, HELD_TYPE, PIDF_TYPE
from geo112.locate.fix import FixSource, NoPosition, NotUnderstood, Reading
from geo112.locate.pidf import read_presence

ACCEPT = f"{PIDF_TYPE},{HELD_TYPE};q=0.5"
_EMPTY_REQUEST = f'<?xml version="1.0" encoding="UTF-8"?>\n<locationRequest xmlns="{HELD}"/>'.encode()
_LONGEST_URI = 2048
# A server that does not take GET breaks RFC 6753; the same question by POST costs one more try.
_TRY_POST = frozenset({400, 404, 405, 406, 415, 501})
_PORTS = {"http": 80, "https": 443}


def dereference(
    uri: str,
    *,
    allowed_hosts: Collection[str],
    timeout_s: float = 3.0,
    tls: ssl.SSLContext | None = None,
    source: FixSource = FixSource.SIP,
) -> Reading:
    """Fetch the location behind an address; never raises, and asks no host that is not allowed.

    `allowed_hosts` are names or `name:port`; a name alone allows the usual ports of HTTP and HTTPS. Redirects are not
    followed, proxies of the environment are not used, and at most 64 KB are read within `timeout_s` in all.
    """
    try:
        _require_allowed(uri, allowed_hosts)
        body = _fetch(uri, until_s=time.monotonic() + timeout_s, timeout_s=timeout_s, tls=tls)
        return read_answer(body, source=source)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        return NoPosition(reason=f"the location server did not answer: {type(error).__name__}")


def read_answer(body: bytes, *, source: FixSource = FixSource.SIP) -> Reading:
    """Read what a location server sent: a presence document, or a HELD answer or error; never raises."""
    try:
        root = parse_xml(body, field="answer")
    except BadMessage as error:
        return NotUnderstood(reason=error.message, field=error.field)
    match local_name(root):
        case "presence" | "locationResponse":
            if local_name(root) == "locationResponse" and root.find("{*}presence") is None:
                return NoPosition(reason="the location server gave no location, only a reference")
            return read_presence(root, source=source)
        case "error":
            return NoPosition(reason=_reason(root))
        case other:
            return NotUnderstood(reason=f"{other[:40]!r} is no answer of a location server", field="answer")


def _reason(root: etree._Element) -> str:
    words = " ".join((root.findtext("{*}message") or "").split())[:120]
    code = root.get("code", "no code")[:40]
    return f"the location server answered {code}{f': {words}' if words else ''}"


def _require_allowed(uri: str, allowed_hosts: Collection[str]) -> None:
    """Refuse every address that nobody allowed: a caller's header must not send this machine anywhere."""
    if len(uri) > _LONGEST_URI:
        raise BadMessage(f"has {len(uri)} characters, more than {_LONGEST_URI}", field="uri")
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise BadMessage("is no address", field="uri") from None
    if parts.scheme.lower() not in _PORTS or not parts.hostname:
        raise BadMessage("is no http or https address", field="uri")
    if "@" in parts.netloc:
        raise BadMessage("holds a user, which a location reference must not", field="uri")
    if not _is_allowed(parts, port, {host.strip().lower() for host in allowed_hosts}):
        raise BadMessage("its host is not among held_dereference_hosts", field="uri")


def _is_allowed(parts: SplitResult, port: int | None, hosts: set[str]) -> bool:
    name = (parts.hostname or "").lower()
    if name in hosts and port in (None, _PORTS[parts.scheme.lower()]):
        return True
    return f"{name}:{port or _PORTS[parts.scheme.lower()]}" in hosts


def _fetch(uri: str, *, until_s: float, timeout_s: float, tls: ssl.SSLContext | None) -> bytes:
    """Ask by GET, and by POST where the server wants that; raises BadMessage or an error of httpx."""
    verify: ssl.SSLContext | bool = True if tls is None else tls
    with httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False, verify=verify) as client:
        status, body = _ask(client, client.build_request("GET", uri, headers={"Accept": ACCEPT}), until_s)
        if status in _TRY_POST:
            headers = {"Accept": ACCEPT, "Content-Type": f"{HELD_TYPE};charset=utf-8"}
            post = client.build_request("POST", uri, headers=headers, content=_EMPTY_REQUEST)
            status, body = _ask(client, post, until_s)
    if status != 200:
        raise httpx.HTTPError(f"status {status}")
    return body


def _ask(client: httpx.Client, request: httpx.Request, until_s: float) -> tuple[int, bytes]:
    """Read an answer, at most 64 KB of it and only until the time is up."""
    answer = client.send(request, stream=True)
    try:
        body = bytearray()
        for piece in answer.iter_bytes(4096):
            body += piece
            if len(body) > LONGEST_BYTES:
                raise BadMessage(f"has more than {LONGEST_BYTES} bytes", field="answer")
            if time.monotonic() > until_s:
                raise httpx.ReadTimeout("too slow", request=request)
    finally:
        answer.close()
    return answer.status_code, bytes(body)
