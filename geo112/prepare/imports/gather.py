"""Joins the rows of a file to kecamatan and outer borders: mended, dissolved, named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKabKota, KodeKecamatan, KodeProvinsi
from geo112.prepare.dissolve import joined, polygonal, repaired
from geo112.prepare.imports.known import Known
from geo112.prepare.imports.placing import Placed, Sorted
from geo112.prepare.register import kabkota_key, kabkota_of
from geo112.prepare.sources import Shapes

_FIRST_KOTA = 71


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a kecamatan is called, with its kabupaten/kota and province."""

    kecamatan: str
    kabkota: str
    provinsi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The polygons of a file by code, the names of the kecamatan, and how many polygons were mended."""

    kecamatan: dict[KodeKecamatan, BaseGeometry]
    outer: dict[KodeKabKota, BaseGeometry]
    names: dict[KodeKecamatan, Names]
    mended: int
    unnamed: tuple[str, ...]


def gather(rows: Sorted, shapes: Shapes, known: Known) -> Gathered:
    """Mend and join the polygons of every code."""
    used = sorted(
        one.said.number - 1 for group in (rows.kecamatan, rows.kabkota) for members in group.values() for one in members
    )
    mended = shapes.copy()
    mended[used], count = repaired(shapes[used])
    unnamed: list[str] = []
    return Gathered(
        kecamatan={kode: _joined(mended, members) for kode, members in rows.kecamatan.items()},
        outer={kode: _joined(mended, members) for kode, members in rows.kabkota.items()},
        names={kode: _names(kode, members, known, unnamed) for kode, members in rows.kecamatan.items()},
        mended=count,
        unnamed=tuple(unnamed),
    )


def _joined(shapes: Shapes, members: Sequence[Placed]) -> shapely.MultiPolygon:
    """Join the polygons of one code."""
    return joined(np.array([polygonal(shapes[one.said.number - 1]) for one in members], dtype=np.object_))


def _names(kode: KodeKecamatan, members: Sequence[Placed], known: Known, unnamed: list[str]) -> Names:
    """Name a kecamatan as the register does, else as the file does; what has no name anywhere is called by its code."""
    kab, prov = kabkota_of(kode), KodeProvinsi(kode[:2])
    kecamatan = known.kecamatan.get(kode) or _cased(_usual([one.said.kecamatan for one in members]))
    kabkota = known.kabkota.get(kab) or _kabkota_name(kab, _usual([one.said.kabkota for one in members]))
    if not kecamatan:
        unnamed.append(kode)
    if kabkota.endswith(kab) and kab not in unnamed:
        unnamed.append(kab)
    return Names(kecamatan=kecamatan or kode, kabkota=kabkota, provinsi=known.provinsi[prov])


def _kabkota_name(kode: KodeKabKota, said: str) -> str:
    """Write `Kab. Blitar` or `Kota Blitar`; codes from .71 on are those of kota."""
    kind = "Kota" if int(kode[3:]) >= _FIRST_KOTA else "Kab."
    words = said.replace(".", " ").split()
    if len(words) > 1 and words[0].lower() in {"kota", "kab", "kabupaten"}:
        kind = "Kota" if kabkota_key(said).startswith("kota:") else "Kab."
        words = words[1:]
    return f"{kind} {_cased(' '.join(words)) or kode}"


def _cased(name: str) -> str:
    """Write `Kepanjenkidul` where a file shouts."""
    return name.title() if name.isupper() or name.islower() else name


def _usual(names: Sequence[str]) -> str:
    """Give the most frequent name that is not empty, of equals the first in the alphabet."""
    counts = Counter(filter(None, names))
    return max(sorted(counts), key=lambda name: counts[name], default="")
