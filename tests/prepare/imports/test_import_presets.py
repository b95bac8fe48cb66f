"""Every form in which regions have their boundaries gives the same five kecamatan."""

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely
from shapely import MultiPolygon
from shapely.geometry import mapping
from tiny_region import BPS, KABKOTA, KECAMATAN, frame_of, polygons, shifted, square, wilayah

from geo112.core.errors import BadInput, BadTable
from geo112.prepare.imports.run import ImportedSet

RunImport = Callable[..., ImportedSet]
KAB_OFFICIAL = {"35.01": "Lama", "35.02": "Baru", "35.71": "Kota Lama"}


def big(path: Path, *, dots: bool = True, kecamatan_codes: bool = True, names: bool = True) -> Path:
    shapes = shifted()
    code = [kode if dots else kode.replace(".", "") for kode in shapes]
    columns = {
        "KDPPUM": ["35"] * 5,
        "KDPKAB": [kode[:5] if dots else kode[:2] + kode[3:5] for kode in shapes],
        "KDCPUM": code if kecamatan_codes else [None] * 5,
        "KDEPUM": [None] * 5,
        "KDCBPS": [BPS[kode] for kode in shapes],
        "WADMPR": ["Jawa Timur"] * 5,
        "WADMKK": [KAB_OFFICIAL[kode[:5]] for kode in shapes],
        "WADMKC": [KECAMATAN[kode] if names else None for kode in shapes],
        "NAMOBJ": [KECAMATAN[kode] for kode in shapes],
    }
    frame_of(shapes, columns).to_file(path)
    return path


def big_desa(path: Path) -> Path:
    """Two villages in each kecamatan, a lake without a kecamatan, no code of the kecamatan."""
    rows, shapes = [], []
    for kode, shape in shifted().items():
        west, south, east, north = shape.bounds
        middle = (south + north) / 2
        halves = (shapely.box(west, south, east, middle), shapely.box(west, middle, east, north))
        for number, half in enumerate(halves, start=1):
            rows.append((f"{kode}.200{number}", kode, f"Desa {number}"))
            shapes.append(half.intersection(shape))
    rows.append((None, None, "Danau"))
    shapes.append(square(3, 3, 0.1, 0.1))
    columns = {
        "KDEPUM": [row[0] for row in rows],
        "KDCPUM": [None] * len(rows),
        "KDPKAB": [row[1][:5] if row[1] else None for row in rows],
        "WADMKC": [KECAMATAN[row[1]] if row[1] else None for row in rows],
        "WADMKK": [KAB_OFFICIAL[row[1][:5]] if row[1] else None for row in rows],
        "WADMKD": [row[2] for row in rows],
    }
    geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


def dukcapil(path: Path) -> Path:
    """A zipped shapefile in Web Mercator with heights, cut-off names, bare numbers, one undefined row."""
    shapes = {kode: shapely.force_3d(shape, 7.0) for kode, shape in shifted().items()}
    shapes["x"] = shapely.force_3d(square(5, 5), 0.0)
    codes = [*KECAMATAN, None]
    columns = {
        "no_prop": [35] * 6,
        "no_kab": [int(kode[3:5]) if kode else 0 for kode in codes],
        "no_kec": [int(kode[6:8]) if kode else 0 for kode in codes],
        "kode_kec_s": [kode.replace(".", "") if kode else "000000" for kode in codes],
        "nama_prop": ["JAWA TIMUR"] * 6,
        "nama_kab": [KAB_OFFICIAL[kode[:5]].upper() if kode else "TIDAK TERDEFINISI" for kode in codes],
        "nama_kec": [KECAMATAN[kode].upper() if kode else "TIDAK TERDEFINISI" for kode in codes],
    }
    folder = path.parent / "shp"
    folder.mkdir()
    frame_of(shapes, columns).to_crs("EPSG:3857").to_file(folder / "KEC.shp", engine="pyogrio")
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            archive.write(part, part.name)
    return path


def gadm(path: Path) -> Path:
    shapes = shifted()
    kinds = {"35.01": ("Lama", "Kabupaten"), "35.02": ("Baru", "Kabupaten"), "35.71": ("KotaLama", "Kota")}
    columns = {
        "GID_2": [f"IDN.1.{kode[3:5]}_1" for kode in shapes],
        "GID_3": [f"IDN.1.{kode}_1" for kode in shapes],
        "NAME_1": ["JawaTimur"] * 5,
        "NAME_2": [kinds[kode[:5]][0] for kode in shapes],
        "TYPE_2": [kinds[kode[:5]][1] for kode in shapes],
        "NAME_3": [KECAMATAN[kode] for kode in shapes],
        "CC_3": [BPS[kode] for kode in shapes],
    }
    frame_of(shapes, columns).to_file(path)
    return path


def cod_ab(path: Path, *, names: bool = True) -> Path:
    shapes = shifted()
    columns = {
        "ADM1_EN": ["Jawa Timur"] * 5,
        "ADM2_EN": [KAB_OFFICIAL[kode[:5]] for kode in shapes],
        "ADM2_PCODE": [f"ID{BPS[kode][:4]}" for kode in shapes],
        "ADM3_EN": [KECAMATAN[kode] if names else f"Kec {BPS[kode]}" for kode in shapes],
        "ADM3_PCODE": [f"ID{BPS[kode]}" for kode in shapes],
        "validOn": ["2020-04-01"] * 5,
    }
    frame_of(shapes, columns).to_file(path)
    return path


def osm(path: Path) -> Path:
    shapes: dict[str, object] = dict(shifted())
    columns = {
        "admin_level": ["6"] * 5 + ["4", "7"],
        "name": [*KECAMATAN.values(), "Jawa Timur", "Desa Garum"],
        # Garum has no reference: its name and place say what it is.
        "ref": [None if kode == "35.02.01" else kode for kode in KECAMATAN] + ["35", "35.02.01.2001"],
    }
    shapes |= {"35": square(0, 0, 2, 2), "desa": square(1.1, 0.1, 0.1, 0.1)}
    frame_of(shapes, columns).to_file(path, driver="GeoJSON")
    return path


def osm_extract(path: Path) -> Path:
    """An extract as XML: boundaries are relations; the kota is a hole of Garum."""
    nodes, ways, relations = [], [], []
    for kode, shape in shifted().items():
        members = []
        for role, ring in [("outer", shape.exterior), *(("inner", hole) for hole in shape.interiors)]:
            refs = []
            for lon, lat in list(ring.coords)[:-1]:
                nodes.append(f'<node id="{len(nodes) + 1}" lat="{lat!r}" lon="{lon!r}" version="1"/>')
                refs.append(len(nodes))
            refs.append(refs[0])
            nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            ways.append(f'<way id="{len(ways) + 1}" version="1">{nds}</way>')
            members.append(f'<member type="way" ref="{len(ways)}" role="{role}"/>')
        tags = {
            "type": "boundary",
            "boundary": "administrative",
            "admin_level": "6",
            "name": KECAMATAN[kode],
            "ref": kode,
        }
        told = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        relations.append(f'<relation id="{len(relations) + 1}" version="1">{"".join(members)}{told}</relation>')
    path.write_text('<osm version="0.6">' + "".join([*nodes, *ways, *relations]) + "</osm>")
    return path


def _path_text(shape: object) -> str:
    rings = mapping(shape)["coordinates"]
    return json.dumps([[[lat, lng] for lng, lat in ring] for ring in rings])


def wilayah_sql(path: Path) -> Path:
    rows = [f"('{k}','{KECAMATAN[k]}',-8.1,112.1,'{_path_text(s)}')" for k, s in shifted().items()]
    rows.append("('35.01.09','Tanpa D''Batas',NULL,NULL,NULL)")
    path.write_text("INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n" + ",\n".join(rows) + ";\n")
    return path


def wilayah_csv(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kode", "nama", "lat", "lng", "path"))
        for kode, shape in shifted().items():
            name = KECAMATAN[kode].replace("Sukorejo", "Suko Rejo")
            writer.writerow((kode, name, -8.1, 112.1, f"[{_path_text(shape)}]"))
    return path


def wilayah_file(path: Path) -> Path:
    wilayah(shifted()).to_file(path)
    return path


FILES: list[tuple[str, str, Callable[[Path], Path]]] = [
    ("big", "big.gpkg", big),
    ("big", "big.geojson", lambda path: big(path, dots=False)),
    ("big", "big.fgb", lambda path: big(path, kecamatan_codes=False)),
    ("big", "desa.gpkg", big_desa),
    ("dukcapil", "kec.zip", dukcapil),
    ("gadm", "gadm.gpkg", gadm),
    ("cod-ab", "cod.gdb", cod_ab),
    ("osm", "osm.geojson", osm),
    ("osm", "region.osm", osm_extract),
    ("wilayah", "kec.sql", wilayah_sql),
    ("wilayah", "kec.csv", wilayah_csv),
    ("wilayah", "kec.fgb", wilayah_file),
]


@pytest.mark.parametrize("way", ["auto", "named"])
@pytest.mark.parametrize(("preset", "name", "write"), FILES, ids=[f"{one[0]}-{one[1]}" for one in FILES])
def test_a_file_of_each_form_is_recognised(
    preset: str,
    name: str,
    write: Callable[[Path], Path],
    way: str,
    tmp_path: Path,
    run_import: RunImport,
    kecamatan_of: Callable[[ImportedSet], geopandas.GeoDataFrame],
) -> None:
    done = run_import(write(tmp_path / name), preset="auto" if way == "auto" else preset)
    frame = kecamatan_of(done)
    assert done.report["import"]["preset"] == preset
    assert list(frame.index) == list(KECAMATAN)
    assert frame["kecamatan"].tolist() == list(KECAMATAN.values())
    assert frame["kabkota"].tolist() == [KABKOTA[kode[:5]] for kode in KECAMATAN]
    for kode, shape in shifted().items():
        assert shapely.symmetric_difference(frame.geometry[kode], shape).area < 1e-9, kode
    assert not frame.geometry.has_z.any()


def test_the_limit_on_fields_of_other_tables_stays_as_it_is(tmp_path: Path, run_import: RunImport) -> None:
    """It holds for the whole process; the outline of one kecamatan may be megabytes long."""
    before = csv.field_size_limit()
    run_import(wilayah_csv(tmp_path / "kec.csv"), preset="wilayah")
    assert csv.field_size_limit() == before


def test_two_levels_in_a_file_are_not_used_twice(tmp_path: Path, run_import: RunImport) -> None:
    report = run_import(osm(tmp_path / "osm.geojson")).report
    assert report["rows"] == {
        "read": 7,
        "used": 5,
        "refused": 2,
        "reasons": {"poligon provinsi": 1, "tingkat lain, wilayahnya sudah ada dalam berkas": 1},
        "recognised_by": {"kode": 4, "letak dan nama": 1},
    }


def test_villages_are_joined_and_what_has_no_kecamatan_is_listed(tmp_path: Path, run_import: RunImport) -> None:
    report = run_import(big_desa(tmp_path / "desa.gpkg")).report
    assert report["rows"]["used"] == 10
    assert report["rows"]["reasons"] == {"kabupaten/kota tidak dikenali": 1}
    assert report["refused"][0]["row"] == 11
    assert "Danau" in report["refused"][0]["says"]


def test_undefined_ground_is_no_kecamatan(tmp_path: Path, run_import: RunImport) -> None:
    report = run_import(dukcapil(tmp_path / "kec.zip")).report
    assert report["rows"]["reasons"] == {"TIDAK TERDEFINISI": 1}
    assert report["import"]["crs"] == "EPSG:3857"


def test_a_row_without_a_path_is_listed(tmp_path: Path, run_import: RunImport) -> None:
    report = run_import(wilayah_sql(tmp_path / "kec.sql")).report
    assert report["rows"]["reasons"] == {"tanpa geometri": 1}
    assert "Tanpa D'Batas" in report["refused"][0]["says"]


def test_bps_codes_are_matched_by_a_table(tmp_path: Path, run_import: RunImport) -> None:
    """The numbers of BPS and Kemendagri swap Srengat and Ponggok: arithmetic would swap them too."""
    bridge = tmp_path / "padanan.csv"
    bridge.write_text("kode_bps,kode_kecamatan\n" + "".join(f"{bps},{kode}\n" for kode, bps in BPS.items()))
    done = run_import(cod_ab(tmp_path / "cod.gpkg", names=False), bridge=bridge)
    assert done.report["rows"]["recognised_by"] == {"tabel padanan": 5}
    assert done.report["rows"]["refused"] == 0


def test_bps_codes_alone_say_nothing(tmp_path: Path, run_import: RunImport) -> None:
    with pytest.raises(BadTable, match="kecamatan tidak dikenali") as refused:
        run_import(cod_ab(tmp_path / "cod.gpkg", names=False))
    assert refused.value.field == "file"


def test_bps_codes_in_the_place_of_kemendagri_codes_are_refused(tmp_path: Path, run_import: RunImport) -> None:
    shapes = shifted()
    turned = {"35.01.01": "35.01.02", "35.01.02": "35.01.01", "35.02.01": "35.02.02", "35.02.02": "35.02.01"}
    columns = {
        "kode": [turned.get(kode, kode) for kode in shapes],
        "nama": [KECAMATAN[kode] for kode in shapes],
    }
    frame_of(shapes, columns).to_file(tmp_path / "turned.gpkg")
    with pytest.raises(BadTable, match="another numbering"):
        run_import(tmp_path / "turned.gpkg")


def test_the_outer_border_of_a_kabupaten_cuts_and_extends_its_kecamatan(
    tmp_path: Path, run_import: RunImport, kecamatan_of: Callable[[ImportedSet], geopandas.GeoDataFrame]
) -> None:
    wide = MultiPolygon([square(0, 0, 1.02, 2.0)])
    columns = {"shapeName": ["Lama"], "shapeISO": [""], "shapeID": ["IDN-ADM2-1"], "shapeType": ["ADM2"]}
    frame_of({"35.01": wide}, columns).to_file(tmp_path / "adm2.geojson", driver="GeoJSON")
    done = run_import(tmp_path / "adm2.geojson")
    frame = kecamatan_of(done)
    assert done.report["import"]["preset"] == "geoboundaries"
    assert done.report["kabkota"]["outer_border_only"] == ["Kab. Lama (35.01)"]
    lama = frame[frame["kode_kabkota"] == "35.01"]
    assert shapely.symmetric_difference(shapely.union_all(lama.geometry), wide).area < 1e-9
    assert shapely.symmetric_difference(frame.geometry["35.01.01"], square(0, 0, 1.02)).area < 1e-6
    assert frame.geometry["35.02.01"].intersection(wide).area < 1e-12
    assert frame.loc["35.01.01", "accuracy_m"] == 50.0
    assert frame.loc["35.02.01", "accuracy_m"] == 30.0


def test_the_kabupaten_layers_of_big_dukcapil_and_gadm_are_outer_borders(tmp_path: Path, run_import: RunImport) -> None:
    wide = {"35.01": square(0, 0, 1.02, 2.0)}
    given = {
        "big": {"KDPPUM": ["35"], "KDPKAB": ["35.01"], "WADMKK": ["Lama"], "WADMKC": [None], "NAMOBJ": ["Lama"]},
        "dukcapil": {"no_prop": [35], "no_kab": [1], "kode_kab_s": ["3501"], "nama_kab": ["LAMA"]},
        "gadm": {"GID_2": ["IDN.1.1_1"], "NAME_1": ["JawaTimur"], "NAME_2": ["Lama"], "TYPE_2": ["Kabupaten"]},
        "cod-ab": {"ADM2_PCODE": ["ID3501"], "ADM2_EN": ["Lama"]},
        "osm": {"admin_level": ["5"], "name": ["Kabupaten Lama"], "ref": ["35.01"]},
        "wilayah": {"kode": ["35.01"], "nama": ["Kabupaten Lama"]},
    }
    for preset, columns in given.items():
        frame_of(wide, columns).to_file(tmp_path / f"{preset}.gpkg")
        report = run_import(tmp_path / f"{preset}.gpkg").report
        assert report["import"]["preset"] == preset
        assert report["kabkota"]["outer_border_only"] == ["Kab. Lama (35.01)"], preset
        assert report["kecamatan"]["outer_border_only"] == 2, preset


def generic(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "kolom.toml"
    path.write_text(text)
    return path


def test_any_columns_are_read_with_a_mapping(tmp_path: Path, run_import: RunImport) -> None:
    shapes = shifted()
    columns = {"ID_KEC": [int(kode.replace(".", "")) for kode in shapes], "CATATAN": list(KECAMATAN.values())}
    frame_of(shapes, columns).to_parquet(tmp_path / "own.parquet")
    told = generic(tmp_path, 'accuracy_m = 5.0\n[fields]\nkode = "ID_KEC"\nkecamatan = "CATATAN"\n')
    report = run_import(tmp_path / "own.parquet", preset="generic", mapping=told).report
    assert report["rows"]["used"] == 5
    assert report["import"]["accuracy_m"] == 5.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fields = 3", "names columns"),
        ('[fields]\nkod = "A"', "unknown field 'kod'"),
        ("[fields]\nkode = 3", "is no text"),
        ('[fields]\ndesa = "A"', "neither a code"),
        ('level = "rt"\n[fields]\nkode = "A"', "level 'rt'"),
        ('accuracy_m = "fine"\n[fields]\nkode = "A"', "is no number"),
        ('extra = 1\n[fields]\nkode = "A"', "unknown key 'extra'"),
        ('[fields]\nkode = "MISSING"', "lacks one of the columns missing"),
        ("[fields", "no TOML"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(
    text: str, words: str, tmp_path: Path, run_import: RunImport
) -> None:
    wilayah(polygons()).to_file(tmp_path / "own.gpkg")
    with pytest.raises(BadTable, match=words) as refused:
        run_import(tmp_path / "own.gpkg", preset="generic", mapping=generic(tmp_path, text))
    assert refused.value.field == "mapping"


def test_a_preset_that_does_not_fit_is_refused(tmp_path: Path, run_import: RunImport) -> None:
    wilayah(polygons()).to_file(tmp_path / "own.gpkg")
    with pytest.raises(BadTable, match="found kode, nama"):
        run_import(tmp_path / "own.gpkg", preset="gadm")
    with pytest.raises(BadInput, match="none of auto, big"):
        run_import(tmp_path / "own.gpkg", preset="bigg")
    with pytest.raises(BadInput, match="belong together"):
        run_import(tmp_path / "own.gpkg", preset="generic")


def test_columns_that_no_preset_knows_are_refused(tmp_path: Path, run_import: RunImport) -> None:
    frame_of(polygons(), {"apa": [1] * 5}).to_file(tmp_path / "own.gpkg")
    with pytest.raises(BadTable, match="no preset fits the columns apa"):
        run_import(tmp_path / "own.gpkg")
