"""Any text and any JSON becomes a fix or a reason, and one wrong detail loses no cell."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cells_told import SENTUL, crowd, gsm, lte, nr, sector, table_of, umts
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells.read import (
    AMBIGUOUS,
    NO_CELLS,
    NO_TABLE,
    UNKNOWN_CELL,
    fix_of_cells,
    looks_like_cells,
    read_cells,
)
from geo112.locate.cells.table import CellTable
from geo112.locate.fix import FixMethod, FixSource, Located, NoPosition, NotUnderstood

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
OWN = {"radio": "lte", "mcc": "510", "mnc": "10", "area": 1234, "cell": 25_600_001}
TOWER = {
    "radioType": "lte",
    "mobileCountryCode": 510,
    "mobileNetworkCode": 1,
    "locationAreaCode": 1234,
    "cellId": 25_600_001,
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> CellTable:
    cells = [sector(lte()), crowd(lte(mnc="01")), crowd(gsm()), crowd(nr((1 << 36) - 1))]
    return table_of(cells, tmp_path_factory.mktemp("cells"))


def located(reading: object) -> Located:
    assert isinstance(reading, Located), reading
    return reading


def test_the_own_form(table: CellTable) -> None:
    body = {**OWN, "timing_advance": 12, "taken_at": "2026-11-22T03:15:30Z"}
    fix = located(read_cells(json.dumps(body), table)).fix
    assert isinstance(fix.area, ArcBand)
    assert (fix.source, fix.method) == (FixSource.CELL, FixMethod.CELL)
    assert fix.taken_at == datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
    assert fix.area.confidence_share == 0.95


@pytest.mark.parametrize(
    "change",
    [
        {"mnc": 10, "mcc": 510},
        {"area": None, "tac": "1234"},
        {"cell": None, "eci": 25_600_001.0},
        {"cell": 1, "enb": 100_000},
        {"radio": None},
        {"signal_dbm": -90, "pci": 5, "age_s": 2.5},
    ],
)
def test_other_words_for_the_same_cell(table: CellTable, change: dict[str, object]) -> None:
    assert located(read_cells(json.dumps({**OWN, **change}), table)).device.mnc == "10"


@pytest.mark.parametrize(
    "text",
    [
        "lte 510-10-1234-25600001",
        "510-10-1234-25600001",
        '{"identity": "510-10-25600001"}',
        '["510-10-25600001"]',
        "3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=5101004D2186A001",
        " nr 510-10-68719476735 ",
    ],
)
def test_an_identity_alone(table: CellTable, text: str) -> None:
    assert looks_like_cells(text) is (text[:1] != "[")
    assert located(read_cells(text, table)).fix.taken_at is None


@pytest.mark.parametrize("text", ["112.16 8.09", "112.16.8.09", "-8.0985, 112.1681", "112 10 5 3", "tolong", "", "{}"])
def test_coordinates_are_no_cells(text: str) -> None:
    assert not looks_like_cells(text)


def test_the_form_of_ichnaea_with_its_lost_zero(table: CellTable) -> None:
    body = {"homeMobileNetworkCode": 1, "considerIp": True, "cellTowers": [TOWER], "wifiAccessPoints": [{"x": 1}]}
    assert looks_like_cells(json.dumps(body))
    reading = located(read_cells(json.dumps(body), table))
    assert (reading.fix.area, reading.device.mnc) == (Circle(middle=SENTUL, radius_m=1_500.0), "01")


def test_a_tower_that_is_of_no_use_is_passed_over(table: CellTable) -> None:
    useless = [{}, {**TOWER, "cellId": None}, {**TOWER, "radioType": "cdma"}, {**TOWER, "cellId": 1 << 40}]
    body = {"cellTowers": [*useless, {**TOWER, "mobileNetworkCode": 99}, {**TOWER, "serving": 1}]}
    assert located(read_cells(json.dumps(body), table)).device.mnc == "01"
    assert read_cells(json.dumps({"cellTowers": useless}), table) == NoPosition(reason=NO_CELLS)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "identity"),
        ("{", "text"),
        ("{}", "mcc"),
        ("5", "identity"),
        ('{"a": 1, "a": 1}', "text"),
        ("[" * 100_000, "text"),
        ("[" * 60_000, "text"),
        ("9" * 5_000, "identity"),
        ("[" + "9" * 5_000 + "]", "text"),
        ('[{"identity": NaN}]', "text"),
        ('{"cellTowers": {"a": 1}}', "cellTowers"),
        ('{"cellTowers": [1]}', "cellTowers.0"),
        ('{"cellTowers": [{"mobileCountryCode": "x"}]}', "mobileCountryCode"),
        (json.dumps({**OWN, "colour": "red"}), "colour"),
        (json.dumps({**OWN, "mnc": "1"}), "mnc"),
        (json.dumps({**OWN, "mcc": None}), "mcc"),
        (json.dumps({**OWN, "cell": True}), "cell"),
        (json.dumps({**OWN, "cell": 1, "eci": 2}), "cell"),
        (json.dumps({**OWN, "taken_at": "yesterday"}), "taken_at"),
        (json.dumps({**OWN, "taken_at": 5}), "taken_at"),
        (json.dumps({**OWN, "gnb_bits": 5}), "gnb_bits"),
        (json.dumps({**OWN, "neighbours": [{**OWN, "cell": -1}]}), "neighbours.0.cell"),
        (json.dumps({**OWN, "neighbours": "x"}), "neighbours"),
        (json.dumps({**OWN, "neighbours": [OWN] * 65}), "neighbours"),
        (json.dumps({**OWN, "radio": 4}), "radio"),
        (json.dumps({**OWN, "mnc": None}), "mnc"),
        (json.dumps({**OWN, "mnc": 1000}), "mnc"),
        (json.dumps({**OWN, "enb": 5, "cell": 256}), "enb"),
        (json.dumps({**OWN, "area": None, "cell": None}), "cell"),
        (json.dumps({**OWN, "radio": None, "cell": None}), "radio"),
        ('{"identity": 5}', "identity"),
        (json.dumps({**OWN, "age_s": 10**300}), "age_s"),
    ],
)
def test_what_is_no_report_is_refused_by_name(table: CellTable, text: str, field: str) -> None:
    reading = read_cells(text, table)
    assert isinstance(reading, NotUnderstood), reading
    assert reading.field == field


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"timing_advance": 1_283}, "not a timing advance"),
        ({"timing_advance": 31, "timing_advance_kind": "relative"}, "relative"),
        ({"timing_advance": 3, "timing_advance_kind": "x"}, "timing_advance_kind"),
        ({"timing_advance": 10**30, "timing_advance_kind": "total_tc", "mu": 0}, "timing advance"),
        ({"timing_advance": "x"}, "whole number"),
        ({"timing_advance": 3, "radio": None}, "radio"),
    ],
)
def test_a_wrong_timing_advance_loses_no_cell(table: CellTable, change: dict[str, object], word: str) -> None:
    reading = located(read_cells(json.dumps({**OWN, **change}), table))
    assert reading.fix.area == located(read_cells(json.dumps(OWN), table)).fix.area
    assert word in reading.warnings[-1]


def test_the_unknown_of_android_is_unknown(table: CellTable) -> None:
    assert located(read_cells(json.dumps({**OWN, "timing_advance": 2147483647}), table)).warnings == ()


def test_the_round_trip_of_umts_counts(tmp_path: Path) -> None:
    umts_table = table_of([sector(umts(70_000))], tmp_path)
    body = {"radio": "3g", "mcc": "510", "mnc": "10", "area": 1234, "cell": 70_000, "rtt_chips": 1064}
    area = located(read_cells(json.dumps(body), umts_table)).fix.area
    assert isinstance(area, ArcBand)
    assert area.inner_m < 20 * 78.07 < area.outer_m


def test_a_tower_without_an_area_is_of_use_for_nr_only(table: CellTable) -> None:
    tower = {**TOWER, "locationAreaCode": None}
    assert isinstance(read_cells(json.dumps({"cellTowers": [tower]}), table), NoPosition)
    fifth = {**tower, "radioType": "nr", "mobileNetworkCode": 10, "cellId": None, "newRadioCellId": (1 << 36) - 1}
    assert located(read_cells(json.dumps({"cellTowers": [fifth]}), table)).device.mnc == "10"


def test_all_of_nrs_advance_is_freed_of_its_offset(table: CellTable) -> None:
    body = {"radio": "nr", "mcc": "510", "mnc": "10", "cell": (1 << 36) - 1, "mu": 1, "offset_tc": 25_600}
    body |= {"timing_advance": 25_600 + 20 * 512, "timing_advance_kind": "total_tc"}
    assert "no ring" in located(read_cells(json.dumps(body), table)).warnings[0]
    body["timing_advance"] = 25_599
    assert "left out" in located(read_cells(json.dumps(body), table)).warnings[0]


def test_why_there_is_no_position(table: CellTable, tmp_path: Path) -> None:
    unknown = json.dumps({**OWN, "area": 9, "cell": 77 << 16})
    assert read_cells(unknown, table) == read_cells(unknown.replace('"510"', "510"), table)
    reading = read_cells(unknown, table)
    assert isinstance(reading, NoPosition)
    assert (reading.reason, reading.device.mcc) == (UNKNOWN_CELL, "510")
    without = read_cells(json.dumps(OWN))
    assert isinstance(without, NoPosition)
    assert without.reason == NO_TABLE
    both = table_of([crowd(lte(70_000)), crowd(umts(70_000))], tmp_path)
    ambiguous = read_cells("510-10-1234-70000", both)
    assert isinstance(ambiguous, NoPosition)
    assert ambiguous.reason == AMBIGUOUS


def test_cells_that_came_with_a_call_are_as_old_as_they_say(table: CellTable) -> None:
    assert located(fix_of_cells([OWN], table, NOW)).fix.taken_at == NOW
    assert located(fix_of_cells([{**TOWER, "age": 5_000}], table, NOW)).fix.taken_at == NOW - timedelta(seconds=5)
    assert located(fix_of_cells({**OWN, "age_s": 7}, table, NOW)).fix.taken_at == NOW - timedelta(seconds=7)
    assert located(fix_of_cells("510-10-25600001", table, NOW)).fix.taken_at == NOW
    assert located(fix_of_cells({**OWN, "age_s": 1e9}, table, NOW)).fix.taken_at is None
    assert isinstance(fix_of_cells([], table, NOW), NoPosition)
    assert isinstance(fix_of_cells(5, table, NOW), NotUnderstood)
    assert isinstance(fix_of_cells([OWN], None, NOW), NoPosition)


KEYS = st.sampled_from(
    [*OWN, *TOWER, "cellTowers", "neighbours", "timing_advance", "mu", "age", "age_s", "timingAdvance"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.integers(0, 700)
    | st.floats()
    | st.sampled_from(["510", "10", "lte", "nr", "510-10-1-2", "2026-11-22T03:15:30Z", "\ud800"])
    | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=15
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_json_is_read_within_ten_milliseconds(table: CellTable, value: object) -> None:
    text = json.dumps(value)
    began = time.process_time()
    reading = read_cells(text, table)
    assert time.process_time() - began < 0.1
    assert isinstance(reading, Located | NoPosition | NotUnderstood)
    assert isinstance(fix_of_cells(value, table, NOW), Located | NoPosition | NotUnderstood)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.from_regex(r'[{"\[]{1,3}(mcc|cellTowers|identity)[":{\[0-9 -]{0,30}'))
def test_any_text_is_read(table: CellTable, text: str) -> None:
    assert isinstance(read_cells(text, table), Located | NoPosition | NotUnderstood)
    assert looks_like_cells(text) in (True, False)
