"""One area to act on, out of all fixes of one caller: always one of those given, never an average of them.

The rules and what they do to the stated confidence stand in docs/decisions/0009-fusion.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from geo112.core.shapes import Point
from geo112.locate.fix import Fix, FixSource
from geo112.locate.gap import Spread, gap_m, spread_of, wide_gap_m

# Comfortable walking speed of grown people, 1.2 to 1.4 m/s (Bohannon 1997): how an area widens as it ages.
WALKING_M_S = 1.4
# 144 km/h: faster nobody is believed to have moved; then one of two fixes is wrong.
FASTEST_M_S = 40.0
# What a link says when it was opened on another telephone than the one that calls.
OTHER_PHONE = "ponsel lain"
# A position whose uncertainty nobody stated ranks as a circle of 5 km, and may be 1 km off before it contradicts.
UNKNOWN_RANKS_AS_M = 5_000.0
UNKNOWN_MAY_BE_OFF_M = 1_000.0
MUCH_WIDER = 100.0

SAME_TIME = timedelta(seconds=3)
SAME_TIME_UNSAID = timedelta(seconds=60)
_SAME_M, _SAME_SHARE = 2.0, 0.01
# What people say or look up was not measured: nobody moved because of it.
_SAID = frozenset({FixSource.TYPED, FixSource.PATOKAN})
# These send one position after another: of a track only the newest is held against the others.
_TRACKS = frozenset({FixSource.SMS_LINK, FixSource.APP})


class Status(StrEnum):
    """What became of a fix."""

    USED = "used"
    KNOWN = "known"
    NOT_USED = "not_used"


class Why(StrEnum):
    """The reason for a status: four of the used fix, then those of fixes that are known, then of those not used.

    `other_phone` is that of a used fix, too, while nothing else is known.
    """

    ONLY = "only"
    SMALLEST = "smallest"
    NEWEST_TYPED = "newest_typed"
    MOVED = "moved"
    SAME_AS = "same_as"
    WIDER = "wider"
    UNKNOWN_SIZE = "unknown_size"
    OTHER_PHONE = "other_phone"
    TYPED_OVER = "typed_over"
    MUCH_WIDER = "much_wider"
    OLDER = "older"
    LEFT_BEHIND = "left_behind"


_NOT_USED = frozenset({Why.MUCH_WIDER, Why.OLDER, Why.LEFT_BEHIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A fix with its number and the moment in which the centre knew of it."""

    n: int
    fix: Fix
    known_at: datetime

    @property
    def measured_at(self) -> datetime:
        """When the caller was there: the time of positioning, and never later than when the centre knew of it."""
        return self.known_at if self.fix.taken_at is None else min(self.fix.taken_at, self.known_at)

    @property
    def is_doubtful(self) -> bool:
        """Whether it may be another person's place: it counts for nothing until a call taker types it."""
        return any(OTHER_PHONE in warning for warning in self.fix.warnings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one fix, and why; `same_as` is the number of the fix that it repeats."""

    n: int
    status: Status
    why: Why
    same_as: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two fixes whose 95 % areas lie `gap_m` apart, more than walking between them explains.

    `speed_m_s` is how fast the caller would have to be; None where both were measured within a second.
    """

    fix_n: tuple[int, int]
    gap_m: float
    speed_m_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The fix to act on, by its number and with the reason; what became of each; what speaks for it and against it."""

    n: int
    why: Why
    judged: tuple[Judged, ...]
    sources: tuple[FixSource, ...]
    agrees: tuple[int, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A fix with its repeats; `first` stands for all of them."""

    first: Candidate
    members: tuple[Candidate, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody vouches for it: a call taker's own entry of the same place does."""
        return all(one.is_doubtful for one in self.members)

    @property
    def age_key(self) -> tuple[datetime, int]:
        """In what order they were measured."""
        return self.first.measured_at, self.first.n


def choose(candidates: Iterable[Candidate]) -> Choice | None:
    """Choose the fix of one caller to act on; None where there is none. The order of arrival makes no difference."""
    groups = _groups(candidates)
    if not groups:
        return None
    able = [one for one in groups if not one.is_doubtful] or groups
    chosen, why, left = _best(able)
    if chosen.is_doubtful:
        why = Why.OTHER_PHONE
    elif len(groups) == 1:
        why = Why.ONLY
    others = [one for one in groups if one is not chosen]
    agrees, contradictions = _held_against(chosen, others)
    at = max(one.first.measured_at for one in able)
    judged = [Judged(n=chosen.first.n, status=Status.USED, why=why)]
    judged += [_judged(one, chosen=chosen, why=why, at=at, left=left) for one in others]
    return Choice(
        n=chosen.first.n,
        why=why,
        judged=tuple(sorted([*judged, *_repeats(groups)], key=lambda one: one.n)),
        sources=tuple(sorted({one.fix.source for one in chosen.members})),
        agrees=agrees,
        contradictions=contradictions,
    )


def best_of_callers(candidates: Iterable[Candidate]) -> Candidate | None:
    """Choose the fix of several callers about one happening: as `choose`, but nobody moved between two callers."""
    groups = _groups(candidates)
    if not groups:
        return None
    able = [one for one in groups if not one.is_doubtful] or groups
    return (_typed_just_now(able) or _smallest(able)).first


def _groups(candidates: Iterable[Candidate]) -> list[_Group]:
    """Put repeats together: the same AML fix by SMS and by HTTPS is one; in the order of measuring."""
    found: list[list[Candidate]] = []
    for one in sorted(candidates, key=lambda each: (each.measured_at, each.n)):
        repeated = next((group for group in _lately(found, one) if _same(group[0], one)), None)
        if repeated is None:
            found.append([one])
        else:
            repeated.append(one)
    return [_group(members) for members in found]


def _lately(found: list[list[Candidate]], one: Candidate) -> Iterator[list[Candidate]]:
    """Give those that can be the same for their time, the last ones first."""
    for group in reversed(found):
        if one.measured_at - group[0].measured_at > SAME_TIME_UNSAID:
            return
        yield group


def _group(members: list[Candidate]) -> _Group:
    first = min(members, key=lambda one: (one.is_doubtful, one.n))
    return _Group(first=first, members=tuple(members))


def _same(one: Candidate, other: Candidate) -> bool:
    """Tell whether two messages report one fix: the same place, size and time within rounding."""
    a, b = one.fix.area, other.fix.area
    said = one.fix.taken_at is not None and other.fix.taken_at is not None
    if type(a) is not type(b):
        return False
    if abs(one.measured_at - other.measured_at) > (SAME_TIME if said else SAME_TIME_UNSAID):
        return False
    # Without their own time two entries of a call taker are two: the second one says it again.
    if not said and FixSource.TYPED in (one.fix.source, other.fix.source) and one.fix.source is other.fix.source:
        return False
    if abs(a.middle.lat_deg - b.middle.lat_deg) > 1e-4 or a.middle.distance_m(b.middle) > _SAME_M:
        return False
    first, second = spread_of(a), spread_of(b)
    return first is second or (first is not None and second is not None and _alike(first, second))


def _alike(one: Spread, other: Spread) -> bool:
    reach = abs(one.reach_m - other.reach_m) <= _SAME_M + _SAME_SHARE * one.reach_m
    edge_m2 = one.perimeter_m * _SAME_M
    return reach and abs(one.size_m2 - other.size_m2) <= edge_m2 + 2 * _SAME_SHARE * one.size_m2


def _best(able: list[_Group]) -> tuple[_Group, Why, list[_Group]]:
    """Choose among those that count, with the reason and those that the caller has left behind."""
    typed = _typed_just_now(able)
    if typed is not None:
        return typed, Why.NEWEST_TYPED, []
    left: list[_Group] = []
    rest = list(able)
    while True:
        chosen = _smallest(rest)
        if not any(_moved_on(chosen, one) for one in reversed(able)):
            return chosen, Why.MOVED if left else Why.SMALLEST, left
        left.append(chosen)
        rest.remove(chosen)


def _typed_just_now(able: list[_Group]) -> _Group | None:
    """Give the newest one if it is a bare point that a call taker typed: then the caller has just said it.

    A track that was there before goes on without being news: who typed knew of it.
    """
    points = [one for one in able if _is_typed(one) and isinstance(one.first.fix.area, Point)]
    if not points:
        return None
    typed = max(points, key=lambda one: one.age_key)
    known = {one.first.fix.source for one in able if one.age_key < typed.age_key} & _TRACKS
    later = (one for one in able if one.age_key > typed.age_key)
    return typed if all(one.first.fix.source in known for one in later) else None


def _is_typed(one: _Group) -> bool:
    return any(each.fix.source is FixSource.TYPED for each in one.members)


def _smallest(able: list[_Group]) -> _Group:
    """Give the one with the smallest 95 % area by now; of equals the one of shorter reach, then the newest."""
    at = max(one.first.measured_at for one in able)

    def rank(one: _Group) -> tuple[float, float, timedelta, int]:
        spread = spread_of(one.first.fix.area)
        reach_m = UNKNOWN_RANKS_AS_M if spread is None else spread.reach_m
        return _size_at(one.first, at), reach_m, at - one.first.measured_at, -one.first.n

    return min(able, key=rank)


def _size_at(one: Candidate, at: datetime) -> float:
    """Size of the 95 % area after the caller may have walked on since, in square metres.

    `A + P d + pi d^2` with d the way walked: Steiner's formula, exact for convex areas and above it for others.
    """
    spread = spread_of(one.fix.area) or Spread.of_circle(UNKNOWN_RANKS_AS_M)
    return spread.grown_m2(WALKING_M_S * max(0.0, (at - one.measured_at).total_seconds()))


def _moved_on(before: _Group, after: _Group) -> bool:
    """Tell whether the later fix shows that the caller has left the earlier one.

    Held at 99.9 %, not at 95 %: a wide area that misses the caller by chance, one time in twenty, must not take the
    place of a good one just then.
    """
    one, other = before.first, after.first
    seconds = (other.measured_at - one.measured_at).total_seconds()
    if seconds <= 0 or _SAID & {one.fix.source, other.fix.source}:
        return False
    gap = wide_gap_m(one.fix.area, other.fix.area)
    return gap is not None and WALKING_M_S * seconds < gap <= FASTEST_M_S * seconds


def _held_against(chosen: _Group, others: list[_Group]) -> tuple[tuple[int, ...], tuple[Contradiction, ...]]:
    """Say which of the others agree with the chosen one and which do not; of a track only its newest is asked."""
    newest: dict[FixSource, _Group] = {}
    asked: list[_Group] = []
    for one in sorted(others, key=lambda each: each.age_key):
        if one.first.fix.source in _TRACKS:
            newest[one.first.fix.source] = one
        else:
            asked.append(one)
    agrees: list[int] = []
    contradictions: list[Contradiction] = []
    for one in sorted([*asked, *newest.values()], key=lambda each: each.first.n):
        found = _contradiction(chosen.first, one.first)
        if found is None:
            agrees.append(one.first.n)
        elif not _is_track(chosen.first, one.first, found):
            contradictions.append(found)
    return tuple(agrees), tuple(contradictions)


def _contradiction(chosen: Candidate, other: Candidate) -> Contradiction | None:
    """Say how far two fixes are apart where neither their 95 % areas nor walking explains it."""
    gap = gap_m(chosen.fix.area, other.fix.area)
    seconds = abs((chosen.measured_at - other.measured_at).total_seconds())
    unknown = isinstance(chosen.fix.area, Point) or isinstance(other.fix.area, Point)
    if gap <= WALKING_M_S * seconds + (UNKNOWN_MAY_BE_OFF_M if unknown else 0.0):
        return None
    first, second = sorted((chosen.n, other.n))
    speed_m_s = None if seconds < 1 else gap / seconds
    return Contradiction(fix_n=(first, second), gap_m=gap, speed_m_s=speed_m_s)


def _is_track(chosen: Candidate, other: Candidate, found: Contradiction) -> bool:
    """Tell whether this is one telephone on its way, which contradicts nothing."""
    same = chosen.fix.source is other.fix.source and chosen.fix.source in _TRACKS
    alike = chosen.is_doubtful == other.is_doubtful
    return same and alike and found.speed_m_s is not None and found.speed_m_s <= FASTEST_M_S


def _judged(one: _Group, *, chosen: _Group, why: Why, at: datetime, left: list[_Group]) -> Judged:
    """Say why a fix is not the one to act on."""
    reason = _reason(one, chosen=chosen, why=why, at=at, left=left)
    return Judged(n=one.first.n, status=Status.NOT_USED if reason in _NOT_USED else Status.KNOWN, why=reason)


def _reason(one: _Group, *, chosen: _Group, why: Why, at: datetime, left: list[_Group]) -> Why:
    if one.is_doubtful:
        return Why.OTHER_PHONE
    if one in left:
        return Why.LEFT_BEHIND
    if why is Why.NEWEST_TYPED:
        return Why.TYPED_OVER
    if isinstance(one.first.fix.area, Point):
        return Why.UNKNOWN_SIZE
    size_m2, chosen_m2 = _size_at(one.first, one.first.measured_at), _size_at(chosen.first, chosen.first.measured_at)
    if size_m2 <= chosen_m2 and one.first.measured_at < chosen.first.measured_at:
        return Why.OLDER
    return Why.MUCH_WIDER if _size_at(one.first, at) > MUCH_WIDER * _size_at(chosen.first, at) else Why.WIDER


def _repeats(groups: list[_Group]) -> list[Judged]:
    return [
        Judged(n=one.n, status=Status.KNOWN, why=Why.SAME_AS, same_as=group.first.n)
        for group in groups
        for one in group.members
        if one is not group.first
    ]
