"""A whole build of a tiny country: files, equal bytes, cache, and the old set that stays in force."""

import csv
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import geopandas
import pytest
import shapely
from tiny_country import middle

from geo112.core.errors import DataMissing
from geo112.prepare.boundaries import Prepared

Build = Callable[..., Prepared]
FILES = {
    "kecamatan.parquet", "desa.parquet", "desa.csv", "zones.geo112", "outside.geo112", "basemap.geo112",
    "service-areas.geo112", "report.json", "report.html",
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_equal_inputs_give_equal_bytes(build: Build) -> None:
    first, second = build("one", cache="cache_one"), build("two", cache="cache_two")
    assert not first.from_cache
    assert not second.from_cache
    assert contents(first.out) == contents(second.out)


def test_the_manifest_lists_every_file(build: Build) -> None:
    out = build().out
    manifest = json.loads((out / "manifest.json").read_text())
    assert set(manifest["files"]) == FILES
    assert all(sha256((out / name).read_bytes()).hexdigest() == value for name, value in manifest["files"].items())
    assert [source["name"] for source in manifest["sources"]] == [
        "geojson-indonesia", "idn-area-data", "geografis", "world-atlas",
    ]  # fmt: skip


def test_kecamatan_have_names_codes_and_shapes(build: Build) -> None:
    frame = geopandas.read_parquet(build().out / "kecamatan.parquet").set_index("kode_kecamatan")
    assert list(frame.index) == ["35.01.01", "35.01.02", "35.01.03", "35.01.04", "35.02.01", "35.71.01"]
    assert frame.crs == "EPSG:4326"
    assert frame.loc["35.01.01", ["kecamatan", "kode_kabkota", "kabkota", "kode_provinsi", "provinsi"]].tolist() == [
        "Barat", "35.01", "Kab. Lama", "35", "Jawa Timur",
    ]  # fmt: skip
    assert frame.loc["35.71.01", "kabkota"] == "Kota Tua"
    assert shapely.is_valid(frame.geometry.values).all()
    assert frame.loc["35.01.01"].geometry.covers(shapely.Point(middle(3, 0))), "the forest joined Barat"
    assert frame.loc["35.71.01"].geometry.covers(shapely.Point(middle(1, 2))), "Ragu stayed in the kota"
    assert frame.area_km2.sum() == pytest.approx(10 * 1.105 * 1.103, rel=0.01)


def test_villages_have_places(build: Build) -> None:
    with (build().out / "desa.csv").open(newline="") as file:
        rows = {row["kode_desa"]: row for row in csv.DictReader(file)}
    assert rows["35.01.01.2001"]["origin"] == "geografis"
    assert rows["35.02.01.2001"]["origin"] == "polygon"
    assert list(rows) == sorted(rows)
    lon, lat = middle(2, 1)
    assert float(rows["35.02.01.2001"]["lat_deg"]) == pytest.approx(lat, abs=0.005)
    assert float(rows["35.02.01.2001"]["lon_deg"]) == pytest.approx(lon, abs=0.005)


def test_a_second_run_takes_the_cache(build: Build) -> None:
    first = build("one")
    again = build("two")
    assert again.from_cache
    assert contents(again.out) == contents(first.out)
    assert not build("two", force=True).from_cache


def test_a_damaged_cache_is_not_trusted(build: Build, tmp_path: Path) -> None:
    first = build("one")
    [kept] = (tmp_path / "cache").iterdir()
    (kept / "kecamatan.parquet").write_bytes(b"junk")
    again = build("two")
    assert not again.from_cache
    assert contents(again.out) == contents(first.out)
    assert build("three").from_cache, "the damaged entry was replaced"


def test_service_files_of_another_program_are_written_anew(build: Build, tmp_path: Path) -> None:
    first = build("one")
    [kept] = (tmp_path / "cache").iterdir()
    (kept / "zones.geo112").write_bytes(b"older format")
    manifest = json.loads((kept / "manifest.json").read_text()) | {"compact": "older"}
    manifest["files"]["zones.geo112"] = sha256(b"older format").hexdigest()
    (kept / "manifest.json").write_text(json.dumps(manifest))
    again = build("two")
    assert again.from_cache
    assert contents(again.out) == contents(first.out)


def test_a_changed_table_is_another_build(build: Build, tables: Path) -> None:
    first = build("one")
    with (tables / "kecamatan_aliases.csv").open("a", newline="") as file:
        csv.writer(file).writerow(("35.01", "Hutan", "35.01.02", "Timur", "diganti"))
    second = build("two")
    assert not second.from_cache
    assert second.report["version"] != first.report["version"]


def test_the_old_set_stays_when_a_kabupaten_is_lost(build: Build, tables: Path, tmp_path: Path) -> None:
    before = contents(build().out)
    (tables / "kabkota_splits.csv").write_text("kode_kabkota,nama,kode_asal,nama_asal,tahun,dasar\n")
    with pytest.raises(DataMissing, match=r"35\.02"):
        build()
    assert contents(tmp_path / "build") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "cache", "node_modules", "tables"]


def test_a_missing_package_says_what_to_do(build: Build, source: Path) -> None:
    (source / "geografis" / "package.json").unlink()
    with pytest.raises(DataMissing, match="make setup"):
        build()


def test_another_version_is_refused(build: Build, source: Path) -> None:
    (source / "geografis" / "package.json").write_text('{"version": "9.9.9"}')
    with pytest.raises(DataMissing, match=r"9\.9\.9"):
        build()


def test_a_changed_file_is_refused(build: Build, source: Path) -> None:
    (source / "idn-area-data" / "data" / "provinces.csv").write_text("code,name\n35,Lain\n")
    with pytest.raises(DataMissing, match="idn-area-data"):
        build()


def test_git_ignores_the_result_anywhere(build: Build) -> None:
    assert (build().out / ".gitignore").read_text() == "*\n"


def test_the_page_asks_nothing_of_a_network(build: Build) -> None:
    page = (build().out / "report.html").read_text()
    assert "6 dari 6" in page
    assert "tidak boleh disebarluaskan" in page
    assert not any(word in page for word in ("http:", "https:", "src=", "@import", "<script", "<link"))


def test_the_report_counts_with_denominators(build: Build) -> None:
    report = build().report
    assert report["coverage"]["kecamatan"] == {"present": 6, "register": 6, "share": 1.0}
    assert report["coverage"]["desa"] == {"present": 6, "register": 8, "share": 0.75}
    assert report["splits"] == [{"from": "Kab. Lama (35.01)", "to": "Kab. Baru (35.02)", "desa": 1}]
    assert report["points"]["total"] == 4
    assert report["points"]["in_own_kabkota"] == 3
    assert report["mending"]["invalid_polygons"] == 0
