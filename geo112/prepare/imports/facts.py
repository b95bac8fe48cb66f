"""The figures of an import: what came in, what went out, what was mended, and how far borders moved."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import BadTable
from geo112.prepare.coverage import CRACK_KM2
from geo112.prepare.imports.closing import SEEN_KM2
from geo112.prepare.imports.fitting import SWALLOWED_SHARE, Fitted, Pair
from geo112.prepare.imports.gather import Gathered
from geo112.prepare.imports.placing import Sorted
from geo112.prepare.imports.shift import Shift
from geo112.prepare.register import kabkota_of

# A list that is longer helps nobody; the counts beside it are of all.
_LISTED = 1000
RULES = (
    "Poligon dari berkas mengalahkan batas yang berlaku; kecamatan tetangga dipotong menurut garis berkas.",
    "Kabupaten/kota yang semua kecamatannya ada dalam berkas diganti seluruhnya; selain itu hanya kecamatan yang ada.",
    "Bila dua kecamatan dalam berkas tumpang tindih, yang luasnya lebih kecil yang berlaku; bila sama, yang kodenya "
    "lebih rendah.",
    f"Celah sampai {CRACK_KM2:.0f} km² diberikan kepada kecamatan dengan batas bersama terpanjang; yang lebih besar "
    "tetap kosong dan dicatat.",
    f"Kecamatan lama yang sisanya kurang dari {SWALLOWED_SHARE:.0%} dianggap sudah dimekarkan atau digabung; dihapus.",
    "Bila berkas hanya berisi batas luar kabupaten/kota, kecamatan yang berlaku dipotong atau diperluas sampai batas "
    "itu; pulau yang tidak digambar tetap milik kecamatannya.",
    "Poligon asli, hanya diproyeksikan ulang, tersimpan dalam raw.parquet (`geo112 zones raw`).",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the user and the file say of the file."""

    name: str
    file: str
    sha256: str
    preset: str
    layer: str | None
    crs: str
    accuracy_m: float
    accuracy_from: str
    valid_from: str | None
    licence: str
    source_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Everything that the figures are made of."""

    told: Told
    read: int
    rows: Sorted
    gathered: Gathered
    fitted: Fitted
    different: Sequence[tuple[KodeKecamatan, str, str]]
    shifts: Mapping[KodeKabKota, Shift]
    base: frozenset[KodeKecamatan]
    base_km2: Mapping[KodeKecamatan, float]
    km2: Mapping[KodeKecamatan, float]
    names: Mapping[KodeKecamatan, str]
    kabkota: Mapping[KodeKabKota, str]
    villages_moved: int
    centres: frozenset[KodeKabKota]


def facts_of(done: Import, *, version: str, sources: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Collect all figures of the report; raises BadTable when counts do not add up."""
    rows, fitted = done.rows, done.fitted
    if done.read != rows.used + len(rows.refused):
        raise BadTable(
            f"{done.read} rows read, {rows.used} used and {len(rows.refused)} refused do not add up", field="file"
        )
    expected = len(done.base) - len(fitted.removed) + len(fitted.shapes.keys() - done.base)
    if len(fitted.shapes) != expected:
        raise BadTable(f"{len(fitted.shapes)} kecamatan are in the set, {expected} should be", field="file")
    placed = [one for group in (rows.kecamatan, rows.kabkota) for members in group.values() for one in members]
    told = done.told
    return {
        "version": version,
        "kind": "import",
        "name": told.name,
        "sources": list(sources),
        "import": {name: getattr(told, name) for name in told.__slots__},
        "rules": list(RULES),
        "rows": {
            "read": done.read,
            "used": rows.used,
            "refused": len(rows.refused),
            "reasons": dict(sorted(Counter(str(one.reason) for one in rows.refused).items())),
            "recognised_by": dict(sorted(Counter(str(one.way) for one in placed).items())),
        },
        "refused": [
            {"row": one.number, "says": one.shown, "reason": str(one.reason)} for one in rows.refused[:_LISTED]
        ],
        "kecamatan": _kecamatan(done),
        "kabkota": _kabkota(done),
        "other_names": [{"kode": kode, "file": theirs, "register": ours} for kode, theirs, ours in done.different],
        "unnamed": list(done.gathered.unnamed),
        "mended_polygons": done.gathered.mended,
        "areas": _areas(done),
        "overlaps": {
            "in_file": _pairs(done, fitted.file_overlaps),
            "with_base": _pairs(done, fitted.base_overlaps),
            "left": _sizes(fitted.overlaps_left),
        },
        "gaps": _gaps(done),
        "holes": [
            {
                "km2": round(hole.km2, 4),
                "lat_deg": hole.lat_deg,
                "lon_deg": hole.lon_deg,
                "near": _named(done, hole.near),
                "enclosed": hole.enclosed,
            }
            for hole in fitted.holes
        ],
        "given_up_km2": round(fitted.given_up_km2, 4),
        "villages_moved": done.villages_moved,
    }


def _kecamatan(done: Import) -> dict[str, Any]:
    """Count the kecamatan and list which came and went."""
    fitted = done.fitted
    return {
        "base": len(done.base),
        "set": len(fitted.shapes),
        "imported": len(fitted.imported),
        "outer_border_only": len(fitted.outlined),
        "neighbours_changed": len(fitted.changed - fitted.imported - fitted.outlined),
        "new": [_named(done, kode) for kode in sorted(fitted.shapes.keys() - done.base)],
        "removed": [_named(done, kode) for kode in fitted.removed],
    }


def _kabkota(done: Import) -> dict[str, Any]:
    """List the kabupaten/kota that were replaced, wholly or in part, and those that are new."""
    before = {kabkota_of(kode) for kode in done.base}
    touched = {kabkota_of(kode) for kode in done.fitted.imported}
    outer = {kabkota_of(kode) for kode in done.fitted.outlined}
    whole = set(done.fitted.replaced)

    def named(codes: set[KodeKabKota]) -> list[str]:
        return [f"{done.kabkota[kode]} ({kode})" for kode in sorted(codes)]

    return {
        "replaced": named(whole),
        "in_part": named((touched & before) - whole),
        "outer_border_only": named(outer),
        "new": named(touched - before),
        "without_centre": named(touched - done.centres),
    }


def _areas(done: Import) -> list[dict[str, Any]]:
    """Hold every kabupaten/kota that changed against the boundaries in force."""
    old, new = _by_kabkota(done.base_km2), _by_kabkota(done.km2)
    changed = {kabkota_of(kode) for kode in done.fitted.changed} | {kabkota_of(kode) for kode in done.fitted.removed}
    rows = []
    for kab in sorted(changed):
        before, after, shift = old.get(kab), new.get(kab, 0.0), done.shifts.get(kab)
        rows.append(
            {
                "kode_kabkota": kab,
                "kabkota": done.kabkota[kab],
                "base_km2": None if before is None else round(before, 4),
                "km2": round(after, 4),
                "difference_km2": None if before is None else round(after - before, 4),
                "difference_share": None if not before else round(after / before - 1, 6),
                "border_median_m": None if shift is None else shift.median_m,
                "border_p95_m": None if shift is None else shift.p95_m,
                "border_places": 0 if shift is None else shift.places,
            }
        )
    return rows


def _by_kabkota(km2: Mapping[KodeKecamatan, float]) -> dict[KodeKabKota, float]:
    """Add the areas of the kecamatan up."""
    total: dict[KodeKabKota, float] = defaultdict(float)
    for kode, area in km2.items():
        total[kabkota_of(kode)] += area
    return total


def _pairs(done: Import, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Count overlaps and list which pairs, in square metres."""
    return {
        "count": len(pairs),
        "m2": round(sum(pair.km2 for pair in pairs) * 1e6),
        "pairs": [
            {"winner": _named(done, pair.winner), "loser": _named(done, pair.loser), "m2": round(pair.km2 * 1e6)}
            for pair in pairs[:_LISTED]
        ],
    }


def _gaps(done: Import) -> dict[str, Any]:
    """Count the cracks that were closed, by the kabupaten/kota that got them, and what is left."""
    seen = [(kode, km2) for kode, km2 in done.fitted.gaps if km2 >= SEEN_KM2]
    by_kab: dict[KodeKabKota, list[float]] = defaultdict(list)
    for kode, km2 in seen:
        by_kab[kabkota_of(kode)].append(km2)
    return {
        "closed": _sizes([km2 for _, km2 in seen]),
        "by_kabkota": [
            {"kabkota": f"{done.kabkota[kab]} ({kab})"} | _sizes(sizes) for kab, sizes in sorted(by_kab.items())
        ],
        "left": _sizes(done.fitted.gaps_left),
    }


def _sizes(km2: Sequence[float]) -> dict[str, Any]:
    """A count and its square metres."""
    return {"count": len(km2), "m2": round(sum(km2) * 1e6)}


def _named(done: Import, kode: str) -> str:
    """Name a kecamatan, or a kabupaten/kota whose outer border alone is in the file."""
    kab = done.kabkota.get(KodeKabKota(kode[:5]), "")
    name = done.names.get(KodeKecamatan(kode), "")
    return f"{name}, {kab} ({kode})" if name else f"{kab} ({kode})"
