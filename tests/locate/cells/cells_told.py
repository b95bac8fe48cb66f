"""Small tables of cells for tests; every builder has a default for what a test does not speak of."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from geo112.core.geo import Position
from geo112.locate.cells.cell import DEGREES, NO_AREA, ROW, Cell, Origin, tenths, tilt_tenths
from geo112.locate.cells.identity import CellId, Radio, cell_key
from geo112.locate.cells.table import CellTable, open_table
from geo112.locate.cells.table_file import FILE_NAME, write_table

SENTUL = Position(lon_deg=112.1681, lat_deg=-8.0985)


def lte(cell: int = 25_600_001, *, area: int | None = 1234, mnc: str = "10") -> CellId:
    return CellId(radio=Radio.LTE, mcc="510", mnc=mnc, area=area, cell=cell)


def gsm(cell: int = 4711, *, area: int | None = 1234, mnc: str = "10") -> CellId:
    return CellId(radio=Radio.GSM, mcc="510", mnc=mnc, area=area, cell=cell)


def umts(cell: int, *, area: int | None = 1234) -> CellId:
    return CellId(radio=Radio.UMTS, mcc="510", mnc="10", area=area, cell=cell)


def nr(cell: int, *, area: int | None = 123_456) -> CellId:
    return CellId(radio=Radio.NR, mcc="510", mnc="10", area=area, cell=cell)


def crowd(identity: CellId, *, at: Position = SENTUL, range_m: float | None = 1_500.0, samples: int = 200) -> Cell:
    return Cell(identity=identity, place=at, origin=Origin.CROWD, range_m=range_m, samples=samples)


def sector(
    identity: CellId,
    *,
    at: Position = SENTUL,
    azimuth_deg: float | None = 90.0,
    beam_deg: float | None = 65.0,
    range_m: float | None = 2_000.0,
) -> Cell:
    return Cell(
        identity=identity,
        place=at,
        origin=Origin.OPERATOR,
        range_m=range_m,
        azimuth_deg=azimuth_deg,
        beam_deg=beam_deg,
        height_m=42.5,
        tilt_deg=-3.5,
    )


def table_of(cells: Iterable[Cell], folder: Path) -> CellTable:
    """Write a table as the build does, and open it."""
    rows = [
        (
            cell_key(one.identity),
            round(one.place.lon_deg * DEGREES),
            round(one.place.lat_deg * DEGREES),
            NO_AREA if one.identity.area is None else one.identity.area,
            one.range_m or 0,
            one.updated_s,
            one.samples,
            tenths(one.azimuth_deg, turn=True),
            tenths(one.beam_deg),
            tenths(one.height_m),
            tilt_tenths(one.tilt_deg),
            int(one.origin),
            one.gnb_bits or 0,
        )
        for one in cells
    ]
    ordered = np.array(rows, ROW)
    ordered.sort(order="key")
    path = folder / FILE_NAME
    write_table(path, ordered, head={"version": "kecil"})
    table = open_table(path)
    assert table is not None
    return table
