"""Compiles the inner loops, once per machine."""

from collections.abc import Callable

import numba


def kernel[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop to machine code that lets other threads run, and keep the code on disk for the next start."""
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    return compiled
