"""Writes the quality report: JSON for programs and one HTML page that opens without a network."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

JSON, HTML = "report.json", "report.html"


def write_report(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write both forms of the report."""
    text = json.dumps(facts, ensure_ascii=False, indent=2)
    (folder / JSON).write_text(text + "\n", encoding="utf-8")
    (folder / HTML).write_text(page(facts), encoding="utf-8")


def page(facts: Mapping[str, Any]) -> str:
    """Draw the page."""
    template = files("geo112.prepare").joinpath("report_template.html").read_text(encoding="utf-8")
    sections = (
        _figures(facts),
        _sources(facts),
        _official(facts),
        _evidence(facts),
        _mending(facts),
        _comparison(facts),
        _missing(facts),
        _provinces(facts),
        _moved(facts),
        "<h2>Aturan</h2><ul>" + "".join(f"<li>{escape(rule)}</li>" for rule in facts["rules"]) + "</ul>",
    )
    return Template(template).substitute(version=escape(str(facts["version"])), body="\n".join(sections))


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number the Indonesian way: 1.745,0; what is unknown is a dash."""
    if value is None:
        return "–"
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def percent(share: float | None, decimals: int = 2) -> str:
    """Write a share as a percentage."""
    return "–" if share is None else f"{number(share * 100, decimals)} %"


def _figures(facts: Mapping[str, Any]) -> str:
    """The figures that matter most."""
    cover, points = facts["coverage"], facts["points"]
    items = (
        ("kecamatan ada", _of(cover["kecamatan"])),
        ("kabupaten/kota ada", _of(cover["kabkota"])),
        ("desa dikenali poligonnya", _of(cover["desa"])),
        ("titik desa di kecamatannya", f"{percent(points['in_own_kecamatan_share'])} dari {number(points['total'])}"),
        (
            "titik desa di kabupaten/kotanya",
            f"{percent(points['in_own_kabkota_share'])} dari {number(points['total'])}",
        ),
    )
    return '<ul class="figures">' + "".join(f"<li><b>{value}</b>{name}</li>" for name, value in items) + "</ul>"


def _of(part: Mapping[str, Any]) -> str:
    """A count, its denominator and the share."""
    return f"{number(part['present'])} dari {number(part['register'])} ({percent(part['share'])})"


def _sources(facts: Mapping[str, Any]) -> str:
    """The packages, their versions and licences."""
    rows = ((s["name"], s["version"], s["holds"], s["licence"]) for s in facts["sources"])
    return "<h2>Sumber dan lisensi</h2>" + table(("Paket", "Versi", "Isi", "Lisensi"), rows)


def _official(facts: Mapping[str, Any]) -> str:
    """Areas against the official ones."""
    rows = (
        (
            f"{r['kabkota']} ({r['kode_kabkota']})",
            number(r["official_km2"], 1),
            number(r["ours_km2"], 1),
            percent(r["difference_share"]),
        )
        for r in facts["official_areas"]
    )
    return "<h2>Luas dibandingkan dengan angka resmi</h2>" + table(
        ("Kabupaten/kota", "#Resmi (km²)", "#Di sini (km²)", "#Selisih"), rows
    )


def _evidence(facts: Mapping[str, Any]) -> str:
    """What the polygons were matched by."""
    words = {
        "name": "nama sama",
        "alias": "nama lain atau ejaan lain",
        "point": "titik desa, di kabupaten yang sama",
        "parent": "kecamatan lama",
        "neighbour": "tetangga dengan batas terpanjang",
    }
    rows = (
        (f"{kind}: {words[kind]}", number(e["kecamatan"]), number(e["desa"]), number(e["desa_km2"], 1))
        for kind, e in facts["evidence"].items()
    )
    return "<h2>Bukti</h2>" + table(("Bukti", "#Kecamatan", "#Poligon desa", "#Luas desa (km²)"), rows)


def _mending(facts: Mapping[str, Any]) -> str:
    """Overlaps, gaps and lakes."""
    m = facts["mending"]
    rows = [
        ("Tumpang tindih di sumber, diselesaikan", m["overlaps_in_source"]),
        ("Tumpang tindih yang tersisa", m["overlaps_left"]),
        ("Celah di sumber, ditutup", m["gaps_in_source"]),
        ("Celah yang tersisa", m["gaps_left"]),
    ]
    body = table(("Perihal", "#Jumlah", "#km²"), ((n, number(x["count"]), number(x["km2"], 3)) for n, x in rows))
    holes = (
        (number(h["km2"], 3), f"{number(h['lat_deg'], 4)}; {number(h['lon_deg'], 4)}", h["near"])
        for h in facts["lakes"]
    )
    return (
        "<h2>Tumpang tindih dan celah</h2>"
        f"<p>Poligon rusak yang diperbaiki: {number(m['invalid_polygons'])}. "
        f"Yang kurang dari satu meter persegi tidak dihitung.</p>{body}"
        "<h2>Danau dan bidang lain yang tidak termasuk kecamatan mana pun</h2>"
        + table(("#km²", "Lintang; bujur", "Terdekat"), holes)
    )


def _comparison(facts: Mapping[str, Any]) -> str:
    """Agreement with another set of boundaries, where one was given."""
    if "comparison" not in facts:
        return ""
    c = facts["comparison"]
    rows = (
        ("Kabupaten/kota, batas ini", percent(c["kabkota_share"], 3)),
        ("Kabupaten/kota, lapisan GADM sendiri", percent(c["gadm_kabkota_share"], 3)),
        ("Kabupaten/kota, batas ini, tanpa aturan terdekat", percent(c["kabkota_covered_share"], 3)),
        ("Kabupaten/kota, lapisan GADM sendiri, tanpa aturan terdekat", percent(c["gadm_kabkota_covered_share"], 3)),
        ("Kecamatan, batas ini", percent(c["kecamatan_share"], 3)),
    )
    head = f"<h2>Dibandingkan dengan {escape(c['reference'])}</h2><p>{number(c['points'])} titik acak.</p>"
    return head + table(("Yang sama", "#Bagian"), rows)


def _missing(facts: Mapping[str, Any]) -> str:
    """What is missing and why."""
    rows = [
        (r["kode_kecamatan"], r["kecamatan"], f"{r['kabkota']}, {r['provinsi']}", r["reason"]) for r in facts["missing"]
    ]
    head = f"<h2>Kecamatan tanpa poligon ({number(len(rows))})</h2>"
    return head + table(("Kode", "Kecamatan", "Wilayah", "Sebab"), rows)


def _provinces(facts: Mapping[str, Any]) -> str:
    """One row for each province."""
    rows = (
        (
            f"{p['provinsi']} ({p['kode_provinsi']})",
            _of(p["kecamatan"]),
            number(p["area_km2"]),
            f"{number(p['overlaps_in_source']['km2'], 2)} ({number(p['overlaps_in_source']['count'])})",
            f"{number(p['gaps_in_source']['km2'], 2)} ({number(p['gaps_in_source']['count'])})",
            percent(p["points"]["in_own_kecamatan_share"], 1),
            percent(p["points"]["in_own_kabkota_share"], 1),
        )
        for p in facts["provinces"]
    )
    heads = ("Provinsi", "#Kecamatan", "#Luas (km²)", "#Tumpang tindih sumber (km²)", "#Celah sumber (km²)",
             "#Titik desa di kecamatannya", "#di kabupaten/kotanya")  # fmt: skip
    return "<h2>Per provinsi</h2>" + table(heads, rows)


def _moved(facts: Mapping[str, Any]) -> str:
    """What left its kabupaten by the tables."""
    rows = ((m["from"], m["to"], number(m["desa"])) for m in facts["splits"])
    return "<h2>Pemekaran menurut tabel</h2>" + table(("Dari", "Ke", "#Poligon desa"), rows)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table; a head that begins with # stands over numbers."""
    kinds = [' class="n"' if head.startswith("#") else "" for head in heads]
    top = "".join(f"<th{k}>{escape(h.removeprefix('#'))}</th>" for k, h in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{k}>{escape(c)}</td>" for k, c in zip(kinds, row, strict=True)) + "</tr>" for row in rows
    )
    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
