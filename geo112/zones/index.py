"""The index of all kecamatan: which one covers a point, how an uncertain area is shared, which one is nearest."""

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo112.core.codes import KodeKabKota
from geo112.core.confidence import at_standard_confidence
from geo112.core.errors import BadShape
from geo112.core.extent import reach_m
from geo112.core.geo import Position
from geo112.core.shapes import Area, Point, Uncertain
from geo112.zones.border import nearest_rows
from geo112.zones.decision import DEFAULT_RULE, Decision, DecisionRule
from geo112.zones.jurisdiction import (
    CentreShare,
    Inside,
    Jurisdiction,
    KecamatanShare,
    Nearest,
    Outside,
    Shares,
    Straddles,
)
from geo112.zones.kernel import direct
from geo112.zones.lookup import covering, winner, winners
from geo112.zones.measure import measure
from geo112.zones.opening import open_compact
from geo112.zones.outside import OUTSIDE_FILE, Beyond
from geo112.zones.records import Zone
from geo112.zones.second_line import NO_LINES, SecondLines
from geo112.zones.spread import NOISE_SHARE, spread
from geo112.zones.width import places_of, warnings_of

_winner, _covering = direct(winner), direct(covering)

RADIUS_UNKNOWN = "radius unknown"
# Points that a thread takes at once: few enough for its cache, and for a busy core to hold nobody up.
_PART = 131_072
# What no kecamatan covers within an area, up to this in all, is dust between polygons that were cut along each other,
# not sea and not abroad; but never more than a millionth of the area.
_DUST_M2 = 1.0
_MOST_DUST_SHARE = 1e-6


class ZoneIndex:
    """All zones in force; it never changes after it is opened, and any number of threads may ask it."""

    __slots__ = ("_accuracy_m", "_beyond", "_centre_of", "_words", "version", "zones")

    def __init__(
        self, words: NDArray[np.float64], *, zones: tuple[Zone, ...], version: str, beyond: Beyond | None = None
    ) -> None:
        """Take the words of a compact file; `open` is the way in."""
        self._words = words
        self._beyond = beyond
        self.zones = zones
        self.version = version
        numbers: dict[KodeKabKota, int] = {}
        self._accuracy_m = np.array([zone.accuracy_m for zone in zones])
        self._centre_of = np.array([numbers.setdefault(zone.kode_kabkota, len(numbers)) for zone in zones], np.int64)

    @classmethod
    def open(cls, path: Path, *, lines: SecondLines = NO_LINES) -> Self:
        """Map a compact file into memory, which servers share; DataMissing or StorageError where there is none.

        The file of what lies outside, beside it, is opened too where there is one; `lines` says whom to call there.
        """
        found = open_compact(path)
        beside = path.with_name(OUTSIDE_FILE)
        beyond = Beyond.open(beside, lines=lines) if beside.is_file() else None
        return cls(found.words, zones=found.zones, version=found.version, beyond=beyond)

    def at(self, position: Position) -> Zone | None:
        """Give the kecamatan that a place belongs to, its border included; None at sea, abroad and in gaps."""
        row = _winner(self._words, position.lon_deg, position.lat_deg)
        return self.zones[row] if row >= 0 else None

    def all_at(self, position: Position) -> tuple[Zone, ...]:
        """Give all kecamatan that cover a place, first the one that it belongs to by the overlap rule."""
        return tuple(self.zones[row] for row in _covering(self._words, position.lon_deg, position.lat_deg).tolist())

    def zone_ids(self, lon: ArrayLike, lat: ArrayLike, *, threads: int = 1) -> NDArray[np.int32]:
        """Give the row in `zones` that each place belongs to, -1 for none and for not-a-number."""
        lons, lats = _column(lon), _column(lat)
        if lons.shape != lats.shape:
            raise ValueError(f"{lons.size} longitudes with {lats.size} latitudes")
        rows = np.empty(lons.size, np.int32)
        parts = [slice(start, start + _PART) for start in range(0, lons.size, _PART)]

        def fill(part: slice) -> None:
            winners(self._words, lons[part], lats[part], rows[part])

        if threads > 1 and len(parts) > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(fill, parts))
        else:
            for part in parts:
                fill(part)
        return rows

    def nearest(self, position: Position) -> Nearest:
        """Give the kecamatan whose edge is nearest, with the geodesic distance; 0 m where one covers the place."""
        zone, gap_m = self.at(position), 0.0
        if zone is None:
            gap_m, rows = nearest_rows(self._words, position)
            zone = min((self.zones[row] for row in rows), key=lambda each: (each.area_km2, each.kode))
        return Nearest(
            kecamatan=zone.kode, kecamatan_nama=zone.nama, kode=zone.kode_kabkota, nama=zone.kabkota, gap_m=gap_m
        )

    def jurisdiction(self, area: Area) -> Jurisdiction:
        """Decide which centre a caller in an uncertain area belongs to, with probabilities (RFC 7459, 5.5)."""
        answer = self._of_point(area) if isinstance(area, Point) else self._of_area(area)
        if self._beyond is None or not answer.shares.outside_share:
            return answer
        return self._beyond.told(answer, area if isinstance(area, Point) else _scaled(area))

    def decide(self, area: Area, *, rule: DecisionRule = DEFAULT_RULE, accuracy_m: float | None = None) -> Decision:
        """Decide who acts: the caller's position normally distributed, and the boundary only as good as its source.

        `accuracy_m` stands in for what is known of the boundaries, as one standard deviation in metres.
        """
        counted_m = float(self._accuracy_m.max()) if accuracy_m is None else accuracy_m
        weights = self._spread(area, counted_m)
        if accuracy_m is None:
            exact_m = self._accuracy_between(weights, counted_m)
            if exact_m != counted_m:
                counted_m = exact_m
                weights = self._spread(area, counted_m)
        inside_share = math.fsum(share for _, share in weights)
        whole = inside_share >= 1 - NOISE_SHARE
        if whole:
            weights = [(row, share / inside_share) for row, share in weights]
        warnings = (RADIUS_UNKNOWN,) if isinstance(area, Point) else warnings_of(reach_m(area) or 0.0)
        outside_share = 0.0 if whole else 1 - inside_share
        shares = self._shares(weights, outside_share=outside_share, unknown_share=0.0, warnings=warnings)
        return Decision(shares=shares, accuracy_m=counted_m, rule=rule)

    def _spread(self, area: Area, accuracy_m: float) -> list[tuple[int, float]]:
        """Give the zones that have more than a trace of probability."""
        weights = spread(self._words, area, accuracy_m=accuracy_m, centre_of=self._centre_of)
        return [(row, share) for row, share in weights if share > NOISE_SHARE]

    def _accuracy_between(self, weights: list[tuple[int, float]], widest_m: float) -> float:
        """Say how well the border is known that the decision hangs on: that of the most probable centre.

        A border that two sources draw is as good as the better one: the other is cut along it.
        """
        best: dict[int, tuple[float, float]] = {}
        for row, share in weights:
            sum_share, known_m = best.get(self._centre_of[row], (0.0, 0.0))
            best[self._centre_of[row]] = sum_share + share, max(known_m, float(self._accuracy_m[row]))
        if not best:
            return widest_m
        (_, own_m), *others = sorted(best.values(), reverse=True)
        return max((min(own_m, other_m) for _, other_m in others), default=own_m)

    def _of_point(self, point: Point) -> Jurisdiction:
        """Answer for a place whose uncertainty nobody stated."""
        row = _winner(self._words, point.middle.lon_deg, point.middle.lat_deg)
        weights = [(row, 1.0)] if row >= 0 else []
        shares = self._shares(
            weights, outside_share=0.0 if weights else 1.0, unknown_share=0.0, warnings=(RADIUS_UNKNOWN,)
        )
        if weights:
            return Inside(centre=shares.centres[0], shares=shares)
        return Outside(nearest=self.nearest(point.middle), shares=shares)

    def _of_area(self, area: Uncertain) -> Jurisdiction:
        """Answer for an area: scaled to 95 % where a rule can, then every place in it equally likely."""
        standard = _scaled(area)
        known = standard.confidence_share
        weights, touched, size_m2, noise, reach = measure(self._words, standard, centre_of=self._centre_of)
        inside_share = math.fsum(share for _, share in weights)
        dust_share = min(_MOST_DUST_SHARE, _DUST_M2 / size_m2) if size_m2 else _MOST_DUST_SHARE
        whole = inside_share >= 1 - max(noise, dust_share)
        if whole:
            weights = [(row, share / inside_share) for row, share in weights]
        shares = self._shares(
            [(row, known * share) for row, share in weights],
            outside_share=0.0 if whole else known * (1 - inside_share),
            unknown_share=1 - known,
            warnings=warnings_of(reach or reach_m(area) or 0.0),
        )
        if not weights:
            nearest = min((self.nearest(place) for place in places_of(standard)), key=lambda each: each.gap_m)
            return Outside(nearest=nearest, shares=shares)
        centres = {self.zones[row].kode_kabkota for row in touched}
        kind = Inside if whole and len(centres) == 1 else Straddles
        return kind(centre=shares.centres[0], shares=shares)

    def _shares(
        self, weights: list[tuple[int, float]], *, outside_share: float, unknown_share: float, warnings: tuple[str, ...]
    ) -> Shares:
        """Name the zones of the shares and add them up for their centres, largest first, lower code first of equals."""
        weights = sorted(weights, key=lambda weight: (-weight[1], weight[0]))
        sums: dict[KodeKabKota, tuple[str, list[float]]] = {}
        for row, share in weights:
            zone = self.zones[row]
            sums.setdefault(zone.kode_kabkota, (zone.kabkota, []))[1].append(share)
        centres = [CentreShare(kode=kode, nama=nama, share=math.fsum(parts)) for kode, (nama, parts) in sums.items()]
        centres.sort(key=lambda centre: (-centre.share, centre.kode))
        return Shares(
            centres=tuple(centres),
            kecamatan=tuple(
                KecamatanShare(kode=self.zones[row].kode, nama=self.zones[row].nama, share=share)
                for row, share in weights
            ),
            outside_share=outside_share,
            unknown_share=unknown_share,
            boundaries=self.version,
            warnings=warnings,
        )


def _scaled(area: Uncertain) -> Uncertain:
    """Bring an area to 95 %; one that would then be wider than the earth, or nothing, keeps what it claims."""
    try:
        standard = at_standard_confidence(area)
    except (BadShape, ZeroDivisionError):
        return area
    assert not isinstance(standard, Point)  # noqa: S101 - only a point becomes a point
    return standard


def _column(values: ArrayLike) -> NDArray[np.float64]:
    """Bring coordinates into the one form that the kernels are compiled for."""
    column = np.ascontiguousarray(values, np.float64).reshape(-1).view()
    column.flags.writeable = False
    return column
