"""What comes of asking: the question that is worth it, and the decision after the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from geo112.core.shapes import Area
from geo112.zones.decision import Decision, DecisionRule
from geo112.zones.jurisdiction import CentreShare
from geo112.zones.question.ask import Answered, Question
from geo112.zones.question.landmark import Landmark


class Landmarks(Protocol):
    """Knows what lies around a caller."""

    def __call__(self, area: Area) -> Sequence[Landmark]:
        """Give what a caller in this area can be asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A question that is worth asking: what it is expected to tell in bits, and the shares after either answer."""

    question: Question
    gain_bits: float
    if_yes: tuple[CentreShare, ...]
    if_no: tuple[CentreShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What is known after the answers: the decision (None where no answer counts) and what to ask next."""

    decision: Decision | None
    offer: Offer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a centre asks: its rule for decisions, and the share of answers that are wrong."""

    rule: DecisionRule
    wrong_share: float


class Settle(Protocol):
    """Weighs answers about a caller in an area, and chooses what to ask next."""

    def __call__(self, area: Area, decision: Decision, *, answers: Sequence[Answered]) -> Settled:
        """Give the decision after the answers, and the next question."""
