"""Reads boundaries that stand as text in SQL or CSV: `kode, nama, lat, lng, path` with positions as [lat, lng]."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.errors import BadTable
from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG
from geo112.prepare.imports.said import text_of
from geo112.prepare.sources import Shapes

TEXT_SUFFIXES = frozenset({".sql", ".csv"})
_COLUMNS = ("kode", "nama", "path")
_INSERT = re.compile(r"insert\s+into\s+[`\"\w.]+\s*(?:\(([^)]*)\))?\s*values", re.IGNORECASE)
# A text in quotes (doubled or with a backslash inside), or a bare word or number.
_VALUE = re.compile(r"\s*(?:'((?:[^'\\]|''|\\.)*)'|([^\s,()']+))\s*([,)])", re.DOTALL)
_DEFAULT_ORDER = ("kode", "nama", "lat", "lng", "path")


def read_wilayah_text(path: Path) -> tuple[dict[str, tuple[str, ...]], Shapes]:
    """Read columns and shapes; a NULL path gives None. Raises BadTable for what is no such file."""
    try:
        rows = list(_sql_rows(path) if path.suffix.lower() == ".sql" else _csv_rows(path))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path.name} is no text in UTF-8: {error}", field="file") from None
    if not rows:
        raise BadTable(f"{path.name} has no rows with {', '.join(_COLUMNS)}", field="file")
    missing = [name for name in _COLUMNS if name not in rows[0]]
    if missing:
        raise BadTable(f"{path.name} has no column {missing[0]}", field=missing[0])
    names = [name for name in rows[0] if name != "path"]
    shapes = np.empty(len(rows), dtype=np.object_)
    for at, row in enumerate(rows):
        try:
            shapes[at] = _shape(text_of(row.get("path", "")))
        except (ValueError, TypeError, IndexError):
            raise BadTable(
                f"{path.name} row {at + 1} ({row.get('kode', '')}): no list of [lat, lng]", field="path"
            ) from None
    return {name: tuple(text_of(row.get(name, "")) for row in rows) for name in names}, shapes


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a table; the path of one kecamatan may be some megabytes of text."""
    with _any_length(), path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        file.seek(0)
        reader = csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
        for row in reader:
            yield {str(name).strip().lower(): cell or "" for name, cell in row.items() if name is not None}


@contextmanager
def _any_length() -> Iterator[None]:
    """Lift the limit on the length of a field, which holds for the whole process, and put it back."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _sql_rows(path: Path) -> Iterator[dict[str, str]]:
    """Read the rows of all INSERT statements."""
    text = path.read_text(encoding="utf-8-sig")
    for insert in _INSERT.finditer(text):
        names: tuple[str, ...] = _DEFAULT_ORDER
        if insert.group(1):
            names = tuple(name.strip(' `"\n\r\t').lower() for name in insert.group(1).split(","))
        at = insert.end()
        while (start := re.compile(r"\s*,?\s*\(").match(text, at)) is not None:
            values, at = _tuple(text, start.end())
            yield dict(zip(names, values, strict=False))


def _tuple(text: str, at: int) -> tuple[list[str], int]:
    """Read the values up to the closing bracket."""
    values: list[str] = []
    while (found := _VALUE.match(text, at)) is not None:
        quoted, bare, end = found.groups()
        values.append(re.sub(r"\\(.)|''", lambda m: m.group(1) or "'", quoted) if quoted is not None else bare)
        at = found.end()
        if end == ")":
            break
    return values, at


def _shape(text: str) -> BaseGeometry | None:
    """Make the shape of a path: rings of one polygon, or polygons; positions are turned to lon, lat."""
    if not text:
        return None
    nested = json.loads(text)
    if not nested:
        return None
    depth = _depth(nested)
    if depth == 2:
        nested, depth = [nested], 3
    if depth == 3:
        nested = [nested]
    elif depth != 4:
        raise ValueError(text[:40])
    turn = _turned(np.array([point for polygon in nested for ring in polygon for point in ring], dtype=np.float64))
    parts = [part for polygon in nested for part in _parts([_ring(ring, turn=turn) for ring in polygon])]
    return shapely.MultiPolygon(parts) if parts else None


def _depth(nested: Any) -> int:  # noqa: ANN401 - JSON of any depth
    """Count the lists around a number."""
    return 1 + _depth(nested[0]) if isinstance(nested, list) else 0


def _turned(points: np.ndarray[Any, Any]) -> bool:
    """Tell [lat, lng] from [lng, lat]: over Indonesia no latitude can be a longitude."""
    first, second = points[:, 0], points[:, 1]
    lng_first = ((first >= WEST_DEG) & (first <= EAST_DEG) & (second >= SOUTH_DEG) & (second <= NORTH_DEG)).all()
    return not lng_first


def _ring(points: list[list[float]], *, turn: bool) -> shapely.Polygon | None:
    """Make a ring; fewer than three positions enclose nothing."""
    if len(points) < 3:
        return None
    return shapely.Polygon([(p[1], p[0]) if turn else (p[0], p[1]) for p in points])


def _parts(rings: list[shapely.Polygon | None]) -> list[shapely.Polygon]:
    """Take later rings as holes where they lie in the first one, else as polygons of their own."""
    solid = [ring for ring in rings if ring is not None]
    if not solid:
        return []
    outer, holes, apart = solid[0], [], []
    for ring in solid[1:]:
        if outer.envelope.covers(ring) and outer.buffer(0).covers(ring):
            holes.append(ring.exterior)
        else:
            apart.append(ring)
    return [shapely.Polygon(outer.exterior, holes), *apart]
