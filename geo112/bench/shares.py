"""Uncertain area to shares of kecamatan: ours beside shapely's intersection with a polygon of 64 corners."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.reference import points_of_country, read_kecamatan
from geo112.core.crs import to_plane
from geo112.core.geo import Position
from geo112.core.polygons import as_shapely
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain
from geo112.zones.index import ZoneIndex
from geo112.zones.overlaps import rank_of, remainders

RADII_M = (50.0, 250.0, 1_000.0, 5_000.0)
# How far the other shapes reach.
REACHES_M = (250.0, 1_000.0, 5_000.0)
RING_CORNERS = 24
CIRCLES = 200
CHECKED = 20
GOAL = 15.0
SHAPELY = "shapely, 64 corners"
MOST_ERROR = 1e-5


def shares(
    room: Room,
    *,
    radii_m: Sequence[float] = RADII_M,
    reaches_m: Sequence[float] = REACHES_M,
    count: int = CIRCLES,
    rounds: int = ROUNDS,
) -> Iterator[Result]:
    """Measure circles of four sizes, then other shapes, around points of which half are near a border."""
    room.tell("shares: drawing areas")
    index = ZoneIndex.open(room.boundaries / "zones.geo112")
    zones, polygons = read_kecamatan(room.boundaries)
    losers, left = remainders(polygons, rank_of(zones))
    polygons = polygons.copy()
    polygons[losers] = left
    lons, lats = points_of_country(zones, polygons, count=count)
    middles = [Position(lon_deg=lon, lat_deg=lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    for radius_m in radii_m:
        circles = [Circle(middle=middle, radius_m=radius_m) for middle in middles]
        yield job(f"{radius_m:.0f} m", index, polygons, circles, tell=room.tell, rounds=rounds, goal=GOAL)
    random = np.random.default_rng(5491)
    for reach_m in reaches_m:
        drawn = [_shapes(middle, reach_m, random) for middle in middles]
        for number, name in enumerate(("ellipse", "arc band", "polygon")):
            areas = [each[number] for each in drawn]
            yield job(f"{name} {reach_m:.0f} m", index, polygons, areas, tell=room.tell, rounds=rounds)


def _shapes(middle: Position, reach_m: float, random: np.random.Generator) -> tuple[Ellipse, ArcBand, Polygon]:
    """Draw an ellipse, a sector's band as a cell with timing advance has it, and a ragged polygon about a place."""
    turn_deg = float(random.uniform(0, 360))
    ellipse = Ellipse(middle=middle, semi_major_m=reach_m, semi_minor_m=reach_m * 0.4, orientation_deg=turn_deg)
    band = ArcBand(apex=middle, inner_m=reach_m * 0.7, outer_m=reach_m, start_deg=turn_deg, opening_deg=120)
    ring = tuple(
        middle.moved(bearing_deg=-360 * n / RING_CORNERS, distance_m=reach_m * float(random.uniform(0.4, 1)))
        for n in range(RING_CORNERS)
    )
    return ellipse, band, Polygon(ring=ring)


def job(
    name: str,
    index: ZoneIndex,
    polygons: NDArray[np.object_],
    areas: Sequence[Uncertain],
    *,
    tell: Tell,
    rounds: int = ROUNDS,
    goal: float | None = None,
) -> Result:
    """Measure areas of one kind; `error` is the largest difference from arcs of 4,096 corners and fine edges."""
    tree = shapely.STRtree(polygons)
    tell("shares: errors")
    rows = {zone.kode: row for row, zone in enumerate(index.zones)}
    error, error_64 = 0.0, 0.0
    for area in areas[:CHECKED]:
        fine = by_shapely(tree, polygons, area, corners=4_096, step_deg=0.0005)
        ours = {rows[share.kode]: share.share for share in index.jurisdiction(area).shares.kecamatan}
        rough = by_shapely(tree, polygons, area, corners=64)
        error = max(error, _difference(ours, fine))
        error_64 = max(error_64, _difference(rough, fine))
    work = {
        "geo112": lambda: [index.jurisdiction(area) for area in areas],
        SHAPELY: lambda: [by_shapely(tree, polygons, area, corners=64) for area in areas],
    }
    taken = interleave(work, rounds=rounds, tell=tell)
    result = compared(
        f"shares {name}",
        unit="µs",
        taken=taken,
        per=lambda seconds: seconds / len(areas) * 1e6,
        goal={SHAPELY: goal} if goal else {},
    )
    met = result["met"] and error <= MOST_ERROR
    return {**result, "met": met, "error": error, "error_of_others": {SHAPELY: error_64}}


def by_shapely(
    tree: shapely.STRtree,
    polygons: NDArray[np.object_],
    area: Uncertain,
    *,
    corners: int,
    step_deg: float | None = None,
) -> dict[int, float]:
    """Give the shares of an area by row: arcs of so many corners, cut and measured in the equal-area plane.

    With `step_deg` the edges are cut that fine before they are projected; without it the area goes to degrees,
    is cut there, and only the pieces are projected, which is the quickest that shapely allows.
    """
    plane = to_plane(_about(area))

    def flatten(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.transform(lonlat[:, 0], lonlat[:, 1]))

    if isinstance(area, Polygon):
        shape = as_shapely(area.ring, area.holes)
        whole = shapely.transform(shape if step_deg is None else shapely.segmentize(shape, step_deg), flatten)
    else:
        drawn = drawn_in_plane(area, corners=corners)
        whole = shapely.Polygon(drawn[0], drawn[1:])
        rings = [np.column_stack(plane.transform(ring[:, 0], ring[:, 1], direction="INVERSE")) for ring in drawn]
        shape = shapely.Polygon(rings[0], rings[1:])
    rows = tree.query(shape, predicate="intersects")
    if step_deg is None:
        pieces = shapely.intersection(polygons[rows], shape)
    else:
        box = shapely.box(*shapely.buffer(shape, 0.001).bounds)
        pieces = shapely.segmentize(shapely.intersection(polygons[rows], box), step_deg)
    pieces = shapely.transform(pieces, flatten)
    if step_deg is not None:
        pieces = shapely.intersection(shapely.make_valid(pieces), whole)
    part = area.confidence_share * shapely.area(pieces) / whole.area
    return {row: share for row, share in zip(rows.tolist(), part.tolist(), strict=True) if share > 0}


def drawn_in_plane(area: Circle | Ellipse | ArcBand, *, corners: int) -> list[NDArray[np.float64]]:
    """Draw an area in metres east and north of its middle or apex, as rings: the outer one first."""
    if isinstance(area, ArcBand):
        return _drawn_band(area, corners)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    if isinstance(area, Circle):
        return [np.column_stack([area.radius_m * np.cos(angle), area.radius_m * np.sin(angle)])]
    along, across = area.semi_major_m * np.cos(angle), area.semi_minor_m * np.sin(angle)
    sine, cosine = np.sin(np.radians(area.orientation_deg)), np.cos(np.radians(area.orientation_deg))
    return [np.column_stack([along * sine + across * cosine, along * cosine - across * sine])]


def _drawn_band(band: ArcBand, corners: int) -> list[NDArray[np.float64]]:
    whole = band.opening_deg == 360
    bearing = np.radians(band.start_deg + np.linspace(0, band.opening_deg, corners, endpoint=not whole))
    arc = np.column_stack([np.sin(bearing), np.cos(bearing)])
    inner = arc[::-1] * band.inner_m if band.inner_m else np.zeros((1, 2))
    if whole:
        return [arc * band.outer_m, inner] if band.inner_m else [arc * band.outer_m]
    return [np.concatenate([arc * band.outer_m, inner])]


def _about(area: Uncertain) -> Position:
    """Give the place around which an area is drawn."""
    match area:
        case ArcBand():
            return area.apex
        case Polygon():
            return area.ring[0]
        case Circle() | Ellipse():  # pragma: no branch - mypy counts the shapes
            return area.middle


def _difference(one: dict[int, float], other: dict[int, float]) -> float:
    """Give the largest difference of two sets of shares."""
    return max((abs(one.get(row, 0.0) - other.get(row, 0.0)) for row in {*one, *other}), default=0.0)
