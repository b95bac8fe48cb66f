"""Point to kecamatan: a million points at once, and one point after another."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import geopandas
import numpy as np
import sedonadb
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.reference import points_of_country, read_kecamatan, winners_by_covers
from geo112.core.geo import Position
from geo112.zones.index import ZoneIndex
from geo112.zones.overlaps import rank_of
from geo112.zones.records import Zone

POINTS = 1_000_000
SINGLES = 2_000
# What the release promises in one run.
BATCH_GOAL = {"sjoin(within)": 15.0}
SINGLE_GOAL = {"STRtree": 10.0}

Floats = NDArray[np.float64]


def lookups(room: Room, *, points: int = POINTS, singles: int = SINGLES, rounds: int = ROUNDS) -> Iterator[Result]:
    """Measure both on the built boundaries; points on which ours and `covers` disagree fail the job."""
    room.tell("zones: drawing points")
    index = ZoneIndex.open(room.boundaries / "zones.geo112")
    zones, polygons = read_kecamatan(room.boundaries)
    lons, lats = points_of_country(zones, polygons, count=points)
    room.tell("zones: comparing with covers")
    wrong = int((index.zone_ids(lons, lats) != winners_by_covers(zones, polygons, lons, lats)).sum())
    for measure, count in ((batch_job, points), (single_job, singles)):
        result = measure(index, polygons, lons[:count], lats[:count], tell=room.tell, rounds=rounds)
        yield {**result, "met": result["met"] and wrong == 0, "disagreements": wrong}


def batch_job(
    index: ZoneIndex,
    polygons: NDArray[np.object_],
    lons: Floats,
    lats: Floats,
    *,
    tell: Tell,
    rounds: int = ROUNDS,
) -> Result:
    """Give all points their kecamatan at once."""
    cores = os.cpu_count() or 1
    points = np.asarray(shapely.points(lons, lats), dtype=object)
    zone_frame = geopandas.GeoDataFrame(geometry=polygons, crs="EPSG:4326")
    point_frame = geopandas.GeoDataFrame(geometry=points, crs="EPSG:4326")
    tree = shapely.STRtree(polygons)
    work: dict[str, Callable[[], object]] = {
        "geo112": lambda: index.zone_ids(lons, lats, threads=cores),
        "geo112, one thread": lambda: index.zone_ids(lons, lats),
        "STRtree(points).query(zones)": lambda: shapely.STRtree(points).query(polygons, predicate="covers"),
        "STRtree(zones).query(points)": lambda: tree.query(points, predicate="covered_by"),
        "sjoin(within)": lambda: geopandas.sjoin(point_frame, zone_frame, predicate="within"),
        "SedonaDB": _sedona(zone_frame, point_frame),
    }
    taken = interleave(work, rounds=rounds, tell=tell)
    return compared("zones", unit="points/s", taken=taken, per=lambda seconds: lons.size / seconds, goal=BATCH_GOAL)


def _sedona(zones: geopandas.GeoDataFrame, points: geopandas.GeoDataFrame) -> Callable[[], object]:
    """Join in SedonaDB with all its threads, from data that it already holds."""
    context: Any = sedonadb.connect()
    context.create_data_frame(zones).to_memtable().to_view("zones")
    context.create_data_frame(points).to_memtable().to_view("points")
    query = "SELECT count(*) FROM points JOIN zones ON ST_Covers(zones.geometry, points.geometry)"
    return lambda: context.sql(query).execute()


def single_job(
    index: ZoneIndex,
    polygons: NDArray[np.object_],
    lons: Floats,
    lats: Floats,
    *,
    tell: Tell,
    rounds: int = ROUNDS,
) -> Result:
    """Give one fix after another its kecamatan, as calls come in; the median of single calls, and the 99th.

    Both begin with the position of a fix and end with the one kecamatan that it belongs to. The tree alone, asked with
    a point that shapely has made before and not asked which of several wins, stands beside them.
    """
    positions = [Position(lon_deg=lon, lat_deg=lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    points = list(np.asarray(shapely.points(lons, lats), dtype=object))
    tree, rank, zones = shapely.STRtree(polygons), rank_of(index.zones).tolist(), index.zones

    def by_tree(position: Position) -> Zone | None:
        rows = tree.query(shapely.Point(position.lon_deg, position.lat_deg), predicate="covered_by")
        return zones[min(rows.tolist(), key=rank.__getitem__)] if rows.size else None

    def tree_alone(point: shapely.Point) -> NDArray[np.int64]:
        return tree.query(point, predicate="covered_by")

    ways: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "geo112": (index.at, positions),
        "STRtree": (by_tree, positions),
        "STRtree alone, point ready": (tree_alone, points),
    }
    medians: dict[str, list[float]] = {name: [] for name in ways}
    slowest: dict[str, list[float]] = {name: [] for name in ways}
    for one in range(rounds + 1):
        for name, (way, arguments) in ways.items():
            tell(f"{name}, one by one: {one}/{rounds}")
            seconds = np.array([_seconds(way, argument) for argument in arguments])
            if one:
                medians[name].append(float(np.median(seconds)))
                slowest[name].append(float(np.quantile(seconds, 0.99)))
    result = compared("zones single", unit="µs p50", taken=medians, per=lambda seconds: seconds * 1e6, goal=SINGLE_GOAL)
    return {**result, "p99_us": {name: float(np.median(values)) * 1e6 for name, values in slowest.items()}}


def _seconds(way: Callable[[Any], object], argument: object) -> float:
    """Time one call."""
    start = time.perf_counter()
    way(argument)
    return time.perf_counter() - start
