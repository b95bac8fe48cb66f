"""Reads the land of Indonesia and its neighbours from Natural Earth, as the package `world-atlas` has it (TopoJSON)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo112.core.errors import DataMissing
from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG

PACKAGE, FILE = "world-atlas", "countries-10m.json"
INDONESIA = "ID"
# What an area near the edge of the field of work may still reach.
_MARGIN_DEG = 1.0
# Natural Earth's names, our codes (ISO 3166-1) and the names in Indonesian; its territories belong to their states.
_COUNTRIES = {
    "Indonesia": (INDONESIA, "Indonesia"),
    "Malaysia": ("MY", "Malaysia"),
    "Singapore": ("SG", "Singapura"),
    "Brunei": ("BN", "Brunei Darussalam"),
    "Timor-Leste": ("TL", "Timor-Leste"),
    "Papua New Guinea": ("PG", "Papua Nugini"),
    "Philippines": ("PH", "Filipina"),
    "Australia": ("AU", "Australia"),
    "Ashmore and Cartier Is.": ("AU", "Australia"),
    "Indian Ocean Ter.": ("AU", "Australia"),
    "India": ("IN", "India"),
    "Thailand": ("TH", "Thailand"),
    "Vietnam": ("VN", "Vietnam"),
    "Palau": ("PW", "Palau"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The land of one country in and around the field of work."""

    kode: str
    nama: str
    land: shapely.Geometry


def installed_packages() -> Path:
    """Give the folder of the packages that `make setup` installs beside the program."""
    return Path(__file__).resolve().parents[2] / "node_modules"


def read_countries(source: Path) -> list[Country]:
    """Read the countries by code, cut to the field of work and a margin; raises DataMissing without the package."""
    path = source / PACKAGE / FILE
    if not path.is_file():
        raise DataMissing(f"{PACKAGE} is not in {source}: run `make setup`", field="source")
    content = json.loads(path.read_bytes())
    lines = _lines(content)
    field = shapely.box(
        WEST_DEG - _MARGIN_DEG, SOUTH_DEG - _MARGIN_DEG, EAST_DEG + _MARGIN_DEG, NORTH_DEG + _MARGIN_DEG
    )
    found: dict[tuple[str, str], list[shapely.Geometry]] = {}
    for row in content["objects"]["countries"]["geometries"]:
        polygons = [polygon for polygon in _polygons(row, lines) if polygon.intersects(field)]
        if polygons:
            name = row["properties"]["name"]
            cut = shapely.intersection(shapely.make_valid(shapely.MultiPolygon(polygons)), field)
            found.setdefault(_COUNTRIES.get(name, (name, name)), []).append(cut)
    return [
        Country(kode=kode, nama=nama, land=shapely.union_all(parts)) for (kode, nama), parts in sorted(found.items())
    ]


def _lines(content: dict[str, Any]) -> list[npt.NDArray[np.float64]]:
    """Undo the whole numbers in which TopoJSON writes the arcs, each place as the step from the one before."""
    scale, shift = (np.array(content["transform"][name]) for name in ("scale", "translate"))
    return [np.cumsum(np.array(arc, np.float64), axis=0) * scale + shift for arc in content["arcs"]]


def _polygons(row: dict[str, Any], lines: Sequence[npt.NDArray[np.float64]]) -> list[shapely.Polygon]:
    """Make the polygons of one country; a geometry of TopoJSON may be empty."""
    if row["type"] is None:
        return []
    polygons = row["arcs"] if row["type"] == "MultiPolygon" else [row["arcs"]]
    drawn = [[_ring(ring, lines) for ring in rings] for rings in polygons]
    return [
        shapely.Polygon(rings[0], [hole for hole in rings[1:] if len(hole) > 3]) for rings in drawn if len(rings[0]) > 3
    ]


def _ring(arcs: Sequence[int], lines: Sequence[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    """Join arcs to a ring: ~n is arc n backwards, and each one begins where the one before ends."""
    parts = [lines[arc] if arc >= 0 else lines[~arc][::-1] for arc in arcs]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
