"""From a position, its decision and the answers so far to the decision after them and the next question."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo112.core.shapes import Area
from geo112.zones.decision import Decision, DecisionRule
from geo112.zones.jurisdiction import CentreShare, KecamatanShare, OutsidePart, Shares
from geo112.zones.question.ask import Answered, Reply
from geo112.zones.question.choose import Advice, next_question, with_answers
from geo112.zones.question.cloud import Cloud, ZonesAt
from geo112.zones.question.landmark import Landmark
from geo112.zones.question.offered import Asking, Landmarks, Offer, Settled

_TRACE_SHARE = 2e-6


def settle(
    area: Area,
    decision: Decision,
    *,
    index: ZonesAt,
    landmarks: Landmarks,
    answers: Sequence[Answered],
    asking: Asking,
) -> Settled:
    """Weigh all answers about a caller in an area, and choose what to ask next.

    The shares before any answer are exactly those of the decision; a thousand places tell how an answer shifts them.
    """
    counted = [one for one in answers if one.reply is not Reply.TIDAK_TAHU]
    if decision.sure and not counted:
        return Settled(decision=None, offer=None)
    cloud = Cloud.of(area, index, accuracy_m=decision.accuracy_m)
    before = {one.kode: one.share for one in decision.shares.centres}
    cloud = cloud.with_shares(before, outside_share=decision.shares.outside_share)
    cloud = with_answers(cloud, counted, wrong_share=asking.wrong_share)
    after = _decided(cloud, decision, asking.rule) if counted else None
    advice = next_question(
        cloud,
        _lazily(landmarks, area, needed=not (after or decision).sure),
        sure_share=asking.rule.sure_share,
        wrong_share=asking.wrong_share,
        asked=[one.question for one in answers],
    )
    return Settled(decision=after, offer=None if advice is None else _offer(advice))


def _lazily(landmarks: Landmarks, area: Area, *, needed: bool) -> Sequence[Landmark]:
    return landmarks(area) if needed else ()


def _decided(cloud: Cloud, before: Decision, rule: DecisionRule) -> Decision:
    """Decide by the places and their weights as by any other shares."""
    centres = centre_shares(cloud)
    by_row = np.bincount(cloud.rows[cloud.rows >= 0], weights=cloud.weight[cloud.rows >= 0], minlength=len(cloud.zones))
    rows = sorted(np.flatnonzero(by_row > _TRACE_SHARE).tolist(), key=lambda row: (-by_row[row], row))
    kecamatan = tuple(
        KecamatanShare(kode=cloud.zones[row].kode, nama=cloud.zones[row].nama, share=float(by_row[row])) for row in rows
    )
    shares = replace(
        before.shares,
        centres=centres,
        kecamatan=kecamatan,
        outside_share=float(cloud.masses[-1]),
        outside=_outside(before.shares, float(cloud.masses[-1])),
    )
    return replace(before, shares=shares, rule=rule)


def _outside(before: Shares, outside_share: float) -> tuple[OutsidePart, ...] | None:
    """Let sea, land abroad and gaps keep their parts of what lies outside: answers do not tell them apart."""
    if before.outside is None or before.outside_share <= 0:
        return before.outside
    return tuple(replace(one, share=one.share * outside_share / before.outside_share) for one in before.outside)


def centre_shares(cloud: Cloud) -> tuple[CentreShare, ...]:
    """Name the centres of a cloud by their shares, largest first, lower code first of equals."""
    names = {
        cloud.zones[row].kode_kabkota: cloud.zones[row].kabkota for row in np.unique(cloud.rows).tolist() if row >= 0
    }
    shares = [
        CentreShare(kode=kode, nama=names[kode], share=share)
        for kode, share in cloud.shares.items()
        if share > _TRACE_SHARE
    ]
    return tuple(sorted(shares, key=lambda one: (-one.share, one.kode)))


def _offer(advice: Advice) -> Offer:
    return Offer(
        question=advice.question,
        gain_bits=advice.gain_bits,
        if_yes=centre_shares(advice.if_yes),
        if_no=centre_shares(advice.if_no),
    )
