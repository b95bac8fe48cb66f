"""The whole country: who serves a place by the zone index, the register of centres and the service boundaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from typing import Protocol

from geo112.core.codes import KodeKabKota, KodeProvinsi
from geo112.core.errors import BadCode
from geo112.core.extent import reach_m
from geo112.core.geo import in_field
from geo112.core.shapes import Area, Circle, Point, Polygon
from geo112.lost.addresses import MOST_MEANT, AddressBook
from geo112.lost.provinsi import NAMA
from geo112.lost.request import Civic, Profile
from geo112.lost.service import MARINE, OFFERED
from geo112.lost.world import Boundary, Centre, Elsewhere, Found, NearestOnly, Served, Unclear, Validation
from geo112.zones.centres import Centre as Registered
from geo112.zones.centres import Live
from geo112.zones.jurisdiction import CentreShare, Inside, Jurisdiction, Outside, Straddles
from geo112.zones.records import Zone
from geo112.zones.second_line import SEA

NUMBER = "112"
# A wider area touches dozens of centres and takes long to share out: its middle has to do.
WIDEST_M = 100_000.0
# More corners than these make an answer that takes longer to send than a call may wait.
MOST_CORNERS = 3_000

KodeAnswering = KodeKabKota | KodeProvinsi


class Zones(Protocol):
    """Who shares an uncertain area, and the kecamatan by name."""

    zones: tuple[Zone, ...]

    def jurisdiction(self, area: Area) -> Jurisdiction:
        """Decide which centre a caller in an uncertain area belongs to."""


class Areas(Protocol):
    """The areas of kabupaten and kota, in several degrees of simplicity."""

    @property
    def version(self) -> str:
        """What changes with the areas."""

    @property
    def tolerances_m(self) -> tuple[float, ...]:
        """By how many metres each degree may be off, the exact one first."""

    def area(self, kode: KodeKabKota, *, tolerance_m: float = 0.0) -> tuple[Polygon, ...]:
        """Give the polygons of one; raises BadCode for one that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How centres are called: `template` makes a sip: URI of `{kode}` and `{source}` where `known` has no other."""

    source: str
    template: str
    known: Mapping[str, str] = field(default_factory=dict)

    def sip_uri(self, kode: KodeAnswering) -> str:
        """Give the address of a centre for calls over the Internet."""
        said = self.known.get(kode)
        return said if said is not None else self.template.replace("{kode}", kode).replace("{source}", self.source)


class ZoneWorld:
    """All centres of the register, or `own` alone with the rest of the country left to another server."""

    offered = (*OFFERED, MARINE)

    def __init__(
        self,
        *,
        zones: Zones,
        centres: Mapping[KodeKabKota, Registered],
        naming: Naming,
        areas: Areas | None,
        updated_at: datetime,
        own: KodeKabKota | None = None,
    ) -> None:
        """Know the country as of `updated_at`, when the newest of what this is made of was written."""
        self._zones = zones
        self._register = centres
        self._naming = naming
        self._areas = areas
        self._updated_at = updated_at
        self._own = own
        self._centres: dict[KodeAnswering, Centre] = {}
        self._by_kabkota: dict[KodeKabKota, Centre] = {}
        self._rescue: dict[str, Centre] = {}
        self._keys: dict[str, tuple[Profile, KodeAnswering]] = {}
        self._book: AddressBook | None = None
        self._members: dict[KodeAnswering, list[KodeKabKota]] = {}
        for kode in centres:
            self._members.setdefault(answering(centres[kode]), []).append(kode)
        # A kabupaten of tomorrow that a region has loaded already answers for itself until the register says otherwise.
        self._names = {zone.kode_kabkota: zone.kabkota for zone in zones.zones}
        for kode in self._names.keys() - centres.keys():
            self._members.setdefault(kode, []).append(kode)
        self._geodetic = None if areas is None else lru_cache(maxsize=64)(partial(self._measured, areas))
        self._civic = lru_cache(maxsize=1_024)(self._addressed)

    def at(self, area: Area, service: str) -> Found:
        """Say who answers for an area: every service of a centre is answered by the same people, the sea by others."""
        if not in_field(area.middle):
            return Elsewhere()
        found = self._zones.jurisdiction(_narrowed(area))
        if service == MARINE:
            return self._marine(found)
        match found:
            case Inside():
                return self._served((found.centre,))
            case Straddles():
                return self._served(found.shares.centres)
            case Outside():  # pragma: no branch - mypy counts the outcomes
                return self._near(found)

    def named(self, address: Civic, service: str) -> Found:
        """Say who answers at an address, which is never at sea."""
        if service == MARINE:
            return Elsewhere()
        if self._book is None:
            self._book = AddressBook(self._zones.zones, {kode: one.nama for kode, one in self._register.items()})
        meant = self._book.find(address)
        if isinstance(meant, Unclear | Elsewhere):
            return meant
        if len({self._answering(kode) for kode in meant.kode}) > MOST_MEANT:
            return Unclear(why="A2: the kabupaten or kota is missing")
        return self._answered(meant.kode, meant.validation)

    def boundary(self, key: str) -> Boundary | None:
        """Give the area of a key that was given out, by this process or another of the same centre."""
        if key not in self._keys:
            for kode in self._members:
                self._centre(kode)
        found = self._keys.get(key)
        if found is None:
            return None
        if found[0] is Profile.CIVIC or self._geodetic is None:
            return self._civic(key, found[1])
        return self._geodetic(key, found[1])

    def _served(self, shares: Sequence[CentreShare]) -> Found:
        return self._answered([one.kode for one in shares])

    def _answered(self, kodes: Sequence[KodeKabKota], validation: Validation | None = None) -> Found:
        """Name the centres of these kabupaten and kota in their order, each once."""
        if self._own is not None and self._own not in kodes:
            return Elsewhere(fallback=self._answering(kodes[0]))
        mine = kodes if self._own is None else [self._own]
        if len(mine) == 1:
            return Served(centres=(self._answering(mine[0]),), validation=validation)
        centres = dict.fromkeys([self._answering(kode) for kode in mine])
        return Served(centres=tuple(centres), validation=validation)

    def _near(self, found: Outside) -> Found:
        nearest = found.nearest
        centre = self._answering(nearest.kode)
        if self._own not in (None, nearest.kode):
            return Elsewhere(fallback=centre)
        why = f"outside all kabupaten and kota; {nearest.nama} is nearest, {nearest.gap_m / 1000:.1f} km"
        also = "".join(f"; {line.nama} {line.number} besides" for line in found.shares.second_line)
        return NearestOnly(centre=centre, why=why + also)

    def _marine(self, found: Jurisdiction) -> Found:
        """Name who answers for the sea where the area is at sea; elsewhere what stands in for it is looked for."""
        lines = [line for line in found.shares.second_line if line.why == SEA]
        if not lines or self._own not in (None, *_candidates(found)):
            return Elsewhere()
        return Served(
            centres=tuple(
                self._rescue.setdefault(
                    line.number,
                    Centre(
                        source_id=line.number,
                        nama=f"{line.number} {line.nama}",
                        services=(MARINE,),
                        uris=(f"tel:{line.number};phone-context=+62",),
                        number=line.number,
                        updated_at=self._updated_at,
                        geodetic_key=None,
                        civic_key=None,
                    ),
                )
                for line in lines
            )
        )

    def _answering(self, kode: KodeKabKota) -> Centre:
        found = self._by_kabkota.get(kode)
        if found is None:
            known = self._register.get(kode)
            found = self._by_kabkota[kode] = self._centre(kode if known is None else answering(known))
        return found

    def _nama(self, kode: KodeKabKota) -> str:
        known = self._register.get(kode)
        return self._names[kode] if known is None else known.nama

    def _centre(self, kode: KodeAnswering) -> Centre:
        """Make what is told of a centre, once."""
        made = self._centres.get(kode)
        if made is not None:
            return made
        register = self._register.get(KodeKabKota(kode))
        voice = None if register is None else register.voice_number
        geodetic = None if self._areas is None else boundary_key(self._areas.version, kode, Profile.GEODETIC)
        civic = boundary_key("civic", kode, Profile.CIVIC, *self._members.get(kode, ()))
        provinsi = NAMA.get(KodeProvinsi(kode))
        nama = self._nama(KodeKabKota(kode)) if provinsi is None else f"Provinsi {provinsi}"
        made = Centre(
            source_id=kode,
            nama=f"112 {nama}",
            services=OFFERED,
            uris=(self._naming.sip_uri(kode), *(() if voice is None else (f"tel:{voice}",))),
            number=NUMBER,
            updated_at=self._updated_at,
            geodetic_key=geodetic,
            civic_key=civic,
        )
        self._centres[kode] = made
        self._keys[civic] = (Profile.CIVIC, kode)
        if geodetic is not None:
            self._keys[geodetic] = (Profile.GEODETIC, kode)
        return made

    def _measured(self, areas: Areas, key: str, kode: KodeAnswering) -> Boundary | None:
        """Draw the area as exactly as a short answer can."""
        polygons: tuple[Polygon, ...] = ()
        for tolerance_m in areas.tolerances_m:
            try:
                parts = [areas.area(one, tolerance_m=tolerance_m) for one in self._members.get(kode, ())]
            except BadCode:
                return None
            polygons = tuple(polygon for part in parts for polygon in part)
            if _corners(polygons) <= MOST_CORNERS:
                break
        return Boundary(key=key, profile=Profile.GEODETIC, polygons=polygons) if polygons else None

    def _addressed(self, key: str, kode: KodeAnswering) -> Boundary:
        addresses = tuple(
            {"country": "ID", "A1": NAMA[KodeProvinsi(member[:2])], "A2": self._nama(member)}
            for member in self._members.get(kode, ())
        )
        return Boundary(key=key, profile=Profile.CIVIC, addresses=addresses)


def _candidates(found: Jurisdiction) -> tuple[KodeKabKota, ...]:
    """Name the kabupaten and kota that share an area, or the one that is nearest to it."""
    return (found.nearest.kode,) if isinstance(found, Outside) else tuple(one.kode for one in found.shares.centres)


def answering(centre: Registered) -> KodeAnswering:
    """Say who answers 112 there: who the register names, or the province where it is known that nobody does."""
    if centre.live is Live.NO and centre.answered_by == centre.kode:
        return centre.fallback_provinsi
    return centre.answered_by


def boundary_key(version: str, kode: str, profile: Profile, *more: str) -> str:
    """Name the area of a centre by 128 bits that change with it (RFC 5222, 5.6)."""
    return sha256("\0".join((version, kode, profile.value, *more)).encode()).hexdigest()[:32]


def _corners(polygons: tuple[Polygon, ...]) -> int:
    return sum(len(one.ring) + sum(len(hole) for hole in one.holes) for one in polygons)


def _narrowed(area: Area) -> Area:
    """Take the middle of an area that is too wide to be shared out."""
    reach = area.radius_m if isinstance(area, Circle) else reach_m(area)
    return Point(middle=area.middle) if reach is not None and reach > WIDEST_M else area
