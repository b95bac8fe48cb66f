"""All duties of one centre, and what is asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo112.core.errors import BadInput
from geo112.routing.duties.cards import Need, RunCard
from geo112.routing.duties.words import (
    Capability,
    CapabilityCode,
    Category,
    CategoryCode,
    Kejadian,
    KejadianCode,
    PerangkatCode,
    PerangkatDaerah,
    Severity,
    key_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One perangkat daerah that serves a category, and the rows that name it."""

    perangkat_daerah: PerangkatDaerah
    named_in: tuple[Kejadian, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """Who serves which category and what is sent, checked: every code in it leads somewhere.

    `read_duties` makes them of a centre's tables.
    """

    perangkat_daerah: Mapping[PerangkatCode, PerangkatDaerah]
    kejadian: Mapping[KejadianCode, Kejadian]
    categories: Mapping[CategoryCode, Category]
    capabilities: Mapping[CapabilityCode, Capability]
    cards: Mapping[tuple[CategoryCode, Severity], tuple[Need, ...]]

    def category(self, text: str) -> Category:
        """Find a category by its code or its printed name, capitals or not; raises BadInput."""
        wanted = key_of(text)
        for one in self.categories.values():
            if wanted in (key_of(one.kode), key_of(one.nama)):
                return one
        raise BadInput(f"{text[:80]!r} is none of {', '.join(self.categories)}", field="category")

    def perangkat_for(self, category: str) -> tuple[Service, ...]:
        """Say who serves a category: first the agency that the category's first row names first; raises BadInput."""
        rows: dict[PerangkatCode, tuple[Kejadian, ...]] = {}
        for kode in self.category(category).kejadian:
            for perangkat in self.kejadian[kode].perangkat_daerah:
                rows[perangkat] = (*rows.get(perangkat, ()), self.kejadian[kode])
        return tuple(
            Service(perangkat_daerah=self.perangkat_daerah[kode], named_in=named) for kode, named in rows.items()
        )

    def run_card(self, category: str, severity: Severity | None = None) -> RunCard:
        """Say what to send; without a severity, for the one that is usual for the category; raises BadInput.

        A severity that has no card of its own has that of the usual one. Nothing is sent where only information is
        asked for.
        """
        found = self.category(category)
        asked = found.severity if severity is None else severity
        written_for = asked if (found.kode, asked) in self.cards else found.severity
        needs = self.cards.get((found.kode, written_for), ())
        return RunCard(category=found.kode, severity=asked, written_for=written_for, needs=needs)

    def notes(self) -> tuple[str, ...]:
        """Say what is no error but worth a look: units that nobody asked for can bring, and rows without a category."""
        said = []
        for (category, severity), needs in self.cards.items():
            kinds = {service.perangkat_daerah.kind for service in self.perangkat_for(category)}
            said += [
                f"{category} {severity}: nobody who serves it normally has `{need.capability}`"
                for need in needs
                if kinds.isdisjoint(self.capabilities[need.capability].kinds)
            ]
        used = {kode for one in self.categories.values() for kode in one.kejadian}
        said += [
            f"{one.kode} ({one.nama}): no category uses it" for one in self.kejadian.values() if one.kode not in used
        ]
        return tuple(said)
