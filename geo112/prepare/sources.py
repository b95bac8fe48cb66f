"""The three packages that boundaries are made of: where they are, what they hold, under which licence."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.errors import DataMissing
from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package, the files in it that the build reads, and what its licence asks."""

    name: str
    version: str
    licence: str
    holds: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        name="geojson-indonesia",
        version="1.0.1",
        licence="GADM 4.1: bebas untuk penggunaan non-komersial, tidak boleh disebarluaskan",
        holds="geometri desa, kecamatan, dan kabupaten/kota",
        files=("geojson/gadm41_IDN_2.json", "geojson/gadm41_IDN_3.json", "geojson/gadm41_IDN_4.json"),
    ),
    Package(
        name="idn-area-data",
        version="4.0.1",
        licence="ODbL 1.0",
        holds="daftar kode dan nama wilayah yang berlaku",
        files=("data/provinces.csv", "data/regencies.csv", "data/districts.csv", "data/villages.csv"),
    ),
    Package(
        name="geografis",
        version="1.3.2",
        licence="MIT",
        holds="satu titik untuk setiap desa/kelurahan",
        files=("data/json/data.json",),
    ),
)


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


def source_sums(source: Path) -> dict[str, str]:
    """SHA-256 of the files of every package that the build reads; refuses a missing or other version."""
    sums = {}
    for package in PACKAGES:
        folder = source / package.name
        try:
            version = json.loads((folder / "package.json").read_bytes())["version"]
        except FileNotFoundError as error:
            raise DataMissing(
                f"the package {package.name} {package.version} is not in {source}: run `make setup`", field="source"
            ) from error
        if version != package.version:
            raise DataMissing(
                f"{package.name} is {version} in {source}, {package.version} is needed: run `make setup`",
                field="source",
            )
        digest = hashlib.sha256()
        for name in package.files:
            if not (folder / name).is_file():
                raise DataMissing(f"{package.name} has no file {name}: run `make setup`", field="source")
            digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
        sums[package.name] = digest.hexdigest()
    return sums


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
