"""A small centre: two square kecamatan beside each other, Kota Blitar to the west, Kab. Blitar to the east."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from api_centre import MakeCentre, MovableClock, RunCentre, Running, free_port, new_client
from api_words import PASSWORD, USERS
from fastapi.testclient import TestClient

from geo112.basemap.pack import write_basemap
from geo112.core.clock import SystemClock
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.core.roles import Scope
from geo112.settings import installed_root, make_settings
from geo112.store.accounts import Accounts
from geo112.store.passwords import Passwords
from geo112.store.sql import SqlLog
from geo112.wiring import BASEMAP_FILE, ZONES_FILE, Centre, build_centre
from geo112.zones.compact import write_zones
from geo112.zones.records import Zone


def square(west: float, east: float) -> shapely.Polygon:
    return shapely.box(west, -8.20, east, -8.00)


def zone(kode: str, nama: str, kabkota: str) -> Zone:
    return Zone(
        kode=KodeKecamatan(kode), nama=nama, kode_kabkota=KodeKabKota(kode[:5]), kabkota=kabkota, area_km2=240.0
    )


@pytest.fixture(scope="session")
def two_squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The boundaries of the small centre."""
    folder = tmp_path_factory.mktemp("boundaries")
    zones = [zone("35.05.01", "Kanigoro", "Kab. Blitar"), zone("35.72.02", "Sananwetan", "Kota Blitar")]
    polygons = np.array([square(112.20, 112.30), square(112.10, 112.20)], dtype=object)
    write_zones(folder / ZONES_FILE, zones=zones, polygons=polygons, version="kecil-1")
    write_basemap(folder / BASEMAP_FILE, zones=zones, polygons=polygons, version="kecil-1")
    return folder


@pytest.fixture(scope="session")
def centres_csv() -> Path:
    return installed_root() / "data" / "boundaries" / "centres.csv"


@pytest.fixture(scope="session")
def cheap_passwords() -> Passwords:
    return Passwords(memory_kib=64, rounds=1)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: Passwords) -> Path:
    """A database with a user for each role, made once and copied."""
    path = tmp_path_factory.mktemp("database") / "centre.sqlite"
    log = SqlLog.open(path)
    accounts = Accounts(log.engine, cheap_passwords)
    for user, roles in USERS.items():
        accounts.add_user(user=user, name=user.title(), password=PASSWORD, roles=roles, now=SystemClock().now())
    log.close()
    return path


@pytest.fixture
def make_centre(
    tmp_path: Path,
    two_squares: Path,
    centres_csv: Path,
    cheap_passwords: Passwords,
    clock: MovableClock,
    fresh_database: Path,
) -> Iterator[MakeCentre]:
    """Opens small centres, with a user for each role, and closes them."""
    opened: list[Centre] = []

    def make(**said: object) -> Centre:
        folder = tmp_path / f"centre-{len(opened)}"
        folder.mkdir()
        web = folder / "web"
        (web / "js").mkdir(parents=True)
        (web / "index.html").write_text("<!doctype html><title>geo112</title>")
        (web / "js" / "main.js").write_text("export {};")
        values = {"kode": "35.72", "boundaries_dir": two_squares, "centres_csv": centres_csv, "web_dir": web}
        values["boundary_sets_dir"] = tmp_path / "sets"
        settings = make_settings(folder=folder, **{**values, **said})
        shutil.copy(fresh_database, settings.database)
        centre = build_centre(settings, clock=clock, passwords=cheap_passwords)
        opened.append(centre)
        return centre

    yield make
    for centre in opened:
        centre.close()


@pytest.fixture
def centre(make_centre: MakeCentre) -> Centre:
    return make_centre()


@pytest.fixture
def client(centre: Centre) -> Iterator[TestClient]:
    """A client without a session."""
    with new_client(centre) as client:
        yield client


@pytest.fixture
def as_user(client: TestClient) -> Callable[[str], TestClient]:
    """Logs in and gives the client."""

    def log_in(user: str) -> TestClient:
        client.cookies.clear()
        answer = client.post("/api/v1/login", json={"user": user, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return client

    return log_in


@pytest.fixture
def sms_key(centre: Centre) -> dict[str, str]:
    token = centre.accounts.add_key(name="gateway", scopes=[Scope.SMS], now=centre.clock.now())
    return {"X-Api-Key": token}


@pytest.fixture
def pbx_key(centre: Centre) -> dict[str, str]:
    token = centre.accounts.add_key(name="pabx", scopes=[Scope.PBX], now=centre.clock.now())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def app_key(centre: Centre) -> dict[str, str]:
    token = centre.accounts.add_key(name="siaga-blitar", scopes=[Scope.APP], now=centre.clock.now())
    return {"X-Api-Key": token}


@pytest.fixture
def held_key(centre: Centre) -> dict[str, str]:
    return {"X-Api-Key": centre.accounts.add_key(name="kamailio", scopes=[Scope.HELD], now=centre.clock.now())}


@pytest.fixture
def run_centre(make_centre: MakeCentre) -> Iterator[RunCentre]:
    """Serves small centres on free ports."""
    running: list[Running] = []

    def run(**said: object) -> Running:
        one = Running(make_centre(port=free_port(), **said))
        running.append(one)
        return one

    yield run
    for one in running:
        one.close_clients()
        one.stop()
