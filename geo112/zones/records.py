"""What the index knows of a kecamatan besides its shape."""

from dataclasses import dataclass

from geo112.core.codes import KodeKabKota, KodeKecamatan


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One kecamatan and the kabupaten or kota whose 112 centre answers for it."""

    kode: KodeKecamatan
    nama: str
    kode_kabkota: KodeKabKota
    kabkota: str
    area_km2: float
