"""Reports of cells as JSON: geo112's own form, strict by name, and the form of Ichnaea, whose other fields are let be.

Own form: the serving cell, each neighbour in the same form without neighbours of its own:

    {"radio": "lte", "mcc": "510", "mnc": "10", "area": 1234, "cell": 56789012, "timing_advance": 7,
     "taken_at": "2026-11-22T03:15:30Z", "neighbours": [{…}, "510-10-1234-56789013"]}

`identity` with a text takes the place of radio, mcc, mnc, area and cell; `lac` and `tac` are other words for area,
`ci`, `eci` and `nci` for cell; `enb` with `cell` is the eNB and its cell of 8 bits. `mcc` and `mnc` are texts; a number
gets its leading zeros back. Of the time: `timing_advance` in steps, with `mu` for NR; `timing_advance_kind` says
`steps`, `total_tc` (all of NR's advance in Tc, with `offset_tc`) or `relative`; `rtt_chips` is the round trip of UMTS.
Further `gnb_bits`, `age_s`, `signal_dbm`, `pci`.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from geo112.core.clock import from_iso
from geo112.core.errors import BadInput, BadMessage
from geo112.locate.cells.identity import GNB_BITS, INDONESIA, CellId, Radio, mnc_of_number, radio_of
from geo112.locate.cells.identity_text import cells_of_numbers, read_identity
from geo112.locate.cells.report import CellReport, Heard
from geo112.locate.cells.timing import Ring, ring, ring_of_rtt, steps_of_total

MOST_CELLS = 64
_CELL_WORDS = ("cell", "ci", "eci", "nci")
_AREA_WORDS = ("area", "lac", "tac")
_OWN = frozenset(
    {
        *("identity", "radio", "mcc", "mnc", "enb", *_CELL_WORDS, *_AREA_WORDS),
        *("timing_advance", "timing_advance_kind", "mu", "offset_tc", "rtt_chips"),
        *("gnb_bits", "age_s", "signal_dbm", "pci"),
    }
)
_SERVING = _OWN | {"neighbours", "taken_at"}
_KINDS = ("steps", "total_tc", "relative")
# What Android says when it does not know.
_UNKNOWN = 2147483647


def report_of(value: object) -> CellReport:
    """Read a parsed JSON value: either form, or a list of cells whose first one serves; raises BadInput."""
    if isinstance(value, list):
        return _of_list(value)
    if not isinstance(value, dict):
        raise BadMessage("is neither an object nor a list of cells", field="cells")
    return _of_ichnaea(value) if "cellTowers" in value else _of_own(value)


def _of_list(cells: list[Any]) -> CellReport:
    _require_few(cells, field="cells")
    if not cells:
        return CellReport(serving=None)
    warnings: list[str] = []
    serving, *neighbours = (_any_cell(one, f"cells.{at}", warnings) for at, one in enumerate(cells))
    return CellReport(
        serving=serving, neighbours=tuple(one for one in neighbours if one is not None), warnings=tuple(warnings)
    )


def _any_cell(value: object, name: str, warnings: list[str]) -> Heard | None:
    """Read one cell in either form or as a text."""
    if isinstance(value, dict) and "mobileCountryCode" in value:
        return _tower(value, None, warnings)
    return _own_cell(value, _OWN, name, warnings)


def _of_own(body: Mapping[str, Any]) -> CellReport:
    neighbours = body.get("neighbours") or []
    if not isinstance(neighbours, list):
        raise BadMessage("is no list of cells", field="neighbours")
    _require_few(neighbours, field="neighbours")
    taken_at: datetime | None = None
    if body.get("taken_at") is not None:
        if not isinstance(body["taken_at"], str):
            raise BadMessage("is not an ISO 8601 time", field="taken_at")
        taken_at = from_iso(body["taken_at"], field="taken_at")
    warnings: list[str] = []
    serving = _own_cell(body, _SERVING, "", warnings)
    heard = tuple(_own_cell(one, _OWN, f"neighbours.{at}", warnings) for at, one in enumerate(neighbours))
    return CellReport(serving=serving, neighbours=heard, taken_at=taken_at, warnings=tuple(warnings))


def _own_cell(value: object, known: frozenset[str], name: str, warnings: list[str]) -> Heard:
    """Read one cell of the own form; raises BadInput with the field named by its path."""
    try:
        if isinstance(value, str):
            return Heard(identities=read_identity(value))
        if not isinstance(value, dict):
            raise BadMessage("is no cell", field=name or "cells")
        unknown = sorted(set(value) - known)
        if unknown:
            raise BadMessage("is not a field of a cell", field=unknown[0][:40])
        identities = _identities(value)
        gnb_bits = _number(value, "gnb_bits")
        if gnb_bits is not None and gnb_bits not in GNB_BITS:
            raise BadMessage(f"{gnb_bits} is not from 22 to 32", field="gnb_bits")
        return Heard(
            identities=identities,
            ring=_ring(value, identities, warnings),
            age_s=_decimal(value, "age_s") or 0.0,
            gnb_bits=gnb_bits,
        )
    except BadInput as error:
        path = f"{name}.{error.field}" if name and error.field and error.field != name else error.field
        raise BadMessage(error.message, field=path) from None


def _identities(cell: Mapping[str, Any]) -> tuple[CellId, ...]:
    if cell.get("identity") is not None:
        if not isinstance(cell["identity"], str):
            raise BadMessage("is no text", field="identity")
        return read_identity(cell["identity"])
    mcc = _code(cell, "mcc", digits=3)
    if mcc is None:
        raise BadMessage("is missing", field="mcc")
    mnc = _code(cell, "mnc", digits=2, mcc=mcc)
    if mnc is None:
        raise BadMessage("is missing", field="mnc")
    radio = None
    if cell.get("radio") is not None:
        if not isinstance(cell["radio"], str):
            raise BadMessage("is no text", field="radio")
        radio = radio_of(cell["radio"])
    area, number = _one_of(cell, _AREA_WORDS), _one_of(cell, _CELL_WORDS)
    enb = _number(cell, "enb")
    if enb is not None:
        if number is None or not 0 <= number < 256 or not 0 <= enb < 1 << 20:
            raise BadMessage("with a cell of 8 bits beside it is needed", field="enb")
        radio, number = Radio.LTE, enb << 8 | number
    return cells_of_numbers(radio, mcc=mcc, mnc=mnc, area=area, cell=number)


def _ring(cell: Mapping[str, Any], identities: tuple[CellId, ...], warnings: list[str]) -> Ring | None:
    """Read the timing of a cell; what is no distance is left out with a warning, since the cell alone is a place."""
    try:
        rtt_chips = _decimal(cell, "rtt_chips")
        if rtt_chips is not None and identities[0].radio is Radio.UMTS:
            return ring_of_rtt(rtt_chips)
        steps = _number(cell, "timing_advance")
        if steps is None or steps == _UNKNOWN:
            return None
        if len(identities) > 1:
            raise BadMessage("the radio of the cell is not said", field="timing_advance")  # noqa: TRY301 - caught below
        kind = cell.get("timing_advance_kind") or "steps"
        if kind not in _KINDS:
            raise BadMessage(f"is not one of {', '.join(_KINDS)}", field="timing_advance_kind")  # noqa: TRY301 - as above
        mu = _number(cell, "mu")
        if kind == "total_tc":
            steps = steps_of_total(steps, mu=-1 if mu is None else mu, offset_tc=_number(cell, "offset_tc") or 0)
        return ring(identities[0].radio, steps, mu=mu, relative=kind == "relative")
    except BadMessage as error:
        warnings.append(f"timing advance left out: {error}"[:200])
        return None


def _of_ichnaea(body: Mapping[str, Any]) -> CellReport:
    """Read a request for Ichnaea: towers that lack one of their five ids are passed over, as it does."""
    towers = body["cellTowers"] or []
    if not isinstance(towers, list):
        raise BadMessage("is no list", field="cellTowers")
    _require_few(towers, field="cellTowers")
    radio, warnings = body.get("radioType"), list[str]()
    found: list[tuple[bool, Heard]] = []
    for at, tower in enumerate(towers):
        if not isinstance(tower, dict):
            raise BadMessage("is no cell", field=f"cellTowers.{at}")
        heard = _tower(tower, radio, warnings)
        if heard is not None:
            found.append((tower.get("serving") in (True, 1), heard))
    # sorted() keeps the order of equals: the one that says so serves, else the first.
    ordered = [heard for _, heard in sorted(found, key=lambda one: not one[0])]
    return CellReport(serving=ordered[0] if ordered else None, neighbours=tuple(ordered[1:]), warnings=tuple(warnings))


def _tower(tower: Mapping[str, Any], radio_word: object, warnings: list[str]) -> Heard | None:
    """Read one tower; None where it is of no use."""
    names = ("mobileCountryCode", "mobileNetworkCode", "locationAreaCode", "cellId", "newRadioCellId", "age")
    numbers = {name: _number(tower, name) for name in names}
    mcc, mnc, area, cell = (numbers[name] for name in names[:4])
    cell = numbers["newRadioCellId"] if cell is None else cell
    word = tower.get("radioType") or tower.get("radio") or radio_word
    if mcc is None or mnc is None or cell is None:
        return None
    try:
        radio = radio_of(word) if isinstance(word, str) else None
        if area is None and radio is not Radio.NR:
            return None
        text = tower["mobileNetworkCode"]
        code = text if isinstance(text, str) and len(text) > 1 else mnc_of_number(mnc, mcc=str(mcc))
        identities = cells_of_numbers(radio, mcc=str(mcc), mnc=code, area=area, cell=cell)
    except BadMessage:
        return None
    age_ms = max(-_UNKNOWN, min(_UNKNOWN, numbers["age"] or 0))
    said = {"timing_advance": tower.get("timingAdvance"), "mu": tower.get("mu")}
    return Heard(identities=identities, ring=_ring(said, identities, warnings), age_s=age_ms / 1000)


def _code(cell: Mapping[str, Any], name: str, *, digits: int, mcc: str = INDONESIA) -> str | None:
    """Read a code of the country or network: a text as it stands, a number with its zeros."""
    value = cell.get(name)
    if isinstance(value, str):
        return value.strip()
    number = _number(cell, name)
    if number is None:
        return None
    if not 0 <= number <= 999:
        raise BadMessage(f"{str(number)[:20]} is not a code", field=name)
    return f"{number:03d}" if digits == 3 else mnc_of_number(number, mcc=mcc)


def _one_of(cell: Mapping[str, Any], words: tuple[str, ...]) -> int | None:
    """Read a number that has several words; two of them must not say two things."""
    said = {word: number for word in words if (number := _number(cell, word)) is not None}
    if len(set(said.values())) > 1:
        raise BadMessage(f"says two things: {' and '.join(said)}", field=words[0])
    return next(iter(said.values()), None)


def _number(body: Mapping[str, Any], name: str) -> int | None:
    """Read a whole number, also as text or as 7.0; raises BadMessage for anything else."""
    value = body.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return int(value)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
        return int(value)
    raise BadMessage("is not a whole number", field=name)


def _decimal(body: Mapping[str, Any], name: str) -> float | None:
    """Read a number of at most a billion to both sides."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e9 or math.isnan(value):
        raise BadMessage("is not a number", field=name)
    return float(value)


def _require_few(cells: list[Any], *, field: str) -> None:
    if len(cells) > MOST_CELLS:
        raise BadMessage(f"holds {len(cells)} cells, more than {MOST_CELLS}", field=field)
