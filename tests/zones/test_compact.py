"""The compact file: the same bytes from the same shapes, and refused when it is not whole."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon, box
from zone_maps import DrawMap, zone

from geo112.core.errors import BadInput, DataMissing, StorageError
from geo112.core.geo import Position
from geo112.zones.compact import FORMAT, write_zones
from geo112.zones.index import ZoneIndex
from geo112.zones.overlaps import rank_of, remainders

CODES = ("35.05.01", "35.72.01")
SHAPES = np.array([box(112.0, -8.0, 112.1, -7.9), box(112.1, -8.0, 112.2, -7.9)], object)


def write(path: Path, shapes: np.ndarray = SHAPES, codes: tuple[str, ...] = CODES, version: str = "v1") -> Path:
    write_zones(path, zones=[zone(code) for code in codes], polygons=shapes, version=version)
    return path


def test_it_gives_back_what_was_written(tmp_path: Path) -> None:
    index = ZoneIndex.open(write(tmp_path / "deep" / "zones.geo112", version="2026-11 é"))
    assert index.version == "2026-11 é"
    assert index.zones == tuple(zone(code) for code in CODES)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["zones.geo112"]


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "a").read_bytes()
    write(tmp_path / "b", shapes=shapely.reverse(SHAPES))
    assert write(tmp_path / "c").read_bytes() == first
    assert write(tmp_path / "d", version="v2").read_bytes() != first
    assert int.from_bytes(first[8:16], "little") == FORMAT


def test_it_is_replaced_at_once_while_an_index_is_open(tmp_path: Path) -> None:
    path = write(tmp_path / "zones")
    index = ZoneIndex.open(path)
    write(path, shapes=SHAPES[::-1].copy())
    place = Position(lon_deg=112.05, lat_deg=-7.95)
    before, after = index.at(place), ZoneIndex.open(path).at(place)
    assert before is not None
    assert after is not None
    assert (before.kode, after.kode) == ("35.05.01", "35.72.01")


def test_no_file_is_missing_data(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="prepare boundaries"):
        ZoneIndex.open(tmp_path / "zones.geo112")


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [(0, b"X", "no file of zones"), (8, b"\x63", "format 99"), (16, b"\x01", "damaged"), (5_000, b"\x7f", "damaged")],
)
def test_a_changed_byte_is_found(tmp_path: Path, at: int, value: bytes, message: str) -> None:
    path = write(tmp_path / "zones")
    data = bytearray(path.read_bytes())
    assert data[at : at + 1] != value
    data[at : at + 1] = value
    path.write_bytes(data)
    with pytest.raises(StorageError, match=message):
        ZoneIndex.open(path)


@pytest.mark.parametrize(("keep", "message"), [(0, "no file"), (100, "no file"), (4_096, "damaged"), (-8, "damaged")])
def test_a_cut_file_is_found(tmp_path: Path, keep: int, message: str) -> None:
    path = write(tmp_path / "zones")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(StorageError, match=message):
        ZoneIndex.open(path)


BOW = Polygon([(112.0, -8.0), (112.1, -7.9), (112.1, -8.0), (112.0, -7.9)])


@pytest.mark.parametrize(
    ("codes", "shapes", "message"),
    [
        ((), [], "0 zones"),
        (("35.05.01",), list(SHAPES), "1 zones with 2 polygons"),
        (("35.72.01", "35.05.01"), list(SHAPES), "not sorted"),
        (("35.05.01", "35.05.01"), list(SHAPES), "twice"),
        (CODES, [BOW, SHAPES[1]], "35.05.01 cannot be used: Self-intersection"),
        (CODES, [SHAPES[0], Polygon()], "35.72.01 cannot be used"),
        (CODES, [SHAPES[0], LineString([(0, 0), (1, 1)])], "35.72.01 cannot be used"),
        (CODES, [SHAPES[0], None], "35.72.01 cannot be used"),
    ],
)
def test_shapes_without_a_sure_answer_are_refused(
    tmp_path: Path, codes: tuple[str, ...], shapes: list[object], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        write(tmp_path / "zones", shapes=np.array(shapes, object), codes=codes)
    assert list(tmp_path.iterdir()) == []


def test_altitudes_do_not_matter(tmp_path: Path) -> None:
    high = shapely.force_3d(SHAPES, 12.5)
    assert write(tmp_path / "a", shapes=high).read_bytes() == write(tmp_path / "b").read_bytes()


def test_remainders_are_a_partition() -> None:
    shapes = np.array([Point(0, 0).buffer(2), Point(1, 0).buffer(1), box(0, 0, 3, 3)], object)
    zones = [replace(zone(f"35.72.0{k + 1}"), area_km2=area) for k, area in enumerate((2.0, 1.0, 3.0))]
    rank = rank_of(zones)
    assert rank.tolist() == [1, 0, 2]
    losers, left = remainders(shapes, rank)
    assert losers.tolist() == [0, 2]
    parts = [left[0], shapes[1], left[1]]
    assert sum(part.area for part in parts) == pytest.approx(shapely.union_all(shapes).area)
    nothing, none_left = remainders(SHAPES, rank_of([zone(code) for code in CODES]))
    assert (nothing.size, none_left.size) == (0, 0)


def test_the_version_of_a_map_is_told_with_its_answers(draw_map: DrawMap) -> None:
    index = draw_map({"35.72.01": box(112.0, -8.0, 112.1, -7.9)})
    assert index.version == "test"
