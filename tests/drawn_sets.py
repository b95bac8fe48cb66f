"""Whole sets of boundaries, as the build makes them, of squares that a test names."""

import csv
import json
from pathlib import Path

import geopandas
import numpy as np
import shapely

from geo112.basemap.pack import write_basemap
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.prepare.outputs import write_manifest
from geo112.prepare.service_areas import service_areas
from geo112.zones.compact import write_zones
from geo112.zones.records import Zone
from geo112.zones.service_areas import FILE, write_service_areas

WEST, SOUTH, SIDE = 112.0, -8.0, 0.01

Squares = dict[str, tuple[int, int, int, int]]


def square(west: int, south: int, east: int, north: int) -> shapely.Polygon:
    """Give a box of some columns and rows of 0.01 degrees."""
    return shapely.box(WEST + west * SIDE, SOUTH + south * SIDE, WEST + east * SIDE, SOUTH + north * SIDE)


def write_set(
    folder: Path,
    squares: Squares,
    *,
    version: str,
    names: dict[str, str] | None = None,
    villages: list[tuple[str, str, float, float]] | None = None,
) -> Path:
    """Write a set of boxes by the code of their kecamatan, with villages as code, name, column and row."""
    folder.mkdir(parents=True)
    codes = sorted(squares)
    known = names or {}
    frame = geopandas.GeoDataFrame(
        {
            "kode_kecamatan": codes,
            "kecamatan": [known.get(kode, f"Kecamatan {kode}") for kode in codes],
            "kode_kabkota": [kode[:5] for kode in codes],
            "kabkota": [known.get(kode[:5], f"Kota {kode[:5]}") for kode in codes],
            "kode_provinsi": [kode[:2] for kode in codes],
            "provinsi": ["Jawa Timur" for _ in codes],
            "evidence": ["name" for _ in codes],
            "area_km2": [1.2 * square(*squares[kode]).area / SIDE**2 for kode in codes],
        },
        geometry=[square(*squares[kode]) for kode in codes],
        crs="EPSG:4326",
    )
    frame.to_parquet(folder / "kecamatan.parquet", index=False)
    (folder / "report.json").write_text(json.dumps({"version": version, "sources": []}), encoding="utf-8")
    with (folder / "desa.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["kode_desa", "desa", "kode_kecamatan", "lat_deg", "lon_deg", "origin"])
        for kode, desa, column, row in villages or []:
            rows.writerow([kode, desa, kode[:8], SOUTH + row * SIDE, WEST + column * SIDE, "geografis"])
    # What lies outside is not drawn: it comes from a package of the whole world.
    rows = zip(*(frame[name].tolist() for name in ("kode_kecamatan", "kecamatan", "kabkota", "area_km2")), strict=True)
    zones = [
        Zone(
            kode=KodeKecamatan(kode),
            nama=nama,
            kode_kabkota=KodeKabKota(kode[:5]),
            kabkota=kabkota,
            area_km2=area_km2,
        )
        for kode, nama, kabkota, area_km2 in rows
    ]
    polygons = np.asarray(frame.geometry.array, dtype=np.object_)
    write_zones(folder / "zones.geo112", zones=zones, polygons=polygons, version=version)
    write_basemap(folder / "basemap.geo112", zones=zones, polygons=polygons, version=version)
    drawn, levels = service_areas(zones, polygons)
    write_service_areas(folder / FILE, codes=drawn, levels=levels, version=version)
    write_manifest(folder, packages=(), compact="drawn")
    return folder
