"""What Kota Blitar printed in 2023, held word for word against its tables."""

import pytest
from duties_tables import BLITAR, rows_of, shipped

from geo112.routing.duties.words import Nature
from geo112.settings import installed_root

TABLE_1 = """
Operator call taker dan dispatcher | Diskominfo
Ambulans gawat darurat | Dinkes · RSUD Mardi Waluyo · PMI · RS Siti Khadijah · RSU Aminah · RS Islam Aminah · RS Katolik Budi Rahayu · RSIA Tanjungsari
Penyelamatan manusia dan hewan peliharaan | BPBD · Satpol PP · Dinkes · RSUD · Polres Blitar Kota
Kebakaran | Satpol PP · Dinkes · Dishub · Polres · PLN
Kecelakaan | Polres · Dinkes · RSUD · Dishub · PMI
Kriminal, KDRT, tindak pidana lain | Polres · Satpol PP · Dinkes · RSUD · DP3AP2KB
Terorisme | Polres · Satpol PP · Dinkes · RSUD · PMI · Bakesbangpol PBD
Hewan buas atau berbisa | Satpol PP · Dinkes · RSUD · DLH
Gangguan listrik | PLN · DLH · Satpol PP · Dishub · Dinkes
Limbah berbahaya | DLH · Dinkes · Satpol PP
Kebencanaan | BPBD · Satpol PP · Dinsos · PUPR · Dishub · Dinkes · RSUD · PMI · Polres
Pohon tumbang, kerusakan konstruksi | DLH · PUPR · Satpol PP · Dinkes · RSUD · Polres · Dishub
Lainnya | Bakesbangpol PBD · Satpol PP · Dinkes · RSUD · Dishub · Polres
"""  # noqa: E501 - rows as they are printed
ANNEX = """
ODGJ | Satpol PP · Polsek · Puskesmas
jenazah | BPBD · Damkar · Polsek · PMI · Babinsa
ambulans | tiga Puskesmas · RSS Syuhada Haji · RSU Aminah
PJU | Dishub
hewan | Damkar
gorong-gorong | PUPR
KDRT | DP3AP2KB
pembersihan | DLH
balap liar | Polres · tiga Polsek
pohon tumbang | DLH · Polres · BPBD
kebakaran | Damkar · Polres · BPBD · Satpol PP · PLN
kecelakaan | Polres · PMI
"""
TABLE_3 = (
    *("PERMASALAHAN PJU", "INFORMASI", "PERMINTAAN AMBULANCE", "EVAKUASI HEWAN LIAR", "EVAKUASI & NON KEBAKARAN"),
    *("KECELAKAAN RINGAN", "EVAKUASI SARANG TAWON", "PERMASALAHAN LISTRIK (KABEL, TIANG, KONSLETING, DSB)"),
    *("KEBAKARAN", "POHON TUMBANG", "PERAMBASAN POHON", "PERMINTAAN AMBULANCE WILAYAH", "GANGGUAN KAMTIBMAS"),
    *("PERMINTAAN AMBULANCE RUMAH SAKIT", "ORANG DENGAN GANGGUAN JIWA (ODGJ)", "PENEMUAN MAYAT"),
    *("KEAMANAAN DAN KETERTIBAN UMUM / MASYARAKAT", "KEBENCANAAN", "KECELAKAAN BERAT", "KRIMINAL"),
)


@pytest.mark.parametrize(("source", "printed", "count"), [("tabel 1", TABLE_1, 13), ("lampiran", ANNEX, 12)])
def test_every_printed_row_stands_in_the_table_word_for_word(source: str, printed: str, count: int) -> None:
    expected = [
        (nama.strip(), agencies.strip().split(" · "))
        for nama, agencies in (line.split("|") for line in printed.strip().splitlines())
    ]
    rows = [row for row in rows_of(BLITAR / "kejadian.csv") if row["sumber"] == source]
    assert [(row["kejadian"], row["perangkat"].split(";")) for row in rows] == expected
    assert len(rows) == count


@pytest.mark.parametrize("kode", ["35.72", "11.01"])
def test_the_categories_of_table_3_are_there_by_their_printed_names_and_served(kode: str) -> None:
    duties = shipped(kode)
    assert tuple(one.nama for one in duties.categories.values()) == TABLE_3
    assert all(duties.perangkat_for(name) for name in TABLE_3)


def test_the_simulation_calls_an_emergency_what_the_table_calls_one() -> None:
    priorities = rows_of(installed_root() / "data" / "simulation" / "categories.csv")
    duties = shipped("35.72")
    for row in priorities:
        emergency = duties.category(row["category"]).nature is Nature.DARURAT
        assert emergency == (row["priority"] != "3"), row["category"]


def test_who_comes_to_a_fire_is_the_union_of_annex_and_table_with_the_source_of_each() -> None:
    services = shipped("35.72").perangkat_for("KEBAKARAN")
    told = {one.perangkat_daerah.nama: [row.source for row in one.named_in] for one in services}
    assert list(told) == ["Damkar", "Polres Blitar Kota", "BPBD", "Satpol PP", "PLN", "Dinkes", "Dishub"]
    assert told["Damkar"] == told["BPBD"] == ["lampiran"]
    assert told["Dinkes"] == told["Dishub"] == ["tabel 1"]
    assert told["Satpol PP"] == ["lampiran", "tabel 1"]


def test_what_table_3_has_no_category_for_is_noted_and_nothing_else() -> None:
    assert shipped("35.72").notes() == (
        "T7 (Terorisme): no category uses it",
        "T10 (Limbah berbahaya): no category uses it",
        "L6 (gorong-gorong): no category uses it",
        "L8 (pembersihan): no category uses it",
    )
