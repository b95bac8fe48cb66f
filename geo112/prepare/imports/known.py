"""What is known before a file is read: codes and names in force and in the register, and where they lie."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo112.core.codes import KodeKabKota, KodeKecamatan, KodeProvinsi, kode_kecamatan
from geo112.core.errors import BadCode, BadTable, DataMissing
from geo112.prepare.names import plain, skeleton
from geo112.prepare.register import Register, kabkota_key, kabkota_of, read_register
from geo112.prepare.sources import Shapes
from geo112.prepare.splits import ALIASES, Tables, read_tables

_REGISTER = Path("idn-area-data") / "data"
_BPS_COLUMNS = ("kode_bps", "bps", "bps_code")
_KEMENDAGRI_COLUMNS = ("kode_kecamatan", "kemendagri", "kode_kemendagri", "kode")


@dataclass(frozen=True, kw_only=True)
class Known:
    """Names by code, where the polygons in force lie, renamed and split kabupaten, and a user's table of BPS codes."""

    provinsi: Mapping[KodeProvinsi, str]
    kabkota: Mapping[KodeKabKota, str]
    kecamatan: Mapping[KodeKecamatan, str]
    kode: tuple[KodeKecamatan, ...]
    shapes: Shapes
    tables: Tables
    bridge: Mapping[str, KodeKecamatan]

    def kabkota_named(self, name: str) -> list[KodeKabKota]:
        """Give the kabupaten or kota of a name, with those that were cut from it since; empty when unknown.

        A name without `Kota` or `Kab.` is a kabupaten where there is one of that name, else a kota.
        """
        words = name.replace(".", " ").split()
        keys = [f"kab:{plain(name)}", f"kota:{plain(name)}"]
        if len(words) > 1 and words[0].lower() in {"kota", "kab", "kabupaten"}:
            keys = [kabkota_key(name), *keys]
        found = next((self._kabkota[key] for key in keys if key in self._kabkota), None)
        found = found or self._renamed.get(plain(name)) or self._renamed.get(plain("".join(words[1:])))
        return self.with_children(found) if found else []

    def with_children(self, kode: KodeKabKota) -> list[KodeKabKota]:
        """Give a kabupaten or kota and those that were cut from it, which older files do not know."""
        return [kode, *self.tables.splits.get(kode, ())]

    def kecamatan_named(self, name: str, within: list[KodeKabKota]) -> KodeKecamatan | None:
        """Give the kecamatan of a name in the first of these kabupaten that has exactly one."""
        for kab in within:
            alias = self.tables.kecamatan.get((kab, plain(name)))
            if alias is not None:
                return alias
            for form in (plain, skeleton):
                found = [kode for kode in self._members.get(kab, ()) if form(self.kecamatan[kode]) == form(name)]
                if len(found) == 1:
                    return found[0]
        return None

    def kabkota_at(self, shape: BaseGeometry) -> KodeKabKota | None:
        """Give the kabupaten or kota in force in which a polygon mainly lies."""
        whole = shapely.make_valid(shape)
        near = self._tree.query(whole, predicate="intersects")
        area: dict[KodeKabKota, float] = defaultdict(float)
        for at in near.tolist():
            area[kabkota_of(self.kode[at])] += shapely.intersection(self.shapes[at], whole).area
        return max(sorted(area), key=lambda kode: area[kode], default=None)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    @cached_property
    def _kabkota(self) -> dict[str, KodeKabKota]:
        return {kabkota_key(name): kode for kode, name in self.kabkota.items()}

    @cached_property
    def _renamed(self) -> dict[str, KodeKabKota]:
        return {plain(name): kode for (_, name), kode in self.tables.kabkota.items()}

    @cached_property
    def _members(self) -> dict[KodeKabKota, list[KodeKecamatan]]:
        found: dict[KodeKabKota, list[KodeKecamatan]] = defaultdict(list)
        for kode in sorted(self.kecamatan):
            found[kabkota_of(kode)].append(kode)
        return found


def read_known(base: geopandas.GeoDataFrame, *, source: Path, tables: Path, bridge: Path | None) -> Known:
    """Collect what is known: the boundaries in force, and the register where its package is installed."""
    register = read_register(source / _REGISTER) if (source / _REGISTER / "districts.csv").is_file() else None
    none = Register(provinsi={}, kabkota={}, kecamatan={}, desa={})
    listed = register or none
    kab = dict(zip(map(KodeKabKota, base["kode_kabkota"]), base["kabkota"], strict=True))
    kec = dict(zip(map(KodeKecamatan, base["kode_kecamatan"]), base["kecamatan"], strict=True))
    prov = dict(zip(map(KodeProvinsi, base["kode_provinsi"]), base["provinsi"], strict=True))
    return Known(
        provinsi=dict(listed.provinsi) | prov,
        kabkota=dict(listed.kabkota) | kab,
        kecamatan=dict(listed.kecamatan) | kec,
        kode=tuple(map(KodeKecamatan, base["kode_kecamatan"])),
        shapes=np.asarray(base.geometry.array, dtype=np.object_),
        tables=read_tables(tables) if (tables / ALIASES).is_file() else Tables(kabkota={}, splits={}, kecamatan={}),
        bridge=read_bridge(bridge) if bridge is not None else {},
    )


def read_bridge(path: Path) -> dict[str, KodeKecamatan]:
    """Read a table with a column of BPS codes (7 digits) and one of Kemendagri codes; raises BadTable naming them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            names = {name.strip().lower(): name for name in rows.fieldnames or ()}
            bps, own = (
                next((names[one] for one in wanted if one in names), None)
                for wanted in (_BPS_COLUMNS, _KEMENDAGRI_COLUMNS)
            )
            if bps is None or own is None:
                raise BadTable(f"{path.name} needs the columns kode_bps and kode_kecamatan", field="bridge")
            # A line that is cut short has no second cell.
            return {(row[bps] or "").strip(): kode_kecamatan((row[own] or "").strip()) for row in rows}
    except OSError as error:
        raise DataMissing(f"{path} cannot be read: {error.strerror}", field="bridge") from None
    except (BadCode, UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path.name}: {error}", field="bridge") from None
