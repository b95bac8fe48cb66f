"""The only place that chooses which storage, boundaries and clock a centre uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo112.core.clock import Clock, SystemClock
from geo112.core.codes import KodeKabKota, kode_kabkota
from geo112.core.errors import SetupError, StorageError
from geo112.desk.board import Board
from geo112.desk.desk import Desk
from geo112.settings import Settings
from geo112.store.accounts import Accounts
from geo112.store.passwords import Passwords
from geo112.store.sql import SqlLog
from geo112.zones.centres import Centre as RegisteredCentre
from geo112.zones.centres import read_centres

if TYPE_CHECKING:
    # They load numba and shapely, which takes seconds: only what serves a centre waits for them.
    from geo112.basemap.around import Surroundings
    from geo112.basemap.tiles import Basemap
    from geo112.zones.index import ZoneIndex

ZONES_FILE = "zones.geo112"
BASEMAP_FILE = "basemap.geo112"


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """One 112 centre with everything that it works with."""

    settings: Settings
    kode: KodeKabKota
    nama: str
    clock: Clock
    log: SqlLog
    accounts: Accounts
    board: Board
    desk: Desk
    zones: "ZoneIndex"
    basemap: "Basemap"
    around: "Surroundings"
    centres: Mapping[KodeKabKota, RegisteredCentre]

    def close(self) -> None:
        """Let go of the database."""
        self.log.close()


def open_accounts(settings: Settings, *, passwords: Passwords | None = None) -> tuple[SqlLog, Accounts]:
    """Open the database of a centre for its accounts alone; close the log when done."""
    log = SqlLog.open(settings.database)
    return log, Accounts(log.engine, passwords)


def build_centre(settings: Settings, *, clock: Clock | None = None, passwords: Passwords | None = None) -> Centre:
    """Open a centre; raises SetupError, DataMissing or StorageError with what has to be done first."""
    from geo112.basemap.around import surroundings  # noqa: PLC0415 - loads numba: not for accounts alone
    from geo112.basemap.tiles import Basemap  # noqa: PLC0415 - as above
    from geo112.zones.index import ZoneIndex  # noqa: PLC0415 - as above

    kode = kode_kabkota(settings.kode)
    centres = read_centres(settings.centres_csv)
    if kode not in centres:
        raise SetupError(f"the register has no centre {kode}", field="kode")
    zones = ZoneIndex.open(settings.boundaries_dir / ZONES_FILE)
    basemap_path = settings.boundaries_dir / BASEMAP_FILE
    basemap = Basemap.open(basemap_path)
    around = surroundings(basemap_path, kode)
    now = clock or SystemClock()
    log, accounts = open_accounts(settings, passwords=passwords)
    try:
        board = Board(log)
    except StorageError:
        log.close()
        raise
    return Centre(
        settings=settings,
        kode=kode,
        nama=centres[kode].nama,
        clock=now,
        log=log,
        accounts=accounts,
        board=board,
        desk=Desk(log=log, zones=zones, board=board, clock=now, kode=kode),
        zones=zones,
        basemap=basemap,
        around=around,
        centres=centres,
    )
