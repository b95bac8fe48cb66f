"""Turns columns of coordinates into numbers, and says of each row that has none what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo112.core.errors import BadPosition
from geo112.core.geo import EAST_DEG, NORTH_DEG, SOUTH_DEG, WEST_DEG, position_from_degrees

Degrees = NDArray[np.float64]

# Plain decimals, with the exponent that programs write for numbers near zero; no NaN, no infinity, ASCII digits only.
_NUMBER = r"^[+-]?([0-9]{1,12}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinates:
    """Coordinates of a batch of rows; where `good` is false, `problem` says why."""

    lats: Degrees
    lons: Degrees
    good: NDArray[np.bool_]


def read_coordinates(
    lats: Sequence[str] | pa.Array, lons: Sequence[str] | pa.Array, *, decimal_comma: bool
) -> Coordinates:
    """Read two columns, text or numbers; good are those that lie in or near Indonesia and are not 0/0."""
    lat_deg, lon_deg = _numbers(lats, decimal_comma=decimal_comma), _numbers(lons, decimal_comma=decimal_comma)
    with np.errstate(invalid="ignore"):
        in_field = (lat_deg >= SOUTH_DEG) & (lat_deg <= NORTH_DEG) & (lon_deg >= WEST_DEG) & (lon_deg <= EAST_DEG)
    return Coordinates(lats=lat_deg, lons=lon_deg, good=in_field)


def problem(lat: object, lon: object, *, columns: tuple[str, str], decimal_comma: bool) -> tuple[str, str]:
    """Name the column that is wrong in a row, and why."""
    degrees: list[float] = []
    for value, column in zip((lat, lon), columns, strict=True):
        if value is None or (isinstance(value, str) and not value.strip()):
            return column, "is empty"
        number = float(_numbers(pa.array([value]), decimal_comma=decimal_comma)[0])
        if not np.isfinite(number):
            return column, f"{str(value)[:40]!r} is not a decimal number"
        degrees.append(number)
    try:
        position_from_degrees(lat_deg=degrees[0], lon_deg=degrees[1])
    except BadPosition as error:
        return columns[1] if error.field == "lon_deg" else columns[0], error.message
    raise AssertionError("a good row was refused")


def _numbers(values: Sequence[str] | pa.Array, *, decimal_comma: bool) -> Degrees:
    """Read a column as numbers; what is none becomes NaN."""
    column = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return np.asarray(pc.cast(column, pa.float64(), safe=False).fill_null(np.nan).to_numpy(zero_copy_only=False))
    text = pc.utf8_trim_whitespace(column)
    if decimal_comma:
        text = pc.replace_substring(text, ",", ".", max_replacements=1)
    plain = pc.match_substring_regex(text, _NUMBER).fill_null(False)  # noqa: FBT003 - a value, not an option
    text = pc.if_else(plain, pc.utf8_ltrim(text, "+"), None)
    return np.asarray(pc.cast(text, pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False))
