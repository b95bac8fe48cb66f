"""Writes the layers: GeoParquet for analysis, the compact files for the service, and the manifest over all."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import geopandas
import numpy as np
import shapely

from geo112.basemap.pack import write_basemap
from geo112.prepare.kecamatan import DesaLayer, KecamatanLayer
from geo112.prepare.neighbours import installed_packages
from geo112.prepare.outside import write_outside
from geo112.prepare.packages import Package
from geo112.prepare.register import Register, kabkota_of
from geo112.prepare.service_areas import service_areas
from geo112.zones.compact import write_zones
from geo112.zones.outside import OUTSIDE_FILE
from geo112.zones.records import Zone
from geo112.zones.service_areas import FILE as SERVICE_AREAS
from geo112.zones.service_areas import write_service_areas

MANIFEST = "manifest.json"
_NO_RESULT = frozenset({MANIFEST, ".gitignore"})


def write_kecamatan(path: Path, layer: KecamatanLayer, register: Register, *, accuracy_m: float) -> None:
    """Write all kecamatan with their names, areas in km2, evidence, and how well their borders are known."""
    kabkota = [kabkota_of(kode) for kode in layer.kode]
    frame = geopandas.GeoDataFrame(
        {
            "kode_kecamatan": layer.kode,
            "kecamatan": [register.kecamatan[kode] for kode in layer.kode],
            "kode_kabkota": kabkota,
            "kabkota": [register.kabkota[kode] for kode in kabkota],
            "kode_provinsi": [kode[:2] for kode in layer.kode],
            "provinsi": [register.provinsi_of(kode) for kode in kabkota],
            "evidence": [str(evidence) for evidence in layer.evidence],
            "area_km2": np.round(layer.area_km2, 6),
            "accuracy_m": np.full(len(layer.kode), accuracy_m),
        },
        geometry=list(layer.shapes),
        crs="EPSG:4326",
    )
    frame.to_parquet(path, index=False, compression="zstd", write_covering_bbox=False)


def write_desa(path: Path, layer: DesaLayer) -> None:
    """Write all village polygons with the kecamatan that each was given to and why."""
    frame = geopandas.GeoDataFrame(
        {
            "kode_desa": list(layer.kode),
            "desa": list(layer.nama),
            "kode_kecamatan": list(layer.kecamatan),
            "evidence": [str(evidence) for evidence in layer.evidence],
        },
        geometry=list(layer.shapes),
        crs="EPSG:4326",
    )
    frame.to_parquet(path, index=False, compression="zstd", write_covering_bbox=False)


def content_version(layer: KecamatanLayer, register: Register) -> str:
    """Name a set of boundaries by what it says: equal codes, names and shapes give the equal name anywhere."""
    digest = hashlib.sha256()
    for kode, wkb in zip(layer.kode, shapely.to_wkb(layer.shapes, byte_order=1), strict=True):
        digest.update(f"{kode}\0{register.kecamatan[kode]}\0{register.kabkota[kabkota_of(kode)]}\0".encode())
        digest.update(wkb)
    return digest.hexdigest()[:12]


def write_compact(folder: Path, *, source: Path | None = None) -> None:
    """Write what the service loads from the kecamatan of the folder: zones, what is outside, base map, service areas.

    The land abroad comes from the packages in `source`, by default those that `make setup` installed.
    """
    frame = geopandas.read_parquet(folder / "kecamatan.parquet")
    version = json.loads((folder / "report.json").read_bytes())["version"]
    columns = ("kode_kecamatan", "kecamatan", "kode_kabkota", "kabkota", "area_km2", "accuracy_m")
    zones = [
        Zone(kode=kode, nama=nama, kode_kabkota=kabkota_kode, kabkota=kabkota, area_km2=area, accuracy_m=accuracy)
        for kode, nama, kabkota_kode, kabkota, area, accuracy in zip(
            *(frame[name].tolist() for name in columns), strict=True
        )
    ]
    polygons = np.asarray(frame.geometry.array, dtype=np.object_)
    write_zones(folder / "zones.geo112", zones=zones, polygons=polygons, version=version)
    packages = installed_packages() if source is None else source
    write_outside(folder / OUTSIDE_FILE, polygons=polygons, source=packages, version=version)
    write_basemap(folder / "basemap.geo112", zones=zones, polygons=polygons, version=version)
    codes, levels = service_areas(zones, polygons)
    write_service_areas(folder / SERVICE_AREAS, codes=codes, levels=levels, version=version)


def write_manifest(folder: Path, *, packages: Sequence[Package], compact: str) -> None:
    """List the sources and the SHA-256 of every file in the folder; without a date, so that equal builds are equal.

    `compact` is the checksum of the program that wrote the files for the service.
    """
    manifest = {
        "version": json.loads((folder / "report.json").read_bytes())["version"],
        "sources": [{"name": p.name, "version": p.version, "licence": p.licence, "sha256": p.sha256} for p in packages],
        "compact": compact,
        "files": {p.name: file_sum(p) for p in sorted(folder.iterdir()) if p.name not in _NO_RESULT},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def file_sum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
