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

    `shares` add up to 1 with `outside_share`, and leave nothing open. `primary` is the most probable centre; None where
    none has a share. `sure` says whether it may act alone; `tell` are the others that hear of the call at once.
    `accuracy_m` is one standard deviation of the boundary's own error as it was counted, in metres.
    """

    shares: Shares
    accuracy_m: float
    primary: CentreShare | None
    sure: bool
    tell: tuple[CentreShare, ...]


def decide(shares: Shares, *, accuracy_m: float, rule: DecisionRule) -> Decision:
    """Name the centre that is responsible and those to be told; a caller who may as well be outside is never sure."""
    primary = shares.centres[0] if shares.centres else None
    return Decision(
        shares=shares,
        accuracy_m=accuracy_m,
        primary=primary,
        sure=primary is not None and primary.share >= rule.sure_share,
        tell=tuple(one for one in shares.centres[1:] if one.share >= rule.tell_share),
    )
