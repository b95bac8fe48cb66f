"""What kinds of places there are, the words that name them, and how far such a place reaches where nobody says it."""

from enum import StrEnum


class Kind(StrEnum):
    """What a place is; those behind `PROVINSI` are patokan."""

    DESA = "desa"
    KECAMATAN = "kecamatan"
    KABKOTA = "kabkota"
    PROVINSI = "provinsi"
    SEKOLAH = "sekolah"
    MASJID = "masjid"
    IBADAH = "ibadah"
    PASAR = "pasar"
    PUSKESMAS = "puskesmas"
    RUMAH_SAKIT = "rumah_sakit"
    SPBU = "spbu"
    KM = "km"
    TERMINAL = "terminal"
    STASIUN = "stasiun"
    KANTOR = "kantor"
    POLISI = "polisi"
    JEMBATAN = "jembatan"
    JALAN = "jalan"
    SIMPANG = "simpang"
    DUSUN = "dusun"
    PERUMAHAN = "perumahan"
    WISATA = "wisata"
    LAINNYA = "lainnya"
    SUNGAI = "sungai"


# Files of places number the kinds so: new ones go to the end.
KINDS = tuple(Kind)
ADMINISTRATIVE = frozenset({Kind.DESA, Kind.KECAMATAN, Kind.KABKOTA, Kind.PROVINSI})

# Words (as `words_of` writes them) that say what kind of place is meant.
KIND_WORDS: dict[str, Kind] = {
    "sd": Kind.SEKOLAH, "sdn": Kind.SEKOLAH, "smp": Kind.SEKOLAH, "smpn": Kind.SEKOLAH, "sma": Kind.SEKOLAH,
    "sman": Kind.SEKOLAH, "smk": Kind.SEKOLAH, "smkn": Kind.SEKOLAH, "mi": Kind.SEKOLAH, "mts": Kind.SEKOLAH,
    "man": Kind.SEKOLAH, "tk": Kind.SEKOLAH, "sekolah": Kind.SEKOLAH, "sekolahan": Kind.SEKOLAH,
    "madrasah": Kind.SEKOLAH, "kampus": Kind.SEKOLAH, "universitas": Kind.SEKOLAH,
    "masjid": Kind.MASJID, "musala": Kind.MASJID,
    "gereja": Kind.IBADAH, "pura": Kind.IBADAH, "vihara": Kind.IBADAH, "klenteng": Kind.IBADAH,
    "pasar": Kind.PASAR, "puskesmas": Kind.PUSKESMAS, "pustu": Kind.PUSKESMAS,
    "rs": Kind.RUMAH_SAKIT, "rsu": Kind.RUMAH_SAKIT, "rsud": Kind.RUMAH_SAKIT, "rsia": Kind.RUMAH_SAKIT,
    "klinik": Kind.RUMAH_SAKIT,
    "spbu": Kind.SPBU, "km": Kind.KM, "terminal": Kind.TERMINAL, "stasiun": Kind.STASIUN, "kantor": Kind.KANTOR,
    "polsek": Kind.POLISI, "polres": Kind.POLISI, "polresta": Kind.POLISI, "jembatan": Kind.JEMBATAN,
    "jl": Kind.JALAN, "gg": Kind.JALAN, "simpang": Kind.SIMPANG, "perempatan": Kind.SIMPANG,
    "pertigaan": Kind.SIMPANG, "dusun": Kind.DUSUN, "perumahan": Kind.PERUMAHAN,
    "sungai": Kind.SUNGAI, "kali": Kind.SUNGAI,
}  # fmt: skip

# Half the width that such a place commonly has, in metres: a guess, and labelled so wherever it is used.
USUAL_RADIUS_M: dict[Kind, float] = {
    Kind.SEKOLAH: 100.0,
    Kind.MASJID: 60.0,
    Kind.IBADAH: 60.0,
    Kind.PASAR: 150.0,
    Kind.PUSKESMAS: 60.0,
    Kind.RUMAH_SAKIT: 200.0,
    Kind.SPBU: 60.0,
    Kind.KM: 500.0,
    Kind.TERMINAL: 200.0,
    Kind.STASIUN: 250.0,
    Kind.KANTOR: 80.0,
    Kind.POLISI: 80.0,
    Kind.JEMBATAN: 100.0,
    Kind.JALAN: 1_000.0,
    Kind.SIMPANG: 80.0,
    Kind.DUSUN: 800.0,
    Kind.PERUMAHAN: 400.0,
    Kind.WISATA: 300.0,
    Kind.LAINNYA: 150.0,
    Kind.SUNGAI: 1_000.0,
}


def kind_of_word(word: str) -> Kind | None:
    """Name the kind that a word stands for, such as `masjid`; None for any other word."""
    return KIND_WORDS.get(word)
