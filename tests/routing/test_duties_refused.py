"""Every wrong cell is refused with its file, line and column, and all of them at once."""

from pathlib import Path

import pytest
from duties_tables import BLITAR, DEFAULT, changed, copied, problems_of, rows_of, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from geo112.core.errors import BadTable, DataMissing
from geo112.routing.duties.read import COLUMNS, files_in_force, read_duties, try_duties


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return copied(tmp_path / "tables")


@pytest.mark.parametrize(
    ("file", "line", "column", "text", "message"),
    [
        ("kejadian.csv", 3, "perangkat", "Dinkes;Dinas Sihir", "'Dinas Sihir' is not in perangkat.csv"),
        ("kejadian.csv", 3, "perangkat", "Dinkes;Dinas Kesehatan", "'Dinas Kesehatan' is there twice"),
        ("kejadian.csv", 3, "perangkat", ";", "names nothing"),
        ("kejadian.csv", 3, "sumber", "  ", "is empty"),
        ("kategori.csv", 2, "kejadian", "pju;banjir", "'banjir' is not in kejadian.csv"),
        ("kategori.csv", 2, "sifat", "gawat", "'gawat' is none of darurat, non_darurat, informasi"),
        ("kategori.csv", 2, "keparahan", "parah", "'parah' is none of ringan, sedang, berat"),
        ("kategori.csv", 2, "keparahan", "berat", "kartu.csv has no sound row for PJU, berat"),
        ("kategori.csv", 3, "nama", "Permasalahan PJU", "'Permasalahan PJU' is PJU already"),
        ("perangkat.csv", 4, "jenis", "sihir", "'sihir' is none of bakesbangpol, bpbd,"),
        ("perangkat.csv", 4, "sebutan", "Badan;damkar", "'damkar' is DAMKAR already"),
        ("perangkat.csv", 4, "kode", "DAMKAR", "'DAMKAR' is there twice"),
        ("perangkat.csv", 4, "kode", "B PBD", "'B PBD' is no code of letters, digits and _"),
        ("perangkat.csv", 4, "nama", "BPBD\x07", "holds a control character"),
        ("perangkat.csv", 4, "nama", "B" * 301, "is longer than 300 characters"),
        ("kemampuan.csv", 2, "jenis", "damkar;sihir", "'sihir' is none of bakesbangpol, bpbd,"),
        ("kemampuan.csv", 2, "jenis", ";", "names nobody"),
        ("kartu.csv", 2, "kategori", "BANJIR", "'BANJIR' is not in kategori.csv"),
        ("kartu.csv", 2, "kategori", "INFORMASI", "INFORMASI is informasi: nobody is sent"),
        ("kartu.csv", 2, "keparahan", "parah", "'parah' is none of ringan, sedang, berat"),
        ("kartu.csv", 2, "kemampuan", "sapu", "'sapu' is not in kemampuan.csv"),
        ("kartu.csv", 7, "kemampuan", "penanganan_hewan", "'penanganan_hewan' is there twice on this card"),
        *(
            ("kartu.csv", 2, "jumlah", text, f"{text!r} is no whole number from 1 to 99")
            for text in ("0", "-1", "1,5", "٣")
        ),
    ],
)
def test_a_wrong_cell_is_named(tables: Path, file: str, line: int, column: str, text: str, message: str) -> None:
    changed(tables / file, line, column, text)
    found = [one for one in problems_of(tables) if (one.file, one.line, one.column) == (file, line, column)]
    assert [one.message.startswith(message) for one in found] == [True], problems_of(tables)


def test_a_line_counts_from_where_its_row_begins(tables: Path) -> None:
    changed(tables / "perangkat.csv", 2, "sebutan", "Dinas\nKomunikasi")
    changed(tables / "perangkat.csv", 4, "jenis", "sihir")
    lines = (tables / "perangkat.csv").read_text().splitlines()
    assert lines[4].startswith("BPBD")
    assert [(one.line, one.column) for one in problems_of(tables)] == [(5, "jenis")]


def test_all_that_is_wrong_is_told_at_once_and_the_first_by_name(tables: Path) -> None:
    changed(tables / "kartu.csv", 2, "jumlah", "0")
    changed(tables / "kartu.csv", 3, "jumlah", "banyak")
    problems = [str(one) for one in problems_of(tables)]
    assert problems[0] == "kartu.csv line 2, column jumlah: '0' is no whole number from 1 to 99"
    assert any(one.startswith("kartu.csv line 3, column jumlah: 'banyak'") for one in problems)
    with pytest.raises(BadTable, match=r"kartu\.csv line 2, column jumlah: .* \(and 3 more\)") as caught:
        read_duties(files_in_force([tables]))
    assert caught.value.facts["problems"] == problems


@pytest.mark.parametrize("kode", ["KEBAKARAN", "INFORMASI"])
def test_a_category_that_others_count_on_may_not_be_left_out(tables: Path, kode: str) -> None:
    rows = rows_of(tables / "kategori.csv")
    write_rows(tables / "kategori.csv", [row for row in rows if row["kode"] != kode])
    assert f"kategori.csv line 1, column kode: the category {kode} is missing" in map(str, problems_of(tables))


def test_a_centre_may_have_further_categories(tables: Path) -> None:
    rows = rows_of(tables / "kategori.csv")
    further = {**rows[0], "kode": "BALAP_LIAR", "nama": "BALAP LIAR", "sifat": "informasi"}
    write_rows(tables / "kategori.csv", [*rows, further])
    assert problems_of(tables) == []
    assert read_duties(files_in_force([tables])).category("balap liar").kode == "BALAP_LIAR"


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"", 1, None, "is empty"),
        (b"kode,nama\n", 1, "jenis", "is missing"),
        (b"kode,nama,jenis,sumber,telepon\n", 1, "telepon", "is none of kode, nama, jenis, sumber"),
        (b"kode,nama,jenis,sumber,nama\n", 1, "nama", "is there twice"),
        (b"kode,nama,jenis,sumber\n", 1, None, "has no row"),
        (b"kode,nama,jenis,sumber\na,b,damkar\n", 2, None, "has 3 cells instead of 4"),
        (b"kode,nama,jenis,sumber\na,b,damkar,\xff\n", 2, None, "is no UTF-8: save it as `CSV UTF-8`"),
        (b'kode,nama,jenis,sumber\na,"b,damkar,c\n', 2, None, "is no CSV: unexpected end of data"),
        (b"k" * 1_000_001, 1, None, "is longer than 1000000 bytes"),
    ],
)
def test_what_is_no_such_table_is_refused_without_an_avalanche(
    tables: Path, content: bytes, line: int, column: str | None, message: str
) -> None:
    (tables / "kemampuan.csv").write_bytes(content)
    found = problems_of(tables)
    assert ("kemampuan.csv", line, column, message) in [(one.file, one.line, one.column, one.message) for one in found]
    assert {one.file for one in found} == {"kemampuan.csv"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_part_cells_as_they_like(tables: Path, delimiter: str) -> None:
    expected = read_duties(files_in_force([BLITAR, DEFAULT]))
    for name in COLUMNS:
        source = BLITAR / name if (BLITAR / name).exists() else DEFAULT / name
        write_rows(tables / name, rows_of(source), delimiter=delimiter)
        text = (tables / name).read_text() + delimiter * (len(COLUMNS[name]) - 1) + "\r\n"
        (tables / name).write_text(f"\ufeffsep={delimiter}\r\n\r\n{text}", newline="")
    assert read_duties(files_in_force([tables])) == expected


def test_the_line_is_that_of_the_file_whatever_stands_above_the_header(tables: Path) -> None:
    (tables / "kemampuan.csv").write_text("sep=;\n\nkode;nama;jenis\n")
    assert [str(one) for one in problems_of(tables)] == ["kemampuan.csv line 3, column sumber: is missing"]
    (tables / "kemampuan.csv").write_text("sep=;\n")
    assert [str(one) for one in problems_of(tables)] == ["kemampuan.csv line 1: is empty"]


def test_a_table_that_cannot_be_read_is_never_passed_over(tables: Path) -> None:
    (tables / "kartu.csv").unlink()
    (tables / "kartu.csv").symlink_to(tables / "tidak-ada.csv")
    files = files_in_force([tables, DEFAULT])
    with pytest.raises(DataMissing, match=r"kartu\.csv cannot be read: No such file"):
        try_duties(files)
    with pytest.raises(DataMissing, match="cannot be read: File name too long"):
        files_in_force([Path("x" * 300), DEFAULT])


def test_a_table_that_is_nowhere_is_missing(tables: Path) -> None:
    (tables / "kartu.csv").unlink()
    with pytest.raises(DataMissing, match=r"kartu\.csv is in none of"):
        files_in_force([tables])


@settings(max_examples=60, deadline=None)
@given(
    file=st.sampled_from(sorted(COLUMNS)),
    line=st.integers(2, 18),
    place=st.integers(0, 3),
    text=st.text(max_size=12) | st.sampled_from(["0", "DAMKAR;DAMKAR", "INFORMASI", "ringan", ""]),
)
def test_any_text_in_any_cell_is_read_or_refused_by_place(
    tmp_path_factory: pytest.TempPathFactory, file: str, line: int, place: int, text: str
) -> None:
    tables = copied(tmp_path_factory.mktemp("any") / "tables")
    rows = rows_of(tables / file)
    rows[line - 2][COLUMNS[file][place]] = text.encode("utf-8", "ignore").decode()
    write_rows(tables / file, rows)
    duties, problems = try_duties(files_in_force([tables]))
    assert (duties is None) == bool(problems)
    assert all(one.file in COLUMNS and one.line >= 1 and one.message for one in problems)
