"""What `geo112 zones diff` does: compares two sets, counts what happened in a year, and writes the page."""

from dataclasses import dataclass, replace
from pathlib import Path

from geo112.cli.zones_calls import Located, calls_of_centre, calls_of_table
from geo112.core.clock import SystemClock
from geo112.core.errors import BadInput
from geo112.maps.difference import Outline, difference_page
from geo112.maps.offline import read_leaflet, write_page
from geo112.prepare.phases import Phases
from geo112.prepare.set_diff import Loaded, compare_sets, load_set, outlines_of, read_villages
from geo112.settings import installed_root
from geo112.zones.centres import WIB
from geo112.zones.difference import Difference, Happenings, centre_of, counted, pairs_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which sets to compare, with which points, and where the page goes."""

    before: Path
    after: Path
    villages: Path
    calls: Path | None
    dust_m2: float
    out: Path | None


def run_diff(asked: Asked, *, shown: bool) -> Difference:
    """Compare, and write the page where one is wanted; raises BadInput, DataMissing, StorageError or BadTable."""
    if asked.out is not None and not asked.out.resolve().parent.is_dir():
        raise BadInput(f"there is no folder {asked.out.parent}", field="--out")
    now = SystemClock().now()
    leaflet = None if asked.out is None else read_leaflet(installed_root() / "web" / "vendor")
    happened = _happened(asked.calls)
    phases = Phases(shown=shown)
    with phases.running():
        with phases.phase("Membaca batas wilayah", 2) as tick:
            before = load_set(asked.before)
            tick()
            after = load_set(asked.after)
        found = compare_sets(before, after, read_villages(asked.villages), dust_m2=asked.dust_m2, phases=phases)
        found = replace(found, happenings=tuple(_changed(one, before, after) for one in happened))
        if asked.out is not None and leaflet is not None:
            with phases.phase("Menggambar halaman"):
                outlines = [Outline(nama=nama, polygons=polygons) for nama, polygons in outlines_of(found).values()]
                drawn, page = difference_page(found, outlines, now=now.astimezone(WIB))
                write_page(asked.out, drawn, page, leaflet)
    return found


def _happened(calls: Path | None) -> list[Located]:
    if calls is None:
        return []
    now = SystemClock().now()
    return calls_of_centre(calls, now=now) if calls.is_dir() else [calls_of_table(calls, now=now)]


def _changed(one: Located, before: Loaded, after: Loaded) -> Happenings:
    """Count what changes, and between which centres."""
    pairs = pairs_at(before.index, after.index, one.places)
    centres: dict[tuple[str | None, str | None], int] = {}
    for old, new in pairs:
        key = centre_of(old), centre_of(new)
        if key[0] != key[1]:
            centres[key] = centres.get(key, 0) + 1
    ordered = sorted(centres.items(), key=lambda each: (-each[1], each[0][0] or "", each[0][1] or ""))
    return Happenings(
        what=one.what,
        since=one.since,
        until=one.until,
        older=one.older,
        without_position=one.without_position,
        counted=counted(pairs),
        centres=tuple((old, new, count) for (old, new), count in ordered),
    )
