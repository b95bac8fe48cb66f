"""The page of a difference in a real browser: a map that works without internet, and names that stay names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, Page

from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.errors import DataMissing
from geo112.core.geo import Position
from geo112.core.shapes import Polygon
from geo112.maps.difference import Outline, difference_page
from geo112.maps.offline import page_text, read_leaflet, write_page
from geo112.settings import installed_root
from geo112.zones.difference import Counted, Difference, Dust, Happenings, Move, Register, Side
from geo112.zones.records import Zone

EVIL = "</script><img src=http://example.invalid/x onerror=alert(1)>${1}"
NOW = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)


def zone(kode: str, nama: str) -> Zone:
    kabkota = KodeKabKota(kode[:5])
    return Zone(kode=KodeKecamatan(kode), nama=nama, kode_kabkota=kabkota, kabkota=f"Kota {kabkota}", area_km2=1.0)


def side(version: str) -> Side:
    return Side(
        version=version, folder=f"/sets/{version}", source=f"sumber {EVIL}", kecamatan=3, kabkota=2, area_km2=100.0
    )


def move(source: Zone | None, target: Zone | None, west: float, *, villages: tuple[str, ...] = ()) -> Move:
    shape = shapely.MultiPolygon([shapely.box(west, -8.0, west + 0.01, -7.99)])
    return Move(source=source, target=target, area_km2=1.234, parts=1, villages=villages, shape=shape)


@pytest.fixture
def difference() -> Difference:
    one, two, three = zone("35.01.01", EVIL), zone("35.02.01", "Kembang"), zone("35.02.02", "Baru")
    counted = Counted(points=1200, kecamatan_changes=7, centre_changes=4, in_neither=0)
    year = Happenings(
        what="kejadian", since=NOW.replace(year=2026), until=NOW, older=3, without_position=2, counted=counted,
        centres=(("35.01", "35.02", 4),),
    )  # fmt: skip
    return Difference(
        before=side("lama"),
        after=side("baru"),
        moves=(
            move(one, two, 112.0, villages=(EVIL,)),
            move(two, three, 112.01),
            move(None, two, 112.02),
            move(three, None, 112.03),
            Move(source=two, target=one, area_km2=0.0, parts=0, villages=("Titik",), shape=None),
        ),
        dust=Dust(below_m2=10_000.0, area_km2=0.5, parts=12),
        register=Register(new=(three,), vanished=(one,), renamed=((two, zone("35.02.01", "Kembang Baru")),)),
        villages=counted,
        happenings=(year,),
    )


@pytest.fixture
def written(difference: Difference, tmp_path: Path) -> Path:
    ring = tuple(Position(lon_deg=lon, lat_deg=lat) for lon, lat in ((112, -8), (112.04, -8), (112.04, -7.98)))
    outline = Outline(nama=EVIL, polygons=(Polygon(ring=ring, confidence_share=1.0),))
    drawn, page = difference_page(difference, [outline], now=NOW)
    write_page(tmp_path / "beda.html", drawn, page, read_leaflet(installed_root() / "web" / "vendor"))
    return tmp_path / "beda.html"


@pytest.fixture
def page(browser: Browser, written: Path) -> Iterator[tuple[Page, list[str]]]:
    """The page that was opened, and everything that went wrong or left it."""
    opened, noted = browser.new_page(viewport={"width": 1440, "height": 900}), list[str]()
    opened.on("request", lambda request: noted.append(request.url))
    opened.on("pageerror", lambda error: noted.append(str(error)))
    opened.on("console", lambda message: noted.append(message.text))
    opened.on("dialog", lambda dialog: noted.append(dialog.message))
    opened.goto(written.as_uri())
    yield opened, noted
    opened.close()


def test_no_request_leaves_the_page_and_nothing_breaks(page: tuple[Page, list[str]], written: Path) -> None:
    opened, noted = page
    opened.locator("tr[data-i]").first.click()
    opened.locator(".leaflet-popup-content").wait_for()
    assert noted == [written.as_uri()]
    assert opened.locator("canvas.leaflet-zoom-animated").count() == 1


def test_names_are_text_and_never_markup(page: tuple[Page, list[str]]) -> None:
    opened, _ = page
    row = opened.locator("tr[data-i='0']")
    assert EVIL in row.inner_text()
    row.click()
    popup = opened.locator(".leaflet-popup-content")
    assert f"{EVIL} (Kota 35.01) → Kembang (Kota 35.02)" in popup.inner_text()
    assert opened.locator("img").count() == 0


def test_a_row_takes_the_map_to_what_moves(page: tuple[Page, list[str]]) -> None:
    opened, _ = page
    before = opened.locator(".leaflet-control-scale-line").inner_text()
    opened.locator("tr[data-i='1']").press("Enter")
    opened.wait_for_function(
        "was => document.querySelector('.leaflet-control-scale-line').innerText !== was", arg=before
    )
    assert "Baru (Kota 35.02)" in opened.locator(".leaflet-popup-content").inner_text()


def test_the_page_says_its_figures_date_and_source(page: tuple[Page, list[str]]) -> None:
    opened, _ = page
    text = opened.locator("body").inner_text()
    for said in (
        "Perubahan batas wilayah: lama ke baru",
        "1,23 km² dan 4 desa pindah ke pusat 112 lain",
        "(1,234 % dari 100 km²)",
        "dalam 12 serpihan di bawah 10.000 m²",
        "dari 1.200 desa pindah kecamatan",
        "dari 1.200 kejadian dengan posisi pindah ke pusat 112 lain",
        "2 tanpa posisi, 3 lebih lama dari setahun.",
        "Kembang, Kota 35.02 (35.02.01) menjadi Kembang Baru, Kota 35.02 (35.02.01)",
        "Halaman dibuat 02-01-2027 03.04 UTC",
        "Sumber lama: sumber",
    ):
        assert said in text, said


def test_a_telephone_shows_all_without_scrolling_sideways(page: tuple[Page, list[str]]) -> None:
    opened, _ = page
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_the_smallest_pieces_are_left_out_of_a_heavy_map_and_it_says_so(difference: Difference) -> None:
    one = difference.moves[0]
    teeth = [
        Move(source=one.source, target=one.target, area_km2=1.0, parts=1, villages=(), shape=comb()) for _ in range(2)
    ]
    some = Difference(
        before=difference.before, after=difference.after, moves=tuple(teeth), dust=difference.dust,
        register=difference.register, villages=difference.villages,
    )  # fmt: skip
    drawn, page = difference_page(some, [], now=NOW)
    text = page_text(drawn, page, read_leaflet(installed_root() / "web" / "vendor"))
    assert "Peta menggambar 1 dari 2 perpindahan" in text


def test_slivers_narrower_than_what_is_drawn_are_drawn_all_the_same(difference: Difference) -> None:
    first = difference.moves[0]
    sliver = shapely.Polygon([(112, -8), (112.00001, -8), (112.00001, -7.99999)], [])
    ring = shapely.box(111, -9, 112.5, -7).difference(shapely.box(112.1, -8, 112.10001, -7.99999))
    shape = shapely.MultiPolygon([sliver, ring.intersection(shapely.box(112.05, -8.1, 112.2, -7.9))])
    thin = replace(first, parts=2, villages=(), shape=shape)
    drawn, page = difference_page(replace(difference, moves=(thin,)), [], now=NOW)
    assert "112.00001" in page_text(drawn, page, read_leaflet(installed_root() / "web" / "vendor"))


def comb() -> shapely.MultiPolygon:
    """A shape with 60,000 corners that cannot be smoothed away."""
    upper = [(112 + i * 1e-3, -8.0 + (i % 2) * 0.01) for i in range(60_000)]
    return shapely.MultiPolygon([shapely.Polygon([*upper, (112 + 60, -9.0), (112, -9.0)])])


def test_without_the_library_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="run make setup"):
        read_leaflet(tmp_path)
