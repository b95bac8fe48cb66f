"""What shapely says: the answers that ours have to agree with, and the points on which they are asked."""

from collections.abc import Sequence
from pathlib import Path

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.zones.overlaps import rank_of
from geo112.zones.records import Zone

METRES_IN_DEGREE = 111_320.0


def read_kecamatan(boundaries: Path) -> tuple[list[Zone], NDArray[np.object_]]:
    """Read the built kecamatan and their polygons, in the order of their codes."""
    frame = geopandas.read_parquet(boundaries / "kecamatan.parquet")
    columns = ("kode_kecamatan", "kecamatan", "kode_kabkota", "kabkota", "area_km2")
    zones = [
        Zone(kode=KodeKecamatan(kode), nama=nama, kode_kabkota=KodeKabKota(kab), kabkota=kabkota, area_km2=area_km2)
        for kode, nama, kab, kabkota, area_km2 in zip(*(frame[name].tolist() for name in columns), strict=True)
    ]
    return zones, np.asarray(frame.geometry.array, dtype=object)


def borders_of(
    zones: Sequence[Zone], polygons: NDArray[np.object_], *, kabkota: Sequence[str] | None = None
) -> dict[str, shapely.Geometry]:
    """Give the border of every kabupaten and kota by code, or of those asked for."""
    members: dict[str, list[int]] = {}
    for row, zone in enumerate(zones):
        if kabkota is None or zone.kode_kabkota in kabkota:
            members.setdefault(zone.kode_kabkota, []).append(row)
    return {kode: shapely.boundary(shapely.union_all(polygons[rows])) for kode, rows in members.items()}


def points_of_country(
    zones: Sequence[Zone], polygons: NDArray[np.object_], *, count: int, seed: int = 112
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw points, half within 500 m of a border of a kabupaten or kota, half anywhere on land; in any order."""
    random = np.random.default_rng(seed)
    borders = np.array(list(borders_of(zones, polygons).values()), object)
    length = shapely.length(borders)
    drawn = random.choice(len(borders), count // 2, p=length / length.sum())
    on_border = shapely.line_interpolate_point(borders[drawn], random.random(drawn.size) * length[drawn])
    lons, lats = shapely.get_x(on_border), shapely.get_y(on_border)
    away_deg = 500 / METRES_IN_DEGREE * random.random(drawn.size)
    bearing = 2 * np.pi * random.random(drawn.size)
    near = np.stack([lons + away_deg * np.sin(bearing) / np.cos(np.radians(lats)), lats + away_deg * np.cos(bearing)])

    missing = count - near.shape[1]
    area = shapely.area(polygons)
    drawn = random.choice(len(polygons), 4 * missing + 100, p=area / area.sum())
    west, south, east, north = shapely.bounds(polygons)[drawn].T
    lons, lats = west + random.random(drawn.size) * (east - west), south + random.random(drawn.size) * (north - south)
    shapely.prepare(polygons)
    land = np.flatnonzero(shapely.intersects_xy(polygons[drawn], lons, lats))[:missing]
    every = np.concatenate([near, np.stack([lons[land], lats[land]])], axis=1)
    every = every[:, random.permutation(every.shape[1])]
    return np.ascontiguousarray(every[0]), np.ascontiguousarray(every[1])


def winners_by_covers(
    zones: Sequence[Zone], polygons: NDArray[np.object_], lons: NDArray[np.float64], lats: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Give the row of each point's kecamatan by shapely's `covers` and the overlap rule, -1 for none."""
    rank = rank_of(zones)
    row_of_rank: NDArray[np.int64] = np.append(np.argsort(rank), -1)
    best = np.full(lons.size, len(zones))
    points = np.asarray(shapely.points(lons, lats), dtype=object)
    zone, point = shapely.STRtree(points).query(polygons, predicate="covers")
    np.minimum.at(best, point, rank[zone])
    winners: NDArray[np.int64] = row_of_rank[best]
    return winners
