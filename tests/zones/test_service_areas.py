"""Service boundaries as a file: what is written is read, whole or not at all, and fit to be sent."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from geo112.core.codes import KodeKabKota
from geo112.core.errors import BadCode, DataMissing, StorageError
from geo112.core.extent import size_m2
from geo112.core.geo import Position
from geo112.core.polygons import as_shapely
from geo112.zones.index import ZoneIndex
from geo112.zones.service_areas import FILE, Level, ServiceAreas, write_service_areas

KOTA, KABUPATEN = KodeKabKota("35.72"), KodeKabKota("35.05")
HOLE = box(112.1, -8.1, 112.2, -8.0)
AROUND = Polygon(box(112.0, -8.3, 112.4, -7.9).exterior, [HOLE.exterior])
ISLAND = box(112.5, -8.3, 112.51, -8.29)


def write(path: Path, *, version: str = "one") -> Path:
    shapes = np.array([MultiPolygon([ISLAND, AROUND]), HOLE], object)
    rough = np.array([MultiPolygon([box(112.0, -8.3, 112.4, -7.9)]), HOLE], object)
    levels = [Level(tolerance_m=0.0, shapes=shapes), Level(tolerance_m=50.0, shapes=rough)]
    write_service_areas(path, codes=[KABUPATEN, KOTA], levels=levels, version=version)
    return path


@pytest.fixture
def areas(tmp_path: Path) -> ServiceAreas:
    return ServiceAreas.open(write(tmp_path / FILE))


def test_what_is_written_is_read(areas: ServiceAreas) -> None:
    assert (areas.version, areas.codes, areas.tolerances_m) == ("one", (KABUPATEN, KOTA), (0.0, 50.0))
    mainland, island = areas.area(KABUPATEN)
    assert as_shapely(mainland.ring, mainland.holes).equals(AROUND)
    assert as_shapely(island.ring, island.holes).equals(ISLAND)
    assert mainland.confidence_share == 1.0
    [kota] = areas.area(KOTA)
    assert set(kota.ring) == set(mainland.holes[0]), "the kota is the kabupaten's hole, corner by corner"
    assert Position(lon_deg=112.1, lat_deg=-8.1) in kota.ring


@pytest.mark.parametrize(("tolerance_m", "polygons"), [(0.0, 2), (49.9, 2), (50.0, 1), (1_000.0, 1), (-1.0, 2)])
def test_the_simplest_form_within_the_tolerance(areas: ServiceAreas, tolerance_m: float, polygons: int) -> None:
    assert len(areas.area(KABUPATEN, tolerance_m=tolerance_m)) == polygons
    assert areas.area(KABUPATEN, tolerance_m=tolerance_m) is areas.area(KABUPATEN, tolerance_m=tolerance_m)


def test_an_unknown_code_is_named(areas: ServiceAreas) -> None:
    with pytest.raises(BadCode, match=r"99\.99"):
        areas.area(KodeKabKota("99.99"))


def test_equal_areas_are_equal_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "one").read_bytes() == write(tmp_path / "two").read_bytes()
    assert write(tmp_path / "one").read_bytes() != write(tmp_path / "three", version="two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "three", "two"]


def test_it_says_when_it_was_written(tmp_path: Path) -> None:
    before = datetime.fromtimestamp(tmp_path.stat().st_mtime, UTC).replace(microsecond=0)
    areas = ServiceAreas.open(write(tmp_path / FILE))
    assert areas.changed_at.tzinfo is UTC
    assert areas.changed_at >= before


def test_no_file_and_a_foreign_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="geo112 prepare boundaries"):
        ServiceAreas.open(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(b"")
    with pytest.raises(StorageError, match="no file of service areas"):
        ServiceAreas.open(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(b"GEO112ZN" + bytes(200))
    with pytest.raises(StorageError, match="no file of service areas"):
        ServiceAreas.open(tmp_path / FILE)


@pytest.mark.parametrize("place", [8, 40, 130, -1])
def test_a_changed_byte_is_noticed(tmp_path: Path, place: int) -> None:
    path = write(tmp_path / FILE)
    octets = bytearray(path.read_bytes())
    octets[place] ^= 1
    path.write_bytes(octets)
    with pytest.raises(StorageError):
        ServiceAreas.open(path)


def test_a_file_cut_short_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path / FILE)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(StorageError, match="damaged"):
        ServiceAreas.open(path)


@pytest.fixture(scope="module")
def built(boundaries_dir: Path) -> ServiceAreas:
    return ServiceAreas.open(boundaries_dir / FILE)


def test_every_kabupaten_and_kota_has_one_of_the_right_size(built: ServiceAreas, country: ZoneIndex) -> None:
    land_km2: dict[str, float] = {}
    for zone in country.zones:
        land_km2[zone.kode_kabkota] = land_km2.get(zone.kode_kabkota, 0.0) + zone.area_km2
    assert set(built.codes) == set(land_km2)
    assert built.version == country.version
    for kode in built.codes[::9]:
        sizes_km2 = [(size_m2(polygon) or 0.0) / 1e6 for polygon in built.area(kode)]
        assert sum(sizes_km2) == pytest.approx(land_km2[kode], rel=1e-4)
        assert sizes_km2[0] == max(sizes_km2)


def test_blitar_is_a_hole_of_its_kabupaten(built: ServiceAreas) -> None:
    for tolerance_m in (0.0, 50.0):
        [kota] = built.area(KOTA, tolerance_m=tolerance_m)
        [hole] = built.area(KABUPATEN, tolerance_m=tolerance_m)[0].holes
        assert kota.holes == ()
        assert set(hole) == set(kota.ring), "they share their border, corner by corner"


def test_neighbours_share_no_ground_simplified_or_not(built: ServiceAreas) -> None:
    for tolerance_m in (0.0, 50.0):
        shapes = [
            shapely.MultiPolygon([as_shapely(one.ring, one.holes) for one in built.area(kode, tolerance_m=tolerance_m)])
            for kode in built.codes
            if kode.startswith("35.")
        ]
        assert all(shape.is_valid for shape in shapes)
        assert shapely.coverage_is_valid(shapes)


def test_simplified_borders_stay_near(built: ServiceAreas) -> None:
    for kode in (KOTA, KABUPATEN, KodeKabKota("31.71")):
        whole, simple = built.area(kode)[0], built.area(kode, tolerance_m=50.0)[0]
        assert len(simple.ring) <= len(whole.ring)
        assert set(simple.ring) <= set(whole.ring)
        away_deg = shapely.hausdorff_distance(as_shapely(whole.ring).exterior, as_shapely(simple.ring).exterior)
        assert away_deg * 111_000 < 250


def test_corners_have_seven_decimals(built: ServiceAreas) -> None:
    for polygon in built.area(KABUPATEN):
        for one, other in pairwise(polygon.ring):
            assert one != other
            assert round(one.lon_deg, 7) == one.lon_deg
            assert round(one.lat_deg, 7) == one.lat_deg
