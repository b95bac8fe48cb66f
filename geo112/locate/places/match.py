"""What a name costs: how badly it fits what was said, how far it lies from where the caller can be.

Costs are negative logarithms of how likely an error is, so that they add up; only their order is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

Costs = npt.NDArray[np.float64]

EDIT = 2.2
# A name said only in its beginning ("Kepanjen" for "Kepanjen Kidul").
CUT_SHORT, CUT_SHORT_PER_LETTER = 1.5, 0.12
_LEAST_BEGINNING = 4
# Something said that fits nothing around the place: perhaps a road or a house that no list knows.
_UNKNOWN, _UNKNOWN_PER_LETTER, _UNKNOWN_MOST = 1.5, 0.3, 5.0
# From here on a far name is only further away, not less likely; one and a half errors' worth.
FAR_MOST = 4.0
_FAR_PER_E_FOLD = 0.9
_FAR_SCALE_M, _FAR_SCALE_SHARE = 1_000.0, 0.25
# A name that differs in more than this share of its letters is another name.
MOST_WRONG_SHARE = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """How keys fit what was said: the cost, the letters that are wrong, whether only the beginning was said."""

    cost: Costs
    wrong: npt.NDArray[np.int64]
    cut: npt.NDArray[np.bool_]


def heads(said: str, keys: Sequence[str]) -> Heads:
    """Compare what was said with whole keys, and with the beginnings of longer ones.

    Errors are counted as in optimal string alignment: a letter more, less, other, or two swapped is one.
    """
    size = len(said)
    wrong = _wrong([said], keys)[0]
    cost = EDIT * wrong
    lengths = np.fromiter(map(len, keys), np.int64, len(keys))
    cut = np.zeros(len(keys), np.bool_)
    if size >= _LEAST_BEGINNING:
        longer = np.flatnonzero(lengths >= size + 2)
        if longer.size:
            of_beginning = _wrong([said], [keys[at][:size] for at in longer.tolist()])[0]
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


def contexts(said: Sequence[str], surroundings: Sequence[Sequence[str]]) -> Contexts:
    """Compare each thing said with the names around each of several places; the best name of each counts."""
    sizes = [len(names) for names in surroundings]
    edges = np.append(0, np.cumsum(sizes))[:-1]
    every = [name for names in surroundings for name in names]
    cost = np.zeros(len(sizes))
    wrong, unknown = np.zeros(len(sizes), np.int64), np.zeros(len(sizes), np.int64)
    if not every:
        return Contexts(cost=cost, wrong=wrong, unknown=unknown)
    for one, errors in zip(said, _wrong(said, every), strict=True):
        least = np.minimum.reduceat(errors, edges)
        nothing = min(_UNKNOWN_MOST, _UNKNOWN + _UNKNOWN_PER_LETTER * len(one))
        fits = (EDIT * least < nothing) & (least <= MOST_WRONG_SHARE * len(one))
        cost += np.where(fits, EDIT * least, nothing)
        wrong += np.where(fits, least, 0)
        unknown += np.where(fits, 0, len(one))
    return Contexts(cost=cost, wrong=wrong, unknown=unknown)


def far(gap_m: npt.NDArray[np.float64], *, reach_m: float) -> Costs:
    """Cost of lying this far outside the area that the caller is thought to be in; it grows with the logarithm."""
    scale_m = _FAR_SCALE_M + _FAR_SCALE_SHARE * reach_m
    return np.minimum(FAR_MOST, _FAR_PER_E_FOLD * np.log1p(np.maximum(0.0, gap_m) / scale_m))


def _wrong(said: Sequence[str], keys: Sequence[str]) -> npt.NDArray[np.int64]:
    """Count the errors between each thing said and each key."""
    return process.cdist(said, keys, scorer=OSA.distance, dtype=np.uint16).astype(np.int64)
