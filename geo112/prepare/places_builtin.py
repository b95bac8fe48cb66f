"""The places that every centre knows: provinces, kabupaten and kota, kecamatan, villages, each with its circle."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import shapely

from geo112.core.errors import DataMissing
from geo112.core.geo import wgs84
from geo112.locate.places.kinds import Kind
from geo112.locate.places.spelling import name_key
from geo112.locate.places.table import PlaceRow

# Where a village has no polygon: 95 % of the ground of the villages that have one lies within this many times the
# radius that an equal share of the kecamatan would have, around the village's point (4,000 villages, 240,000 points).
SPREAD_TIMES = 2.55
_LEAST_RADIUS_M = 150.0
_MOST_RADIUS_M = 60_000.0
_KABKOTA_WORDS = ("Kab. Administrasi ", "Kota Administrasi ", "Kab. ", "Kota ")
# Ways to call a province that are not its register name.
_PROVINSI_ALIASES = {
    "Daerah Istimewa Yogyakarta": ("Yogyakarta", "DIY", "Jogja"),
    "Daerah Khusus Ibukota Jakarta": ("DKI Jakarta", "Jakarta"),
    "Nusa Tenggara Barat": ("NTB",),
    "Nusa Tenggara Timur": ("NTT",),
    "Jawa Timur": ("Jatim",),
    "Jawa Barat": ("Jabar",),
    "Jawa Tengah": ("Jateng",),
}

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Circles:
    """Circles around shapes, in the order of the shapes."""

    lon_deg: Floats
    lat_deg: Floats
    radius_m: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Polygon:
    """What the polygon of a village says: its circle, and the name that its source gives it."""

    lon_deg: float
    lat_deg: float
    radius_m: float
    nama: str


def builtin_rows(boundaries: Path) -> list[PlaceRow]:
    """Read the built boundaries and give all their places, parents first; raises DataMissing where there are none."""
    try:
        kecamatan = pq.read_table(boundaries / "kecamatan.parquet")
        desa = pq.read_table(boundaries / "desa.parquet")
        with (boundaries / "desa.csv").open(encoding="utf-8", newline="") as file:
            villages = list(csv.DictReader(file))
    except OSError:
        raise DataMissing(f"{boundaries} holds no boundaries; `geo112 prepare boundaries` builds them") from None
    table = {name: kecamatan[name].to_pylist() for name in kecamatan.column_names if name != "geometry"}
    shapes = _shapes(kecamatan)
    rows: list[PlaceRow] = []
    provinsi = _groups(rows, table["kode_provinsi"], table["provinsi"], shapes, kind=Kind.PROVINSI, parents={})
    kabkota = _groups(rows, table["kode_kabkota"], table["kabkota"], shapes, kind=Kind.KABKOTA, parents=provinsi)
    own = _groups(rows, table["kode_kecamatan"], table["kecamatan"], shapes, kind=Kind.KECAMATAN, parents=kabkota)
    areas = dict(zip(table["kode_kecamatan"], table["area_km2"], strict=True))
    rows += _villages(villages, _polygons(desa), parents=own, areas=areas)
    return rows


def boundaries_version(boundaries: Path) -> str:
    """Name the boundaries that places were made of; raises DataMissing where there are none."""
    try:
        return str(json.loads((boundaries / "manifest.json").read_bytes())["version"])
    except (OSError, ValueError, KeyError):
        raise DataMissing(f"{boundaries} holds no boundaries; `geo112 prepare boundaries` builds them") from None


def _groups(
    rows: list[PlaceRow],
    codes: Sequence[str],
    names: Sequence[str],
    shapes: Shapes,
    *,
    kind: Kind,
    parents: Mapping[str, int],
) -> dict[str, int]:
    """Append one row per code with the circle around all shapes of that code; give the row of each code."""
    members: dict[str, list[int]] = {}
    for at, kode in enumerate(codes):
        members.setdefault(kode, []).append(at)
    order = sorted(members)
    hulls = shapely.convex_hull(shapes)
    circles = _around(np.array([shapely.union_all(hulls[members[kode]]) for kode in order], dtype=object))
    where: dict[str, int] = {}
    for at, kode in enumerate(order):
        where[kode] = len(rows)
        nama = names[members[kode][0]]
        rows.append(
            PlaceRow(
                name=nama,
                kind=kind,
                kode=kode,
                parent=_row_of_parent(kode, parents),
                lat_deg=float(circles.lat_deg[at]),
                lon_deg=float(circles.lon_deg[at]),
                radius_m=float(circles.radius_m[at]),
                aliases=_aliases(nama, kind),
            )
        )
    return where


def _aliases(nama: str, kind: Kind) -> tuple[str, ...]:
    """Give the other ways in which people say the name of a province, kabupaten or kota."""
    if kind is Kind.PROVINSI:
        return _PROVINSI_ALIASES.get(nama, ())
    if kind is not Kind.KABKOTA:
        return ()
    short = next((nama.removeprefix(word) for word in _KABKOTA_WORDS if nama.startswith(word)), nama)
    return (short, nama.replace("Administrasi ", ""))


def _villages(
    villages: Sequence[Mapping[str, str]],
    polygons: Mapping[str, _Polygon],
    *,
    parents: Mapping[str, int],
    areas: Mapping[str, float],
) -> list[PlaceRow]:
    """Make the rows of all villages: with the circle of their polygon, else with a radius that is a guess."""
    per_kecamatan: dict[str, int] = {}
    for village in villages:
        per_kecamatan[village["kode_kecamatan"]] = per_kecamatan.get(village["kode_kecamatan"], 0) + 1
    rows = []
    for village in villages:
        kode, owner = village["kode_desa"], village["kode_kecamatan"]
        lat_deg, lon_deg = float(village["lat_deg"]), float(village["lon_deg"])
        polygon = polygons.get(kode)
        disputed = False
        if polygon is None:
            share_m = (areas.get(owner, 25.0) * 1e6 / per_kecamatan[owner] / np.pi) ** 0.5
            radius_m = float(np.clip(SPREAD_TIMES * share_m, _LEAST_RADIUS_M, _MOST_RADIUS_M))
        else:
            lat_deg, lon_deg, radius_m, disputed = _both(polygon, lat_deg=lat_deg, lon_deg=lon_deg)
        other = polygon.nama if polygon is not None else ""
        rows.append(
            PlaceRow(
                name=village["desa"],
                kind=Kind.DESA,
                kode=kode,
                parent=parents.get(owner, -1),
                lat_deg=round(lat_deg, 6),
                lon_deg=round(lon_deg, 6),
                radius_m=float(np.ceil(max(radius_m, _LEAST_RADIUS_M))),
                estimated=polygon is None,
                disputed=disputed,
                aliases=(other,) if name_key(other) else (),
            )
        )
    return rows


def _both(polygon: _Polygon, *, lat_deg: float, lon_deg: float) -> tuple[float, float, float, bool]:
    """Take the circle of the polygon; where the village's point lies outside, the smallest circle of both."""
    bearing, _, gap_m = wgs84().inv(polygon.lon_deg, polygon.lat_deg, lon_deg, lat_deg)
    if gap_m <= polygon.radius_m:
        return polygon.lat_deg, polygon.lon_deg, polygon.radius_m, False
    radius_m = (gap_m + polygon.radius_m) / 2
    lon, lat, _ = wgs84().fwd(polygon.lon_deg, polygon.lat_deg, bearing, radius_m - polygon.radius_m)
    return float(lat), float(lon), float(radius_m) + 1.0, True


def _polygons(desa: Any) -> dict[str, _Polygon]:  # noqa: ANN401 - pyarrow is not typed
    """Read the polygons of the villages that were recognised; the first one counts."""
    circles = _around(_shapes(desa))
    found: dict[str, _Polygon] = {}
    for at, (kode, nama) in enumerate(zip(desa["kode_desa"].to_pylist(), desa["desa"].to_pylist(), strict=True)):
        if kode and kode not in found:
            found[kode] = _Polygon(
                lon_deg=float(circles.lon_deg[at]),
                lat_deg=float(circles.lat_deg[at]),
                radius_m=float(circles.radius_m[at]),
                nama=nama or "",
            )
    return found


def _around(shapes: Shapes) -> _Circles:
    """Draw around each shape the circle that holds it: the middle from the plane of degrees, the radius geodesic."""
    middles = shapely.centroid(shapely.minimum_bounding_circle(shapes))
    lon, lat = shapely.get_x(middles), shapely.get_y(middles)
    corners, owner = shapely.get_coordinates(shapely.convex_hull(shapes), return_index=True)
    _, _, far_m = wgs84().inv(lon[owner], lat[owner], corners[:, 0], corners[:, 1])
    radius_m = np.zeros(len(shapes))
    np.maximum.at(radius_m, owner, far_m)
    # Middles are kept to six digits, which moves them by less than a metre.
    return _Circles(lon_deg=np.round(lon, 6), lat_deg=np.round(lat, 6), radius_m=np.ceil(radius_m + 1.0))


def _shapes(table: Any) -> Shapes:  # noqa: ANN401 - pyarrow is not typed
    """Read the geometries of a table."""
    shapes: Shapes = shapely.from_wkb(table["geometry"].to_numpy())
    return shapes


def _row_of_parent(kode: str, parents: Mapping[str, int]) -> int:
    """Find the row of what a code lies in."""
    return parents.get(kode.rpartition(".")[0], -1)
