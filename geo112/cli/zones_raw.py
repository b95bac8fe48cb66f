"""What `geo112 zones raw` does: the imported file's own polygons at a place, as they came, before any repair."""

from pathlib import Path

from geo112.cli.output import print_json, print_line
from geo112.core.errors import BadPosition
from geo112.core.geo import position_from_degrees
from geo112.prepare.imports.raw import raw_at


def run_raw(*, lat: str, lon: str, folder: Path, as_json: bool) -> None:
    """Print every polygon of the imported files that covers a place: none, one, two or more."""
    place = position_from_degrees(lat_deg=_degrees(lat, "lat"), lon_deg=_degrees(lon, "lon"))
    found = raw_at(folder, place)
    if as_json:
        print_json({"lat_deg": place.lat_deg, "lon_deg": place.lon_deg, "boundaries": folder.name, "polygons": found})
        return
    if not found:
        print_line("Tidak ada poligon berkas yang meliputi titik ini.")
    for one in found:
        names = ", ".join(str(one[key]) for key in ("desa", "kecamatan", "kabkota") if one[key])
        note = "" if one["used"] else f" (ditolak: {one['reason']})"
        print_line(f"{one['kode']} {names}: baris {one['row']} dari {one['file']}{note}")


def _degrees(text: str, field: str) -> float:
    """Read degrees; raises BadPosition."""
    try:
        return float(text)
    except ValueError:
        raise BadPosition(f"{text!r} is no number", field=field) from None
