"""The HTTPS form of the Emergency Location Service: its fields, its two ways to say confidence, its signature."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.errors import BadMessage
from geo112.core.shapes import Circle, Point
from geo112.locate.els_form import check_hmac, envelope_of, looks_like_els, read_els_form
from geo112.locate.fix import FixMethod, FixSource, Located, NoPosition, NotUnderstood

BLITAR = {
    "v": "1",
    "emergency_number": "112",
    "source": "CALL",
    "time": "1795317300123",
    "location_latitude": "-8.0983",
    "location_longitude": "112.1681",
    "location_time": "1795317330500",
    "location_accuracy": "14.5",
    "location_confidence": "0.6827",
    "location_source": "fused",
    "location_altitude": "156.2",
    "location_vertical_accuracy": "3.5",
    "location_altitude_msl": "130.0",
    "location_floor": "B2",
    "location_bearing": "90.0",
    "location_speed": "1.5",
    "device_number": "+6281234567890",
    "device_model": "Oppo A57",
    "device_imei": "356708041746734",
    "device_imsi": "510100000000000",
    "device_iccid": "8962100000000000000",
    "cell_home_mcc": "510",
    "cell_home_mnc": "01",
    "cell_network_mcc": "510",
    "cell_network_mnc": "10",
    "device_languages": "id-ID,jv",
}


def form(**changes: str | None) -> str:
    """The form from Blitar with some fields changed, or taken out by None."""
    return urlencode({name: value for name, value in (BLITAR | changes).items() if value is not None})


def located(text: str) -> Located:
    reading = read_els_form(text)
    assert isinstance(reading, Located), reading
    return reading


def test_form_from_blitar() -> None:
    reading = located(form())
    fix, device = reading.fix, reading.device
    assert fix.area == Circle(middle=fix.area.middle, radius_m=14.5, confidence_share=0.6827)
    assert (fix.area.middle.lat_deg, fix.area.middle.lon_deg) == (-8.0983, 112.1681)
    assert (fix.source, fix.method) == (FixSource.AML, FixMethod.FUSED)
    assert fix.taken_at == datetime(2026, 11, 22, 3, 15, 30, 500_000, tzinfo=UTC)
    assert (fix.altitude_m, fix.vertical_accuracy_m, fix.floor) == (156.2, 3.5, "B2")
    assert (reading.dialled.number, reading.dialled.at) == (
        "112",
        datetime(2026, 11, 22, 3, 15, 0, 123_000, tzinfo=UTC),
    )
    assert (device.number, device.model, device.languages) == ("+6281234567890", "Oppo A57", "id-ID,jv")
    assert (device.imei, device.imsi, device.iccid) == ("356708041746734", "510100000000000", "8962100000000000000")
    assert (device.mcc, device.mnc, device.home_mcc, device.home_mnc) == ("510", "10", "510", "01")
    assert reading.warnings == ()


@pytest.mark.parametrize("name", [name for name in BLITAR if name not in ("location_latitude", "location_longitude")])
def test_every_other_field_may_be_missing_or_broken(name: str) -> None:
    middle = located(form()).fix.area.middle
    assert located(form(**{name: None})).fix.area.middle == middle
    assert located(form(**{name: ""})).fix.area.middle == middle
    assert located(form(**{name: "\x01"})).fix.area.middle == middle


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", "2"), ("source", "MMS"), ("time", "kemarin"), ("location_time", "1e99"), ("location_time", "1795317330"),
        ("location_time", "9" * 15), ("location_accuracy", "x"), ("location_source", "dowsing"),
        ("location_altitude", "nan"), ("device_imei", "12"), ("device_imsi", "x"), ("device_number", "ibu"),
        ("device_iccid", "1"), ("cell_home_mnc", "1"), ("device_languages", "<script>"), ("location_floor", "x" * 41),
        ("emergency_number", "tolong"), ("adr_carcrash_time", "soon"),
    ],
)  # fmt: skip
def test_a_broken_field_is_a_warning(name: str, value: str) -> None:
    warnings = located(form(**{name: value})).warnings
    assert any(warning.startswith(f"{name} not understood") for warning in warnings)


@pytest.mark.parametrize("value", ["nan", "inf", "1e400", "8,0983", "٨", "1_0", "0x8", "", None])
@pytest.mark.parametrize("name", ["location_latitude", "location_longitude"])
def test_a_broken_position_is_refused_by_its_field(name: str, value: str | None) -> None:
    reading = read_els_form(form(**{name: value}))
    assert isinstance(reading, NotUnderstood)
    assert reading.field == name


@pytest.mark.parametrize(
    ("lat", "lon", "field"),
    [("91", "112", "location_latitude"), ("-8", "181", "location_longitude"), ("112.1", "-8.1", "location_latitude")],
)
def test_no_place_on_earth(lat: str, lon: str, field: str) -> None:
    reading = read_els_form(form(location_latitude=lat, location_longitude=lon))
    assert isinstance(reading, NotUnderstood)
    assert reading.field == field


def test_half_a_thousandth_of_a_degree_as_java_writes_it() -> None:
    middle = located(form(location_latitude="-5.0E-4", location_longitude="109.3333")).fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == (-0.0005, 109.3333)


def test_no_position_is_none_and_not_the_gulf_of_guinea() -> None:
    nothing = read_els_form(form(location_latitude=None, location_longitude=None))
    assert isinstance(nothing, NoPosition)
    assert (nothing.device.number, nothing.dialled.number) == ("+6281234567890", "112")
    zero = read_els_form(form(location_latitude="0.0", location_longitude="-0.0"))
    assert isinstance(zero, NoPosition)
    assert any("0/0" in warning for warning in zero.warnings)


@pytest.mark.parametrize("accuracy", [None, "0", "0.0", "-1", "99999999", "wide"])
def test_unknown_accuracy_is_a_point(accuracy: str | None) -> None:
    fix = located(form(location_accuracy=accuracy)).fix
    assert isinstance(fix.area, Point)
    assert "radius unknown" in fix.warnings


@pytest.mark.parametrize(
    ("said", "share", "warns"),
    [
        ({"location_confidence": "0.6827"}, 0.6827, None),
        ({"location_certainty": "83"}, 0.83, None),
        ({"location_confidence": "0.95", "location_certainty": "83"}, 0.95, None),
        ({"location_confidence": "68"}, 0.68, "location_confidence 68 is taken as percent"),
        ({"location_certainty": "0.68"}, 0.68, "location_certainty 0.68 is taken as a share"),
        ({"location_confidence": "1"}, 1.0, None),
        ({"location_certainty": "100"}, 1.0, None),
        ({}, 0.95, "confidence missing: 95 % taken"),
        ({"location_confidence": "101"}, 0.95, "confidence not understood: 95 % taken"),
        ({"location_certainty": "-5"}, 0.95, "confidence not understood: 95 % taken"),
    ],
)
def test_confidence_is_a_share_or_percent(said: dict[str, str], share: float, warns: str | None) -> None:
    reading = located(form(location_confidence=None) + "".join(f"&{name}={value}" for name, value in said.items()))
    assert isinstance(reading.fix.area, Circle)
    assert reading.fix.area.confidence_share == pytest.approx(share)
    assert reading.warnings == ((warns,) if warns else ())


@pytest.mark.parametrize("said", ["location_confidence=0", "location_certainty=0"])
def test_confidence_zero_says_nothing_about_the_radius(said: str) -> None:
    assert isinstance(located(form(location_confidence=None) + "&" + said).fix.area, Point)


@pytest.mark.parametrize(
    ("word", "method"), [("GPS", "gnss"), ("Wifi", "wifi"), ("cell", "cell"), ("unknown", "unknown"), ("x", "unknown")]
)
def test_method(word: str, method: str) -> None:
    assert located(form(location_source=word)).fix.method.value == method


def test_a_vertical_accuracy_of_zero_is_unknown() -> None:
    assert located(form(location_vertical_accuracy="0.0")).fix.vertical_accuracy_m is None
    assert located(form(location_altitude=None)).fix.vertical_accuracy_m is None


def test_a_car_crash_is_told() -> None:
    warnings = located(form(adr_carcrash_time="1795317300000")).warnings
    assert warnings == ("the handset reports a car crash at 2026-11-22T03:15:00Z",)


def test_a_plus_sign_that_nobody_escaped() -> None:
    assert located("device_number=+6281234567890&location_latitude=-8.1&location_longitude=112.1").device.number == (
        "+6281234567890"
    )


def test_said_twice() -> None:
    assert located(form() + "&location_latitude=-8.0983").warnings == ()
    twice = read_els_form(form() + "&location_latitude=-7")
    assert isinstance(twice, NotUnderstood)
    assert twice.field == "location_latitude"
    minor = located(form() + "&device_model=Vivo")
    assert minor.device.model is None
    assert "device_model stands twice with different values: ignored" in minor.warnings


@pytest.mark.parametrize(
    "text",
    ["", "tolong", "a=1&b=2", "https://a.id/?location_latitude=1", 'A"ML=1;lt=1', "location_latitude", "x" * 5000,
     form() + "&x=" + "y" * 5000, "location_latitude=1\nlocation_longitude=2"],
)  # fmt: skip
def test_no_form(text: str) -> None:
    assert isinstance(read_els_form(text), NotUnderstood)
    assert not looks_like_els(text)


def test_form_is_recognised_without_a_position() -> None:
    assert looks_like_els("v=1&emergency_number=112&device_number=%2B62")
    assert looks_like_els(form() + "\r\n")


@pytest.mark.parametrize("key", [b"AML", b"", "kunci rahasia ü".encode()])
def test_signature(key: bytes) -> None:
    body = form().encode()
    right = hmac.new(key, body, hashlib.sha1).hexdigest().encode()
    assert check_hmac(body + b"&hmac=" + right, key) == "valid"
    assert check_hmac(body + b"&hmac=" + right.upper() + b"\r\n", key) == "valid"
    assert check_hmac(body, key) == "absent"
    assert check_hmac(body + b"&hmac=", key) == "invalid"
    assert check_hmac(body + b"&hmac=" + right, key + b"x") == "invalid"
    assert check_hmac(body + b"&hmac=" + right + b"&location_latitude=1", key) == "invalid"
    assert check_hmac(b"x" + body + b"&hmac=" + right, key) == "invalid"
    assert check_hmac(b"hmac=" + hmac.new(key, b"", hashlib.sha1).hexdigest().encode(), key) == "valid"


def test_published_signature() -> None:
    body = (
        b"v=1&device_number=%2B33611223344&location_latitude=0.85732&location_longitude=-4.26325&"
        b"location_time=1604912121000&location_accuracy=10.4&location_source=GPS&location_certainty=83&"
        b"hmac=f64c70eb238bb239e00e8ac8c023bf2b5d3c41dd"
    )
    assert check_hmac(body, b"AML") == "valid"
    assert check_hmac(body, b"aml") == "invalid"


def identity_of(text: str) -> tuple[str, ...] | None:
    return envelope_of(text).identity


def test_which_forms_are_the_same_message() -> None:
    same = identity_of(form())
    assert same is not None
    assert identity_of(form(location_bearing="5") + "&hmac=00") == same
    for change in ({"location_time": "1795317331500"}, {"time": "1"}, {"source": "SMS"}, {"device_number": "+62811"}):
        assert identity_of(form(**change)) != same
    assert identity_of(form(location_time=None)) is None
    assert identity_of(form(device_number=None, device_imei=None, device_imsi=None)) is None


def test_who_sent_a_form_and_when() -> None:
    envelope = envelope_of(form())
    assert (envelope.number, envelope.taken_at) == ("+6281234567890", located(form()).fix.taken_at)
    unknown = envelope_of(form(device_number="ibu", location_time="x"))
    assert (unknown.number, unknown.taken_at) == (None, None)
    with pytest.raises(BadMessage):
        envelope_of("tolong")


@given(
    lat=st.floats(-90, 90), lon=st.floats(-180, 180), radius_m=st.floats(0.1, 10_000), share=st.floats(0.01, 1),
    ms=st.integers(946_684_800_000, 4_102_444_800_000),
    model=st.text(st.characters(categories=["L", "N"]), max_size=20),
)  # fmt: skip
def test_what_is_written_is_read(lat: float, lon: float, radius_m: float, share: float, ms: int, model: str) -> None:
    lat, lon, radius_m, share = (round(value, 7) + 0.0 for value in (lat, lon, radius_m, share))
    text = (
        f"v=1&location_latitude={lat!r}&location_longitude={lon!r}&location_accuracy={radius_m!r}"
        f"&location_confidence={share!r}&location_time={ms}&device_model={quote_plus(model)}"
    )
    reading = read_els_form(text)
    if lat == lon == 0:
        assert isinstance(reading, NoPosition)
        return
    assert isinstance(reading, Located)
    area = reading.fix.area
    assert isinstance(area, Circle)
    assert (area.middle.lat_deg, area.middle.lon_deg) == (lat, lon)
    assert (area.radius_m, area.confidence_share) == (radius_m, share)
    assert reading.fix.taken_at == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    assert reading.device.model == (model.strip() or None)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*BLITAR, "hmac", "x"]), st.text(max_size=30)), st.text(max_size=50))
def test_any_form_gives_a_reading(fields: dict[str, str], tail: str) -> None:
    text = urlencode({**BLITAR, **fields}, errors="surrogatepass") + tail
    assert isinstance(read_els_form(text), Located | NoPosition | NotUnderstood)
    assert isinstance(read_els_form(tail), NotUnderstood)
    check_hmac(text.encode(errors="surrogatepass"), b"k")
