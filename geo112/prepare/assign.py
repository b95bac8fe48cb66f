"""Runs the matching for the whole country: each village polygon to one kecamatan, or to none with the reason."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import shapely

from geo112.core.codes import KodeDesa, KodeKabKota, KodeKecamatan
from geo112.prepare.borders import Neighbours, shared_borders
from geo112.prepare.evidence import Evidence, Placed
from geo112.prepare.match import Country, TerritoryMatch
from geo112.prepare.register import Register, kabkota_of
from geo112.prepare.sources import GadmVillage, Shapes
from geo112.prepare.splits import Tables, Territory


def assign(
    villages: Sequence[GadmVillage],
    shapes: Shapes,
    *,
    territories: Mapping[str, Territory],
    register: Register,
    tables: Tables,
    points: Mapping[int, Sequence[KodeDesa]],
    tick: Callable[[], None],
) -> dict[int, Placed]:
    """Place every polygon that lies in a kabupaten or kota; waters that belong to none are left out."""
    by_territory: dict[str, dict[int, GadmVillage]] = defaultdict(dict)
    for i, village in enumerate(villages):
        if village.gid_kab in territories:
            by_territory[village.gid_kab][i] = village
    country = Country(
        register=register,
        tables=tables,
        members=register.kecamatan_by_kabkota(),
        desa_of=register.desa_by_kecamatan(),
        points=points,
    )
    placed: dict[int, Placed] = {}
    kabkota: dict[int, KodeKabKota] = {}
    # Those without children first: a village is looked for at home before it is looked for where it came from.
    for gid in sorted(by_territory, key=lambda gid: (len(territories[gid].children), gid)):
        match = TerritoryMatch(territories[gid], by_territory[gid], country)
        placed.update(match.run())
        kabkota.update({i: match.kabkota_of(i) for i in by_territory[gid]})
        tick()
    left = np.array(sorted(i for i, place in placed.items() if place.kecamatan is None), dtype=np.int64)
    join_neighbours(placed, kabkota, shared_borders(shapes, left))
    join_nearest(placed, kabkota, shapes)
    return dict(sorted(placed.items()))


def join_neighbours(placed: Mapping[int, Placed], kabkota: Mapping[int, KodeKabKota], borders: Neighbours) -> None:
    """Give what is still open to the kecamatan of the same kabupaten with the longest common border."""
    open_now = sorted(i for i, place in placed.items() if place.kecamatan is None)
    while open_now:
        chosen: dict[int, KodeKecamatan] = {}
        for i in open_now:
            lengths: dict[KodeKecamatan, float] = defaultdict(float)
            for j, metres in borders.get(i, {}).items():
                there = placed[j].kecamatan if j in placed else None
                if there is not None and kabkota_of(there) == kabkota[i]:
                    lengths[there] += metres
            if lengths:
                chosen[i] = max(sorted(lengths), key=lengths.__getitem__)
        if not chosen:
            return
        for i, kecamatan in chosen.items():
            placed[i].kecamatan, placed[i].evidence = kecamatan, Evidence.NEIGHBOUR
        open_now = [i for i in open_now if i not in chosen]


def join_nearest(placed: Mapping[int, Placed], kabkota: Mapping[int, KodeKabKota], shapes: Shapes) -> None:
    """Give islands and waters without a common border to the nearest kecamatan of the same kabupaten."""
    for i in sorted(i for i, place in placed.items() if place.kecamatan is None):
        there = [
            j
            for j, place in placed.items()
            if place.kecamatan is not None and kabkota_of(place.kecamatan) == kabkota[i]
        ]
        if there:
            nearest = there[int(np.argmin(shapely.distance(shapes[i], shapes[there])))]
            placed[i].kecamatan, placed[i].evidence = placed[nearest].kecamatan, Evidence.NEIGHBOUR
