"""Compiles all kernels at set-up, so that no caller waits for a compiler: `python -m geo112.zones.warm`."""

import importlib
from pathlib import Path

KERNELS = ("predicates", "lookup", "plane", "shares", "border", "raster")


def forget_stale() -> int:
    """Remove compiled kernels when a source of theirs is newer; numba itself looks at one file of the chain only."""
    here = Path(__file__).parent
    compiled = [path for kernel in KERNELS for path in (here / "__pycache__").glob(f"{kernel}.*.nb[ci]")]
    newest = max((here / f"{name}.py").stat().st_mtime for name in (*KERNELS, "kernel", "intrinsics", "layout"))
    if all(path.stat().st_mtime >= newest for path in compiled):
        return 0
    for path in compiled:
        path.unlink(missing_ok=True)
    return len(compiled)


def warm() -> None:
    """Compile what is not compiled yet; importing does it, since every kernel states its types."""
    forget_stale()
    for kernel in KERNELS:
        importlib.import_module(f"geo112.zones.{kernel}")


if __name__ == "__main__":
    warm()
