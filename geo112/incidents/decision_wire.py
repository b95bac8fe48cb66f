"""How probabilities and decisions are written down in events, and read back."""

from collections.abc import Mapping
from typing import Any

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.zones.decision import Decision, DecisionRule
from geo112.zones.jurisdiction import (
    CentreShare,
    KecamatanShare,
    OutsideKind,
    OutsidePart,
    SecondLine,
    Shares,
)

Body = Mapping[str, Any]


def shares_to_wire(shares: Shares) -> dict[str, Any]:
    """Write probabilities, each zone as a row."""
    return {
        "centres": [[one.kode, one.nama, one.share] for one in shares.centres],
        "kecamatan": [[one.kode, one.nama, one.share] for one in shares.kecamatan],
        "outside_share": shares.outside_share,
        "unknown_share": shares.unknown_share,
        "boundaries": shares.boundaries,
        "warnings": list(shares.warnings),
        "outside": None
        if shares.outside is None
        else [[one.kind.value, one.share, one.kode, one.nama] for one in shares.outside],
        "second_line": [[one.number, one.nama, one.why] for one in shares.second_line],
    }


def decision_to_wire(decision: Decision) -> dict[str, Any]:
    """Write a decision with the rule that it follows."""
    return shares_to_wire(decision.shares) | {
        "accuracy_m": decision.accuracy_m,
        "sure_share": decision.rule.sure_share,
        "tell_share": decision.rule.tell_share,
    }


def centre_from_wire(row: list[Any]) -> CentreShare:
    """Read the row of a centre."""
    return CentreShare(kode=KodeKabKota(row[0]), nama=row[1], share=row[2])


def _outside_from_wire(rows: list[list[Any]] | None) -> tuple[OutsidePart, ...] | None:
    if rows is None:
        return None
    return tuple(
        OutsidePart(kind=OutsideKind(kind), share=share, kode=kode, nama=nama) for kind, share, kode, nama in rows
    )


def shares_from_wire(body: Body) -> Shares:
    """Read what `shares_to_wire` wrote."""
    return Shares(
        centres=tuple(centre_from_wire(row) for row in body["centres"]),
        kecamatan=tuple(
            KecamatanShare(kode=KodeKecamatan(row[0]), nama=row[1], share=row[2]) for row in body["kecamatan"]
        ),
        outside_share=body["outside_share"],
        unknown_share=body["unknown_share"],
        boundaries=body["boundaries"],
        warnings=tuple(body["warnings"]),
        # Logs of the first versions do not tell what is outside.
        outside=_outside_from_wire(body.get("outside")),
        second_line=tuple(
            SecondLine(number=number, nama=nama, why=why) for number, nama, why in body.get("second_line", ())
        ),
    )


def decision_from_wire(body: Body | None) -> Decision | None:
    """Read a decision; logs written before 0.3 have none."""
    if body is None:
        return None
    return Decision(
        shares=shares_from_wire(body),
        accuracy_m=body["accuracy_m"],
        rule=DecisionRule(sure_share=body["sure_share"], tell_share=body["tell_share"]),
    )
