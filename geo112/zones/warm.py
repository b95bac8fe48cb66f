"""Compiles all kernels at set-up, so that no caller waits for a compiler: `python -m geo112.zones.warm`."""

import importlib
from pathlib import Path

HERE = Path(__file__).parent
KERNELS = ("predicates", "lookup", "plane", "bands", "normal", "shares", "overlay", "entering", "border", "raster")
WITHIN_KERNELS = ("kernel", "intrinsics", "layout")


def forget_stale(folder: Path = HERE) -> int:
    """Remove compiled kernels when a source is newer than they are; give their number.

    numba itself looks only at the file of the kernel, not at the files that the kernel takes others from.
    """
    compiled = [path for kernel in KERNELS for path in (folder / "__pycache__").glob(f"{kernel}.*.nb[ci]")]
    newest = max((folder / f"{name}.py").stat().st_mtime for name in (*KERNELS, *WITHIN_KERNELS))
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
