"""What callers know around them, and how well: the places that a question can be about."""

from dataclasses import dataclass

from geo112.core.geo import Position

DESA, KECAMATAN = "desa", "kecamatan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A place near the caller; `kind` is a kind of the gazetteer, `lines` are the runs of a road or river."""

    name: str
    kind: str
    middle: Position
    radius_m: float
    kode: str | None = None
    lines: tuple[tuple[Position, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """How callers know one kind of place.

    `known_share` of those close by know it; `near_m` from its edge half of them would say that they are near it;
    from `reach_m` on half of those who know it have never heard of it, and from twice that on nobody is asked.
    """

    known_share: float
    near_m: float
    reach_m: float


# Estimates, not measurements: a market or hospital is known in the whole quarter, a mosque or school in its own.
KNOWLEDGE: dict[str, Knowledge] = {
    "rumah_sakit": Knowledge(known_share=0.90, near_m=400, reach_m=5_000),
    "stasiun": Knowledge(known_share=0.90, near_m=450, reach_m=4_000),
    "terminal": Knowledge(known_share=0.85, near_m=450, reach_m=4_000),
    "pasar": Knowledge(known_share=0.85, near_m=350, reach_m=3_000),
    "puskesmas": Knowledge(known_share=0.80, near_m=300, reach_m=2_500),
    "polisi": Knowledge(known_share=0.75, near_m=300, reach_m=2_500),
    "spbu": Knowledge(known_share=0.75, near_m=300, reach_m=2_000),
    "wisata": Knowledge(known_share=0.70, near_m=350, reach_m=2_500),
    "simpang": Knowledge(known_share=0.60, near_m=200, reach_m=1_000),
    "masjid": Knowledge(known_share=0.60, near_m=200, reach_m=800),
    "sekolah": Knowledge(known_share=0.60, near_m=250, reach_m=1_000),
    "kantor": Knowledge(known_share=0.60, near_m=250, reach_m=1_200),
    "jembatan": Knowledge(known_share=0.55, near_m=200, reach_m=1_000),
    "perumahan": Knowledge(known_share=0.60, near_m=300, reach_m=1_200),
    "ibadah": Knowledge(known_share=0.50, near_m=200, reach_m=800),
    "dusun": Knowledge(known_share=0.60, near_m=300, reach_m=1_200),
    "sungai": Knowledge(known_share=0.75, near_m=200, reach_m=2_000),
    "jalan": Knowledge(known_share=0.75, near_m=100, reach_m=1_200),
    # Of villages and kecamatan only whether the caller is in them is asked, so nobody is near one.
    DESA: Knowledge(known_share=0.70, near_m=0, reach_m=5_000),
    KECAMATAN: Knowledge(known_share=0.70, near_m=0, reach_m=20_000),
}
# Farther away than this no place of any kind is asked for; the collector need not look beyond it.
FARTHEST_M = 2 * max(one.reach_m for kind, one in KNOWLEDGE.items() if kind not in (DESA, KECAMATAN))


def known_share(kind: str, *, distance_m: float) -> float:
    """Share of callers at this distance from a place's edge who know it; 0 for kinds that are never asked for."""
    knowledge = KNOWLEDGE.get(kind)
    if knowledge is None or distance_m > 2 * knowledge.reach_m:
        return 0.0
    return knowledge.known_share / (1 + (max(0.0, distance_m) / knowledge.reach_m) ** 2)
