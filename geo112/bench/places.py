"""How well and how fast spoken places are found: misspelt village names among 200,000, and the time of each search."""

import random
import statistics
import string
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo112.bench.frame import Result, Room, limited, machine
from geo112.core.shapes import Circle
from geo112.locate.places.kinds import Kind
from geo112.locate.places.search import Places
from geo112.locate.places.table import PlaceRow, write_places
from geo112.prepare.places_builtin import builtin_rows

NAMES = 200_000
ASKED = 1_000
AMONG = 5
P99_GOAL_MS = 20.0
SHARE_GOAL = 0.95
_SEED = 112
_LEAST_LETTERS = 6
_FIRST = ("Al Ikhlas", "An Nur", "Baitur Rahman", "Al Falah", "Nurul Huda", "At Taqwa", "Al Hidayah", "Jami")
_PATOKAN: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.MASJID, tuple(f"Masjid {name} {{}}" for name in _FIRST)),
    (Kind.SEKOLAH, ("SDN {} 1", "SDN {} 2", "SMPN 1 {}", "MI {}", "TK {}")),
    (Kind.PASAR, ("Pasar {}", "Pasar Hewan {}")),
    (Kind.PUSKESMAS, ("Puskesmas {}", "Pustu {}")),
    (Kind.SPBU, ("SPBU {}",)),
    (Kind.KANTOR, ("Kantor Desa {}", "Balai Desa {}")),
    (Kind.DUSUN, ("Dusun {} Lor", "Dusun {} Krajan", "Krajan {}")),
    (Kind.JEMBATAN, ("Jembatan {}",)),
)
_SENTENCES = (
    "{desa}",
    "desa {desa} kecamatan {kecamatan}",
    "{desa} {kecamatan}",
    "{desa}, {kabkota}",
    "{desa} dekat masjid",
    "rumah saya di jl Merdeka rt 2 desa {desa}",
    "kel {desa} kec {kecamatan} {kabkota}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody says, which place is meant, and where the caller is known to be about."""

    text: str
    kode: str
    near: Circle


def places(room: Room) -> Iterator[Result]:
    """Build 200,000 names in a folder of their own, then ask for villages in all ways."""
    with tempfile.TemporaryDirectory(dir=room.folder) as folder:
        room.tell("places: building")
        rows = crowded(builtin_rows(room.boundaries), names=NAMES, seed=_SEED)
        path = Path(folder) / "places.geo112"
        write_places(path, rows, version="bench")
        gazetteer = Places.open(path)
        asked = misspelt(rows, gazetteer, count=ASKED, seed=_SEED)
        for with_near in (True, False):
            room.tell(f"places: names with two errors, {'with' if with_near else 'without'} a coarse fix")
            yield _recall_job(gazetteer, asked, with_near=with_near)
        room.tell("places: time")
        spoken = [*asked, *sentences(rows, gazetteer, count=ASKED, seed=_SEED)]
        times_ms = sorted(timed_ms(gazetteer, spoken))
        worst = times_ms[int(len(times_ms) * 0.99)]
        yield limited("places p99", unit="ms", ours=worst, limit=P99_GOAL_MS, rounds=len(times_ms)) | {
            "median_ms": statistics.median(times_ms),
            "slowest_ms": times_ms[-1],
            "names": len(gazetteer),
        }


def crowded(rows: Sequence[PlaceRow], *, names: int, seed: int) -> list[PlaceRow]:
    """Add made-up patokan around villages until there are this many places."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    villages = [at for at, row in enumerate(rows) if row.kind is Kind.DESA]
    out = list(rows)
    while len(out) < names:
        village = chance.choice(villages)
        home = rows[village]
        kind, forms = chance.choice(_PATOKAN)
        out.append(
            PlaceRow(
                name=chance.choice(forms).format(home.name),
                kind=kind,
                kode=None,
                parent=village,
                lat_deg=home.lat_deg + chance.gauss(0, 0.005),
                lon_deg=home.lon_deg + chance.gauss(0, 0.005),
                radius_m=100.0,
                estimated=True,
            )
        )
    return out


def misspelt(rows: Sequence[PlaceRow], gazetteer: Places, *, count: int, seed: int) -> list[Question]:
    """Draw villages with names of six letters and more, and put two errors into each name."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    long = [row for row in rows if row.kind is Kind.DESA and len(row.name) >= _LEAST_LETTERS]
    return [
        Question(text=_with_errors(row.name, chance), kode=row.kode or "", near=_near(row, gazetteer))
        for row in chance.sample(long, count)
    ]


def sentences(rows: Sequence[PlaceRow], gazetteer: Places, *, count: int, seed: int) -> list[Question]:
    """Draw villages and say where they are, as callers do, with an error now and then."""
    chance = random.Random(seed + 1)  # noqa: S311 - not a secret
    said = []
    for row in chance.sample([row for row in rows if row.kind is Kind.DESA], count):
        kecamatan = rows[row.parent]
        names = {"desa": row.name, "kecamatan": kecamatan.name, "kabkota": rows[kecamatan.parent].name}
        text = chance.choice(_SENTENCES).format(**names)
        wrong = _one_error(text, chance) if chance.random() < 0.5 else text
        said.append(Question(text=wrong, kode=row.kode or "", near=_near(row, gazetteer)))
    return said


def found_share(gazetteer: Places, asked: Sequence[Question], *, with_near: bool, among: int = AMONG) -> float:
    """Share of questions whose village is among the first answers."""
    hits = 0
    for one in asked:
        found = gazetteer.find(one.text, one.near if with_near else None, among)
        hits += any(place.kode == one.kode for place in found)
    return hits / len(asked)


def timed_ms(gazetteer: Places, asked: Sequence[Question]) -> list[float]:
    """Milliseconds of each search, half of them without a coarse fix; the first few are not counted."""
    for one in asked[:20]:
        gazetteer.find(one.text, one.near)
    taken = []
    for at, one in enumerate(asked):
        start = time.perf_counter()
        gazetteer.find(one.text, one.near if at % 2 else None)
        taken.append((time.perf_counter() - start) * 1_000)
    return taken


def _recall_job(gazetteer: Places, asked: Sequence[Question], *, with_near: bool) -> Result:
    share = found_share(gazetteer, asked, with_near=with_near)
    goal = {"least": 1.0} if with_near else {}
    return {
        "job": f"places two errors, {'near' if with_near else 'anywhere'}",
        "unit": "share among the first five",
        "ours": share,
        "others": {"least": SHARE_GOAL},
        "ratio": {"least": share / SHARE_GOAL},
        "goal": goal,
        "met": not with_near or share >= SHARE_GOAL,
        "rounds": len(asked),
        "machine": machine(),
    }


def _near(row: PlaceRow, gazetteer: Places) -> Circle:
    """Give the circle of the kabupaten or kota that a village lies in."""
    area = gazetteer.area_of((row.kode or "")[:5])
    if area is None:
        raise LookupError(f"{row.kode} lies in no kabupaten")
    return area


def _with_errors(name: str, chance: random.Random) -> str:
    return _one_error(_one_error(name, chance), chance)


def _one_error(name: str, chance: random.Random) -> str:
    """Make one error: another letter, a letter less, a letter more, or two letters swapped."""
    at = chance.randrange(len(name) - 1)
    letter = chance.choice(string.ascii_lowercase)
    match chance.randrange(4):
        case 0:
            return name[:at] + letter + name[at + 1 :]
        case 1:
            return name[:at] + name[at + 1 :]
        case 2:
            return name[:at] + letter + name[at:]
        case _:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
