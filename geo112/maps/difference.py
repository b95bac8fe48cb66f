"""The page of `geo112 zones diff`: a map and a table of what moves between two sets of boundaries."""

import html
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import folium
import shapely
from folium.utilities import JsCode
from shapely.geometry.base import BaseGeometry

from geo112.core.shapes import Polygon
from geo112.maps.offline import Page, empty_map
from geo112.zones.difference import Counted, Difference, Happenings, Kind, Move, Side
from geo112.zones.records import Zone

# Colour is data here: which kind of change. Each also has a word in the legend and in the table.
_COLOURS = {Kind.CENTRE: "#c2261b", Kind.KECAMATAN: "#8a5a00", Kind.NEW: "#08706f", Kind.GONE: "#5a656f"}
_WORDS = {
    Kind.CENTRE: "pindah ke pusat 112 lain",
    Kind.KECAMATAN: "pindah kecamatan, pusat tetap",
    Kind.NEW: "baru tercakup",
    Kind.GONE: "tidak tercakup lagi",
}
_ROWS = 400
# A page that holds more corners opens slowly on an office computer.
_MOST_CORNERS = 100_000
_SMOOTH_DEG = 0.00005
_POPUP = JsCode(
    """function (feature, layer) {
  const p = feature.properties;
  if (p.i !== null) layers[p.i] = layer;
  layer.bindPopup(() => {
    const box = document.createElement("div");
    for (const [n, line] of p.lines.entries()) {
      const part = document.createElement(n === 0 ? "strong" : "div");
      part.textContent = line;
      box.append(part);
    }
    return box;
  });
}"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The area of a centre, drawn below what moves."""

    nama: str
    polygons: tuple[Polygon, ...]


def difference_page(found: Difference, outlines: Sequence[Outline], *, now: datetime) -> tuple[folium.Map, Page]:
    """Draw what moves; the smallest pieces are left out of the map, and said so, where it would become too heavy."""
    drawn = empty_map()
    _add(
        drawn,
        [_outline(one) for one in outlines],
        lambda _: {"color": "#20272d", "weight": 1, "fillColor": "#f7f8f9", "fillOpacity": 1},
    )
    shapes = _moved(found.moves)
    _add(drawn, shapes, _style)
    boxes = [shapely.box(*shapely.geometry.shape(one["geometry"]).bounds) for one in shapes]
    if boxes:
        west, south, east, north = shapely.total_bounds(boxes)
        drawn.fit_bounds([[south, west], [north, east]])
    before, after = found.before, found.after
    page = Page(
        title=f"Perubahan batas wilayah: {before.version} ke {after.version}",
        subtitle=f"{_number(found.centre_km2, 2)} km² dan {_whole(found.villages.centre_changes)} desa "
        "pindah ke pusat 112 lain",
        source=f"Sumber {_origin(before)} · Sumber {_origin(after)}",
        drawn_at=now,
        beside=_summary(found, drawn_count=len(shapes))
        + _happenings(found.happenings)
        + _register(found)
        + _table(found),
    )
    return drawn, page


def _origin(side: Side) -> str:
    return f"{side.version}: {side.source or side.folder}"


def _mark(kind: Kind) -> str:
    colour = _COLOURS[kind]
    return f'<span class="mark" title="{_WORDS[kind]}" style="border-color:{colour};background:{colour}59"></span>'


def _add(drawn: folium.Map, features: list[dict[str, Any]], style: Callable[[Any], dict[str, Any]]) -> None:
    if features:
        collection = {"type": "FeatureCollection", "features": features}
        folium.GeoJson(collection, style_function=style, on_each_feature=_POPUP, smooth_factor=0.5).add_to(drawn)


def _outline(one: Outline) -> dict[str, Any]:
    shape = shapely.MultiPolygon([(_ring(each.ring), [_ring(hole) for hole in each.holes]) for each in one.polygons])
    return _feature(shape, i=None, kind=None, lines=[one.nama])


def _ring(ring: Sequence[Any]) -> list[tuple[float, float]]:
    return [(place.lon_deg, place.lat_deg) for place in ring]


def _moved(moves: Sequence[Move]) -> list[dict[str, Any]]:
    left = _MOST_CORNERS
    chosen: list[tuple[float, dict[str, Any]]] = []
    for i, move in enumerate(moves):
        if move.shape is None:
            continue
        smooth = _thinned(move.shape)
        left -= int(shapely.get_num_coordinates(smooth))
        if left < 0:
            break
        lines = [
            f"{_place(move.source)} → {_place(move.target)}",
            f"{_WORDS[move.kind]}: {_number(move.area_km2, 3)} km² dalam {_whole(move.parts)} bagian",
        ]
        if move.villages:
            lines.append(f"Desa: {', '.join(move.villages)}")
        chosen.append((move.area_km2, _feature(smooth, i=i, kind=move.kind, lines=lines)))
    # The largest first, so that a small piece within a large one can still be hit.
    return [feature for _, feature in sorted(chosen, key=lambda one: -one[0])]


def _thinned(shape: BaseGeometry) -> BaseGeometry:
    """Leave out corners that lie close to the one before.

    GEOS' simplify goes one step deeper per corner, so that a long coast would end the process, and its
    remove_repeated_points refuses a sliver of which too little is left.
    """
    rings = [
        [_thinned_ring(ring.coords) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shape).tolist()
    ]
    return shapely.MultiPolygon([(outer, holes) for outer, *holes in rings])


def _thinned_ring(corners: Iterable[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Thin one ring; one that would fall together stays as it is."""
    whole = list(corners)
    kept = [whole[0]]
    for corner in whole[1:-1]:
        if max(abs(corner[0] - kept[-1][0]), abs(corner[1] - kept[-1][1])) >= _SMOOTH_DEG:
            kept.append(corner)
    return [*kept, whole[-1]] if len(kept) >= 3 else whole


def _feature(shape: BaseGeometry, *, i: int | None, kind: Kind | None, lines: list[str]) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-5, mode="pointwise")))
    return {"type": "Feature", "properties": {"i": i, "kind": kind, "lines": lines}, "geometry": geometry}


def _style(feature: dict[str, Any]) -> dict[str, Any]:
    kind = Kind(feature["properties"]["kind"])
    return {
        "color": _COLOURS[kind],
        "weight": 1.5,
        "fillOpacity": 0.35,
        "dashArray": "4 3" if kind is Kind.GONE else None,
    }


def _summary(found: Difference, *, drawn_count: int) -> str:
    before, after, dust = found.before, found.after, found.dust
    rows = [
        (
            f"{_number(found.km2(kind), 2)} km²",
            f"{_WORDS[kind]} ({_percent(found.km2(kind), before.area_km2)} dari {_number(before.area_km2, 0)} km²)",
        )
        for kind in Kind
    ]
    rows += [
        (
            f"{_number(dust.area_km2, 2)} km²",
            f"dalam {_whole(dust.parts)} serpihan di bawah {_whole(round(dust.below_m2))} m², tidak dirinci",
        ),
        *_points(found.villages, "desa"),
        (_whole(after.kecamatan), f"kecamatan sesudahnya, {_whole(before.kecamatan)} sebelumnya"),
    ]
    shown = sum(move.shape is not None for move in found.moves)
    fewer = f"Peta menggambar {_whole(drawn_count)} dari {_whole(shown)} perpindahan"
    note = "" if drawn_count == shown else f"<p>{fewer}: yang ke pusat lain dan yang terluas lebih dulu.</p>"
    marks = "".join(f"<li>{_mark(kind)}{_WORDS[kind]}</li>" for kind in Kind)
    return f'<section><h2>Ringkasan</h2>{_facts(rows)}<ul class="legend">{marks}</ul>{note}</section>'


def _points(counted: Counted, what: str) -> list[tuple[str, str]]:
    of = f"dari {_whole(counted.points)} {what}"
    return [
        (_whole(counted.centre_changes), f"{of} pindah ke pusat 112 lain"),
        (_whole(counted.kecamatan_changes), f"{of} pindah kecamatan"),
    ]


def _happenings(all_of_them: Sequence[Happenings]) -> str:
    parts = []
    for one in all_of_them:
        rows = _points(one.counted, f"{one.what} dengan posisi")
        rows += [
            (_whole(count), f"{source or 'di luar'} ke {target or 'di luar'}") for source, target, count in one.centres
        ]
        rest = f"{_whole(one.without_position)} tanpa posisi, {_whole(one.older)} lebih lama dari setahun."
        span = f"{one.since:%d-%m-%Y} sampai {one.until:%d-%m-%Y}"
        head = f"<h2>{html.escape(one.what.capitalize())} setahun terakhir</h2>"
        said = f"<p>{span}; {rest} Dinilai pada titik tengah posisinya.</p>"
        parts.append(f"<section>{head}{_facts(rows)}{said}</section>")
    return "".join(parts)


def _register(found: Difference) -> str:
    register = found.register
    rows = [("baru", _full(zone)) for zone in register.new]
    rows += [("hilang", _full(zone)) for zone in register.vanished]
    rows += [("ganti nama", f"{_full(one)} menjadi {_full(other)}") for one, other in register.renamed]
    said = _facts(rows) if rows else "<p>Tidak ada kecamatan baru, hilang, atau berganti nama.</p>"
    return f"<section><h2>Daftar kecamatan</h2>{said}</section>"


def _table(found: Difference) -> str:
    if not found.moves:
        return "<section><h2>Yang berpindah</h2><p>Tidak ada.</p></section>"
    rows = "".join(_row(i, move) for i, move in enumerate(found.moves[:_ROWS]))
    rest = found.moves[_ROWS:]
    left = f"{_whole(len(rest))} perpindahan lain seluas {_number(sum(one.area_km2 for one in rest), 2)} km²"
    more = f"<p>Dan {left}: lengkap dengan --json.</p>" if rest else ""
    heads = '<tr><th>Dari</th><th>Ke</th><th class="n">km²</th><th class="n">Desa</th></tr>'
    return f"<section><h2>Yang berpindah</h2><table><thead>{heads}</thead><tbody>{rows}</tbody></table>{more}</section>"


def _row(i: int, move: Move) -> str:
    at = f' data-i="{i}"' if move.shape is not None else ""
    names = f"<small>{html.escape(', '.join(move.villages))}</small>" if move.villages else ""
    return (
        f"<tr{at}><td>{_mark(move.kind)}{_cell(move.source)}</td><td>{_cell(move.target)}{names}</td>"
        f'<td class="n">{_number(move.area_km2, 3)}</td><td class="n">{_whole(len(move.villages))}</td></tr>'
    )


def _cell(zone: Zone | None) -> str:
    if zone is None:
        return "di luar semua kecamatan"
    return f"{html.escape(zone.nama)}<small>{html.escape(zone.kabkota)} · {html.escape(zone.kode)}</small>"


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    return (
        "<dl>" + "".join(f"<dt>{html.escape(one)}</dt><dd>{html.escape(other)}</dd>" for one, other in rows) + "</dl>"
    )


def _place(zone: Zone | None) -> str:
    return "di luar semua kecamatan" if zone is None else f"{zone.nama} ({zone.kabkota})"


def _full(zone: Zone) -> str:
    return f"{zone.nama}, {zone.kabkota} ({zone.kode})"


def _number(value: float, digits: int) -> str:
    """Write a number as Indonesian does: a point for thousands, a comma for decimals."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def _whole(value: int) -> str:
    return _number(value, 0)


def _percent(part: float, whole: float) -> str:
    return f"{_number(100 * part / whole, 3)} %" if whole else "–"
