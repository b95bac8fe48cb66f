"""What a name costs: how badly it fits what was said, how far it lies from where the caller can be.

Costs are negative logarithms of how likely an error is, so that they add up; only their order is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo112.locate.places.spoken import Around

Costs = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

EDIT = 2.2
# A name said only in its beginning ("Kepanjen" for "Kepanjen Kidul").
CUT_SHORT, CUT_SHORT_PER_LETTER = 1.5, 0.12
_LEAST_BEGINNING = 4
# From here on a far name is only further away, not less likely: less than two errors, so that what fits comes first.
FAR_MOST = 4.2
_FAR_PER_E_FOLD = 1.2
_FAR_SCALE_M, _FAR_SCALE_SHARE = 1_000.0, 0.25
# A name that differs in more than this share of its letters is another name.
MOST_WRONG_SHARE = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """How keys fit what was said: the cost, the letters that are wrong, whether only the beginning was said."""

    cost: Costs
    wrong: npt.NDArray[np.int64]
    cut: npt.NDArray[np.bool_]


def heads(said: str, spelt: str, keys: Texts, spellings: Texts) -> Heads:
    """Compare what was said with whole keys, with the beginnings of longer ones, and with how names are written.

    Errors are counted as in optimal string alignment: a letter more, less, other, or two swapped is one. One error of
    a typist can change two sounds, so that the spelling counts where it fits better. A spelling that is empty is the
    same as the key.
    """
    size = len(said)
    most = int(MOST_WRONG_SHARE * size)
    wrong = _wrong([said], keys.tolist(), most=most)[0]
    written = np.flatnonzero(spellings != "") if spelt == said else np.arange(len(keys))
    if written.size:
        names = np.where(spellings[written] == "", keys[written], spellings[written]).tolist()
        wrong[written] = np.minimum(wrong[written], _wrong([spelt], names, most=most)[0])
    cost = EDIT * wrong
    cut = np.zeros(len(keys), np.bool_)
    if size >= _LEAST_BEGINNING:
        lengths = np.fromiter(map(len, keys.tolist()), np.int64, len(keys))
        longer = np.flatnonzero(lengths >= size + 2)
        if longer.size:
            beginnings = [key[:size] for key in keys[longer].tolist()]
            of_beginning = _wrong([said], beginnings, most=most)[0]
            cost_cut = EDIT * of_beginning + CUT_SHORT + CUT_SHORT_PER_LETTER * (lengths[longer] - size)
            better = cost_cut < cost[longer]
            rows = longer[better]
            cost[rows], wrong[rows], cut[rows] = cost_cut[better], of_beginning[better], True
    return Heads(cost=cost, wrong=wrong, cut=cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """How surroundings fit what was said about them: cost, wrong letters, letters that fit nothing."""

    cost: Costs
    wrong: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.int64]


def contexts(said: Sequence[Around], surroundings: Sequence[Sequence[str]]) -> Contexts:
    """Compare each thing said with the names around each of several places; the best name of each counts."""
    sizes = [len(names) for names in surroundings]
    edges = np.append(0, np.cumsum(sizes))[:-1]
    every = [name for names in surroundings for name in names]
    cost = np.zeros(len(sizes))
    wrong, unknown = np.zeros(len(sizes), np.int64), np.zeros(len(sizes), np.int64)
    if not every:
        return Contexts(cost=cost, wrong=wrong, unknown=unknown)
    for one, errors in zip(said, _wrong([one.key for one in said], every, most=None), strict=True):
        least = np.minimum.reduceat(errors, edges)
        nothing = one.unknown_cost
        fits = (EDIT * least < nothing) & (least <= MOST_WRONG_SHARE * len(one.key))
        cost += np.where(fits, EDIT * least, nothing)
        wrong += np.where(fits, least, 0)
        unknown += np.where(fits, 0, len(one.key))
    return Contexts(cost=cost, wrong=wrong, unknown=unknown)


def far(gap_m: npt.NDArray[np.float64], *, reach_m: float) -> Costs:
    """Cost of lying this far outside the area that the caller is thought to be in; it grows with the logarithm."""
    scale_m = _FAR_SCALE_M + _FAR_SCALE_SHARE * reach_m
    return np.minimum(FAR_MOST, _FAR_PER_E_FOLD * np.log1p(np.maximum(0.0, gap_m) / scale_m))


def _wrong(said: Sequence[str], keys: Sequence[str], *, most: int | None) -> npt.NDArray[np.int64]:
    """Count the errors between each thing said and each key; above `most` it only says that there are more."""
    counted = process.cdist(said, keys, scorer=OSA.distance, score_cutoff=most, dtype=np.uint16)
    return counted.astype(np.int64)
