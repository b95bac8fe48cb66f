"""A PostGIS of its own for a run of the bench: made, filled, asked and thrown away."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray

from geo112.core.errors import SetupError

PACKAGE = "postgresql-15-postgis-3"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
# PostgreSQL refuses to run as root: then it runs as the user that its Debian package makes.
_SERVANT = "postgres"
_PATIENCE_S = 60.0
_PAUSE_S = 0.05
# A bench may forget everything at a power cut; what is asked of memory and of cores is given.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "jit": "off",
    "max_connections": "40",
    "log_min_messages": "fatal",
}
_JOIN = "SELECT count(*) FROM points JOIN kecamatan ON ST_Covers(kecamatan.geometry, points.geometry)"
# One row per place: the kecamatan that wins by the overlap rule, as ours answers.
AT = "SELECT id FROM kecamatan WHERE ST_Covers(geometry, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) ORDER BY rank LIMIT 1"
# Shares as PostGIS users take them: cut in degrees, measured on the ellipsoid.
SHARES = (
    "WITH area AS (SELECT ST_GeomFromWKB(%s, 4326) AS shape) SELECT id, "
    "ST_Area(ST_Intersection(geometry, shape)::geography) / ST_Area(shape::geography) "
    "FROM kecamatan, area WHERE ST_Intersects(geometry, shape)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGis:
    """A running cluster with the kecamatan in it; `address` is what libpq calls a connection string."""

    address: str
    version: str
    connection: "psycopg.Connection[tuple[Any, ...]]"

    def load_points(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> None:
        """Put the points of a batch into a table."""
        points = np.asarray(shapely.points(lons, lats), dtype=object)
        self.connection.execute("DROP TABLE IF EXISTS points")
        self.connection.execute("CREATE TABLE points (id int, geometry geometry(Point, 4326))")
        rows = (f"{row}\t{line}" for row, line in enumerate(_hex(points)))
        _copy(self.connection, "COPY points FROM STDIN", rows)
        self.connection.execute("ANALYZE points")

    def join(self) -> int:
        """Join all points of the table with the kecamatan that cover them."""
        row = self.connection.execute(_JOIN.encode()).fetchone()
        return 0 if row is None else int(row[0])

    def at(self, lon_deg: float, lat_deg: float) -> int | None:
        """Give the row of the kecamatan that a place belongs to, by a prepared statement."""
        row = self.connection.execute(AT, (lon_deg, lat_deg), prepare=True).fetchone()
        return None if row is None else int(row[0])

    def shares(self, shape: bytes) -> dict[int, float]:
        """Give the shares of a shape by row, by a prepared statement."""
        rows = self.connection.execute(SHARES, (shape,), prepare=True, binary=True).fetchall()
        return {int(row): float(share) for row, share in rows if share > 0}


def require_postgis(programs: Path = PROGRAMS, extension: Path = EXTENSION) -> None:
    """Refuse to begin without PostGIS; raises SetupError that names the package."""
    for needed in (programs / "initdb", programs / "postgres", extension):
        if not needed.is_file():
            raise SetupError(f"needs PostGIS ({needed} is not there): apt-get install {PACKAGE}", field="bench")


@contextmanager
def postgis(polygons: NDArray[np.object_], rank: Sequence[int]) -> Iterator[PostGis]:
    """Run a cluster that knows these kecamatan by row, until the end of the block, whatever ends it."""
    require_postgis()
    folder = Path(tempfile.mkdtemp(prefix="geo112-postgis-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _SERVANT, _SERVANT)
        with _running(folder) as address, psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")
            _load_kecamatan(connection, polygons, rank)
            (version,) = connection.execute("SELECT postgis_lib_version()").fetchone() or ("",)
            yield PostGis(address=address, version=str(version), connection=connection)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    """Start a server on a socket that only its folder leads to."""
    data = folder / "data"
    command = [PROGRAMS / "initdb", "--pgdata", data, "--username", _SERVANT, "--auth=trust", "--no-sync", "-E", "UTF8"]
    made = subprocess.run(  # noqa: S603 - Debian's program with our own words
        _as_servant([*map(str, command), "--no-locale"]), cwd=folder, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise SetupError(f"PostgreSQL could not be set up: {made.stderr.strip()[-300:]}", field="bench")
    options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    cores = f"max_parallel_workers_per_gather={os.cpu_count() or 1}"
    server = subprocess.Popen(  # noqa: S603 - as above
        _as_servant([str(PROGRAMS / "postgres"), "-D", str(data), "-k", str(folder), "-c", cores, *options]),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Ctrl-C is for the bench, which then ends this server in its own time.
        start_new_session=True,
    )
    try:
        address = f"host={folder} user={_SERVANT} dbname=postgres"
        _wait_until_ready(server, address)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _as_servant(command: list[str]) -> list[str]:
    """Run without the rights of root, and end with the bench, also when the bench is killed."""
    rights = [f"--reuid={_SERVANT}", f"--regid={_SERVANT}", "--clear-groups"] if os.geteuid() == 0 else []
    return ["/usr/bin/setpriv", "--pdeathsig=INT", *rights, *command]


def _wait_until_ready(server: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.perf_counter() + _PATIENCE_S
    while server.poll() is None and time.perf_counter() < until:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(_PAUSE_S)
        else:
            return
    raise SetupError(f"PostgreSQL did not start (exit code {server.poll()})", field="bench")


def _load_kecamatan(
    connection: "psycopg.Connection[tuple[Any, ...]]", polygons: NDArray[np.object_], rank: Sequence[int]
) -> None:
    """Fill the table of kecamatan with their rows, ranks and polygons, and index it as PostGIS users do."""
    connection.execute("CREATE TABLE kecamatan (id int, rank int, geometry geometry(Geometry, 4326))")
    rows = (f"{row}\t{rank[row]}\t{line}" for row, line in enumerate(_hex(polygons)))
    _copy(connection, "COPY kecamatan FROM STDIN", rows)
    connection.execute("CREATE INDEX ON kecamatan USING gist (geometry)")
    connection.execute("VACUUM ANALYZE kecamatan")


def _hex(shapes: NDArray[np.object_]) -> list[str]:
    """Write shapes as EWKB in hex."""
    written: list[str] = shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True).tolist()
    return written


def _copy(connection: "psycopg.Connection[tuple[Any, ...]]", statement: str, lines: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for line in lines:
            copy.write(f"{line}\n")
