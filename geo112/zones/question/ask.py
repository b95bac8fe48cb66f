"""A question with a yes or a no, and the answers to it."""

from dataclasses import dataclass
from enum import StrEnum

from geo112.core.geo import Position


class QuestionKind(StrEnum):
    """What is asked: near a place, on one side of it, in a village, in a kecamatan."""

    NEAR = "near"
    SIDE = "side"
    DESA = "desa"
    KECAMATAN = "kecamatan"


class Direction(StrEnum):
    """The four directions by which people tell where something lies."""

    UTARA = "utara"
    TIMUR = "timur"
    SELATAN = "selatan"
    BARAT = "barat"

    @property
    def bearing_deg(self) -> float:
        """The direction from north clockwise."""
        return 90.0 * list(Direction).index(self)


class Reply(StrEnum):
    """What the caller said."""

    YA = "ya"
    TIDAK = "tidak"
    TIDAK_TAHU = "tidak_tahu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, with everything that is needed to weigh its answer again when a better position is known.

    `rivals` are the middles of the other villages of the same kecamatan; `lines` the runs of a road or river near the
    caller, every run in the order in which it was drawn, with `on_left` telling which side of it was named.
    """

    kind: QuestionKind
    place: str
    place_kind: str
    middle: Position
    radius_m: float
    kode: str | None = None
    direction: Direction | None = None
    on_left: bool | None = None
    lines: tuple[tuple[Position, ...], ...] = ()
    rivals: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question with the reply to it."""

    question: Question
    reply: Reply
