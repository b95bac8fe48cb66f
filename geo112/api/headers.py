"""What every answer carries, and what is asked of every request before anything looks at it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo112.api.errors import problem
from geo112.held.names import HELD_PATH
from geo112.settings import Settings

# MapLibre runs its worker from a blob and sets sizes by the style object, which needs no inline styles.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Guard:
    """Refuses requests that another site made, and sets the headers that keep a browser careful."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        """Stand in front of the app."""
        self._app = app
        self._loopback_only = settings.is_loopback and not settings.has_tls
        self._public_host = settings.public_host
        self._has_tls = settings.has_tls
        self._body_max_bytes = settings.body_max_bytes
        self._too_large = f"a request has at most {settings.body_max_bytes} bytes"
        # As they go over the wire, since every answer gets them.
        self._headers = [(name.encode(), value.encode()) for name, value in careful_headers(settings).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message["headers"]
                names = {name for name, _ in said}
                message["headers"] = [*said, *[pair for pair in self._headers if pair[0] not in names]]
            await send(message)

        # The first of two headers of one name counts, as everywhere else.
        headers = {name: value.decode("latin-1") for name, value in reversed(scope["headers"])}
        reason = self._foreign(scope["method"], headers)
        if reason is not None:
            await problem(403, reason, code="foreign_page")(scope, receive, send_with_headers)
            return
        if _counts_itself(scope["path"]):
            await self._app(scope, receive, send_with_headers)
            return
        length = headers.get(b"content-length", "")
        if length.isdecimal() and int(length[:20]) > self._body_max_bytes:
            await problem(413, self._too_large)(scope, receive, send_with_headers)
            return
        await self._app(scope, self._counted(receive), send_with_headers)

    def _counted(self, receive: Receive) -> Receive:
        """Count a body that comes in chunks and does not say its length."""
        left_bytes = self._body_max_bytes

        async def counting() -> Message:
            nonlocal left_bytes
            message = await receive()
            if message["type"] == "http.request":
                left_bytes -= len(message.get("body", b""))
                if left_bytes < 0:
                    raise HTTPException(413, self._too_large)
            return message

        return counting

    def _foreign(self, method: str, headers: Mapping[bytes, str]) -> str | None:
        """Say why a request cannot be from the console of this centre or a program; None when it can."""
        host = headers.get(b"host", "")
        # A name that leads to 127.0.0.1 lets a page of that name read everything: DNS rebinding.
        if self._loopback_only and _name(host) not in LOOPBACK:
            return "this centre answers on 127.0.0.1 and localhost only"
        if method in SAFE_METHODS:
            return None
        site = headers.get(b"sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            return "a page of another site may not write here"
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in self._own_origins(host):
            return "a page of another site may not write here"
        return None

    def _own_origins(self, host: str) -> set[str]:
        """Name the origins of the console."""
        scheme = "https" if self._has_tls else "http"
        own = {f"{scheme}://{host.lower()}"}
        return own if self._public_host is None else own | {f"https://{self._public_host.lower()}"}


def careful_headers(settings: Settings) -> dict[str, str]:
    """Give what every answer carries unless it says otherwise itself."""
    headers = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }
    return headers | {"strict-transport-security": "max-age=31536000"} if settings.has_tls else headers


@lru_cache(maxsize=64)
def _counts_itself(path: str) -> bool:
    """Tell whether a request is for HELD, which reads no more than it may and says so in its own words."""
    return path == HELD_PATH or path.startswith(f"{HELD_PATH}/")


def _name(host: str) -> str:
    """Take the port off a Host header; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
