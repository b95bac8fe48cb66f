"""The kecamatan and village layers that come out of the build."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo112.core.codes import KodeDesa, KodeKecamatan
from geo112.prepare.evidence import Evidence, Placed
from geo112.prepare.sources import Shapes

# Strongest first; on equal areas the weaker evidence is named.
_ORDER = tuple(Evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class KecamatanLayer:
    """All kecamatan that have a polygon, sorted by code."""

    kode: tuple[KodeKecamatan, ...]
    evidence: tuple[Evidence, ...]
    area_km2: npt.NDArray[np.float64]
    shapes: Shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class DesaLayer:
    """All village polygons that have a kecamatan, sorted by kecamatan, village code and order in the source."""

    number: npt.NDArray[np.int64]
    kode: tuple[KodeDesa | None, ...]
    kecamatan: tuple[KodeKecamatan, ...]
    nama: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    shapes: Shapes


def groups_of(placed: Mapping[int, Placed]) -> dict[KodeKecamatan, npt.NDArray[np.int64]]:
    """List the numbers of the village polygons of every kecamatan, sorted by code."""
    found: dict[KodeKecamatan, list[int]] = defaultdict(list)
    for i, place in placed.items():
        if place.kecamatan is not None:
            found[place.kecamatan].append(i)
    return {kode: np.array(sorted(found[kode]), dtype=np.int64) for kode in sorted(found)}


def evidence_of(members: Sequence[Placed], area_km2: npt.NDArray[np.float64]) -> Evidence:
    """Name the evidence that carries the largest part of a kecamatan's area; the weaker one when two are equal."""
    total = dict.fromkeys(_ORDER, 0.0)
    for place, area in zip(members, area_km2.tolist(), strict=True):
        if place.evidence is not None:
            total[place.evidence] += area
    return max(_ORDER, key=lambda evidence: (total[evidence], _ORDER.index(evidence)))


def desa_layer(placed: Mapping[int, Placed], shapes: Shapes, names: Mapping[int, str]) -> DesaLayer:
    """Collect the village polygons; `names` are the register's where a village is known, else the source's."""
    order = sorted(
        (place.kecamatan, place.desa or "~", i) for i, place in placed.items() if place.kecamatan is not None
    )
    number = np.array([i for _, _, i in order], dtype=np.int64)
    return DesaLayer(
        number=number,
        kode=tuple(placed[i].desa for i in number.tolist()),
        kecamatan=tuple(kode for kode, _, _ in order),
        nama=tuple(names[i] for i in number.tolist()),
        evidence=tuple(placed[i].evidence or Evidence.NEIGHBOUR for i in number.tolist()),
        shapes=shapes[number],
    )
