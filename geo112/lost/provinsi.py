"""The provinces by the codes of Kemendagri, with the other names and ISO 3166-2 codes that addresses have for them."""

from typing import Final

from geo112.core.codes import KodeProvinsi

_NAMES: Final = (
    ("11", "Aceh", "AC", "Nanggroe Aceh Darussalam", "NAD"),
    ("12", "Sumatera Utara", "SU", "Sumut", "North Sumatra"),
    ("13", "Sumatera Barat", "SB", "Sumbar", "West Sumatra"),
    ("14", "Riau", "RI"),
    ("15", "Jambi", "JA"),
    ("16", "Sumatera Selatan", "SS", "Sumsel", "South Sumatra"),
    ("17", "Bengkulu", "BE"),
    ("18", "Lampung", "LA"),
    ("19", "Kepulauan Bangka Belitung", "BB", "Bangka Belitung", "Babel"),
    ("21", "Kepulauan Riau", "KR", "Kepri", "Riau Islands"),
    ("31", "DKI Jakarta", "JK", "Daerah Khusus Ibukota Jakarta", "Daerah Khusus Jakarta", "DKJ", "Jakarta"),
    ("32", "Jawa Barat", "JB", "Jabar", "West Java"),
    ("33", "Jawa Tengah", "JT", "Jateng", "Central Java"),
    ("34", "DI Yogyakarta", "YO", "Daerah Istimewa Yogyakarta", "DIY", "Yogyakarta"),
    ("35", "Jawa Timur", "JI", "Jatim", "East Java"),
    ("36", "Banten", "BT"),
    ("51", "Bali", "BA"),
    ("52", "Nusa Tenggara Barat", "NB", "NTB", "West Nusa Tenggara"),
    ("53", "Nusa Tenggara Timur", "NT", "NTT", "East Nusa Tenggara"),
    ("61", "Kalimantan Barat", "KB", "Kalbar", "West Kalimantan"),
    ("62", "Kalimantan Tengah", "KT", "Kalteng", "Central Kalimantan"),
    ("63", "Kalimantan Selatan", "KS", "Kalsel", "South Kalimantan"),
    ("64", "Kalimantan Timur", "KI", "Kaltim", "East Kalimantan"),
    ("65", "Kalimantan Utara", "KU", "Kaltara", "North Kalimantan"),
    ("71", "Sulawesi Utara", "SA", "Sulut", "North Sulawesi"),
    ("72", "Sulawesi Tengah", "ST", "Sulteng", "Central Sulawesi"),
    ("73", "Sulawesi Selatan", "SN", "Sulsel", "South Sulawesi"),
    ("74", "Sulawesi Tenggara", "SG", "Sultra", "Southeast Sulawesi"),
    ("75", "Gorontalo", "GO"),
    ("76", "Sulawesi Barat", "SR", "Sulbar", "West Sulawesi"),
    ("81", "Maluku", "MA"),
    ("82", "Maluku Utara", "MU", "Malut", "North Maluku"),
    ("91", "Papua", "PA"),
    ("92", "Papua Barat", "PB", "West Papua"),
    ("93", "Papua Selatan", "PS", "South Papua"),
    ("94", "Papua Tengah", "PT", "Central Papua"),
    ("95", "Papua Pegunungan", "PE", "Highland Papua"),
    ("96", "Papua Barat Daya", "PD", "Southwest Papua"),
)

NAMA: Final = {KodeProvinsi(kode): nama for kode, nama, *_ in _NAMES}
# Every name of every province; `ID-JI` and `JI` are both in use.
SPELLINGS: Final = tuple(
    (spelling, KodeProvinsi(kode))
    for kode, nama, iso, *others in _NAMES
    for spelling in (kode, nama, f"Provinsi {nama}", iso, f"ID-{iso}", *others)
)
