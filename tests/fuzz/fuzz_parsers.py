"""Every parser that strangers can reach, each as one function of any bytes that must return and never raise."""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import fuzz_seeds as seeds
from fuzz_mutation import as_text
from pydantic import BaseModel, ValidationError

from geo112.api.schemas import PageFixIn, PageStateIn
from geo112.core.errors import BadInput
from geo112.core.xml import parse_xml
from geo112.desk.link_page import _given
from geo112.held.answer import error_answer
from geo112.held.client import read_answer
from geo112.held.request import Refusal, read_request
from geo112.locate.cells.table import CellTable
from geo112.locate.fix import Located, Reading
from geo112.locate.geolocation_header import references_in, scheme_of
from geo112.locate.gml import read_shape, write_shape
from geo112.locate.read import FORMATS, read_message
from geo112.locate.wire import reading_to_dict
from geo112.lost import request as lost_request
from geo112.lost.answer import Forward, Mappings, Server, answer
from geo112.lost.forward import is_reply, passed_on
from geo112.lost.write import write

# The small worlds of the other tests; these folders are on the path only while those tests are collected.
TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(folder) for folder in (TESTS, TESTS / "lost", TESTS / "locate" / "cells")]
from cells_told import crowd, gsm, lte, nr, sector, table_of  # noqa: E402 - found by the line above
from lost_words import BLITAR, SCHEMA, SOURCE  # noqa: E402 - found by the line above

NOW = datetime(2026, 11, 22, 3, 15, 30, tzinfo=UTC)
PARENT = Server(source=SOURCE, world=BLITAR, parent="https://lost.example")


def _nothing(_: object) -> None:
    """Have nothing more to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """A parser with its seeds: `run` is measured and may not raise, and tells whether it understood.

    `check` looks at what came out, unmeasured; it raises AssertionError where that is wrong.
    """

    name: str
    seeds: tuple[str, ...]
    run: Callable[[bytes], object]
    check: Callable[[object], None] = _nothing


def _written(reading: Reading) -> tuple[Reading, str]:
    """Write a reading as every door does."""
    return reading, json.dumps(reading_to_dict(reading), allow_nan=False)


def _message(data: bytes, *, name: str, table: Callable[[], CellTable] | None = None) -> object:
    return _written(read_message(as_text(data), format=name, cells=table))


def _require_place(found: object) -> None:
    assert isinstance(found, tuple)
    reading = found[0]
    assert isinstance(reading, Reading)
    if isinstance(reading, Located):
        middle = reading.fix.area.middle
        assert -90 <= middle.lat_deg <= 90
        assert -180 <= middle.lon_deg <= 180
        assert (middle.lat_deg, middle.lon_deg) != (0, 0)


@cache
def _table() -> CellTable:
    """Give a small table of cells that the seeds are in."""
    cells = (
        *(crowd(lte()), sector(lte(25_600_002)), sector(gsm(), azimuth_deg=300), crowd(nr(68_719_476_735))),
        *(sector(lte(25_600_000 + n), azimuth_deg=n * 40.0) for n in range(3, 9)),
        crowd(lte(56_789)),
    )
    # The file stays readable through its map after its folder is gone.
    with tempfile.TemporaryDirectory(prefix="geo112-fuzz-") as folder:
        return table_of(cells, Path(folder))


def _lost(data: bytes) -> object:
    """Answer a request for a small world, alone and below another server."""
    found = answer(lost_request.read_request(data), Server(source=SOURCE, world=BLITAR), NOW)
    assert not isinstance(found, Forward)
    answered = write(found, source=SOURCE)
    if not isinstance(found, Mappings):
        above = answer(lost_request.read_request(data), PARENT, NOW)
        if isinstance(above, Forward):
            return write(above.otherwise, source=SOURCE), passed_on(data, SOURCE)
    return (answered,)


def _require_lost(found: object) -> None:
    """Hold answers, and what is asked of the server above, against the grammar of RFC 5222."""
    assert isinstance(found, tuple)
    assert SCHEMA.validate(parse_xml(found[0])), found[0]


def _held_request(data: bytes) -> object:
    found = read_request(data)
    return error_answer(found) if isinstance(found, Refusal) else found


def _held_answer(data: bytes) -> object:
    return _written(read_answer(data))


def _shape(data: bytes) -> object:
    """Read a shape, write it and read it again; a shape that is refused says which field is wrong."""
    try:
        read = read_shape(parse_xml(data))
    except BadInput as error:
        return None if error.field else error
    return read.area, read_shape(write_shape(read.area)).area


def _require_same(found: object) -> None:
    if found is None:
        return
    assert isinstance(found, tuple), f"a refusal that names no field: {found!r}"
    assert type(found[0]) is type(found[1]) or found[0].middle == found[1].middle


def _header(data: bytes) -> object:
    return [scheme_of(one) for one in references_in(as_text(data))]


def _page(data: bytes, *, model: type[BaseModel]) -> object:
    """Read a body of the caller's page as its route does."""
    try:
        said = model.model_validate(json.loads(data))
    except (ValidationError, ValueError, RecursionError):
        return None
    if isinstance(said, PageFixIn):
        try:
            return _given(said.given(), now=NOW, foreign=False)
        except BadInput:
            return None
    return said


def _of_format(name: str) -> tuple[str, ...]:
    more = {
        "pidf-lo": seeds.PIDF,
        "mlp": tuple(seeds.MLP.format(shape) for shape in seeds.MLP_SHAPES),
        "cells": seeds.CELL_TEXTS,
        "text": seeds.TYPED,
    }
    return (*seeds.seeds_of_vectors(name), *more.get(name, ()))


def _parsers() -> Sequence[Parser]:
    formats = [name for name in FORMATS if name != "auto"]
    every = tuple(text for name in formats for text in _of_format(name))
    read = [
        Parser(name=name, seeds=_of_format(name), run=partial(_message, name=name), check=_require_place)
        for name in formats
    ]
    with_table = partial(_message, name="cells", table=_table)
    asked = partial(_message, name="geolocate", table=_table)
    pages = ((PageFixIn, "link-fix", seeds.LINK_FIX), (PageStateIn, "link-state", seeds.LINK_STATE))
    return (
        *read,
        Parser(name="auto", seeds=every, run=partial(_message, name="auto"), check=_require_place),
        Parser(name="cells-table", seeds=seeds.CELL_TEXTS, run=with_table, check=_require_place),
        Parser(name="geolocate-table", seeds=seeds.CELL_TEXTS[3:4], run=asked, check=_require_place),
        Parser(name="gml", seeds=seeds.SHAPES, run=_shape, check=_require_same),
        Parser(name="lost", seeds=seeds.LOST_REQUESTS, run=_lost, check=_require_lost),
        Parser(name="lost-reply", seeds=seeds.LOST_REQUESTS, run=is_reply),
        Parser(name="held-request", seeds=seeds.HELD_REQUESTS, run=_held_request),
        Parser(name="held-answer", seeds=seeds.HELD_ANSWERS, run=_held_answer, check=_require_place),
        Parser(name="geolocation-header", seeds=seeds.HEADERS, run=_header),
        *(Parser(name=name, seeds=texts, run=partial(_page, model=model)) for model, name, texts in pages),
    )


PARSERS = {parser.name: parser for parser in _parsers()}
