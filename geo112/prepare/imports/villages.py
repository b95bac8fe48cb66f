"""Takes the villages of the boundaries in force along, and gives those to a new kecamatan that lie in it."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKecamatan
from geo112.prepare.compare import found_in, layer_of, with_nearest
from geo112.prepare.gazetteer import COLUMNS
from geo112.prepare.sources import Shapes

_CSV, _PARQUET = "desa.csv", "desa.parquet"


def take_villages(
    base: Path, fresh: Path, shapes: Mapping[KodeKecamatan, BaseGeometry], *, before: frozenset[KodeKecamatan]
) -> int:
    """Write the villages beside the new set; give how many of the list changed their kecamatan.

    A village moves where its kecamatan is no more, or where it lies in a kecamatan that was not there before. `before`
    are the kecamatan of the old set.
    """
    with (base / _CSV).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    spots = np.asarray(
        shapely.points([float(r["lon_deg"]) for r in rows], [float(r["lat_deg"]) for r in rows]), dtype=np.object_
    )
    old = [row["kode_kecamatan"] for row in rows]
    owners = _owners(old, spots, shapes, before=before)
    with (fresh / _CSV).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"kode_kecamatan": kode} for row, kode in zip(rows, owners, strict=True))
    frame = geopandas.read_parquet(base / _PARQUET)
    inner = np.asarray(shapely.point_on_surface(np.asarray(frame.geometry.array, dtype=np.object_)), dtype=np.object_)
    frame["kode_kecamatan"] = _owners(frame["kode_kecamatan"].tolist(), inner, shapes, before=before)
    frame.to_parquet(fresh / _PARQUET, index=False, compression="zstd", write_covering_bbox=False)
    return sum(one != other for one, other in zip(old, owners, strict=True))


def _owners(
    codes: Sequence[str],
    spots: Shapes,
    shapes: Mapping[KodeKecamatan, BaseGeometry],
    *,
    before: frozenset[KodeKecamatan],
) -> list[str]:
    """Give the kecamatan of each place in the new set."""
    new = sorted(shapes.keys() - before)
    gone = np.array([kode not in shapes for kode in codes], dtype=bool)
    owners: npt.NDArray[np.object_] = np.array(codes, dtype=np.object_)
    if new:
        found = found_in(layer_of(new, _array([shapes[kode] for kode in new])), spots)
        owners[found != ""] = found[found != ""]
        gone &= found == ""
    if gone.any():
        layer = layer_of(sorted(shapes), _array([shapes[kode] for kode in sorted(shapes)]))
        owners[gone] = with_nearest(layer, spots[gone], found_in(layer, spots[gone]))
    return [str(kode) for kode in owners]


def _array(shapes: Sequence[BaseGeometry]) -> Shapes:
    """Make an array of shapes."""
    array = np.empty(len(shapes), dtype=np.object_)
    array[:] = shapes
    return array
