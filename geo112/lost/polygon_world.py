"""A small register in memory: centres with their polygons, for a region of a few centres, drills and tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.extent import outline
from geo112.core.geo import Position
from geo112.core.polygons import as_shapely
from geo112.core.shapes import Area, Point, Polygon
from geo112.lost.addresses import kabkota_keys
from geo112.lost.request import Civic, Profile
from geo112.lost.world import Boundary, Centre, Elsewhere, Found, NearestOnly, Served, Unclear


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A centre with its area, and the elements of an address that lead to it."""

    centre: Centre
    polygons: tuple[Polygon, ...]
    address: Mapping[str, str] = field(default_factory=dict)


class PolygonWorld:
    """Centres by their polygons; edges belong to them, holes do not, and of several at a point the smallest serves."""

    def __init__(self, entries: Sequence[Entry], *, default_within_m: float | None = None) -> None:
        """Know these centres; one that is at most `default_within_m` away answers where none serves."""
        self._entries = [(one, _joined(one.polygons)) for one in entries]
        self._default_within_m = default_within_m
        self.offered = tuple(sorted({service for one in entries for service in one.centre.services}))

    def at(self, area: Area, service: str) -> Found:
        """Say whose polygons an area comes into, first who has most of it."""
        shape = _shape(area)
        there = [(one, ground) for one, ground in self._entries if service in one.centre.services]
        touched = [(one, ground) for one, ground in there if ground.intersects(shape)]
        if not touched:
            return self._near(area.middle, there)
        if isinstance(area, Point):
            return Served(centres=(min(touched, key=lambda each: each[1].area)[0].centre,))
        by_share = sorted(touched, key=lambda each: (-each[1].intersection(shape).area, each[1].area))
        return Served(centres=tuple(one.centre for one, _ in by_share))

    def named(self, address: Civic, service: str) -> Found:
        """Say whose address it is: every element of the entry that the client names has to agree."""
        if not address.parts:
            return Unclear(why="the address is empty")
        found = [
            one.centre
            for one, _ in self._entries
            if service in one.centre.services and _agree(one.address, address.parts)
        ]
        return Served(centres=tuple(found)) if found else Elsewhere()

    def boundary(self, key: str) -> Boundary | None:
        """Give the area of a key."""
        for one, _ in self._entries:
            if key == one.centre.geodetic_key:
                return Boundary(key=key, profile=Profile.GEODETIC, polygons=one.polygons)
            if key == one.centre.civic_key and one.address:
                return Boundary(key=key, profile=Profile.CIVIC, addresses=(one.address,))
        return None

    def _near(self, place: Position, there: list[tuple[Entry, BaseGeometry]]) -> Found:
        if self._default_within_m is None:
            return Elsewhere()
        point = shapely.Point(place.lon_deg, place.lat_deg)
        near = [(_gap_m(place, point, ground), n) for n, (_, ground) in enumerate(there)]
        if not near or min(near)[0] > self._default_within_m:
            return Elsewhere()
        gap_m, n = min(near)
        return NearestOnly(centre=there[n][0].centre, why=f"outside all areas, {gap_m / 1000:.1f} km from this one")


def _joined(polygons: tuple[Polygon, ...]) -> BaseGeometry:
    ground = shapely.union_all([as_shapely(one.ring, one.holes) for one in polygons])
    shapely.prepare(ground)
    return ground


def _shape(area: Area) -> BaseGeometry:
    if isinstance(area, Point):
        return shapely.Point(area.middle.lon_deg, area.middle.lat_deg)
    rings = outline(area)
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))


def _gap_m(place: Position, point: shapely.Point, ground: BaseGeometry) -> float:
    """Distance to the place of the polygon that is nearest in degrees: good enough to name a neighbour."""
    line = shapely.shortest_line(point, ground)
    lon_deg, lat_deg = line.coords[-1]
    return place.distance_m(Position(lon_deg=float(lon_deg), lat_deg=float(lat_deg)))


def _agree(entry: Mapping[str, str], said: Mapping[str, str]) -> bool:
    shared = [name for name in entry if name in said]
    return bool(shared) and all(set(kabkota_keys(entry[name])) & set(kabkota_keys(said[name])) for name in shared)
