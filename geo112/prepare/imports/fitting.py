"""Puts imported kecamatan into the country: they win, neighbours are cut along them, cracks closed, all listed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.prepare.coverage import without_overlaps
from geo112.prepare.dissolve import polygonal
from geo112.prepare.imports.closing import SEEN_KM2, Hole, Layer, Polygons, array_of, close, ground_km2
from geo112.prepare.imports.outline import fit_into
from geo112.prepare.register import kabkota_of

SWALLOWED_SHARE = 0.02
"""A kecamatan in force that keeps less of its ground than this was split up or merged by the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Ground of which one kecamatan or kabupaten/kota got what another had or claimed, in km2."""

    winner: str
    loser: str
    km2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The kecamatan of the whole country after the import, by code, and what was done."""

    shapes: dict[KodeKecamatan, BaseGeometry]
    imported: frozenset[KodeKecamatan]
    outlined: frozenset[KodeKecamatan]
    changed: frozenset[KodeKecamatan]
    replaced: tuple[KodeKabKota, ...]
    removed: tuple[KodeKecamatan, ...]
    swallowed: tuple[KodeKecamatan, ...]
    file_overlaps: tuple[Pair, ...]
    base_overlaps: tuple[Pair, ...]
    gaps: tuple[tuple[KodeKecamatan, float], ...]
    holes: tuple[Hole, ...]
    given_up_km2: float
    overlaps_left: tuple[float, ...]
    gaps_left: tuple[float, ...]


def fit(base: Polygons, kecamatan: Polygons, outer: Mapping[KodeKabKota, BaseGeometry]) -> Fitted:
    """Replace what the file holds and close what does not fit.

    `kecamatan` are whole kecamatan of the file; `outer` are kabupaten/kota of which it has the outer border alone. A
    kabupaten/kota of which the file has all kecamatan is replaced as a whole, of others just those kecamatan.
    """
    taken, file_overlaps = _without_own_overlaps(kecamatan)
    outlines, outline_overlaps = _outlines(outer, taken)
    outlined = _outlined(base, outlines, taken)
    imported = taken | outlined
    codes_of: dict[KodeKabKota, set[KodeKecamatan]] = defaultdict(set)
    for kode in base:
        codes_of[kabkota_of(kode)].add(kode)
    replaced = sorted(kab for kab, codes in codes_of.items() if codes <= kecamatan.keys())
    removed = {kode for kode in base if kode in imported}
    rest = {kode: shape for kode, shape in base.items() if kode not in removed}
    cut, base_overlaps = _cut_along(rest, imported)
    swallowed = _swallowed(rest, cut)
    standing = {kode: cut.get(kode, shape) for kode, shape in rest.items() if kode not in swallowed}
    ground = array_of([*(base[kode] for kode in sorted(removed)), *(cut[kode] for kode in swallowed)])
    closed = close(imported, standing, lost=ground)
    shapes = standing | imported | closed.shapes
    return Fitted(
        shapes=dict(sorted(shapes.items())),
        imported=frozenset(taken),
        outlined=frozenset(outlined),
        changed=frozenset(imported) | {kode for kode, shape in shapes.items() if base.get(kode) is not shape},
        replaced=tuple(replaced),
        removed=tuple(sorted(base.keys() - shapes.keys())),
        swallowed=tuple(swallowed),
        file_overlaps=(*file_overlaps, *outline_overlaps),
        base_overlaps=tuple(base_overlaps),
        gaps=closed.gaps,
        holes=closed.holes,
        given_up_km2=closed.given_up_km2,
        overlaps_left=closed.overlaps_left,
        gaps_left=closed.gaps_left,
    )


def _without_own_overlaps(kecamatan: Polygons) -> tuple[dict[KodeKecamatan, BaseGeometry], list[Pair]]:
    """Settle what two kecamatan of the file claim by the overlap rule."""
    layer = Layer.of(kecamatan)
    if not layer.codes:
        return {}, []
    mended = without_overlaps(layer.shapes)
    pairs = [
        Pair(winner=layer.codes[winner], loser=layer.codes[loser], km2=km2)
        for winner, loser, km2 in zip(
            mended.owners.tolist(), mended.losers.tolist(), mended.sizes_km2.tolist(), strict=True
        )
    ]
    return layer.mapped(mended.shapes), _summed(pairs)


def _outlines(
    outer: Mapping[KodeKabKota, BaseGeometry], taken: Polygons
) -> tuple[dict[KodeKabKota, BaseGeometry], list[Pair]]:
    """Settle what two kabupaten/kota claim; ground of kecamatan that the file has itself is theirs."""
    codes = sorted(outer)
    if not codes:
        return {}, []
    mended = without_overlaps(array_of([outer[kode] for kode in codes]))
    pairs = [
        Pair(winner=codes[winner], loser=codes[loser], km2=km2)
        for winner, loser, km2 in zip(
            mended.owners.tolist(), mended.losers.tolist(), mended.sizes_km2.tolist(), strict=True
        )
    ]
    shapes = mended.shapes
    if taken:
        own = shapely.union_all(array_of(list(taken.values())))
        shapes = array_of([polygonal(shapely.difference(shape, own)) for shape in shapes])
    return dict(zip(codes, shapes, strict=True)), _summed(pairs)


def _outlined(
    base: Polygons, outlines: Mapping[KodeKabKota, BaseGeometry], taken: Polygons
) -> dict[KodeKecamatan, BaseGeometry]:
    """Fit the kecamatan in force into the new outer borders; islands that the file does not draw stay theirs."""
    if not outlines:
        return {}
    drawn = shapely.STRtree(array_of([*outlines.values(), *taken.values()]))
    fitted: dict[KodeKecamatan, BaseGeometry] = {}
    for kab, whole in outlines.items():
        parts = {kode: shape for kode, shape in base.items() if kabkota_of(kode) == kab and kode not in taken}
        for kode, shape in fit_into(whole, parts).items():
            islands = shapely.get_parts(parts[kode])
            touched = np.unique(drawn.query(islands, predicate="intersects")[0])
            islands = np.delete(islands, touched)
            fitted[kode] = polygonal(shapely.union_all([shape, *islands])) if len(islands) else shape
    return fitted


def _cut_along(rest: Polygons, imported: Polygons) -> tuple[dict[KodeKecamatan, BaseGeometry], list[Pair]]:
    """Cut what stays in force along the import; give what was cut, and which pairs."""
    old, new = Layer.of(rest), Layer.of(imported)
    if not old.codes or not new.codes:
        return {}, []
    mine, theirs = shapely.STRtree(old.shapes).query(new.shapes, predicate="intersects")
    common = shapely.intersection(new.shapes[mine], old.shapes[theirs])
    real = shapely.area(common) > 0
    mine, theirs, common = mine[real], theirs[real], common[real]
    pairs = [
        Pair(winner=new.codes[m], loser=old.codes[t], km2=km2)
        for m, t, km2 in zip(
            mine.tolist(), theirs.tolist(), ground_km2(array_of(list(map(polygonal, common)))).tolist(), strict=True
        )
    ]
    cut: dict[KodeKecamatan, BaseGeometry] = {
        old.codes[t]: polygonal(shapely.difference(old.shapes[t], shapely.union_all(new.shapes[mine[theirs == t]])))
        for t in np.unique(theirs).tolist()
    }
    return cut, _summed(pairs)


def _swallowed(rest: Polygons, cut: Polygons) -> list[KodeKecamatan]:
    """List the kecamatan of which hardly anything is left."""
    return sorted(kode for kode, shape in cut.items() if shape.area < SWALLOWED_SHARE * rest[kode].area)


def _summed(pairs: Sequence[Pair]) -> list[Pair]:
    """Keep what is larger than rounding, the largest first."""
    return sorted(
        (pair for pair in pairs if pair.km2 >= SEEN_KM2), key=lambda pair: (-pair.km2, pair.winner, pair.loser)
    )
