"""What a centre acts on: who is responsible, how sure that is, and whom to tell at once."""

from dataclasses import dataclass

from geo112.core.errors import BadInput
from geo112.zones.jurisdiction import CentreShare, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRule:
    """From which probability on a centre is surely the right one, and from which on another one is told at once."""

    sure_share: float = 0.9
    tell_share: float = 0.1

    def __post_init__(self) -> None:
        """Refuse probabilities that are none, and a rule by which the surely responsible centre would not be told."""
        for name in ("sure_share", "tell_share"):
            if not 0 < getattr(self, name) <= 1:
                raise BadInput(f"{getattr(self, name)!r} is not a probability above 0 and up to 1", field=name)
        if self.tell_share > self.sure_share:
            raise BadInput(f"{self.tell_share!r} is above sure_share", field="tell_share")


DEFAULT_RULE = DecisionRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The centres by the probability that the caller is theirs, with every error counted that is known.

    `shares` add up to 1 with `outside_share`, and leave nothing open. `accuracy_m` is one standard deviation of the
    boundary's own error as it was counted, in metres.
    """

    shares: Shares
    accuracy_m: float
    rule: DecisionRule

    @property
    def primary(self) -> CentreShare | None:
        """The most probable centre; None where none has a share."""
        return self.shares.centres[0] if self.shares.centres else None

    @property
    def sure(self) -> bool:
        """Whether the most probable centre may act alone; never where the caller may as well be outside."""
        return self.primary is not None and self.primary.share >= self.rule.sure_share

    @property
    def tell(self) -> tuple[CentreShare, ...]:
        """The other centres that hear of the call at once."""
        return tuple(one for one in self.shares.centres[1:] if one.share >= self.rule.tell_share)
