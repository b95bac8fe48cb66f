"""A jurisdiction as JSON, as `geo112 resolve`, the API and the console show it."""

from typing import assert_never

from geo112.zones.jurisdiction import CentreShare, Inside, Jurisdiction, KecamatanShare, Nearest, Outside, Straddles


def jurisdiction_to_dict(jurisdiction: Jurisdiction) -> dict[str, object]:
    """Write out a jurisdiction; outside, `centre` is the nearest one and `gap_m` the distance to its edge."""
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
        "unknown_share": shares.unknown_share,
        "nearest": _nearest(nearest) if nearest else None,
        "gap_m": nearest.gap_m if nearest else None,
        "question": None,
        "boundaries": shares.boundaries,
        "warnings": list(shares.warnings),
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
