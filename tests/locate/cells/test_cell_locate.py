"""From the exact cell down to its area: each level is said, and nothing unknown becomes a precise place."""

from pathlib import Path

from cells_told import SENTUL, crowd, gsm, lte, nr, sector, table_of, umts

from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells.cell import Cell, Origin
from geo112.locate.cells.identity import CellId, Radio
from geo112.locate.cells.locate import Ambiguous, CellFix, Level, locate
from geo112.locate.cells.report import CellReport, Heard
from geo112.locate.cells.timing import ring


def heard(*identities: CellId, **more: object) -> Heard:
    return Heard(identities=identities, **more)  # type: ignore[arg-type]  # of the test's own making


def served(*identities: CellId, neighbours: tuple[Heard, ...] = (), **more: object) -> CellReport:
    return CellReport(serving=heard(*identities, **more), neighbours=neighbours)


def found(report: CellReport, cells: list[Cell], folder: Path) -> CellFix:
    result = locate(report, table_of(cells, folder))
    assert isinstance(result, CellFix)
    return result


def test_a_known_cell_is_its_own_area(tmp_path: Path) -> None:
    fix = found(served(lte()), [crowd(lte())], tmp_path)
    assert (fix.area, fix.level, fix.warnings) == (Circle(middle=SENTUL, radius_m=1_500.0), Level.CELL, ())
    assert fix.area.confidence_share == 0.95


def test_a_sector_with_timing_is_a_band(tmp_path: Path) -> None:
    fix = found(served(lte(), ring=ring(Radio.LTE, 12)), [sector(lte())], tmp_path)
    assert isinstance(fix.area, ArcBand)
    assert fix.area.apex == SENTUL


def test_an_unknown_cell_of_a_known_site_is_a_wide_circle_that_says_so(tmp_path: Path) -> None:
    fix = found(served(lte(0x503)), [crowd(lte(0x501)), sector(lte(0x502))], tmp_path)
    assert isinstance(fix.area, Circle)
    assert (fix.area.radius_m, fix.level) == (5_000.0, Level.SITE)
    assert "level: site (perkiraan" in fix.warnings[0]


def test_an_unknown_cell_of_a_known_area_is_wider_still(tmp_path: Path) -> None:
    few = [crowd(gsm(n)) for n in range(9)]
    fix = found(served(gsm(4711)), few, tmp_path)
    assert isinstance(fix.area, Circle)
    assert (fix.area.radius_m, fix.level) == (50_000.0, Level.AREA)
    assert "level: area (perkiraan" in fix.warnings[0]
    many = found(served(gsm(4711)), [*few, crowd(gsm(10))], tmp_path)
    assert isinstance(many.area, Circle)
    assert many.area.radius_m == 10_000.0


def test_an_area_alone_is_an_area(tmp_path: Path) -> None:
    tai = CellId(radio=Radio.LTE, mcc="510", mnc="10", area=1234, cell=None)
    assert found(served(tai), [sector(lte())], tmp_path).level is Level.AREA


def test_what_nobody_knows_is_no_place(tmp_path: Path) -> None:
    table = table_of([crowd(lte())], tmp_path)
    for identity in (lte(0x999, area=9), nr(5), gsm(4711), lte(mnc="11")):
        assert locate(served(identity), table) is None
    assert locate(CellReport(serving=None), table) is None


def test_a_gnb_is_known_by_its_length_only(tmp_path: Path) -> None:
    cells = [crowd(nr(0x123_4561, area=None))]
    assert found(served(nr(0x123_4562, area=None), gnb_bits=32), cells, tmp_path).level is Level.SITE
    assert locate(served(nr(0x123_4562, area=None)), table_of(cells, tmp_path)) is None


def test_neighbours_answer_when_the_serving_cell_is_unknown(tmp_path: Path) -> None:
    east = crowd(lte(0x902, area=9), at=SENTUL.moved(bearing_deg=90, distance_m=2_000))
    fix = found(served(lte(0x777), neighbours=(heard(lte()), heard(east.identity))), [crowd(lte()), east], tmp_path)
    assert isinstance(fix.area, Circle)
    assert fix.level is Level.NEIGHBOURS
    assert fix.area.radius_m >= 2_500
    assert "perkiraan" in fix.warnings[0]


def test_a_neighbour_counts_once_and_only_at_the_same_time(tmp_path: Path) -> None:
    far = crowd(lte(0x902), at=SENTUL.moved(bearing_deg=90, distance_m=90_000))
    cells = [crowd(lte()), far]
    now = served(lte(), neighbours=(heard(far.identity),))
    before = served(lte(), neighbours=(heard(far.identity, age_s=61.0), heard(lte())))
    assert found(now, cells, tmp_path).warnings == ("perkiraan: the neighbouring cells contradict the serving cell",)
    assert found(before, cells, tmp_path).warnings == ()


def test_a_number_that_two_radios_have_is_not_guessed(tmp_path: Path) -> None:
    report = served(gsm(77), umts(77))
    one = found(report, [crowd(umts(77))], tmp_path)
    assert one.level is Level.CELL
    both = locate(report, table_of([crowd(gsm(77)), crowd(umts(77))], tmp_path))
    assert both == Ambiguous(identities=(gsm(77), umts(77)))


def test_a_mast_that_the_crowd_knows_exactly_makes_a_ring(tmp_path: Path) -> None:
    exact = Cell(identity=gsm(), place=SENTUL, origin=Origin.EXACT, range_m=9_000.0)
    fix = found(served(gsm(), ring=ring(Radio.GSM, 7)), [exact], tmp_path)
    assert isinstance(fix.area, ArcBand)
    assert (fix.area.opening_deg, fix.area.inner_m < 3_597, fix.area.outer_m > 4_151) == (360.0, True, True)
