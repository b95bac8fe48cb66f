"""Holds the boundaries that are in force now, and lets another set take over on its day without a restart.

A watcher opens every set that waits for its day beforehand. At its midnight a lookup then only compares the clock with
the moment of the change; who is at work keeps the set that it began with, since sets never change.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from geo112.core.clock import Clock
from geo112.core.errors import Geo112Error, StorageError
from geo112.core.geo import Position
from geo112.core.shapes import Area
from geo112.zones.catalogue import BoundarySet, day_of, in_force, midnight, next_change, read_sets
from geo112.zones.decision import DEFAULT_RULE, Decision, DecisionRule
from geo112.zones.index import ZoneIndex
from geo112.zones.jurisdiction import Jurisdiction, Nearest
from geo112.zones.records import Zone

_LOG = logging.getLogger("geo112.boundaries")
_NEVER = datetime.max.replace(tzinfo=UTC)
# What tells one set from another: folder and index by the marks of the disk, and since when it is in force.
_Mark = tuple[Path, tuple[int, ...], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step[Held]:
    """What is in force from a moment until the next step."""

    begins_at: datetime
    held: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan[Held]:
    """The steps from now on; `until` is when the first of `later` begins."""

    held: Held
    until: datetime
    later: tuple[Step[Held], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where sets are, in whose time zone their days begin, and which file of a set tells that it was replaced."""

    sets_dir: Path
    build_dir: Path
    zone: tzinfo
    file: str


class InForce[Held]:
    """What is in force now; any number of threads may ask."""

    __slots__ = ("_clock", "_known", "_lock", "_open", "_places", "_plan", "_told", "problems")

    def __init__(self, open_set: Callable[[Path, datetime | None], Held], *, places: Places, clock: Clock) -> None:
        """Open what is in force; `open_set` takes a folder and since when it is in force, None: always.

        A set that cannot be opened leaves its place to the next best one; without any that can, its error is raised.
        """
        self._open = open_set
        self._places = places
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[_Mark, Held | Geo112Error] = {}
        self._told: frozenset[str] = frozenset()
        self.problems: tuple[str, ...] = ()
        self._plan: _Plan[Held] = self._planned(clock.now())

    def current(self) -> Held:
        """Give what is in force at this moment."""
        plan = self._plan
        return plan.held if self._clock.now() < plan.until else self._gone_on()

    @property
    def until(self) -> datetime | None:
        """When the next set that waits takes over; None where none waits."""
        until = self._plan.until
        return None if until is _NEVER else until

    def look(self) -> bool:
        """Look whether sets were entered, removed or replaced, and say whether another one is in force now.

        What is in force stays where the list of sets or a new set is broken; `problems` then says so, and so does the
        log, once.
        """
        with self._lock:
            before = self._plan.held
            try:
                self._plan = self._planned(self._clock.now())
            except (Geo112Error, OSError) as error:
                self._tell((_why(error),))
            return self._plan.held is not before

    def _gone_on(self) -> Held:
        """Go to the step that has begun."""
        with self._lock:
            plan, now = self._plan, self._clock.now()
            begun = [step for step in plan.later if step.begins_at <= now]
            if begun:
                later = plan.later[len(begun) :]
                self._plan = _plan(begun[-1].held, later)
                _LOG.info("other boundaries are in force since %s", begun[-1].begins_at)
            return self._plan.held

    def _planned(self, now: datetime) -> _Plan[Held]:
        """Open what is in force and all that waits; what is open already stays so."""
        problems: list[str] = []
        zone = self._places.zone
        try:
            sets = read_sets(self._places.sets_dir)
        except StorageError as error:
            if self._known:
                raise
            sets, problems = (), [_why(error)]
        fresh: dict[_Mark, Held | Geo112Error] = {}
        today = day_of(now, zone)
        held = self._best(sets, today, fresh, problems)
        later = []
        day = next_change(sets, after=today, zone=zone)
        while day is not None:
            waiting = self._best(sets, day, fresh, problems)
            later.append(Step(begins_at=midnight(day, zone).astimezone(UTC), held=waiting))
            day = next_change(sets, after=day, zone=zone)
        self._known = fresh
        self._tell(tuple(dict.fromkeys(problems)))
        return _plan(held, tuple(later))

    def _best(
        self, sets: tuple[BoundarySet, ...], day: date, fresh: dict[_Mark, Held | Geo112Error], problems: list[str]
    ) -> Held:
        """Give the set for a day, or the next best that opens; raises the error of the build where none does."""
        left = sets
        while (wanted := in_force(left, on=day, zone=self._places.zone)) is not None:
            try:
                folder = wanted.path(self._places.sets_dir, self._places.build_dir)
                return self._opened(folder, self._since(wanted), fresh)
            except (Geo112Error, OSError) as error:
                problems.append(f"the set {wanted.version} for {day} is not used: {_why(error)}")
                left = tuple(one for one in left if one is not wanted)
        return self._opened(self._places.build_dir, None, fresh)

    def _since(self, one: BoundarySet) -> datetime:
        if one.valid_from is None:
            return one.loaded_at
        return max(one.loaded_at, midnight(one.valid_from, self._places.zone))

    def _opened(self, folder: Path, since: datetime | None, fresh: dict[_Mark, Held | Geo112Error]) -> Held:
        """Open a set, or give what came of it before: a broken one is not read again before it changes."""
        try:
            inside, index = folder.stat(), (folder / self._places.file).stat()
            seen: tuple[int, ...] = (inside.st_mtime_ns, index.st_ino, index.st_mtime_ns, index.st_size)
        except OSError:
            seen = ()
        mark = (folder, seen, since)
        known = fresh.get(mark, self._known.get(mark))
        if known is None:
            try:
                known = self._open(folder, since)
            except Geo112Error as error:
                known = error
        fresh[mark] = known
        if isinstance(known, Geo112Error):
            raise known.with_traceback(None)
        return known

    def _tell(self, problems: tuple[str, ...]) -> None:
        """Keep what is wrong, and log what was not so at the last look."""
        for one in problems:
            if one not in self._told:
                _LOG.warning("%s", one)
        self._told = frozenset(problems)
        self.problems = problems


def _plan[Held](held: Held, later: tuple[Step[Held], ...]) -> _Plan[Held]:
    return _Plan(held=held, until=later[0].begins_at if later else _NEVER, later=later)


def _why(error: Geo112Error | OSError) -> str:
    return error.message if isinstance(error, Geo112Error) else f"{type(error).__name__}: {error.strerror}"


class ZonesInForce:
    """Asks whichever index is in force at the moment of the question."""

    __slots__ = ("_index",)

    def __init__(self, index: Callable[[], ZoneIndex]) -> None:
        """Take where the index in force comes from; every question asks for it once."""
        self._index = index

    @property
    def version(self) -> str:
        """The version of the boundaries in force."""
        return self._index().version

    def jurisdiction(self, area: Area) -> Jurisdiction:
        """Decide which centre a caller in an uncertain area belongs to."""
        return self._index().jurisdiction(area)

    def decide(self, area: Area, *, rule: DecisionRule = DEFAULT_RULE, accuracy_m: float | None = None) -> Decision:
        """Decide who acts for a caller in an uncertain area, and who is told."""
        return self._index().decide(area, rule=rule, accuracy_m=accuracy_m)

    def nearest(self, position: Position) -> Nearest:
        """Give the kecamatan whose edge is nearest."""
        return self._index().nearest(position)

    def at(self, position: Position) -> Zone | None:
        """Give the kecamatan that a place belongs to."""
        return self._index().at(position)

    def all_at(self, position: Position) -> tuple[Zone, ...]:
        """Give all kecamatan that cover a place."""
        return self._index().all_at(position)
