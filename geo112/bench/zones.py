"""Point to kecamatan: a million points at once, and one point after another."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import geopandas
import numpy as np
import sedonadb
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.limits import CELLS, EMPTY, mapped_words, nothing, read_cells
from geo112.bench.postgis import PostGis, postgis, require_postgis
from geo112.bench.reference import points_of_country, read_kecamatan, winners_by_covers
from geo112.core.geo import Position
from geo112.zones.index import ZoneIndex
from geo112.zones.layout import NOTHING
from geo112.zones.overlaps import rank_of
from geo112.zones.records import Zone

POINTS = 1_000_000
SINGLES = 2_000
# What the release promises in one run: beside the best of these, whichever it is, and beside the tree.
BATCH_GOAL = 25.0
SHAPELY = ("STRtree(points).query(zones)", "STRtree(zones).query(points)", "sjoin(within)", "sjoin(intersects)")
SINGLE_GOAL = {"STRtree": 15.0}
POSTGIS = "PostGIS ST_Covers"
# PostGIS joins every so manieth point, and its time is multiplied: a round would else take most of a minute.
POSTGIS_PART = 20

Floats = NDArray[np.float64]


def lookups(room: Room, *, points: int = POINTS, singles: int = SINGLES, rounds: int = ROUNDS) -> Iterator[Result]:
    """Measure both on the built boundaries; points on which ours and `covers` disagree fail the job."""
    require_postgis()
    room.tell("zones: drawing points")
    path = room.boundaries / "zones.geo112"
    index = ZoneIndex.open(path)
    zones, polygons = read_kecamatan(room.boundaries)
    lons, lats = points_of_country(zones, polygons, count=points)
    room.tell("zones: comparing with covers")
    winners = winners_by_covers(zones, polygons, lons, lats)
    wrong = int((index.zone_ids(lons, lats) != winners).sum())
    room.tell("zones: starting PostGIS")
    with postgis(polygons, rank_of(zones).tolist()) as rival:
        contest = Contest(index=index, words=mapped_words(path), polygons=polygons, rival=rival, tell=room.tell)
        yield contest.batch(lons, lats, rounds=rounds) | {"disagreements": wrong}
        lons, lats, winners = lons[:singles], lats[:singles], winners[:singles]
        theirs = [rival.at(lon, lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
        differs = sum((NOTHING if one is None else one) != row for one, row in zip(theirs, winners, strict=True))
        result = contest.single(lons, lats, rounds=rounds)
        yield result | {"disagreements": wrong, "disagreements_of_postgis": int(differs)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Ours and all that stand beside it, on the same kecamatan."""

    index: ZoneIndex
    words: Floats
    polygons: NDArray[np.object_]
    rival: PostGis
    tell: Tell

    def batch(self, lons: Floats, lats: Floats, *, rounds: int = ROUNDS) -> Result:
        """Give all points their kecamatan at once."""
        cores = os.cpu_count() or 1
        points = np.asarray(shapely.points(lons, lats), dtype=object)
        zone_frame = geopandas.GeoDataFrame(geometry=self.polygons, crs="EPSG:4326")
        point_frame = geopandas.GeoDataFrame(geometry=points, crs="EPSG:4326")
        tree, polygons = shapely.STRtree(self.polygons), self.polygons
        self.rival.load_points(lons[::POSTGIS_PART], lats[::POSTGIS_PART])
        work: dict[str, Callable[[], object]] = {
            "geo112": lambda: self.index.zone_ids(lons, lats, threads=cores),
            "geo112, one thread": lambda: self.index.zone_ids(lons, lats),
            SHAPELY[0]: lambda: shapely.STRtree(points).query(polygons, predicate="covers"),
            SHAPELY[1]: lambda: tree.query(points, predicate="covered_by"),
            SHAPELY[2]: lambda: geopandas.sjoin(point_frame, zone_frame, predicate="within"),
            SHAPELY[3]: lambda: geopandas.sjoin(point_frame, zone_frame, predicate="intersects"),
            "SedonaDB": _sedona(zone_frame, point_frame),
            POSTGIS: self.rival.join,
            CELLS: lambda: read_cells(self.words, lons, lats, threads=cores),
            f"{CELLS}, one thread": lambda: read_cells(self.words, lons, lats, threads=1),
        }
        taken = interleave(work, rounds=rounds, tell=self.tell)
        taken[POSTGIS] = [seconds * lons.size / lons[::POSTGIS_PART].size for seconds in taken[POSTGIS]]
        best = min(SHAPELY, key=lambda name: median(taken[name]))
        return compared(
            "zones", unit="points/s", taken=taken, per=lambda seconds: lons.size / seconds, goal={best: BATCH_GOAL}
        )

    def single(self, lons: Floats, lats: Floats, *, rounds: int = ROUNDS) -> Result:
        """Give one fix after another its kecamatan, as calls come in; the median of single calls, and the 99th.

        All begin with the position of a fix and end with the one kecamatan that it belongs to. The tree alone, asked
        with a point that shapely has made before and not asked which of several wins, stands beside them.
        """
        positions = [Position(lon_deg=lon, lat_deg=lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
        points = list(np.asarray(shapely.points(lons, lats), dtype=object))
        tree, rank, zones = shapely.STRtree(self.polygons), rank_of(self.index.zones).tolist(), self.index.zones

        def by_tree(position: Position) -> Zone | None:
            rows = tree.query(shapely.Point(position.lon_deg, position.lat_deg), predicate="covered_by")
            return zones[min(rows.tolist(), key=rank.__getitem__)] if rows.size else None

        def tree_alone(point: shapely.Point) -> NDArray[np.int64]:
            return tree.query(point, predicate="covered_by")

        def by_postgis(position: Position) -> Zone | None:
            row = self.rival.at(position.lon_deg, position.lat_deg)
            return None if row is None else zones[row]

        def empty(position: Position) -> int:
            return nothing(self.words, position.lon_deg, position.lat_deg)

        ways: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
            "geo112": (self.index.at, positions),
            "STRtree": (by_tree, positions),
            "STRtree alone, point ready": (tree_alone, points),
            "PostGIS, prepared statement": (by_postgis, positions),
            EMPTY: (empty, positions),
        }
        medians: dict[str, list[float]] = {name: [] for name in ways}
        slowest: dict[str, list[float]] = {name: [] for name in ways}
        for one in range(rounds + 1):
            for name, (way, arguments) in ways.items():
                self.tell(f"{name}, one by one: {one}/{rounds}")
                seconds = np.array([_seconds(way, argument) for argument in arguments])
                if one:
                    medians[name].append(float(np.median(seconds)))
                    slowest[name].append(float(np.quantile(seconds, 0.99)))
        result = compared(
            "zones single", unit="µs p50", taken=medians, per=lambda seconds: seconds * 1e6, goal=SINGLE_GOAL
        )
        return {**result, "p99_us": {name: float(np.median(values)) * 1e6 for name, values in slowest.items()}}


def _sedona(zones: geopandas.GeoDataFrame, points: geopandas.GeoDataFrame) -> Callable[[], object]:
    """Join in SedonaDB with all its threads, from data that it already holds."""
    context: Any = sedonadb.connect()
    context.create_data_frame(zones).to_memtable().to_view("zones")
    context.create_data_frame(points).to_memtable().to_view("points")
    query = "SELECT count(*) FROM points JOIN zones ON ST_Covers(zones.geometry, points.geometry)"
    return lambda: context.sql(query).execute()


def _seconds(way: Callable[[Any], object], argument: object) -> float:
    """Time one call."""
    start = time.perf_counter()
    way(argument)
    return time.perf_counter() - start
