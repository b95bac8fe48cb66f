"""Gives every row of a file its kecamatan (or kabupaten/kota) by code, table or name, or says why it is not used."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKabKota, KodeKecamatan, KodeProvinsi
from geo112.core.errors import BadTable
from geo112.prepare.dissolve import polygonal
from geo112.prepare.imports.known import Known
from geo112.prepare.imports.said import Level, Said
from geo112.prepare.names import closeness, plain, skeleton
from geo112.prepare.register import kabkota_of
from geo112.prepare.sources import Shapes

_UNDEFINED = "tidakterdefinisi"
_ALIKE_SHARE = 0.6
# So many codes whose names say something else are another numbering, not spelling.
_FEWEST_DIFFERENT = 3


class Reason(StrEnum):
    """Why a row is not used."""

    NO_GEOMETRY = "tanpa geometri"
    NO_POLYGON = "bukan poligon"
    UNDEFINED = "TIDAK TERDEFINISI"
    PROVINSI = "poligon provinsi"
    OTHER_LEVEL = "tingkat lain, wilayahnya sudah ada dalam berkas"
    NO_PROVINSI = "provinsi tidak dikenal"
    NO_KABKOTA = "kabupaten/kota tidak dikenali"
    NO_KECAMATAN = "kecamatan tidak dikenali"


class Way(StrEnum):
    """How a row was recognised."""

    CODE = "kode"
    BRIDGE = "tabel padanan"
    NAME = "nama"
    PLACE = "letak dan nama"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that is not used: its number, what it says, and why."""

    number: int
    shown: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A row with the code of its kecamatan, or of the kabupaten/kota of which it is the outer border alone."""

    said: Said
    kode: KodeKecamatan | KodeKabKota
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """All rows of a file: which form which kecamatan, which draw a kabupaten/kota, and which are refused."""

    kecamatan: dict[KodeKecamatan, list[Placed]]
    kabkota: dict[KodeKabKota, list[Placed]]
    refused: list[Refused]

    @property
    def used(self) -> int:
        """Number of rows that are used."""
        return sum(map(len, self.kecamatan.values())) + sum(map(len, self.kabkota.values()))


def sort_rows(rows: Sequence[Said], shapes: Shapes, known: Known) -> Sorted:
    """Sort all rows; of several levels in a file the kecamatan counts, then its villages, then the kabupaten/kota."""
    placed: list[Placed] = []
    refused: list[Refused] = []
    for said, shape in zip(rows, shapes, strict=True):
        one = place(said, shape, known)
        if isinstance(one, Placed):
            placed.append(one)
        else:
            refused.append(Refused(number=said.number, shown=said.shown(), reason=one))
    kecamatan: dict[KodeKecamatan, list[Placed]] = defaultdict(list)
    for level in (Level.KECAMATAN, Level.DESA):
        found: dict[KodeKecamatan, list[Placed]] = defaultdict(list)
        for one in placed:
            if one.said.level is level:
                found[KodeKecamatan(one.kode)].append(one)
        for kode, members in found.items():
            (kecamatan[kode].extend(members) if kode not in kecamatan else refused.extend(map(_other_level, members)))
    covered = {kabkota_of(kode) for kode in kecamatan}
    kabkota: dict[KodeKabKota, list[Placed]] = defaultdict(list)
    for one in placed:
        if one.said.level is Level.KABKOTA:
            kab = KodeKabKota(one.kode)
            (refused.append(_other_level(one)) if kab in covered else kabkota[kab].append(one))
    refused.sort(key=lambda one: one.number)
    return Sorted(kecamatan=dict(sorted(kecamatan.items())), kabkota=dict(sorted(kabkota.items())), refused=refused)


def is_undefined(said: Said) -> bool:
    """Tell the rows that Dukcapil names `TIDAK TERDEFINISI`: disputed or unknown ground."""
    return any(plain(name).startswith(_UNDEFINED) for name in (said.provinsi, said.kabkota, said.kecamatan, said.desa))


def place(said: Said, shape: BaseGeometry | None, known: Known) -> Placed | Reason:
    """Find the code of one row."""
    if is_undefined(said):
        return Reason.UNDEFINED
    if shape is None or shape.is_empty:
        return Reason.NO_GEOMETRY
    if shapely.get_dimensions(shape) < 2 or polygonal(shapely.make_valid(shape)).is_empty:
        return Reason.NO_POLYGON
    match said.level:
        case Level.PROVINSI:
            return Reason.PROVINSI
        case Level.KABKOTA:
            return _place_kabkota(said, shape, known)
        case Level.KECAMATAN | Level.DESA:
            return _place_kecamatan(said, shape, known)


def different_names(placed: Sequence[Placed], known: Known) -> list[tuple[KodeKecamatan, str, str]]:
    """List the codes for which the file and the register give names that are not alike: code, file, register."""
    found = {}
    for one in placed:
        kode = KodeKecamatan(one.kode)
        theirs, ours = one.said.kecamatan, known.kecamatan.get(kode)
        if one.way is Way.CODE and theirs and ours and closeness(skeleton(theirs), skeleton(ours)) < _ALIKE_SHARE:
            found[kode] = (kode, theirs, ours)
    return [found[kode] for kode in sorted(found)]


def check_numbering(rows: Sorted, known: Known, *, field: str) -> list[tuple[KodeKecamatan, str, str]]:
    """Refuse a file whose codes mean other places by their names, such as BPS codes; else give what differs."""
    placed = [one for members in rows.kecamatan.values() for one in members]
    different = different_names(placed, known)
    compared = {
        one.kode for one in placed if one.way is Way.CODE and one.said.kecamatan and one.kode in known.kecamatan
    }
    if len(different) >= _FEWEST_DIFFERENT and len(different) * 2 > len(compared):
        kode, theirs, ours = different[0]
        raise BadTable(
            f"{len(different)} of {len(compared)} codes have other names ({kode} is {theirs!r} here, {ours!r} in the "
            "register): another numbering, such as that of BPS? Give it as kode_bps; the old boundaries stay in force",
            field=field,
        )
    return different


def _other_level(one: Placed) -> Refused:
    return Refused(number=one.said.number, shown=one.said.shown(), reason=Reason.OTHER_LEVEL)


def _place_kabkota(said: Said, shape: BaseGeometry, known: Known) -> Placed | Reason:
    """Find a kabupaten or kota by code, name, or name and place."""
    kode = said.kode_kabkota
    if kode is not None and kode in known.kabkota:
        return Placed(said=said, kode=kode, way=Way.CODE)
    found = known.kabkota_named(said.kabkota) if said.kabkota else []
    return Placed(said=said, kode=found[0], way=Way.NAME) if found else _by_place(said, shape, known)


def _by_place(said: Said, shape: BaseGeometry, known: Known) -> Placed | Reason:
    """Take the kabupaten or kota in which the polygon mainly lies, where its name is alike."""
    there = known.kabkota_at(shape)
    if there is None or not said.kabkota:
        return Reason.NO_KABKOTA
    ours = known.kabkota[there].split(maxsplit=1)[-1]
    if closeness(skeleton(said.kabkota), skeleton(ours)) < _ALIKE_SHARE:
        return Reason.NO_KABKOTA
    return Placed(said=said, kode=there, way=Way.PLACE)


def _place_kecamatan(said: Said, shape: BaseGeometry, known: Known) -> Placed | Reason:
    """Find a kecamatan by code, by the user's table, by names, or by its name and where it lies."""
    kode = said.kode_kecamatan
    if kode is not None:
        if KodeProvinsi(kode[:2]) not in known.provinsi:
            return Reason.NO_PROVINSI
        return Placed(said=said, kode=kode, way=Way.CODE)
    bridged = known.bridge.get(said.kode_bps) or known.bridge.get(said.kode_bps[:7])
    if bridged is not None:
        return Placed(said=said, kode=bridged, way=Way.BRIDGE)
    if said.kode_kabkota is not None:
        within = known.with_children(said.kode_kabkota)
    else:
        within = known.kabkota_named(said.kabkota) if said.kabkota else []
    found = known.kecamatan_named(said.kecamatan, within) if said.kecamatan else None
    if found is not None:
        return Placed(said=said, kode=found, way=Way.NAME)
    there = known.kabkota_at(shape)
    if there is not None and said.kecamatan and (found := known.kecamatan_named(said.kecamatan, [there])) is not None:
        return Placed(said=said, kode=found, way=Way.PLACE)
    return Reason.NO_KECAMATAN if within or there is not None else Reason.NO_KABKOTA
