"""Two million points in files: the whole command of ours beside joins that read, join and write the same table."""

import contextlib
import importlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask_geopandas
import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import sedonadb
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.postgis import PostGis, postgis, require_postgis
from geo112.bench.reference import points_of_country, read_kecamatan, winners_by_covers
from geo112.core.errors import BadTable
from geo112.zones.overlaps import rank_of
from geo112.zones.records import Zone

POINTS = 2_000_000
SEDONA = "SedonaDB"
GOAL = {SEDONA: 8.0}
STARTED = "geo112 with the start of its process"
DASK, POSTGIS = "dask-geopandas sjoin", "PostGIS, with COPY"
# These take every so manieth point, with their time multiplied: a round would else take minutes.
PART_OF = {DASK: 10, POSTGIS: 20}

Floats = NDArray[np.float64]


def batch(room: Room, *, points: int = POINTS, rounds: int = ROUNDS) -> Iterator[Result]:
    """Measure Parquet, then CSV; rows whose kecamatan is not that of `covers` fail the job.

    All points are on land: at sea a join gives nothing, and ours the nearest kecamatan with its distance.
    """
    require_postgis()
    room.tell("batch: drawing points")
    zones, polygons = read_kecamatan(room.boundaries)
    lons, lats = points_of_country(zones, polygons, count=points * 5 // 4)
    winners = winners_by_covers(zones, polygons, lons, lats)
    land = np.flatnonzero(winners >= 0)[:points]
    lons, lats, winners = lons[land], lats[land], winners[land]
    room.tell("batch: writing files")
    with tempfile.TemporaryDirectory(dir=room.folder) as place, postgis(polygons, rank_of(zones).tolist()) as rival:
        tables = Tables(
            folder=Path(place).resolve(), boundaries=room.boundaries.resolve(), zones=zones, polygons=polygons
        )
        tables.write(lons, lats)
        for kind in ("parquet", "csv"):
            wrong = tables.wrong(kind, winners)
            yield tables.contest(kind, land.size, rival, rounds=rounds, tell=room.tell) | {"disagreements": wrong}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The files of a run, with the kecamatan that are joined to them."""

    folder: Path
    boundaries: Path
    zones: list[Zone]
    polygons: NDArray[np.object_]

    def write(self, lons: Floats, lats: Floats) -> None:
        """Write the points as Parquet and CSV with degrees, as GeoParquet, and in parts for those that take less."""
        for part in (1, *PART_OF.values()):
            east, north = lons[::part], lats[::part]
            table = pa.table({"id": np.arange(east.size), "lon": east, "lat": north})
            pyarrow.parquet.write_table(table, self._points(part, "parquet"))
            pyarrow.csv.write_csv(table, self._points(part, "csv"))
            frame = geopandas.GeoDataFrame(
                {"id": np.arange(east.size)}, geometry=shapely.points(east, north), crs="EPSG:4326"
            )
            frame.to_parquet(self._points(part, "geo"))

    def _points(self, part: int, kind: str) -> Path:
        return self.folder / (f"points-{part}.geo.parquet" if kind == "geo" else f"points-{part}.{kind}")

    def ours(self, kind: str) -> Path:
        """Run the command in this process, which has started, as the others have; give the file that it wrote."""
        # The command line is above this layer; what is measured here is the command.
        run: Callable[[list[str]], int] = importlib.import_module("geo112.cli.main").main
        with contextlib.redirect_stdout(io.StringIO()):
            code = run(self._command(kind))
        if code:
            raise BadTable(f"resolve --points ended with {code}", field="points")
        return self._out(kind)

    def started(self, kind: str) -> None:
        """Run the command as a process of its own."""
        subprocess.run(  # noqa: S603 - our own program with our own words
            [sys.executable, "-m", "geo112", *self._command(kind)], check=True, capture_output=True
        )

    def _command(self, kind: str) -> list[str]:
        source, out = self._points(1, kind), self._out(kind)
        return ["resolve", "--points", str(source), "--out", str(out), "--boundaries", str(self.boundaries)]

    def _out(self, kind: str) -> Path:
        return self.folder / f"out.{kind}"

    def wrong(self, kind: str, winners: NDArray[np.int64]) -> int:
        """Count the rows that we give another kecamatan than `covers`; those outside have a nearest one."""
        out = self.ours(kind)
        text = {"kode_kecamatan": "str", "outcome": "str"}
        frame = pd.read_parquet(out) if kind == "parquet" else pd.read_csv(out, dtype=text)
        frame = frame.sort_values("id")
        codes = np.array([*(zone.kode for zone in self.zones), ""], object)
        found = frame["kode_kecamatan"].where(frame["outcome"] != "outside", "").to_numpy(object)
        return int((found != codes[winners]).sum())

    def contest(self, kind: str, points: int, rival: PostGis, *, rounds: int, tell: Tell) -> Result:
        """Measure one kind of file."""
        frame = geopandas.GeoDataFrame(
            {"kode": [zone.kode for zone in self.zones]}, geometry=self.polygons, crs="EPSG:4326"
        )
        work: dict[str, Callable[[], object]] = {
            "geo112": lambda: self.ours(kind),
            STARTED: lambda: self.started(kind),
            "geopandas sjoin(within)": lambda: self._sjoin(kind, frame),
            SEDONA: self._sedona(kind, frame),
            DASK: lambda: self._dask(kind, frame),
            POSTGIS: lambda: self._postgis(kind, rival),
        }
        taken = interleave(work, rounds=rounds, tell=lambda step: tell(f"batch {kind}, {step}"))
        for name, part in PART_OF.items():
            taken[name] = [seconds * part for seconds in taken[name]]
        return compared(f"batch {kind}", unit="points/s", taken=taken, per=lambda seconds: points / seconds, goal=GOAL)

    def _frame(self, kind: str, part: int = 1) -> geopandas.GeoDataFrame:
        """Read points as those do who join with GeoPandas."""
        if kind == "parquet":
            return geopandas.read_parquet(self._points(part, "geo"))
        table = pd.read_csv(self._points(part, "csv"))
        return geopandas.GeoDataFrame(
            table, geometry=geopandas.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326"
        )

    def _write(self, joined: pd.DataFrame, kind: str) -> None:
        out = self.folder / f"theirs.{kind}"
        if kind == "parquet":
            joined.to_parquet(out)
        else:
            joined.drop(columns="geometry").to_csv(out, index=False)

    def _sjoin(self, kind: str, zones: geopandas.GeoDataFrame) -> None:
        self._write(geopandas.sjoin(self._frame(kind), zones, how="left", predicate="within"), kind)

    def _sedona(self, kind: str, zones: geopandas.GeoDataFrame) -> Callable[[], object]:
        """Read, join and write in SedonaDB with all its threads."""
        context: Any = sedonadb.connect()
        context.create_data_frame(zones).to_memtable().to_view("zones")
        join = "ON ST_Covers(zones.geometry, points.geometry)"
        out = str(self.folder / f"sedona.{kind}")

        def run() -> None:
            if kind == "parquet":
                context.read_parquet(str(self._points(1, "geo"))).to_view("points", overwrite=True)
                context.sql(f"SELECT points.*, zones.kode FROM points JOIN zones {join}").to_parquet(out)  # noqa: S608
                return
            # It reads no CSV: Arrow does.
            table = pyarrow.csv.read_csv(self._points(1, "csv"))
            context.create_data_frame(table).to_view("plain", overwrite=True)
            points = "(SELECT *, ST_SetSRID(ST_Point(lon, lat), 4326) AS geometry FROM plain) AS points"
            query = f"SELECT id, lon, lat, kode FROM {points} JOIN zones {join}"  # noqa: S608
            context.sql(query).to_csv(out)

        return run

    def _dask(self, kind: str, zones: geopandas.GeoDataFrame) -> None:
        """Join by parts in Dask's threads."""
        points = dask_geopandas.from_geopandas(self._frame(kind, PART_OF[DASK]), npartitions=8)
        self._write(points.sjoin(zones, how="inner", predicate="within").compute(), kind)

    def _postgis(self, kind: str, rival: PostGis) -> None:
        """Load the points, then join."""
        frame = self._frame(kind, PART_OF[POSTGIS])
        places = shapely.get_coordinates(np.asarray(frame.geometry.array, dtype=object))
        rival.load_points(places[:, 0], places[:, 1])
        rival.join()
