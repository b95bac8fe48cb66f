"""The register of centres: complete, sourced, and refused by line and column when it is broken."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from geo112.core.errors import BadTable, DataMissing
from geo112.zones.centres import COLUMNS, Live, read_centres

ROOT = Path(__file__).resolve().parents[2]
REGISTER = ROOT / "data" / "boundaries" / "centres.csv"
GOOD = {
    "kode": "35.72", "nama": "Kota Blitar", "live": "yes", "live_since": "2020-11-10", "answered_by": "35.72",
    "source": "Laporan Tahunan", "source_date": "2023", "voice_number": "", "fallback": "35;110;119;113",
    "time_zone": "Asia/Jakarta", "note": "",
}  # fmt: skip
# Named as running by the annual report of Kota Blitar 2023: all of Jawa Timur in November 2023.
KOTA_JAWA_TIMUR = {"Surabaya", "Madiun", "Probolinggo", "Blitar", "Mojokerto", "Pasuruan", "Malang"}
KABUPATEN_JAWA_TIMUR = {
    "Banyuwangi", "Probolinggo", "Blitar", "Gresik", "Jombang", "Mojokerto", "Sumenep", "Sidoarjo",
}  # fmt: skip
KOTA_ELSEWHERE = {"Bogor", "Balikpapan", "Samarinda", "Bontang", "Cilegon"} | {
    f"Administrasi Jakarta {part}" for part in ("Pusat", "Utara", "Barat", "Selatan", "Timur")
}
KABUPATEN_ELSEWHERE = {"Penajam Paser Utara", "Jepara", "Purworejo", "Administrasi Kepulauan Seribu"}


def table(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    path = folder / "centres.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="x")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_every_kabupaten_and_kota_has_a_row_with_the_name_of_the_boundaries(boundaries_dir: Path) -> None:
    known = pq.read_table(boundaries_dir / "kecamatan.parquet", columns=["kode_kabkota", "kabkota"]).to_pylist()
    centres = read_centres(REGISTER)
    assert {kode: centre.nama for kode, centre in centres.items()} == {
        row["kode_kabkota"]: row["kabkota"] for row in known
    }
    assert len(centres) == 514
    assert list(centres) == sorted(centres)


def test_the_named_centres_are_live_and_all_others_unknown() -> None:
    centres = read_centres(REGISTER).values()
    assert {centre.nama for centre in centres if centre.live is Live.YES} == {
        *(f"Kota {name}" for name in KOTA_JAWA_TIMUR | KOTA_ELSEWHERE),
        *(f"Kab. {name}" for name in KABUPATEN_JAWA_TIMUR | KABUPATEN_ELSEWHERE),
    }
    assert not [centre.nama for centre in centres if centre.live is Live.NO]
    assert all(centre.source for centre in centres if centre.live is Live.YES)


def test_what_sources_say_of_single_centres() -> None:
    centres = read_centres(REGISTER)
    since = {"35.72": "2020-11-10", "35.76": "2022-12-16", "64.09": "2022-11-10", "64.71": "2017", "64.72": "2019"}
    assert {kode: centres[kode].live_since for kode in since} == since
    assert centres["64.74"].live_since == "2021"
    assert "14 November 2025" in (centres["33.06"].note or "")
    assert centres["35.04"].live_since is None


def test_in_jakarta_the_province_answers_and_nowhere_else() -> None:
    centres = read_centres(REGISTER).values()
    assert {centre.answered_by for centre in centres if centre.kode.startswith("31.")} == {"31"}
    assert all(centre.answered_by == centre.kode for centre in centres if not centre.kode.startswith("31."))


def test_time_zones_follow_the_provinces() -> None:
    centres = read_centres(REGISTER).values()
    west = {centre.kode[:2] for centre in centres if centre.time_zone in {"Asia/Jakarta", "Asia/Pontianak"}}
    middle = {centre.kode[:2] for centre in centres if centre.time_zone == "Asia/Makassar"}
    east = {centre.kode[:2] for centre in centres if centre.time_zone == "Asia/Jayapura"}
    pontianak = {centre.kode[:2] for centre in centres if centre.time_zone == "Asia/Pontianak"}
    assert pontianak == {"61", "62"}
    assert west == {*map(str, range(11, 20)), "21", *map(str, range(31, 37)), *pontianak}
    assert middle == {"51", "52", "53", "63", "64", "65", *map(str, range(71, 77))}
    assert east == {"81", "82", *map(str, range(91, 97))}


def test_without_a_centre_the_province_is_asked_then_the_national_numbers() -> None:
    tulungagung = read_centres(REGISTER)["35.04"]
    assert tulungagung.fallback_provinsi == "35"
    assert tulungagung.fallback_numbers == ("110", "119", "113")


def test_no_voice_number_is_invented() -> None:
    assert {centre.voice_number for centre in read_centres(REGISTER).values()} == {None}


def test_a_good_row_is_read_and_empty_means_unknown(tmp_path: Path) -> None:
    centre = read_centres(table(tmp_path, GOOD | {"voice_number": "+62342801112", "source_date": ""}))["35.72"]
    assert (centre.nama, centre.live, centre.voice_number) == ("Kota Blitar", Live.YES, "+62342801112")
    assert (centre.source_date, centre.note) == (None, None)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("kode", "3572"),
        ("nama", "Blitar"),
        ("live", "maybe"),
        ("live", ""),
        ("live_since", "10-11-2020"),
        ("live_since", "2020-13"),
        ("answered_by", "35.05"),
        ("source", ""),
        ("source_date", "lately"),
        ("voice_number", "(0342) 000-112"),
        ("fallback", ""),
        ("fallback", "34;110"),
        ("fallback", "35"),
        ("time_zone", "Asia/Singapore"),
        ("time_zone", ""),
    ],
)
def test_a_bad_value_is_refused_with_its_line_and_column(tmp_path: Path, column: str, text: str) -> None:
    other = GOOD | {"kode": "35.71", "answered_by": "35.71", "nama": "Kota Kediri"}
    with pytest.raises(BadTable, match="line 3") as refused:
        read_centres(table(tmp_path, other, GOOD | {column: text}))
    assert refused.value.field == column


def test_a_code_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"line 3: 35\.72 is there twice") as refused:
        read_centres(table(tmp_path, GOOD, GOOD))
    assert refused.value.field == "kode"


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(BadTable) as refused:
        read_centres(table(tmp_path, GOOD, columns=tuple(name for name in COLUMNS if name != column)))
    assert refused.value.field == column


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTable) as refused:
        read_centres(table(tmp_path, GOOD, columns=(*COLUMNS, "colour")))
    assert refused.value.field == "colour"


@pytest.mark.parametrize("row", ["35.72,Kota Blitar", ",".join(["x"] * 12)])
def test_a_row_of_another_length_is_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "centres.csv"
    path.write_text(",".join(COLUMNS) + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(BadTable, match="line 2"):
        read_centres(path)


def test_no_csv_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "centres.csv"
    path.write_bytes(b"\xff\xfe\x00kode")
    with pytest.raises(BadTable):
        read_centres(path)
    with pytest.raises(DataMissing):
        read_centres(tmp_path / "none.csv")
