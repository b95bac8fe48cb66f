"""Looks over a centre and says in plain words what is well and what is not."""

import ctypes
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pysqlite3 import dbapi2

from geo112.cli.centre.folder import backups_dir, lock_folder, register_of, tls_dir
from geo112.cli.centre.tls import RENEW_BELOW_DAYS, inspect
from geo112.cli.ports import is_free
from geo112.core.codes import kode_kabkota
from geo112.core.errors import Conflict, Geo112Error
from geo112.core.roles import Role, Scope
from geo112.routing.duties.read import CARDS
from geo112.settings import Settings
from geo112.store import backup as store
from geo112.store.database import require_sqlite
from geo112.store.sql import SqlLog
from geo112.wiring import boundaries_in_force, duties_shelf, open_accounts
from geo112.zones.centres import read_centres

_LOW_BYTES, _EMPTY_BYTES = 2_000_000_000, 200_000_000
_OLD_BACKUP = timedelta(hours=25)
_TIME_ERROR = 5


class Level(StrEnum):
    """How a finding is meant."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    check: str
    level: Level
    says: str


def examine(settings: Settings, *, now: datetime) -> list[Finding]:
    """Look at everything; a check that fails never keeps the others from being made."""
    checks: tuple[tuple[str, Callable[[Settings, datetime], Finding]], ...] = (
        ("sqlite", _sqlite),
        ("boundaries", _boundaries),
        ("register", _register),
        ("duties", _duties),
        ("database", _database),
        ("chain", _chain),
        ("users", _users),
        ("keys", _keys),
        ("disk", _disk),
        ("clock", _clock),
        ("tls", _tls),
        ("port", _port),
        ("backup", _backup),
    )
    findings = []
    for name, look in checks:
        try:
            findings.append(look(settings, now))
        except (Geo112Error, OSError) as error:
            findings.append(Finding(check=name, level=Level.FAIL, says=str(error)))
    return findings


def _sqlite(_settings: Settings, _now: datetime) -> Finding:
    require_sqlite()
    return Finding(check="sqlite", level=Level.OK, says=f"SQLite {dbapi2.sqlite_version}")


def _boundaries(settings: Settings, now: datetime) -> Finding:
    register = read_centres(settings.centres_csv)
    held = boundaries_in_force(settings, kode=kode_kabkota(settings.kode), centres=register, clock=_At(now))
    index = held.current().zones
    here = sum(zone.kode_kabkota == settings.kode for zone in index.zones)
    if not here:
        return Finding(check="boundaries", level=Level.FAIL, says=f"no kecamatan of {settings.kode} in {index.version}")
    says = f"version {index.version}: {len(index.zones)} kecamatan, {here} of {settings.kode}"
    if held.problems:
        return Finding(check="boundaries", level=Level.FAIL, says=f"{says}; {'; '.join(held.problems)}")
    if held.until is not None:
        says += f"; others take over at {held.until:%Y-%m-%d %H:%M %Z}"
    return Finding(check="boundaries", level=Level.OK, says=says)


class _At:
    """A clock that stands at the moment of the look."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Give that moment."""
        return self._moment


def _register(settings: Settings, _now: datetime) -> Finding:
    return Finding(check="register", level=Level.OK, says=register_of(settings).nama)


def _duties(settings: Settings, _now: datetime) -> Finding:
    now = duties_shelf(settings, kode_kabkota(settings.kode)).in_use()
    if now.problem is not None:
        return Finding(check="duties", level=Level.FAIL, says=now.problem)
    says = f"{len(now.duties.categories)} categories, run cards from {now.tables[CARDS]}"
    return Finding(check="duties", level=Level.OK, says=says)


def _database(settings: Settings, _now: datetime) -> Finding:
    log, accounts = open_accounts(settings)
    try:
        accounts.try_to_write()
    finally:
        log.close()
    open_to = settings.database.stat().st_mode & 0o077
    if open_to:
        return Finding(
            check="database", level=Level.WARN, says="others may read it: chmod 600 " + str(settings.database)
        )
    return Finding(check="database", level=Level.OK, says=f"{settings.database} can be written")


def _chain(settings: Settings, _now: datetime) -> Finding:
    checked = store.check(settings.database)
    return Finding(check="chain", level=Level.OK, says=f"{checked.n} events, none changed")


def _users(settings: Settings, _now: datetime) -> Finding:
    log, accounts = open_accounts(settings)
    try:
        held = {role for user in accounts.users() for role in user.roles}
    finally:
        log.close()
    if not held & {Role.CALL_TAKER, Role.DISPATCHER}:
        return Finding(check="users", level=Level.WARN, says="nobody may take calls: geo112 users add")
    if Role.ADMIN not in held:
        return Finding(check="users", level=Level.WARN, says="nobody is admin: users are managed by this command only")
    return Finding(check="users", level=Level.OK, says="call takers and an admin are there")


def _keys(settings: Settings, _now: datetime) -> Finding:
    log, accounts = open_accounts(settings)
    try:
        keys = accounts.keys()
    finally:
        log.close()
    missing = [scope.value for scope in Scope if not any(scope in key.scopes for key in keys)]
    if missing:
        says = f"no key for {' and '.join(missing)}: geo112 keys add"
        return Finding(check="keys", level=Level.WARN, says=says)
    return Finding(check="keys", level=Level.OK, says="sms and pbx may send")


def _disk(settings: Settings, _now: datetime) -> Finding:
    free = shutil.disk_usage(settings.folder).free
    level = Level.FAIL if free < _EMPTY_BYTES else Level.WARN if free < _LOW_BYTES else Level.OK
    return Finding(check="disk", level=level, says=f"{free / 1e9:.1f} GB free")


def _clock(settings: Settings, now: datetime) -> Finding:
    """Compare the clock with the last event, and ask Linux whether it is kept in step (adjtimex(2))."""
    log = SqlLog.open(settings.database)
    try:
        last = max(log.head()[0] - 1, 0)
        ahead = [recorded.at for recorded in log.read(after=last) if recorded.at > now + timedelta(seconds=5)]
    finally:
        log.close()
    if ahead:
        return Finding(check="clock", level=Level.FAIL, says=f"the clock is behind the last event ({ahead[0]})")
    if sys.platform.startswith("linux") and ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) == _TIME_ERROR:
        return Finding(check="clock", level=Level.WARN, says="no time server keeps the clock in step (NTP)")
    return Finding(check="clock", level=Level.OK, says=f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _tls(settings: Settings, now: datetime) -> Finding:
    dates = inspect(tls_dir(settings))
    if dates is None:
        return Finding(check="tls", level=Level.OK, says="not in use: this machine only")
    ca_until, server_until = dates
    says = f"authority until {ca_until:%Y-%m-%d}, server until {server_until:%Y-%m-%d}"
    if min(ca_until, server_until) <= now:
        return Finding(check="tls", level=Level.FAIL, says=f"{says}: ended")
    short = server_until - now < timedelta(days=RENEW_BELOW_DAYS)
    return Finding(check="tls", level=Level.WARN if short else Level.OK, says=says)


def _port(settings: Settings, _now: datetime) -> Finding:
    try:
        with lock_folder(settings.folder):
            free = is_free(settings.host, settings.port)
    except Conflict:
        return Finding(check="port", level=Level.OK, says=f"the centre is running (port {settings.port})")
    if not free:
        return Finding(check="port", level=Level.FAIL, says=f"port {settings.port} is used by another program")
    return Finding(check="port", level=Level.OK, says=f"port {settings.port} is free; the centre is not running")


def _backup(settings: Settings, now: datetime) -> Finding:
    folder = backups_dir(settings)
    times = [path.stat().st_mtime for path in folder.glob("*.tar")] if folder.is_dir() else []
    if not times:
        return Finding(check="backup", level=Level.WARN, says=f"no copy in {folder}: geo112 backup")
    age = now - datetime.fromtimestamp(max(times), now.tzinfo)
    level = Level.WARN if age > _OLD_BACKUP else Level.OK
    return Finding(check="backup", level=level, says=f"the last copy is {age.total_seconds() / 3600:.1f} h old")
