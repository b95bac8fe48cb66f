"""Measures a build: what is complete, what fits together, what the village points say, and what is missing and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.codes import KodeKecamatan
from geo112.prepare.compare import found_in, layer_of
from geo112.prepare.coverage import CRACK_KM2, Mended, holes_between, overlapping_pairs
from geo112.prepare.dissolve import areas_km2
from geo112.prepare.evidence import Evidence
from geo112.prepare.layers import Inputs, Layers
from geo112.prepare.packages import Package
from geo112.prepare.register import kabkota_of, kecamatan_of
from geo112.prepare.sources import Shapes, point_shapes

# Official areas in km2 that the build is held against.
OFFICIAL_KM2 = {
    "35.72": 33.2, "35.76": 20.5, "35.05": 1745.0, "35.16": 984.0, "32.71": 111.4, "64.09": 3197.0, "35.78": 338.0,
}  # fmt: skip
# Smaller common ground is rounding of coordinates (a square metre), not an overlap.
_SEEN_KM2 = 1e-6
RULES = (
    "Titik di luar semua kecamatan mendapat kecamatan terdekat beserta jarak geodesiknya dalam meter, dan tetap "
    "berstatus di luar.",
    "Bila kecamatan tumpang tindih, yang luasnya (area_km2) lebih kecil yang berlaku; bila sama, yang kodenya "
    "lebih rendah.",
    "Poligon hanya meninggalkan kabupaten/kota menurut GADM bila tabel pemekaran atau ganti nama menyebutnya.",
    "Titik desa saja tidak pernah memindahkan batas kabupaten/kota.",
    "Poligon tanpa nama (hutan, air, NA) mengikuti kecamatannya di GADM; bila kecamatan itu tidak ada lagi, tetangga "
    "sekabupaten dengan batas bersama terpanjang.",
    "Celah sampai 1 km² di antara kecamatan diberikan kepada kecamatan dengan batas bersama terpanjang; danau yang "
    "lebih besar dan tidak termasuk kecamatan mana pun tetap kosong.",
    "Bukti sebuah kecamatan adalah bukti yang membawa bagian luas terbesar; bukti setiap desa ada di desa.parquet.",
)  # fmt: skip


def quality(inputs: Inputs, layers: Layers, *, packages: Sequence[Package], version: str) -> dict[str, Any]:
    """Collect all figures of the report, without any date."""
    holes = holes_between(layers.kecamatan.shapes)
    holes_km2 = areas_km2(holes)
    return {
        "version": version,
        "sources": [{"name": p.name, "version": p.version, "licence": p.licence, "holds": p.holds} for p in packages],
        "rules": list(RULES),
        "coverage": coverage(inputs, layers),
        "missing": missing(inputs, layers),
        "evidence": evidence_counts(layers),
        "official_areas": official_areas(inputs, layers),
        "mending": mending(inputs, layers, holes_km2),
        "lakes": lakes(inputs, layers, holes, holes_km2),
        "points": point_shares(inputs, layers),
        "splits": moved(inputs, layers),
        "provinces": provinces(inputs, layers),
    }


def coverage(inputs: Inputs, layers: Layers) -> dict[str, Any]:
    """Count what of the register has a polygon."""
    present = set(layers.kecamatan.kode)
    kabkota = {kabkota_of(kode) for kode in present}
    desa = {kode for kode in layers.desa.kode if kode is not None}
    register = inputs.register
    return {
        "kecamatan": _part(len(present), len(register.kecamatan)),
        "kabkota": _part(len(kabkota), len(register.kabkota)),
        "desa": _part(len(desa), len(register.desa)),
        "kabkota_missing": [kode for kode in register.kabkota if kode not in kabkota],
    }


def missing(inputs: Inputs, layers: Layers) -> list[dict[str, Any]]:
    """List the kecamatan without a polygon, with what the village points say about where they lie."""
    present = set(layers.kecamatan.kode)
    lost = [kode for kode in inputs.register.kecamatan if kode not in present]
    at: dict[KodeKecamatan, Counter[str]] = defaultdict(Counter)
    codes = [kode for kode in inputs.point_codes if kode is not None]
    for kode, where in zip(codes, _points_at(inputs, layers), strict=True):
        if kecamatan_of(kode) not in present:
            at[kecamatan_of(kode)][where] += 1
    return [
        {
            "kode_kecamatan": kode,
            "kecamatan": inputs.register.kecamatan[kode],
            "kabkota": inputs.register.kabkota[kabkota_of(kode)],
            "provinsi": inputs.register.provinsi_of(kabkota_of(kode)),
            "reason": _reason(inputs, at[kode]),
        }
        for kode in lost
    ]


def _reason(inputs: Inputs, at: Counter[str]) -> str:
    """Say why a kecamatan has no polygon."""
    if not at:
        return "tidak ada poligon desa dengan nama itu, dan tidak ada titik desa"
    place, count = max(sorted(at.items()), key=lambda item: item[1])
    total = sum(at.values())
    if not place:
        return f"tidak ada poligon desa dengan nama itu; {count} dari {total} titik desanya di luar semua kecamatan"
    kode = KodeKecamatan(place)
    name = f"{inputs.register.kecamatan[kode]} ({place}, {inputs.register.kabkota[kabkota_of(kode)]})"
    return f"tidak ada poligon desa dengan nama itu; {count} dari {total} titik desanya terletak di {name}"


def evidence_counts(layers: Layers) -> dict[str, Any]:
    """Count kecamatan and village polygons, and their km2, by evidence."""
    village_km2 = areas_km2(layers.desa.shapes)
    by_kecamatan, by_desa = Counter(layers.kecamatan.evidence), Counter(layers.desa.evidence)
    return {
        str(evidence): {
            "kecamatan": by_kecamatan[evidence],
            "desa": by_desa[evidence],
            "desa_km2": _km2(village_km2[[e is evidence for e in layers.desa.evidence]].sum()),
        }
        for evidence in Evidence
    }


def official_areas(inputs: Inputs, layers: Layers) -> list[dict[str, Any]]:
    """Hold seven kabupaten and kota against their official areas."""
    ours: dict[str, float] = defaultdict(float)
    for kode, km2 in zip(layers.kecamatan.kode, layers.kecamatan.area_km2.tolist(), strict=True):
        ours[kabkota_of(kode)] += km2
    names = {str(kode): name for kode, name in inputs.register.kabkota.items()}
    return [
        {
            "kode_kabkota": kode,
            "kabkota": names[kode],
            "official_km2": official,
            "ours_km2": _km2(ours[kode]),
            "difference_share": round(ours[kode] / official - 1, 5),
        }
        for kode, official in OFFICIAL_KM2.items()
        if kode in names
    ]


def mending(inputs: Inputs, layers: Layers, holes_km2: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Say what was invalid, overlapping or cracked in the source, and what is left of it."""
    _, _, ground = overlapping_pairs(layers.kecamatan.shapes)
    return {
        "invalid_polygons": inputs.mended_count,
        "overlaps_in_source": {"count": layers.overlaps.count, "km2": _km2(layers.overlaps.area_km2)},
        "overlaps_left": _seen(areas_km2(ground)),
        "gaps_in_source": {"count": layers.cracks.count, "km2": _km2(layers.cracks.area_km2)},
        "gaps_left": _seen(holes_km2[holes_km2 <= CRACK_KM2]),
    }


def _seen(sizes_km2: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Count what is larger than the rounding of coordinates."""
    seen = sizes_km2[sizes_km2 >= _SEEN_KM2]
    return {"count": len(seen), "km2": _km2(seen.sum())}


def lakes(inputs: Inputs, layers: Layers, holes: Shapes, holes_km2: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    """List the holes that stay open: larger than a crack, in no kecamatan."""
    tree = shapely.STRtree(layers.kecamatan.shapes)
    rows = []
    for i in np.argsort(-holes_km2, kind="stable").tolist():
        if holes_km2[i] <= CRACK_KM2:
            break
        inside = shapely.point_on_surface(holes[i])
        nearest = layers.kecamatan.kode[int(tree.nearest(inside))]
        spot = {"lat_deg": round(float(inside.y), 4), "lon_deg": round(float(inside.x), 4)}
        near = f"{inputs.register.kecamatan[nearest]}, {inputs.register.kabkota[kabkota_of(nearest)]}"
        rows.append({"km2": _km2(holes_km2[i]), **spot, "near": near})
    return rows


def point_shares(inputs: Inputs, layers: Layers) -> dict[str, Any]:
    """Share of the village points that lie in their own kecamatan and in their own kabupaten/kota."""
    return _shares(_points_in(inputs, layers))


def provinces(inputs: Inputs, layers: Layers) -> list[dict[str, Any]]:
    """Give the figures of every province."""
    area: dict[str, float] = defaultdict(float)
    present: Counter[str] = Counter()
    for kode, km2 in zip(layers.kecamatan.kode, layers.kecamatan.area_km2.tolist(), strict=True):
        area[kode[:2]] += km2
        present[kode[:2]] += 1
    registered = Counter(kode[:2] for kode in inputs.register.kecamatan)
    points: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for own, there in _points_in(inputs, layers):
        points[own[:2]].append((own, there))
    overlap, crack = _by_province(layers, layers.overlaps), _by_province(layers, layers.cracks)
    return [
        {
            "kode_provinsi": kode,
            "provinsi": name,
            "kecamatan": _part(present[kode], registered[kode]),
            "area_km2": _km2(area[kode]),
            "overlaps_in_source": overlap[kode],
            "gaps_in_source": crack[kode],
            "points": _shares(points[kode]),
        }
        for kode, name in inputs.register.provinsi.items()
    ]


def moved(inputs: Inputs, layers: Layers) -> list[dict[str, Any]]:
    """List what the split and rename tables moved out of the kabupaten that the source names."""
    counts: Counter[tuple[str, str]] = Counter()
    for i, place in layers.placed.items():
        home = inputs.territories[inputs.villages[i].gid_kab].home
        if place.kecamatan is not None and kabkota_of(place.kecamatan) != home:
            counts[home, kabkota_of(place.kecamatan)] += 1
    names = {str(kode): name for kode, name in inputs.register.kabkota.items()}
    return [
        {"from": f"{names[home]} ({home})", "to": f"{names[to]} ({to})", "desa": count}
        for (home, to), count in sorted(counts.items())
    ]


def _by_province(layers: Layers, mended: Mended) -> dict[str, dict[str, Any]]:
    """Count mended places by the province of the kecamatan that they touch first."""
    count: Counter[str] = Counter()
    km2: dict[str, float] = defaultdict(float)
    for owner, size in zip(mended.owners.tolist(), mended.sizes_km2.tolist(), strict=True):
        kode = layers.kecamatan.kode[owner][:2]
        count[kode] += 1
        km2[kode] += size
    return defaultdict(lambda: {"count": 0, "km2": 0.0}, {k: {"count": count[k], "km2": _km2(km2[k])} for k in count})


def _points_in(inputs: Inputs, layers: Layers) -> list[tuple[str, str]]:
    """Pair the own kecamatan of every village point with the one that it lies in (empty: none)."""
    codes = [kode for kode in inputs.point_codes if kode is not None]
    return [(kecamatan_of(kode), where) for kode, where in zip(codes, _points_at(inputs, layers), strict=True)]


def _points_at(inputs: Inputs, layers: Layers) -> list[str]:
    """Give the kecamatan at every village point whose village is known."""
    known = [p for p, kode in zip(inputs.points, inputs.point_codes, strict=True) if kode is not None]
    layer = layer_of(layers.kecamatan.kode, layers.kecamatan.shapes, layers.kecamatan.area_km2)
    found: list[str] = found_in(layer, point_shapes(known)).tolist()
    return found


def _shares(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Count the points that lie where they should."""
    pairs = list(pairs)
    same_kecamatan = sum(own == there for own, there in pairs)
    same_kabkota = sum(own[:5] == there[:5] for own, there in pairs)
    return {
        "total": len(pairs),
        "in_own_kecamatan": same_kecamatan,
        "in_own_kecamatan_share": _share(same_kecamatan, len(pairs)),
        "in_own_kabkota": same_kabkota,
        "in_own_kabkota_share": _share(same_kabkota, len(pairs)),
    }


def _part(present: int, total: int) -> dict[str, Any]:
    """A count beside its denominator."""
    return {"present": present, "register": total, "share": _share(present, total)}


def _share(part: int, total: int) -> float | None:
    """A share from 0 to 1; none of nothing is unknown, not 0."""
    return round(part / total, 6) if total else None


def _km2(value: float | npt.NDArray[np.float64]) -> float:
    """Round to a hundred square metres."""
    return round(float(value), 4)
