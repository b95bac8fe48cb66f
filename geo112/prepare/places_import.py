"""Reads the patokan that a centre brings along: CSV, GeoJSON, or an extract of OpenStreetMap."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.errors import BadPosition, BadTable
from geo112.core.geo import position_from_degrees, wgs84
from geo112.locate.places.kinds import ADMINISTRATIVE, KINDS, USUAL_RADIUS_M, Kind, kind_of_word
from geo112.locate.places.spelling import name_key, words_of
from geo112.locate.places.table import Run

FORMATS = (".csv", ".geojson", ".json", ".osm", ".pbf")
LONGEST_NAME = 120
# Kinds of which it is kept how they run, so that a caller can be asked on which side of one they are.
LINES = frozenset({Kind.JALAN, Kind.SUNGAI})
# About five metres.
_THIN_DEG = 0.000_045
_WIDEST_M = 50_000.0
_LEAST_RADIUS_M = 20.0
_COLUMNS = {
    "name": ("name", "nama"),
    "lat_deg": ("lat_deg", "lat", "latitude", "lintang"),
    "lon_deg": ("lon_deg", "lon", "lng", "longitude", "bujur"),
    "kind": ("kind", "jenis", "kategori"),
    "radius_m": ("radius_m",),
    "alias": ("alias", "aliases"),
}
# Tags of OpenStreetMap in the order in which they count.
_OSM_KINDS: tuple[tuple[str, str, Kind], ...] = (
    ("amenity", "school|kindergarten|university|college", Kind.SEKOLAH),
    ("amenity", "marketplace", Kind.PASAR),
    ("amenity", "hospital|clinic|doctors", Kind.RUMAH_SAKIT),
    ("amenity", "fuel", Kind.SPBU),
    ("amenity", "bus_station", Kind.TERMINAL),
    ("amenity", "police", Kind.POLISI),
    ("amenity", "townhall|community_centre|courthouse|post_office|fire_station", Kind.KANTOR),
    ("office", "government|diplomatic", Kind.KANTOR),
    ("railway", "station|halt", Kind.STASIUN),
    ("man_made", "bridge", Kind.JEMBATAN),
    ("bridge", ".+", Kind.JEMBATAN),
    ("highway", "milestone", Kind.KM),
    ("junction", ".+", Kind.SIMPANG),
    ("highway", ".+", Kind.JALAN),
    ("waterway", "river|stream|canal", Kind.SUNGAI),
    ("place", "hamlet|village|neighbourhood|quarter|isolated_dwelling|locality", Kind.DUSUN),
    ("landuse", "residential", Kind.PERUMAHAN),
    ("tourism", ".+", Kind.WISATA),
    ("leisure", "park|stadium", Kind.WISATA),
    ("amenity|shop|office|historic|leisure|healthcare|industrial", ".+", Kind.LAINNYA),
)
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_OSM_LAYERS = ("points", "lines", "multipolygons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patokan:
    """One patokan of a centre; `measured` says that its radius comes from the file and is no guess."""

    name: str
    kind: Kind
    lat_deg: float
    lon_deg: float
    radius_m: float
    measured: bool
    aliases: tuple[str, ...] = ()
    lines: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that cannot be used, and why."""

    where: str
    reason: str


def read_patokan(path: Path) -> Iterator[Patokan | Refused]:
    """Read the places of a file, each or why it is refused; raises BadTable for a file that is none of ours."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise BadTable(f"{path.name} is none of {', '.join(FORMATS)}", field="file")
    if not path.is_file():
        raise BadTable(f"{path} is not there", field="file")
    match suffix:
        case ".csv":
            return _from_csv(path)
        case ".geojson" | ".json":
            return _from_geojson(path)
        case _:
            return _from_osm(path)


def kind_from_words(said: str, name: str) -> Kind:
    """Find the kind by what the file says, else by the first word of the name."""
    plain = said.strip().lower().replace(" ", "_")
    known = next((kind for kind in KINDS if kind.value == plain and kind not in ADMINISTRATIVE), None)
    if known is not None:
        return known
    words = [*words_of(said)[:1], *words_of(f"{name} -")[:1]]
    return next((kind for word in words if (kind := kind_of_word(word)) is not None), Kind.LAINNYA)


def _from_csv(path: Path) -> Iterator[Patokan | Refused]:
    """Read a table with the columns name, lat_deg, lon_deg and perhaps kind, radius_m, alias."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
            columns = {
                ours: next((names[one] for one in theirs if one in names), None) for ours, theirs in _COLUMNS.items()
            }
            missing = [name for name in ("name", "lat_deg", "lon_deg") if columns[name] is None]
            if missing:
                raise BadTable(f"{path.name} has no column {missing[0]}", field=missing[0])
            for row in rows:
                yield _row(columns, row, where=f"line {rows.line_num}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path.name} is no table in UTF-8: {error}", field="file") from None


def _row(columns: Mapping[str, str | None], row: Mapping[str, Any], *, where: str) -> Patokan | Refused:
    """Read one row of a table."""
    said = {ours: str(row.get(theirs) or "").strip() if theirs else "" for ours, theirs in columns.items()}
    try:
        lat_deg, lon_deg = _number(said["lat_deg"]), _number(said["lon_deg"])
        radius_m = _number(said["radius_m"]) if said["radius_m"] else None
    except ValueError:
        return Refused(where=where, reason="a number cannot be read")
    aliases = tuple(filter(None, (part.strip() for part in said["alias"].split(";"))))
    kind = kind_from_words(said["kind"], said["name"])
    return _patokan(
        said["name"], kind, shapely.Point(lon_deg, lat_deg), where=where, radius_m=radius_m, aliases=aliases
    )


def _number(text: str) -> float:
    """Read a number; spreadsheets in Indonesian write tables with `;` and a decimal comma."""
    return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)


def _from_geojson(path: Path) -> Iterator[Patokan | Refused]:
    """Read features with a name; their kind is said in `kind`, `jenis` or in tags of OpenStreetMap."""
    try:
        features = json.loads(path.read_bytes())["features"]
        given = [(feature.get("properties") or {}, json.dumps(feature.get("geometry"))) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadTable(f"{path.name} is no GeoJSON FeatureCollection", field="file") from None
    for at, (tags, geometry) in enumerate(given, start=1):
        where = f"feature {at}"
        shape: BaseGeometry | None = shapely.from_geojson(geometry, on_invalid="ignore")
        name = str(tags.get("name") or tags.get("nama") or "")
        if shape is None or shape.is_empty:
            yield Refused(where=where, reason="it has no geometry")
            continue
        said = str(tags.get("kind") or tags.get("jenis") or "")
        kind = (None if said else _osm_kind(tags)) or kind_from_words(said, name)
        radius_m = tags.get("radius_m")
        if radius_m is not None and not isinstance(radius_m, int | float):
            yield Refused(where=where, reason="a number cannot be read")
            continue
        yield _patokan(name, kind, shape, where=where, radius_m=radius_m)


def _from_osm(path: Path) -> Iterator[Patokan | Refused]:
    """Read what has a name and a kind in an extract, XML or PBF, by GDAL; the rest of the extract is no patokan."""
    import pyogrio  # noqa: PLC0415 - loads GDAL: only for this format

    for layer in _OSM_LAYERS:
        try:
            head, _, shapes, values = pyogrio.raw.read(path, layer=layer, encoding="utf-8")
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise BadTable(f"{path.name} is no extract of OpenStreetMap: {error}", field="file") from None
        fields = [str(name) for name in head["fields"]]
        for at in range(len(shapes)):
            tags = {name: str(column[at]) for name, column in zip(fields, values, strict=True) if column[at]}
            tags |= dict(_HSTORE.findall(tags.pop("other_tags", "")))
            kind = _osm_kind(tags)
            name = tags.get("name") or (f"KM {tags.get('distance') or tags.get('ref', '')}" if kind is Kind.KM else "")
            if kind is None or not name.strip():
                continue
            where = f"{layer} {tags.get('osm_id') or tags.get('osm_way_id')}"
            others = tuple(tags[key] for key in ("alt_name", "old_name", "short_name") if key in tags)
            yield _patokan(name, kind, shapely.from_wkb(shapes[at]), where=where, aliases=others)


def _osm_kind(tags: Mapping[str, Any]) -> Kind | None:
    """Find the kind of what OpenStreetMap tags so; None for what is no patokan."""
    if tags.get("amenity") == "place_of_worship":
        return Kind.MASJID if tags.get("religion") == "muslim" else Kind.IBADAH
    by_name = kind_from_words("", str(tags.get("name") or ""))
    if by_name is Kind.PUSKESMAS:
        return by_name
    for keys, values, kind in _OSM_KINDS:
        for key in keys.split("|"):
            if key in tags and re.fullmatch(values, str(tags[key])):
                return by_name if kind is Kind.LAINNYA else kind
    return None


def _patokan(
    name: str,
    kind: Kind,
    shape: BaseGeometry,
    *,
    where: str,
    radius_m: float | None = None,
    aliases: tuple[str, ...] = (),
) -> Patokan | Refused:
    """Make a patokan of a shape: its enclosing circle, or the usual radius of its kind around a point."""
    name = " ".join(name.split())
    if not name_key(name) or len(name) > LONGEST_NAME:
        return Refused(where=where, reason=f"its name is empty or longer than {LONGEST_NAME} letters")
    measured = radius_m is not None
    west_deg, south_deg, east_deg, north_deg = map(float, shapely.bounds(shape))
    try:
        position_from_degrees(lat_deg=south_deg, lon_deg=west_deg)
        position_from_degrees(lat_deg=north_deg, lon_deg=east_deg)
    except BadPosition as error:
        return Refused(where=where, reason=str(error))
    circle = shapely.minimum_bounding_circle(shape)
    # What is all in one spot has no circle.
    spot = shapely.Point(west_deg, south_deg) if circle.is_empty else shapely.centroid(circle)
    lon_deg, lat_deg = map(float, shapely.get_coordinates(spot)[0])
    if radius_m is None and shape.geom_type != "Point":
        corners = shapely.get_coordinates(shape)
        _, _, far_m = wgs84().inv(np.full(len(corners), lon_deg), np.full(len(corners), lat_deg), *corners.T)
        radius_m, measured = max(_LEAST_RADIUS_M, float(np.ceil(np.max(far_m)))), True
    if radius_m is None:
        radius_m = USUAL_RADIUS_M[kind]
    if not 0 < radius_m <= _WIDEST_M:
        return Refused(where=where, reason=f"its radius of {radius_m:g} m is not above 0 and up to {_WIDEST_M:g} m")
    return Patokan(
        name=name,
        kind=kind,
        lat_deg=round(lat_deg, 6),
        lon_deg=round(lon_deg, 6),
        radius_m=float(radius_m),
        measured=measured,
        aliases=tuple(alias[:LONGEST_NAME] for alias in aliases),
        lines=_lines(shape) if kind in LINES else (),
    )


def _lines(shape: BaseGeometry) -> tuple[Run, ...]:
    """Keep how a road or river runs, without bends that are narrower than a road."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString" and part.length > 0]
    thinned = (shapely.get_coordinates(shapely.simplify(part, _THIN_DEG)) for part in parts)
    return tuple(tuple((round(lon, 6), round(lat, 6)) for lon, lat in run.tolist()) for run in thinned)
