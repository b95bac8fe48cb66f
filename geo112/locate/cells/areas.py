"""The area in which somebody is with 95 % who is served by one cell.

Rules, and where they come from:

- A crowd's cell is a circle around the middle of its observations. That the next observation lies farther out than all
  n before it has the chance 1/(n+1); over an even disc a radius of `range * (20/(n+1))^(1/2n)` holds it with 95 %,
  which is the range itself from 19 observations on. Drives give runs of observations, so five count as one, and up to
  five, which may all stand at one corner of the cell, make no circle below 3 km.
- Never below 1 km: a single cell is no better (mozilla/ichnaea, issue 196). Never above 50 km, GSM 35 km, as ichnaea.
- An operator's sector is its direction with its beam width and 30 degrees to each side: neighbouring sectors of 65
  degrees meet 60 degrees off (3GPP TR 36.814, A.2.1.1). Without a direction or with a whole turn it is a circle.
- A timing advance makes a ring around a mast alone. Around the middle of observations it would be a false ring: there
  it only widens the circle when it says that the caller is farther from the antenna than the circle reaches.
"""

import math

from geo112.core.shapes import ArcBand, Circle
from geo112.locate.cells.cell import Cell, Origin
from geo112.locate.cells.identity import Radio
from geo112.locate.cells.timing import Ring, widened

SMALLEST_M = 1_000.0
WIDEST_M = {Radio.GSM: 35_000.0, Radio.UMTS: 50_000.0, Radio.LTE: 50_000.0, Radio.NR: 50_000.0}
# How far a cell serves when nobody said: country cells, since towns are covered by those rules that know more.
REACH_M = {Radio.GSM: 10_000.0, Radio.UMTS: 10_000.0, Radio.LTE: 10_000.0, Radio.NR: 5_000.0}
SMALLEST_OF_FEW_M = 3_000.0
SMALLEST_OF_A_MAST_M = 200.0
BEAM_MARGIN_DEG = 30.0
NO_DIRECTION_WITHIN_M = 300.0
SAMPLES_AT_ONCE = 5
RANGE_UNKNOWN = "perkiraan: the range of the cell is not known"
RANGE_TOO_WIDE = "perkiraan: the cell was heard farther away than one cell reaches"
BEYOND_THE_CELL = "perkiraan: the timing advance says farther away than the cell was ever heard"
NO_RING = "timing advance makes no ring: the antenna's place is not known"


def area_of_cell(cell: Cell, ring: Ring | None = None) -> tuple[Circle | ArcBand, tuple[str, ...]]:
    """Give the 95 % area of who is served by a cell, and what the call taker should know about it.

    `ring` is the plain ring of the timing advance, before it is widened for detours of the signal.
    """
    warnings = () if cell.range_m else (RANGE_UNKNOWN,)
    if cell.is_mast:
        return _around_mast(cell, ring), (warnings if ring is None else ())
    radius_m = crowd_radius_m(cell)
    widest_m = WIDEST_M[cell.identity.radio]
    if radius_m > widest_m:
        radius_m, warnings = widest_m, (*warnings, RANGE_TOO_WIDE)
    if ring is not None:
        farthest_m = widened(ring).outer_m
        if farthest_m > radius_m:
            radius_m, warnings = radius_m + farthest_m, (*warnings, BEYOND_THE_CELL)
        else:
            warnings = (*warnings, NO_RING)
    return Circle(middle=cell.place, radius_m=radius_m), warnings


def crowd_radius_m(cell: Cell) -> float:
    """Radius around the middle of the observations that holds the next one with 95 %, before it is limited."""
    if not cell.range_m:
        return REACH_M[cell.identity.radio]
    seen = max(1, math.ceil(cell.samples / SAMPLES_AT_ONCE))
    factor = max(1.0, math.exp(math.log(20 / (seen + 1)) / (2 * seen)))
    return max(SMALLEST_OF_FEW_M if seen == 1 else SMALLEST_M, cell.range_m * factor)


def reach_of_cell_m(cell: Cell) -> float:
    """How far from `place` a cell serves with 95 %."""
    if cell.origin is Origin.CROWD:
        return min(crowd_radius_m(cell), WIDEST_M[cell.identity.radio])
    return max(SMALLEST_OF_A_MAST_M, cell.range_m or REACH_M[cell.identity.radio])


def _around_mast(cell: Cell, ring: Ring | None) -> Circle | ArcBand:
    """Draw the sector or circle of an antenna, as a band where a timing advance says how far."""
    band = Ring(inner_m=0.0, outer_m=reach_of_cell_m(cell)) if ring is None else widened(ring)
    start_deg, opening_deg = _directions(cell)
    if band.outer_m < NO_DIRECTION_WITHIN_M or opening_deg >= 360:
        start_deg, opening_deg = 0.0, 360.0
    if opening_deg == 360 and band.inner_m == 0:
        return Circle(middle=cell.place, radius_m=band.outer_m)
    return ArcBand(
        apex=cell.place, inner_m=band.inner_m, outer_m=band.outer_m, start_deg=start_deg, opening_deg=opening_deg
    )


def _directions(cell: Cell) -> tuple[float, float]:
    """Give start and opening of a sector, clockwise from north; the whole turn where no direction is known."""
    if cell.azimuth_deg is None or cell.beam_deg is None or cell.beam_deg >= 360:
        return 0.0, 360.0
    opening_deg = min(360.0, cell.beam_deg + 2 * BEAM_MARGIN_DEG)
    return (cell.azimuth_deg - opening_deg / 2) % 360, opening_deg
