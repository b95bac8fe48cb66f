"""What every answer carries, and what is asked of every request before anything looks at it."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo112.api.errors import problem
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message))
            await send(message)

        reason = self._foreign(scope["method"], Headers(scope=scope))
        if reason is not None:
            await problem(403, reason, code="foreign_page")(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _foreign(self, method: str, headers: Headers) -> str | None:
        """Say why a request cannot be from the console of this centre or a program; None when it can."""
        host = headers.get("host", "")
        # A name that leads to 127.0.0.1 lets a page of that name read everything: DNS rebinding.
        if self._loopback_only and _name(host) not in LOOPBACK:
            return "this centre answers on 127.0.0.1 and localhost only"
        if method in SAFE_METHODS:
            return None
        site = headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            return "a page of another site may not write here"
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._own_origins(host):
            return "a page of another site may not write here"
        return None

    def _own_origins(self, host: str) -> set[str]:
        """Name the origins of the console."""
        scheme = "https" if self._has_tls else "http"
        own = {f"{scheme}://{host.lower()}"}
        return own if self._public_host is None else own | {f"https://{self._public_host.lower()}"}

    def _dress(self, headers: MutableHeaders) -> None:
        """Set what is not set yet."""
        headers.setdefault("content-security-policy", POLICY)
        headers.setdefault("x-content-type-options", "nosniff")
        headers.setdefault("referrer-policy", "no-referrer")
        headers.setdefault("x-frame-options", "DENY")
        headers.setdefault("cross-origin-opener-policy", "same-origin")
        headers.setdefault("cross-origin-resource-policy", "same-origin")
        headers.setdefault("cache-control", "no-store")
        if self._has_tls:
            headers.setdefault("strict-transport-security", "max-age=31536000")


def _name(host: str) -> str:
    """Take the port off a Host header; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
