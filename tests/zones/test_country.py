"""The real boundaries: a million points as `covers` says, and one centre for every point of the enclaves."""

import numpy as np
import pytest
import shapely

from geo112.bench.agreement import ENCLAVES
from geo112.bench.reference import points_of_country, winners_by_covers
from geo112.core.geo import Position
from geo112.zones.index import ZoneIndex
from geo112.zones.records import Zone

Drawn = tuple[list[Zone], np.ndarray]


def test_a_million_points_agree_with_covers(country: ZoneIndex, drawn_country: Drawn) -> None:
    zones, polygons = drawn_country
    assert country.zones == tuple(zones)
    lons, lats = points_of_country(zones, polygons, count=1_000_000)
    assert lons.size == 1_000_000
    ids = country.zone_ids(lons, lats, threads=2)
    assert np.count_nonzero(ids != winners_by_covers(zones, polygons, lons, lats)) == 0
    assert 0.4 < np.mean(ids >= 0) < 1


def test_corners_and_their_levels_agree_with_covers(country: ZoneIndex, drawn_country: Drawn) -> None:
    zones, polygons = drawn_country
    random = np.random.default_rng(6)
    corners = shapely.get_coordinates(polygons)
    corners = corners[random.choice(len(corners), 60_000, replace=False)]
    aside = random.normal(0, 0.004, len(corners))
    lons = np.concatenate([corners[:, 0], corners[:, 0] + aside, corners[:, 0], np.nextafter(corners[:, 0], 0)])
    lats = np.concatenate([corners[:, 1], corners[:, 1], corners[:, 1] + aside, corners[:, 1]])
    assert np.array_equal(country.zone_ids(lons, lats), winners_by_covers(zones, polygons, lons, lats))


def test_middles_of_edges_agree_with_covers(country: ZoneIndex, drawn_country: Drawn) -> None:
    zones, polygons = drawn_country
    rings = shapely.get_rings(shapely.get_parts(polygons))
    corners, of = shapely.get_coordinates(rings, return_index=True)
    edges = np.flatnonzero(of[:-1] == of[1:])
    edges = np.random.default_rng(7).choice(edges, 100_000, replace=False)
    lons, lats = ((corners[edges] + corners[edges + 1]) / 2).T
    assert np.array_equal(country.zone_ids(lons, lats), winners_by_covers(zones, polygons, lons, lats))


@pytest.mark.parametrize("name", ENCLAVES)
def test_no_point_of_an_enclave_has_two_centres(country: ZoneIndex, drawn_country: Drawn, name: str) -> None:
    zones, polygons = drawn_country
    rows = [row for row, zone in enumerate(zones) if squeezed(zone.kabkota) == squeezed(name)]
    assert rows, name
    kota = zones[rows[0]].kode_kabkota
    ground = shapely.union_all(polygons[rows])
    random = np.random.default_rng(len(name))
    west, south, east, north = ground.bounds
    points = random.uniform([west, south], [east, north], (4_000, 2))
    points = points[shapely.contains_xy(ground, points[:, 0], points[:, 1])]
    assert len(points) > 500
    ids = country.zone_ids(points[:, 0], points[:, 1])
    assert {country.zones[row].kode_kabkota for row in ids.tolist()} == {kota}
    for lon, lat in points[:300].tolist():
        place = Position(lon_deg=lon, lat_deg=lat)
        assert {zone.kode_kabkota for zone in country.all_at(place)} == {kota}


def squeezed(name: str) -> str:
    return name.replace(" ", "").lower()


def test_the_seed_cities_are_found(country: ZoneIndex) -> None:
    for name, lon, lat in (("Kota Blitar", 112.1681, -8.0985), ("Kota Mojokerto", 112.4336, -7.4726)):
        zone = country.at(Position(lon_deg=lon, lat_deg=lat))
        assert zone is not None
        assert zone.kabkota == name
