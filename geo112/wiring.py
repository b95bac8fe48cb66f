"""The only place that chooses which storage, boundaries and clock a centre uses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geo112.core.clock import Clock, SystemClock
from geo112.core.codes import KodeKabKota, kode_kabkota
from geo112.core.errors import SetupError, StorageError
from geo112.core.shapes import Area
from geo112.desk.board import Board
from geo112.desk.desk import CarrierSetup, Deciding, Desk
from geo112.desk.landmarks import Surveyor
from geo112.desk.links import LinkSetup
from geo112.gateway.spool import SpoolForm, SpoolGateway
from geo112.incidents.link_events import LinkGateway
from geo112.locate.cells.table import CellsFile
from geo112.locate.places.shelf import Shelf
from geo112.locate.read import read_message
from geo112.lost.sip_uris import read_sip_uris
from geo112.routing.duties.shelf import DutiesShelf, folders_of
from geo112.settings import FILE_NAME, Settings, perangkat_daerah_root
from geo112.store.accounts import Accounts
from geo112.store.passwords import Passwords
from geo112.store.sql import SqlLog
from geo112.zones.centres import Centre as RegisteredCentre
from geo112.zones.centres import read_centres
from geo112.zones.decision import Decision, DecisionRule
from geo112.zones.question.ask import Answered
from geo112.zones.question.offered import Asking, Settle, Settled

if TYPE_CHECKING:
    # They load numba and shapely, which takes seconds: only what serves a centre waits for them.
    from geo112.basemap.around import Surroundings
    from geo112.basemap.tiles import Basemap
    from geo112.lost.answer import Server
    from geo112.zones.in_force import InForce, ZonesInForce
    from geo112.zones.index import ZoneIndex
    from geo112.zones.second_line import SecondLines

ZONES_FILE = "zones.geo112"
BASEMAP_FILE = "basemap.geo112"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """One set of boundaries with everything that is made of it, so that nobody mixes two sets."""

    version: str
    zones: "ZoneIndex"
    basemap: "Basemap"
    around: "Surroundings"
    lost: "Server"


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
    boundaries: "InForce[Boundaries]"
    zones: "ZonesInForce"
    centres: Mapping[KodeKabKota, RegisteredCentre]
    cells: CellsFile
    places: Shelf
    duties: DutiesShelf
    settle: Settle

    def close(self) -> None:
        """Let go of the database."""
        self.log.close()


def open_accounts(settings: Settings, *, passwords: Passwords | None = None) -> tuple[SqlLog, Accounts]:
    """Open the database of a centre for its accounts alone; close the log when done."""
    log = SqlLog.open(settings.database)
    return log, Accounts(log.engine, passwords)


def build_centre(settings: Settings, *, clock: Clock | None = None, passwords: Passwords | None = None) -> Centre:
    """Open a centre; raises SetupError, DataMissing or StorageError with what has to be done first."""
    from geo112.zones.in_force import ZonesInForce  # noqa: PLC0415 - loads numba: not for accounts alone

    kode = kode_kabkota(settings.kode)
    centres = read_centres(settings.centres_csv)
    if kode not in centres:
        raise SetupError(f"the register has no centre {kode}", field="kode")
    now = clock or SystemClock()
    boundaries = boundaries_in_force(settings, kode=kode, centres=centres, clock=now)
    zones = ZonesInForce(lambda: boundaries.current().zones)
    links = link_setup(settings, nama=centres[kode].nama)
    cells = CellsFile(settings.cells_file)
    read = partial(read_message, gad_orientation_factor=settings.gad_orientation_factor, cells=cells.table)
    shelf = Shelf(settings.places_file)
    settle = settling(settings, index=lambda: boundaries.current().zones, places=shelf)
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
        desk=Desk(
            log=log,
            zones=zones,
            board=board,
            clock=now,
            kode=kode,
            links=links,
            carrier=carrier_setup(settings, cells),
            read=read,
            deciding=deciding(settings),
            settle=settle,
        ),
        boundaries=boundaries,
        zones=zones,
        centres=centres,
        cells=cells,
        places=shelf,
        duties=duties_shelf(settings, kode),
        settle=settle,
    )


def duties_shelf(settings: Settings, kode: KodeKabKota) -> DutiesShelf:
    """Choose where the tables of perangkat daerah, categories and run cards of a centre stand."""
    return DutiesShelf(folders_of(kode, root=perangkat_daerah_root(), own=settings.perangkat_daerah_dir))


def deciding(settings: Settings) -> Deciding:
    """Take over what is set for decisions."""
    rule = DecisionRule(sure_share=settings.decision_sure_share, tell_share=settings.decision_tell_share)
    return Deciding(rule=rule, accuracy_m=settings.boundary_accuracy_m)


def second_lines(settings: Settings) -> "SecondLines":
    """Choose whom to call besides the nearest centre, and from when on; raises BadTable or DataMissing."""
    from geo112.zones.second_line import SecondLines, read_second_lines  # noqa: PLC0415 - only what serves needs it

    return SecondLines(
        numbers=read_second_lines(settings.second_lines_csv),
        min_share=settings.second_line_min_share,
        gap_m=settings.second_line_gap_m,
    )


def boundaries_in_force(
    settings: Settings, *, kode: KodeKabKota, centres: Mapping[KodeKabKota, RegisteredCentre], clock: Clock
) -> "InForce[Boundaries]":
    """Open the boundaries that are in force for a centre; raises DataMissing or StorageError where there are none."""
    from geo112.zones.in_force import InForce, Places  # noqa: PLC0415 - loads numba: not for accounts alone

    places = Places(
        sets_dir=settings.boundary_sets_dir,
        build_dir=settings.boundaries_dir,
        zone=centres[kode].clock_zone,
        file=ZONES_FILE,
    )
    return InForce(partial(open_boundaries, settings, kode, centres), places=places, clock=clock)


def open_boundaries(
    settings: Settings,
    kode: KodeKabKota,
    centres: Mapping[KodeKabKota, RegisteredCentre],
    folder: Path,
    since: datetime | None,
) -> Boundaries:
    """Open one set for a centre, in force since a moment; raises DataMissing or StorageError where it does not do."""
    from geo112.basemap.around import surroundings  # noqa: PLC0415 - loads numba: not for accounts alone
    from geo112.basemap.tiles import Basemap  # noqa: PLC0415 - as above
    from geo112.zones.index import ZoneIndex  # noqa: PLC0415 - as above

    zones = ZoneIndex.open(folder / ZONES_FILE, lines=second_lines(settings))
    basemap_path = folder / BASEMAP_FILE
    return Boundaries(
        version=zones.version,
        zones=zones,
        basemap=Basemap.open(basemap_path),
        around=surroundings(basemap_path, kode),
        lost=lost_server(settings, kode=kode, centres=centres, zones=zones, place=(folder, since)),
    )


def settling(settings: Settings, *, index: Callable[[], "ZoneIndex"], places: Shelf) -> Settle:
    """Choose what questions to callers are made of; `index` gives the boundaries in force at the moment."""
    from geo112.zones.question.settle import settle  # noqa: PLC0415 - loads shapely: not for accounts alone

    asking = Asking(rule=deciding(settings).rule, wrong_share=settings.question_wrong_share)
    landmarks = Surveyor(places).around

    def settled(area: Area, decision: Decision, *, answers: Sequence[Answered]) -> Settled:
        return settle(area, decision, index=index(), landmarks=landmarks, answers=answers, asking=asking)

    return settled


def carrier_setup(settings: Settings, cells: CellsFile) -> CarrierSetup:
    """Choose the table by which cells are read, and which location servers may be asked: none unless said."""
    hosts = tuple(one.strip() for one in (settings.held_dereference_hosts or "").split(",") if one.strip())
    if not hosts:
        return CarrierSetup(table=cells.table)
    from geo112.held.client import dereference  # noqa: PLC0415 - loads httpx: only where it is used

    return CarrierSetup(table=cells.table, fetch=partial(dereference, allowed_hosts=hosts))


def lost_server(
    settings: Settings,
    *,
    kode: KodeKabKota,
    centres: Mapping[KodeKabKota, RegisteredCentre],
    zones: "ZoneIndex",
    place: tuple[Path, datetime | None],
) -> "Server":
    """Make what answers LoST: the whole country or this centre alone; raises BadTable or DataMissing.

    `place` is the folder of the boundaries and since when they are in force: that counts as a change of the mappings.
    """
    from geo112.lost.answer import Server  # noqa: PLC0415 - loads shapely: not for accounts alone
    from geo112.lost.zone_world import Naming, ZoneWorld  # noqa: PLC0415 - as above
    from geo112.zones.service_areas import FILE, ServiceAreas  # noqa: PLC0415 - as above

    folder, since = place
    outlines = folder / FILE
    files = [folder / ZONES_FILE, outlines, settings.centres_csv, settings.folder / FILE_NAME]
    known: Mapping[str, str] = {}
    if settings.lost_sip_uris_csv is not None:
        known = read_sip_uris(settings.lost_sip_uris_csv)
        files.append(settings.lost_sip_uris_csv)
    files.append(settings.second_lines_csv)
    newest_s = max(file.stat().st_mtime for file in files if file.exists())
    if since is not None:
        newest_s = max(newest_s, since.timestamp())
    world = ZoneWorld(
        zones=zones,
        centres=centres,
        naming=Naming(source=settings.lost_name, template=settings.lost_sip_uri, known=known),
        # Without them centres are found all the same; only their areas cannot be told.
        areas=ServiceAreas.open(outlines) if outlines.is_file() else None,
        updated_at=datetime.fromtimestamp(int(newest_s), UTC),
        own=kode if settings.lost_scope == "own" else None,
    )
    parent = None if settings.lost_parent is None else urlsplit(settings.lost_parent).hostname
    return Server(source=settings.lost_name, world=world, parent=parent)


def link_setup(settings: Settings, *, nama: str) -> LinkSetup:
    """Choose under which address callers open links, and what sends the SMS; raises SetupError."""
    if settings.sms_gateway_url is not None:
        from geo112.gateway.http import HttpGateway  # noqa: PLC0415 - loads httpx: only where it is used

        http = HttpGateway(
            settings.sms_gateway_url,
            template=settings.sms_gateway_body,
            form=settings.sms_gateway_type == "form",
            header=settings.sms_gateway_header,
            key=settings.sms_gateway_key,
        )
        return LinkSetup(base_url=settings.callers_url, nama=nama, gateway=http, kind=LinkGateway.HTTP)
    if settings.sms_outbox_dir is not None:
        spool = SpoolGateway(settings.sms_outbox_dir, SpoolForm(settings.sms_outbox_form))
        return LinkSetup(base_url=settings.callers_url, nama=nama, gateway=spool, kind=LinkGateway.SPOOL)
    return LinkSetup(base_url=settings.callers_url, nama=nama)
