"""What a Dask worker does: it resolves a piece with the code and the boundaries of whoever sent it."""

from dataclasses import dataclass
from pathlib import Path

from distributed import WorkerPlugin, get_worker
from distributed.worker import Worker

from geo112 import __version__
from geo112.cli.points.pieces import Answer, Layout, Piece
from geo112.cli.points.work import Work
from geo112.cli.points.zones_file import checksum_of
from geo112.core.errors import SetupError
from geo112.zones.index import ZoneIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What goes with every piece of a run: how to resolve it, and with which boundaries and which geo112."""

    run: str
    layout: Layout
    zones_file: str
    zones_check: int
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoZones:
    """A worker cannot reach the boundaries, or only others than those of the order."""

    worker: str


class SentZones(WorkerPlugin):
    """Brings the file of zones to every worker, also to those that come later."""

    def __init__(self, data: bytes, check: int) -> None:
        """Take the bytes of the file and its checksum."""
        self._data, self._check = data, check

    def setup(self, worker: Worker) -> None:
        """Write the file into the folder of a worker."""
        path = _sent_path(worker, self._check)
        beside = path.with_name(f"{path.name}.part")
        beside.write_bytes(self._data)
        beside.replace(path)


class _Own:
    """The one run that a worker process is prepared for."""

    ready: tuple[str, Work] | None = None


def resolve_piece(order: Order, piece: Piece) -> Answer | NoZones:
    """Resolve a piece in a worker; raises SetupError where it runs another geo112."""
    worker = get_worker()
    if order.program != __version__:
        raise SetupError(f"worker {worker.address} runs geo112 {__version__}, not {order.program}", field="scheduler")
    ready = _Own.ready
    if ready is None or ready[0] != order.run:
        zones_file = _zones_file(order, worker)
        if zones_file is None:
            return NoZones(worker=worker.address)
        ready = (order.run, Work(order.layout, ZoneIndex.open(zones_file)))
        _Own.ready = ready
    return ready[1](piece)


def _zones_file(order: Order, worker: Worker) -> Path | None:
    """Find the boundaries of an order: where the sender has them, or among what was sent."""
    for path in (Path(order.zones_file), _sent_path(worker, order.zones_check)):
        if checksum_of(path) == order.zones_check:
            return path
    return None


def _sent_path(worker: Worker, check: int) -> Path:
    return Path(worker.local_directory) / f"zones-{check}.geo112"
