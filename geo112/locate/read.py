"""One door for every kind of location message."""

import re
from collections.abc import Callable
from functools import partial

from geo112.core.errors import BadInput, BadMessage
from geo112.locate.aml_data_sms import is_aml_data_sms, read_aml_data_sms
from geo112.locate.aml_fields import looks_like_aml
from geo112.locate.aml_sms import read_aml_sms
from geo112.locate.cells.read import looks_like_cells, read_cells
from geo112.locate.cells.table import CellTable
from geo112.locate.els_form import looks_like_els, read_els_form
from geo112.locate.fix import NoPosition, NotUnderstood, Reading
from geo112.locate.gad import DEFAULT_ORIENTATION_FACTOR, is_plainly_gad, read_gad
from geo112.locate.geolocate_reply import REQUEST_KEYS, is_reply, json_object, read_reply
from geo112.locate.mlp import read_mlp
from geo112.locate.pidf import read_pidf
from geo112.locate.typed import read_typed

FORMATS = ("auto", "aml-sms", "aml-data-sms", "aml-https", "pidf-lo", "mlp", "gad", "cells", "geolocate", "text")
# The longest that any reader takes; what is longer is refused before anything looks at it.
LONGEST_CHARACTERS = 65_536

Cells = Callable[[], CellTable | None]

_BLANK = "\ufeff \t\r\n"
_FIRST_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?P<name>[A-Za-z_][\w.-]{0,40})")
_OF_MLP = re.compile(r"svc_result|sl(?:ia|irep|rep)|eme(?:_lia|rep)|tlr(?:ep|a)|(?:eme_|trl_)?pos|pd")
_SIP_BODY = re.compile(r"(?:--|content-|mime-)", re.IGNORECASE)


def read_message(
    text: str,
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    gad_orientation_factor: int = DEFAULT_ORIENTATION_FACTOR,
    cells: Cells | None = None,
) -> Reading:
    """Read a message in a named format, or find out which it is; raises BadInput for a format that is not known.

    Binary messages come as hex or base64. `cells` gives the table of cells, without which a cell has no place.
    """
    if format not in FORMATS:
        raise BadInput(f"{format[:40]!r} is not one of {', '.join(FORMATS)}", field="format")
    if len(text) > LONGEST_CHARACTERS:
        reason = f"has {len(text)} characters, more than {LONGEST_CHARACTERS}"
        return NotUnderstood(reason=reason, field="text" if format in ("auto", "text") else "message")
    name = format_of(text) if format == "auto" else format
    table = cells() if cells is not None and name in ("cells", "geolocate") else None
    readers: dict[str, Callable[[str], Reading]] = {
        "aml-sms": read_aml_sms,
        "aml-data-sms": read_aml_data_sms,
        "aml-https": read_els_form,
        "pidf-lo": read_pidf,
        "mlp": read_mlp,
        "gad": partial(read_gad, orientation_factor=gad_orientation_factor),
        "cells": partial(read_cells, table=table),
        "geolocate": partial(_read_geolocate, table=table),
        "text": read_typed,
    }
    return readers[name](text)


def format_of(text: str) -> str:
    """Say which format a text is in: `text`, where nothing else is plain, so that no word becomes a position."""
    body = text.strip(_BLANK)
    if looks_like_aml(body):
        return "aml-sms"
    if body[:1] in ("{", "["):
        return _format_of_json(body)
    if body[:1] == "<" or _SIP_BODY.match(body):
        first = _FIRST_ELEMENT.search(body)
        return "mlp" if first and _OF_MLP.fullmatch(first["name"]) else "pidf-lo"
    return next((name for name, fits in _PLAIN if fits(body)), "text")


def _format_of_json(body: str) -> str:
    """Tell a reply or request of geolocation and a report of cells from coordinates in braces."""
    if body[:1] == "[":
        return "cells" if looks_like_cells(body) or '"mcc"' in body else "text"
    try:
        found = json_object(body)
    except BadMessage:
        return "cells" if looks_like_cells(body) else "text"
    if is_reply(found) or REQUEST_KEYS & found.keys():
        return "geolocate"
    return "cells" if looks_like_cells(body) else "text"


def _read_geolocate(text: str, *, table: CellTable | None) -> Reading:
    """Read what a geolocation service answered, or was asked: a request is a report of cells."""
    try:
        body = json_object(text)
    except BadMessage as error:
        return NotUnderstood(reason=error.message, field=error.field)
    if "cellTowers" in body:
        return read_cells(text, table)
    if REQUEST_KEYS & body.keys():
        return NoPosition(reason="names no cells, and networks of Wi-Fi are not looked up")
    return read_reply(text)


_PLAIN: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("aml-https", looks_like_els),
    ("aml-data-sms", is_aml_data_sms),
    ("gad", is_plainly_gad),
    ("cells", looks_like_cells),
)
