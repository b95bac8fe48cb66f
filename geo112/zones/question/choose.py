"""Chooses what to ask, and takes answers into account."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from geo112.zones.question.ask import Answered, Question, Reply
from geo112.zones.question.candidates import candidates
from geo112.zones.question.cloud import Cloud, Weights
from geo112.zones.question.landmark import Landmark
from geo112.zones.question.weigh import yes_share

SURE_SHARE = 0.9
WRONG_SHARE = 0.05
# A question that is worth less is not asked: the caller has little time.
LEAST_GAIN_BITS = 0.02
# Of a caller whom nobody knows better than this, no single place says much.
WIDEST_SPREAD_M = 30_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The question that tells the centres apart best: what it is worth, and the cloud after either answer."""

    question: Question
    gain_bits: float
    if_yes: Cloud
    if_no: Cloud


def with_answers(cloud: Cloud, answers: Sequence[Answered], *, wrong_share: float) -> Cloud:
    """Weigh the places by all answers; their order does not matter, and who does not know says nothing."""
    for one in answers:
        if one.reply is not Reply.TIDAK_TAHU:
            cloud = cloud.after(likelihood(yes_share(one.question, cloud), one.reply, wrong_share=wrong_share))
    return cloud


def likelihood(yes: Weights, reply: Reply, *, wrong_share: float) -> Weights:
    """Probability of an answer at each place, when this share of answers is wrong either way."""
    said_yes = wrong_share + (1 - 2 * wrong_share) * yes
    return 1 - said_yes if reply is Reply.TIDAK else said_yes


def next_question(
    cloud: Cloud,
    landmarks: Sequence[Landmark],
    *,
    sure_share: float = SURE_SHARE,
    wrong_share: float = WRONG_SHARE,
    asked: Collection[Question] = (),
) -> Advice | None:
    """Choose the question whose answer is expected to say most about the centre; None where none is worth asking.

    The worth is the mutual information of answer and centre, times the share of callers who know the answer. What was
    asked before, answered or not, is not asked again.
    """
    masses = cloud.masses
    if float(masses.max()) >= sure_share or cloud.spread_m > WIDEST_SPREAD_M:
        return None
    done = {_same(one) for one in asked}
    offered = [one for one in candidates(cloud, landmarks) if _same(one[0]) not in done]
    if not offered:
        return None
    shares = np.array([yes_share(question, cloud) for question, _ in offered])
    gains = gains_bits(cloud, shares, wrong_share=wrong_share) * np.array([known for _, known in offered])
    # Equal worths must not be told apart by rounding: the first in order is asked.
    order = sorted(range(len(offered)), key=lambda at: (-round(float(gains[at]), 9), *_order(offered[at][0])))
    best = order[0]
    if gains[best] < LEAST_GAIN_BITS:
        return None
    question, yes = offered[best][0], shares[best]
    after = {reply: cloud.after(likelihood(yes, reply, wrong_share=wrong_share)) for reply in (Reply.YA, Reply.TIDAK)}
    return Advice(question=question, gain_bits=float(gains[best]), if_yes=after[Reply.YA], if_no=after[Reply.TIDAK])


def gains_bits(cloud: Cloud, yes: Weights, *, wrong_share: float) -> Weights:
    """Mutual information of centre and answer in bits, one for each row of `yes` (Cover and Thomas 2006, 2.4)."""
    masses = cloud.masses
    member = np.zeros((cloud.weight.size, masses.size))
    member[np.arange(cloud.weight.size), cloud.centre_of] = cloud.weight
    joint = yes @ member
    there = masses > 0
    of_centre = wrong_share + (1 - 2 * wrong_share) * joint[:, there] / masses[there]
    whole = of_centre @ masses[there]
    gains: Weights = np.maximum(0.0, entropy_bits(whole) - entropy_bits(of_centre) @ masses[there])
    return gains


def entropy_bits(share: Weights) -> Weights:
    """Entropy of a yes or no in bits."""
    share = np.clip(share, 1e-15, 1 - 1e-15)
    return -(share * np.log(share) + (1 - share) * np.log1p(-share)) / math.log(2)


def _same(question: Question) -> tuple[str, str, str | None, str]:
    """Tell questions apart by what is said; `near` and `side` of one place are two."""
    direction = None if question.direction is None else question.direction.value
    return question.kind.value, question.place, direction, question.kode or ""


def _order(question: Question) -> tuple[str, str, str]:
    return question.kind.value, question.place, question.direction.value if question.direction else ""
