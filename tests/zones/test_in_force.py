"""The set in force changes by itself on its day, in the time of the centre, and a broken one never gets in."""

import logging
import shutil
import threading
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from drawn_sets import SIDE, SOUTH, WEST, Squares, write_set

from geo112.core.clock import Clock
from geo112.core.codes import CallId, PersonRef
from geo112.core.errors import DataMissing, StorageError
from geo112.core.geo import Position
from geo112.core.shapes import Point
from geo112.desk.given import GivenPosition
from geo112.desk.locating import Locator
from geo112.incidents.events import CallLocated
from geo112.prepare.sets import put_in_force, remove
from geo112.zones.catalogue import SETS_FILE
from geo112.zones.centres import WIB, WIT, WITA
from geo112.zones.in_force import InForce, Places, ZonesInForce
from geo112.zones.index import ZoneIndex

WHOLE: Squares = {"35.01.01": (0, 0, 4, 1)}
SPLIT: Squares = {"35.01.01": (0, 0, 2, 1), "35.02.01": (2, 0, 4, 1)}
EAST = Position(lon_deg=WEST + 3 * SIDE, lat_deg=SOUTH + 0.5 * SIDE)
NEW_YEAR = date(2027, 1, 1)
EVE = datetime(2026, 12, 31, 3, tzinfo=UTC)


class Hand:
    """A clock that stands where a test puts it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def build_dir(tmp_path: Path) -> Path:
    return write_set(tmp_path / "build", WHOLE, version="whole")


@pytest.fixture
def sets_dir(tmp_path: Path) -> Path:
    return tmp_path / "sets"


def enter(
    sets_dir: Path, version: str, *, valid_from: date | None, squares: Squares = SPLIT, now: datetime = EVE
) -> Path:
    fresh = write_set(sets_dir.parent / f"fresh-{version}", squares, version=version)
    return put_in_force(fresh, sets_dir=sets_dir, valid_from=valid_from, name=version, now=now)


def opened(folder: Path, _since: datetime | None) -> ZoneIndex:
    return ZoneIndex.open(folder / "zones.geo112")


def holder(sets_dir: Path, build_dir: Path, clock: Clock, zone: tzinfo = WIB) -> InForce[ZoneIndex]:
    places = Places(sets_dir=sets_dir, build_dir=build_dir, zone=zone, file="zones.geo112")
    return InForce(opened, places=places, clock=clock)


@pytest.mark.parametrize(("zone", "hour_utc"), [(WIB, 17), (WITA, 16), (WIT, 15)])
def test_a_split_takes_over_at_midnight_of_the_centre(
    sets_dir: Path, build_dir: Path, zone: tzinfo, hour_utc: int
) -> None:
    enter(sets_dir, "split", valid_from=NEW_YEAR)
    midnight = datetime(2026, 12, 31, hour_utc, tzinfo=UTC)
    clock = Hand(midnight - timedelta(microseconds=1))
    held = holder(sets_dir, build_dir, clock, zone)
    zones = ZonesInForce(held.current)
    assert (zones.version, held.until) == ("whole", midnight)
    assert zones.jurisdiction(Point(middle=EAST)).shares.centres[0].kode == "35.01"
    clock.at = midnight
    assert zones.version == "split"
    found = zones.jurisdiction(Point(middle=EAST))
    assert (found.shares.centres[0].kode, found.shares.boundaries) == ("35.02", "split")
    assert zones.nearest(EAST).kode == "35.02"
    assert [zone.kode for zone in zones.all_at(EAST)] == ["35.02.01"]
    at = zones.at(EAST)
    assert at is not None
    assert at.kode == "35.02.01"
    assert held.until is None


def test_a_lookup_in_flight_keeps_the_index_that_it_began_with(sets_dir: Path, build_dir: Path) -> None:
    enter(sets_dir, "split", valid_from=NEW_YEAR)
    clock = Hand(EVE)
    held = holder(sets_dir, build_dir, clock)
    began_with = held.current()
    clock.at = EVE + timedelta(days=1)
    assert held.current().version == "split"
    assert began_with.jurisdiction(Point(middle=EAST)).shares.boundaries == "whole"


def test_both_questions_of_one_decision_are_answered_by_one_set(sets_dir: Path, build_dir: Path) -> None:
    enter(sets_dir, "split", valid_from=NEW_YEAR)

    class Ticking(Hand):
        """Midnight comes between the first question and the second."""

        def now(self) -> datetime:
            self.at += timedelta(seconds=1)
            return self.at

    clock = Ticking(datetime(2026, 12, 31, 16, 59, 57, tzinfo=UTC))
    zones = ZonesInForce(holder(sets_dir, build_dir, clock).current)
    given = GivenPosition(lat_deg=EAST.lat_deg, lon_deg=EAST.lon_deg, radius_m=20.0)
    outcome = Locator(zones=zones).from_position(CallId("c"), PersonRef("p"), given, now=EVE)
    event = outcome.event
    assert isinstance(event, CallLocated)
    assert event.decision is not None
    assert (event.jurisdiction.shares.boundaries, event.decision.shares.boundaries) == ("split", "split")
    # Opening, first question before midnight, second one after it (with a second look), first one again.
    assert clock.at == datetime(2026, 12, 31, 17, 0, 2, tzinfo=UTC)


def test_several_changes_passed_at_once_end_at_the_last(sets_dir: Path, build_dir: Path) -> None:
    enter(sets_dir, "split", valid_from=NEW_YEAR)
    enter(sets_dir, "mended", valid_from=date(2027, 2, 1), now=EVE + timedelta(minutes=1))
    clock = Hand(EVE)
    held = holder(sets_dir, build_dir, clock)
    clock.at = datetime(2027, 5, 1, tzinfo=UTC)
    assert held.current().version == "mended"
    assert held.look() is False
    assert held.current().version == "mended"


def test_a_set_that_was_just_entered_is_in_force_after_the_next_look(sets_dir: Path, build_dir: Path) -> None:
    held = holder(sets_dir, build_dir, Hand(EVE))
    assert held.look() is False
    enter(sets_dir, "own", valid_from=None)
    assert held.look() is True
    assert held.current().version == "own"
    remove("own", sets_dir=sets_dir)
    assert held.look() is True
    assert held.current().version == "whole"


def test_boundaries_that_were_built_anew_are_taken_up(sets_dir: Path, build_dir: Path, tmp_path: Path) -> None:
    held = holder(sets_dir, build_dir, Hand(EVE))
    write_set(tmp_path / "anew", SPLIT, version="anew")
    shutil.rmtree(build_dir)
    held.look()
    assert held.current().version == "whole"
    assert "zones.geo112 is not there" in held.problems[0]
    (tmp_path / "anew").rename(build_dir)
    assert held.look() is True
    assert (held.current().version, held.problems) == ("anew", ())


def damage(folder: Path) -> None:
    with (folder / "zones.geo112").open("r+b") as file:
        file.truncate(1000)


def test_a_broken_new_set_never_replaces_a_good_one_and_is_said_once(
    sets_dir: Path, build_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    enter(sets_dir, "good", valid_from=None)
    held = holder(sets_dir, build_dir, Hand(EVE))
    damage(enter(sets_dir, "broken", valid_from=None, now=EVE + timedelta(minutes=1)))
    with caplog.at_level(logging.WARNING, logger="geo112.boundaries"):
        assert held.look() is False
        assert held.look() is False
    assert held.current().version == "good"
    assert "the set broken" in held.problems[0]
    assert [record.message for record in caplog.records] == list(held.problems)
    remove("broken", sets_dir=sets_dir)
    assert held.look() is False
    assert held.problems == ()


def test_a_broken_set_that_waits_is_said_before_its_day_and_passed_over_on_it(sets_dir: Path, build_dir: Path) -> None:
    damage(enter(sets_dir, "broken", valid_from=NEW_YEAR))
    clock = Hand(EVE)
    held = holder(sets_dir, build_dir, clock)
    assert f"the set broken for {NEW_YEAR}" in held.problems[0]
    clock.at = EVE + timedelta(days=1)
    assert held.current().version == "whole"


def test_a_broken_list_keeps_what_is_in_force(sets_dir: Path, build_dir: Path) -> None:
    enter(sets_dir, "own", valid_from=None)
    held = holder(sets_dir, build_dir, Hand(EVE))
    (sets_dir / SETS_FILE).write_text("{")
    assert held.look() is False
    assert held.current().version == "own"
    assert "is no list of sets" in held.problems[0]


def test_a_centre_starts_on_the_build_where_the_list_is_broken(sets_dir: Path, build_dir: Path) -> None:
    sets_dir.mkdir()
    (sets_dir / SETS_FILE).write_text("{")
    held = holder(sets_dir, build_dir, Hand(EVE))
    assert held.current().version == "whole"
    assert "is no list of sets" in held.problems[0]


def test_without_any_set_that_opens_the_error_of_the_build_is_raised(sets_dir: Path, tmp_path: Path) -> None:
    damage(enter(sets_dir, "broken", valid_from=None))
    with pytest.raises(DataMissing, match="not there"):
        holder(sets_dir, tmp_path / "nothing", Hand(EVE))
    damage(write_set(tmp_path / "bad", WHOLE, version="bad"))
    with pytest.raises(StorageError, match="damaged"):
        holder(sets_dir, tmp_path / "bad", Hand(EVE))


def test_threads_that_ask_during_a_change_get_one_whole_set_or_the_other(sets_dir: Path, build_dir: Path) -> None:
    enter(sets_dir, "split", valid_from=NEW_YEAR)
    clock = Hand(EVE)
    held = holder(sets_dir, build_dir, clock)
    zones = ZonesInForce(held.current)
    answers: list[set[tuple[str, str]]] = [set() for _ in range(4)]
    begun, done = threading.Barrier(5), threading.Event()

    def ask(seen: set[tuple[str, str]]) -> None:
        begun.wait()
        last = False
        while not last:
            last = done.is_set()
            shares = zones.jurisdiction(Point(middle=EAST)).shares
            seen.add((shares.boundaries, shares.centres[0].kode))

    threads = [threading.Thread(target=ask, args=(seen,)) for seen in answers]
    for thread in threads:
        thread.start()
    begun.wait()
    clock.at = EVE + timedelta(days=1)
    held.look()
    done.set()
    for thread in threads:
        thread.join()
    assert all(("split", "35.02") in seen for seen in answers)
    assert set.union(*answers) <= {("whole", "35.01"), ("split", "35.02")}
