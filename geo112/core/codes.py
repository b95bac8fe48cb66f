"""Kode wilayah of Kemendagri: 35 province, 35.72 kabupaten/kota, 35.72.01 kecamatan, 35.72.01.1003 kelurahan/desa."""

import re
from typing import NewType

from geo112.core.errors import BadCode

KodeProvinsi = NewType("KodeProvinsi", str)
KodeKabKota = NewType("KodeKabKota", str)
KodeKecamatan = NewType("KodeKecamatan", str)
KodeDesa = NewType("KodeDesa", str)
CallId = NewType("CallId", str)
IncidentId = NewType("IncidentId", str)
PersonRef = NewType("PersonRef", str)
LinkId = NewType("LinkId", str)

_KABKOTA = re.compile(r"[1-9]\d\.\d\d", re.ASCII)
_KECAMATAN = re.compile(r"[1-9]\d\.\d\d\.\d\d", re.ASCII)


def kode_kabkota(text: str) -> KodeKabKota:
    """Read a code such as `35.72`; raises BadCode for anything else."""
    if not _KABKOTA.fullmatch(text):
        raise BadCode(f"{text!r} is not a code such as 35.72", field="kode")
    return KodeKabKota(text)


def kode_kecamatan(text: str) -> KodeKecamatan:
    """Read a code such as `35.72.01`; raises BadCode for anything else."""
    if not _KECAMATAN.fullmatch(text):
        raise BadCode(f"{text!r} is not a code such as 35.72.01", field="kode")
    return KodeKecamatan(text)


def kabkota_of(kecamatan: KodeKecamatan) -> KodeKabKota:
    """Name the kabupaten or kota that a kecamatan belongs to."""
    return KodeKabKota(kecamatan[:5])
