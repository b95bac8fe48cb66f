"""Reads a boundary file of any usual format: its columns as text, and its shapes in EPSG:4326 without heights."""

import struct
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pyproj

from geo112.core.errors import BadInput, BadTable, DataMissing
from geo112.prepare.imports.said import text_of
from geo112.prepare.imports.wilayah_text import TEXT_SUFFIXES, read_wilayah_text
from geo112.prepare.sources import Shapes

_PARQUET = frozenset({".parquet", ".geoparquet"})
# The length of a shapefile in 16-bit words stands behind 24 octets (ESRI Shapefile Technical Description, 1998).
_SHP_HEAD = struct.Struct(">24xi")
_OSM_LAYER = "multipolygons"
_ZIPPED = frozenset({".shp", ".gpkg", ".fgb", ".geojson", ".json"})
WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A layer of a file: its columns by lower-case name, every cell as text, and one shape per row (or None)."""

    columns: Mapping[str, tuple[str, ...]]
    shapes: Shapes
    crs: str

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.shapes)

    def column(self, *names: str) -> tuple[str, ...]:
        """Give the first of these columns that is there, else empty texts."""
        for name in names:
            if name.lower() in self.columns:
                return self.columns[name.lower()]
        return ("",) * len(self)


def read_table(path: Path, *, layer: str | None = None, crs: str | None = None) -> Table:
    """Read a layer; raises DataMissing or BadTable (field file), and BadInput for a layer or CRS that does not fit."""
    if not path.exists():
        raise DataMissing(f"{path} is not there", field="file")
    _require_whole(path)
    if path.suffix.lower() in TEXT_SUFFIXES:
        columns, shapes = read_wilayah_text(path)
        return Table(columns=columns, shapes=shapes, crs=WGS84)
    frame = _frame(path, layer)
    if not len(frame):
        raise BadTable(f"{path.name} has no rows", field="file")
    given = _crs_of(frame, path, crs)
    frame = frame.set_crs(given) if frame.crs is None else frame
    flat = frame.geometry.force_2d()
    if not given.equals(pyproj.CRS.from_user_input(WGS84), ignore_axis_order=True):
        flat = flat.to_crs(WGS84)
    columns = {
        str(name).lower(): tuple(text_of(None if pd.isna(cell) else cell) for cell in frame[name].tolist())
        for name in frame.columns
        if name != frame.geometry.name
    }
    drawn: Shapes = np.empty(len(flat), dtype=np.object_)
    # A row without a shape may be NaN in older files.
    drawn[:] = [None if missing else shape for shape, missing in zip(flat, flat.isna(), strict=True)]
    return Table(columns=columns, shapes=drawn, crs=_name_of(given))


def _require_whole(path: Path) -> None:
    """Refuse a shapefile that ends before its own head says; GDAL takes what is missing for rows without shapes."""
    if path.suffix.lower() != ".shp":
        return
    with path.open("rb") as file:
        head = file.read(_SHP_HEAD.size)
    if len(head) < _SHP_HEAD.size or path.stat().st_size < 2 * _SHP_HEAD.unpack(head)[0]:
        raise BadTable(f"{path.name} is not whole: copy it again", field="file")


def read_mapping(path: Path) -> dict[str, object]:
    """Read a TOML file; raises DataMissing or BadTable."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataMissing(f"{path} cannot be read: {error.strerror}", field="mapping") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadTable(f"{path.name} is no TOML: {error}", field="mapping") from None


def _frame(path: Path, layer: str | None) -> geopandas.GeoDataFrame:
    """Read the layer as a frame with a geometry."""
    try:
        if path.suffix.lower() in _PARQUET:
            frame = geopandas.read_parquet(path)
        else:
            source, layer = _inside(path, layer)
            frame = geopandas.read_file(source, layer=_layer_of(source, layer, path.name), engine="pyogrio")
    except (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError, zipfile.BadZipFile
    ) as error:  # fmt: skip
        raise BadTable(f"{path.name} cannot be read as boundaries: {error}", field="file") from None
    # A file without shapes is read as a plain table.
    if getattr(frame, "active_geometry_name", None) is None:
        raise BadTable(f"{path.name} has no geometry", field="file")
    return frame


def _inside(path: Path, layer: str | None) -> tuple[str, str | None]:
    """Find the data in a zip file, in whatever folder of it; of several files the layer names one."""
    if path.suffix.lower() != ".zip" or path.name.lower().endswith(".gdb.zip"):
        return str(path), layer
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    found = sorted(
        {name for name in names if Path(name).suffix.lower() in _ZIPPED} | set(map(_geodatabase, names)) - {""}
    )
    wanted = [name for name in found if layer is None or Path(name).stem == layer]
    if len(found) > 1 and len(wanted) != 1:
        listed = ", ".join(Path(name).stem for name in found)
        raise BadInput(f"{path.name} holds {listed}: say which with --layer", field="layer")
    if len(found) > 1:
        return f"/vsizip/{path}/{wanted[0]}", None
    return (f"/vsizip/{path}/{found[0]}" if found else str(path)), layer


def _geodatabase(name: str) -> str:
    """Give the folder that ends in .gdb of a name in a zip file, or an empty text."""
    at = name.lower().find(".gdb/")
    return name[: at + 4] if at >= 0 else ""


def _layer_of(source: str, layer: str | None, name: str) -> str:
    """Choose the only layer with polygons, or the one that was asked for."""
    kinds = {str(one): str(kind) for one, kind in pyogrio.list_layers(source) if kind is not None}
    if layer is not None:
        if layer not in kinds:
            raise BadInput(f"{name} has no layer {layer!r}, but {', '.join(kinds)}", field="layer")
        return layer
    if _OSM_LAYER in kinds and name.lower().endswith((".osm", ".pbf")):
        return _OSM_LAYER
    # Mixed layers are of unknown kind.
    areal = [one for one, kind in kinds.items() if "Polygon" in kind or "Surface" in kind] or list(kinds)
    if len(areal) != 1:
        found = f"the layers {', '.join(areal)}: say which with --layer" if areal else "no layer with shapes"
        raise BadInput(f"{name} has {found}", field="layer")
    return areal[0]


def _crs_of(frame: geopandas.GeoDataFrame, path: Path, said: str | None) -> pyproj.CRS:
    """Give the CRS of the file, or the one that the user says for a file that has none."""
    if said is None:
        if not frame.crs:
            raise BadInput(f"{path.name} does not say its coordinate system: give it, as EPSG:4326", field="crs")
        return frame.crs
    try:
        told = pyproj.CRS.from_user_input(said)
    except pyproj.exceptions.CRSError:
        raise BadInput(f"{said!r} is no coordinate system such as EPSG:4326", field="crs") from None
    if frame.crs is not None and not frame.crs.equals(told, ignore_axis_order=True):
        raise BadInput(f"{path.name} says itself that it is in {_name_of(frame.crs)}", field="crs")
    return told


def _name_of(crs: pyproj.CRS) -> str:
    """Name a CRS by its EPSG code where it has one."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)
