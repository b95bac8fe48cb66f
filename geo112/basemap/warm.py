"""Compiles the kernels before anybody waits: `python -m geo112.basemap.warm`."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from geo112.basemap.pack import write_basemap
from geo112.basemap.tiles import Basemap


@dataclass(frozen=True, slots=True, kw_only=True)
class _Square:
    """A kecamatan that exists only for this."""

    kode: str
    nama: str
    kode_kabkota: str
    kabkota: str


def warm() -> None:
    """Build and draw a map of two squares, which runs every kernel once and leaves its machine code on disk."""
    zones = [
        _Square(kode="10.01.01", nama="Barat", kode_kabkota="10.01", kabkota="Kab. Barat"),
        _Square(kode="10.02.01", nama="Timur", kode_kabkota="10.02", kabkota="Kab. Timur"),
    ]
    polygons = np.array([shapely.box(112, -8, 113, -7), shapely.box(113, -8, 114, -7)], dtype=object)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "basemap.geo112"
        write_basemap(path, zones=zones, polygons=polygons, version="warm")
        Basemap.open(path).tile(8, 208, 133)


if __name__ == "__main__":
    warm()
