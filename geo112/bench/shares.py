"""Uncertain circle to shares of kecamatan: ours beside shapely's intersection with a polygon of 64 corners."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.reference import points_of_country, read_kecamatan
from geo112.core.crs import to_plane
from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.zones.index import ZoneIndex
from geo112.zones.overlaps import rank_of, remainders

RADII_M = (50.0, 250.0, 1_000.0, 5_000.0)
CIRCLES = 200
CHECKED = 20
GOAL = 15.0
MOST_ERROR = 1e-5


def shares(
    room: Room, *, radii_m: Sequence[float] = RADII_M, count: int = CIRCLES, rounds: int = ROUNDS
) -> Iterator[Result]:
    """Measure circles of four sizes around points of which half are near a border."""
    room.tell("shares: drawing circles")
    index = ZoneIndex.open(room.boundaries / "zones.geo112")
    zones, polygons = read_kecamatan(room.boundaries)
    losers, left = remainders(polygons, rank_of(zones))
    polygons = polygons.copy()
    polygons[losers] = left
    lons, lats = points_of_country(zones, polygons, count=count)
    middles = [Position(lon_deg=lon, lat_deg=lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    for radius_m in radii_m:
        circles = [Circle(middle=middle, radius_m=radius_m) for middle in middles]
        yield job(index, polygons, circles, tell=room.tell, rounds=rounds)


def job(
    index: ZoneIndex, polygons: NDArray[np.object_], circles: list[Circle], *, tell: Tell, rounds: int = ROUNDS
) -> Result:
    """Measure circles of one size; `error` is the largest difference from circles of 4,096 corners and fine edges."""
    tree = shapely.STRtree(polygons)
    tell("shares: errors")
    rows = {zone.kode: row for row, zone in enumerate(index.zones)}
    error, error_64 = 0.0, 0.0
    for circle in circles[:CHECKED]:
        fine = by_shapely(tree, polygons, circle, corners=4_096, step_deg=0.0005)
        ours = {rows[share.kode]: share.share for share in index.jurisdiction(circle).shares.kecamatan}
        rough = by_shapely(tree, polygons, circle, corners=64)
        error = max(error, _difference(ours, fine))
        error_64 = max(error_64, _difference(rough, fine))
    work = {
        "geo112": lambda: [index.jurisdiction(circle) for circle in circles],
        "shapely, 64 corners": lambda: [by_shapely(tree, polygons, circle, corners=64) for circle in circles],
    }
    taken = interleave(work, rounds=rounds, tell=tell)
    result = compared(
        f"shares {circles[0].radius_m:.0f} m",
        unit="µs",
        taken=taken,
        per=lambda seconds: seconds / len(circles) * 1e6,
        goal={"shapely, 64 corners": GOAL},
    )
    met = result["met"] and error <= MOST_ERROR
    return {**result, "met": met, "error": error, "error_of_others": {"shapely, 64 corners": error_64}}


def by_shapely(
    tree: shapely.STRtree,
    polygons: NDArray[np.object_],
    circle: Circle,
    *,
    corners: int,
    step_deg: float | None = None,
) -> dict[int, float]:
    """Give the shares of a circle by row: a polygon of so many corners, cut and measured in the equal-area plane.

    With `step_deg` the edges are cut that fine before they are projected; without it the circle goes to degrees,
    is cut there, and only the pieces are projected, which is the quickest that shapely allows.
    """
    plane = to_plane(circle.middle)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    east, north = circle.radius_m * np.cos(angle), circle.radius_m * np.sin(angle)
    lons, lats = plane.transform(east, north, direction="INVERSE")
    disc = shapely.Polygon(np.column_stack([lons, lats]))
    rows = tree.query(disc, predicate="intersects")
    if step_deg is None:
        pieces = shapely.intersection(polygons[rows], disc)
    else:
        box = shapely.box(*shapely.buffer(disc, 0.001).bounds)
        pieces = shapely.segmentize(shapely.intersection(polygons[rows], box), step_deg)
    pieces = shapely.transform(pieces, lambda lonlat: np.column_stack(plane.transform(lonlat[:, 0], lonlat[:, 1])))
    whole = shapely.Polygon(np.column_stack([east, north]))
    if step_deg is not None:
        pieces = shapely.intersection(shapely.make_valid(pieces), whole)
    part = circle.confidence_share * shapely.area(pieces) / whole.area
    return {row: share for row, share in zip(rows.tolist(), part.tolist(), strict=True) if share > 0}


def _difference(one: dict[int, float], other: dict[int, float]) -> float:
    """Give the largest difference of two sets of shares."""
    return max((abs(one.get(row, 0.0) - other.get(row, 0.0)) for row in {*one, *other}), default=0.0)
