"""Boundaries in force of a small region, and files of it in the forms that regions have.

    row 1   Ponggok 35.01.02 | Talun 35.02.02
    row 0   Srengat 35.01.01 | Garum 35.02.01, in its middle Kota Lama: Sukorejo 35.71.01
            Kab. Lama 35.01    Kab. Baru 35.02

Each square is 0.1 degrees wide; the kota is a hole of Garum, 0.02 degrees wide. Names and places are invented.
"""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import geopandas
import shapely
from shapely import MultiPolygon, Polygon, box

from geo112.prepare.dissolve import areas_km2

WEST, SOUTH, SIDE = 112.0, -8.2, 0.1
PROVINSI = {"35": "Jawa Timur"}
KABKOTA = {"35.01": "Kab. Lama", "35.02": "Kab. Baru", "35.71": "Kota Lama"}
KECAMATAN = {
    "35.01.01": "Srengat",
    "35.01.02": "Ponggok",
    "35.02.01": "Garum",
    "35.02.02": "Talun",
    "35.71.01": "Sukorejo",
}
BPS = {
    "35.01.01": "3501020",
    "35.01.02": "3501010",
    "35.02.01": "3502010",
    "35.02.02": "3502020",
    "35.71.01": "3571030",
}


def square(column: float, row: float, width: float = 1.0, height: float = 1.0) -> Polygon:
    """A box in units of squares."""
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return box(round(west, 6), round(south, 6), round(west + width * SIDE, 6), round(south + height * SIDE, 6))


KOTA = square(1.4, 0.4, 0.2, 0.2)


def polygons() -> dict[str, Polygon]:
    """The polygons in force."""
    return {
        "35.01.01": square(0, 0),
        "35.01.02": square(0, 1),
        "35.02.01": square(1, 0).difference(KOTA),
        "35.02.02": square(1, 1),
        "35.71.01": KOTA,
    }


def shifted(by: float = 0.02) -> dict[str, Polygon]:
    """What a region says of the same five: the border between the kabupaten lies farther east, in units of squares."""
    return {
        "35.01.01": square(0, 0, 1 + by),
        "35.01.02": square(0, 1, 1 + by),
        "35.02.01": square(1 + by, 0, 1 - by).difference(KOTA),
        "35.02.02": square(1 + by, 1, 1 - by),
        "35.71.01": KOTA,
    }


def write_base(folder: Path, shapes: Mapping[str, Polygon] | None = None) -> Path:
    """Write the boundaries in force."""
    folder.mkdir(parents=True)
    given = {kode: MultiPolygon([shape]) for kode, shape in (shapes or polygons()).items()}
    frame = geopandas.GeoDataFrame(
        {
            "kode_kecamatan": list(given),
            "kecamatan": [KECAMATAN[kode] for kode in given],
            "kode_kabkota": [kode[:5] for kode in given],
            "kabkota": [KABKOTA[kode[:5]] for kode in given],
            "kode_provinsi": [kode[:2] for kode in given],
            "provinsi": [PROVINSI[kode[:2]] for kode in given],
            "evidence": ["name"] * len(given),
            "area_km2": areas_km2(shapely.from_wkb(shapely.to_wkb(list(given.values())))),
            "accuracy_m": [30.0] * len(given),
        },
        geometry=list(given.values()),
        crs="EPSG:4326",
    )
    frame.to_parquet(folder / "kecamatan.parquet", index=False)
    middles = [shapely.point_on_surface(shape) for shape in given.values()]
    with (folder / "desa.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("kode_desa", "desa", "kode_kecamatan", "lat_deg", "lon_deg", "origin"))
        for kode, spot in zip(given, middles, strict=True):
            writer.writerow((f"{kode}.2001", f"Desa {KECAMATAN[kode]}", kode, spot.y, spot.x, "polygon"))
    villages = {
        "kode_desa": [f"{kode}.2001" for kode in given],
        "desa": [f"Desa {KECAMATAN[kode]}" for kode in given],
        "kode_kecamatan": list(given),
        "evidence": ["name"] * len(given),
    }
    geopandas.GeoDataFrame(villages, geometry=list(given.values()), crs="EPSG:4326").to_parquet(folder / "desa.parquet")
    sources = [{"name": "gadm", "version": "4.1", "licence": "tidak boleh disebarluaskan", "sha256": "0" * 64}]
    (folder / "manifest.json").write_text(json.dumps({"version": "tiny", "sources": sources, "files": {}}))
    return folder


def frame_of(shapes: Mapping[str, object], columns: Mapping[str, list[object]], crs: str | None = "EPSG:4326"):
    """Make a table of some columns beside the shapes."""
    return geopandas.GeoDataFrame(dict(columns), geometry=list(shapes.values()), crs=crs)


def wilayah(shapes: Mapping[str, object], crs: str | None = "EPSG:4326"):
    """Make a table with `kode` and `nama`."""
    return frame_of(shapes, {"kode": list(shapes), "nama": [KECAMATAN.get(kode, "") for kode in shapes]}, crs)
