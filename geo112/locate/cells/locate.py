"""From what was heard to where the caller is: the cell, else its site, else its area; nothing is made more precise.

| level | the answer | when |
|---|---|---|
| cell | area of the serving cell, cut by its neighbours | the serving cell is in the table |
| neighbours | where all known neighbours can be heard | the serving cell is not known, neighbours are |
| site | circle that holds the known cells of the same eNB or gNB, 5 km at least | only those are in the table |
| area | circle that holds the known cells of the location or tracking area, 10 km at least, 50 km of few | neither is |

Site and area are marked `perkiraan` and their level is said: they rank centres, and are no place to drive to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo112.core.geo import Position
from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells.areas import area_of_cell, reach_of_cell_m
from geo112.locate.cells.cell import Cell
from geo112.locate.cells.identity import CellId
from geo112.locate.cells.report import CellReport, Heard
from geo112.locate.cells.table import CellTable
from geo112.locate.cells.together import cut, only_heard

SITE_AT_LEAST_M = 5_000.0
AREA_AT_LEAST_M = 10_000.0
AREA_OF_FEW_M = 50_000.0
FEW_CELLS = 10
# A neighbour heard this long before or after the serving cell was heard somewhere else.
SAME_TIME_S = 60.0


class Level(StrEnum):
    """How exactly the cell was known."""

    CELL = "cell"
    NEIGHBOURS = "neighbours"
    SITE = "site"
    AREA = "area"


_SAID = {
    Level.CELL: (),
    Level.NEIGHBOURS: ("level: neighbours (perkiraan: the serving cell is not known)",),
    Level.SITE: ("level: site (perkiraan: only other cells of the same site are known)",),
    Level.AREA: ("level: area (perkiraan: only the location area is known, no place to drive to)",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFix:
    """Where the caller is with 95 %, how exactly the cell was known, and what to know about it."""

    area: Circle | ArcBand
    level: Level
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """An identity that does not say its radio, and that two cells of the table have."""

    identities: tuple[CellId, ...]


def locate(report: CellReport, table: CellTable) -> CellFix | Ambiguous | None:
    """Find the area of a caller; None when nothing that was heard is known."""
    serving = _known(report.serving, table)
    if isinstance(serving, Ambiguous):
        return serving
    neighbours = _known_neighbours(report, table)
    if serving is not None and report.serving is not None:
        area, warnings = area_of_cell(serving, report.serving.ring)
        others = [one for one in neighbours if one.identity != serving.identity]
        smaller, contradiction = cut(area, others)
        return _fix(smaller, Level.CELL, (*warnings, *contradiction))
    if neighbours:
        area, contradiction = only_heard(neighbours)
        return _fix(area, Level.NEIGHBOURS, contradiction)
    return None if report.serving is None else _around(report.serving, table)


def _known(heard: Heard | None, table: CellTable) -> Cell | Ambiguous | None:
    """Find the one cell that was meant."""
    if heard is None:
        return None
    found = [cell for identity in heard.identities if (cell := table.find(identity)) is not None]
    if len(found) > 1:
        return Ambiguous(identities=tuple(cell.identity for cell in found))
    return found[0] if found else None


def _known_neighbours(report: CellReport, table: CellTable) -> list[Cell]:
    """Find the neighbours that are known, each once, and were heard at the same time."""
    then_s = report.serving.age_s if report.serving is not None else 0.0
    found: dict[CellId, Cell] = {}
    for heard in report.neighbours:
        cell = _known(heard, table) if abs(heard.age_s - then_s) <= SAME_TIME_S else None
        if isinstance(cell, Cell):
            found[cell.identity] = cell
    return list(found.values())


def _around(serving: Heard, table: CellTable) -> CellFix | None:
    """Fall back to the site, then to the area: wide circles, marked as such; of several areas the widest."""
    for identity in serving.identities:
        site = table.site(identity, gnb_bits=serving.gnb_bits)
        if site:
            return _fix(_around_site(site), Level.SITE, ())
    wide = [found for identity in serving.identities if (found := table.area(identity)) is not None]
    if not wide:
        return None
    middle, reach_m, count = max(wide, key=lambda one: one[1])
    radius_m = max(AREA_OF_FEW_M if count < FEW_CELLS else AREA_AT_LEAST_M, reach_m)
    return _fix(Circle(middle=middle, radius_m=radius_m), Level.AREA, ())


def _around_site(cells: Sequence[Cell]) -> Circle:
    """Draw the circle around the middle of the cells' box that holds all of them with their reach."""
    lons, lats = [one.place.lon_deg for one in cells], [one.place.lat_deg for one in cells]
    middle = Position(lon_deg=(min(lons) + max(lons)) / 2, lat_deg=(min(lats) + max(lats)) / 2)
    radius_m = max(middle.distance_m(one.place) + reach_of_cell_m(one) for one in cells)
    return Circle(middle=middle, radius_m=max(SITE_AT_LEAST_M, radius_m))


def _fix(area: Circle | ArcBand, level: Level, warnings: tuple[str, ...]) -> CellFix:
    return CellFix(area=area, level=level, warnings=(*_SAID[level], *warnings))
