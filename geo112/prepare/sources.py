"""Reads what the three packages hold that boundaries are made of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class GadmVillage:
    """The names that GADM gives to one village polygon and to what it lies in."""

    gid_kab: str
    gid_kec: str
    provinsi: str
    kabkota: str
    kecamatan: str
    desa: str
    water: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GadmKabKota:
    """The names that GADM gives to a kabupaten or kota."""

    gid: str
    provinsi: str
    nama: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GadmKecamatan:
    """GADM's own id of a kecamatan, and of the kabupaten or kota that it lies in."""

    gid: str
    gid_kab: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VillagePoint:
    """One village of `geografis` with its point."""

    kode: str
    kabkota: str
    kecamatan: str
    desa: str
    lon_deg: float
    lat_deg: float


def read_gadm_kabkota(source: Path) -> list[GadmKabKota]:
    """Read the names of GADM's kabupaten and kota."""
    features = _features(source / "geojson-indonesia" / "geojson/gadm41_IDN_2.json")
    rows = [feature["properties"] for feature in features]
    return [
        GadmKabKota(gid=row["GID_2"], provinsi=row["NAME_1"], nama=row["NAME_2"], kind=row["TYPE_2"]) for row in rows
    ]


def read_gadm_villages(source: Path) -> tuple[list[GadmVillage], Shapes]:
    """Read GADM's village polygons; null is the text `NA` there and stays so."""
    features = _features(source / "geojson-indonesia" / "geojson/gadm41_IDN_4.json")
    villages = [_village(feature["properties"]) for feature in features]
    return villages, multipolygons([feature["geometry"]["coordinates"] for feature in features])


def read_gadm_kecamatan(source: Path) -> tuple[list[GadmKecamatan], Shapes]:
    """Read GADM's own kecamatan layer."""
    features = _features(source / "geojson-indonesia" / "geojson/gadm41_IDN_3.json")
    rows = [feature["properties"] for feature in features]
    kecamatan = [GadmKecamatan(gid=row["GID_3"], gid_kab=row["GID_2"]) for row in rows]
    return kecamatan, multipolygons([feature["geometry"]["coordinates"] for feature in features])


def read_points(source: Path) -> list[VillagePoint]:
    """Read the village points of `geografis` that lie in the field of work."""
    rows = json.loads((source / "geografis" / "data/json/data.json").read_bytes())
    return [
        VillagePoint(
            kode=row["code"],
            kabkota=row["city"],
            kecamatan=row["district"],
            desa=row["village"],
            lon_deg=float(row["longitude"]),
            lat_deg=float(row["latitude"]),
        )
        for row in rows
        if WEST_DEG <= float(row["longitude"]) <= EAST_DEG and SOUTH_DEG <= float(row["latitude"]) <= NORTH_DEG
    ]


def multipolygons(coordinates: Sequence[Any]) -> Shapes:
    """Make shapes from the nested lists of GeoJSON MultiPolygons, all at once."""
    rings = [ring for shape in coordinates for polygon in shape for ring in polygon]
    points = np.array([point for ring in rings for point in ring], dtype=np.float64)
    per_ring = _offsets([len(ring) for ring in rings])
    per_polygon = _offsets([len(polygon) for shape in coordinates for polygon in shape])
    per_shape = _offsets([len(shape) for shape in coordinates])
    shapes: Shapes = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, points, (per_ring, per_polygon, per_shape)
    )
    return shapes


def point_shapes(points: Sequence[VillagePoint]) -> Shapes:
    """Make one point shape for each village point."""
    return np.asarray(shapely.points([p.lon_deg for p in points], [p.lat_deg for p in points]), dtype=np.object_)


def _offsets(counts: list[int]) -> npt.NDArray[np.int64]:
    """Turn counts into offsets."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _features(path: Path) -> list[dict[str, Any]]:
    """Read the features of a GeoJSON file."""
    features: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    return features


def _village(row: dict[str, str]) -> GadmVillage:
    """Take what the build needs from GADM's attributes."""
    return GadmVillage(
        gid_kab=row["GID_2"],
        gid_kec=row["GID_3"],
        provinsi=row["NAME_1"],
        kabkota=row["NAME_2"],
        kecamatan=row["NAME_3"],
        desa=row["NAME_4"],
        water=row["TYPE_4"] == "WaterBody",
    )
