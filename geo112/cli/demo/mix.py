"""What the demonstration's calls are about: drawn by the counts that Kota Blitar printed for 2023."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from geo112.core.codes import KodeKabKota, KodeKecamatan, kabkota_of, kode_kecamatan
from geo112.core.errors import BadTable, DataMissing


class Outcome(StrEnum):
    """What becomes of a call that reaches an agent."""

    PRANK = "prank"
    GHOST = "ghost"
    NOT_ANSWERED = "not_answered"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of incidents as the centre names it; the priority is an assumption."""

    name: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """The counts from which calls are drawn."""

    outcomes: tuple[tuple[Outcome, int], ...]
    categories: tuple[tuple[Category, int], ...]
    kecamatan: tuple[tuple[KodeKecamatan, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one call is about, and in which kecamatan the caller is; only an incident has a category."""

    outcome: Outcome
    category: Category | None
    kecamatan: KodeKecamatan


def read_mix(folder: Path) -> Mix:
    """Read the three tables of `data/simulation`; raises DataMissing or BadTable naming file and row."""
    return Mix(
        outcomes=tuple((Outcome(row["outcome"]), count) for row, count in _rows(folder / "outcomes.csv", "calls")),
        categories=tuple(
            (Category(name=row["category"], priority=int(row["priority"])), count)
            for row, count in _rows(folder / "categories.csv", "incidents")
        ),
        kecamatan=tuple(
            (kode_kecamatan(row["kode_kecamatan"]), count) for row, count in _rows(folder / "kecamatan.csv", "weight")
        ),
    )


def draw(mix: Mix, centre: KodeKabKota, random: Random) -> Subject:
    """Draw what the next call of a centre is about; the same random state gives the same call."""
    outcome = pick(mix.outcomes, random)
    category = pick(mix.categories, random) if outcome is Outcome.INCIDENT else None
    here = tuple((kode, weight) for kode, weight in mix.kecamatan if kabkota_of(kode) == centre)
    return Subject(outcome=outcome, category=category, kecamatan=pick(here, random))


def pick[T](weighted: Sequence[tuple[T, int]], random: Random) -> T:
    """Draw one of several by their counts."""
    left = random.randrange(sum(weight for _, weight in weighted))
    for thing, weight in weighted:
        if left < weight:
            return thing
        left -= weight
    raise AssertionError("a draw is below the sum of the counts")


def _rows(path: Path, count: str) -> list[tuple[dict[str, str], int]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise DataMissing(f"{path} is missing", field="data") from None
    counted: list[tuple[dict[str, str], int]] = []
    for number, row in enumerate(rows, start=2):
        text = row.get(count) or ""
        if not text.isdecimal() or int(text) <= 0:
            raise BadTable(f"{path.name} row {number}: {text!r} is no count above 0", field=count)
        counted.append((row, int(text)))
    return counted
