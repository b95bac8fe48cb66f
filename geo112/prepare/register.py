"""The current register of provinces, kabupaten/kota, kecamatan and villages, which the build must cover."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo112.core.codes import KodeDesa, KodeKabKota, KodeKecamatan, KodeProvinsi, kode_kabkota, kode_kecamatan
from geo112.prepare.names import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Names by code as the Ministry of Home Affairs lists them, in their order."""

    provinsi: Mapping[KodeProvinsi, str]
    kabkota: Mapping[KodeKabKota, str]
    kecamatan: Mapping[KodeKecamatan, str]
    desa: Mapping[KodeDesa, str]

    def provinsi_of(self, kode: KodeKabKota) -> str:
        """Name the province of a kabupaten or kota."""
        return self.provinsi[KodeProvinsi(kode[:2])]

    def kecamatan_by_kabkota(self) -> dict[KodeKabKota, list[KodeKecamatan]]:
        """List the kecamatan of every kabupaten and kota."""
        found: dict[KodeKabKota, list[KodeKecamatan]] = {kode: [] for kode in self.kabkota}
        for kode in self.kecamatan:
            found[kabkota_of(kode)].append(kode)
        return found

    def desa_by_kecamatan(self) -> dict[KodeKecamatan, list[KodeDesa]]:
        """List the villages of every kecamatan."""
        found: dict[KodeKecamatan, list[KodeDesa]] = defaultdict(list)
        for kode in self.desa:
            found[kecamatan_of(kode)].append(kode)
        return found

    def kabkota_by_name(self) -> dict[str, KodeKabKota]:
        """Find a code by `kota` or `kab` and the plain name; such names are unique in the country."""
        return {kabkota_key(name): kode for kode, name in self.kabkota.items()}


def kabkota_key(name: str) -> str:
    """Bring `Kabupaten Blitar` to `kab:blitar` and `Kota Administrasi Jakarta Pusat` to `kota:jakartapusat`."""
    words = name.replace(".", " ").split()
    kind = "kota" if words[0].lower() == "kota" else "kab"
    rest = [w for w in words[1:] if w.lower() not in {"administrasi", "adm"}]
    return f"{kind}:{plain(''.join(rest))}"


def kecamatan_of(desa: KodeDesa) -> KodeKecamatan:
    """Name the kecamatan that a village belongs to."""
    return KodeKecamatan(desa[:8])


def kabkota_of(kode: KodeDesa | KodeKecamatan) -> KodeKabKota:
    """Name the kabupaten or kota that a village or kecamatan belongs to."""
    return KodeKabKota(kode[:5])


def read_register(folder: Path) -> Register:
    """Read the CSV files of the package `idn-area-data`."""
    return Register(
        provinsi={KodeProvinsi(kode): name for kode, name in _rows(folder / "provinces.csv")},
        kabkota={kode_kabkota(kode): _short(name) for kode, name in _rows(folder / "regencies.csv")},
        kecamatan={kode_kecamatan(kode): name for kode, name in _rows(folder / "districts.csv")},
        desa={KodeDesa(kode): name for kode, name in _rows(folder / "villages.csv")},
    )


def _short(name: str) -> str:
    """Write `Kab. Blitar` where the register has `Kabupaten Blitar`."""
    return f"Kab. {name.removeprefix('Kabupaten ')}" if name.startswith("Kabupaten ") else name


def _rows(path: Path) -> list[tuple[str, str]]:
    """Read code and name, in the order of the codes."""
    with path.open(encoding="utf-8", newline="") as file:
        return sorted((row["code"], " ".join(row["name"].split())) for row in csv.DictReader(file))
