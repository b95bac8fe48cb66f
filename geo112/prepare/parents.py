"""Finds which current kecamatan continues each of GADM's: the parent that unmatched villages follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from geo112.core.codes import KodeDesa, KodeKecamatan
from geo112.prepare.evidence import Evidence
from geo112.prepare.names import closeness, is_nameless, plain, skeleton
from geo112.prepare.register import Register
from geo112.prepare.sources import GadmVillage

ALIKE_SHARE = 0.84
# A kecamatan that has GADM's name but hardly any of its villages has taken the name over from another one.
_FEW_SHARE, _MOST_SHARE = 0.25, 0.5

Parents = dict[str, tuple[KodeKecamatan, Evidence]]


class ParentSearch:
    """The kecamatan of one territory, and how well each fits a kecamatan of GADM."""

    def __init__(
        self,
        kecamatan: Sequence[KodeKecamatan],
        *,
        register: Register,
        desa_of: Mapping[KodeKecamatan, Sequence[KodeDesa]],
        aliases: Mapping[str, KodeKecamatan],
    ) -> None:
        """Index the names of the register; `aliases` lead from GADM's plain names to codes."""
        self.kecamatan = kecamatan
        self.register = register
        self.aliases = aliases
        self.by_name: dict[str, list[KodeKecamatan]] = defaultdict(list)
        self.by_skeleton: dict[str, list[KodeKecamatan]] = defaultdict(list)
        self.villages = {kode: {skeleton(register.desa[desa]) for desa in desa_of.get(kode, ())} for kode in kecamatan}
        for kode in kecamatan:
            self.by_name[plain(register.kecamatan[kode])].append(kode)
            self.by_skeleton[skeleton(register.kecamatan[kode])].append(kode)

    def run(self, groups: Mapping[str, Sequence[GadmVillage]]) -> Parents:
        """Find the parent of every group of village polygons, by GADM's id of their kecamatan."""
        parents: Parents = {}
        open_gids = []
        for gid, group in sorted(groups.items()):
            found = self._by_name(group)
            if found is not None:
                parents[gid] = found
            elif not is_nameless(plain(group[0].kecamatan)):
                open_gids.append(gid)
        self._pair_alike({gid: groups[gid] for gid in open_gids}, parents)
        return parents

    def _by_name(self, group: Sequence[GadmVillage]) -> tuple[KodeKecamatan, Evidence] | None:
        """Look a kecamatan up by alias, by name and by spelling; doubt a name that its villages do not bear out."""
        name = group[0].kecamatan
        if plain(name) in self.aliases:
            return self.aliases[plain(name)], Evidence.ALIAS
        exact = self._best(self.by_name.get(plain(name), ()), group)
        best = exact or self._best(self.by_skeleton.get(skeleton(name), ()), group)
        if best is None:
            return None
        if self.shared(group, best) < _FEW_SHARE:
            rival = self._best(self.kecamatan, group)
            if rival is not None and self.shared(group, rival) >= _MOST_SHARE:
                return rival, Evidence.ALIAS
        return best, Evidence.NAME if exact else Evidence.ALIAS

    def _pair_alike(self, groups: Mapping[str, Sequence[GadmVillage]], parents: Parents) -> None:
        """Pair what is left, best first, when two names are nearly the same or the villages agree."""
        taken = {kode for kode, _ in parents.values()}
        pairs = []
        for gid, group in groups.items():
            name = skeleton(group[0].kecamatan)
            for kode in self.kecamatan:
                alike = closeness(name, skeleton(self.register.kecamatan[kode]))
                if kode not in taken and (alike >= ALIKE_SHARE or self.shared(group, kode) >= _MOST_SHARE):
                    pairs.append((-alike, gid, kode))
        for _, gid, kode in sorted(pairs):
            if gid not in parents and kode not in taken:
                parents[gid] = (kode, Evidence.ALIAS)
                taken.add(kode)

    def _best(self, candidates: Sequence[KodeKecamatan], group: Sequence[GadmVillage]) -> KodeKecamatan | None:
        """Choose the candidate that has most of the villages; old and new kabupaten may both have one of that name."""
        return max(candidates, key=lambda kode: self.shared(group, kode), default=None)

    def shared(self, group: Sequence[GadmVillage], kecamatan: KodeKecamatan) -> float:
        """Share of the named polygons that bear the name of a village of the kecamatan."""
        named = [village for village in group if not is_nameless(plain(village.desa))]
        there = self.villages[kecamatan]
        return sum(skeleton(village.desa) in there for village in named) / len(named) if named else 0.0
