"""One place for every village: its own point where that can be right, else a point in its polygon."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from geo112.core.codes import KodeDesa
from geo112.prepare.kecamatan import DesaLayer, KecamatanLayer
from geo112.prepare.register import Register, kecamatan_of
from geo112.prepare.sources import VillagePoint

COLUMNS = ("kode_desa", "desa", "kode_kecamatan", "lat_deg", "lon_deg", "origin")


@dataclass(frozen=True, slots=True, kw_only=True)
class DesaPlace:
    """The place of a village, and whether the list of points or the polygon gave it."""

    kode: KodeDesa
    nama: str
    lon_deg: float
    lat_deg: float
    origin: str


def desa_places(
    register: Register,
    points: Sequence[VillagePoint],
    codes: Sequence[KodeDesa | None],
    *,
    desa: DesaLayer,
    kecamatan: KecamatanLayer,
) -> list[DesaPlace]:
    """Place every village that has a point or a polygon, sorted by code.

    The village's point counts when it lies in the village's own kecamatan or when there is nothing better;
    else the point is doubtful and a point inside the polygon of that name is taken.
    """
    number = {kode: i for i, kode in enumerate(kecamatan.kode)}
    owner = {p: number.get(kecamatan_of(kode), -1) for p, kode in enumerate(codes) if kode is not None}
    spots = shapely.points([p.lon_deg for p in points], [p.lat_deg for p in points])
    hits = shapely.STRtree(kecamatan.shapes).query(spots, predicate="intersects")
    at_home = {p for p, shape in zip(*hits.tolist(), strict=True) if owner.get(p) == shape}
    first_polygon: dict[KodeDesa, int] = {}
    for i, kode in enumerate(desa.kode):
        if kode is not None:
            first_polygon.setdefault(kode, i)
    places: dict[KodeDesa, DesaPlace] = {}
    for p, kode in enumerate(codes):
        if kode is not None and kode not in places and (p in at_home or kode not in first_polygon):
            spot = points[p]
            places[kode] = _place(register, kode, round(spot.lon_deg, 6), round(spot.lat_deg, 6), "geografis")
    inner = shapely.point_on_surface(desa.shapes)
    for kode, i in first_polygon.items():
        if kode not in places:
            lon, lat = round(float(inner[i].x), 6), round(float(inner[i].y), 6)
            places[kode] = _place(register, kode, lon, lat, "polygon")
    return [places[kode] for kode in sorted(places)]


def write_desa_csv(path: Path, places: Sequence[DesaPlace]) -> None:
    """Write the villages with their places in degrees."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for p in places:
            writer.writerow((p.kode, p.nama, kecamatan_of(p.kode), p.lat_deg, p.lon_deg, p.origin))


def _place(register: Register, kode: KodeDesa, lon_deg: float, lat_deg: float, origin: str) -> DesaPlace:
    """Put a village at a position."""
    return DesaPlace(kode=kode, nama=register.desa[kode], lon_deg=lon_deg, lat_deg=lat_deg, origin=origin)
