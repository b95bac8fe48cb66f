"""Three small kecamatan for the command line: two squares that share an edge, and one that lies on the second."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo112.core.codes import kode_kabkota, kode_kecamatan
from geo112.core.geo import wgs84
from geo112.zones.compact import write_zones
from geo112.zones.records import Zone

SQUARES = (
    ("35.05.01", "Barat; kulon", "Kab. Blitar", (112.0, -8.1, 112.1, -8.0)),
    ("35.06.01", 'Timur, "wetan"', "Kab. Kediri", (112.1, -8.1, 112.2, -8.0)),
    ("35.72.01", "Tengah", "Kota Blitar", (112.14, -8.06, 112.16, -8.04)),
)


@pytest.fixture(scope="session")
def squares_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compact file of three kecamatan."""
    shapes = np.array([shapely.box(*box) for *_, box in SQUARES], object)
    zones = [
        Zone(
            kode=kode_kecamatan(kode),
            nama=nama,
            kode_kabkota=kode_kabkota(kode[:5]),
            kabkota=kabkota,
            area_km2=abs(wgs84().geometry_area_perimeter(shape)[0]) / 1e6,
        )
        for (kode, nama, kabkota, _), shape in zip(SQUARES, shapes, strict=True)
    ]
    folder = tmp_path_factory.mktemp("squares")
    write_zones(folder / "zones.geo112", zones=zones, polygons=shapes, version="three-squares")
    return folder
