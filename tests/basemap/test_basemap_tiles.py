"""The tiles, read by a decoder that is not ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.basemap.pack import write_basemap
from geo112.basemap.tiles import Basemap
from geo112.basemap.world import EXTENT, to_degrees, to_world
from geo112.core.errors import BadInput, DataMissing, NotFound


@dataclass(frozen=True)
class Names:
    kode: str
    nama: str
    kode_kabkota: str
    kabkota: str


WEST = Names("35.05.01", "Barat", "35.05", "Kab. Blitar")
EAST = Names("35.05.02", "Timur", "35.05", "Kab. Blitar")
KOTA = Names("35.72.01", "Tengah", "35.72", "Kota Blitar")
# Two squares that share an edge with three vertices, and a kota as a hole in the eastern one.
SHARED = [(112.1, -8.2), (112.105, -8.15), (112.1, -8.1)]
WEST_SHAPE = shapely.Polygon([(112.0, -8.2), *SHARED, (112.0, -8.1)])
KOTA_SHAPE = shapely.box(112.13, -8.17, 112.17, -8.13)
EAST_SHAPE = shapely.Polygon([(112.2, -8.2), (112.2, -8.1), *reversed(SHARED)], [KOTA_SHAPE.exterior.coords])
ZONES, SHAPES = [WEST, EAST, KOTA], [WEST_SHAPE, EAST_SHAPE, KOTA_SHAPE]


def built(folder: Path, zones: Sequence[Names] = ZONES, shapes: Sequence[shapely.Geometry] = SHAPES) -> Basemap:
    path = folder / "basemap.geo112"
    write_basemap(path, zones=zones, polygons=np.array(shapes, dtype=object), version="test-1")
    return Basemap.open(path)


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Basemap:
    return built(tmp_path_factory.mktemp("squares"))


def tile_at(z: int, lon_deg: float, lat_deg: float) -> tuple[int, int, int]:
    x, y = to_world(np.array([[lon_deg, lat_deg]]))[0] >> (30 - z)
    return z, int(x), int(y)


def layers(basemap: Basemap, tile: tuple[int, int, int]) -> dict[str, list[dict[str, Any]]]:
    """Each layer's features with shapes in degrees."""
    z, x, y = tile
    decoded = mapbox_vector_tile.decode(basemap.tile(z, x, y), default_options={"y_coord_down": True})
    unit = 1 << (30 - 12 - z)

    def in_degrees(points: np.ndarray) -> np.ndarray:
        return to_degrees((points + np.array([x, y]) * EXTENT) * unit)

    return {
        name: [
            feature | {"shape": shapely.transform(shapely.geometry.shape(feature["geometry"]), in_degrees)}
            for feature in layer["features"]
        ]
        for name, layer in decoded.items()
    }


# The tile of zoom 9 that holds all three; a pixel of it is 150 m.
WHOLE = tile_at(9, 112.1, -8.15)


def metres(degrees: float) -> float:
    return degrees * 111_320


def test_areas_carry_their_names_and_shapes(squares: Basemap) -> None:
    found = layers(squares, WHOLE)
    properties = [feature["properties"] for feature in found["kecamatan"]]
    assert properties == [{"kode": n.kode, "nama": n.nama, "kode_kabkota": n.kode_kabkota} for n in ZONES]
    assert [feature["id"] for feature in found["kecamatan"]] == [350501, 350502, 357201]
    for feature, source in zip(found["kecamatan"], SHAPES, strict=True):
        assert feature["shape"].is_valid
        assert metres(shapely.hausdorff_distance(feature["shape"], source)) < 160
        assert feature["shape"].area == pytest.approx(source.area, rel=0.03)


def test_a_kota_is_a_hole_of_its_kabupaten(squares: Basemap) -> None:
    found = layers(squares, tile_at(12, 112.15, -8.15))
    kabupaten, kota = found["kabkota"]
    assert kabupaten["properties"] == {"kode": "35.05", "nama": "Kab. Blitar"}
    assert kota["properties"] == {"kode": "35.72", "nama": "Kota Blitar"}
    middle = shapely.Point(112.15, -8.15)
    assert kota["shape"].contains(middle)
    assert not kabupaten["shape"].intersects(middle)
    assert shapely.area(shapely.intersection(kabupaten["shape"], kota["shape"])) == pytest.approx(0, abs=1e-9)


def test_every_border_is_drawn_once(squares: Basemap) -> None:
    found = layers(squares, WHOLE)
    lines = {feature["properties"]["tingkat"]: feature for feature in found["batas"]}
    assert set(lines) == {"kabkota", "kecamatan", "pantai"}
    assert len(found["batas"]) == 3
    shared = shapely.LineString(SHARED)
    assert lines["kecamatan"]["shape"].length == pytest.approx(shared.length, rel=0.01)
    assert metres(shapely.hausdorff_distance(lines["kecamatan"]["shape"], shared)) < 160
    assert lines["kabkota"]["shape"].length == pytest.approx(KOTA_SHAPE.exterior.length, rel=0.01)
    outside = shapely.union_all([WEST_SHAPE, EAST_SHAPE]).exterior
    assert lines["pantai"]["shape"].length == pytest.approx(outside.length, rel=0.01)


def test_a_border_names_both_sides_and_a_coast_one(squares: Basemap) -> None:
    found = layers(squares, WHOLE)
    sides = {
        feature["properties"]["tingkat"]: {feature["properties"].get(side) for side in ("kiri", "kanan")}
        for feature in found["batas"]
    }
    assert sides == {"kabkota": {"35.05", "35.72"}, "kecamatan": {"35.05"}, "pantai": {None, "35.05"}}


def test_left_and_right_are_those_of_the_line(squares: Basemap) -> None:
    found = layers(squares, tile_at(14, 112.13, -8.15))
    (border,) = (feature for feature in found["batas"] if feature["properties"]["tingkat"] == "kabkota")
    # Where the kota begins to the east, a line to the north has the kota on its right.
    (_, south), (_, north) = border["shape"].coords[0], border["shape"].coords[-1]
    expected = ("35.05", "35.72") if north > south else ("35.72", "35.05")
    assert (border["properties"]["kiri"], border["properties"]["kanan"]) == expected


def test_neighbours_keep_one_border_at_every_zoom(squares: Basemap) -> None:
    for z in range(6, 17):
        found = layers(squares, tile_at(z, 112.105, -8.15))
        west, east = (feature["shape"] for feature in found["kecamatan"][:2])
        overlap = shapely.area(shapely.intersection(west, east))
        assert overlap == pytest.approx(0, abs=1e-12)
        assert shapely.area(shapely.union_all([west, east])) == pytest.approx(west.area + east.area, rel=1e-9)


def test_shapes_end_at_the_buffer(squares: Basemap) -> None:
    z, x, y = tile_at(13, 112.1, -8.15)
    decoded = mapbox_vector_tile.decode(squares.tile(z, x, y), default_options={"y_coord_down": True})
    for name in ("kabkota", "kecamatan", "batas"):
        for feature in decoded[name]["features"]:
            west, north, east, south = shapely.geometry.shape(feature["geometry"]).bounds
            assert min(west, north) >= -64
            assert max(east, south) <= EXTENT + 64
        assert decoded[name]["extent"] == EXTENT
        assert decoded[name]["version"] == 2


def test_a_tile_inside_one_kecamatan_is_full_of_it(squares: Basemap) -> None:
    found = layers(squares, tile_at(16, 112.02, -8.18))
    assert [feature["properties"]["nama"] for feature in found["kecamatan"]] == ["Barat"]
    assert "batas" not in found
    (again,) = found["label_ulang"]
    assert again["properties"]["nama"] == "Barat"
    assert "label" not in found


def test_a_tile_of_the_sea_is_empty(squares: Basemap) -> None:
    assert squares.tile(*tile_at(12, 110.0, -9.5)) == b""


def test_each_label_stands_once_and_inside(squares: Basemap) -> None:
    for z in (8, 11, 14):
        size = 1 << z
        labels = []
        corner_a, corner_b = tile_at(z, 111.95, -8.05), tile_at(z, 112.25, -8.25)
        for x in range(corner_a[1], corner_b[1] + 1):
            for y in range(corner_a[2], min(corner_b[2] + 1, size)):
                labels += layers(squares, (z, x, y)).get("label", [])
        named = {(one["properties"]["kelas"], one["properties"]["nama"]): one for one in labels}
        assert len(named) == len(labels) == 5
        for zone, shape in zip(ZONES, SHAPES, strict=True):
            label = named["kecamatan", zone.nama]
            assert shape.contains(label["shape"])
            assert label["properties"]["kabkota"] == zone.kabkota
            assert label["properties"]["kode"] == zone.kode
        assert WEST_SHAPE.union(EAST_SHAPE).contains(named["kabkota", "Kab. Blitar"]["shape"])
        assert named["kecamatan", "Barat"]["properties"]["rank"] == 1
        assert named["kecamatan", "Tengah"]["properties"]["rank"] == 3


@pytest.mark.parametrize(
    ("tile", "field"),
    [((-1, 0, 0), "z"), ((17, 0, 0), "z"), ((3, 8, 0), "x"), ((3, -1, 0), "x"), ((3, 0, 8), "y"), ((3, 0, -1), "y")],
)
def test_a_tile_that_does_not_exist_is_named(squares: Basemap, tile: tuple[int, int, int], field: str) -> None:
    with pytest.raises(NotFound) as refused:
        squares.tile(*tile)
    assert refused.value.field == field


def test_the_same_boundaries_give_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        path = tmp_path / name
        write_basemap(path, zones=ZONES, polygons=np.array(SHAPES, dtype=object), version="test-1")
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert Basemap.open(tmp_path / "a").version == "test-1"


def test_names_and_polygons_must_fit(tmp_path: Path) -> None:
    path = tmp_path / "basemap.geo112"
    with pytest.raises(BadInput) as refused:
        write_basemap(path, zones=ZONES, polygons=np.array(SHAPES[:2], dtype=object), version="1")
    assert refused.value.field == "polygons"
    with pytest.raises(BadInput) as refused:
        write_basemap(path, zones=[EAST, WEST, KOTA], polygons=np.array(SHAPES, dtype=object), version="1")
    assert refused.value.field == "zones"
    assert not path.exists()


def test_a_missing_foreign_or_cut_file_is_refused(tmp_path: Path) -> None:
    built(tmp_path)
    whole = (tmp_path / "basemap.geo112").read_bytes()
    for name, content in (("foreign", b"PAR1" * 100), ("cut", whole[: len(whole) // 2]), ("head", whole[:100])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataMissing):
            Basemap.open(tmp_path / name)
    with pytest.raises(DataMissing):
        Basemap.open(tmp_path / "nowhere")


def test_a_slit_between_neighbours_is_one_border_from_afar_and_no_coast(tmp_path: Path) -> None:
    # 0.0003 degrees are 33 m: a twentieth of a pixel of zoom 7.
    left = shapely.Polygon([(112.0, -8.2), (112.1, -8.2), (112.1, -8.16), (112.1, -8.1), (112.0, -8.1)])
    right = shapely.Polygon([(112.1003, -8.2), (112.2, -8.2), (112.2, -8.1), (112.1003, -8.1), (112.1003, -8.13)])
    basemap = built(tmp_path, [WEST, KOTA], [left, right])
    afar = layers(basemap, tile_at(7, 112.1, -8.15))
    (border,) = (one for one in afar["batas"] if one["properties"]["tingkat"] == "kabkota")
    assert border["shape"].length == pytest.approx(0.1, rel=0.02)
    near = layers(basemap, tile_at(14, 112.1001, -8.15))
    assert {one["properties"]["tingkat"] for one in near["batas"]} == {"kabkota"}
    assert [{one["properties"]["kiri"], one["properties"]["kanan"]} for one in near["batas"]] == [{"35.05", "35.72"}]


def test_a_small_hole_in_the_land_is_a_gap_and_no_coast(tmp_path: Path) -> None:
    gap = shapely.Polygon([(112.1, -8.16), (112.108, -8.15), (112.1, -8.14)])
    left = shapely.Polygon([(112.0, -8.2), (112.1, -8.2), (112.1, -8.16), (112.1, -8.14), (112.1, -8.1), (112.0, -8.1)])
    right = shapely.box(112.1, -8.2, 112.2, -8.1).difference(gap)
    found = layers(built(tmp_path, [WEST, KOTA], [left, right]), tile_at(11, 112.102, -8.15))
    (hole,) = found["celah"]
    assert metres(shapely.hausdorff_distance(hole["shape"], gap)) < 10
    beside = [one["properties"]["tingkat"] for one in found["batas"] if one["shape"].intersects(gap.buffer(0.001))]
    assert beside == ["kabkota"]


def test_a_long_edge_is_drawn_where_it_is_in_degrees(tmp_path: Path) -> None:
    shape = shapely.Polygon([(112.0, -10.0), (114.0, -8.0), (112.0, -8.0)])
    basemap = built(tmp_path, [WEST], [shape])
    found = layers(basemap, tile_at(16, 113.0, -9.0))
    (line,) = (one["shape"] for one in found["batas"])
    assert metres(shapely.hausdorff_distance(line, shapely.intersection(shape.exterior, line.buffer(1e-4)))) < 60
    for share in (0.1, 0.5, 0.9):
        assert metres(shape.exterior.distance(line.interpolate(share, normalized=True))) < 1


def test_an_island_is_kept_while_it_can_be_seen(tmp_path: Path) -> None:
    island = shapely.box(112.3, -8.15, 112.302, -8.148)
    basemap = built(tmp_path, [WEST], [shapely.MultiPolygon([WEST_SHAPE, island])])
    near, afar = tile_at(14, 112.301, -8.149), tile_at(7, 112.301, -8.149)
    assert layers(basemap, near)["kecamatan"][0]["shape"].area == pytest.approx(island.area, rel=0.02)
    assert shapely.get_num_geometries(layers(basemap, afar)["kecamatan"][0]["shape"]) == 1


def test_a_full_cache_gives_the_same_tiles(tmp_path: Path) -> None:
    built(tmp_path)
    small = Basemap.open(tmp_path / "basemap.geo112", cache_bytes=1)
    large = Basemap.open(tmp_path / "basemap.geo112")
    tile = tile_at(12, 112.15, -8.15)
    assert small.tile(*tile) == small.tile(*tile) == large.tile(*tile) == large.tile(*tile) != b""


@settings(max_examples=60, deadline=None)
@given(
    z=st.integers(4, 16),
    lon=st.floats(111.95, 112.25),
    lat=st.floats(-8.25, -8.05),
)
def test_any_tile_agrees_with_the_source(squares: Basemap, z: int, lon: float, lat: float) -> None:
    found = layers(squares, tile_at(z, lon, lat)) if squares.tile(*tile_at(z, lon, lat)) else {}
    x, y = tile_at(z, lon, lat)[1:]
    corners = to_degrees(np.array([[x, y], [x + 1, y + 1]]) << (30 - z))
    window = shapely.box(corners[0, 0], corners[1, 1], corners[1, 0], corners[0, 1])
    drawn = {feature["properties"]["kode"]: feature["shape"] for feature in found.get("kecamatan", [])}
    for zone, shape in zip(ZONES, SHAPES, strict=True):
        if z < 6:
            assert zone.kode not in drawn
            continue
        expected = shape.intersection(window)
        got = drawn.get(zone.kode, shapely.Polygon()).intersection(window)
        # Two pixels of a tile 512 pixels wide around the border of what is expected.
        pixel = 360 / (512 << z)
        assert got.symmetric_difference(expected).area <= 2 * pixel * shape.exterior.length + 8 * pixel * pixel
