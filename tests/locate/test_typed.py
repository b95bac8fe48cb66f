"""Typed and pasted coordinates: every way in which people write them, and none that has two meanings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.shapes import Circle, Point
from geo112.locate.fix import FixMethod, FixSource, Located, NotUnderstood
from geo112.locate.typed import read_typed


def middle(text: str) -> tuple[float, float]:
    reading = read_typed(text)
    assert isinstance(reading, Located), reading
    return reading.fix.area.middle.lat_deg, reading.fix.area.middle.lon_deg


def refused(text: str) -> NotUnderstood:
    reading = read_typed(text)
    assert isinstance(reading, NotUnderstood), reading
    return reading


@pytest.mark.parametrize(
    "text",
    [
        "-8.0983, 112.1681", "-8.0983,112.1681", "-8.0983 112.1681", "  -8.0983 ;112.1681\n", "(-8.0983, 112.1681)",
        "-8.0983 / 112.1681", "\u22128.0983\u00a0112.1681", "-8,0983 112,1681", "-8,0983; 112,1681",
        "-8,0983, 112,1681", "8.0983 S 112.1681 E", "8.0983S 112.1681E", "S 8.0983 E 112.1681", "S8.0983, E112.1681",
        "8.0983 LS 112.1681 BT", "8.0983 ls, 112.1681 bt", "8,0983 LS 112,1681 BT", "8.0983\u00b0LS 112.1681\u00b0BT",
        "8.0983 lintang selatan, 112.1681 bujur timur", "112.1681 BT 8.0983 LS", "112.1681 E, 8.0983 S",
        "lat=-8.0983 lon=112.1681", "lon=112.1681 lat=-8.0983", "Latitude: -8.0983, Longitude: 112.1681",
        "lintang -8.0983 bujur 112.1681", '{"lat": -8.0983, "lng": 112.1681}', "lat -8.0983, 112.1681",
        "-8.0983, lon 112.1681", "-8.0983, 112.1681.",
    ],
)  # fmt: skip
def test_decimal_degrees(text: str) -> None:
    assert middle(text) == (-8.0983, 112.1681)


@pytest.mark.parametrize(
    "text",
    [
        "8\u00b005'54\" S 112\u00b010'05\" E", "8\u00b0 5' 54\" LS, 112\u00b0 10' 5\" BT",
        "S 8\u00b005\u203254\u2033 E 112\u00b010\u203205\u2033", "-8\u00ba05\u201954\u201d 112\u00ba10\u201905\u201d",
        "8\u00b005'54'' LS 112\u00b010'05'' BT", "8\u00b005,9' LS 112\u00b010,083333333' BT",
    ],
)  # fmt: skip
def test_degrees_minutes_seconds(text: str) -> None:
    assert middle(text) == pytest.approx((-(8 + 5 / 60 + 54 / 3600), 112 + 10 / 60 + 5 / 3600), abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "8 derajat 5 menit 54 detik lintang selatan 112 derajat 10 menit 5 detik bujur timur",
        "8 derajat 5 menit 54 detik LS, 112 derajat 10 menit 5 detik BT",
        "lintang selatan 8 derajat 5 menit 54 detik bujur timur 112 derajat 10 menit 5 detik",
        "saya di lintang selatan 8 derajat 5 menit 54 detik bujur timur 112 derajat 10 menit 5 detik tolong",
        "LS: 8\u00b05'54\", BT: 112\u00b010'5\"",
        "8 05 54 S 112 10 05 E", "8:05:54 LS, 112:10:05 BT", "saya di 8\u00b005'54\" LS 112\u00b010'05\" BT tolong",
    ],
)  # fmt: skip
def test_degrees_minutes_seconds_as_they_are_said(text: str) -> None:
    assert middle(text) == pytest.approx((-(8 + 5 / 60 + 54 / 3600), 112 + 10 / 60 + 5 / 3600), abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "S 8 05.900 E 112 10.08333333", "S08\u00b005.900 E112\u00b010.08333333", "8 05.900 S 112 10.08333333 E",
        "8\u00b005.900 S, 112\u00b010.08333333 E", "E 112 10.08333333 S 8 5.900", "S 8 05 54 E 112 10 05",
        "LS 8 05,900 BT 112 10,08333333", "kapal mogok di S 08 05.900 E 112 10.08333333, tolong",
        "S8\u00b005.900' E112\u00b010.08333333'",
    ],
)  # fmt: skip
def test_degrees_and_minutes_as_satellite_receivers_show_them(text: str) -> None:
    assert middle(text) == pytest.approx((-(8 + 5 / 60 + 54 / 3600), 112 + 10 / 60 + 5 / 3600), abs=1e-9)


@pytest.mark.parametrize(
    "text", ["jalan S 12 13.50 blok B 12 13", "rumah T 12 05 11 B 112 10 05", "S 8 75.898 E 112 10.087"]
)
def test_numbers_behind_letters_that_are_no_place_are_refused(text: str) -> None:
    assert refused(text).reason


@pytest.mark.parametrize(
    "text",
    [
        "minus 8 koma 0983, 112 koma 1681", "8 titik 0983 selatan 112 titik 1681 timur",
        "8.0983 Selatan 112.1681 Timur",
        "lokasi saya -8.0983, 112.1681 cepat", "tolong di -8,0983 112,1681.", "rumah (-8.0983,112.1681), ada api",
        "lat: -8.0983 long: 112.1681 akurasi 20 m", "-8.0983, 112.1681 ulangi -8.0983, 112.1681",
    ],
)  # fmt: skip
def test_decimal_degrees_as_they_are_said_and_sent(text: str) -> None:
    assert middle(text) == (-8.0983, 112.1681)


@pytest.mark.parametrize(
    "text",
    [
        "harga 5.000 10.000", "beras 6.000, 100.000 tunai", "no 08.1234 12.5555 ya", "Blok A 5, 112", "rumah no 8, 112",
        "lokasi - 8.0983, 112.1681", "-8.0983, 112.1681 atau -7.5123, 110.2123", '{"a": "-8.0983, 112.1681"}',
        "<a>-8.0983 112.1681</a>",
    ],
)  # fmt: skip
def test_numbers_in_a_sentence_that_are_no_single_place(text: str) -> None:
    assert refused(text).field == "text"


def test_swapped_pair_in_a_sentence_is_said_so() -> None:
    assert "swapped" in refused("tolong di (112.1681, -8.0983) ya").reason


@pytest.mark.parametrize(
    "text",
    [
        "geo:0,0?q=-8.0983,112.1681", "geo:0,0?q=-8.0983,112.1681(Rumah+Pak+RT)", "geo:0,0?z=17&q=-8.0983%2C112.1681",
        "geo:-8.1,112.2?q=-8.0983,112.1681", "saya di geo:0,0?q=-8.0983,112.1681(Rumah) ya",
    ],
)  # fmt: skip
def test_geo_address_that_marks_a_pin(text: str) -> None:
    assert middle(text) == (-8.0983, 112.1681)


def test_geo_address_that_asks_for_a_name_is_no_place() -> None:
    assert refused("geo:0,0?q=Alun-alun+Blitar").field == "lat_deg"


@pytest.mark.parametrize(("text", "lat_deg"), [("1.5 LU 101 BT", 1.5), ("1.5 N 101 E", 1.5), ("1.5 U 101 T", 1.5)])
def test_north_of_the_equator(text: str, lat_deg: float) -> None:
    assert middle(text) == (lat_deg, 101)


def test_west_of_greenwich_is_outside_indonesia() -> None:
    reading = read_typed("8.1 LS 35.5 BB")
    assert isinstance(reading, Located)
    assert reading.fix.area.middle.lon_deg == -35.5
    assert "outside Indonesia" in reading.warnings


def test_equator() -> None:
    assert middle("0, 109.3333") == (0, 109.3333)


def test_typed_position_has_no_radius() -> None:
    reading = read_typed("-8.0983, 112.1681")
    assert isinstance(reading, Located)
    fix = reading.fix
    assert isinstance(fix.area, Point)
    assert (fix.source, fix.method, fix.taken_at) == (FixSource.TYPED, FixMethod.UNKNOWN, None)
    assert reading.warnings == ("radius unknown",)


def test_geo_address_with_uncertainty() -> None:
    reading = read_typed("geo:-8.0983,112.1681,156;crs=WGS84;u=30?z=17")
    assert isinstance(reading, Located)
    assert reading.fix.area == Circle(middle=reading.fix.area.middle, radius_m=30.0, confidence_share=0.95)
    assert reading.warnings == ()


@pytest.mark.parametrize("text", ["geo:-8.0983,112.1681", "GEO:-8.0983,112.1681;u=0", "geo:-8.0983,112.1681;x=y"])
def test_geo_address_without_uncertainty(text: str) -> None:
    assert middle(text) == (-8.0983, 112.1681)
    reading = read_typed(text)
    assert isinstance(reading, Located)
    assert isinstance(reading.fix.area, Point)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("geo:-8.0983", "text"), ("geo:a,b", "text"), ("geo:-8.1,112.1;crs=nad27", "crs"),
        ("geo:-8.1,112.1;u=x", "u"), ("geo:-8.1,112.1;u=-1", "u"), ("geo:112.1,-8.1", "lat_deg"),
        ("geo:0,0", "lat_deg"),
    ],
)  # fmt: skip
def test_broken_geo_address(text: str, field: str) -> None:
    assert refused(text).field == field


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/maps?q=-8.0983,112.1681", "https://maps.google.com/?ll=-8.0983,112.1681&z=17",
        "https://www.google.com/maps/search/?api=1&query=-8.0983%2C112.1681",
        "https://www.google.com/maps/place/Blitar/@-8.5,112.5,15z/data=!3m1!4b1!3d-8.0983!4d112.1681",
        "https://www.google.com/maps/place/-8.0983,112.1681", "https://maps.google.com/maps?q=loc:-8.0983,112.1681",
        "https://www.google.com/maps/dir/?api=1&destination=-8.0983,112.1681",
        "https://www.openstreetmap.org/?mlat=-8.0983&mlon=112.1681#map=17/-8.5/112.5",
        "https://maps.apple.com/?ll=-8.0983,112.1681 lihat ini",
    ],
)  # fmt: skip
def test_map_link_with_a_pin(text: str) -> None:
    assert middle(text) == (-8.0983, 112.1681)
    reading = read_typed(text)
    assert isinstance(reading, Located)
    assert reading.warnings == ("radius unknown",)


@pytest.mark.parametrize(
    "text",
    ["https://www.google.com/maps/@-8.0983,112.1681,17z", "https://www.openstreetmap.org/#map=17/-8.0983/112.1681"],
)
def test_view_of_a_map_is_a_labelled_guess(text: str) -> None:
    assert middle(text) == (-8.0983, 112.1681)
    reading = read_typed(text)
    assert isinstance(reading, Located)
    assert reading.warnings[0].startswith("perkiraan")


@pytest.mark.parametrize(
    "text",
    ["https://maps.app.goo.gl/abc", "http://[x", "https://google.com/maps?q=Kota+Blitar", "https://a?" + "q=1&" * 900],
)  # fmt: skip
def test_link_without_coordinates(text: str) -> None:
    assert refused(text).field == "text"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "text"), ("Tolong ada kebakaran", "text"), ("-8.0983", "text"), ("nan nan", "text"), ("inf, 112", "text"),
        ("1e1, 112", "text"), ("-8_0, 112", "text"), ("-8.1, 112.1, 5", "text"), ("٨.٠ ١١٢.١", "text"),
        ("-8,112", "text"), ("(-8,112)", "text"), ("-8.098.300, 112.168.100", "text"), ("x" * 5000, "text"),
        ("112.1681, -8.0983", "lat_deg"), ("0, 0", "lat_deg"), ("0,0", "lat_deg"), ("95, 200", "lat_deg"),
        ("-8.1, 190", "lon_deg"), ("-8.1 S 112.1 E", "lat_deg"), ("8.1 S 7.2 S", "lon_deg"), ("101 E 112 E", "lat_deg"),
        ("8\u00b061' S 112\u00b0 E", "lat_deg"), ("8\u00b005'60\" S 112\u00b0 E", "lat_deg"),
        ("8.5\u00b005' S 112\u00b0 E", "lat_deg"), ("lat=8.1 E lon=112.1", "lat_deg"), ("112.1 E 8.1", "lat_deg"),
        ("112.1, 8.1 S", "lon_deg"), ("lon=112.1, 8.1", "lat_deg"), ("+8.1\u00b0 S 112.1 E", "lat_deg"),
        ("8\u00b061' 112\u00b010'", "text"),
    ],
)  # fmt: skip
def test_refused_with_the_field_named(text: str, field: str) -> None:
    assert refused(text).field == field


def test_swapped_pair_is_said_so_and_never_swapped_back() -> None:
    assert "swapped" in refused("112.1681, -8.0983").reason


@given(st.integers(-1_199_999, 699_999), st.integers(9_400_000, 14_200_000), st.sampled_from([", ", " ", ";", ","]))
def test_what_is_written_is_read(lat: int, lon: int, gap: str) -> None:
    assert middle(f"{lat / 1e5:.5f}{gap}{lon / 1e5:.5f}") == (lat / 1e5, lon / 1e5)


@given(st.text(st.sampled_from("0123456789.,;-+° '\"NSEWLUBTlatongeo:/@!?=#"), max_size=60))
def test_any_text_gives_a_reading(text: str) -> None:
    assert isinstance(read_typed(text), (Located, NotUnderstood))
    assert isinstance(read_typed(f"https://{text}"), (Located, NotUnderstood))
    assert isinstance(read_typed(f"geo:{text}"), (Located, NotUnderstood))
