"""Several cells at once: the serving cell says where, the neighbours only cut away what is out of their reach.

Nothing is averaged. A cell that is heard but does not serve reaches farther than it serves: `HEARD_FARTHER` times its
95 % radius, at least `HEARD_AT_LEAST_M`. What of the serving area lies out of that reach of any neighbour is cut away,
and the circle around what is left takes its place, if it is clearly smaller. Where nothing is left, or hardly anything,
the cells contradict each other: the serving area stays as it is, and the call taker is told.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo112.core.extent import size_m2
from geo112.core.geo import Position, wgs84
from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells.areas import SMALLEST_M, reach_of_cell_m
from geo112.locate.cells.cell import Cell

HEARD_FARTHER = 2.5
HEARD_AT_LEAST_M = 3_000.0
CONTRADICT = "perkiraan: the neighbouring cells contradict the serving cell"
# A circle takes the place of the serving area when it is this much smaller, since it is the plainer statement.
WORTH_SHARE = 0.8
_LEAST_SHARE = 0.02
_STEPS = 48
type _Floats = npt.NDArray[np.float64]


def cut(serving: Circle | ArcBand, neighbours: Sequence[Cell]) -> tuple[Circle | ArcBand, tuple[str, ...]]:
    """Give the part of a serving area in which all neighbours can be heard, as a circle, or the area as it was."""
    if not neighbours:
        return serving, ()
    base = serving.apex if isinstance(serving, ArcBand) else serving.middle
    east_m, north_m, step_m = _grid(serving)
    held = np.ones(len(east_m), np.bool_)
    for one in neighbours:
        bearing_deg, _, far_m = wgs84().inv(base.lon_deg, base.lat_deg, one.place.lon_deg, one.place.lat_deg)
        there_east_m = far_m * math.sin(math.radians(bearing_deg))
        there_north_m = far_m * math.cos(math.radians(bearing_deg))
        held &= np.hypot(east_m - there_east_m, north_m - there_north_m) <= hearing_m(one) + step_m
    if held.sum() < max(1, _LEAST_SHARE * len(held)):
        return serving, (CONTRADICT,)
    circle = _around(base, east_m[held], north_m[held], step_m)
    before_m2, now_m2 = size_m2(serving), size_m2(circle)
    smaller = before_m2 is not None and now_m2 is not None and now_m2 <= WORTH_SHARE * before_m2
    return (circle if smaller else serving), ()


def only_heard(neighbours: Sequence[Cell]) -> tuple[Circle | ArcBand, tuple[str, ...]]:
    """Give the area in which all of these cells can be heard, when nobody knows which cell serves."""
    nearest = min(neighbours, key=hearing_m)
    base = Circle(middle=nearest.place, radius_m=hearing_m(nearest))
    return cut(base, [one for one in neighbours if one is not nearest])


def hearing_m(cell: Cell) -> float:
    """How far from its place a cell can be heard."""
    return max(HEARD_AT_LEAST_M, HEARD_FARTHER * reach_of_cell_m(cell))


def _grid(area: Circle | ArcBand) -> tuple[_Floats, _Floats, float]:
    """Lay points over an area, in metres east and north of what it hangs on; no place of it is a spacing from one.

    The plane is good to a thousandth over the 50 km that a cell reaches at most, less than the spacing.
    """
    outer_m = area.outer_m if isinstance(area, ArcBand) else area.radius_m
    step_m = 2 * outer_m / _STEPS
    line = (np.arange(_STEPS) + 0.5) * step_m - outer_m
    east_m, north_m = (part.ravel() for part in np.meshgrid(line, line))
    far_m = np.hypot(east_m, north_m)
    inside = far_m <= outer_m + step_m / 2
    if isinstance(area, ArcBand):
        turned_deg = (np.degrees(np.arctan2(east_m, north_m)) - area.start_deg) % 360
        inside &= (far_m >= area.inner_m - step_m) & (turned_deg <= area.opening_deg)
    return east_m[inside], north_m[inside], step_m


def _around(base: Position, east_m: _Floats, north_m: _Floats, step_m: float) -> Circle:
    """Draw the circle around the middle of the points' box that holds them all, never finer than a single cell is."""
    middle_east_m, middle_north_m = (float(part.min() + part.max()) / 2 for part in (east_m, north_m))
    radius_m = float(np.hypot(east_m - middle_east_m, north_m - middle_north_m).max()) + step_m
    bearing_deg = math.degrees(math.atan2(middle_east_m, middle_north_m))
    middle = base.moved(bearing_deg=bearing_deg, distance_m=math.hypot(middle_east_m, middle_north_m))
    return Circle(middle=middle, radius_m=max(SMALLEST_M, radius_m))
