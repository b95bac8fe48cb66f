"""Map links as callers share them: pins, places, routes, views, links in sentences, and links without a place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.shapes import Circle, Point
from geo112.locate.fix import Located, NoPosition, NotUnderstood
from geo112.locate.maplink import OF_A_ROUTE, OF_A_VIEW, links_in
from geo112.locate.typed import read_typed

PLACE = "https://www.google.com/maps/place"
ROUTE = "https://www.google.com/maps/dir"

PINS = [
    "Lokasi saya: https://maps.google.com/?q=-8.0983,112.1681 tolong",
    "*Lokasi:* https://maps.google.com/maps?q=-8.0983%2C112.1681&z=17&hl=id",
    "(https://maps.google.com/?q=-8.0983,112.1681).",
    "tolong!https://maps.google.com/?q=-8.0983,112.1681, cepat",
    f"{PLACE}/8%C2%B005'53.9%22S+112%C2%B010'05.2%22E/@-8.2,112.3,17z/data=!3m1!4b1!4m4!3m3!8m2!3d-8.0983!4d112.1681",
    f"{PLACE}/Alun-Alun+Kota+Blitar/@-8.2,112.3,17z/data=!4m6!3m5!1s0x2e78!8m2!3d-8.0983!4d112.1681!16s%2Fg%2F11",
    f"{PLACE}/-8.0983,112.1681/@-8.2,112.3,17z",
    "https://www.google.co.id/maps/search/-8.0983,+112.1681?entry=tts&shorturl=1",
    "https://www.google.com/maps/search/?api=1&query=-8.0983%2C112.1681&query_place_id=ChIJ",
    "https://www.google.com/maps?q=-8.0983,112.1681(Rumah)&z=17",
    "https://maps.google.com/maps?q=loc:-8.0983,112.1681",
    "maps.google.com/?q=-8.0983,112.1681",
    "https://maps.google.com/?ll=-8.0983,112.1681",
    "http://maps.google.com/maps?daddr=-8.0983,112.1681",
    f"{ROUTE}//-8.0983,112.1681/@-8.2,112.3,17z",
    f"{ROUTE}/?api=1&destination=-8.0983,112.1681",
    "google.navigation:q=-8.0983,112.1681",
    "comgooglemaps://?q=-8.0983,112.1681&zoom=14",
    "https://consent.google.com/m?continue=https://www.google.com/maps%3Fq%3D-8.0983,112.1681&gl=ID",
    "https://www.google.com/url?q=https://maps.google.com/?q%3D-8.0983,112.1681",
    "https://maps.apple.com/?ll=-8.0983,112.1681&q=Lokasi%20Saya&t=m",
    "https://maps.apple.com/place?coordinate=-8.0983,112.1681&name=Pasar",
    "https://maps.apple.com/?daddr=-8.0983,112.1681",
    "https://www.openstreetmap.org/?mlat=-8.0983&mlon=112.1681#map=17/-8.2/112.3",
    "https://waze.com/ul?ll=-8.0983,112.1681&navigate=yes",
    "https://www.waze.com/live-map/directions?to=ll.-8.0983%2C112.1681",
    "https://www.bing.com/maps?sp=point.-8.0983_112.1681_Rumah&cp=-8.2~112.3",
    "https://www.bing.com/maps?where1=-8.0983,112.1681",
    "https://share.here.com/l/-8.0983,112.1681,Rumah?z=17&p=yes",
    "https://contoh.id/lacak?lat=-8.0983&lng=112.1681",
    "https://contoh.id/lacak?latitude=-8.0983&longitude=112.1681",
    "https://contoh.id/lacak?lat=x&lng=1&pos=rumah&q=-8.0983,112.1681",
    "https://maps.apple.com/?daddr=Rumah&to=-8.0983,112.1681",
    "Kirim ke https://maps.app.goo.gl/abc atau https://maps.google.com/?q=-8.0983,112.1681",
    "https://a.id/?q=-8.0983,112.1681 https://a.id/?ll=-8.0983,112.1681",
]
VIEWS = [
    "https://www.google.com/maps/@-8.0983,112.1681,17z",
    f"{PLACE}/Alun-Alun+Kota+Blitar/@-8.0983,112.1681,17z",
    "https://www.google.com/maps/@?api=1&map_action=pano&viewpoint=-8.0983,112.1681",
    "https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d3950.1!2d112.1681!3d-8.0983!2m3!1f0!2f0",
    "https://www.openstreetmap.org/#map=17/-8.0983/112.1681",
    "https://www.openstreetmap.org/node/123#map=17/-8.0983/112.1681",
    "https://www.bing.com/maps?cp=-8.0983~112.1681&lvl=16",
    "https://wego.here.com/?map=-8.0983,112.1681,15,normal",
]
ROUTES = [
    f"{ROUTE}/-8.2,112.3/-8.0983,112.1681/@-8.1,112.2,12z",
    f"{ROUTE}/Rumah/-8.0983,112.1681",
    f"{ROUTE}/?api=1&origin=-8.2,112.3&destination=-8.0983,112.1681",
    "https://maps.apple.com/?saddr=-8.2,112.3&daddr=-8.0983,112.1681",
    f"{ROUTE}/Rumah/Pasar/@-8.1,112.2,12z/data=!3m1!4b1!4m13!1m5!2m2!1d112.3!2d-8.2!1m5!2m2!1d112.1681!2d-8.0983",
]


def located(text: str) -> Located:
    reading = read_typed(text)
    assert isinstance(reading, Located), reading
    return reading


def at_blitar(text: str) -> tuple[str, ...]:
    """Check that a text means the place, and give what is said about it beside the unknown radius."""
    reading = located(text)
    middle = reading.fix.area.middle
    assert isinstance(reading.fix.area, Point)
    assert (middle.lat_deg, middle.lon_deg) == (-8.0983, 112.1681)
    assert reading.warnings[-1] == "radius unknown"
    return reading.warnings[:-1]


@pytest.mark.parametrize("text", PINS)
def test_a_place_that_a_link_marks(text: str) -> None:
    assert at_blitar(text) == ()


@pytest.mark.parametrize("text", VIEWS)
def test_a_view_is_a_labelled_guess(text: str) -> None:
    assert at_blitar(text) == (OF_A_VIEW,)


@pytest.mark.parametrize("text", ROUTES)
def test_the_end_of_a_route_is_a_labelled_guess(text: str) -> None:
    assert at_blitar(text) == (OF_A_ROUTE,)


@pytest.mark.parametrize(
    "text",
    [
        "https://maps.google.com/?q=loc:-8.0983+112.1681", "HTTPS://MAPS.GOOGLE.COM/?Q=-8.0983,112.1681",
        "https://maps.google.com/?q=Rumah@-8.0983,112.1681", "https://share.here.com/r/mylocation/-8.0983,112.1681?m=w",
        'lihat "https://maps.google.com/?q=-8.0983,112.1681"',
    ],
)  # fmt: skip
def test_a_place_that_a_link_marks_in_another_spelling(text: str) -> None:
    assert at_blitar(text) == ()


def test_the_seconds_mark_does_not_end_a_link() -> None:
    middle = located("https://www.google.com/maps?q=8\u00b005'53.88\"S+112\u00b010'05.16\"E").fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == pytest.approx((-8.0983, 112.1681), abs=1e-7)


@pytest.mark.parametrize(
    ("text", "lat_deg", "lon_deg"),
    # ezs42 is the example of a geohash that most descriptions of it give; its cells halve to both sides in turn.
    [("https://waze.com/ul/hezs42000", 42.583, -5.625), ("https://www.waze.com/ul/hezs42zzzz", 42.627, -5.581)],
)
def test_a_place_that_waze_shares(text: str, lat_deg: float, lon_deg: float) -> None:
    middle = located(text).fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == pytest.approx((lat_deg, lon_deg), abs=1e-3)


def test_a_short_geohash_is_no_place() -> None:
    assert isinstance(read_typed("https://waze.com/ul/hqw8"), NotUnderstood)


def test_degrees_and_minutes_in_a_link() -> None:
    middle = located(f"{PLACE}/8%C2%B005'53.88%22S+112%C2%B010'05.16%22E/@-8.2,112.3,17z").fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == pytest.approx((-8.0983, 112.1681), abs=1e-7)


@pytest.mark.parametrize(
    "text", ["https://plus.codes/6P3JW529+M6", f"{PLACE}/6P3JW529%2BM6", "https://www.google.com/maps?q=6P3JW529+M6"]
)
def test_a_plus_code_in_a_link(text: str) -> None:
    middle = located(text).fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == pytest.approx((-8.0983, 112.1681), abs=7e-5)


def test_geo_address_in_a_sentence() -> None:
    area = located("Saya di geo:-8.0983,112.1681;u=20, cepat").fix.area
    assert area == Circle(middle=area.middle, radius_m=20)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("https://maps.app.goo.gl/AbCdEf123", "maps.app.goo.gl is a short link"),
        ("Lokasi saya maps.app.goo.gl/AbCdEf123 tolong", "maps.app.goo.gl is a short link"),
        ("https://goo.gl/maps/AbC", "goo.gl is a short link"),
        ("https://maps.apple/p/AbC", "maps.apple is a short link"),
        ("https://osm.org/go/xyz--", "osm.org is a short link"),
        ("https://www.openstreetmap.org/node/123", "holds no coordinates"),
        (f"{PLACE}/Alun-alun+Blitar/data=!4m2!3m1!1s0x0", "holds no coordinates"),
        ("https://maps.google.com/?q=Alun-alun+Blitar", "holds no coordinates"),
        ("https://maps.google.com/?q=W529%2BM6+Blitar", "short form of a plus code"),
        ("https://maps.google.com/?q=-8.0983,1121681", "holds no coordinates"),
        ("https://a.id/?q=-8.0983,112.1681 https://a.id/?q=-8.2,112.3", "different places"),
        ("https://maps.google.com/?q=112.1681,-8.0983", "swapped"),
        ("https://maps.google.com/?q=0,0", "0/0"),
        ("https://[x/?q=1,2", "broken"),
    ],
)
def test_a_link_that_marks_no_place(text: str, says: str) -> None:
    reading = read_typed(text)
    assert isinstance(reading, NotUnderstood)
    assert says in reading.reason
    assert reading.field in ("text", "lat_deg")


def test_links_are_found_without_the_signs_of_the_sentence() -> None:
    assert links_in("(lihat https://a.id/x?q=1). Dan waze://?ll=1,2!") == ("https://a.id/x?q=1", "waze://?ll=1,2")
    assert links_in("tolong 08123 blitar.com/x") == ()
    assert len(links_in(" ".join(f"https://a.id/{n}" for n in range(100)))) == 8


@settings(max_examples=150, deadline=None)
@given(st.integers(-1_199_999, 699_999), st.integers(9_400_000, 14_200_000), st.sampled_from(["q", "ll", "query"]))
def test_what_is_linked_is_read(lat: int, lon: int, key: str) -> None:
    middle = located(f"Lokasi: https://maps.google.com/?{key}={lat / 1e5:.5f},{lon / 1e5:.5f}&z=17").fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == (lat / 1e5, lon / 1e5)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_link_gives_a_reading(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([*PINS, *VIEWS, *ROUTES]))
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.text(max_size=6)) + text[at + data.draw(st.integers(0, 5)) :]
    assert isinstance(read_typed(changed), Located | NoPosition | NotUnderstood)
