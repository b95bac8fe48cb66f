"""Uncertain area to shares of kecamatan: ours beside shapely's intersection with a polygon of 64 corners."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.bench.frame import ROUNDS, Result, Room, Tell, compared, interleave
from geo112.bench.normal import by_edges, by_normal_draws, by_rings
from geo112.bench.postgis import PostGis, postgis, require_postgis
from geo112.bench.reference import points_of_country, read_kecamatan
from geo112.core.crs import to_plane
from geo112.core.errors import BadShape
from geo112.core.geo import Position
from geo112.core.polygons import as_shapely
from geo112.core.shapes import ArcBand, Circle, Ellipse, Polygon, Uncertain
from geo112.zones.decision import Decision
from geo112.zones.index import ZoneIndex
from geo112.zones.overlaps import rank_of, remainders

RADII_M = (50.0, 250.0, 1_000.0, 5_000.0)
# How far the other shapes reach.
REACHES_M = (250.0, 1_000.0, 5_000.0)
RING_CORNERS = 24
CIRCLES = 200
CHECKED = 20
GOAL = 15.0
OURS, SHAPELY, POSTGIS = "geo112", "shapely, 64 corners", "PostGIS, 64 corners"
DRAWN = 1_024
QUASI = "1,024 quasi-random points through the grid"
RINGS = "shapely, 64 nested rings of 64 corners"
POSTGIS_PART, RINGS_PART = 10, 5
LEAST_S = 0.05
# Steps of an evenly spread sequence in two dimensions (M. Roberts' R2): powers of the plastic number.
_R2 = (0.7548776662466927, 0.5698402909980532)

Way = Callable[[Uncertain], dict[int, float]]

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
    require_postgis()
    room.tell("shares: drawing areas")
    index = ZoneIndex.open(room.boundaries / "zones.geo112")
    zones, polygons = read_kecamatan(room.boundaries)
    rank = rank_of(zones)
    losers, left = remainders(polygons, rank)
    polygons = polygons.copy()
    polygons[losers] = left
    lons, lats = points_of_country(zones, polygons, count=count)
    middles = [Position(lon_deg=lon, lat_deg=lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    random = np.random.default_rng(5491)
    named: dict[str, list[Uncertain]] = {
        f"{radius_m:.0f} m": [Circle(middle=middle, radius_m=radius_m) for middle in middles] for radius_m in radii_m
    }
    for reach_m in reaches_m:
        drawn = [_shapes(middle, reach_m, random) for middle in middles]
        for number, name in enumerate(("ellipse", "arc band", "polygon")):
            named[f"{name} {reach_m:.0f} m"] = [each[number] for each in drawn]
    room.tell("shares: starting PostGIS")
    with postgis(polygons, rank.tolist()) as rival:
        contest = uniform(index, polygons, rival)
        for name, areas in named.items():
            yield job(name, contest, areas, tell=room.tell, rounds=rounds)
    contest = normal(index, polygons)
    for name, areas in named.items():
        if isinstance(areas[0], Circle | Ellipse):
            yield job(f"normal {name}", contest, areas, tell=room.tell, rounds=rounds)


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
    contest: "Contest",
    areas: Sequence[Uncertain],
    *,
    tell: Tell,
    rounds: int = ROUNDS,
) -> Result:
    """Measure areas of one kind; `error` is the largest difference of ours from the fine reference."""
    tell(f"shares {name}: errors")
    errors = dict.fromkeys((OURS, *contest.rivals), 0.0)
    for area in areas[:CHECKED]:
        fine = contest.reference(area)
        for who, way in {OURS: contest.ours, **contest.rivals}.items():
            errors[who] = max(errors[who], _difference(way(area), fine))

    def every(way: Callable[[Uncertain], object], part: int) -> Callable[[], object]:
        return lambda: [way(area) for area in areas[::part]]

    work = {OURS: every(contest.measured, 1)}
    work |= {who: every(way, contest.part_of.get(who, 1)) for who, way in contest.rivals.items()}
    taken = interleave(work, rounds=rounds, tell=lambda step: tell(f"shares {name}, {step}"), least_s=LEAST_S)
    for who, part in contest.part_of.items():
        taken[who] = [seconds * len(areas) / len(areas[::part]) for seconds in taken[who]]
    result = compared(
        f"shares {name}",
        unit="µs",
        taken=taken,
        per=lambda seconds: seconds / len(areas) * 1e6,
        goal={contest.beside: GOAL},
    )
    error = errors.pop(OURS)
    return {**result, "met": result["met"] and error <= MOST_ERROR, "error": error, "error_of_others": errors}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Who takes part for one kind of truth.

    `measured` is our whole answer and `ours` its shares by row; `part_of` says which rivals only do every so manieth
    area, with their time multiplied, since a round would else take minutes.
    """

    measured: Callable[[Uncertain], object]
    ours: Way
    reference: Way
    rivals: dict[str, Way]
    beside: str
    part_of: dict[str, int]


def uniform(index: ZoneIndex, polygons: NDArray[np.object_], rival: PostGis) -> Contest:
    """Let every place in an area be equally likely, as RFC 7459 has it."""
    tree = shapely.STRtree(polygons)
    rows = {zone.kode: row for row, zone in enumerate(index.zones)}
    draws = _draws()

    def ours(area: Uncertain) -> dict[int, float]:
        return {rows[share.kode]: share.share for share in index.jurisdiction(area).shares.kecamatan}

    def by_postgis(area: Uncertain) -> dict[int, float]:
        shares = rival.shares(shapely.to_wkb(in_degrees(area, corners=64)))
        return {row: area.confidence_share * share for row, share in shares.items()}

    return Contest(
        measured=index.jurisdiction,
        ours=ours,
        reference=lambda area: by_shapely(tree, polygons, area, corners=4_096, step_deg=0.0005),
        rivals={
            SHAPELY: lambda area: by_shapely(tree, polygons, area, corners=64),
            POSTGIS: by_postgis,
            QUASI: lambda area: by_draws(index, area, draws),
        },
        beside=SHAPELY,
        part_of={POSTGIS: POSTGIS_PART},
    )


def normal(index: ZoneIndex, polygons: NDArray[np.object_]) -> Contest:
    """Let the caller be normally distributed, as is decided by; the boundary's own error is left out on all sides."""
    tree = shapely.STRtree(polygons)
    rows = {zone.kode: row for row, zone in enumerate(index.zones)}

    def decided(area: Uncertain) -> Decision:
        return index.decide(area, accuracy_m=0.0)

    return Contest(
        measured=decided,
        ours=lambda area: {rows[share.kode]: share.share for share in decided(area).shares.kecamatan},
        reference=lambda area: by_edges(tree, polygons, _round(area)),
        rivals={
            RINGS: lambda area: by_rings(tree, polygons, _round(area), rings=64),
            QUASI: lambda area: by_normal_draws(index, _round(area), _draws()),
        },
        beside=RINGS,
        part_of={RINGS: RINGS_PART},
    )


def _draws() -> NDArray[np.float64]:
    return np.column_stack([np.arange(DRAWN) * step % 1.0 for step in _R2])


def _round(area: Uncertain) -> Circle | Ellipse:
    """Take what stands for a normal distribution about a middle; raises BadShape for anything else."""
    if not isinstance(area, Circle | Ellipse):
        raise BadShape("only a circle or an ellipse is compared", field="area")
    return area


def by_draws(index: ZoneIndex, area: Uncertain, draws: NDArray[np.float64]) -> dict[int, float]:
    """Give the shares of an area by row: how many of evenly spread points fall into each kecamatan."""
    plane = to_plane(_about(area))
    if isinstance(area, Polygon):
        shape = in_degrees(area, corners=0)
        west, south, east, north = shape.bounds
        lons, lats = west + draws[:, 0] * (east - west), south + draws[:, 1] * (north - south)
        within = shapely.contains_xy(shape, lons, lats)
        lons, lats = lons[within], lats[within]
    else:
        lons, lats = plane.transform(*placed_in_plane(area, draws), direction="INVERSE")
    found = index.zone_ids(lons, lats)
    rows, counts = np.unique(found[found >= 0], return_counts=True)
    share = area.confidence_share / found.size
    return {row: count * share for row, count in zip(rows.tolist(), counts.tolist(), strict=True)}


def placed_in_plane(
    area: Circle | Ellipse | ArcBand, draws: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Spread pairs of numbers from 0 to 1 evenly over an area, in metres east and north of its middle or apex."""
    first, second = draws[:, 0], draws[:, 1]
    if isinstance(area, ArcBand):
        away = np.sqrt(area.inner_m**2 + first * (area.outer_m**2 - area.inner_m**2))
        bearing = np.radians(area.start_deg + second * area.opening_deg)
        return away * np.sin(bearing), away * np.cos(bearing)
    away, angle = np.sqrt(first), 2 * np.pi * second
    if isinstance(area, Circle):
        return area.radius_m * away * np.cos(angle), area.radius_m * away * np.sin(angle)
    along, across = area.semi_major_m * away * np.cos(angle), area.semi_minor_m * away * np.sin(angle)
    sine, cosine = np.sin(np.radians(area.orientation_deg)), np.cos(np.radians(area.orientation_deg))
    return along * sine + across * cosine, along * cosine - across * sine


def in_degrees(area: Uncertain, *, corners: int) -> shapely.Polygon:
    """Draw an area in degrees, its arcs with so many corners."""
    if isinstance(area, Polygon):
        return as_shapely(area.ring, area.holes)
    plane = to_plane(_about(area))
    drawn = drawn_in_plane(area, corners=corners)
    rings = [np.column_stack(plane.transform(ring[:, 0], ring[:, 1], direction="INVERSE")) for ring in drawn]
    return shapely.Polygon(rings[0], rings[1:])


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
