"""Connections to the database file of a centre, all with the same guarantees, and the steps to its present form."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from geo112.core.errors import SetupError, StorageError

# Before 3.51.3 a WAL file with several writers could be damaged (sqlite.org, "WAL-reset bug").
LEAST_SQLITE = (3, 51, 3)
WAIT_S = 30.0
_PAUSE_S = 0.005
# As many as there are threads that answer requests, so that none waits for a connection while it holds another.
_POOL_SIZE = 48
_READS_ONLY = "geo112_reads_only"
_MIGRATIONS = Path(__file__).parent / "migrations"


def require_sqlite(version: tuple[int, ...] = dbapi2.sqlite_version_info) -> None:
    """Refuse a SQLite that could lose calls; raises SetupError."""
    if version < LEAST_SQLITE:
        found, least = (".".join(map(str, one)) for one in (version, LEAST_SQLITE))
        raise SetupError(f"SQLite {found} can damage the log; {least} or later is needed: install pysqlite3 0.6.1")


def connect(path: Path) -> Any:  # noqa: ANN401 - pysqlite3 has no types
    """Open a connection of the driver whose commits are on disk when they return; raises StorageError."""
    require_sqlite()
    try:
        connection = dbapi2.connect(str(path), timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        _prepare(connection)
    except dbapi2.Error as error:
        raise StorageError(f"{path.name} cannot be opened: {error}") from error
    return connection


def _prepare(connection: Any) -> None:  # noqa: ANN401 - pysqlite3 has no types
    """Set what every connection needs; mmap stays off, since a write error through it is a crash."""
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def _write_ahead(connection: Any) -> None:  # noqa: ANN401 - pysqlite3 has no types
    """Switch the file to a write-ahead log, as patiently as any other statement.

    The switch needs the file alone for a moment, and here SQLite does not call its busy handler, because waiting could
    be a deadlock: of processes that open a new file together some hear "locked" at once, whatever their time-out.
    """
    give_up_at = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except dbapi2.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != dbapi2.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def open_engine(path: Path) -> Engine:
    """Give an engine for queries; `engine.begin()` takes the write lock at once, `reading` takes none."""
    require_sqlite()
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        module=dbapi2,
        connect_args={"timeout": WAIT_S, "isolation_level": None, "check_same_thread": False},
        pool_size=_POOL_SIZE,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - pysqlite3 has no types
        _prepare(connection)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A transaction that reads first and then writes fails under others' writes, however long it would wait.
        reads_only = connection.get_execution_options().get(_READS_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection for queries that see one moment and hold up nobody; raises StorageError."""
    with storage_errors("read"), engine.connect() as connection:
        yield connection.execution_options(**{_READS_ONLY: True})


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Turn whatever the driver or SQLAlchemy raises into StorageError."""
    try:
        yield
    except (dbapi2.Error, DBAPIError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise StorageError(f"the log cannot be {doing}: {cause}") from error


def newest_form() -> str:
    """Give the number of the last migration, by the names of the files alone."""
    names = (re.match(r"v(\d{4})_", path.name) for path in (_MIGRATIONS / "versions").glob("v*.py"))
    return max(found[1] for found in names if found)


def form_of(connection: Connection) -> str | None:
    """Give the number of the last migration that the database went through; None for an empty file."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def migrate(engine: Engine) -> None:
    """Bring the database to its present form; raises SetupError when it is of a later geo112."""
    with storage_errors("read"):
        with reading(engine) as connection:
            form = form_of(connection)
        if form == newest_form():
            return
        if form is not None and form > newest_form():
            raise SetupError(f"the database is of a later geo112 (form {form}, this one knows {newest_form()})")
        with engine.begin() as connection:
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a second that only the first start needs
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
