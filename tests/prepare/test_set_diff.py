"""What moves between two sets of squares, of which every figure can be worked out by hand."""

from pathlib import Path

import pytest
import shapely
from drawn_sets import SIDE, SOUTH, WEST, Squares, write_set
from pyproj import Geod

from geo112.core.errors import BadTable, DataMissing
from geo112.prepare.phases import Phases
from geo112.prepare.set_diff import compare_sets, load_set, outlines_of, read_villages
from geo112.zones.difference import Difference, Kind, kode_of
from geo112.zones.difference_wire import difference_to_dict

OLD: Squares = {"35.01.01": (0, 0, 4, 2), "35.01.02": (4, 0, 6, 2), "35.02.01": (6, 0, 8, 2), "35.02.02": (8, 0, 9, 2)}
# Two columns of 01.01 become the new 01.03, one column of 01.02 goes to the next centre, 02.02 loses its upper row.
NEW: Squares = {
    "35.01.01": (0, 0, 2, 2),
    "35.01.02": (4, 0, 5, 2),
    "35.01.03": (2, 0, 4, 2),
    "35.02.01": (5, 0, 8, 2),
    "35.02.02": (8, 0, 9, 1),
}
VILLAGES = [
    ("35.01.01.2001", "Tetap", 1, 1),
    ("35.01.01.2002", "Zamrud", 3, 1),
    ("35.01.01.2003", "Anyar", 2.5, 0.5),
    ("35.01.02.2001", "Pindah", 5.5, 1),
    ("35.02.02.2001", "Lepas", 8.5, 1.5),
    ("35.02.02.2002", "Laut", 20, 1),
]


def compared(
    tmp_path: Path, old: Squares, new: Squares, *, dust_m2: float = 10_000.0, **names: dict[str, str]
) -> Difference:
    before = write_set(tmp_path / "before", old, version="old", villages=VILLAGES)
    after = write_set(tmp_path / "after", new, version="new", names=names.get("names"))
    villages = read_villages(before / "desa.csv")
    return compare_sets(load_set(before), load_set(after), villages, dust_m2=dust_m2, phases=Phases(shown=False))


def geodesic_km2(west: float, south: float, east: float, north: float) -> float:
    """The area of a box on the ellipsoid (Karney 2013), its edges cut short enough to follow the parallels."""
    box = shapely.box(WEST + west * SIDE, SOUTH + south * SIDE, WEST + east * SIDE, SOUTH + north * SIDE)
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(box, SIDE / 50))[0]) / 1e6


def test_every_move_has_its_area_its_kind_and_its_villages(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, NEW)
    moves = {(kode_of(move.source), kode_of(move.target)): move for move in found.moves}
    assert {key: (move.kind, move.parts, move.villages) for key, move in moves.items()} == {
        ("35.01.02", "35.02.01"): (Kind.CENTRE, 1, ("Pindah",)),
        ("35.01.01", "35.01.03"): (Kind.KECAMATAN, 1, ("Anyar", "Zamrud")),
        ("35.02.02", None): (Kind.GONE, 1, ("Lepas",)),
    }
    assert moves["35.01.02", "35.02.01"].area_km2 == pytest.approx(geodesic_km2(5, 0, 6, 2), rel=1e-6)
    assert moves["35.01.01", "35.01.03"].area_km2 == pytest.approx(geodesic_km2(2, 0, 4, 2), rel=1e-6)
    assert found.km2(Kind.GONE) == pytest.approx(geodesic_km2(8, 1, 9, 2), rel=1e-6)
    assert found.centre_km2 == pytest.approx(geodesic_km2(5, 0, 6, 2), rel=1e-6)
    assert found.moves[0].kind is Kind.CENTRE
    counted = found.villages
    assert (counted.points, counted.centre_changes, counted.kecamatan_changes, counted.in_neither) == (6, 2, 4, 1)


def test_the_other_way_round_gone_ground_is_new(tmp_path: Path) -> None:
    found = compared(tmp_path, NEW, OLD)
    assert found.km2(Kind.NEW) == pytest.approx(geodesic_km2(8, 1, 9, 2), rel=1e-6)
    assert found.km2(Kind.GONE) == 0
    assert [zone.kode for zone in found.register.vanished] == ["35.01.03"]


def test_new_vanished_and_renamed_kecamatan(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, NEW, names={"35.01.02": "Nama Baru"})
    register = found.register
    assert [zone.kode for zone in register.new] == ["35.01.03"]
    assert register.vanished == ()
    assert [(one.nama, other.nama) for one, other in register.renamed] == [("Kecamatan 35.01.02", "Nama Baru")]


def test_equal_sets_differ_in_nothing(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, OLD)
    assert (found.moves, found.dust.parts, found.villages.kecamatan_changes) == ((), 0, 0)
    assert outlines_of(found) == {}


def test_overlaps_that_both_sets_have_are_no_move(tmp_path: Path) -> None:
    old: Squares = {"35.01.01": (0, 0, 4, 2), "35.01.02": (3, 0, 6, 2), "35.02.01": (5, 0, 8, 2)}
    found = compared(tmp_path, old, old | {"35.02.01": (5, 0, 9, 2)})
    assert {(kode_of(move.source), kode_of(move.target)) for move in found.moves} == {(None, "35.02.01")}
    assert found.km2(Kind.NEW) == pytest.approx(geodesic_km2(8, 0, 9, 2), rel=1e-6)


def test_dust_is_summed_up_and_not_listed(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, NEW, dust_m2=2.0e6)
    assert [(kode_of(move.source), kode_of(move.target)) for move in found.moves if move.parts] == [
        ("35.01.02", "35.02.01"),
        ("35.01.01", "35.01.03"),
    ]
    # The village of the dust is named all the same.
    assert [move.villages for move in found.moves if not move.parts] == [("Lepas",)]
    assert (found.dust.parts, found.dust.area_km2) == (1, pytest.approx(geodesic_km2(8, 1, 9, 2), rel=1e-6))


def test_the_difference_as_json_names_both_sides(tmp_path: Path) -> None:
    written = difference_to_dict(compared(tmp_path, OLD, NEW))
    assert (written["before"]["version"], written["after"]["kecamatan"]) == ("old", 5)
    assert written["moves"][0]["from"] == {
        "kode": "35.01.02",
        "nama": "Kecamatan 35.01.02",
        "kode_kabkota": "35.01",
        "kabkota": "Kota 35.01",
    }
    assert written["moves"][-1]["to"] is None


def test_outlines_are_those_of_the_centres_concerned(tmp_path: Path) -> None:
    found = compared(tmp_path, OLD, NEW)
    assert {kode: nama for kode, (nama, _) in outlines_of(found).items()} == {
        "35.01": "Kota 35.01",
        "35.02": "Kota 35.02",
    }


def test_a_set_without_its_polygons_is_refused(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set", OLD, version="old")
    other = write_set(tmp_path / "other", NEW, version="new")
    (other / "kecamatan.parquet").replace(folder / "kecamatan.parquet")
    with pytest.raises(DataMissing, match="other kecamatan"):
        load_set(folder)
    (folder / "kecamatan.parquet").unlink()
    with pytest.raises(DataMissing, match=r"kecamatan\.parquet is not there"):
        load_set(folder)


def test_a_broken_table_of_villages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        read_villages(tmp_path / "desa.csv")
    (tmp_path / "desa.csv").write_text("kode_desa,desa\n1,A\n")
    with pytest.raises(BadTable, match="no table of villages"):
        read_villages(tmp_path / "desa.csv")
