"""The stated 95 % areas hold the truth at least that often, in a world that shares no code with the cells."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cells_told import SENTUL, crowd, lte, sector, table_of
from pyproj import Geod
from radio_world import People, RadioWorld

from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells.cell import Cell
from geo112.locate.cells.identity import CellId, Radio
from geo112.locate.cells.locate import CellFix, Level, locate
from geo112.locate.cells.report import CellReport, Heard
from geo112.locate.cells.timing import ring

CALLERS = 600
EARTH = Geod(ellps="WGS84")
Cells = dict[int, Cell]


def identity(number: int) -> CellId:
    return lte((1000 + number // 3 << 8) + number % 3, area=77)


def at(east_m: float, north_m: float) -> Position:
    far_m, bearing = math.hypot(east_m, north_m), math.degrees(math.atan2(east_m, north_m))
    lon, lat, _ = EARTH.fwd(SENTUL.lon_deg, SENTUL.lat_deg, bearing, far_m)
    return Position(lon_deg=lon, lat_deg=lat)


def holds(area: Circle | ArcBand, place: Position) -> bool:
    base = area.apex if isinstance(area, ArcBand) else area.middle
    bearing, _, far_m = EARTH.inv(base.lon_deg, base.lat_deg, place.lon_deg, place.lat_deg)
    if isinstance(area, Circle):
        return far_m <= area.radius_m
    return area.inner_m <= far_m <= area.outer_m and (bearing - area.start_deg) % 360 <= area.opening_deg


def crowd_of(most: int) -> Callable[[RadioWorld, People], Cells]:
    def make(world: RadioWorld, observers: People) -> Cells:
        listed = world.crowd_list(observers, most=most)
        return {
            number: crowd(identity(number), at=at(east, north), range_m=range_m or None, samples=count)
            for number, (east, north, range_m, count) in listed.items()
        }

    return make


def operators_own(world: RadioWorld, observers: People) -> Cells:
    ranges_m = world.ranges_m(observers)
    return {
        number: sector(
            identity(number),
            at=at(world.site_east_m[world.site_of[number]], world.site_north_m[world.site_of[number]]),
            azimuth_deg=float(world.azimuth_deg[number]),
            range_m=float(ranges_m[number]),
        )
        for number in range(world.sectors)
    }


def share_held(
    world: RadioWorld, known: Mapping[int, Cell], folder: Path, *, timing: bool, neighbours: bool, served: bool = True
) -> tuple[float, set[Level]]:
    table, callers = table_of(known.values(), folder), world.people(CALLERS)
    held, asked, levels = 0, 0, set()
    for n in range(CALLERS):
        first, *others = (int(one) for one in callers.heard[n] if one >= 0)
        plain = ring(Radio.LTE, int(callers.advance[n])) if timing else None
        report = CellReport(
            serving=Heard(identities=(identity(first),), ring=plain),
            neighbours=tuple(Heard(identities=(identity(one),)) for one in others) if neighbours else (),
        )
        if (first in known) is not served:
            continue
        found = locate(report, table)
        if isinstance(found, CellFix):
            asked += 1
            levels.add(found.level)
            held += holds(found.area, at(callers.east_m[n], callers.north_m[n]))
    assert asked > 100
    return held / asked, levels


@pytest.mark.parametrize("neighbours", [False, True])
@pytest.mark.parametrize("timing", [False, True])
@pytest.mark.parametrize("listed", [crowd_of(3), crowd_of(60), operators_own], ids=["few", "many", "operator"])
def test_the_area_of_a_known_cell_holds_the_caller(
    tmp_path: Path, listed: Callable[[RadioWorld, People], Cells], *, timing: bool, neighbours: bool
) -> None:
    world = RadioWorld(7)
    known = listed(world, world.people(12000))
    share, levels = share_held(world, known, tmp_path, timing=timing, neighbours=neighbours)
    assert levels == {Level.CELL}
    assert share >= 0.945, "95 % less what chance does to 600 callers"


@pytest.mark.parametrize(
    ("neighbours", "level"), [(True, Level.NEIGHBOURS), (False, Level.SITE)], ids=["neighbours", "site"]
)
def test_so_does_the_area_of_an_unknown_cell(tmp_path: Path, *, neighbours: bool, level: Level) -> None:
    world = RadioWorld(8)
    all_cells = crowd_of(60)(world, world.people(6000))
    known = {number: cell for number, cell in all_cells.items() if number % 5}
    share, levels = share_held(world, known, tmp_path, timing=False, neighbours=neighbours, served=False)
    assert level in levels
    assert share >= 0.945
