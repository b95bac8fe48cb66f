"""Gives every village polygon of GADM its kecamatan in the current register, and says by what evidence."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from geo112.core.codes import KodeDesa, KodeKabKota, KodeKecamatan
from geo112.prepare.evidence import Evidence, Placed
from geo112.prepare.names import closeness, is_nameless, plain, skeleton, without_title
from geo112.prepare.parents import ALIKE_SHARE, ParentSearch
from geo112.prepare.register import Register
from geo112.prepare.sources import GadmVillage
from geo112.prepare.splits import Tables, Territory

Form = Callable[[str], str]
_ALIKE_AT_POINT_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What every territory is matched against; `used` collects the villages that have a polygon already."""

    register: Register
    tables: Tables
    members: Mapping[KodeKabKota, Sequence[KodeKecamatan]]
    desa_of: Mapping[KodeKecamatan, Sequence[KodeDesa]]
    points: Mapping[int, Sequence[KodeDesa]]
    used: set[KodeDesa] = field(default_factory=set)


class TerritoryMatch:
    """Matches the village polygons of one kabupaten or kota of GADM; nothing outside its codes is ever considered."""

    def __init__(self, territory: Territory, villages: Mapping[int, GadmVillage], country: Country) -> None:
        """Take the polygons by number."""
        self.territory = territory
        self.villages = villages
        self.register = country.register
        self.desa_of = country.desa_of
        self.used = country.used
        self.points = {i: [d for d in country.points.get(i, ()) if d[:5] in territory.codes] for i in villages}
        self.kecamatan = [kode for code in territory.codes for kode in country.members[code]]
        self.placed = {i: Placed() for i in villages}
        self.by_gid: dict[str, list[int]] = defaultdict(list)
        for i, village in villages.items():
            self.by_gid[village.gid_kec].append(i)
        aliases = {name: kode for (home, name), kode in country.tables.kecamatan.items() if home == territory.home}
        search = ParentSearch(self.kecamatan, register=self.register, desa_of=self.desa_of, aliases=aliases)
        self.own = search.run({gid: [villages[i] for i in group] for gid, group in self.by_gid.items()})

    def run(self) -> dict[int, Placed]:
        """Match by name, by spelling and alias, by point, then by GADM's own kecamatan."""
        for step in (plain, lambda name: without_title(plain(name)), skeleton):
            self._match_in_kecamatan(step)
        self._match_alike()
        for step in (plain, lambda name: without_title(plain(name)), skeleton):
            self._match_in_territory(step)
        self._match_point_and_name()
        self._fill_missing_by_points()
        self._follow_parent()
        return self.placed

    def _take(self, i: int, desa: KodeDesa, evidence: Evidence) -> None:
        """Give a polygon to a village and to the kecamatan of that village."""
        self.placed[i] = Placed(kecamatan=KodeKecamatan(desa[:8]), desa=desa, evidence=evidence)
        self.used.add(desa)

    def _open(self) -> list[int]:
        """Polygons with a name and without a village."""
        return [
            i
            for i, village in self.villages.items()
            if self.placed[i].desa is None and not village.water and not is_nameless(plain(village.desa))
        ]

    def _match_in_kecamatan(self, form: Form) -> None:
        """Match villages by the kecamatan that GADM names and their own name."""
        index: dict[tuple[KodeKecamatan, str], list[KodeDesa]] = defaultdict(list)
        for kecamatan in self.kecamatan:
            for desa in self.desa_of.get(kecamatan, ()):
                index[kecamatan, form(self.register.desa[desa])].append(desa)
        for i in self._open():
            own = self.own.get(self.villages[i].gid_kec)
            if own is None:
                continue
            free = [d for d in index.get((own[0], form(self.villages[i].desa)), ()) if d not in self.used]
            if free:
                exact = own[1] is Evidence.NAME and form is plain
                self._take(i, free[0], Evidence.NAME if exact else Evidence.ALIAS)

    def _match_alike(self) -> None:
        """Match what is left in a kecamatan when two names are nearly the same."""
        for gid in sorted(self.own):
            kecamatan = self.own[gid][0]
            free = [d for d in self.desa_of.get(kecamatan, ()) if d not in self.used]
            left = [i for i in self._open() if self.villages[i].gid_kec == gid] if free else []
            pairs = sorted(
                (-closeness(skeleton(self.villages[i].desa), skeleton(self.register.desa[d])), i, d)
                for i in left
                for d in free
            )
            for score, i, desa in pairs:
                if -score < ALIKE_SHARE:
                    break
                if self.placed[i].desa is None and desa not in self.used:
                    self._take(i, desa, Evidence.ALIAS)

    def _match_in_territory(self, form: Form) -> None:
        """Match villages by a name that is unique in the territory.

        Where GADM names the kecamatan of the polygon, only a kecamatan that GADM does not know yet may take it away,
        or one that the village's own point confirms.
        """
        index: dict[str, list[KodeDesa]] = defaultdict(list)
        for kecamatan in self.kecamatan:
            for desa in self.desa_of.get(kecamatan, ()):
                index[form(self.register.desa[desa])].append(desa)
        known = {kode for kode, _ in self.own.values()}
        polygons = Counter(form(self.villages[i].desa) for i in self._open())
        for i in self._open():
            key = form(self.villages[i].desa)
            found = index.get(key, ())
            if len(found) != 1 or polygons[key] != 1 or found[0] in self.used:
                continue
            new = KodeKecamatan(found[0][:8]) not in known or found[0] in self.points[i]
            if new or self.villages[i].gid_kec not in self.own:
                self._take(i, found[0], Evidence.NAME if form is plain else Evidence.ALIAS)

    def _match_point_and_name(self) -> None:
        """Match villages whose point lies in the polygon and whose name is close; never across a kabupaten."""
        for i in self._open():
            here = skeleton(self.villages[i].desa)
            free = [d for d in self.points[i] if d not in self.used and d[:5] == self.kabkota_of(i)]
            best = max(free, key=lambda d: (closeness(here, skeleton(self.register.desa[d])), d), default=None)
            if best is not None and closeness(here, skeleton(self.register.desa[best])) >= _ALIKE_AT_POINT_SHARE:
                self._take(i, best, Evidence.POINT)

    def kabkota_of(self, i: int) -> KodeKabKota:
        """Say to which kabupaten a polygon belongs by names alone: points have no say in it."""
        gid = self.villages[i].gid_kec
        if gid in self.own:
            return KodeKabKota(self.own[gid][0][:5])
        votes = Counter(
            str(place.kecamatan)[:5]
            for place in (self.placed[j] for j in self.by_gid[gid])
            if place.kecamatan is not None and place.evidence in {Evidence.NAME, Evidence.ALIAS}
        )
        return KodeKabKota(max(sorted(votes), key=lambda kode: votes[kode])) if votes else self.territory.home

    def _fill_missing_by_points(self) -> None:
        """Give a kecamatan that has no polygon yet the unmatched polygons that hold most of its points."""
        present = {place.kecamatan for place in self.placed.values() if place.kecamatan is not None}
        missing = {k for k in self.kecamatan if k not in present}
        if not missing:
            return
        for i in self._open():
            votes = Counter(KodeKecamatan(d[:8]) for d in self.points[i] if d[:5] == self.kabkota_of(i))
            if votes:
                best = max(sorted(votes), key=lambda kode: votes[kode])
                if best in missing:
                    self.placed[i] = Placed(kecamatan=best, evidence=Evidence.POINT)

    def _follow_parent(self) -> None:
        """Leave everything else in the kecamatan that GADM names, where that one still exists."""
        present = {place.kecamatan for place in self.placed.values() if place.kecamatan is not None}
        for i, village in self.villages.items():
            own = self.own.get(village.gid_kec)
            if self.placed[i].kecamatan is None and own is not None:
                evidence = Evidence.PARENT if own[0] in present else own[1]
                self.placed[i] = Placed(kecamatan=own[0], evidence=evidence)
