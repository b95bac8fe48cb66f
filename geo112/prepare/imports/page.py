"""Draws the report of an import as one HTML page that opens without a network."""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from geo112.prepare.report import number, percent, table

_UNSAID = "tidak disebutkan"


def import_page(facts: Mapping[str, Any]) -> str:
    """Draw the page."""
    template = files("geo112.prepare").joinpath("report_template.html").read_text(encoding="utf-8")
    sections = (
        _figures(facts),
        _source(facts),
        _rows(facts),
        _changes(facts),
        _areas(facts),
        _overlaps(facts),
        _gaps(facts),
        "<h2>Aturan</h2><ul>" + "".join(f"<li>{escape(rule)}</li>" for rule in facts["rules"]) + "</ul>",
    )
    return Template(template).substitute(version=escape(str(facts["version"])), body="\n".join(sections))


def _figures(facts: Mapping[str, Any]) -> str:
    """The figures that matter most."""
    rows, kecamatan, kabkota = facts["rows"], facts["kecamatan"], facts["kabkota"]
    items = (
        ("baris dibaca", number(rows["read"])),
        ("baris dipakai", number(rows["used"])),
        ("baris ditolak", number(rows["refused"])),
        ("kecamatan dari berkas", number(kecamatan["imported"] + kecamatan["outer_border_only"])),
        ("kabupaten/kota diganti seluruhnya", number(len(kabkota["replaced"]))),
        ("kecamatan dalam himpunan", number(kecamatan["set"])),
    )
    return '<ul class="figures">' + "".join(f"<li><b>{value}</b>{name}</li>" for name, value in items) + "</ul>"


def _source(facts: Mapping[str, Any]) -> str:
    """What the file is, as the user stated it."""
    told = facts["import"]
    rows = (
        ("Nama", told["name"]),
        ("Berkas", told["file"]),
        ("SHA-256", told["sha256"]),
        ("Lisensi menurut pemakai", told["licence"] or _UNSAID),
        ("Tanggal sumber menurut pemakai", told["source_date"] or _UNSAID),
        ("Berlaku mulai", told["valid_from"] or "segera"),
        ("Bentuk berkas", told["preset"]),
        ("Sistem koordinat", told["crs"]),
        ("Ketelitian garis (simpangan baku)", f"{number(told['accuracy_m'], 1)} m ({told['accuracy_from']})"),
    )
    others = ((s["name"], s["version"], s["holds"], s["licence"]) for s in facts["sources"])
    return (
        "<h2>Berkas</h2>" + table(("Perihal", "Isi"), rows)
        + "<h2>Sumber dan lisensi</h2>" + table(("Sumber", "Versi", "Isi", "Lisensi"), others)
    )  # fmt: skip


def _rows(facts: Mapping[str, Any]) -> str:
    """Rows that were not used and why, and names that differ."""
    rows = facts["rows"]
    reasons = ((reason, number(count)) for reason, count in rows["reasons"].items())
    ways = ((way, number(count)) for way, count in rows["recognised_by"].items())
    listed = ((str(one["row"]), one["says"], one["reason"]) for one in facts["refused"])
    names = ((one["kode"], one["file"], one["register"]) for one in facts["other_names"])
    return (
        f"<h2>Baris</h2><p>Poligon rusak yang diperbaiki: {number(facts['mended_polygons'])}.</p>"
        + table(("Dikenali dengan", "#Baris"), ways)
        + table(("Sebab ditolak", "#Baris"), reasons)
        + f"<h2>Baris yang ditolak ({number(rows['refused'])})</h2>"
        + table(("#Baris", "Isi", "Sebab"), listed)
        + f"<h2>Nama yang berbeda ({number(len(facts['other_names']))})</h2>"
        + table(("Kode", "Dalam berkas", "Dalam daftar"), names)
    )


def _changes(facts: Mapping[str, Any]) -> str:
    """Which kabupaten/kota and kecamatan were replaced, came and went."""
    kecamatan, kabkota = facts["kecamatan"], facts["kabkota"]
    rows = (
        ("Kabupaten/kota diganti seluruhnya", kabkota["replaced"]),
        ("Kabupaten/kota diganti sebagian", kabkota["in_part"]),
        ("Hanya batas luar yang diganti", kabkota["outer_border_only"]),
        ("Kabupaten/kota baru", kabkota["new"]),
        ("Kabupaten/kota yang belum ada dalam centres.csv", kabkota["without_centre"]),
        ("Kecamatan baru", kecamatan["new"]),
        ("Kecamatan dihapus", kecamatan["removed"]),
        ("Tanpa nama di berkas maupun daftar", facts["unnamed"]),
    )
    return "<h2>Perubahan</h2>" + table(
        ("Perihal", "#Jumlah", "Mana"), ((name, number(len(which)), ", ".join(which)) for name, which in rows)
    )


def _areas(facts: Mapping[str, Any]) -> str:
    """Areas and borders against the boundaries in force."""
    rows = (
        (
            f"{a['kabkota']} ({a['kode_kabkota']})",
            number(a["base_km2"], 2),
            number(a["km2"], 2),
            number(a["difference_km2"], 2),
            percent(a["difference_share"]),
            number(a["border_median_m"], 1),
            number(a["border_p95_m"], 1),
        )
        for a in facts["areas"]
    )
    heads = ("Kabupaten/kota", "#Sebelumnya (km²)", "#Sekarang (km²)", "#Selisih (km²)", "#Selisih",
             "#Pergeseran batas, median (m)", "#p95 (m)")  # fmt: skip
    return "<h2>Luas dan batas dibandingkan dengan yang berlaku</h2>" + table(heads, rows)


def _overlaps(facts: Mapping[str, Any]) -> str:
    """Overlaps, before and after, with the pairs."""
    overlaps = facts["overlaps"]
    summary = (
        ("Di dalam berkas, diselesaikan", overlaps["in_file"]),
        ("Dengan batas yang berlaku, diberikan kepada berkas", overlaps["with_base"]),
        ("Tersisa", overlaps["left"]),
    )
    pairs = (
        (where, pair["winner"], pair["loser"], number(pair["m2"]))
        for where, found in (("berkas", overlaps["in_file"]), ("batas yang berlaku", overlaps["with_base"]))
        for pair in found["pairs"]
    )
    return (
        "<h2>Tumpang tindih</h2><p>Yang kurang dari satu meter persegi tidak dihitung.</p>"
        + table(("Perihal", "#Pasangan", "#m²"), ((n, number(x["count"]), number(x["m2"])) for n, x in summary))
        + table(("Di mana", "Diberikan kepada", "Diambil dari", "#m²"), pairs)
    )


def _gaps(facts: Mapping[str, Any]) -> str:
    """Cracks that were closed, holes that stay."""
    gaps = facts["gaps"]
    rows = [("Semua", number(gaps["closed"]["count"]), number(gaps["closed"]["m2"]))]
    rows += [(one["kabkota"], number(one["count"]), number(one["m2"])) for one in gaps["by_kabkota"]]
    rows.append(("Tersisa", number(gaps["left"]["count"]), number(gaps["left"]["m2"])))
    holes = (
        (
            number(one["km2"], 3),
            f"{number(one['lat_deg'], 5)}; {number(one['lon_deg'], 5)}",
            one["near"],
            "tertutup" if one["enclosed"] else "terbuka",
        )
        for one in facts["holes"]
    )
    return (
        "<h2>Celah yang ditutup</h2>" + table(("Diberikan kepada", "#Celah", "#m²"), rows)
        + f"<h2>Bidang yang tetap kosong</h2><p>Pantai dan perairan yang tidak lagi termasuk: "
        f"{number(facts['given_up_km2'], 2)} km².</p>"
        + table(("#km²", "Lintang; bujur", "Terdekat", "Keadaan"), holes)
    )  # fmt: skip
