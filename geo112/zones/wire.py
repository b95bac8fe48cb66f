"""A jurisdiction as JSON, as `geo112 resolve`, the API and the console show it."""

import math
from typing import assert_never

from geo112.zones.decision import Decision
from geo112.zones.jurisdiction import (
    CentreShare,
    Inside,
    Jurisdiction,
    KecamatanShare,
    Nearest,
    Outside,
    OutsideKind,
    Shares,
    Straddles,
)


def jurisdiction_to_dict(jurisdiction: Jurisdiction, decision: Decision | None = None) -> dict[str, object]:
    """Write out a jurisdiction; outside, `centre` is the nearest one and `gap_m` the distance to its edge.

    `decision` is null where nobody decided, as in logs that were written before there were decisions.
    """
    shares = jurisdiction.shares
    nearest: Nearest | None = None
    match jurisdiction:
        case Inside(centre=best):
            outcome, kode, nama = "inside", best.kode, best.nama
        case Straddles(centre=best):
            outcome, kode, nama = "straddles", best.kode, best.nama
        case Outside(nearest=nearest):
            outcome, kode, nama = "outside", nearest.kode, nearest.nama
        case _:
            assert_never(jurisdiction)
    return {
        "outcome": outcome,
        "centre": {"kode": kode, "nama": nama},
        "shares": [_share(share) for share in shares.centres],
        "kecamatan": [_share(share) for share in shares.kecamatan],
        "outside_share": shares.outside_share,
        **_outside(shares),
        "unknown_share": shares.unknown_share,
        "nearest": _nearest(nearest) if nearest else None,
        "gap_m": nearest.gap_m if nearest else None,
        "question": None,
        "decision": None if decision is None else decision_to_dict(decision),
        "boundaries": shares.boundaries,
        "warnings": list(shares.warnings),
        "second_line": [{"number": line.number, "nama": line.nama, "why": line.why} for line in shares.second_line],
    }


def _outside(shares: Shares) -> dict[str, object]:
    """Write out what the outside share is made of; null where the boundaries do not tell."""
    parts = shares.outside
    if parts is None:
        told = None if shares.outside_share else 0.0
        return {
            "outside_kind": None,
            "sea_share": told,
            "abroad_share": told,
            "lake_share": told,
            "gap_share": told,
            "abroad": [],
        }
    sums = {kind: math.fsum(part.share for part in parts if part.kind is kind) for kind in OutsideKind}
    return {
        "outside_kind": parts[0].kind.value,
        "sea_share": sums[OutsideKind.SEA],
        "abroad_share": sums[OutsideKind.ABROAD],
        "lake_share": sums[OutsideKind.LAKE],
        "gap_share": sums[OutsideKind.GAP],
        "abroad": [
            {"kode": part.kode, "nama": part.nama, "share": part.share}
            for part in parts
            if part.kind is OutsideKind.ABROAD
        ],
    }


def decision_to_dict(decision: Decision) -> dict[str, object]:
    """Write out what a centre acts on; `centre` is null where no centre has a share."""
    shares = decision.shares
    return {
        "centre": _share(decision.primary) if decision.primary else None,
        "sure": decision.sure,
        "tell": [_share(one) for one in decision.tell],
        "shares": [_share(one) for one in shares.centres],
        "kecamatan": [_share(one) for one in shares.kecamatan],
        "outside_share": shares.outside_share,
        "boundary_accuracy_m": decision.accuracy_m,
        "boundaries": shares.boundaries,
    }


def _share(share: CentreShare | KecamatanShare) -> dict[str, object]:
    """Write out one probability."""
    return {"kode": share.kode, "nama": share.nama, "share": share.share}


def _nearest(nearest: Nearest) -> dict[str, object]:
    """Write out the nearest kecamatan, its centre and the distance."""
    return {
        "kode": nearest.kode,
        "nama": nearest.nama,
        "kecamatan": {"kode": nearest.kecamatan, "nama": nearest.kecamatan_nama},
        "gap_m": nearest.gap_m,
    }
