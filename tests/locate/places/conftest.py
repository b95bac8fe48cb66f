"""A small gazetteer around Kota Blitar: homonyms, a kota in its kabupaten, patokan, a namesake far away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo112.core.geo import Position
from geo112.core.shapes import Circle
from geo112.locate.places.kinds import Kind
from geo112.locate.places.search import Places
from geo112.locate.places.table import PlaceRow, write_places

# name, kind, kode, parent by kode, lat, lon, radius
_PLACES: tuple[tuple[str, Kind, str | None, str | None, float, float, float], ...] = (
    ("Jawa Timur", Kind.PROVINSI, "35", None, -7.7, 112.7, 200_000.0),
    ("Lampung", Kind.PROVINSI, "18", None, -4.9, 105.0, 150_000.0),
    ("Kab. Blitar", Kind.KABKOTA, "35.05", "35", -8.13, 112.22, 32_000.0),
    ("Kota Blitar", Kind.KABKOTA, "35.72", "35", -8.097, 112.173, 4_800.0),
    ("Kab. Lampung Timur", Kind.KABKOTA, "18.07", "18", -5.1, 105.7, 50_000.0),
    ("Kanigoro", Kind.KECAMATAN, "35.05.10", "35.05", -8.13, 112.21, 5_400.0),
    ("Udanawu", Kind.KECAMATAN, "35.05.02", "35.05", -8.00, 112.05, 5_000.0),
    ("Kepanjenkidul", Kind.KECAMATAN, "35.72.01", "35.72", -8.082, 112.174, 3_200.0),
    ("Sukorejo", Kind.KECAMATAN, "35.72.02", "35.72", -8.098, 112.150, 2_600.0),
    ("Sananwetan", Kind.KECAMATAN, "35.72.03", "35.72", -8.106, 112.174, 3_900.0),
    ("Pasir Sakti", Kind.KECAMATAN, "18.07.20", "18.07", -5.5, 105.8, 9_000.0),
    ("Jatinom", Kind.DESA, "35.05.10.2002", "35.05.10", -8.121, 112.205, 1_300.0),
    ("Kanigoro", Kind.DESA, "35.05.10.1008", "35.05.10", -8.139, 112.219, 1_600.0),
    ("Sukorejo", Kind.DESA, "35.05.02.2009", "35.05.02", -8.01, 112.05, 2_700.0),
    ("Kepanjenkidul", Kind.DESA, "35.72.01.1001", "35.72.01", -8.103, 112.166, 877.0),
    ("Bendo", Kind.DESA, "35.72.01.1006", "35.72.01", -8.07, 112.17, 900.0),
    ("Sukorejo", Kind.DESA, "35.72.02.1006", "35.72.02", -8.104, 112.154, 1_437.0),
    ("Tlumpu", Kind.DESA, "35.72.02.1003", "35.72.02", -8.112, 112.146, 900.0),
    ("Sananwetan", Kind.DESA, "35.72.03.1004", "35.72.03", -8.101, 112.178, 1_365.0),
    ("Bendogerit", Kind.DESA, "35.72.03.1007", "35.72.03", -8.086, 112.177, 1_270.0),
    ("Labuhan Ratu", Kind.DESA, "18.07.20.2001", "18.07.20", -5.5, 105.82, 4_000.0),
    ("Sidomulyo II", Kind.DESA, "18.07.20.2002", "18.07.20", -5.48, 105.79, 3_000.0),
    ("Masjid Agung", Kind.MASJID, None, "35.72.01.1001", -8.1005, 112.1655, 60.0),
    ("Masjid Al Ikhlas", Kind.MASJID, None, "35.05.10.2002", -8.121, 112.206, 60.0),
    ("Legi", Kind.PASAR, None, "35.72.01.1001", -8.099, 112.168, 150.0),
    ("SDN Sananwetan 1", Kind.SEKOLAH, None, "35.72.03.1004", -8.102, 112.177, 100.0),
)


def rows() -> Iterator[PlaceRow]:
    at = {kode: row for row, (_, _, kode, *_) in enumerate(_PLACES) if kode is not None}
    aliases = {"Kab. Blitar": ("Blitar",), "Kota Blitar": ("Blitar",), "Legi": ("pasar Legi",)}
    for name, kind, kode, parent, lat_deg, lon_deg, radius_m in _PLACES:
        yield PlaceRow(
            name=name,
            kind=kind,
            kode=kode,
            parent=-1 if parent is None else at[parent],
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            radius_m=radius_m,
            estimated=kode is None or kode == "35.72.01.1006",
            disputed=kode == "35.72.02.1003",
            aliases=aliases.get(name, ()),
        )


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("places") / "places.geo112"
    write_places(path, list(rows()), version="kecil-1")
    return path


@pytest.fixture(scope="session")
def small(small_file: Path) -> Places:
    return Places.open(small_file)


@pytest.fixture(scope="session")
def kota() -> Circle:
    """The circle of Kota Blitar, as a centre knows where its callers are."""
    return Circle(middle=Position(lon_deg=112.173, lat_deg=-8.097), radius_m=4_800.0)
