"""What the index knows of a kecamatan besides its shape."""

from dataclasses import dataclass

from geo112.core.codes import KodeKabKota, KodeKecamatan

# Of lines whose source says nothing: sources of the same border differ by 20 to 40 m in the median in the cities of
# Java, and two lines with a normal error of 30 m each do so by 29 m.
DEFAULT_ACCURACY_M = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """One kecamatan and the kabupaten or kota whose 112 centre answers for it.

    `accuracy_m` is one standard deviation of the error of its border, in metres.
    """

    kode: KodeKecamatan
    nama: str
    kode_kabkota: KodeKabKota
    kabkota: str
    area_km2: float
    accuracy_m: float = DEFAULT_ACCURACY_M
