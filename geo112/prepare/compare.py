"""Holds our kecamatan and the source's own layer against another set of boundaries, at random points."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.errors import BadTable, DataMissing
from geo112.prepare.dissolve import areas_km2, repaired
from geo112.prepare.register import read_register
from geo112.prepare.sources import Shapes, read_gadm_kabkota, read_gadm_kecamatan
from geo112.prepare.splits import read_tables, territories

_POINTS = 100_000
_SEED = 112
_CODE_COLUMNS = ("kode_kecamatan", "code", "kode")
Codes = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Shapes with the code of each; overlaps go to the smaller shape, then to the lower code."""

    kode: Codes
    shapes: Shapes
    area_km2: npt.NDArray[np.float64]


def compare_with(reference: Path, folder: Path, source: Path, tables_folder: Path) -> dict[str, object]:
    """Hold a finished build, and GADM's own kecamatan layer beside it, against other boundaries."""
    register = read_register(source / "idn-area-data" / "data")
    where = territories(read_gadm_kabkota(source), register, read_tables(tables_folder))
    gadm, raw = read_gadm_kecamatan(source)
    known = [i for i, area in enumerate(gadm) if area.gid_kab in where]
    shapes, _ = repaired(raw[known])
    own = layer_of([where[gadm[i].gid_kab].home for i in known], shapes)
    frame = geopandas.read_parquet(folder / "kecamatan.parquet")
    polygons = np.asarray(frame.geometry.array, dtype=np.object_)
    ours = layer_of(frame["kode_kecamatan"].tolist(), polygons, frame["area_km2"].to_numpy())
    return {"reference": reference.name} | agreement(read_reference(reference), ours, own)


def layer_of(kode: Sequence[str], shapes: Shapes, area_km2: npt.NDArray[np.float64] | None = None) -> Layer:
    """Make a layer; its areas are measured where they are not known yet."""
    sizes = areas_km2(shapes) if area_km2 is None else area_km2
    return Layer(kode=np.array(kode, dtype=np.str_), shapes=shapes, area_km2=sizes)


def read_reference(path: Path) -> Layer:
    """Read kecamatan of any vector format with a column of Kemendagri codes."""
    if not path.exists():
        raise DataMissing(f"{path} is not there", field="compare")
    frame = geopandas.read_file(path).to_crs("EPSG:4326")
    column = next((name for name in _CODE_COLUMNS if name in frame.columns), None)
    if column is None:
        raise BadTable(f"{path.name} has no column {' or '.join(_CODE_COLUMNS)}", field="compare")
    return layer_of(list(frame[column]), np.asarray(frame.geometry.make_valid().array, dtype=np.object_))


def found_in(layer: Layer, points: Shapes) -> Codes:
    """Give the code at every point by the overlap rule, or an empty text where there is none."""
    point, shape = shapely.STRtree(layer.shapes).query(points, predicate="intersects")
    order = np.lexsort((layer.kode[shape], layer.area_km2[shape], point))
    point, shape = point[order], shape[order]
    first = np.append(True, point[1:] != point[:-1]) if len(point) else np.empty(0, dtype=bool)
    codes = np.full(len(points), "", dtype=layer.kode.dtype)
    codes[point[first]] = layer.kode[shape[first]]
    return codes


def with_nearest(layer: Layer, points: Shapes, codes: Codes) -> Codes:
    """Fill in the nearest code where a point lies in none."""
    empty = np.flatnonzero(codes == "")
    filled = codes.copy()
    if len(empty):
        filled[empty] = layer.kode[shapely.STRtree(layer.shapes).nearest(points[empty])]
    return filled


def agreement(reference: Layer, ours: Layer, own: Layer) -> dict[str, object]:
    """Share of random points in the reference whose kabupaten/kota (and kecamatan) agree.

    `ours` has kecamatan codes; `own`, the source's own layer, has kabupaten/kota codes.
    """
    points = _random_points(reference)
    truth = found_in(reference, points)
    held = truth != ""
    points, truth = points[held], truth[held]
    kabkota = _kabkota(truth)
    mine, theirs = found_in(ours, points), found_in(own, points)
    mine_near, theirs_near = with_nearest(ours, points, mine), with_nearest(own, points, theirs)
    return {
        "points": len(points),
        "kabkota_share": float(np.mean(_kabkota(mine_near) == kabkota)),
        "gadm_kabkota_share": float(np.mean(theirs_near == kabkota)),
        "kabkota_covered_share": float(np.mean(_kabkota(mine) == kabkota)),
        "gadm_kabkota_covered_share": float(np.mean(theirs == kabkota)),
        "kecamatan_share": float(np.mean(mine_near == truth)),
    }


def _kabkota(codes: Codes) -> Codes:
    """Cut the codes of kecamatan to those of their kabupaten or kota."""
    return codes.astype("U5")


def _random_points(reference: Layer) -> Shapes:
    """Spread points evenly over the box of the reference; the same ones every time."""
    west, south, east, north = shapely.total_bounds(reference.shapes)
    draw = np.random.default_rng(_SEED)
    shapely.prepare(reference.shapes)
    tree = shapely.STRtree(reference.shapes)
    kept: list[Shapes] = []
    count = 0
    while count < _POINTS:
        lat = np.degrees(np.arcsin(draw.uniform(np.sin(np.radians(south)), np.sin(np.radians(north)), _POINTS)))
        points = np.asarray(shapely.points(draw.uniform(west, east, _POINTS), lat), dtype=np.object_)
        inside = np.unique(tree.query(points, predicate="intersects")[0])
        kept.append(points[inside])
        count += len(inside)
    return np.concatenate(kept)[:_POINTS]
