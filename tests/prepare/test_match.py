"""By what evidence a village polygon gets its kecamatan, and what never moves it."""

import csv
from pathlib import Path

import pytest
from tiny_country import write_tables

from geo112.core.errors import BadCode, BadTable
from geo112.prepare.evidence import Evidence, Placed
from geo112.prepare.layers import make_layers, read_inputs
from geo112.prepare.phases import Phases
from geo112.prepare.sources import read_gadm_kabkota
from geo112.prepare.splits import read_tables, territories

ByName = dict[tuple[str, str], Placed]


def placed_as(place: Placed) -> tuple[str | None, str | None, Evidence | None]:
    return place.kecamatan, place.desa, place.evidence


def test_same_names_match(placed_by_name: ByName) -> None:
    assert placed_as(placed_by_name["Barat", "Sukamaju"]) == ("35.01.01", "35.01.01.2001", Evidence.NAME)


def test_old_spelling_is_an_alias(placed_by_name: ByName) -> None:
    assert placed_as(placed_by_name["Barat", "Soekaredjo"]) == ("35.01.01", "35.01.01.2002", Evidence.ALIAS)


def test_a_unique_name_leads_to_a_new_kecamatan(placed_by_name: ByName) -> None:
    assert placed_as(placed_by_name["Timur", "Melati"]) == ("35.01.03", "35.01.03.2001", Evidence.NAME)


def test_a_forest_follows_its_kecamatan(placed_by_name: ByName) -> None:
    assert placed_as(placed_by_name["Barat", "Hutan"]) == ("35.01.01", None, Evidence.PARENT)


def test_a_forest_that_is_a_kecamatan_joins_the_longest_border(placed_by_name: ByName) -> None:
    # It borders on a square of Barat and on Ndak above, which is Utara's: one side each; the lower code is taken.
    assert placed_as(placed_by_name["Hutan", "Hutan"]) == ("35.01.01", None, Evidence.NEIGHBOUR)


def test_points_find_a_kecamatan_that_has_no_polygon(placed_by_name: ByName) -> None:
    assert placed_as(placed_by_name["Timur", "Ndak"]) == ("35.01.04", None, Evidence.POINT)


def test_a_point_alone_never_moves_a_border(placed_by_name: ByName) -> None:
    """Wijaya of Kab. Lama has its point in Ragu, a polygon of Kota Tua."""
    assert placed_as(placed_by_name["Pusat", "Ragu"]) == ("35.71.01", None, Evidence.PARENT)


def test_a_split_kabupaten_gets_its_village(placed_by_name: ByName) -> None:
    assert placed_as(placed_by_name["Timur", "Anggrek"]) == ("35.02.01", "35.02.01.2001", Evidence.NAME)


def test_without_the_split_table_nothing_leaves_its_kabupaten(source: Path, tmp_path: Path) -> None:
    tables = write_tables(tmp_path / "no_splits", source, splits=False)
    inputs = read_inputs(source, tables, phases=Phases(shown=False))
    layers = make_layers(inputs, phases=Phases(shown=False))
    assert {str(p.kecamatan)[:5] for i, p in layers.placed.items() if inputs.villages[i].kabkota == "Lama"} == {"35.01"}
    [anggrek] = [p for i, p in layers.placed.items() if inputs.villages[i].desa == "Anggrek"]
    assert placed_as(anggrek) == ("35.01.02", None, Evidence.PARENT)


def test_an_alias_names_the_kecamatan(source: Path, tables: Path) -> None:
    with (tables / "kecamatan_aliases.csv").open("a", newline="") as file:
        csv.writer(file).writerow(("35.01", "Hutan", "35.01.02", "Timur", "diganti"))
    inputs = read_inputs(source, tables, phases=Phases(shown=False))
    layers = make_layers(inputs, phases=Phases(shown=False))
    [forest] = [p for i, p in layers.placed.items() if inputs.villages[i].kecamatan == "Hutan"]
    assert forest.kecamatan == "35.01.02"


def test_a_renamed_kabupaten_is_found_by_the_alias_table(source: Path, tables: Path) -> None:
    inputs = read_inputs(source, tables, phases=Phases(shown=False))
    [lama, _] = read_gadm_kabkota(source)
    renamed = type(lama)(gid=lama.gid, provinsi=lama.provinsi, nama="NamaDulu", kind=lama.kind)
    assert territories([renamed], inputs.register, read_tables(tables)) == {}
    with (tables / "kabkota_aliases.csv").open("a", newline="") as file:
        csv.writer(file).writerow(("JawaTimur", "NamaDulu", "35.01", "Kab. Lama", "ganti nama"))
    assert territories([renamed], inputs.register, read_tables(tables))[lama.gid].codes == ("35.01", "35.02")


def test_a_table_without_a_column_is_refused(tables: Path) -> None:
    (tables / "kabkota_splits.csv").write_text("kode_kabkota,nama\n")
    with pytest.raises(BadTable, match="kode_asal"):
        read_tables(tables)


def test_an_alias_that_the_register_lacks_is_refused(source: Path, tables: Path) -> None:
    with (tables / "kabkota_aliases.csv").open("a", newline="") as file:
        csv.writer(file).writerow(("JawaTimur", "Lama", "35.99", "Kab. Tiada", "salah"))
    with pytest.raises(BadCode, match=r"35\.99"):
        read_inputs(source, tables, phases=Phases(shown=False))
