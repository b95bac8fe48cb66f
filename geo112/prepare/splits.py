"""Which current kabupaten and kota a polygon of GADM may belong to: its own, a renamed one, or one cut from it."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geo112.core.codes import KodeKabKota, KodeKecamatan, kode_kabkota, kode_kecamatan
from geo112.core.errors import BadCode, BadTable
from geo112.prepare.names import plain
from geo112.prepare.register import Register, kabkota_key
from geo112.prepare.sources import GadmKabKota

ALIASES = "kabkota_aliases.csv"
SPLITS = "kabkota_splits.csv"
KECAMATAN = "kecamatan_aliases.csv"
TABLES = (ALIASES, SPLITS, KECAMATAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """A kabupaten or kota of GADM: its current code, and those that were cut from it since."""

    home: KodeKabKota
    children: tuple[KodeKabKota, ...] = ()
    renamed: bool = False

    @property
    def codes(self) -> tuple[KodeKabKota, ...]:
        """All codes that a polygon of this territory may get; no other code is ever possible."""
        return (self.home, *self.children)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The hand-kept tables of data/boundaries."""

    kabkota: Mapping[tuple[str, str], KodeKabKota]
    splits: Mapping[KodeKabKota, tuple[KodeKabKota, ...]]
    kecamatan: Mapping[tuple[KodeKabKota, str], KodeKecamatan]


def read_tables(folder: Path) -> Tables:
    """Read renamed kabupaten/kota, those cut from others, and renamed kecamatan."""
    splits: dict[KodeKabKota, list[KodeKabKota]] = defaultdict(list)
    for row in _rows(folder / SPLITS, ("kode_kabkota", "kode_asal")):
        splits[kode_kabkota(row["kode_asal"])].append(kode_kabkota(row["kode_kabkota"]))
    return Tables(
        kabkota={
            (row["provinsi_gadm"], row["kabkota_gadm"]): kode_kabkota(row["kode_kabkota"])
            for row in _rows(folder / ALIASES, ("provinsi_gadm", "kabkota_gadm", "kode_kabkota"))
        },
        splits={kode: tuple(sorted(children)) for kode, children in splits.items()},
        kecamatan={
            (kode_kabkota(row["kode_kabkota_gadm"]), plain(row["kecamatan_gadm"])): kode_kecamatan(
                row["kode_kecamatan"]
            )
            for row in _rows(folder / KECAMATAN, ("kode_kabkota_gadm", "kecamatan_gadm", "kode_kecamatan"))
        },
    )


def territories(gadm: Iterable[GadmKabKota], register: Register, tables: Tables) -> dict[str, Territory]:
    """Find the territory of every kabupaten and kota of GADM by its id; lakes that GADM lists beside them have none."""
    by_name = register.kabkota_by_name()
    found = {}
    for area in gadm:
        alias = tables.kabkota.get((area.provinsi, area.nama))
        home = alias or by_name.get(gadm_key(area))
        if home is None:
            continue
        if home not in register.kabkota:
            raise BadCode(f"{home} of {ALIASES} is not in the register", field="kode_kabkota")
        children = tables.splits.get(home, ())
        found[area.gid] = Territory(home=home, children=children, renamed=alias is not None)
    return found


def gadm_key(area: GadmKabKota) -> str:
    """Bring GADM's `KotaBlitar` of type Kota, or `Surabaya` of type Kota, to the register's `kota:blitar`."""
    kind = "Kota" if area.kind == "Kota" else "Kab."
    name = area.nama.removeprefix("Kota") if kind == "Kota" and area.nama[4:5].isupper() else area.nama
    return kabkota_key(f"{kind} {name}")


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a table and refuse it when a column is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise BadTable(f"{path.name} has no column {missing[0]}", field=missing[0])
        return list(reader)
