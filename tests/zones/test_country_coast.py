"""Coasts, islands, lakes, borders and the equator of the real map, against shapely and PROJ."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo112.bench.reference import winners_by_covers
from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Inside, Outside, Straddles
from geo112.zones.records import Zone
from geo112.zones.second_line import SecondLines, read_second_lines
from geo112.zones.wire import jurisdiction_to_dict

Drawn = tuple[list[Zone], np.ndarray]
TABLE = Path(__file__).parents[2] / "data" / "boundaries" / "second_lines.csv"


@pytest.fixture(scope="module")
def shore(boundaries_dir: Path) -> ZoneIndex:
    """The whole country with the numbers for the sea and abroad."""
    return ZoneIndex.open(boundaries_dir / "zones.geo112", lines=SecondLines(numbers=read_second_lines(TABLE)))


def place(lon: float, lat: float) -> Position:
    return Position(lon_deg=lon, lat_deg=lat)


@pytest.mark.parametrize(
    ("name", "lat", "lon", "kind", "numbers", "nearest"),
    [
        ("Samudra Hindia", -8.5, 112.2, "sea", ["115"], "Kab. Blitar"),
        ("Selat Sunda, feri", -5.93, 105.87, "sea", ["115"], None),
        ("Selat Bali", -8.17, 114.42, "sea", ["115"], None),
        ("Laut Natuna", 2.0, 107.0, "sea", ["115"], None),
        ("Laut Sulawesi", 3.0, 122.0, "sea", ["115"], None),
        ("Laut Arafura", -7.5, 136.5, "sea", ["115"], None),
        ("Danau Toba", 2.62, 98.9, "lake", [], None),
        ("Danau Singkarak", -0.61, 100.54, "lake", [], None),
        ("Danau Limboto", 0.595, 123.0, "lake", [], None),
        ("Kuching", 1.55, 110.35, "abroad", ["999"], None),
        ("Kuala Lumpur", 3.14, 101.69, "abroad", ["999"], None),
        ("Tawau", 4.27, 117.9, "abroad", ["999"], "Kab. Nunukan"),
        ("Singapura", 1.35, 103.82, "abroad", ["995", "999"], "Kota Batam"),
        ("Bandar Seri Begawan", 4.9, 114.93, "abroad", ["991", "995"], None),
        ("Dili", -8.58, 125.57, "abroad", ["115"], None),
        ("Vanimo, pedalaman", -3.2, 141.4, "abroad", ["111"], None),
        ("General Santos", 6.15, 125.15, "abroad", ["911"], None),
        ("Pulau Nila, yang tidak ada pada batas", -6.749, 129.5, "gap", [], None),
    ],
)
def test_known_places_outside(
    shore: ZoneIndex, name: str, lat: float, lon: float, kind: str, numbers: list[str], nearest: str | None
) -> None:
    for area in (Point(middle=place(lon, lat)), Circle(middle=place(lon, lat), radius_m=300)):
        answer = shore.jurisdiction(area)
        facts = jurisdiction_to_dict(answer)
        assert (facts["outcome"], facts["outside_kind"]) == ("outside", kind), name
        assert [line.number for line in answer.shares.second_line] == numbers, name
        assert isinstance(answer, Outside)
        assert answer.nearest.gap_m > 0
        assert nearest in (None, answer.nearest.nama), name


@pytest.mark.parametrize(
    ("name", "lat", "lon", "kabkota"),
    [
        ("Tugu Khatulistiwa", 0.0, 109.3221, "Kota Pontianak"),
        ("Bonjol", 0.0, 100.22, "Kab. Pasaman"),
        ("Tinombo", 0.395, 120.26, "Kab. Parigi Moutong"),
        ("Putussibau", 0.87, 112.93, "Kab. Kapuas Hulu"),
        ("Kapuas Hulu, khatulistiwa", 0.0, 112.6, None),
    ],
)
def test_places_on_and_near_the_equator(
    shore: ZoneIndex, name: str, lat: float, lon: float, kabkota: str | None
) -> None:
    for latitude in {lat, -lat} if lat == 0 else {lat}:
        answer = shore.jurisdiction(Circle(middle=place(lon, latitude), radius_m=200))
        assert isinstance(answer, Inside | Straddles), name
        assert kabkota in (None, answer.centre.nama), name


def test_the_equator_itself_agrees_with_shapely(shore: ZoneIndex, drawn_country: Drawn) -> None:
    zones, polygons = drawn_country
    lons = np.random.default_rng(0).uniform(95, 141, 20_000)
    lats = np.zeros(lons.size)
    expected = winners_by_covers(zones, polygons, lons, lats)
    assert (expected >= 0).sum() > 3_000
    assert np.array_equal(shore.zone_ids(lons, lats), expected)
    assert np.array_equal(shore.zone_ids(lons, -lats), expected)


def test_circles_across_the_equator_agree_with_shapely(shore: ZoneIndex, partition: np.ndarray) -> None:
    tree = shapely.STRtree(partition)
    random = np.random.default_rng(1)
    compared = 0
    for lon in random.uniform(99, 135, 60).tolist():
        answer = shore.jurisdiction(Circle(middle=place(lon, 0.0), radius_m=3_000, confidence_share=0.95))
        plane = Transformer.from_crs(4326, f"+proj=laea +lat_0=0 +lon_0={lon!r} +ellps=WGS84", always_xy=True)
        disc = shapely.Point(0, 0).buffer(3_000, quad_segs=4_000)
        rows = tree.query(shapely.box(lon - 0.04, -0.04, lon + 0.04, 0.04))
        local = [drawn_in(plane, shapely.segmentize(partition[row], 0.002)) for row in rows]
        land = sum(shape.intersection(disc).area for shape in local) / disc.area
        assert answer.shares.outside_share == pytest.approx(0.95 * (1 - land), abs=1e-5)
        compared += 0 < land < 1
    assert compared >= 3


def drawn_in(plane: Transformer, shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda degrees: np.stack(plane.transform(*degrees.T), 1))


def islands_of(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take the kecamatan apart; give the parts that touch no other part, and the row of each."""
    parts, rows = shapely.get_parts(polygons, return_index=True)
    left, right = shapely.STRtree(parts).query(parts, predicate="intersects")
    alone = np.ones(len(parts), bool)
    alone[left[left != right]] = False
    return parts[alone], rows[alone]


def test_every_island_is_its_own(shore: ZoneIndex, drawn_country: Drawn) -> None:
    islands, rows = islands_of(drawn_country[1])
    assert len(islands) > 3_000
    inside = shapely.point_on_surface(islands)
    assert np.array_equal(shore.zone_ids(shapely.get_x(inside), shapely.get_y(inside)), rows)


def test_ten_metres_off_a_small_island(shore: ZoneIndex, drawn_country: Drawn) -> None:
    islands, rows = islands_of(drawn_country[1])
    small = np.flatnonzero(shapely.area(islands) * 12_300 < 5)
    chosen = np.random.default_rng(2).choice(small, 150, replace=False)
    off = 0
    for number in chosen.tolist():
        around = shapely.get_coordinates(shapely.buffer(islands[number], 10 / 111_000))
        lon, lat = around[len(around) // 3].tolist()
        if shore.at(place(lon, lat)) is None:
            answer = shore.jurisdiction(Circle(middle=place(lon, lat), radius_m=100))
            assert isinstance(answer, Straddles)
            assert shore.zones[rows[number]].kode in {one.kode for one in answer.shares.kecamatan}
            assert 0.3 < answer.shares.outside_share < 0.95
            off += 1
    assert off > 130


@pytest.mark.parametrize(
    ("kode", "name"),
    [
        ("31.01", "Kepulauan Seribu"), ("21.03", "Natuna"), ("71.04", "Talaud"), ("96.03", "Raja Ampat"),
        ("74.07", "Wakatobi"), ("53.20", "Sabu Raijua"), ("53.14", "Rote Ndao"),
    ],
)  # fmt: skip
def test_the_nearest_island_by_brute_force(shore: ZoneIndex, drawn_country: Drawn, kode: str, name: str) -> None:
    zones, polygons = drawn_country
    own = [row for row, zone in enumerate(zones) if zone.kode_kabkota == kode]
    assert own, name
    west, south, east, north = shapely.total_bounds(polygons[own]).tolist()
    random = np.random.default_rng(int(kode.replace(".", "")))
    compared = 0
    for lon, lat in random.uniform([west - 0.1, south - 0.1], [east + 0.1, north + 0.1], (14, 2)).tolist():
        if shore.at(place(lon, lat)) is not None:
            continue
        nearest = shore.nearest(place(lon, lat))
        gap_m, kodes = brute_nearest(zones, polygons, lon, lat)
        assert nearest.gap_m == pytest.approx(gap_m, abs=0.05)
        assert nearest.kecamatan in kodes
        compared += 1
    assert compared >= 5, name


def brute_nearest(zones: list[Zone], polygons: np.ndarray, lon: float, lat: float) -> tuple[float, set[str]]:
    """Walk all edges in reach in steps of 5 m at most, in the plane that keeps distances from the place."""
    degrees = shapely.distance(polygons, shapely.Point(lon, lat))
    plane = Transformer.from_crs(4326, f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +ellps=WGS84", always_xy=True)
    reach = float(degrees.min()) * 1.05 + 0.001
    found = {}
    for row in np.flatnonzero(degrees <= reach).tolist():
        near = shapely.clip_by_rect(shapely.boundary(polygons[row]), lon - reach, lat - reach, lon + reach, lat + reach)
        line = drawn_in(plane, shapely.segmentize(near, 0.0005))
        found[zones[row].kode] = shapely.distance(line, shapely.Point(0, 0))
    gap_m = float(np.nanmin(list(found.values())))
    return gap_m, {kode for kode, distance in found.items() if distance <= gap_m + 0.05}


def test_three_kilometres_off_the_coast_is_sea(shore: ZoneIndex, drawn_country: Drawn) -> None:
    """Off East Java and Bali a ferry 3 km from the shore is told of Basarnas, nearly everywhere."""
    ground = shapely.union_all(
        [polygon for zone, polygon in zip(*drawn_country, strict=True) if zone.kode[:2] in {"35", "51"}]
    )
    coast = shapely.buffer(ground, 3_000 / 110_700)
    ring = max(shapely.get_parts(coast), key=lambda part: part.area).exterior
    places = shapely.get_coordinates(
        shapely.line_interpolate_point(ring, np.linspace(0, 1, 120, endpoint=False), normalized=True)
    )
    told = open_sea = 0
    for lon, lat in places.tolist():
        if shore.nearest(place(lon, lat)).gap_m > 2_500:
            answer = shore.jurisdiction(Circle(middle=place(lon, lat), radius_m=200))
            told += [line.number for line in answer.shares.second_line] == ["115"]
            open_sea += 1
    assert open_sea > 80
    assert told >= 0.97 * open_sea
