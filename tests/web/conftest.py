"""A real centre with two square kecamatan, and a real browser that may talk to nobody else."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import numpy as np
import pytest
import shapely
from browser_words import (
    PASSWORD,
    PATIENCE_S,
    USER,
    Desk,
    NewPage,
    Server,
    Watch,
    enter,
    free_port,
    watched_page,
)
from playwright.sync_api import Browser, Page, expect

from geo112.basemap.pack import write_basemap
from geo112.core.codes import KodeKabKota, KodeKecamatan
from geo112.settings import installed_root
from geo112.wiring import BASEMAP_FILE, ZONES_FILE
from geo112.zones.compact import write_zones
from geo112.zones.records import Zone

expect.set_options(timeout=PATIENCE_S * 1000)


def _zone(kode: str, nama: str, kabkota: str) -> Zone:
    kode_kabkota = KodeKabKota(kode[:5])
    return Zone(kode=KodeKecamatan(kode), nama=nama, kode_kabkota=kode_kabkota, kabkota=kabkota, area_km2=240.0)


@pytest.fixture(scope="session")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kota Blitar in the west, Kab. Blitar in the east, the border at 112.2 E."""
    folder = tmp_path_factory.mktemp("squares")
    zones = [_zone("35.05.01", "Kanigoro", "Kab. Blitar"), _zone("35.72.02", "Sananwetan", "Kota Blitar")]
    boxes = [shapely.box(112.20, -8.20, 112.30, -8.00), shapely.box(112.10, -8.20, 112.20, -8.00)]
    polygons = np.array(boxes, dtype=object)
    write_zones(folder / ZONES_FILE, zones=zones, polygons=polygons, version="kotak-1")
    write_basemap(folder / BASEMAP_FILE, zones=zones, polygons=polygons, version="kotak-1")
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, squares: Path) -> Iterator[Server]:
    """The centre of Kota Blitar; tests share it, so each makes calls of its own."""
    folder = tmp_path_factory.mktemp("centre")
    port = free_port()
    environment = {**os.environ, "GEO112_BOUNDARIES_DIR": str(squares), "GEO112_SIMULATION": "true"}
    server = Server(folder=folder, port=port, environment=environment)
    server.keys = json.loads(server.run("init", "35.72", "--port", str(port), "--json"))["keys"]
    roles = ("--role", "call_taker", "--role", "dispatcher")
    server.run("users", "add", USER, *roles, "--name", "Rina A.", "--password-stdin", told=PASSWORD + "\n")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(server: Server) -> Iterator[Desk]:
    """Rina's session without a browser, and the keys of the doors."""
    with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        assert client.post("/api/v1/login", json={"user": USER, "password": PASSWORD}).is_success
        yield Desk(client=client, keys=server.keys)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def new_page(browser: Browser, server: Server, watch: Watch) -> Iterator[NewPage]:
    """Opens the console, logged in, at any size."""
    with ExitStack() as stack:

        def make(*, log_in: bool = True, **how: object) -> Page:
            page = stack.enter_context(watched_page(browser, watch, **how))
            page.goto(server.url)
            if log_in:
                enter(page)
            return page

        yield make


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The console of Rina on a screen of 1440 by 900."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of the accessibility checker."""
    return (installed_root() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
