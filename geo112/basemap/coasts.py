"""Tells coasts from the slits and gaps that the sources leave inside the land."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo112.basemap.rings import Bools
from geo112.basemap.world import UNIT_M, Floats, Ints

# Sources leave slits between neighbours: an edge this near to that of another kabupaten or kota is no coast.
REACH_M = 60.0
# A creek narrower than this between two shores of one kabupaten is a slit between two of its kecamatan.
SLIT_M = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LandEdge:
    """Segments from `a` to `b` in world units with one kabupaten or kota on one side and nothing on the other."""

    a: Floats
    b: Floats
    kabkota: Ints
    land_left: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Inland:
    """What helps to tell: gaps inside the land (world units), how near is beside, and how far borders were moved."""

    gaps: npt.NDArray[np.object_]
    reach_units: float
    slack_units: float


def inland_of(gaps: npt.NDArray[np.object_], *, pixel_units: float, slack_units: float) -> Inland:
    """Count as beside what is within a slit's width or a pixel."""
    return Inland(gaps=gaps, reach_units=max(REACH_M / UNIT_M, pixel_units), slack_units=slack_units)


def across(edge: LandEdge, inland: Inland) -> Ints:
    """Name what lies across each segment: another kabupaten or kota, its own across a slit or gap, or -1 for the sea.

    Where several come into question, the lowest code is taken.
    """
    answer = np.full(len(edge.a), -1, np.int64)
    if not len(answer):
        return answer
    middle = np.asarray(shapely.points((edge.a + edge.b) / 2), dtype=object)
    lines = np.asarray(shapely.linestrings(np.stack((edge.a, edge.b), axis=1)), dtype=object)
    here, there = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=inland.reach_units)
    at_gap, facing = _at_gaps(edge.kabkota, middle, inland)
    slit = _own_slit(edge, here, there)
    answer[slit], answer[at_gap] = edge.kabkota[slit], edge.kabkota[at_gap]
    pairs = np.concatenate((facing, np.column_stack((here, edge.kabkota[there]))))
    pairs = pairs[pairs[:, 1] != edge.kabkota[pairs[:, 0]]]
    # The last one written wins, hence the lowest code.
    pairs = pairs[np.argsort(-pairs[:, 1], kind="stable")]
    answer[pairs[:, 0]] = pairs[:, 1]
    return answer


def _at_gaps(kabkota: Ints, middle: npt.NDArray[np.object_], inland: Inland) -> tuple[Ints, Ints]:
    """Find the segments at a gap, and pair each with every kabupaten or kota at the same gap."""
    segment, gap = shapely.STRtree(inland.gaps).query(middle, predicate="dwithin", distance=inland.slack_units)
    around = np.unique(np.column_stack((gap, kabkota[segment])), axis=0)
    begin = np.searchsorted(around[:, 0], gap, side="left")
    count = np.searchsorted(around[:, 0], gap, side="right") - begin
    turn = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return segment, np.column_stack((np.repeat(segment, count), around[np.repeat(begin, count) + turn, 1]))


def _own_slit(edge: LandEdge, here: Ints, there: Ints) -> Ints:
    """Find the segments that face, across at most a slit of water, an opposite shore of their own kabupaten or kota."""
    near = (edge.kabkota[here] == edge.kabkota[there]) & (here != there)
    here, there = here[near], there[near]
    turned = np.where(edge.land_left, -1.0, 1.0)[:, None]
    way, way_there = ((edge.b - edge.a)[side] * turned[side] for side in (here, there))
    length, length_there = np.hypot(*way.T), np.hypot(*way_there.T)
    facing = (way * way_there).sum(axis=1) < -0.5 * length * length_there
    away = (edge.a + edge.b)[here] / 2 - edge.a[there]
    run = (edge.b - edge.a)[there]
    share = np.clip((away * run).sum(axis=1) / np.maximum(1.0, (run * run).sum(axis=1)), 0.0, 1.0)
    gap = run * share[:, None] - away
    # With the land to the right of the way and y to the south, the water lies towards (dy, -dx).
    seaward = gap[:, 0] * way[:, 1] - gap[:, 1] * way[:, 0] >= -length
    found: Ints = here[facing & seaward & (np.hypot(*gap.T) <= SLIT_M / UNIT_M)]
    return found
