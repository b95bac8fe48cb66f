"""The answer to "which 112 centre": inside one, straddling several, or outside all."""

from dataclasses import dataclass
from enum import StrEnum

from geo112.core.codes import KodeKabKota, KodeKecamatan


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreShare:
    """The probability that the caller is in the service boundary of one centre."""

    kode: KodeKabKota
    nama: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KecamatanShare:
    """The probability that the caller is in one kecamatan."""

    kode: KodeKecamatan
    nama: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The nearest kecamatan to a place that lies in none, with the geodesic distance to its edge."""

    kecamatan: KodeKecamatan
    kecamatan_nama: str
    kode: KodeKabKota
    nama: str
    gap_m: float


class OutsideKind(StrEnum):
    """What lies outside all kecamatan: sea, land abroad, a lake, or a gap where sources disagree."""

    SEA = "sea"
    ABROAD = "abroad"
    LAKE = "lake"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePart:
    """The probability that the caller is in one kind of outside; `kode` (ISO 3166-1) and `nama` for land abroad."""

    kind: OutsideKind
    share: float
    kode: str | None = None
    nama: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLine:
    """Whom to call besides the nearest centre, and why: at sea Basarnas, abroad who answers there."""

    number: str
    nama: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Probabilities, largest first; with `outside_share` and `unknown_share` the centres' shares sum to 1.

    `outside_share` lies in the sea, abroad, in a lake or in a gap between the boundaries: `outside` tells them apart,
    largest first, where the boundaries come with what is needed for that (None where they do not);
    `unknown_share` is what the confidence leaves open (RFC 7459, 5.5: the remainder belongs to no region).
    """

    centres: tuple[CentreShare, ...]
    kecamatan: tuple[KecamatanShare, ...]
    outside_share: float
    unknown_share: float
    boundaries: str
    warnings: tuple[str, ...] = ()
    outside: tuple[OutsidePart, ...] | None = None
    second_line: tuple[SecondLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The 95 % area lies wholly in one centre."""

    centre: CentreShare
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Straddles:
    """The 95 % area lies in several centres, or partly outside; `centre` is the most probable one."""

    centre: CentreShare
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The 95 % area lies in no centre; `nearest` says which one is next, and how far it is."""

    nearest: Nearest
    shares: Shares


Jurisdiction = Inside | Straddles | Outside
