"""From an address to kabupaten and kota: A1 provinsi, A2 kabupaten/kota, A3 kecamatan (RFC 5139), by name or code."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo112.core.codes import KodeKabKota, KodeKecamatan, KodeProvinsi, kabkota_of
from geo112.lost.provinsi import SPELLINGS
from geo112.lost.request import Civic
from geo112.lost.world import Elsewhere, Unclear, Validation
from geo112.zones.records import Zone

# A name that fits more kabupaten and kota than this says too little.
MOST_MEANT = 3
_COUNTRY = frozenset({"id", "idn", "indonesia"})
_KINDS = {"kota": "kota", "city": "kota", "kab": "kab", "kabupaten": "kab", "regency": "kab"}
_NOISE = frozenset({"administrasi", "adm", "provinsi", "prov", "province", "propinsi", "kecamatan", "kec", "distrik"})
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The kabupaten and kota that an address can stand for, in the order of their codes."""

    kode: tuple[KodeKabKota, ...]
    validation: Validation


class AddressBook:
    """All names of provinsi, kabupaten, kota and kecamatan, to look up the words of an address in."""

    def __init__(self, zones: Iterable[Zone], names: Mapping[KodeKabKota, str]) -> None:
        """Take the kecamatan of the index and the kabupaten and kota of the register."""
        self._provinsi = {key(spelling): kode for spelling, kode in SPELLINGS}
        self._kabkota: dict[str, set[KodeKabKota]] = defaultdict(set)
        self._kecamatan: dict[str, set[KodeKecamatan]] = defaultdict(set)
        self._known = frozenset(names)
        for kode, nama in names.items():
            for one in {*kabkota_keys(nama), *kabkota_keys(nama.partition(" ")[2]), key(kode)}:
                self._kabkota[one].add(kode)
        for zone in zones:
            self._kecamatan[key(zone.nama)].add(zone.kode)
            self._kecamatan[key(zone.kode)].add(zone.kode)

    def find(self, address: Civic) -> Meant | Unclear | Elsewhere:
        """Say which kabupaten or kota an address is in; what contradicts a narrower element is marked invalid."""
        parts = address.parts
        country = parts.get("country")
        if country is not None and country.strip().lower() not in _COUNTRY:
            return Elsewhere()
        checked = _Checked()
        if country is not None:
            checked.valid.append("country")
        provinsi = self._provinsi.get(key(parts["A1"])) if "A1" in parts else None
        kabkota = self._by_name(parts, checked, provinsi)
        kabkota = self._by_kecamatan(parts, checked, provinsi, kabkota)
        if "A1" in parts:
            wrong = provinsi is None or (kabkota and not any(kode.startswith(provinsi) for kode in kabkota))
            (checked.invalid if wrong else checked.valid).append("A1")
        if not kabkota and provinsi is not None and "A2" not in parts and "A3" not in parts:
            kabkota = {kode for kode in self._known if kode.startswith(provinsi)}
        if not kabkota:
            return Unclear(why=_why(parts))
        checked.unchecked += [name for name in parts if name not in ("country", "A1", "A2", "A3")]
        return Meant(kode=tuple(sorted(kabkota)), validation=checked.told())

    def _by_name(
        self, parts: Mapping[str, str], checked: "_Checked", provinsi: KodeProvinsi | None
    ) -> set[KodeKabKota]:
        """Look A2 up; of several of one name those in the province."""
        if "A2" not in parts:
            return set()
        found = self._named(parts["A2"], provinsi)
        if not found:
            checked.invalid.append("A2")
        elif len(found) == 1:
            checked.valid.append("A2")
        else:
            # Right as a word, but which one is meant only A3 can say.
            checked.open_a2 = True
        return found

    def _named(self, text: str, provinsi: KodeProvinsi | None) -> set[KodeKabKota]:
        found: set[KodeKabKota] = set()
        for one in kabkota_keys(text):
            found = self._kabkota.get(one, set())
            if found:
                break
        return {kode for kode in found if provinsi is not None and kode.startswith(provinsi)} or found

    def _by_kecamatan(
        self,
        parts: Mapping[str, str],
        checked: "_Checked",
        provinsi: KodeProvinsi | None,
        kabkota: set[KodeKabKota],
    ) -> set[KodeKabKota]:
        """Look A3 up within what A2 left open; senders from abroad put the city there, which is tried next."""
        if "A3" not in parts:
            return checked.settle(kabkota)
        homes = {kabkota_of(kode) for kode in self._kecamatan.get(key(parts["A3"]), ())}
        within = homes & kabkota if kabkota else _in_provinsi(homes, provinsi)
        if not within and not kabkota:
            within = self._named(parts["A3"], provinsi)
        if within and (kabkota or len(within) <= MOST_MEANT):
            (checked.valid if len(within) == 1 else checked.unchecked).append("A3")
            return checked.settle(within)
        (checked.unchecked if within else checked.invalid).append("A3")
        return checked.settle(kabkota)


class _Checked:
    """What is known of the elements while an address is read."""

    def __init__(self) -> None:
        self.valid: list[str] = []
        self.invalid: list[str] = []
        self.unchecked: list[str] = []
        self.open_a2 = False

    def settle(self, kabkota: set[KodeKabKota]) -> set[KodeKabKota]:
        """Say whether A2, which named several, is one now."""
        if self.open_a2:
            (self.valid if len(kabkota) == 1 else self.unchecked).append("A2")
        return kabkota

    def told(self) -> Validation:
        """Give the three lists in the order of the elements."""
        return Validation(
            valid=tuple(sorted(self.valid, key=_rank)),
            invalid=tuple(sorted(self.invalid, key=_rank)),
            unchecked=tuple(sorted(self.unchecked, key=_rank)),
        )


def key(text: str) -> str:
    """Bring a name to letters and digits in lower case, without words such as `kecamatan` and `provinsi`."""
    words = _WORD.findall(text.lower())
    return "".join(word for word in words if word not in _NOISE) or "".join(words)


def kabkota_keys(text: str) -> tuple[str, ...]:
    """Give the forms under which a kabupaten or kota is known, the most exact first: `kota:blitar`, then `blitar`."""
    words = [word for word in _WORD.findall(text.lower()) if word not in _NOISE]
    joined = "".join(words)
    for kind, rest in ((words[:1], words[1:]), (words[-1:], words[:-1])):
        if kind and rest and kind[0] in _KINDS:
            return f"{_KINDS[kind[0]]}:{''.join(rest)}", joined
    return (joined,)


def _in_provinsi(homes: set[KodeKabKota], provinsi: KodeProvinsi | None) -> set[KodeKabKota]:
    return {kode for kode in homes if provinsi is None or kode.startswith(provinsi)}


def _rank(name: str) -> tuple[int, str]:
    return (0, "") if name == "country" else (1, name)


def _why(parts: Mapping[str, str]) -> str:
    if "A2" in parts:
        return f"A2: {parts['A2'][:60]!r} is no kabupaten or kota"
    if "A3" in parts:
        return f"A3: {parts['A3'][:60]!r} is no kecamatan, or one of several: A2 (kabupaten or kota) is missing"
    return "A2: the kabupaten or kota is missing"
