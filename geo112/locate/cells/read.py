"""Reads what a telephone or network says of its cells, and tells where the caller is by a table of cells.

read_cells(text, table)        any text: JSON in either form of report_json.py, or one identity such as
                               510-10-1234-56789, cgi 15F0011234ABCD or a P-Access-Network-Info value
fix_of_cells(cells, table, now) a parsed JSON value, such as the cells that a telephone exchange sends
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from geo112.core.errors import BadInput, BadMessage
from geo112.locate.cells.identity_text import read_identity
from geo112.locate.cells.locate import Ambiguous, CellFix, locate
from geo112.locate.cells.report import CellReport, Heard
from geo112.locate.cells.report_json import report_of
from geo112.locate.cells.table import CellTable
from geo112.locate.fix import Device, Fix, FixMethod, FixSource, Located, NoPosition, NotUnderstood, Reading

LONGEST_TEXT = 65_536
NO_TABLE = "no cell table: run geo112 prepare cells"
UNKNOWN_CELL = "neither the cell nor its area is in the cell table"
NO_CELLS = "no usable cell is named"
AMBIGUOUS = "the radio of the cell is not said, and two cells of the table have this number"
_WORDS = ('"cellTowers"', '"mcc"', '"identity"')


def looks_like_cells(text: str) -> bool:
    """Tell whether a text is a report of cells rather than any other location message."""
    stripped = text.strip()
    if stripped[:1] == "{":
        return any(word in stripped[:LONGEST_TEXT] for word in _WORDS)
    try:
        found = read_identity(stripped)
    except BadMessage:
        return False
    # No country has a code below 200, and no coordinate is above it.
    return found[0].mcc >= "200"


def read_cells(text: str, table: CellTable | None = None) -> Reading:
    """Read any text as a report of cells; never raises: what is not understood comes back as NotUnderstood."""
    try:
        report = report_of_text(text)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)
    return reading_of(report, table)


def fix_of_cells(cells: object, table: CellTable | None, now: datetime) -> Reading:
    """Tell where a caller is by the cells that a door was given with the call; never raises.

    What the report says of no time, was so `now`, or as much earlier as the serving cell is old.
    """
    try:
        report = report_of([cells] if isinstance(cells, str) else cells)
    except BadInput as error:
        return NotUnderstood(reason=error.message, field=error.field)
    age_s = report.serving.age_s if report.serving is not None else 0.0
    if report.taken_at is None and 0 <= age_s < 86_400:
        report = replace(report, taken_at=now - timedelta(seconds=age_s))
    return reading_of(report, table)


def reading_of(report: CellReport, table: CellTable | None) -> Reading:
    """Tell where the caller is: a fix of 95 %, or that no position is known and why."""
    device = _device(report.serving)
    found = locate(report, table) if table is not None else None
    if isinstance(found, CellFix):
        fix = Fix(
            area=found.area,
            source=FixSource.CELL,
            method=FixMethod.CELL,
            taken_at=report.taken_at,
            warnings=(*found.warnings, *report.warnings),
        )
        return Located(fix=fix, device=device)
    if isinstance(found, Ambiguous):
        reason = AMBIGUOUS
    elif report.serving is None and not report.neighbours:
        reason = NO_CELLS
    else:
        reason = NO_TABLE if table is None else UNKNOWN_CELL
    return NoPosition(reason=reason, taken_at=report.taken_at, device=device, warnings=report.warnings)


def report_of_text(text: str) -> CellReport:
    """Read a text as a report; raises BadInput naming what is wrong."""
    if len(text) > LONGEST_TEXT:
        raise BadMessage(f"has {len(text)} characters, more than {LONGEST_TEXT}", field="text")
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        return report_of(parse_json(stripped))
    return CellReport(serving=Heard(identities=read_identity(stripped)))


def parse_json(text: str) -> object:
    """Parse JSON that says everything once; raises BadMessage for any other text."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        # A number with thousands of digits is a ValueError too.
        raise BadMessage("is not JSON that can be read", field="text") from None


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    made = dict(listed)
    if len(made) != len(listed):
        raise ValueError("a field is given twice")
    return made


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _device(serving: Heard | None) -> Device:
    """Name the network that the telephone was in."""
    return Device() if serving is None else Device(mcc=serving.identities[0].mcc, mnc=serving.identities[0].mnc)
