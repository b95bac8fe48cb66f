"""The table: what is written is found again, damage is said, and a running centre takes up a new file."""

import random
import time
from pathlib import Path

import pytest
from cells_told import SENTUL, crowd, gsm, lte, nr, sector, table_of, umts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo112.core.errors import DataMissing
from geo112.locate.cells.cell import Cell
from geo112.locate.cells.identity import cell_key
from geo112.locate.cells.table import CellsFile, open_table
from geo112.locate.cells.table_file import FILE_NAME


def test_a_cell_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = [sector(lte()), crowd(gsm()), crowd(nr((1 << 36) - 1), range_m=None), crowd(umts(0xABC_0001))]
    table = table_of(written, tmp_path)
    assert [table.find(one.identity) for one in written] == written
    assert (len(table), table.version, table.head["version"]) == (4, "kecil", "kecil")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, (1 << 28) - 1), min_size=1, max_size=50), st.integers(0, (1 << 28) - 1))
def test_only_cells_of_the_table_are_found(tmp_path: Path, numbers: set[int], other: int) -> None:
    table = table_of([crowd(lte(number)) for number in numbers], tmp_path)
    assert all(table.find(lte(number)) == crowd(lte(number)) for number in numbers)
    assert (table.find(lte(other)) is not None) is (other in numbers)
    assert table.find(lte(min(numbers), mnc="11")) is None


def test_the_area_code_counts_only_where_the_number_needs_it(tmp_path: Path) -> None:
    table = table_of([crowd(lte(25_600_001, area=7)), crowd(gsm(5, area=7))], tmp_path)
    assert table.find(lte(25_600_001, area=8)) is not None
    assert table.find(lte(25_600_001, area=None)) is not None
    assert table.find(gsm(5, area=8)) is None


def test_both_numbers_of_a_umts_cell_find_each_other_unless_two_could_be_meant(tmp_path: Path) -> None:
    full, short = crowd(umts(0xABC_0001)), crowd(umts(0x0002))
    table = table_of([full, short], tmp_path)
    assert table.find(umts(0x0001)) == full
    assert table.find(umts(0xABC_0002)) == short
    assert table.find(umts(0x0001, area=9)) is None
    two = table_of([full, crowd(umts(0xABD_0001))], tmp_path)
    assert two.find(umts(0x0001)) is None


def test_the_cells_of_a_site(tmp_path: Path) -> None:
    mine, theirs = [lte(0x500 | n) for n in (1, 2, 255)], [lte(0x4FF), lte(0x600)]
    gnb = [nr(0x1230 | n) for n in range(3)]
    table = table_of([crowd(one) for one in (*mine, *theirs, *gnb)], tmp_path)
    assert [one.identity for one in table.site(lte(0x577))] == mine
    assert [one.identity for one in table.site(nr(0x1239), gnb_bits=32)] == gnb
    assert table.site(nr(0x1239)) == table.site(nr(0x2239), gnb_bits=32) == table.site(gsm()) == []


def test_an_area_holds_its_cells_but_for_a_few_wrong_ones(tmp_path: Path) -> None:
    cells = [
        crowd(lte(n << 8, area=7), at=SENTUL.moved(bearing_deg=n * 7, distance_m=n * 100), range_m=500.0)
        for n in range(100)
    ]
    lost = crowd(lte(200 << 8, area=7), at=SENTUL.moved(bearing_deg=0, distance_m=900_000))
    table = table_of([*cells, lost], tmp_path)
    found = table.area(lte(1, area=7))
    assert found is not None
    middle, reach_m, count = found
    assert (middle.distance_m(SENTUL) < 2_000, 9_000 < reach_m < 14_000, count) == (True, True, 101)
    assert table.area(lte(1, area=8)) is None
    assert table.area(lte(1, area=None)) is None


def test_no_file_is_no_table_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    assert open_table(path) is None
    table_of([crowd(lte())], tmp_path)
    whole = path.read_bytes()
    for damaged in (
        b"",
        b"hello",
        whole[:10],
        whole[:200],
        whole[:-64],
        b"geo112 cells 0\n\n" + whole[16:],
        whole + bytes(64),
    ):
        path.write_bytes(damaged)
        with pytest.raises(DataMissing):
            open_table(path)


def test_a_running_centre_takes_up_a_new_file_and_keeps_the_last_good_one(tmp_path: Path) -> None:
    cells = CellsFile(tmp_path / FILE_NAME)
    assert cells.table() is None
    table_of([crowd(lte(1))], tmp_path)
    first = cells.table()
    assert first is not None
    assert cells.table() is first
    table_of([crowd(lte(1)), crowd(lte(2))], tmp_path)
    second = cells.table()
    assert second is not None
    assert (len(first), len(second)) == (1, 2)
    fresh = tmp_path / "fresh"
    fresh.write_bytes(b"broken")
    fresh.replace(tmp_path / FILE_NAME)
    assert cells.table() is second
    (tmp_path / FILE_NAME).unlink()
    assert cells.table() is second


def test_finding_takes_far_less_than_a_millisecond(tmp_path: Path) -> None:
    draw = random.Random(3)  # noqa: S311 - a table, not a secret
    numbers = draw.sample(range(1 << 28), 20_000)
    table = table_of([crowd(lte(number)) for number in numbers], tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_size < 20_000 * 300e6 / 2e6, "2 million cells have 300 MB"
    asked = [lte(number) for number in numbers[:2_000]]
    times = []
    for one in asked:
        began = time.perf_counter()
        found: Cell | None = table.find(one)
        times.append(time.perf_counter() - began)
        assert found is not None
        assert cell_key(found.identity) == cell_key(one)
    assert sorted(times)[1_900] < 0.001
