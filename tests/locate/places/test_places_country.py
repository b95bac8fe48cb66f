"""All names of the country: exact ones come first, misspelt ones among the first five."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo112.bench.places import Question, found_share, misspelt
from geo112.core.geo import Position
from geo112.locate.places.kinds import Kind
from geo112.locate.places.search import Places
from geo112.locate.places.table import PlaceRow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def country() -> Places:
    """The gazetteer that `make setup` built."""
    path = ROOT / "data" / "places" / "places.geo112"
    assert path.is_file(), "run `make setup` first: it builds the places"
    return Places.open(path)


@pytest.fixture(scope="module")
def villages(boundaries_dir: Path) -> list[PlaceRow]:
    with (boundaries_dir / "desa.csv").open(encoding="utf-8", newline="") as file:
        return [
            PlaceRow(
                name=row["desa"],
                kind=Kind.DESA,
                kode=row["kode_desa"],
                parent=-1,
                lat_deg=float(row["lat_deg"]),
                lon_deg=float(row["lon_deg"]),
                radius_m=1.0,
            )
            for row in csv.DictReader(file)
        ]


def test_names_with_two_errors_are_among_the_first_five(country: Places, villages: Sequence[PlaceRow]) -> None:
    asked: list[Question] = misspelt(villages, country, count=250, seed=3)
    assert all(one.text != "" for one in asked)
    assert found_share(country, asked, with_near=True) >= 0.95
    assert found_share(country, asked[:100], with_near=False) >= 0.6


@given(st.data())
def test_an_exact_name_comes_first_with_its_kabupaten_given(
    country: Places, villages: list[PlaceRow], data: st.DataObject
) -> None:
    village = data.draw(st.sampled_from(villages))
    near = country.area_of((village.kode or "")[:5])
    found = country.find(village.name, near, 50)
    assert found[0].score_share == 1.0
    assert village.kode in [one.kode for one in found if one.score_share == 1.0]


def test_every_place_is_where_it_can_be(country: Places, boundaries_dir: Path) -> None:
    assert len(country) >= 83_058 + 7_267 + 514
    kota, kab = country.area_of("35.72"), country.area_of("35.05")
    assert kota is not None
    assert kab is not None
    assert 4_000 < kota.radius_m < 6_000
    assert kab.middle.distance_m(kota.middle) < kab.radius_m
    assert country.find("Kepanjenkidul", kota)[0].kode == "35.72.01.1001"


def test_the_circle_of_a_village_holds_its_polygon(country: Places, boundaries_dir: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(boundaries_dir / "desa.parquet", filters=[("kode_kecamatan", "in", ["35.72.01", "35.05.10"])])
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    held = 0
    for kode, shape in zip(table["kode_desa"].to_pylist(), shapes, strict=True):
        area = country.area_of(kode) if kode else None
        if area is not None:
            corners = shapely.get_coordinates(shape)
            far_m = max(area.middle.distance_m(Position(lon_deg=x, lat_deg=y)) for x, y in corners)
            assert far_m <= area.radius_m
            held += 1
    assert held > 10
