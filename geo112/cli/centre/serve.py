"""Serves one centre: HTTP or TLS, the spool folder beside it, and a quick, quiet end."""

import contextlib
import logging
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from geo112.api.server import CentreServer
from geo112.cli.centre import tls
from geo112.cli.centre.folder import lock_folder, register_of, tls_dir, zone_of
from geo112.cli.centre.spool import Spool, make_folders, to_desk
from geo112.core.errors import SetupError
from geo112.settings import Settings
from geo112.wiring import Centre, build_centre

_log = logging.getLogger(__name__)

_RENEW_EVERY_S = 6 * 3600.0
_BACKLOG = 512


class LastingServer(CentreServer):
    """The server as a program of its own: it says when it can be reached, and being told to stop is no failure."""

    def __init__(self, centre: Centre, started: Callable[[], None]) -> None:
        """Serve this centre."""
        super().__init__(centre)
        self._say_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, then say so."""
        await super().startup(sockets)
        if self.started:
            self._say_started()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM; uvicorn itself would raise the signal again and end with its number."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.should_exit = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def secure(settings: Settings, names: list[str], *, centre: Centre) -> tls.Certificates:
    """Give the server its certificate of the local authority, for all names of this machine and those given."""
    wanted = (*tls.machine_names(), *names)
    return tls.ensure(tls_dir(settings), wanted, centre=settings.kode, now=centre.clock.now())


def serve_centre(
    settings: Settings, *, names: list[str], limit_concurrency: int, said: Callable[[Centre, str], None]
) -> None:
    """Serve until SIGINT or SIGTERM; raises Conflict while another has the folder, SetupError for a used port."""
    _log_to_stderr()
    with lock_folder(settings.folder), bound(settings.host, settings.port) as sockets:
        centre = build_centre(settings)
        try:
            server = LastingServer(centre, lambda: said(centre, address(settings)))
            server.config.limit_concurrency = limit_concurrency
            with _beside(centre, server.config, names):
                server.run(sockets)
        finally:
            centre.close()


def address(settings: Settings) -> str:
    """Give the address at which a browser finds the centre."""
    if settings.public_url:
        return settings.public_url
    host = socket.gethostname() if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if settings.tls_cert else 'http'}://{shown}:{settings.port}"


@contextlib.contextmanager
def bound(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Take the port before anything else is done; raises SetupError naming it when another program has it."""
    sockets: list[socket.socket] = []
    try:
        for family, place in _places(host, port):
            one = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                one.bind(place)
            except OSError as error:
                raise SetupError(f"port {port} on {host} cannot be used: {error.strerror}", field="port") from None
            one.listen(_BACKLOG)
        yield sockets
    finally:
        for one in sockets:
            one.close()


def _places(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """Give the addresses to bind; `localhost` is 127.0.0.1 alone, since a browser tries that one anyway."""
    family = socket.AF_INET if host == "localhost" else socket.AF_UNSPEC
    try:
        found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise SetupError(f"{host} is no address of this machine: {error.strerror}", field="host") from None
    return [(each[0], (str(each[4][0]), port)) for each in found]


@contextlib.contextmanager
def _beside(centre: Centre, config: uvicorn.Config, names: list[str]) -> Iterator[None]:
    """Run what belongs to a serving centre: the spool folder, and the certificate that is renewed while it runs."""
    stop = threading.Event()
    threads = []
    if centre.settings.spool_dir is not None:
        make_folders(centre.settings.spool_dir)
        store = to_desk(centre.desk, simulated=centre.settings.simulation)
        spool = Spool(centre.settings.spool_dir, store, zone=zone_of(register_of(centre.settings)))
        threads.append(threading.Thread(target=spool.run, args=(stop, centre.clock.now), name="spool"))
    if centre.settings.tls_cert == tls_dir(centre.settings) / "server.crt":
        threads.append(threading.Thread(target=_renew, args=(stop, centre, config, names), name="tls"))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _renew(stop: threading.Event, centre: Centre, config: uvicorn.Config, names: list[str]) -> None:
    """Make the certificate anew in time and use it for new connections, without a restart."""
    while not stop.wait(_RENEW_EVERY_S):
        try:
            made = secure(centre.settings, names, centre=centre)
            if made.renewed and config.ssl is not None:
                config.ssl.load_cert_chain(made.server_cert, made.server_key)
        except (SetupError, OSError, ssl.SSLError) as error:
            _log.warning("the certificate was not renewed: %s", error)


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for name in ("uvicorn", "uvicorn.error", "asyncio", "httpx", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
