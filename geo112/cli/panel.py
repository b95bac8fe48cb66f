"""A jurisdiction for people at a terminal, in Indonesian."""

import io
import math
from collections.abc import Sequence
from typing import assert_never

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from geo112.zones.decision import Decision
from geo112.zones.jurisdiction import Inside, Jurisdiction, Outside, OutsideKind, Straddles
from geo112.zones.question.ask import Reply
from geo112.zones.question.offered import Offer
from geo112.zones.question.words import text_id

_WIDTH = 76
_KINDS = {
    OutsideKind.SEA: "laut",
    OutsideKind.ABROAD: "luar negeri",
    OutsideKind.LAKE: "danau atau waduk",
    OutsideKind.GAP: "celah antara batas wilayah",
}


def jurisdiction_panel(jurisdiction: Jurisdiction, decision: Decision, *, warnings: Sequence[str]) -> str:
    """Draw which centre answers, with the probabilities rounded down so that none looks surer than it is."""
    match jurisdiction:
        case Inside(centre=centre):
            title, headline = "di dalam wilayah", f"{centre.nama} ({centre.kode})"
        case Straddles(centre=centre):
            title, headline = "DI PERBATASAN", f"paling mungkin {centre.nama} ({centre.kode}): {_percent(centre.share)}"
        case Outside(nearest=near):
            title = "di luar semua wilayah"
            headline = f"terdekat {near.nama} ({near.kode}), kecamatan {near.kecamatan_nama}, {near.gap_m:,.0f} m"
        case _:
            assert_never(jurisdiction)
    second = [
        Text(f"{line.why.capitalize()}: hubungi juga {line.nama} {line.number}", style="bold")
        for line in jurisdiction.shares.second_line
    ]
    body = Group(
        Text(headline, style="bold"),
        *second,
        _table(jurisdiction),
        Text(_who_acts(decision), style="bold"),
        *(Text(f"! {warning}") for warning in warnings),
    )
    text = io.StringIO()
    console = Console(file=text, width=_WIDTH)
    console.print(Panel(body, title=f"Pusat 112: {title}", subtitle=f"batas wilayah {jurisdiction.shares.boundaries}"))
    return text.getvalue().rstrip("\n")


def _who_acts(decision: Decision) -> str:
    """Say who acts and who is told, with the boundary's own accuracy."""
    known = f"batas diketahui ± {decision.accuracy_m:.0f} m"
    if decision.primary is None:
        return f"Keputusan: tidak ada pusat yang berwenang ({known})"
    centre = f"{decision.primary.nama} {_percent(decision.primary.share)}"
    words = f"Keputusan: {centre}" if decision.sure else f"Keputusan: belum pasti, paling mungkin {centre}"
    told = ", ".join(f"{one.nama} {_percent(one.share)}" for one in decision.tell)
    return f"{words}{'; beri tahu juga ' + told if told else ''} ({known})"


def question_line(offer: Offer) -> str:
    """Say what to ask, and what either answer would make of the most probable centre."""
    answers = ((label, shares[0]) for label, shares in (("ya", offer.if_yes), ("tidak", offer.if_no)) if shares)
    told = "; ".join(f"{label}: {best.nama} {_percent(best.share)}" for label, best in answers)
    return f"Tanyakan: {text_id(offer.question)} ({told})"


def answer_panel(reply: Reply, after: Decision | None) -> str:
    """Say what the answer made of the decision."""
    if after is None:
        return "Setelah jawaban: tidak ada pertanyaan yang perlu dijawab"
    return f"Setelah jawaban ({reply.value}): {_who_acts(after).removeprefix('Keputusan: ')}"


def _table(jurisdiction: Jurisdiction) -> Table:
    """List the shares of the centres and their kecamatan, then what lies outside or stays open."""
    shares = jurisdiction.shares
    table = Table.grid(padding=(0, 2))
    for centre in shares.centres:
        table.add_row(Text(centre.nama), centre.kode, _percent(centre.share))
        for kecamatan in shares.kecamatan:
            if kecamatan.kode[:5] == centre.kode:
                table.add_row(Text(f"  kec. {kecamatan.nama}"), kecamatan.kode, _percent(kecamatan.share))
    parts = [("di luar semua wilayah", shares.outside_share)]
    if shares.outside is not None:
        parts = [(_KINDS[part.kind] + (f": {part.nama}" if part.nama else ""), part.share) for part in shares.outside]
    for label, share in (*parts, ("tidak diketahui", shares.unknown_share)):
        if share > 0:
            table.add_row(label, "", _percent(share))
    return table


def _percent(share: float) -> str:
    """Write a share as percent, rounded down to 0.1 (RFC 7459, 5.2: a confidence is never rounded up)."""
    return f"{math.floor(share * 1000 + 1e-6) / 10:.1f} %"
