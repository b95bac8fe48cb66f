"""How functions become machine code: at import, for the types that they state, kept on disk for the next start."""

from collections.abc import Callable
from typing import Any

import numba


def kernel(signature: Any, *, inline: bool = False) -> Any:  # noqa: ANN401 - numba's own types are not typed
    """Compile a function for one signature, free of the interpreter lock; division by zero gives infinity."""
    return numba.njit(signature, cache=True, nogil=True, error_model="numpy", inline="always" if inline else "never")


def direct(function: Any) -> Callable[..., Any]:  # noqa: ANN401 - as above
    """Give a kernel's entry for callers that always pass its exact types: numba need not look which they are."""
    entry: Callable[..., Any] = function.overloads[function.signatures[0]].entry_point
    return entry
