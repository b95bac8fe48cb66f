"""Reads the boundaries in force and makes the table of kecamatan of a new set."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from geo112.core.codes import KodeKecamatan
from geo112.core.errors import BadTable, DataMissing
from geo112.prepare.dissolve import areas_km2
from geo112.prepare.imports.fitting import Fitted
from geo112.prepare.imports.gather import Names
from geo112.prepare.imports.reading import WGS84
from geo112.prepare.outputs import MANIFEST, file_sum
from geo112.prepare.packages import Package
from geo112.prepare.register import kabkota_of
from geo112.zones.records import DEFAULT_ACCURACY_M

KECAMATAN = "kecamatan.parquet"
EVIDENCE = "import"


def read_base(folder: Path) -> geopandas.GeoDataFrame:
    """Read the kecamatan of a set; raises DataMissing where there are none. Older sets get the default accuracy."""
    path = folder / KECAMATAN
    if not path.is_file():
        raise DataMissing(f"{folder} holds no boundaries; `geo112 prepare boundaries` builds them", field="boundaries")
    frame = geopandas.read_parquet(path)
    if "accuracy_m" not in frame.columns:
        frame["accuracy_m"] = DEFAULT_ACCURACY_M
    return frame


def base_sources(folder: Path) -> list[Package]:
    """Read the sources that a set names in its manifest."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return [
            Package(name=s["name"], version=s["version"], licence=s["licence"], holds="", files=(), sha256=s["sha256"])
            for s in manifest["sources"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise DataMissing(f"{folder} has no whole {MANIFEST}", field="boundaries") from None


def set_frame(
    base: geopandas.GeoDataFrame, fitted: Fitted, names: Mapping[KodeKecamatan, Names], *, accuracy_m: float
) -> geopandas.GeoDataFrame:
    """Make the table of the new set, sorted by code, with the columns of the old one.

    Kecamatan of the file have its accuracy; where the file has the outer border alone, the worse of both.
    """
    old = {row["kode_kecamatan"]: row for row in base.drop(columns=base.geometry.name).to_dict("records")}
    changed = sorted(fitted.changed)
    sizes = areas_km2(np.array([fitted.shapes[kode] for kode in changed], dtype=np.object_))
    km2 = dict(zip(changed, sizes.tolist(), strict=True))
    rows: list[dict[str, Any]] = []
    for kode in fitted.shapes:
        row: dict[str, Any] = {str(k): v for k, v in old[kode].items()} if kode in old else _new_row(kode, names[kode])
        if kode in fitted.imported:
            row |= {"evidence": EVIDENCE, "accuracy_m": accuracy_m}
        elif kode in fitted.outlined:
            row["accuracy_m"] = max(accuracy_m, row["accuracy_m"])
        if kode in km2:
            row["area_km2"] = round(km2[kode], 6)
        rows.append(row)
    columns = {name: [row[name] for row in rows] for name in base.columns if name != base.geometry.name}
    return geopandas.GeoDataFrame(columns, geometry=list(fitted.shapes.values()), crs=WGS84)


def set_version(frame: geopandas.GeoDataFrame) -> str:
    """Name a set by what it says: equal codes, names, accuracies and shapes give the equal name anywhere."""
    digest = hashlib.sha256()
    shapes = np.asarray(frame.geometry.array, dtype=np.object_)
    columns = ("kode_kecamatan", "kecamatan", "kabkota", "accuracy_m")
    for *said, wkb in zip(
        *(frame[name].tolist() for name in columns), shapely.to_wkb(shapes, byte_order=1), strict=True
    ):
        digest.update("\0".join(map(str, said)).encode() + b"\0")
        digest.update(wkb)
    return digest.hexdigest()[:12]


def file_sum_of(path: Path) -> str:
    """SHA-256 of a file, or over names and contents of a folder such as a file geodatabase; raises BadTable."""
    try:
        if path.is_file():
            return file_sum(path)
        digest = hashlib.sha256()
        for one in sorted(one for one in path.rglob("*") if one.is_file()):
            digest.update(str(one.relative_to(path)).encode() + b"\0" + one.read_bytes())
        return digest.hexdigest()
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}", field="file") from None


def _new_row(kode: KodeKecamatan, names: Names) -> dict[str, Any]:
    """Make the row of a kecamatan that was not in force before."""
    return {
        "kode_kecamatan": kode,
        "kecamatan": names.kecamatan,
        "kode_kabkota": kabkota_of(kode),
        "kabkota": names.kabkota,
        "kode_provinsi": kode[:2],
        "provinsi": names.provinsi,
        "evidence": EVIDENCE,
        "area_km2": 0.0,
        "accuracy_m": DEFAULT_ACCURACY_M,
    }
