"""What lies around one kabupaten or kota: its box and its neighbours, read from the basemap file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo112.basemap.borders import KABKOTA
from geo112.basemap.container import map_arrays
from geo112.basemap.world import to_degrees
from geo112.core.codes import KodeKabKota
from geo112.core.errors import DataMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The box of a kabupaten or kota as west, south, east, north in degrees, and who shares a border with it."""

    kode: KodeKabKota
    nama: str
    bounds_deg: tuple[float, float, float, float]
    neighbours: tuple[tuple[KodeKabKota, str], ...]


def surroundings(path: Path, kode: KodeKabKota) -> Surroundings:
    """Look around one kabupaten or kota; raises DataMissing when the basemap does not know it."""
    head, arrays = map_arrays(path)
    names = [(KodeKabKota(code), str(nama)) for code, nama in head["kabkota"]]
    row = next((at for at, (code, _) in enumerate(names) if code == kode), None)
    if row is None:
        raise DataMissing(f"the boundaries know no kabupaten or kota {kode}", field="kode")
    level = head["levels"][1]
    west, north, east, south = (int(edge) for edge in arrays[f"{level}/kabkota_reach"][row])
    (west_deg, north_deg), (east_deg, south_deg) = to_degrees(np.array([[west, north], [east, south]]))
    kinds = arrays[f"{level}/batas_kind"]
    shared = kinds[kinds[:, 0] == KABKOTA][:, 1:]
    beside = np.unique(shared[(shared == row).any(axis=1)])
    return Surroundings(
        kode=kode,
        nama=names[row][1],
        bounds_deg=(float(west_deg), float(south_deg), float(east_deg), float(north_deg)),
        neighbours=tuple(names[at] for at in beside.tolist() if at not in (row, -1)),
    )
