"""Builds the file of all places: what the boundaries know, and the patokan that a centre imported."""

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from geo112.core.errors import BadTable, NotFound
from geo112.locate.places.kinds import KIND_WORDS, KINDS, Kind
from geo112.locate.places.spelling import words_of
from geo112.locate.places.table import PlaceRow, Run, write_places
from geo112.prepare.places_builtin import boundaries_version, builtin_rows
from geo112.prepare.places_import import Patokan, Refused, read_patokan
from geo112.zones.index import ZoneIndex

_COLUMNS = ("name", "kind", "lat_deg", "lon_deg", "radius_m", "measured", "aliases", "lines")
_SAFE = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where places are built from and to: the boundaries, the imports beside the file, and the file."""

    boundaries: Path
    out: Path

    @property
    def imports(self) -> Path:
        """The folder of what was imported, one table per file that was given."""
        return self.out.parent / "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """How an import went."""

    name: str
    taken: int
    refused: int
    first_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What the file of places now holds."""

    out: Path
    version: str
    builtin: int
    patokan: int

    def facts(self) -> dict[str, object]:
        """Give the figures for the command line."""
        return {"out": str(self.out), "version": self.version, "builtin": self.builtin, "patokan": self.patokan}


def import_places(file: Path, store: Store) -> Import:
    """Take the places of a file into the store, in place of an earlier import of that name; the file is not built yet.

    Raises BadTable where nothing of it can be used.
    """
    taken: list[Patokan] = []
    refused: list[Refused] = []
    for one in read_patokan(file):
        if isinstance(one, Refused):
            refused.append(one)
        else:
            taken.append(one)
    first = f"{refused[0].where}: {refused[0].reason}" if refused else None
    if not taken:
        raise BadTable(f"{file.name} holds no place that can be used" + (f"; {first}" if first else ""), field="file")
    name = import_name(file)
    store.imports.mkdir(parents=True, exist_ok=True)
    fresh = store.imports / f"{name}.csv.part"
    with fresh.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for p in taken:
            flat = (p.name, p.kind.value, p.lat_deg, p.lon_deg, p.radius_m, int(p.measured), "\n".join(p.aliases))
            writer.writerow((*flat, json.dumps(p.lines, separators=(",", ":")) if p.lines else ""))
    fresh.replace(store.imports / f"{name}.csv")
    return Import(name=name, taken=len(taken), refused=len(refused), first_reason=first)


def remove_import(name: str, store: Store) -> None:
    """Take an import out of the store; raises NotFound where there is none of that name."""
    path = store.imports / f"{name}.csv"
    if _SAFE.search(name) or not path.is_file():
        raise NotFound(
            f"there is no import {name[:40]!r}; there are {', '.join(imports_of(store)) or 'none'}", field="remove"
        )
    path.unlink()


def imports_of(store: Store) -> list[str]:
    """Name the imports of a store."""
    return sorted(path.stem for path in store.imports.glob("*.csv"))


def import_name(file: Path) -> str:
    """Name an import by its file, in small letters without what a file name should not hold."""
    return _SAFE.sub("-", file.name.split(".")[0].lower()).strip("-") or "places"


def build_places(store: Store) -> Built:
    """Write the file of all places; the same boundaries and imports give the same bytes."""
    rows = builtin_rows(store.boundaries)
    builtin = len(rows)
    digest = hashlib.sha256()
    patokan: list[Patokan] = []
    for name in imports_of(store):
        path = store.imports / f"{name}.csv"
        digest.update(path.read_bytes())
        patokan += _read_import(path)
    if patokan:
        rows += _patokan_rows(patokan, rows, boundaries=store.boundaries)
    version = boundaries_version(store.boundaries) + (f"+{digest.hexdigest()[:8]}" if patokan else "")
    write_places(store.out, rows, version=version)
    return Built(out=store.out, version=version, builtin=builtin, patokan=len(patokan))


def _read_import(path: Path) -> list[Patokan]:
    """Read back what an import wrote."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                Patokan(
                    name=row["name"],
                    kind=Kind(row["kind"]),
                    lat_deg=float(row["lat_deg"]),
                    lon_deg=float(row["lon_deg"]),
                    radius_m=float(row["radius_m"]),
                    measured=row["measured"] == "1",
                    aliases=tuple(filter(None, row["aliases"].split("\n"))),
                    lines=_read_lines(row.get("lines") or "[]"),
                )
                for row in csv.DictReader(file)
            ]
    except (KeyError, ValueError, TypeError):
        raise BadTable(f"{path} was changed or is damaged: import it again", field="imported") from None


def _read_lines(text: str) -> tuple[Run, ...]:
    """Read the runs of a road or river; imports of the first versions have none."""
    return tuple(tuple((float(lon), float(lat)) for lon, lat in run) for run in json.loads(text))


def _patokan_rows(patokan: Sequence[Patokan], rows: Sequence[PlaceRow], *, boundaries: Path) -> list[PlaceRow]:
    """Put every patokan into the village whose middle is nearest in its kecamatan, so that both go with it."""
    lon = np.array([one.lon_deg for one in patokan])
    lat = np.array([one.lat_deg for one in patokan])
    zones = ZoneIndex.open(boundaries / "zones.geo112")
    kecamatan = {row.kode: at for at, row in enumerate(rows) if row.kind is Kind.KECAMATAN}
    villages = np.array([at for at, row in enumerate(rows) if row.kind is Kind.DESA])
    spots = shapely.points([rows[at].lon_deg for at in villages], [rows[at].lat_deg for at in villages])
    nearest = villages[shapely.STRtree(spots).nearest(shapely.points(lon, lat))].tolist()
    out = []
    for one, zone, village in zip(patokan, zones.zone_ids(lon, lat).tolist(), nearest, strict=True):
        home = kecamatan.get(zones.zones[zone].kode, -1) if zone >= 0 else -1
        out.append(
            PlaceRow(
                name=one.name,
                kind=one.kind,
                kode=None,
                parent=village if home >= 0 and rows[village].parent == home else home,
                lat_deg=one.lat_deg,
                lon_deg=one.lon_deg,
                radius_m=one.radius_m,
                estimated=not one.measured,
                aliases=(*one.aliases, *_with_kind(one)),
                lines=one.lines,
            )
        )
    return out


def _with_kind(patokan: Patokan) -> tuple[str, ...]:
    """Give the name with its kind before it, as people say it, where the name does not begin so: `Pasar Legi`."""
    words = words_of(f"{patokan.name} -")
    if patokan.kind in (Kind.LAINNYA, Kind.IBADAH) or (words and KIND_WORDS.get(words[0]) is patokan.kind):
        return ()
    return (f"{_SPOKEN_KIND[patokan.kind]} {patokan.name}",)


_SPOKEN_KIND = {kind: next((word for word, of in KIND_WORDS.items() if of is kind), kind.value) for kind in KINDS}
_SPOKEN_KIND[Kind.SEKOLAH] = "sekolah"
