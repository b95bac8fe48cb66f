"""Files as they come: without a coordinate system, in metres, with layers, broken, in part, with new kecamatan."""

import json
import math
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, affinity, box
from tiny_region import BPS, KECAMATAN, KOTA, frame_of, polygons, shifted, square, wilayah

from geo112.core.errors import BadInput, BadTable, DataMissing, Geo112Error
from geo112.core.geo import Position
from geo112.prepare.cache import is_whole
from geo112.prepare.imports.raw import raw_at
from geo112.prepare.imports.run import ImportedSet, forget_left_over
from geo112.zones.index import ZoneIndex

RunImport = Callable[..., ImportedSet]
KecamatanOf = Callable[[ImportedSet], geopandas.GeoDataFrame]
NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def refused(run_import: RunImport, file: Path, kind: type[Geo112Error], words: str, **given: object) -> str | None:
    with pytest.raises(kind, match=words) as found:
        run_import(file, **given)
    return found.value.field


def test_a_file_that_does_not_say_its_coordinates_needs_them(
    tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf
) -> None:
    file = tmp_path / "utm.shp"
    wilayah(shifted()).to_crs("EPSG:32749").to_file(file)
    file.with_suffix(".prj").unlink()
    assert refused(run_import, file, BadInput, "does not say its coordinate system") == "crs"
    assert refused(run_import, file, BadTable, "metres, not degrees", crs="EPSG:4326") == "crs"
    assert refused(run_import, file, BadInput, "no coordinate system", crs="EPSG:nine") == "crs"
    frame = kecamatan_of(run_import(file, crs="EPSG:32749"))
    assert shapely.symmetric_difference(frame.geometry["35.01.01"], shifted()["35.01.01"]).area < 1e-6


def test_a_file_that_says_its_coordinates_is_not_contradicted(tmp_path: Path, run_import: RunImport) -> None:
    wilayah(shifted()).to_file(tmp_path / "own.gpkg")
    assert refused(run_import, tmp_path / "own.gpkg", BadInput, "EPSG:4326", crs="EPSG:3857") == "crs"


def test_swapped_columns_are_not_guessed(tmp_path: Path, run_import: RunImport) -> None:
    swapped = {kode: shapely.transform(shape, lambda xy: xy[:, ::-1]) for kode, shape in shifted().items()}
    wilayah(swapped).to_file(tmp_path / "swapped.gpkg")
    assert refused(run_import, tmp_path / "swapped.gpkg", BadTable, "each other's place") == "file"


def test_places_that_cannot_be_reprojected_are_refused(tmp_path: Path, run_import: RunImport) -> None:
    far = {kode: affinity.scale(shape, 1e9, 1e9) for kode, shape in shifted().items()}
    wilayah(far, crs="EPSG:32749").to_parquet(tmp_path / "far.parquet")
    assert refused(run_import, tmp_path / "far.parquet", BadTable, "cannot place") == "crs"


def test_a_corner_that_is_no_number_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    shapes = [shapely.to_wkb(shape) for shape in shifted().values()]
    corner = np.array(shifted()["35.01.01"].exterior.coords[1])
    assert shapes[0].count(corner.tobytes()) == 1
    shapes[0] = shapes[0].replace(corner.tobytes(), np.array([math.nan, corner[1]]).tobytes())
    table = wilayah(shifted())
    table.to_parquet(tmp_path / "nan.parquet")
    rows = pq.read_table(tmp_path / "nan.parquet")
    broken = rows.set_column(rows.schema.get_field_index("geometry"), rows.schema.field("geometry"), [shapes])
    pq.write_table(broken, tmp_path / "nan.parquet")
    with warnings.catch_warnings():
        # Shapely warns of the octets when it reads them.
        warnings.simplefilter("ignore", RuntimeWarning)
        assert refused(run_import, tmp_path / "nan.parquet", BadTable, "cannot place") == "crs"


def test_a_shapefile_that_was_cut_short_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    file = tmp_path / "cut.shp"
    wilayah(shifted()).to_file(file)
    whole = file.read_bytes()
    for kept in (len(whole) // 2, 10, 0):
        file.write_bytes(whole[:kept])
        assert refused(run_import, file, BadTable, "not whole") == "file"


def test_places_beyond_indonesia_are_refused(tmp_path: Path, run_import: RunImport) -> None:
    far = {kode: affinity.translate(shape, 0, 30) for kode, shape in shifted().items()}
    wilayah(far).to_file(tmp_path / "far.gpkg")
    assert refused(run_import, tmp_path / "far.gpkg", BadTable, "beyond Indonesia") == "file"


def test_a_region_that_lies_elsewhere_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    moved = {kode: affinity.translate(shape, 1.0, 0) for kode, shape in shifted().items()}
    wilayah(moved).to_file(tmp_path / "moved.gpkg")
    assert refused(run_import, tmp_path / "moved.gpkg", BadTable, "lies where it was") == "file"


def test_an_absurdly_large_region_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    large = polygons() | {"35.01.01": square(-7, 0, 8.0)}
    wilayah(large).to_file(tmp_path / "large.gpkg")
    assert refused(run_import, tmp_path / "large.gpkg", BadTable, "times as large") == "file"


def test_an_absurdly_small_region_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    small = {"35.01.01": square(0, 0, 0.1, 0.1), "35.01.02": square(0, 1, 0.1, 0.1)}
    wilayah(small).to_file(tmp_path / "small.gpkg")
    assert refused(run_import, tmp_path / "small.gpkg", BadTable, "would be left") == "file"


def test_a_kabupaten_that_would_be_lost_refuses_the_file(tmp_path: Path, run_import: RunImport, base: Path) -> None:
    """Garum without its hole buries the kota."""
    before = (base / "kecamatan.parquet").read_bytes()
    wilayah({"35.02.01": square(1, 0), "35.02.02": square(1, 1)}).to_file(tmp_path / "buried.gpkg")
    assert refused(run_import, tmp_path / "buried.gpkg", BadTable, r"Kota Lama \(35.71\)") == "file"
    assert (base / "kecamatan.parquet").read_bytes() == before
    assert [path.name for path in (tmp_path / "sets").iterdir()] == []


def test_a_file_that_takes_half_of_a_neighbour_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    wilayah({"35.02.01": square(1, 0).difference(square(1.4, 0.4, 0.05, 0.2))}).to_file(tmp_path / "half.gpkg")
    assert refused(run_import, tmp_path / "half.gpkg", BadTable, r"Kota Lama \(35.71\) would lose 75%") == "file"


def test_a_zip_may_hold_folders_and_several_files(tmp_path: Path, run_import: RunImport) -> None:
    for name, shapes in (("kec", shifted()), ("lama", polygons())):
        wilayah(shapes).to_file(tmp_path / f"{name}.shp")
    with zipfile.ZipFile(tmp_path / "batas.zip", "w") as archive:
        for part in sorted(tmp_path.glob("kec.*")):
            archive.write(part, f"Jatim/2026/{part.name}")
    assert run_import(tmp_path / "batas.zip").report["rows"]["used"] == 5
    with zipfile.ZipFile(tmp_path / "batas.zip", "a") as archive:
        for part in sorted(tmp_path.glob("lama.*")):
            archive.write(part, part.name)
    assert refused(run_import, tmp_path / "batas.zip", BadInput, "holds kec, lama|holds lama, kec") == "layer"
    report = run_import(tmp_path / "batas.zip", layer="lama").report
    assert report["areas"][0]["difference_share"] == pytest.approx(1 / 1.02 - 1, abs=1e-4)
    (tmp_path / "junk.zip").write_bytes(b"junk")
    assert refused(run_import, tmp_path / "junk.zip", BadTable, "junk.zip cannot be read") == "file"


def test_lines_beside_the_polygons_are_no_choice(tmp_path: Path, run_import: RunImport) -> None:
    wilayah(shifted()).to_file(tmp_path / "rbi.gpkg", layer="AR_KECAMATAN")
    lines = wilayah({kode: shapely.LineString(shape.exterior.coords) for kode, shape in shifted().items()})
    lines.to_file(tmp_path / "rbi.gpkg", layer="LN_BATAS")
    assert run_import(tmp_path / "rbi.gpkg").report["rows"]["used"] == 5


def test_several_layers_have_to_be_chosen_from(tmp_path: Path, run_import: RunImport) -> None:
    file = tmp_path / "two.gpkg"
    wilayah(shifted()).to_file(file, layer="kecamatan")
    wilayah(polygons()).to_file(file, layer="lama")
    assert refused(run_import, file, BadInput, "layers kecamatan, lama") == "layer"
    assert refused(run_import, file, BadInput, "no layer 'desa'", layer="desa") == "layer"
    assert run_import(file, layer="kecamatan").report["rows"]["used"] == 5


@pytest.mark.parametrize(
    ("name", "content"), [("junk.gpkg", b"junk"), ("junk.parquet", b"junk"), ("no.geojson", b"{}")]
)
def test_what_is_no_boundary_file_is_refused(name: str, content: bytes, tmp_path: Path, run_import: RunImport) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(run_import, tmp_path / name, BadTable, name) == "file"


def test_a_missing_file_is_named(tmp_path: Path, run_import: RunImport) -> None:
    assert refused(run_import, tmp_path / "none.gpkg", DataMissing, "is not there") == "file"


@pytest.mark.parametrize("text", ["kode,nama\n35.01.01,A\n", "kode,nama,path\n35.01.01,A,[1]\n", "\n"])
def test_a_table_without_paths_is_refused(text: str, tmp_path: Path, run_import: RunImport) -> None:
    (tmp_path / "kec.csv").write_text(text)
    assert refused(run_import, tmp_path / "kec.csv", BadTable, "kec.csv") in {"path", "file"}


@pytest.mark.parametrize("accuracy_m", [0.0, -1.0, float("nan"), float("inf"), 6000.0])
def test_an_accuracy_that_cannot_be_meant_is_refused(accuracy_m: float, tmp_path: Path, run_import: RunImport) -> None:
    wilayah(polygons()).to_file(tmp_path / "own.gpkg")
    assert refused(run_import, tmp_path / "own.gpkg", BadInput, "metres", accuracy_m=accuracy_m) == "accuracy_m"


def test_broken_polygons_are_mended_and_counted(
    tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf
) -> None:
    west, south, east, north = square(0, 0).bounds
    spike = Polygon([(west, south), (east, south), (east, north), (west + 0.02, north), (west + 0.02, south - 0.01),
                     (west, north)])  # fmt: skip
    wilayah(shifted() | {"35.01.01": spike}).to_file(tmp_path / "broken.gpkg")
    done = run_import(tmp_path / "broken.gpkg")
    assert done.report["mended_polygons"] == 1
    assert kecamatan_of(done).is_valid.all()


def test_what_has_no_area_is_no_polygon(tmp_path: Path, run_import: RunImport) -> None:
    shapes: dict[str, object] = dict(polygons())
    shapes["35.01.02"] = Point(112.05, -8.05)
    wilayah(shapes).to_file(tmp_path / "mixed.geojson", driver="GeoJSON")
    report = run_import(tmp_path / "mixed.geojson").report
    assert report["rows"]["reasons"] == {"bukan poligon": 1}
    assert report["kabkota"]["in_part"] == ["Kab. Lama (35.01)"]


def test_the_parts_of_a_kecamatan_are_joined(tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf) -> None:
    codes = ["35.01.01", "35.01.01", "35.01.02"]
    shapes = [square(0, 0, 0.5), square(0.5, 0, 0.5), square(0, 1)]
    frame = geopandas.GeoDataFrame(
        {"kode": codes, "nama": [KECAMATAN[kode] for kode in codes]}, geometry=shapes, crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "parts.gpkg")
    done = run_import(tmp_path / "parts.gpkg")
    assert done.report["rows"]["used"] == 3
    assert kecamatan_of(done).geometry["35.01.01"].equals(square(0, 0))


def test_a_new_kecamatan_that_no_register_knows_is_taken(
    tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf
) -> None:
    """Half of Garum becomes Garum Timur on 1 January; the village in it moves along."""
    halves = {"35.02.01": square(1, 0, 0.5).difference(KOTA), "35.02.03": square(1.5, 0, 0.5).difference(KOTA)}
    shapes = halves | {"35.02.02": square(1, 1)}
    names = ["Garum", "GARUM TIMUR", "Talun"]
    frame_of(shapes, {"kode": list(shapes), "nama": names}).to_file(tmp_path / "split.gpkg")
    done = run_import(tmp_path / "split.gpkg", valid_from=date(2027, 1, 1), name="Pemekaran Garum")
    frame = kecamatan_of(done)
    assert done.report["kecamatan"]["new"] == ["Garum Timur, Kab. Baru (35.02.03)"]
    assert done.report["kabkota"]["replaced"] == ["Kab. Baru (35.02)"]
    assert frame.loc["35.02.03", ["kecamatan", "kabkota", "provinsi"]].tolist() == [
        "Garum Timur",
        "Kab. Baru",
        "Jawa Timur",
    ]
    assert done.report["import"]["valid_from"] == "2027-01-01"
    [entry] = json.loads((tmp_path / "sets" / "sets.json").read_text())
    assert (entry["name"], entry["valid_from"]) == ("Pemekaran Garum", "2027-01-01")
    owners = geopandas.read_parquet(done.folder / "desa.parquet").set_index("kode_desa")["kode_kecamatan"]
    inside = frame.geometry["35.02.03"].covers(shapely.point_on_surface(polygons()["35.02.01"]))
    assert owners["35.02.01.2001"] == ("35.02.03" if inside else "35.02.01")


def test_a_new_kabupaten_takes_its_ground_from_the_old_one(
    tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf
) -> None:
    """Talun becomes Kab. Utara with a code of its own; the old kecamatan is no more."""
    columns = {"KODE": ["35.03.01"], "KEC": ["Talun"], "KAB": ["Kabupaten Utara"]}
    frame_of({"35.03.01": square(1, 1)}, columns).to_file(tmp_path / "new.gpkg")
    told = tmp_path / "kolom.toml"
    told.write_text('[fields]\nkode = "KODE"\nkecamatan = "KEC"\nkabkota = "KAB"\n')
    done = run_import(tmp_path / "new.gpkg", preset="generic", mapping=told)
    frame = kecamatan_of(done)
    assert done.report["kabkota"]["new"] == done.report["kabkota"]["without_centre"] == ["Kab. Utara (35.03)"]
    assert "belum ada dalam daftar pusat (centres.csv): Kab. Utara (35.03)" in done.summary()
    assert done.report["kecamatan"]["removed"] == ["Talun, Kab. Baru (35.02.02)"]
    assert "PERHATIAN: kecamatan yang tidak ada lagi dalam batas ini: Talun, Kab. Baru (35.02.02)" in done.summary()
    assert list(frame.index) == ["35.01.01", "35.01.02", "35.02.01", "35.03.01", "35.71.01"]
    assert ZoneIndex.open(done.folder / "zones.geo112").version == done.report["version"]
    with (done.folder / "desa.csv").open() as file:
        assert "35.02.02.2001,Desa Talun,35.03.01" in file.read()


def test_a_code_of_an_unknown_province_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    shapes = polygons() | {"99.01.01": square(4, 0)}
    wilayah(shapes).to_file(tmp_path / "own.gpkg")
    report = run_import(tmp_path / "own.gpkg").report
    assert report["rows"]["reasons"] == {"provinsi tidak dikenal": 1}


def test_part_of_a_kabupaten_replaces_just_that(
    tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf
) -> None:
    wilayah({"35.01.01": square(0, 0, 1.02)}).to_file(tmp_path / "one.gpkg")
    done = run_import(tmp_path / "one.gpkg", accuracy_m=4.0)
    frame = kecamatan_of(done)
    assert done.report["kabkota"]["in_part"] == ["Kab. Lama (35.01)"]
    assert frame.geometry["35.01.02"].equals(square(0, 1))
    assert frame.geometry["35.02.01"].equals(square(1.02, 0, 0.98).difference(KOTA))
    assert frame["accuracy_m"].tolist() == [4.0, 30.0, 30.0, 30.0, 30.0]
    assert frame["evidence"].tolist() == ["import", "name", "name", "name", "name"]


def test_names_that_differ_are_listed(tmp_path: Path, run_import: RunImport) -> None:
    frame = wilayah(polygons())
    frame.loc[0, "nama"] = "Bakung"
    frame.to_file(tmp_path / "own.gpkg")
    report = run_import(tmp_path / "own.gpkg").report
    assert report["other_names"] == [{"kode": "35.01.01", "file": "Bakung", "register": "Srengat"}]


def test_the_figures_say_how_far_borders_moved(tmp_path: Path, run_import: RunImport) -> None:
    """The border between the kabupaten moves by 0.002 degrees: 220 m; the coast does not count."""
    wilayah(shifted()).to_file(tmp_path / "own.gpkg")
    done = run_import(tmp_path / "own.gpkg", licence="CC BY 4.0", source_date="2026")
    areas = {row["kabkota"]: row for row in done.report["areas"]}
    lama = areas["Kab. Lama"]
    assert lama["border_median_m"] == pytest.approx(220, abs=3)
    assert lama["difference_share"] == pytest.approx(0.02, abs=1e-4)
    assert areas["Kota Lama"]["difference_km2"] == 0.0
    assert areas["Kota Lama"]["border_p95_m"] == pytest.approx(0, abs=0.5)
    page = (done.folder / "report.html").read_text()
    assert "CC BY 4.0" in page
    assert "Kab. Lama (35.01)" in page
    assert not any(word in page for word in ("http:", "https:", "src=", "@import", "<script", "<link"))


def test_overlaps_and_gaps_are_listed_with_their_pairs(tmp_path: Path, run_import: RunImport) -> None:
    """In the file Srengat overlaps Ponggok, and a crack of 0.001 degrees is left before Kab. Baru."""
    shapes = {"35.01.01": square(0, 0, 0.99, 1.01), "35.01.02": square(0, 1, 0.99)}
    wilayah(shapes).to_file(tmp_path / "own.gpkg")
    report = run_import(tmp_path / "own.gpkg").report
    [pair] = report["overlaps"]["in_file"]["pairs"]
    assert (pair["winner"], pair["loser"]) == ("Ponggok, Kab. Lama (35.01.02)", "Srengat, Kab. Lama (35.01.01)")
    assert pair["m2"] == pytest.approx(0.099 * 0.001 * 111_320 * 110_600 * np.cos(np.radians(8.1)), rel=0.01)
    assert report["overlaps"]["left"] == {"count": 0, "m2": 0}
    assert [one["near"] for one in report["holes"]], "over 1 km2 stays open"
    assert sum(one["km2"] for one in report["holes"]) == pytest.approx(2.41, abs=0.1)


def test_the_set_is_whole_and_the_base_stays(tmp_path: Path, run_import: RunImport, base: Path) -> None:
    before = {path.name: path.read_bytes() for path in base.iterdir()}
    wilayah(shifted()).to_file(tmp_path / "own.gpkg")
    done = run_import(tmp_path / "own.gpkg")
    assert is_whole(done.folder)
    manifest = json.loads((done.folder / "manifest.json").read_text())
    assert [source["name"] for source in manifest["sources"]] == ["gadm", "own"]
    assert {path.name: path.read_bytes() for path in base.iterdir()} == before


def test_a_second_import_builds_on_the_first(tmp_path: Path, run_import: RunImport, kecamatan_of: KecamatanOf) -> None:
    first = {kode: shape for kode, shape in shifted().items() if kode.startswith("35.01")}
    wilayah(first).to_file(tmp_path / "lama.gpkg")
    run_import(tmp_path / "lama.gpkg")
    wilayah({"35.71.01": square(1.4, 0.4, 0.2, 0.21)}).to_file(tmp_path / "kota.gpkg")
    done = run_import(tmp_path / "kota.gpkg", now=NOW + timedelta(hours=1))
    frame = kecamatan_of(done)
    assert shapely.symmetric_difference(frame.geometry["35.01.01"], shifted()["35.01.01"]).area < 1e-9
    raw = geopandas.read_parquet(done.folder / "raw.parquet")
    assert sorted(set(raw["berkas"])) == ["kota.gpkg", "lama.gpkg"]


def test_the_raw_answer_is_what_the_file_says(tmp_path: Path, run_import: RunImport) -> None:
    shapes = {"35.01.01": square(0, 0, 1.0, 1.1), "35.01.02": square(0, 1, 0.9)}
    wilayah(shapes).to_file(tmp_path / "own.gpkg")
    folder = run_import(tmp_path / "own.gpkg").folder

    def codes(column: float, row: float) -> list[object]:
        spot = square(column, row, 0.0001, 0.0001).centroid
        return [one["kode"] for one in raw_at(folder, Position(lon_deg=spot.x, lat_deg=spot.y))]

    assert codes(0.5, 0.5) == ["35.01.01"]
    assert codes(0.5, 1.05) == ["35.01.01", "35.01.02"], "the repair gave it to one of them"
    assert codes(1.5, 0.5) == [], "the file knows nothing of Kab. Baru"
    [row] = raw_at(folder, Position(lon_deg=112.05, lat_deg=-8.05))
    assert row["kecamatan"] == "Ponggok"
    assert row["file"] == "own.gpkg"


def test_boundaries_that_were_not_imported_have_no_raw_answer(base: Path) -> None:
    with pytest.raises(DataMissing, match="was not imported"):
        raw_at(base, Position(lon_deg=112.05, lat_deg=-8.05))


def test_the_raw_answer_bears_broken_polygons(tmp_path: Path, run_import: RunImport) -> None:
    bow = MultiPolygon([Polygon([(112.0, -8.2), (112.1, -8.1), (112.1, -8.2), (112.0, -8.1)])])
    wilayah({"35.01.01": bow}).to_file(tmp_path / "bow.gpkg")
    folder = run_import(tmp_path / "bow.gpkg").folder
    [row] = raw_at(folder, Position(lon_deg=112.01, lat_deg=-8.15))
    assert row["valid"] is False
    assert box(112.0, -8.2, 112.1, -8.1).contains(Point(112.05, -8.11))
    assert raw_at(folder, Position(lon_deg=112.05, lat_deg=-8.11)) == []


def test_a_bridge_that_is_no_table_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    wilayah(polygons()).to_file(tmp_path / "own.gpkg")
    bridge = tmp_path / "padanan.csv"
    bridge.write_text("a,b\n1,2\n")
    assert (
        refused(run_import, tmp_path / "own.gpkg", BadTable, "kode_bps and kode_kecamatan", bridge=bridge) == "bridge"
    )
    bridge.write_text(f"kode_bps,kode_kecamatan\n{BPS['35.01.01']},350101\n")
    assert refused(run_import, tmp_path / "own.gpkg", BadTable, "not a code", bridge=bridge) == "bridge"
    bridge.write_text(f"kode_bps,kode_kecamatan\n{BPS['35.01.01']}\n")
    assert refused(run_import, tmp_path / "own.gpkg", BadTable, "not a code", bridge=bridge) == "bridge"
    assert refused(run_import, tmp_path / "own.gpkg", DataMissing, "cannot be read", bridge=tmp_path / "x") == "bridge"


def test_what_a_killed_import_left_is_removed_a_day_later(tmp_path: Path) -> None:
    left, kept = tmp_path / ".new-abc", tmp_path / "0123456789ab"
    for folder in (left, kept):
        folder.mkdir()
        (folder / "kecamatan.parquet").write_bytes(b"PAR1")
    at = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    assert forget_left_over(tmp_path, now=at + timedelta(hours=23)) == 0
    assert left.is_dir()
    assert forget_left_over(tmp_path, now=at + timedelta(hours=25)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
