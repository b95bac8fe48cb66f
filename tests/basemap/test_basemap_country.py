"""The tiles of the whole country, as `make setup` built them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from geo112.basemap.tiles import Basemap
from geo112.basemap.world import EXTENT, to_degrees, to_world

BLITAR = (112.1626, -8.0955)
OF_KOTA_BLITAR = {"Kepanjenkidul", "Sananwetan", "Sukorejo"}


@pytest.fixture(scope="module")
def basemap(boundaries_dir: Path) -> Basemap:
    return Basemap.open(boundaries_dir / "basemap.geo112")


@pytest.fixture(scope="module")
def blitar(boundaries_dir: Path) -> dict[str, shapely.Geometry]:
    """The kecamatan of Kota Blitar as built, by name."""
    table = pq.read_table(
        boundaries_dir / "kecamatan.parquet",
        columns=["kecamatan", "geometry"],
        filters=[("kode_kabkota", "=", "35.72")],
    ).to_pylist()
    return {row["kecamatan"]: shapely.from_wkb(row["geometry"]) for row in table}


def tile_at(z: int, lon_deg: float, lat_deg: float) -> tuple[int, int, int]:
    x, y = to_world(np.array([[lon_deg, lat_deg]]))[0] >> (30 - z)
    return z, int(x), int(y)


def features(basemap: Basemap, tile: tuple[int, int, int], layer: str) -> list[dict[str, Any]]:
    content = mapbox_vector_tile.decode(basemap.tile(*tile), default_options={"y_coord_down": True})
    return list(content.get(layer, {"features": []})["features"])


def in_degrees(feature: dict[str, Any], tile: tuple[int, int, int]) -> shapely.Geometry:
    z, x, y = tile
    unit = 1 << (30 - 12 - z)
    shape = shapely.geometry.shape(feature["geometry"])
    return shapely.transform(shape, lambda points: to_degrees((points + np.array([x, y]) * EXTENT) * unit))


def test_a_tile_over_blitar_has_the_kota_and_its_kecamatan(basemap: Basemap) -> None:
    z, x, y = tile_at(12, *BLITAR)
    around = [(z, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    named = [one["properties"] for tile in around for one in features(basemap, tile, "label")]
    assert [one["kode"] for one in named if one["nama"] == "Kota Blitar"] == ["35.72"]
    own = [one for one in named if one["kelas"] == "kecamatan" and one["kabkota"] == "Kota Blitar"]
    assert {one["nama"] for one in own} == OF_KOTA_BLITAR
    assert len(own) == 3
    assert "Kota Blitar" in {one["properties"]["nama"] for one in features(basemap, (z, x, y), "kabkota")}
    drawn = {one["properties"]["nama"] for tile in around for one in features(basemap, tile, "kecamatan")}
    assert drawn >= OF_KOTA_BLITAR


@pytest.mark.parametrize("z", range(6, 17))
def test_kecamatan_lines_and_a_name_are_there_at_every_zoom(
    basemap: Basemap, blitar: dict[str, shapely.Geometry], z: int
) -> None:
    border = shapely.intersection(blitar["Sukorejo"].boundary, blitar["Sananwetan"].boundary)
    tile = tile_at(z, *shapely.get_coordinates(border)[0])
    tingkat = {one["properties"]["tingkat"] for one in features(basemap, tile, "batas")}
    assert "kecamatan" in tingkat
    names = features(basemap, tile, "label") + features(basemap, tile, "label_ulang")
    assert names


def test_the_border_of_kota_blitar_names_both_sides(basemap: Basemap) -> None:
    lines = [one["properties"] for one in features(basemap, tile_at(11, *BLITAR), "batas")]
    between = [one for one in lines if {one.get("kiri"), one.get("kanan")} == {"35.05", "35.72"}]
    assert [one["tingkat"] for one in between] == ["kabkota"]


def test_at_zoom_16_borders_stand_within_a_metre(basemap: Basemap, blitar: dict[str, shapely.Geometry]) -> None:
    source = blitar["Sukorejo"].boundary
    checked = 0
    for share in np.linspace(0, 1, 12, endpoint=False):
        here = source.interpolate(share, normalized=True)
        tile = tile_at(16, here.x, here.y)
        (area,) = (one for one in features(basemap, tile, "kecamatan") if one["properties"]["nama"] == "Sukorejo")
        assert in_degrees(area, tile).boundary.distance(here) * 111_320 < 1
        lines = shapely.union_all([in_degrees(one, tile) for one in features(basemap, tile, "batas")])
        assert lines.distance(here) * 111_320 < 1
        checked += 1
    assert checked == 12


def test_all_kabupaten_and_kota_are_named_once(basemap: Basemap) -> None:
    west_north, east_south = tile_at(6, 94.0, 7.0), tile_at(6, 142.0, -12.0)
    codes = [
        one["properties"]["kode"]
        for x in range(west_north[1], east_south[1] + 1)
        for y in range(west_north[2], east_south[2] + 1)
        for one in features(basemap, (6, x, y), "label")
        if one["properties"]["kelas"] == "kabkota"
    ]
    assert len(codes) == len(set(codes)) == 514


def test_six_threads_draw_the_same_tiles_as_one(basemap: Basemap, boundaries_dir: Path) -> None:
    z, x, y = tile_at(10, *BLITAR)
    tiles = [(z, x + dx, y + dy) for dx in range(-4, 4) for dy in range(-3, 3)] * 3
    alone = [basemap.tile(*tile) for tile in tiles]
    fresh = Basemap.open(boundaries_dir / "basemap.geo112", cache_bytes=20_000)
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda tile: fresh.tile(*tile), tiles))
    assert together == alone
