"""AML text messages: published samples, the traps of the field, and what breaks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo112.core.shapes import Circle, Point
from geo112.locate.aml_fields import looks_like_aml
from geo112.locate.aml_sms import read_aml_sms
from geo112.locate.fix import FixMethod, FixSource, Located, NoPosition, NotUnderstood

BLITAR = (
    'A"ML=1;lt=-8.09830;lg=+112.16810;rd=14;top=20261122031530;lc=68;pm=W;'
    "si=510100000000000;ei=356708041746734;mcc=510;mnc=10;ml=128"
)
NULL = (
    'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;'
    "si=234159000000000;ei=123456789012345;mcc=234;mnc=15;ml=127"
)
BETA = (
    'A"ML=2;en=+15555555555;et=1593187189;lo=-37.42175,-122.08461,2000.1;lt=-9999;lc=68;lz=-100.1,100.1;'
    "ls=G;ei=358239059042542;nc=310260;hc=310410;lg=en-US"
)


def located(text: str) -> Located:
    reading = read_aml_sms(text)
    assert isinstance(reading, Located), reading
    return reading


def refused(text: str) -> NotUnderstood:
    reading = read_aml_sms(text)
    assert isinstance(reading, NotUnderstood), reading
    return reading


def message(**changes: str | None) -> str:
    """The Blitar message with some values changed, or taken out by None, without its length."""
    values = {
        "lt": "-8.09830",
        "lg": "+112.16810",
        "rd": "14",
        "top": "20261122031530",
        "lc": "68",
        "pm": "W",
    } | changes
    return 'A"ML=1;' + ";".join(f"{key}={value}" for key, value in values.items() if value is not None)


def test_message_from_blitar() -> None:
    reading = located(BLITAR)
    fix = reading.fix
    assert fix.area == Circle(middle=fix.area.middle, radius_m=14.0, confidence_share=0.68)
    assert (fix.area.middle.lat_deg, fix.area.middle.lon_deg) == (-8.0983, 112.1681)
    assert fix.taken_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
    assert (fix.source, fix.method) == (FixSource.AML, FixMethod.WIFI)
    assert (reading.device.imei, reading.device.imsi) == ("356708041746734", "510100000000000")
    assert (reading.device.mcc, reading.device.mnc) == ("510", "10")
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("text", "lat_deg", "lon_deg", "radius_m", "share", "method"),
    [
        ("lt=+51.53321;lg=-0.12601;rd=14;lc=68;pm=W;ml=102", 51.53321, -0.12601, 14, 0.68, "wifi"),
        ("lt=48.82639;lg=-2.36619;rd=52;lc=68;pm=G;ml=102", 48.82639, -2.36619, 52, 0.68, "gnss"),
        ("lt=+48.902963;lg=+2.516582;rd=1964;lc=95;pm=C;ml=102", 48.902963, 2.516582, 1964, 0.95, "cell"),
        ("lt=+54.76397;lg=0.18305;rd=20.5;lc=90;pm=F;ml=102", 54.76397, 0.18305, 20.5, 0.9, "fused"),
    ],
)  # fmt: skip
def test_fix_abroad_is_a_fix_with_a_warning(
    text: str, lat_deg: float, lon_deg: float, radius_m: float, share: float, method: str
) -> None:
    fix = located(f'A"ML=1;top=20220131171748;{text}').fix
    assert isinstance(fix.area, Circle)
    assert (fix.area.middle.lat_deg, fix.area.middle.lon_deg) == (lat_deg, lon_deg)
    assert (fix.area.radius_m, fix.area.confidence_share, fix.method.value) == (radius_m, share, method)
    assert "outside Indonesia" in fix.warnings


def test_null_location_is_no_position() -> None:
    reading = read_aml_sms(NULL)
    assert isinstance(reading, NoPosition)
    assert reading.taken_at == datetime(2022, 1, 31, 17, 37, 34, tzinfo=UTC)
    assert (reading.device.imei, reading.device.mnc) == ("123456789012345", "15")
    assert reading.warnings == ()


@pytest.mark.parametrize("changes", [{"rd": "N"}, {"pm": "N"}])
def test_said_to_have_none_and_without_coordinates(changes: dict[str, str]) -> None:
    assert isinstance(read_aml_sms(message(lt=None, lg=None, **changes)), NoPosition)


def test_zero_zero_of_a_device_that_claims_a_fix_is_no_position_but_told() -> None:
    reading = read_aml_sms(message(lt="+00.00000", lg="+000.00000"))
    assert isinstance(reading, NoPosition)
    assert any("0/0" in warning for warning in reading.warnings)


def test_pontianak_lies_on_the_equator() -> None:
    middle = located(message(lt="+00.00000", lg="+109.33330")).fix.area.middle
    assert (middle.lat_deg, middle.lon_deg) == (0.0, 109.3333)


def test_minus_zero_is_zero() -> None:
    assert str(located(message(lt="-0.00000")).fix.area.middle.lat_deg) == "0.0"


def test_says_none_but_holds_coordinates() -> None:
    fix = located(message(rd="N", pm="N")).fix
    assert isinstance(fix.area, Point)
    assert any("rd=N and pm=N" in warning for warning in fix.warnings)


@pytest.mark.parametrize("text", ["N", "0", "0.0", "-5", "", None])
def test_unknown_radius_is_a_point_not_a_circle_of_zero(text: str | None) -> None:
    fix = located(message(rd=text)).fix
    assert isinstance(fix.area, Point)
    assert "radius unknown" in fix.warnings


def test_confidence_zero_says_nothing_about_the_radius() -> None:
    fix = located(message(lc="0")).fix
    assert isinstance(fix.area, Point)
    assert "confidence 0: the radius says nothing" in fix.warnings


def test_missing_confidence_is_95_percent_and_told() -> None:
    fix = located(message(lc=None)).fix
    assert isinstance(fix.area, Circle)
    assert fix.area.confidence_share == 0.95
    assert "confidence missing: 95 % taken" in fix.warnings


@pytest.mark.parametrize("text", ["1e309", "NaN", "99999999", "abc", "1,2,3"])
def test_broken_radius_costs_the_radius_and_not_the_position(text: str) -> None:
    fix = located(message(rd=text)).fix
    assert isinstance(fix.area, Point)
    assert fix.area.middle.lat_deg == -8.0983
    assert {f"rd not understood: {text!r}", "radius unknown"} <= set(fix.warnings)


@pytest.mark.parametrize("text", ["101", "-1", "x", "nan"])
def test_broken_confidence_costs_no_position(text: str) -> None:
    fix = located(message(lc=text)).fix
    assert isinstance(fix.area, Circle)
    assert (fix.area.radius_m, fix.area.confidence_share) == (14.0, 0.95)
    assert f"lc not understood: {text!r}, 95 % taken" in fix.warnings


def test_confidence_below_one_percent_is_a_share() -> None:
    fix = located(message(lc="0.68")).fix
    assert isinstance(fix.area, Circle)
    assert fix.area.confidence_share == 0.68
    assert "lc 0.68 is taken as a share" in fix.warnings


def test_decimal_commas() -> None:
    area = located(message(lt="-8,09830", lg="112,16810", rd="20,5", lc="68,27")).fix.area
    assert isinstance(area, Circle)
    assert (area.middle.lat_deg, area.middle.lon_deg, area.radius_m) == (-8.0983, 112.1681, 20.5)
    assert area.confidence_share == pytest.approx(0.6827)


@pytest.mark.parametrize(
    "change",
    [
        str.lower, str.upper, lambda text: text.replace(";", " ; ").replace("=", " = "),
        lambda text: text.replace(";", ";\r\n"),
    ],
)  # fmt: skip
def test_case_and_blanks_mean_nothing(change: Callable[[str], str]) -> None:
    changed = located(change(message())).fix
    assert (changed.area, changed.taken_at, changed.method, changed.warnings) == (
        *(getattr(located(message()).fix, name) for name in ("area", "taken_at", "method", "warnings")),
    )


@pytest.mark.parametrize("before", ["Dari: +6281234567890 ", "From:+6281234567890\n", "<AML> "])
def test_message_that_a_gateway_passes_on(before: str) -> None:
    fix = located(before + message()).fix
    assert fix.area == located(message()).fix.area
    assert "text before the message left out" in fix.warnings


def test_null_position_in_small_letters() -> None:
    assert isinstance(read_aml_sms('a"ml=1;lt=0;lg=0;rd=n;lc=0;pm=n'), NoPosition)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lt": "91.0"}, "lt"), ({"lg": "181.0"}, "lg"), ({"lt": "112.1681", "lg": "-8.0983"}, "lt"),
        ({"lt": None}, "lt"), ({"lg": None}, "lg"), ({"lt": ""}, "lt"), ({"lt": "nan"}, "lt"), ({"lg": "inf"}, "lg"),
        ({"lt": "1e1"}, "lt"), ({"lt": "1_0"}, "lt"), ({"lt": "٨.٠"}, "lt"), ({"lt": "-8,098,3"}, "lt"),
    ],
)  # fmt: skip
def test_broken_field_is_named(changes: dict[str, str | None], field: str) -> None:
    assert refused(message(**changes)).field == field


def test_swapped_pair_is_said_so() -> None:
    assert "swapped" in refused(message(lt="112.1681", lg="-8.0983")).reason


@pytest.mark.parametrize(
    "top", ["20261322031530", "2026112203153", "20261122031530Z", "00000000000000", "٢٠٢٦1122031530"]
)
def test_broken_time_is_unknown_and_told(top: str) -> None:
    fix = located(message(top=top)).fix
    assert fix.taken_at is None
    assert any(warning.startswith("top not understood") for warning in fix.warnings)


def test_missing_time_is_unknown_and_told() -> None:
    fix = located(message(top=None)).fix
    assert fix.taken_at is None
    assert "time of positioning unknown" in fix.warnings


@pytest.mark.parametrize("header", ["AML=1", "A'ML=1", "A\u201dML=1", "A&quot;ML=1"])
def test_header_without_its_quote_is_flagged(header: str) -> None:
    assert "header quote missing or changed" in located(BLITAR.replace('A"ML=1', header)).warnings


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "message"), ("Tolong ada kebakaran", "message"), ('A"ML', "message"), ('A"ML=12345;lt=1', "message"),
        ('A"ML=3;lt=-8.1;lg=112.1', "ML"), ("x" + BLITAR, "message"), (BLITAR + ";" * 5000, "message"),
        ('A"ML=1', "lt"), ('A"ML=1;', "lt"), ("\x00\x01\x02", "message"),
    ],
)  # fmt: skip
def test_no_aml_message(text: str, field: str) -> None:
    assert refused(text).field == field


@pytest.mark.parametrize("text", [BLITAR + ";", BLITAR + "\r\n", "  " + BLITAR, BLITAR + "\0", BLITAR + ";;"])
def test_trailing_semicolon_and_white_space_change_nothing(text: str) -> None:
    assert located(text) == located(BLITAR)


def test_segment_without_equals_is_told_and_passed_over() -> None:
    reading = located(message().replace(";rd", ";oops;=3;rd"))
    assert reading.fix.area == located(message()).fix.area
    assert [warning for warning in reading.warnings if warning.startswith("not a pair")] == [
        "not a pair: 'oops'", "not a pair: '=3'",
    ]  # fmt: skip


def test_unknown_key_is_told() -> None:
    assert "unknown keys ignored: xx" in located(message(xx="1")).warnings


def test_key_twice_with_two_meanings_is_refused() -> None:
    assert refused(message() + ";lt=-7.0").field == "lt"


def test_key_twice_with_one_meaning_is_told() -> None:
    assert "lt stands twice" in located(message() + ";lt=-8.09830").warnings


def test_minor_key_twice_is_unknown() -> None:
    reading = located(BLITAR + ";mnc=11")
    assert reading.device.mnc is None
    assert "mnc stands twice with different values: ignored" in reading.warnings


def test_network_with_a_leading_zero_stays_text() -> None:
    assert located(BLITAR.replace("mnc=10", "mnc=01")).device.mnc == "01"


def test_odd_device_fields_cost_no_position() -> None:
    reading = located(BLITAR.replace("mcc=510", "mcc=5x0").replace("pm=W", "pm=Q"))
    assert reading.device.mcc is None
    assert reading.fix.method is FixMethod.UNKNOWN
    assert "mcc not understood: '5x0'" in reading.warnings
    assert "pm not understood: 'Q'" in reading.warnings


def test_method_may_be_missing() -> None:
    assert located(message(pm=None)).fix.method is FixMethod.UNKNOWN


def test_length_off_by_two_is_no_matter_but_a_lost_part_is() -> None:
    assert located(BLITAR.replace("ml=128", "ml=130")).warnings == ()
    assert "128 of 160 characters arrived" in located(BLITAR.replace("ml=128", "ml=160")).warnings


@pytest.mark.parametrize("end", range(1, len(BLITAR)))
def test_a_message_cut_off_anywhere_never_gives_a_wrong_circle(end: int) -> None:
    whole = located(BLITAR).fix.area
    match read_aml_sms(BLITAR[:end]):
        case Located(fix=fix):
            assert fix.area.middle == whole.middle
            assert fix.area in (whole, Point(middle=whole.middle)) or "confidence missing: 95 % taken" in fix.warnings
        case NoPosition():
            pytest.fail("a position became none")
        case NotUnderstood(reason=reason):
            assert reason


def test_radius_in_which_the_message_ends_is_not_trusted() -> None:
    reading = located('A"ML=1;lt=-8.09830;lg=112.16810;rd=19')
    assert isinstance(reading.fix.area, Point)
    assert "message cut off in rd" in reading.warnings


def test_confidence_in_which_the_message_ends_is_not_trusted() -> None:
    reading = located('A"ML=1;lt=-8.09830;lg=112.16810;rd=19;lc=6')
    assert isinstance(reading.fix.area, Point)
    assert "message cut off in lc: confidence unknown" in reading.warnings


def test_els_beta() -> None:
    reading = located(BETA)
    fix = reading.fix
    assert fix.area == Circle(middle=fix.area.middle, radius_m=2000.1, confidence_share=0.68)
    assert (fix.area.middle.lat_deg, fix.area.middle.lon_deg) == (-37.42175, -122.08461)
    assert fix.taken_at == datetime(2020, 6, 26, 13, 13, 10, tzinfo=UTC)
    assert (fix.altitude_m, fix.vertical_accuracy_m, fix.method) == (-100.1, 100.1, FixMethod.GNSS)
    assert reading.dialled.at == datetime(2020, 6, 26, 15, 59, 49, tzinfo=UTC)
    assert reading.dialled.number == "+15555555555"
    device = reading.device
    assert (device.mcc, device.mnc, device.home_mcc, device.home_mnc) == ("310", "260", "310", "410")
    assert (device.imei, device.languages) == ("358239059042542", "en-US")


@pytest.mark.parametrize("place", [None, "lo=", "lo=0.00000,0.00000,0"])
def test_els_beta_without_a_position(place: str | None) -> None:
    reading = read_aml_sms(BETA.replace("lo=-37.42175,-122.08461,2000.1;", f"{place};" if place else ""))
    assert isinstance(reading, NoPosition)
    assert reading.dialled.number == "+15555555555"


def test_els_beta_accuracy_zero_is_unknown() -> None:
    assert isinstance(located(BETA.replace("2000.1", "0.0")).fix.area, Point)
    assert isinstance(located(BETA.replace(",2000.1", "")).fix.area, Point)


def test_els_beta_without_the_start_of_the_call() -> None:
    fix = located(BETA.replace("et=1593187189;", "")).fix
    assert (fix.taken_at, fix.altitude_m, fix.method) == (None, None, FixMethod.UNKNOWN)


def test_els_beta_without_the_time_of_positioning() -> None:
    fix = located(BETA.replace("lt=-9999;", "")).fix
    assert fix.taken_at is None
    assert fix.method is FixMethod.GNSS


@pytest.mark.parametrize(
    ("text", "expected"), [("lz=12", (12.0, None)), ("lz=12.5,0.0", (12.5, None)), ("", (None, None))]
)
def test_els_beta_altitude(text: str, expected: tuple[float | None, float | None]) -> None:
    fix = located(BETA.replace("lz=-100.1,100.1;", f"{text};" if text else "")).fix
    assert (fix.altitude_m, fix.vertical_accuracy_m) == expected


@pytest.mark.parametrize("place", ["1", "1,2,3,4", "x,112.1,5", "112.1,-8.1,5", "-8.1,nan"])
def test_els_beta_broken_position(place: str) -> None:
    assert refused(f'A"ML=2;et=1593187189;lo={place};lc=68').field == "lo"


def test_els_beta_cut_off() -> None:
    assert refused('A"ML=2;et=1593187189;lo=-8.09830,112.1').field == "lo"
    reading = located('A"ML=2;et=1593187189;lo=-8.09830,112.16810,20')
    assert isinstance(reading.fix.area, Point)
    assert "message cut off in lo" in reading.warnings


def test_header_tells_an_aml_message() -> None:
    assert looks_like_aml(f"  {BLITAR}")
    assert not looks_like_aml("-8.0983, 112.1681")


@given(
    lat=st.integers(-9_000_000, 9_000_000),
    lon=st.integers(-18_000_000, 18_000_000),
    radius_dm=st.integers(1, 10**7),
    percent=st.integers(1, 100),
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - made aware below
    letter=st.sampled_from("WGCFU"),
)
def test_what_is_written_is_read(
    lat: int, lon: int, radius_dm: int, percent: int, moment: datetime, letter: str
) -> None:
    taken_at = moment.replace(microsecond=0, tzinfo=UTC)
    text = (
        f'A"ML=1;lt={lat / 1e5:+09.5f};lg={lon / 1e5:+010.5f};rd={radius_dm / 10:.1f};'
        f"top={taken_at:%Y%m%d%H%M%S};lc={percent};pm={letter};mcc=510;mnc=01;ml=99"
    )
    reading = read_aml_sms(text)
    if lat == lon == 0:
        assert isinstance(reading, NoPosition)
        return
    assert isinstance(reading, Located)
    area = reading.fix.area
    assert isinstance(area, Circle)
    assert (area.middle.lat_deg, area.middle.lon_deg) == (lat / 1e5, lon / 1e5)
    assert (area.radius_m, area.confidence_share) == (radius_dm / 10, percent / 100)
    assert reading.fix.taken_at == taken_at
    assert timedelta(0) == reading.fix.taken_at.utcoffset()


@given(st.text())
def test_any_text_gives_a_reading(text: str) -> None:
    assert isinstance(read_aml_sms(text), NotUnderstood)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["lt", "lg", "rd", "top", "lc", "pm", "et", "lo", "ml", "nc", "x"]), st.text(max_size=20)
        )
    ),
    st.sampled_from("12"),
)
def test_any_pairs_give_a_reading(pairs: list[tuple[str, str]], version: str) -> None:
    text = f'A"ML={version};' + ";".join(f"{key}={value}" for key, value in pairs)
    assert isinstance(read_aml_sms(text), (Located, NoPosition, NotUnderstood))
