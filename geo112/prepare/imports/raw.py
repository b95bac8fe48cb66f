"""The polygons of an import as they came, kept with the set: what the file says at a place, before any repair."""

from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo112.core.errors import DataMissing
from geo112.core.geo import Position
from geo112.prepare.imports.reading import WGS84
from geo112.prepare.imports.said import Said
from geo112.prepare.sources import Shapes

RAW = "raw.parquet"
_COLUMNS = ("berkas", "baris", "tingkat", "kode", "kecamatan", "kabkota", "desa", "kode_kabkota", "dipakai", "alasan")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One row of the file: what it says, the code that it was given (empty: not used), and why it was refused."""

    said: Said
    kode: str
    reason: str


def write_raw(
    path: Path, rows: list[RawRow], shapes: Shapes, *, file: str, kept: geopandas.GeoDataFrame | None
) -> None:
    """Write the polygons as they came, only reprojected; `kept` are those of earlier imports that still stand."""
    frame = geopandas.GeoDataFrame(
        {
            "berkas": [file] * len(rows),
            "baris": [row.said.number for row in rows],
            "tingkat": [str(row.said.level) for row in rows],
            "kode": [row.kode or row.said.kode for row in rows],
            "kecamatan": [row.said.kecamatan for row in rows],
            "kabkota": [row.said.kabkota for row in rows],
            "desa": [row.said.desa for row in rows],
            "kode_kabkota": [(row.kode or row.said.kode)[:5] for row in rows],
            "dipakai": [not row.reason for row in rows],
            "alasan": [row.reason for row in rows],
        },
        geometry=list(shapes),
        crs=WGS84,
    )
    if kept is not None and len(kept):
        frame = geopandas.GeoDataFrame(pd.concat([kept[[*_COLUMNS, "geometry"]], frame], ignore_index=True), crs=WGS84)
    frame.to_parquet(path, index=False, compression="zstd", write_covering_bbox=False)


def read_raw(folder: Path) -> geopandas.GeoDataFrame | None:
    """Read the polygons of a set; None for one that was not imported."""
    path = folder / RAW
    return geopandas.read_parquet(path) if path.is_file() else None


def raw_at(folder: Path, place: Position) -> list[dict[str, object]]:
    """Give all rows of the imported files whose polygon covers a place: none, one, two or more; raises DataMissing."""
    frame = read_raw(folder)
    if frame is None:
        raise DataMissing(f"{folder} was not imported: it has no polygons of a file", field="boundaries")
    shapes = np.asarray(frame.geometry.array, dtype=np.object_)
    spot = shapely.Point(place.lon_deg, place.lat_deg)
    found = []
    for at in sorted(shapely.STRtree(shapes).query(spot).tolist()):
        shape = shapes[at] if shapely.is_valid(shapes[at]) else shapely.make_valid(shapes[at])
        if shapely.covers(shape, spot):
            row = frame.iloc[at]
            found.append(
                {
                    "file": str(row["berkas"]),
                    "row": int(row["baris"]),
                    "level": str(row["tingkat"]),
                    "kode": str(row["kode"]),
                    "kecamatan": str(row["kecamatan"]),
                    "kabkota": str(row["kabkota"]),
                    "desa": str(row["desa"]),
                    "used": bool(row["dipakai"]),
                    "reason": str(row["alasan"]),
                    "valid": bool(shapely.is_valid(shapes[at])),
                }
            )
    return found
