"""Further sets of boundaries: entered whole or not at all, and which one is in force when."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from drawn_sets import Squares, write_set

from geo112.core.errors import BadInput, DataMissing, NotFound, StorageError
from geo112.prepare.sets import put_in_force, remove, use
from geo112.zones.catalogue import SETS_FILE, find_set, in_force, next_change, read_sets, set_in_force
from geo112.zones.index import ZoneIndex

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
NEW_YEAR = date(2027, 1, 1)
WHOLE: Squares = {"35.01.01": (0, 0, 2, 1), "35.02.01": (2, 0, 4, 1)}


@pytest.fixture
def sets_dir(tmp_path: Path) -> Path:
    return tmp_path / "sets"


@pytest.fixture
def build_dir(tmp_path: Path) -> Path:
    return tmp_path / "build"


def enter(sets_dir: Path, version: str, *, valid_from: date | None = None, now: datetime = NOW) -> Path:
    fresh = write_set(sets_dir.parent / f"fresh-{version}", WHOLE, version=version)
    return put_in_force(fresh, sets_dir=sets_dir, valid_from=valid_from, name=f"Set {version}", now=now)


def test_nothing_entered_means_the_build(sets_dir: Path, build_dir: Path) -> None:
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == build_dir
    assert read_sets(sets_dir) == ()


def test_a_set_takes_over_on_its_day_and_not_before(sets_dir: Path, build_dir: Path) -> None:
    placed = enter(sets_dir, "split", valid_from=NEW_YEAR)
    assert placed == sets_dir / "split"
    assert ZoneIndex.open(placed / "zones.geo112").version == "split"
    assert set_in_force(sets_dir, build_dir, date(2026, 12, 31)) == build_dir
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == placed
    assert set_in_force(sets_dir, build_dir, date(2030, 6, 1)) == placed
    assert not (sets_dir.parent / "fresh-split").exists()


def test_a_set_without_a_day_is_valid_from_the_day_it_was_loaded(sets_dir: Path, build_dir: Path) -> None:
    placed = enter(sets_dir, "own", now=datetime(2026, 12, 1, 18, tzinfo=UTC))
    # 18:00 UTC is the next day in Jakarta already, and 03:00 the next day in Jayapura.
    assert set_in_force(sets_dir, build_dir, date(2026, 12, 1), zone=ZoneInfo("Asia/Jakarta")) == build_dir
    assert set_in_force(sets_dir, build_dir, date(2026, 12, 2), zone=ZoneInfo("Asia/Jakarta")) == placed


def test_the_later_loaded_of_two_for_one_day_wins_in_whatever_order_the_file_names_them(
    sets_dir: Path, build_dir: Path
) -> None:
    enter(sets_dir, "first", valid_from=NEW_YEAR)
    second = enter(sets_dir, "second", valid_from=NEW_YEAR, now=NOW + timedelta(minutes=1))
    file = sets_dir / SETS_FILE
    file.write_text(json.dumps(list(reversed(json.loads(file.read_text())))))
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == second


def test_a_later_day_wins_over_a_later_loading(sets_dir: Path, build_dir: Path) -> None:
    split = enter(sets_dir, "split", valid_from=NEW_YEAR)
    mended = enter(sets_dir, "mended", now=NOW + timedelta(days=2))
    assert set_in_force(sets_dir, build_dir, date(2026, 12, 3)) == mended
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == split
    assert next_change(read_sets(sets_dir), after=date(2026, 12, 3)) == NEW_YEAR
    assert next_change(read_sets(sets_dir), after=NEW_YEAR) is None


@pytest.mark.parametrize("name", ["zones.geo112", "basemap.geo112", "service-areas.geo112"])
def test_a_set_with_a_broken_file_is_never_entered(sets_dir: Path, build_dir: Path, name: str) -> None:
    good = enter(sets_dir, "good")
    fresh = write_set(sets_dir.parent / "fresh", WHOLE, version="broken")
    whole = (fresh / name).read_bytes()
    (fresh / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises((StorageError, DataMissing), match=name):
        put_in_force(fresh, sets_dir=sets_dir, valid_from=None, name="Broken", now=NOW + timedelta(days=1))
    assert [one.version for one in read_sets(sets_dir)] == ["good"]
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == good


def test_a_set_whose_files_do_not_belong_together_is_not_entered(sets_dir: Path) -> None:
    fresh = write_set(sets_dir.parent / "fresh", WHOLE, version="one")
    other = write_set(sets_dir.parent / "other", WHOLE, version="two")
    (other / "basemap.geo112").replace(fresh / "basemap.geo112")
    with pytest.raises(StorageError, match="has version two, not one"):
        put_in_force(fresh, sets_dir=sets_dir, valid_from=None, name="Mixed", now=NOW)
    assert read_sets(sets_dir) == ()


def test_a_set_that_does_not_fit_its_manifest_is_not_entered(sets_dir: Path) -> None:
    fresh = write_set(sets_dir.parent / "fresh", WHOLE, version="one")
    with (fresh / "kecamatan.parquet").open("ab") as file:
        file.write(b"more")
    with pytest.raises(StorageError, match=r"manifest\.json"):
        put_in_force(fresh, sets_dir=sets_dir, valid_from=None, name="Changed", now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_set_needs_a_name(sets_dir: Path, name: str) -> None:
    fresh = write_set(sets_dir.parent / "fresh", WHOLE, version="one")
    with pytest.raises(BadInput) as caught:
        put_in_force(fresh, sets_dir=sets_dir, valid_from=None, name=name, now=NOW)
    assert caught.value.field == "name"


def test_the_same_version_again_takes_the_place_of_the_first(sets_dir: Path) -> None:
    first = enter(sets_dir, "same", valid_from=NEW_YEAR)
    second = enter(sets_dir, "same", now=NOW + timedelta(days=1))
    assert second != first
    assert not first.exists()
    assert [(one.version, one.valid_from) for one in read_sets(sets_dir)] == [("same", None)]


def test_going_back_to_the_build_and_forward_again(sets_dir: Path, build_dir: Path) -> None:
    own = enter(sets_dir, "own")
    use("default", sets_dir=sets_dir, valid_from=None, now=NOW + timedelta(days=1))
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == build_dir
    use("own", sets_dir=sets_dir, valid_from=date(2027, 2, 1), now=NOW + timedelta(days=2))
    assert set_in_force(sets_dir, build_dir, date(2027, 1, 31)) == build_dir
    assert set_in_force(sets_dir, build_dir, date(2027, 2, 1)) == own


def test_a_removed_set_is_gone_with_its_files(sets_dir: Path, build_dir: Path) -> None:
    own = enter(sets_dir, "own")
    assert remove("own", sets_dir=sets_dir).name == "Set own"
    assert not own.exists()
    assert set_in_force(sets_dir, build_dir, NEW_YEAR) == build_dir
    with pytest.raises(NotFound, match="no set 'own'"):
        remove("own", sets_dir=sets_dir)
    with pytest.raises(NotFound, match="no set 'own'"):
        use("own", sets_dir=sets_dir, valid_from=None, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "{", "{}x", "[1]", '[{"version": "a"}]', "3",
        '[{"version":"a","name":"a","valid_from":"1 January","loaded_at":"2026-12-01T00:00:00Z","folder":"a"}]',
        '[{"version":"a","name":"a","valid_from":null,"loaded_at":"2026-12-01T00:00:00","folder":"a"}]',
        '[{"version":"a","name":"a","valid_from":null,"loaded_at":"2026-12-01T00:00:00Z","folder":"../a"}]',
    ],
)  # fmt: skip
def test_a_broken_list_is_said_and_never_guessed(sets_dir: Path, text: str) -> None:
    sets_dir.mkdir()
    (sets_dir / SETS_FILE).write_text(text)
    with pytest.raises(StorageError, match=r"sets\.json is no list of sets") as caught:
        read_sets(sets_dir)
    assert caught.value.field == "boundary_sets"


def test_sets_are_found_by_version_default_and_folder(sets_dir: Path, build_dir: Path, tmp_path: Path) -> None:
    own = enter(sets_dir, "own")
    find = {"sets_dir": sets_dir, "build_dir": build_dir}
    assert find_set("own", **find) == own
    assert find_set("default", **find) == build_dir
    assert find_set(str(tmp_path), **find) == tmp_path
    with pytest.raises(NotFound, match="nowhere"):
        find_set("nowhere", **find)


def test_in_force_counts_days_in_the_zone_of_the_centre(sets_dir: Path) -> None:
    enter(sets_dir, "own", now=datetime(2026, 12, 31, 16, tzinfo=UTC))
    (entered,) = read_sets(sets_dir)
    assert entered.first_day(ZoneInfo("Asia/Jakarta")) == date(2026, 12, 31)
    assert entered.first_day(ZoneInfo("Asia/Jayapura")) == NEW_YEAR
    assert in_force([entered], on=date(2026, 12, 31), zone=ZoneInfo("Asia/Jayapura")) is None
