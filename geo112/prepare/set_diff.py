"""Compares two sets of boundaries: which ground and which villages go from which kecamatan to which."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo112.core.crs import to_equal_area
from geo112.core.errors import BadTable, DataMissing
from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.prepare.phases import Phases
from geo112.zones.difference import Difference, Dust, Kind, Move, Pair, Side, counted, kode_of, pairs_at, register_of
from geo112.zones.index import ZoneIndex
from geo112.zones.overlaps import rank_of, remainders
from geo112.zones.records import Zone
from geo112.zones.service_areas import FILE as SERVICE_AREAS
from geo112.zones.service_areas import ServiceAreas

DUST_M2 = 10_000.0
OUTLINE_M = 30.0
# Two ways of adding up the same area differ by less than this.
_SAME_M2 = 1.0
_SQUARE_KM = 1e6

Shapes = NDArray[np.object_]
Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A set that was opened for comparing; `shapes` are in the order of the zones of the index."""

    folder: Path
    index: ZoneIndex
    shapes: Shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village with its point."""

    nama: str
    place: Position


def load_set(folder: Path) -> Loaded:
    """Open a set; raises DataMissing or StorageError where a file is missing or broken."""
    index = ZoneIndex.open(folder / "zones.geo112")
    path = folder / "kecamatan.parquet"
    if not path.is_file():
        raise DataMissing(f"{path} is not there", field="boundaries")
    frame = geopandas.read_parquet(path, columns=["kode_kecamatan", "geometry"])
    shapes = dict(
        zip(frame["kode_kecamatan"].tolist(), np.asarray(frame.geometry.array, dtype=np.object_), strict=True)
    )
    if shapes.keys() != {zone.kode for zone in index.zones}:
        raise DataMissing(f"{path} holds other kecamatan than zones.geo112 beside it", field="boundaries")
    ordered = np.array([shapes[zone.kode] for zone in index.zones], dtype=np.object_)
    return Loaded(folder=folder, index=index, shapes=shapely.force_2d(ordered))


def read_villages(path: Path) -> list[Village]:
    """Read the village points of a build; raises DataMissing or BadTable."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                Village(nama=row["desa"], place=Position(lon_deg=float(row["lon_deg"]), lat_deg=float(row["lat_deg"])))
                for row in csv.DictReader(file)
            ]
    except FileNotFoundError:
        raise DataMissing(f"{path} is not there; `geo112 prepare boundaries` builds it", field="villages") from None
    except (KeyError, ValueError, UnicodeDecodeError) as error:
        raise BadTable(f"{path.name} is no table of villages: {error}", field="villages") from None


def compare_sets(
    before: Loaded, after: Loaded, villages: Sequence[Village], *, dust_m2: float, phases: Phases
) -> Difference:
    """Say what changes from one set to another; pieces below `dust_m2` are summed up apart."""
    with phases.phase("Membandingkan wilayah"):
        pieces = _moved_pieces(before, after)
    with phases.phase("Membandingkan desa"):
        pairs = pairs_at(before.index, after.index, [village.place for village in villages])
    grouped: defaultdict[Key, list[shapely.Polygon]] = defaultdict(list)
    areas: defaultdict[Key, float] = defaultdict(float)
    dust_area_m2, dust_parts = 0.0, 0
    for key, part, area_m2 in pieces:
        if area_m2 < dust_m2:
            dust_area_m2, dust_parts = dust_area_m2 + area_m2, dust_parts + 1
            continue
        grouped[key].append(part)
        areas[key] += area_m2
    names = _village_names(villages, pairs)
    old, new = ({str(zone.kode): zone for zone in one.index.zones} for one in (before, after))
    moves = [
        Move(
            source=None if key[0] is None else old[key[0]],
            target=None if key[1] is None else new[key[1]],
            area_km2=areas[key] / _SQUARE_KM,
            parts=len(grouped[key]),
            villages=tuple(sorted(names.get(key, ()))),
            shape=shapely.MultiPolygon(grouped[key]) if grouped[key] else None,
        )
        for key in {**dict.fromkeys(list(grouped)), **dict.fromkeys(names)}
    ]
    moves.sort(key=_order)
    return Difference(
        before=_side(before),
        after=_side(after),
        moves=tuple(moves),
        dust=Dust(below_m2=dust_m2, area_km2=dust_area_m2 / _SQUARE_KM, parts=dust_parts),
        register=register_of(before.index.zones, after.index.zones),
        villages=counted(pairs),
    )


def _order(move: Move) -> tuple[int, float, str, str]:
    """List changes of the centre first, then the largest."""
    return list(Kind).index(move.kind), -move.area_km2, kode_of(move.source) or "", kode_of(move.target) or ""


def outlines_of(found: Difference) -> dict[str, tuple[str, tuple[Polygon, ...]]]:
    """Give name and area of the centres between which something moves, by the later set; none without its file."""
    path = Path(found.after.folder) / SERVICE_AREAS
    zones = [zone for move in found.moves for zone in (move.source, move.target) if zone is not None]
    names = {zone.kode_kabkota: zone.kabkota for zone in zones}
    if not path.is_file():
        return {}
    areas = ServiceAreas.open(path)
    known = sorted(names.keys() & set(areas.codes))
    return {kode: (names[kode], areas.area(kode, tolerance_m=OUTLINE_M)) for kode in known}


def area_m2(shapes: Shapes) -> NDArray[np.float64]:
    """Measure areas on the ellipsoid, wherever they lie."""
    project = to_equal_area().transform
    found: NDArray[np.float64] = shapely.area(shapely.transform(shapes, lambda at: np.column_stack(project(*at.T))))
    return found


def _village_names(villages: Sequence[Village], pairs: Sequence[Pair]) -> dict[Key, list[str]]:
    names: defaultdict[Key, list[str]] = defaultdict(list)
    for village, (one, other) in zip(villages, pairs, strict=True):
        key = kode_of(one), kode_of(other)
        if key[0] != key[1]:
            names[key].append(village.nama)
    return dict(names)


def _side(loaded: Loaded) -> Side:
    zones = loaded.index.zones
    return Side(
        version=loaded.index.version,
        folder=str(loaded.folder),
        source=_source(loaded.folder),
        kecamatan=len(zones),
        kabkota=len({zone.kode_kabkota for zone in zones}),
        area_km2=sum(zone.area_km2 for zone in zones),
    )


def _source(folder: Path) -> str:
    """Name what a set was made of, as its report or manifest says."""
    for name in ("report.json", "manifest.json"):
        try:
            rows = json.loads((folder / name).read_bytes())["sources"]
            said = [_origin(row) for row in rows]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if said:
            return ", ".join(said)
    return ""


def _origin(row: Mapping[str, object]) -> str:
    """Name one source with its licence, since what is drawn of it falls under that."""
    name = " ".join(str(row[key]) for key in ("name", "version") if row.get(key))
    return f"{name} ({row['licence']})" if row.get("licence") else name


def _moved_pieces(before: Loaded, after: Loaded) -> list[tuple[Key, shapely.Polygon, float]]:
    """Cut what changes into pieces with their area in square metres.

    Only what differs is looked at, with what it touches: elsewhere both sets say the same, overlaps included.
    """
    same = _unchanged(before, after)
    touched = _touched(before, after, same)
    one, other = _parts(before, touched[0]), _parts(after, touched[1])
    pieces = _between(one, other)
    return [(key, part, float(area)) for key, part, area in pieces if area > 0]


def _unchanged(before: Loaded, after: Loaded) -> set[str]:
    """Name the kecamatan with the same ground and the same place in the order of overlaps in both sets."""
    old, new = (
        {
            zone.kode: (zone.area_km2, shape)
            for zone, shape in zip(each.index.zones, shapely.to_wkb(each.shapes).tolist(), strict=True)
        }
        for each in (before, after)
    )
    return {kode for kode, said in old.items() if new.get(kode) == said}


def _touched(before: Loaded, after: Loaded, same: set[str]) -> tuple[list[int], list[int]]:
    """Give the rows of both sets that differ or touch something that differs."""
    rows = [{row for row, zone in enumerate(each.index.zones) if zone.kode not in same} for each in (before, after)]
    changed = np.concatenate([before.shapes[sorted(rows[0])], after.shapes[sorted(rows[1])]])
    for each, found in zip((before, after), rows, strict=True):
        found.update(np.unique(shapely.STRtree(each.shapes).query(changed)[1]).tolist())
    return sorted(rows[0]), sorted(rows[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """Kecamatan with the ground that the overlap rule leaves to each."""

    kode: list[str]
    shapes: Shapes


def _parts(loaded: Loaded, rows: list[int]) -> _Cut:
    zones: list[Zone] = [loaded.index.zones[row] for row in rows]
    shapes = loaded.shapes[rows].copy()
    if rows:
        losers, left = remainders(shapes, rank_of(zones))
        shapes[losers] = left
    return _Cut(kode=[zone.kode for zone in zones], shapes=shapes)


def _between(one: _Cut, other: _Cut) -> list[tuple[Key, shapely.Polygon, float]]:
    """Cut both sides along each other."""
    first, second = shapely.STRtree(other.shapes).query(one.shapes, predicate="intersects")
    common = shapely.intersection(one.shapes[first], other.shapes[second])
    common_m2 = area_m2(common)
    found: list[tuple[Key, shapely.Polygon, float]] = []
    for at in np.flatnonzero(common_m2 > 0).tolist():
        key: Key = one.kode[first[at]], other.kode[second[at]]
        if key[0] != key[1]:
            found += _pieces(key, common[at])
    for mine, theirs, at, beyond in ((one, other, first, second), (other, one, second, first)):
        covered_m2 = np.bincount(at, weights=common_m2, minlength=len(mine.kode))
        open_rows = np.flatnonzero(area_m2(mine.shapes) - covered_m2 > _SAME_M2)
        for row in open_rows.tolist():
            cover = shapely.union_all(theirs.shapes[beyond[at == row]])
            key = (mine.kode[row], None) if mine is one else (None, mine.kode[row])
            found += _pieces(key, shapely.difference(mine.shapes[row], cover))
    return found


def _pieces(key: Key, shape: shapely.Geometry) -> list[tuple[Key, shapely.Polygon, float]]:
    parts = np.array([part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)], dtype=np.object_)
    return [(key, part, area) for part, area in zip(parts.tolist(), area_m2(parts).tolist(), strict=True)]
