"""Runs the application of a centre on its address, and stops it promptly."""

import socket
from collections.abc import Sequence

import uvicorn

from geo112.api.app import Background, create_app
from geo112.api.feed import Feed
from geo112.core.errors import SetupError
from geo112.wiring import Centre

# A request that is under way at the stop may still finish; streams end at once.
LAST_REQUESTS_S = 2
MOST_CONNECTIONS = 2_000


class CentreServer(uvicorn.Server):
    """A server that ends its live streams before it waits for the other requests."""

    def __init__(self, centre: Centre, background: Sequence[Background] = ()) -> None:
        """Serve this centre on its own host and port; `should_exit = True` stops it."""
        settings = centre.settings
        self.app = create_app(centre, background)
        config = uvicorn.Config(
            self.app,
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.tls_cert,
            ssl_keyfile=settings.tls_key,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=settings.public_url is not None,
            timeout_graceful_shutdown=LAST_REQUESTS_S,
            limit_concurrency=MOST_CONNECTIONS,
        )
        super().__init__(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: an open stream would hold the server up, so streams end first."""
        feed: Feed = self.app.state.feed
        feed.close()
        await super().shutdown(sockets=sockets)


def serve(centre: Centre, background: Sequence[Background] = ()) -> None:
    """Serve a centre until Ctrl-C; raises SetupError when its address is taken."""
    settings = centre.settings
    _require_free(settings.host, settings.port)
    CentreServer(centre, background).run()


def _require_free(host: str, port: int) -> None:
    """Say in one line what a traceback would hide."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise SetupError(f"{host}:{port} cannot be used: {error.strerror}", field="port") from None
