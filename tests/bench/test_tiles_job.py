"""The job that measures tiles: always the same ones, and an alternative that draws the same kecamatan."""

from pathlib import Path

import mapbox_vector_tile

from geo112.basemap.tiles import Basemap
from geo112.bench.reference import read_kecamatan
from geo112.bench.tiles import HEAVIEST, TILES, Clipped, draw_cold, tiles_of_java


def test_the_tiles_are_always_the_same_and_of_all_zooms() -> None:
    wanted = tiles_of_java()
    assert wanted == tiles_of_java()
    assert len(set(wanted)) == len(wanted) == TILES
    assert set(HEAVIEST) <= set(wanted)
    assert {z for z, _, _ in wanted} == set(range(6, 17))


def test_both_ways_draw_the_kecamatan_of_blitar(boundaries_dir: Path) -> None:
    tile = (12, 3324, 2140)
    other = mapbox_vector_tile.decode(Clipped(*read_kecamatan(boundaries_dir)).tile(*tile))
    basemap = Basemap.open(boundaries_dir / "basemap.geo112")
    ours = mapbox_vector_tile.decode(basemap.tile(*tile))
    theirs = {one["properties"]["kode"] for one in other["kecamatan"]["features"]}
    drawn = {one["properties"]["kode"] for one in ours["kecamatan"]["features"]}
    assert "35.72.02" in theirs
    # Ours draws a little beyond the edge as well.
    assert theirs <= drawn
    assert draw_cold(basemap, [tile]) >= 0
