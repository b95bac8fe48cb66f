"""Hands the pieces of a table to the workers of a Dask cluster, and goes on when some of them are lost."""

# distributed ships types, but leaves some of what is called here untyped.
# mypy: disable-error-code="no-untyped-call"

import threading
import time
import uuid
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from distributed import Client, Future, Security
from distributed.scheduler import KilledWorker

from geo112 import __version__
from geo112.cli.points.crew import PIECES_PER_WORKER, Pending
from geo112.cli.points.pieces import Answer, Layout, Piece
from geo112.cli.points.scheduler import Scheduler
from geo112.cli.points.task import NoZones, Order, SentZones, resolve_piece
from geo112.cli.points.zones_file import checksum_of
from geo112.core.errors import SetupError

_LOOK_S = 1.0
_GOES_ON = "what was resolved is kept: the same command goes on from there"


def _security(scheduler: Scheduler) -> Security | None:
    """Give the certificates as dask wants them; None for tcp."""
    if scheduler.ca is None:
        return None
    return Security(
        require_encryption=True,
        tls_ca_file=str(scheduler.ca),
        tls_client_cert=str(scheduler.cert),
        tls_client_key=str(scheduler.key),
    )


class ClusterCrew:
    """The workers of a cluster; a piece whose worker is lost is given to another one."""

    def __init__(self, scheduler: Scheduler, layout: Layout, zones_file: Path) -> None:
        """Connect to the scheduler; raises SetupError where it does not answer."""
        check = checksum_of(zones_file)
        assert check is not None  # noqa: S101 - the zones were opened before
        self._scheduler, self._zones_file = scheduler, zones_file
        self._order = Order(
            run=uuid.uuid4().hex,
            layout=layout,
            zones_file=str(zones_file.resolve()),
            zones_check=check,
            program=__version__,
        )
        self._sent = False
        try:
            self._client = Client(
                scheduler.address, timeout=scheduler.timeout_s, security=_security(scheduler), set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise SetupError(f"{scheduler.address} does not answer: {error}", field="--scheduler") from None
        self._room, self._looked_s = 1, 0.0
        self._seen_s = time.monotonic()

    @property
    def room(self) -> int:
        """Tell how many pieces may be on their way at once; it follows workers that come and go."""
        if time.monotonic() - self._looked_s > _LOOK_S:
            self.look()
        return self._room

    def look(self) -> None:
        """Look who works; raises SetupError when nobody has for too long."""
        self._looked_s = time.monotonic()
        try:
            threads = sum(worker["nthreads"] for worker in self._client.scheduler_info()["workers"].values())
        except OSError:
            threads = 0
        if threads:
            self._seen_s = time.monotonic()
            self._room = PIECES_PER_WORKER * threads
        elif time.monotonic() - self._seen_s > self._scheduler.timeout_s:
            raise SetupError(
                f"no worker at {self._scheduler.address} for {self._scheduler.timeout_s:g} s; {_GOES_ON}",
                field="--scheduler",
            )

    def submit(self, piece: Piece) -> Pending:
        """Give a piece to the scheduler."""
        return _FromCluster(self, piece)

    def send(self, piece: Piece) -> "Future[Answer | NoZones]":
        """Send a piece to the scheduler."""
        return self._client.submit(resolve_piece, self._order, piece, pure=False)

    def send_zones(self) -> None:
        """Send the boundaries to all workers, once; those that come later get them too."""
        if not self._sent:
            zones = SentZones(self._zones_file.read_bytes(), self._order.zones_check)
            self._client.register_plugin(zones, f"geo112-zones-{self._order.zones_check}")
            self._sent = True

    def answer(self, future: "Future[Answer | NoZones]", piece: Piece) -> Answer | NoZones:
        """Wait for an answer as long as there is anybody who can give it."""
        came = threading.Event()
        future.add_done_callback(lambda _: came.set())
        while True:
            try:
                if came.wait(_LOOK_S):
                    return future.result(timeout=self._scheduler.timeout_s)
                self.look()
            except TimeoutError:
                self.look()
            except CancelledError:
                raise SetupError(f"{self._scheduler.address} was lost; {_GOES_ON}", field="--scheduler") from None
            except KilledWorker:
                raise SetupError(
                    f"the piece that begins at {piece.start} ended several workers; {_GOES_ON}", field="--scheduler"
                ) from None
            except ModuleNotFoundError as error:
                raise SetupError(f"a worker lacks the package {error.name}", field="--scheduler") from None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster as it was."""
        with suppress(OSError, TimeoutError):
            self._client.close(timeout=_LOOK_S)


class _FromCluster:
    """An answer from a worker."""

    def __init__(self, crew: ClusterCrew, piece: Piece) -> None:
        self._crew, self._piece = crew, piece
        self._future = crew.send(piece)

    def result(self) -> Answer:
        answer = self._crew.answer(self._future, self._piece)
        if isinstance(answer, NoZones):
            self._crew.send_zones()
            self._future = self._crew.send(self._piece)
            answer = self._crew.answer(self._future, self._piece)
        if isinstance(answer, NoZones):
            raise SetupError(f"worker {answer.worker} did not keep the boundaries sent to it", field="--scheduler")
        return answer

    def cancel(self) -> object:
        return self._future.cancel()
