"""A country of squares, written as the three packages and the tables that the build reads.

    row 2   Alun   Ragu                               GADM: Kota Tua, kecamatan Pusat
    row 1   Mekar  Melati  Anggrek  Ndak              GADM: Lama, kecamatan Timur
    row 0   Sukamaju  Soekaredjo  Hutan  | Hutan      GADM: Lama, kecamatan Barat | kecamatan Hutan

Since then Melati went to the new kecamatan Selatan, Anggrek to Kab. Baru, and Utara got Ndak's ground.
"""

import csv
import json
from pathlib import Path

import shapely
from shapely.geometry import mapping

from geo112.prepare.packages import package_sum

WEST, SOUTH, SIDE = 112.0, -8.0, 0.01

KABKOTA = {"35.01": "Kabupaten Lama", "35.02": "Kabupaten Baru", "35.71": "Kota Tua"}
KECAMATAN = {
    "35.01.01": "Barat",
    "35.01.02": "Timur",
    "35.01.03": "Selatan",
    "35.01.04": "Utara",
    "35.02.01": "Kembang",
    "35.71.01": "Pusat",
}
DESA = {
    "35.01.01.2001": "Sukamaju",
    "35.01.01.2002": "Sukarejo",
    "35.01.02.2001": "Mekar",
    "35.01.03.2001": "Melati",
    "35.01.03.2002": "Wijaya",
    "35.01.04.2001": "Puncak",
    "35.02.01.2001": "Anggrek",
    "35.71.01.1001": "Alun",
}
# GADM: kabupaten, kecamatan, village, column, row.
VILLAGES = [
    ("Lama", "Barat", "Sukamaju", 0, 0),
    ("Lama", "Barat", "Soekaredjo", 1, 0),
    ("Lama", "Barat", "Hutan", 2, 0),
    ("Lama", "Hutan", "Hutan", 3, 0),
    ("Lama", "Timur", "Mekar", 0, 1),
    ("Lama", "Timur", "Melati", 1, 1),
    ("Lama", "Timur", "Anggrek", 2, 1),
    ("Lama", "Timur", "Ndak", 3, 1),
    ("KotaTua", "Pusat", "Alun", 0, 2),
    ("KotaTua", "Pusat", "Ragu", 1, 2),
]
# Village code, column, row: Wijaya's point lies in the kota, where it cannot be; Puncak's lies in Ndak.
POINTS = [
    ("35.01.01.2001", 0, 0),
    ("35.01.03.2002", 1, 2),
    ("35.01.04.2001", 3, 1),
    ("35.71.01.1001", 0, 2),
]
# West, south, east, north: Indonesia is drawn wider than the squares, Malaysia begins inside the eastern ones.
Box = tuple[float, float, float, float]
ATLAS: dict[str, list[Box]] = {
    "Indonesia": [(111.995, -8.005, 112.045, -7.965)],
    "Malaysia": [(112.038, -8.0, 112.2, -7.9)],
    "France": [(2.0, 44.0, 3.0, 45.0)],
}
GID_KAB = {"Lama": "IDN.1.1_1", "KotaTua": "IDN.1.2_1"}
GID_KEC = {"Barat": "IDN.1.1.1_1", "Hutan": "IDN.1.1.2_1", "Timur": "IDN.1.1.3_1", "Pusat": "IDN.1.2.1_1"}


def middle(column: int, row: int) -> tuple[float, float]:
    """Longitude and latitude of the middle of a square."""
    return WEST + (column + 0.5) * SIDE, SOUTH + (row + 0.5) * SIDE


def write_packages(source: Path, *, villages: list[tuple[str, str, str, int, int]] | None = None) -> Path:
    """Write the three packages."""
    rows = VILLAGES if villages is None else villages
    gadm = source / "geojson-indonesia"
    _describe(gadm, "1.0.1")
    _geojson(gadm / "geojson/gadm41_IDN_2.json", [_kab(name) for name in GID_KAB])
    by_kecamatan: dict[tuple[str, str], list[list[list[list[float]]]]] = {}
    for kab, kec, _, column, row in rows:
        by_kecamatan.setdefault((kab, kec), []).append(_square(column, row))
    _geojson(gadm / "geojson/gadm41_IDN_3.json", [_kec(*names, squares) for names, squares in by_kecamatan.items()])
    _geojson(gadm / "geojson/gadm41_IDN_4.json", [_desa(number, *row) for number, row in enumerate(rows)])
    register = source / "idn-area-data"
    _describe(register, "4.0.1")
    _table(register / "data/provinces.csv", ("code", "name"), [("35", "Jawa Timur")])
    _table(
        register / "data/regencies.csv", ("code", "province_code", "name"), [(k, k[:2], n) for k, n in KABKOTA.items()]
    )
    _table(
        register / "data/districts.csv", ("code", "regency_code", "name"), [(k, k[:5], n) for k, n in KECAMATAN.items()]
    )
    _table(register / "data/villages.csv", ("code", "district_code", "name"), [(k, k[:8], n) for k, n in DESA.items()])
    points = source / "geografis"
    _describe(points, "1.3.2")
    (points / "data/json").mkdir(parents=True)
    (points / "data/json/data.json").write_text(json.dumps([_point(*row) for row in POINTS]))
    write_atlas(source, ATLAS)
    return source


def write_atlas(source: Path, countries: dict[str, list[Box]]) -> None:
    """Write countries that are boxes, each ring as two arcs, the second one backwards, in steps of 1e-4 degrees."""
    arcs: list[list[list[int]]] = []
    rows: list[dict[str, object]] = [{"type": None, "properties": {"name": "Atlantis"}}]
    for name, boxes in countries.items():
        rings = []
        for west, south, east, north in boxes:
            w, s, e, n = (round(value * 1e4) for value in (west + 180, south + 90, east + 180, north + 90))
            rings.append([[len(arcs), ~(len(arcs) + 1)]])
            arcs.append([[w, s], [e - w, 0], [0, n - s]])
            arcs.append([[w, s], [0, n - s], [e - w, 0]])
        shape = {"type": "MultiPolygon", "arcs": rings} if len(rings) > 1 else {"type": "Polygon", "arcs": rings[0]}
        rows.append(shape | {"properties": {"name": name}})
    transform = {"scale": [1e-4, 1e-4], "translate": [-180, -90]}
    countries_of = {"countries": {"type": "GeometryCollection", "geometries": rows}}
    _describe(source / "world-atlas", "2.0.2")
    content = {"type": "Topology", "transform": transform, "objects": countries_of, "arcs": arcs}
    (source / "world-atlas/countries-10m.json").write_text(json.dumps(content))


def write_tables(tables: Path, source: Path, *, splits: bool = True) -> Path:
    """Write the tables; without splits nothing ever left Kab. Lama."""
    tables.mkdir(parents=True)
    _table(tables / "kabkota_aliases.csv", ("provinsi_gadm", "kabkota_gadm", "kode_kabkota", "nama", "sebab"), [])
    rows = [("35.02", "Kab. Baru", "35.01", "Kab. Lama", "2013", "UU 1/2013")] if splits else []
    _table(tables / "kabkota_splits.csv", ("kode_kabkota", "nama", "kode_asal", "nama_asal", "tahun", "dasar"), rows)
    heads = ("kode_kabkota_gadm", "kecamatan_gadm", "kode_kecamatan", "nama", "sebab")
    _table(tables / "kecamatan_aliases.csv", heads, [])
    real = json.loads((Path(__file__).parents[2] / "data/boundaries/sources.json").read_text())
    packages = [row | {"sha256": package_sum(source / row["name"], row["files"])} for row in real]
    (tables / "sources.json").write_text(json.dumps(packages))
    return tables


def _describe(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": folder.name, "version": version}))


def _table(path: Path, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])


def _geojson(path: Path, features: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def _feature(properties: dict[str, str], squares: list[list[list[list[float]]]]) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": squares}}


def _square(column: int, row: int) -> list[list[list[float]]]:
    west, south = round(WEST + column * SIDE, 4), round(SOUTH + row * SIDE, 4)
    east, north = round(west + SIDE, 4), round(south + SIDE, 4)
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def _kab(name: str) -> dict[str, object]:
    kind = "Kota" if name.startswith("Kota") else "Kabupaten"
    return _feature({"GID_2": GID_KAB[name], "NAME_1": "JawaTimur", "NAME_2": name, "TYPE_2": kind}, [_square(0, 0)])


def _kec(kab: str, kec: str, squares: list[list[list[list[float]]]]) -> dict[str, object]:
    whole = shapely.union_all([shapely.Polygon(square[0]) for square in squares])
    polygons = [mapping(part)["coordinates"] for part in shapely.get_parts(whole)]
    return _feature({"GID_2": GID_KAB[kab], "GID_3": GID_KEC[kec], "NAME_3": kec}, polygons)


def _desa(number: int, kab: str, kec: str, desa: str, column: int, row: int) -> dict[str, object]:
    names = {"GID_2": GID_KAB[kab], "GID_3": GID_KEC[kec], "GID_4": f"{number}", "NAME_1": "JawaTimur"}
    names |= {"NAME_2": kab, "NAME_3": kec, "NAME_4": desa, "TYPE_4": "Desa"}
    return _feature(names, [_square(column, row)])


def _point(kode: str, column: int, row: int) -> dict[str, object]:
    lon, lat = middle(column, row)
    names = {"city": KABKOTA[kode[:5]], "district": KECAMATAN[kode[:8]], "village": DESA[kode]}
    return {"code": kode, "latitude": lat, "longitude": lon} | names
