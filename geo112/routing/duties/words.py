"""The words of the duties: perangkat daerah, kejadian, categories and capabilities."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

CategoryCode = NewType("CategoryCode", str)
PerangkatCode = NewType("PerangkatCode", str)
KejadianCode = NewType("KejadianCode", str)
CapabilityCode = NewType("CapabilityCode", str)


class PerangkatKind(StrEnum):
    """What a perangkat daerah or instansi is, whatever its local name."""

    BAKESBANGPOL = "bakesbangpol"
    BPBD = "bpbd"
    DAMKAR = "damkar"
    DINKES = "dinkes"
    DINSOS = "dinsos"
    DISHUB = "dishub"
    DISKOMINFO = "diskominfo"
    DLH = "dlh"
    DP3AP2KB = "dp3ap2kb"
    LAINNYA = "lainnya"
    PLN = "pln"
    PMI = "pmi"
    POLISI = "polisi"
    PSC_119 = "psc_119"
    PUPR = "pupr"
    PUSKESMAS = "puskesmas"
    RUMAH_SAKIT = "rumah_sakit"
    SATPOL_PP = "satpol_pp"
    TNI = "tni"


class Nature(StrEnum):
    """Whether a category is an emergency, can wait, or is only asked about."""

    DARURAT = "darurat"
    NON_DARURAT = "non_darurat"
    INFORMASI = "informasi"


class Severity(StrEnum):
    """How much has to come: the size of an incident, apart from its priority."""

    RINGAN = "ringan"
    SEDANG = "sedang"
    BERAT = "berat"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerangkatDaerah:
    """One perangkat daerah or instansi that a centre can call, with the other names that it goes by."""

    kode: PerangkatCode
    nama: str
    other_names: tuple[str, ...]
    kind: PerangkatKind
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kejadian:
    """One row of a centre's table of incident types: what happened, and who serves it in the order printed."""

    kode: KejadianCode
    nama: str
    perangkat_daerah: tuple[PerangkatCode, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What an incident is filed under, and the rows of the table that say who serves it."""

    kode: CategoryCode
    nama: str
    nature: Nature
    severity: Severity
    kejadian: tuple[KejadianCode, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a unit can do, and which kinds of perangkat daerah normally have such units."""

    kode: CapabilityCode
    nama: str
    kinds: tuple[PerangkatKind, ...]
    source: str


def key_of(text: str) -> str:
    """Give the form in which names are compared: one blank between words, no difference of capitals."""
    return " ".join(text.split()).casefold()
