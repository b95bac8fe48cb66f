"""Finds the places that a spoken text can mean, best first: by name, by what they lie in, by nearness."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from geo112.core.errors import BadInput
from geo112.core.geo import Position
from geo112.core.shapes import Area, Circle
from geo112.locate.places.around import Nearby, around
from geo112.locate.places.coarse import Coarse, plane_m
from geo112.locate.places.found import Found
from geo112.locate.places.grams import PairIndex
from geo112.locate.places.kinds import ADMINISTRATIVE, KINDS, Kind
from geo112.locate.places.match import MOST_WRONG_SHARE, contexts, far, heads
from geo112.locate.places.reasons import Seen, grown_m, reasons
from geo112.locate.places.spelling import LONGEST_TEXT
from geo112.locate.places.spoken import Ask, Segment, understand
from geo112.locate.places.table import DISPUTED, ESTIMATED, Columns, open_columns

MOST_FOUND = 50
CONFIDENCE_SHARE = 0.95

# How many names are compared letter by letter: of the whole country, and near the coarse fix as many again.
_COMPARED, _COMPARED_GUESSED = 1_000, 500
_IN_CONTEXT, _KEPT = 200, 50
_KEPT_SURROUNDINGS = 4_096
_MOST_ASKS = 7
_KIND_COST = {Kind.KECAMATAN: 0.3, Kind.KABKOTA: 0.5, Kind.PROVINSI: 1.0}
_REVERSED_COST = 0.8
_PATOKAN_COST, _OTHER_KIND_COST, _NO_ROAD_COST = 0.2, 2.5, 5.0

Texts = npt.NDArray[np.object_]
Rows = npt.NDArray[np.int64]


class Places:
    """All places of a file; it never changes after it is opened, and any number of threads may ask it."""

    __slots__ = ("_around", "_columns", "_has_roads", "_index", "_keys", "_kind_cost", "_spellings")

    def __init__(self, columns: Columns) -> None:
        """Take the columns of a file; `open` is the way in."""
        self._columns = columns
        self._index = PairIndex(start=columns.pair_start, keys=columns.pair_keys, sizes=columns.key_pairs)
        self._keys = _lines(columns.keys)
        self._spellings = _lines(columns.spellings)
        self._around = lru_cache(maxsize=_KEPT_SURROUNDINGS)(self._names_around)
        self._has_roads = bool((columns.kind == KINDS.index(Kind.JALAN)).any())
        self._kind_cost = np.array([_kind_cost(kind) for kind in KINDS])

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file of places; raises DataMissing where there is none."""
        return cls(open_columns(path))

    @property
    def version(self) -> str:
        """Name the boundaries and imports that the places were made of."""
        return self._columns.version

    def __len__(self) -> int:
        """Give the number of places."""
        return int(self._columns.lat_deg.size)

    def area_of(self, kode: str) -> Circle | None:
        """Give the circle around a province, kabupaten, kota, kecamatan or village by its code."""
        digits = kode.replace(".", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            return None
        rows = np.flatnonzero(self._columns.kode == int(digits))
        return self._circle(int(rows[0])) if rows.size else None

    def around(self, middle: Position, reach_m: Mapping[Kind, float]) -> list[Nearby]:
        """Give the places near a position, each kind as far as its reach in metres, nearest first."""
        return around(self._columns, middle, reach_m)

    def find(self, text: str, near: Area | None = None, limit: int = 10) -> list[Found]:
        """Find up to `limit` places that the text can mean, best first; raises BadInput for a text that is too long.

        `near` is where the caller may be. It is a prior: a name that fits without an error is never left out for being
        far away, unless it has more namesakes than there is room.
        """
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"has {len(text)} characters, more than {LONGEST_TEXT}", field="text")
        limit = min(max(limit, 1), MOST_FOUND)
        spoken = understand(text)
        coarse = Coarse(near, self._columns) if near is not None else None
        seen: dict[int, Seen] = {}
        for ask in (*spoken.plain, *spoken.splits)[:_MOST_ASKS]:
            missing = ask.wanted == {Kind.JALAN} and not self._has_roads
            if not missing and not any(one.good_enough(ask) for one in seen.values()):
                self._look(ask, coarse, seen)
        order = sorted(seen.values(), key=lambda one: (one.cost, one.gap_m, one.row))
        chosen = _with_perfect(order, limit)
        if spoken.bare is not None and chosen:
            chosen = [chosen[0], *self._of_kind(spoken.bare, chosen[0]), *chosen[1:]][:limit]
        return [self._found(one, near) for one in {one.row: one for one in chosen}.values()]

    def _look(self, ask: Ask, coarse: Coarse | None, seen: dict[int, Seen]) -> None:
        """Weigh all places for one way to understand the text, and keep each where it is best."""
        columns, size = self._columns, len(ask.head)
        around = coarse.keys_around if coarse is not None else None
        most = _COMPARED_GUESSED if ask.guessed else _COMPARED
        rows = self._index.alike(ask.head, most=most, near=around, most_near=most)
        if not rows.size:
            return
        head = heads(ask.head, ask.spelt, self._keys[rows], self._spellings[rows])
        good = np.flatnonzero(head.wrong <= MOST_WRONG_SHARE * size)
        places = columns.key_place[rows[good]]
        gap_m = np.zeros(good.size) if coarse is None else coarse.gaps_m(places)
        far_cost = np.zeros(good.size) if coarse is None else far(gap_m, reach_m=coarse.reach_m)
        cost = head.cost[good] + far_cost + self._kind_cost[columns.kind[places]]
        if ask.reversed:
            cost += _REVERSED_COST
        if ask.wanted:
            cost += _unwanted(ask.wanted)[columns.kind[places]]
        exact = (head.wrong[good] == 0) & ~head.cut[good]
        namesakes = int(np.unique(places[exact]).size)
        best = _smallest(cost, _IN_CONTEXT if ask.context else _KEPT)
        wrong, unknown = head.wrong[good], np.zeros(good.size, np.int64)
        if ask.context:
            best_parents, owner = np.unique(columns.parent[places[best]], return_inverse=True)
            fits = contexts(ask.context, list(map(self._around, best_parents.tolist())))
            cost[best] += fits.cost[owner]
            wrong[best] += fits.wrong[owner]
            unknown[best] = fits.unknown[owner]
            best = best[_smallest(cost[best], _KEPT)]
        letters = size + sum(len(one.key) for one in ask.context)
        for at in best.tolist():
            row = int(places[at])
            known = seen.get(row)
            if known is None or cost[at] < known.cost:
                seen[row] = Seen(
                    row=row,
                    cost=float(cost[at]),
                    far_cost=float(far_cost[at]),
                    gap_m=float(gap_m[at]),
                    wrong=int(wrong[at]),
                    unknown=int(unknown[at]),
                    letters=letters,
                    cut=bool(head.cut[good[at]]),
                    context=bool(ask.context),
                    guessed=ask.guessed,
                    namesakes=namesakes if exact[at] else 1,
                    beside=ask.beside,
                )

    def _of_kind(self, bare: Segment, home: Seen) -> Iterator[Seen]:
        """Give the patokan of a kind within the place that was named: its mosques where `masjid` is said."""
        columns, kind = self._columns, bare.bare
        if kind is None:
            return
        circle = self._circle(home.row)
        rows = np.flatnonzero(columns.kind == KINDS.index(kind))
        gaps = plane_m(columns, rows, circle.middle)
        inside = rows[gaps <= circle.radius_m]
        for row in inside[np.argsort(gaps[gaps <= circle.radius_m], kind="stable")].tolist():
            yield home.like(row, beside=bare.beside)

    def _names_around(self, parent: int) -> tuple[str, ...]:
        """Give all that a place with this parent can be said to lie in, one by one and two together."""
        names, inner = [""], list[str]()
        for row in self._chain(parent):
            own = self._keys_of(row)
            names += own
            names += [one + outer for one in inner for outer in own]
            inner = own
        return tuple(names)

    def _keys_of(self, row: int) -> list[str]:
        first = self._columns.first_key
        end = int(first[row + 1]) if row + 1 < first.size else len(self._keys)
        return list(self._keys[int(first[row]) : end])

    def _circle(self, row: int, *, more_m: float = 0.0) -> Circle:
        columns = self._columns
        middle = Position(lon_deg=float(columns.lon_deg[row]), lat_deg=float(columns.lat_deg[row]))
        return Circle(middle=middle, radius_m=float(columns.radius_m[row]) + more_m, confidence_share=CONFIDENCE_SHARE)

    def _found(self, seen: Seen, near: Area | None) -> Found:
        """Write out one place with the names of what it lies in and the reasons."""
        columns, row = self._columns, seen.row
        kind = KINDS[columns.kind[row]]
        area = self._circle(row, more_m=grown_m(seen.beside))
        within = {KINDS[columns.kind[one]]: columns.name(one) for one in self._chain(row)}
        flags = int(columns.flags[row])
        distance_m = None if near is None else round(near.middle.distance_m(area.middle), 1)
        return Found(
            name=columns.name(row),
            kind=kind,
            kode=columns.kode_text(row),
            kecamatan=within.get(Kind.KECAMATAN),
            kabkota=within.get(Kind.KABKOTA),
            area=area,
            score_share=seen.score_share,
            distance_m=distance_m,
            why=reasons(
                seen, near=near is not None, estimated=bool(flags & ESTIMATED), disputed=bool(flags & DISPUTED)
            ),
        )

    def _chain(self, row: int) -> Iterator[int]:
        while row >= 0:
            yield row
            row = int(self._columns.parent[row])


def _lines(text: npt.NDArray[np.uint8]) -> Texts:
    """Read lines of text."""
    return np.array(text.tobytes().decode("ascii").split("\n"), dtype=np.object_)


def _smallest(cost: npt.NDArray[np.float64], most: int) -> Rows:
    """Name the cheapest entries, in no order."""
    return np.arange(cost.size) if cost.size <= most else np.argpartition(cost, most)[:most]


def _kind_cost(kind: Kind) -> float:
    return _KIND_COST.get(kind, 0.0 if kind in ADMINISTRATIVE else _PATOKAN_COST)


def _unwanted(wanted: frozenset[Kind]) -> npt.NDArray[np.float64]:
    """Cost of each kind when these were asked for: a road is no village of the same name."""
    other = _NO_ROAD_COST if wanted == {Kind.JALAN} else _OTHER_KIND_COST
    return np.array([0.0 if kind in wanted else other for kind in KINDS])


def _with_perfect(order: list[Seen], limit: int) -> list[Seen]:
    """Take the first ones; a name that fits without any error gets the last place rather than none."""
    chosen = order[:limit]
    if limit > 1 and not any(one.perfect for one in chosen):
        missed = next((one for one in order[limit:] if one.perfect), None)
        if missed is not None:
            chosen[-1] = missed
    return chosen
