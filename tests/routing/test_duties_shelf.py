"""The tables of a centre over the default, and what happens when a clerk slips."""

from pathlib import Path

import pytest
from duties_tables import BLITAR, DEFAULT, changed, copied, rows_of, write_rows

from geo112.core.errors import BadTable, DataMissing
from geo112.routing.duties.shelf import DutiesShelf, duties_of, folders_of, tables_from
from geo112.routing.duties.words import Severity


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Tables as they come with the program: the default and Kota Blitar."""
    copied(tmp_path / "root" / "default", DEFAULT)
    copied(tmp_path / "root" / "35.72", BLITAR)
    return tmp_path / "root"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A centre's own folder with run cards alone."""
    folder = tmp_path / "milik"
    folder.mkdir()
    write_rows(folder / "kartu.csv", rows_of(DEFAULT / "kartu.csv"))
    return folder


def ambulances(shelf: DutiesShelf) -> int:
    return shelf.in_use().duties.run_card("AMBULANS", Severity.SEDANG).needs[0].count


def test_each_table_comes_whole_from_the_first_folder_that_has_it(root: Path, own: Path) -> None:
    changed(own / "kartu.csv", 3, "jumlah", "7")
    folders = folders_of("35.72", root=root, own=own)
    assert tables_from(folders) == {
        "kemampuan.csv": "default",
        "perangkat.csv": "35.72",
        "kejadian.csv": "35.72",
        "kategori.csv": "35.72",
        "kartu.csv": "milik",
    }
    duties = duties_of(folders)
    assert duties.run_card("AMBULANS").needs[0].count == 7
    assert "RSU_AMINAH" in duties.perangkat_daerah
    assert "PSC119" not in duties.perangkat_daerah


def test_a_centre_without_tables_has_the_default(root: Path, tmp_path: Path) -> None:
    folders = folders_of("11.01", root=root, own=tmp_path / "tidak-ada")
    assert set(tables_from(folders).values()) == {"default"}
    assert duties_of(folders) == duties_of([root / "default"])


def test_a_misspelt_table_is_refused_rather_than_passed_over(root: Path, own: Path) -> None:
    (own / "kartu.csv").rename(own / "Kartu (1).csv")
    (own / "catatan.txt").write_text("bukan tabel")
    with pytest.raises(BadTable, match=r"Kartu \(1\)\.csv line 1: is none of kemampuan\.csv"):
        duties_of(folders_of("35.72", root=root, own=own))


def test_a_change_is_taken_up_and_a_slip_keeps_what_was_read_before(root: Path, own: Path) -> None:
    shelf = DutiesShelf(folders_of("35.72", root=root, own=own))
    assert ambulances(shelf) == 1
    assert shelf.in_use() is shelf.in_use()
    changed(own / "kartu.csv", 3, "jumlah", "12")
    assert (ambulances(shelf), shelf.in_use().problem) == (12, None)
    changed(own / "kartu.csv", 3, "jumlah", "banyak")
    assert ambulances(shelf) == 12
    assert "kartu.csv line 3, column jumlah: 'banyak'" in str(shelf.in_use().problem)
    changed(own / "kartu.csv", 3, "jumlah", "3")
    assert (ambulances(shelf), shelf.in_use().problem) == (3, None)
    (own / "kartu.csv").unlink()
    assert ambulances(shelf) == 1
    assert shelf.in_use().tables["kartu.csv"] == "default"


def test_a_centre_that_starts_with_a_slip_has_the_default_and_says_why(root: Path, own: Path) -> None:
    changed(own / "kartu.csv", 3, "jumlah", "0")
    now = DutiesShelf(folders_of("35.72", root=root, own=own)).in_use()
    assert set(now.tables.values()) == {"default"}
    assert now.duties == duties_of([root / "default"])
    assert "kartu.csv line 3, column jumlah" in str(now.problem)


def test_a_table_or_folder_that_cannot_be_read_is_told(root: Path, own: Path, tmp_path: Path) -> None:
    shelf = DutiesShelf(folders_of("35.72", root=root, own=own))
    assert shelf.in_use().problem is None
    (own / "kategori.csv").symlink_to(own / "tidak-ada.csv")
    assert "kategori.csv cannot be read" in str(shelf.in_use().problem)
    (tmp_path / "berkas").write_text("bukan folder")
    now = DutiesShelf(folders_of("35.72", root=root, own=tmp_path / "berkas")).in_use()
    assert "berkas cannot be read: Not a directory" in str(now.problem)
    assert set(now.tables.values()) == {"default"}


def test_without_a_sound_default_there_is_nothing(root: Path) -> None:
    shelf = DutiesShelf(folders_of("35.72", root=root))
    changed(root / "default" / "kemampuan.csv", 2, "jenis", "sihir")
    with pytest.raises(DataMissing, match=r"kemampuan\.csv line 2, column jenis"):
        shelf.in_use()
    (root / "default" / "kemampuan.csv").unlink()
    with pytest.raises(DataMissing, match=r"kemampuan\.csv is in none of"):
        shelf.in_use()
