"""What a telephone or a network says of the cells around a caller."""

from dataclasses import dataclass
from datetime import datetime

from geo112.locate.cells.identity import CellId
from geo112.locate.cells.timing import Ring


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One cell that a telephone uses or hears.

    `identities` are several when nobody said of which radio the cell is; `ring` is the plain ring of its timing
    advance, `age_s` how long before the report it was heard.
    """

    identities: tuple[CellId, ...]
    ring: Ring | None = None
    age_s: float = 0.0
    gnb_bits: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReport:
    """The serving cell, the neighbours, and when that was; the serving one is None where nobody named it."""

    serving: Heard | None
    neighbours: tuple[Heard, ...] = ()
    taken_at: datetime | None = None
    warnings: tuple[str, ...] = ()
