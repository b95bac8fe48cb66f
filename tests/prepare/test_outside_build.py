"""What no kecamatan covers, told apart by two sources that never agree about a shore."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import box
from tiny_country import write_atlas

from geo112.core.errors import DataMissing
from geo112.prepare.neighbours import Country, read_countries
from geo112.prepare.outside import outside_parts, write_outside
from geo112.zones.jurisdiction import OutsideKind
from geo112.zones.opening import open_compact

KM = 1 / 111.0
# Kecamatan of 0.4 by 0.2 degrees west of the land border at 112.4, a shore in the south at 1.0, on the equator's north.
KECAMATAN = [box(112.0, 1.0, 112.2, 1.2), box(112.2, 1.0, 112.4, 1.2)]


def country(kode: str, *shapes: shapely.Polygon) -> Country:
    return Country(kode=kode, nama=f"Negara {kode}", land=shapely.union_all(list(shapes)))


def kind_at(countries: list[Country], lon: float, lat: float, kecamatan: list[shapely.Polygon] | None = None) -> str:
    """Name what is at a place: kecamatan win, what is in nothing is sea, and no place is in two kinds."""
    polygons = np.array(KECAMATAN if kecamatan is None else kecamatan, dtype=object)
    place = shapely.Point(lon, lat)
    if shapely.intersects(polygons, place).any():
        return "ours"
    found = [
        kode if kind is OutsideKind.ABROAD else kind.value
        for kind, kode, _, shape in outside_parts(polygons, countries)
        if shape.intersects(place)
    ]
    assert len(found) < 2
    return found[0] if found else "sea"


@pytest.mark.parametrize(
    ("lon", "lat", "kind"),
    [
        (112.1, 1.1, "ours"),
        (112.1, 1.0 - 0.5 * KM, "gap"),
        (112.1, 1.0 - 1.9 * KM, "gap"),
        (112.1, 1.0 - 2.3 * KM, "sea"),
        (112.1, 1.0 - 3.5 * KM, "sea"),
        (111.9, 1.1, "sea"),
        (113.0, -1.0, "gap"),
    ],
)
def test_a_shore_is_drawn_in_two_places(lon: float, lat: float, kind: str) -> None:
    """Land of the other source is no sea near our kecamatan, but 2.3 km off it is; a missing island is land."""
    indonesia = country("ID", box(112.0, 1.0 - 3 * KM, 112.4, 1.2), box(112.99, -1.01, 113.01, -0.99))
    assert kind_at([indonesia], lon, lat) == kind


def test_deep_in_the_land_a_place_without_a_kecamatan_is_a_gap() -> None:
    indonesia = country("ID", box(112.0, 1.0, 112.4, 1.4))
    assert kind_at([indonesia], 112.2, 1.2 + 3 * KM) == "gap"


@pytest.mark.parametrize(
    ("km", "kind"), [(-0.5, "ours"), (0.5, "gap"), (1.4, "gap"), (1.6, "MY"), (2.5, "MY"), (4.0, "MY")]
)
def test_a_sliver_along_a_land_border_goes_to_the_nearer_side(km: float, kind: str) -> None:
    """The neighbour's outline begins 3 km beyond our kecamatan: up to the middle it is a gap, then abroad."""
    line = 112.4 + 3 * KM
    indonesia, malaysia = country("ID", box(112.0, 1.0, line, 1.2)), country("MY", box(line, 1.0, 113.0, 1.2))
    assert kind_at([indonesia, malaysia], 112.4 + km * KM, 1.1) == kind


def test_our_kecamatan_win_where_a_neighbour_reaches_into_them() -> None:
    malaysia = country("MY", box(112.3, 1.0, 113.0, 1.2))
    assert kind_at([malaysia], 112.35, 1.1) == "ours"
    assert kind_at([malaysia], 112.41, 1.1) == "MY"
    parts = outside_parts(np.array(KECAMATAN, dtype=object), [malaysia])
    ours = shapely.union_all(KECAMATAN)
    assert sum(shape.intersection(ours).area for *_, shape in parts) == pytest.approx(0, abs=1e-12)


def test_holes_are_lakes_and_small_ones_gaps_but_islands_in_them_are_land() -> None:
    lake, crack, island = (
        box(112.05, 1.05, 112.15, 1.15),
        box(112.3, 1.1, 112.305, 1.105),
        box(112.1, 1.1, 112.11, 1.11),
    )
    kecamatan = [shapely.difference(KECAMATAN[0], lake), shapely.difference(KECAMATAN[1], crack), island]
    indonesia = country("ID", box(112.0, 1.0, 112.4, 1.2))
    assert kind_at([indonesia], 112.07, 1.07, kecamatan) == "lake"
    assert kind_at([indonesia], 112.302, 1.102, kecamatan) == "gap"
    assert kind_at([indonesia], 112.105, 1.105, kecamatan) == "ours"


def test_without_neighbours_and_lakes_only_the_sea_is_left() -> None:
    assert outside_parts(np.array(KECAMATAN, dtype=object), []) == []


def test_countries_are_read_by_code_and_cut_to_the_field(tmp_path: Path) -> None:
    write_atlas(
        tmp_path,
        {
            "Indonesia": [(100.0, -2.0, 101.0, -1.0), (102.0, -2.0, 103.0, -1.0)],
            "Australia": [(130.0, -30.0, 131.0, -11.0)],
            "Ashmore and Cartier Is.": [(123.0, -12.3, 123.1, -12.2)],
            "Sealand": [(110.0, 0.0, 110.1, 0.1)],
            "France": [(2.0, 44.0, 3.0, 45.0)],
        },
    )
    found = {one.kode: one for one in read_countries(tmp_path)}
    assert {kode: one.nama for kode, one in found.items()} == {
        "AU": "Australia",
        "ID": "Indonesia",
        "Sealand": "Sealand",
    }
    assert found["ID"].land.equals(shapely.union_all([box(100, -2, 101, -1), box(102, -2, 103, -1)]))
    assert found["AU"].land.bounds == pytest.approx((123.0, -13.0, 131.0, -11.0))


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="world-atlas"):
        read_countries(tmp_path)


def test_the_file_names_each_part_by_its_kind(tmp_path: Path) -> None:
    write_atlas(tmp_path, {"Indonesia": [(112.0, 0.99, 112.4, 1.2)], "Malaysia": [(112.4, 1.0, 113.0, 1.2)]})
    path = tmp_path / "outside.geo112"
    write_outside(path, polygons=np.array(KECAMATAN, dtype=object), source=tmp_path, version="uji")
    opened = open_compact(path)
    assert opened.version == "uji"
    assert [(zone.kode, zone.kode_kabkota, zone.nama) for zone in opened.zones] == [
        ("MY", "abroad", "Malaysia"),
        ("celah", "gap", "celah antara batas wilayah"),
    ]
    assert opened.zones[0].area_km2 == pytest.approx(0.6 * 0.2 * 111.3 * 110.6, rel=0.01)
