"""Makes a new centre in an empty folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geo112.cli.centre.folder import FILE_NAME, backups_dir, tls_dir
from geo112.cli.centre.spool import make_folders
from geo112.core.codes import KodeKabKota
from geo112.core.errors import BadCode, Conflict, DataMissing, SetupError
from geo112.core.roles import Scope
from geo112.settings import Settings, installed_root, make_settings
from geo112.wiring import ZONES_FILE, open_accounts
from geo112.zones.centres import Centre, read_centres

_NEAR = 5
_SPOOL = Path("spool")

_TOML = """\
# Pusat 112 {nama}. Semua pengaturan: docs/settings.md
kode = "{kode}"
host = "127.0.0.1"
port = {port}
database = "centre.sqlite"
spool_dir = "spool"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCentre:
    """A centre that was just made; the keys are shown this once and kept nowhere."""

    settings: Settings
    centre: Centre
    sms_key: str
    pbx_key: str


def make_centre(folder: Path, kode: str, *, port: int, simulation: bool = False, now: datetime) -> NewCentre:
    """Make settings, database, keys and folders of a centre; raises BadCode, SetupError, DataMissing or Conflict.

    Everything is checked before anything is written.
    """
    centre = find_centre(kode, read_centres(installed_root() / "data" / "boundaries" / "centres.csv"))
    settings = make_settings(folder=folder, kode=centre.kode, port=port, spool_dir=_SPOOL, simulation=simulation)
    if not (settings.boundaries_dir / ZONES_FILE).is_file():
        raise DataMissing("the boundaries are not built: run `geo112 prepare boundaries`", field="boundaries")
    try:
        _require_empty(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (tls_dir(settings), backups_dir(settings)):
            path.mkdir(mode=0o700)
        make_folders(settings.folder / _SPOOL)
        sms_key, pbx_key = _make_database(settings, now=now)
        # The settings come last: a folder that has them is a whole centre.
        (folder / FILE_NAME).write_text(_settings_text(settings, centre), encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{folder} cannot be written: {error.strerror}", field="folder") from None
    return NewCentre(settings=settings, centre=centre, sms_key=sms_key, pbx_key=pbx_key)


def find_centre(kode: str, register: Mapping[KodeKabKota, Centre]) -> Centre:
    """Find a centre by its code; raises BadCode that names the ones that may have been meant."""
    wanted = kode.strip().casefold()
    for centre in register.values():
        if centre.kode == wanted:
            return centre
    near = [centre for centre in register.values() if wanted and wanted in centre.nama.casefold()]
    near = near or [centre for centre in register.values() if centre.kode[:2] == wanted[:2]]
    hint = ", ".join(f"{centre.kode} {centre.nama}" for centre in near[:_NEAR])
    message = f"{kode!r} is no kode of a kabupaten or kota such as 35.72"
    raise BadCode(f"{message}; near: {hint}" if hint else message, field="kode")


def _require_empty(folder: Path) -> None:
    """Refuse a folder with anything in it, naming what is there."""
    if folder.exists() and not folder.is_dir():
        raise Conflict(f"{folder} is no folder", field="folder")
    there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if there:
        names = ", ".join(there[:_NEAR]) + (f" and {len(there) - _NEAR} more" if len(there) > _NEAR else "")
        raise Conflict(f"{folder.resolve()} is not empty: it holds {names}", field="folder")


def _make_database(settings: Settings, *, now: datetime) -> tuple[str, str]:
    log, accounts = open_accounts(settings)
    try:
        return (
            accounts.add_key(name="SMS gateway", scopes=[Scope.SMS], now=now),
            accounts.add_key(name="PBX", scopes=[Scope.PBX], now=now),
        )
    finally:
        log.close()


def _settings_text(settings: Settings, centre: Centre) -> str:
    text = _TOML.format(kode=centre.kode, nama=centre.nama, port=settings.port)
    return text + ("simulation = true\n" if settings.simulation else "")
