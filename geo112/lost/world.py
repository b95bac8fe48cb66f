"""What a LoST server knows: who answers where, by shape and by address, and the areas that belong to them."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from geo112.core.shapes import Area, Polygon
from geo112.lost.request import Civic, Profile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Centre:
    """One 112 centre as LoST tells of it: a mapping (RFC 5222, 5) for each of its services.

    `updated_at` is when anything of it last changed; the keys name its area and change with it, None where no area can
    be given. Two of them are the same only when they are one object, which makes them quick keys of what was written.
    """

    source_id: str
    nama: str
    services: tuple[str, ...]
    uris: tuple[str, ...]
    number: str
    updated_at: datetime
    geodetic_key: str | None
    civic_key: str | None

    def key(self, profile: Profile) -> str | None:
        """Give the key of its area in the profile in which the client asked."""
        return self.geodetic_key if profile is Profile.GEODETIC else self.civic_key


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boundary:
    """The area of a centre: polygons with holes (RFC 5964), or the addresses in it, one for each kabupaten or kota."""

    key: str
    profile: Profile
    polygons: tuple[Polygon, ...] = ()
    addresses: tuple[Dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Which elements of an address are right, wrong, or were not looked at (RFC 5222, 8.4.2)."""

    valid: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The centres that serve a place, most probable first; `validation` where the place was an address."""

    centres: tuple[Centre, ...]
    validation: Validation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestOnly:
    """Nobody serves the place; the nearest centre is better than an error for somebody who calls 112."""

    centre: Centre
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The place is not this server's to answer; `fallback` says who to call when whoever knows cannot be reached."""

    fallback: Centre | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """The address names no place, or cannot be meant; `why` says which element."""

    why: str


Found = Served | NearestOnly | Elsewhere | Unclear


class World(Protocol):
    """What the answers of a LoST server are made of; asking changes nothing."""

    @property
    def offered(self) -> tuple[str, ...]:
        """The services that somebody here answers for."""

    def at(self, area: Area, service: str) -> Found:
        """Say who answers for a service in an area."""

    def named(self, address: Civic, service: str) -> Found:
        """Say who answers for a service at an address."""

    def boundary(self, key: str) -> Boundary | None:
        """Give the area of a key; None for one that is not, or not any more, of an area here."""
