"""Opening a centre: what is missing is said by name."""

from pathlib import Path

import pytest
from api_centre import MakeCentre

from geo112.core.errors import DataMissing, NotFound, SetupError, StorageError
from geo112.settings import make_settings
from geo112.wiring import ZONES_FILE, build_centre, open_accounts


def test_a_centre_knows_itself_and_its_neighbour(make_centre: MakeCentre) -> None:
    centre = make_centre(kode="35.05")
    assert (centre.kode, centre.nama) == ("35.05", "Kab. Blitar")
    now = centre.boundaries.current()
    assert now.around.neighbours == (("35.72", "Kota Blitar"),)
    assert centre.zones.version == now.basemap.version == now.version == "kecil-1"


def test_a_kode_that_is_in_no_register_is_refused(make_centre: MakeCentre) -> None:
    with pytest.raises(SetupError) as caught:
        make_centre(kode="99.99")
    assert caught.value.field == "kode"


def test_a_kode_without_boundaries_is_refused(make_centre: MakeCentre) -> None:
    with pytest.raises(DataMissing, match=r"35\.73"):
        make_centre(kode="35.73")


def test_boundaries_that_are_not_built_are_named(make_centre: MakeCentre, tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=ZONES_FILE):
        make_centre(boundaries_dir=tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, two_squares: Path, centres_csv: Path) -> None:
    settings = make_settings(
        folder=tmp_path / "nothing", kode="35.72", boundaries_dir=two_squares, centres_csv=centres_csv
    )
    with pytest.raises(SetupError, match="no folder"):
        build_centre(settings)


def test_a_damaged_log_is_no_centre(make_centre: MakeCentre) -> None:
    centre = make_centre()
    with centre.log.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event (n, at, actor, role, kind, body_json, prev_hash, hash)"
            " VALUES (1, '2026-11-22T03:00:00.000000Z', 'siti', 'call_taker', 'Unheard', '{}', '', '')"
        )
    with pytest.raises(StorageError):
        build_centre(centre.settings)


def test_accounts_open_without_boundaries(tmp_path: Path) -> None:
    log, accounts = open_accounts(make_settings(folder=tmp_path, kode="35.72", boundaries_dir="nowhere"))
    assert accounts.users() == []
    with pytest.raises(NotFound):
        accounts.user("siti")
    log.close()
