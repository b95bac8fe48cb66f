"""Finds the few thousand names that could be meant among all: those that share pairs of letters with what was said."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

# a to z, then 0 to 9; 0 is the edge of a word.
_LETTERS = {letter: at + 1 for at, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789")}
_BASE = len(_LETTERS) + 1
PAIRS = _BASE * _BASE

# Letters of the name that were not said weigh less than letters said that are not in it: names are cut short.
_LEFT_OUT = 0.35

# Pairs that three errors spoil, most of the time.
_MOST_SPOILT = 8

Rows = npt.NDArray[np.int64]


def pairs_of(key: str) -> list[int]:
    """Number the different pairs of letters of a key, its edges included."""
    codes = [0, *(_LETTERS[letter] for letter in key), 0]
    return sorted({a * _BASE + b for a, b in pairwise(codes)})


class PairIndex:
    """For each pair of letters the keys that hold it."""

    __slots__ = ("_keys", "_sizes", "_start")

    def __init__(
        self, *, start: npt.NDArray[np.int64], keys: npt.NDArray[np.int32], sizes: npt.NDArray[np.uint8]
    ) -> None:
        """Take the columns of the file."""
        self._start = start
        self._keys = keys
        self._sizes = sizes

    def alike(self, key: str, *, most: int, near: npt.NDArray[np.bool_] | None, most_near: int) -> Rows:
        """Give the rows of the keys that share most pairs with a key, and more of those that are near.

        The measure is Tversky's: shared pairs, over shared ones plus those only said plus a part of those left out.
        """
        pairs = pairs_of(key)
        lists = [self._keys[self._start[pair] : self._start[pair + 1]] for pair in pairs]
        shared = np.bincount(np.concatenate(lists), minlength=self._sizes.size)
        # An error spoils three pairs at most; a name that shares less than a third cannot be told from chance.
        least = max(1, len(pairs) // 3, len(pairs) - _MOST_SPOILT)
        rows = np.flatnonzero(shared >= least)
        found = self._best(rows, shared, len(pairs), most)
        if near is None:
            return found
        around = np.flatnonzero(near & (shared > 0))
        return np.union1d(found, self._best(around, shared, len(pairs), most_near))

    def _best(self, rows: Rows, shared: npt.NDArray[np.intp], said: int, most: int) -> Rows:
        """Keep the rows that are most alike."""
        if rows.size <= most:
            return rows
        common = shared[rows].astype(np.float32)
        alike = common / (said + _LEFT_OUT * (self._sizes[rows] - common))
        return rows[np.argpartition(-alike, most)[:most]]
