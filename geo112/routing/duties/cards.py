"""Run cards: which units a category of incident needs at a severity."""

from dataclasses import dataclass

from geo112.routing.duties.words import CapabilityCode, CategoryCode, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many units with one capability, and who says so."""

    capability: CapabilityCode
    count: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """What has to be sent to a category at a severity; `written_for` is the severity whose card that is."""

    category: CategoryCode
    severity: Severity
    written_for: Severity
    needs: tuple[Need, ...]
