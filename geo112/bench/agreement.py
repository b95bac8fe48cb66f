"""Does every answer agree with shapely's `covers` and the overlap rule: over the country, in enclaves, on borders."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import Result, Room, machine
from geo112.bench.reference import METRES_IN_DEGREE, borders_of, read_kecamatan, winners_by_covers
from geo112.core.errors import BadTable
from geo112.zones.index import ZoneIndex
from geo112.zones.records import Zone

# Kota that lie as holes in their kabupaten (in the source, or in truth).
ENCLAVES = (
    "Kota Blitar", "Kota Kediri", "Kota Malang", "Kota Mojokerto", "Kota Magelang", "Kota Salatiga", "Kota Bogor",
    "Kota Sukabumi", "Kota Jambi", "Kota Payakumbuh", "Kota Bukittinggi", "Kota Padang Panjang", "Kota Tebing Tinggi",
    "Kota Pematangsiantar", "Kota Tanjungbalai", "Kota Padangsidimpuan", "Kota Tomohon",
)  # fmt: skip
POINTS = 5_000_000
PER_ENCLAVE, PER_BORDER = 50_000, 2_000
# How far around an enclave, and how far from a border.
AROUND_M, NEAR_M = 2_000.0, 50.0
_AT_ONCE = 500_000

Points = NDArray[np.float64]


def agreement(
    room: Room,
    *,
    points: int = POINTS,
    per_enclave: int = PER_ENCLAVE,
    per_border: int = PER_BORDER,
    kabkota: Sequence[str] | None = None,
    seed: int = 112,
) -> Iterator[Result]:
    """Compare all answers; `kabkota` keeps the borders to those of a few codes."""
    index = ZoneIndex.open(room.boundaries / "zones.geo112")
    zones, polygons = read_kecamatan(room.boundaries)
    random = np.random.default_rng(seed)
    compared: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for name, lonlat in _drawn(zones, polygons, random, counts=(points, per_enclave, per_border), kabkota=kabkota):
        compared[name] = compared.get(name, 0) + len(lonlat)
        room.tell(f"agreement: {name}, {compared[name]:,} points")
        lons, lats = np.ascontiguousarray(lonlat[:, 0]), np.ascontiguousarray(lonlat[:, 1])
        differs = index.zone_ids(lons, lats, threads=2) != winners_by_covers(zones, polygons, lons, lats)
        wrong[name] = wrong.get(name, 0) + int(differs.sum())
    disagreements = sum(wrong.values())
    yield {
        "job": "agreement",
        "unit": "points",
        "ours": sum(compared.values()),
        "others": {},
        "ratio": {},
        "goal": {},
        "met": disagreements == 0,
        "rounds": 1,
        "machine": machine(),
        "disagreements": disagreements,
        "compared": compared,
        "disagreements_of": wrong,
    }


def _drawn(
    zones: Sequence[Zone],
    polygons: NDArray[np.object_],
    random: np.random.Generator,
    *,
    counts: tuple[int, int, int],
    kabkota: Sequence[str] | None,
) -> Iterator[tuple[str, Points]]:
    """Draw points group by group, few enough at once for the memory of a small machine."""
    points, per_enclave, per_border = counts
    for start in range(0, points, _AT_ONCE):
        yield "country", over_country(polygons, random, min(_AT_ONCE, points - start))
    for name in ENCLAVES:
        rows = [row for row, zone in enumerate(zones) if _plain(zone.kabkota) == _plain(name)]
        if not rows:
            raise BadTable(f"there is no {name} in these boundaries", field="boundaries")
        west, south, east, north = shapely.total_bounds(polygons[rows])
        by = AROUND_M / METRES_IN_DEGREE
        yield "enclaves", random.uniform([west - by, south - by], [east + by, north + by], (per_enclave, 2))
    groups: dict[str, list[Points]] = {"corners of borders": [], "on borders": [], "within 50 m of borders": []}
    for border in borders_of(zones, polygons, kabkota=kabkota).values():
        corners, on = shapely.get_coordinates(border), along(border, random, per_border)
        drawn = (corners[random.permutation(len(corners))[:per_border]], on, aside(on, random, NEAR_M))
        for group, part in zip(groups.values(), drawn, strict=True):
            group.append(part)
    yield from ((name, np.concatenate(parts)) for name, parts in groups.items())


def over_country(polygons: NDArray[np.object_], random: np.random.Generator, count: int) -> Points:
    """Draw points over the country: anywhere in the boxes of its kecamatan, so on land and on the water around it."""
    west, south, east, north = shapely.bounds(polygons).T
    size = (east - west) * (north - south)
    drawn = random.choice(len(polygons), count, p=size / size.sum())
    lons = random.uniform(west[drawn], east[drawn])
    lats = random.uniform(south[drawn], north[drawn])
    return np.column_stack([lons, lats])


def along(border: shapely.Geometry, random: np.random.Generator, count: int) -> Points:
    """Draw points on a border, as near as numbers allow."""
    lines = np.full(count, border, object)
    return shapely.get_coordinates(shapely.line_interpolate_point(lines, random.random(count), normalized=True))


def aside(points: Points, random: np.random.Generator, most_m: float) -> Points:
    """Move points by up to so many metres, in any direction."""
    away_deg = most_m / METRES_IN_DEGREE * random.random(len(points))
    bearing = 2 * np.pi * random.random(len(points))
    east = away_deg * np.sin(bearing) / np.cos(np.radians(points[:, 1]))
    return points + np.column_stack([east, away_deg * np.cos(bearing)])


def _plain(name: str) -> str:
    """Write a name as all sources do: they disagree on spaces."""
    return name.replace(" ", "").lower()
