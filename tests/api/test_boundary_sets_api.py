"""A split that takes effect on 1 January, in a centre that goes on working: desk, API, LoST, map and readiness."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from api_centre import MakeCentre, MovableClock, new_client
from api_words import PASSWORD
from drawn_sets import Squares, write_set
from fastapi.testclient import TestClient

from geo112.cli.centre.doctor import Level, examine
from geo112.incidents.events import CallLocated
from geo112.prepare.sets import put_in_force
from geo112.wiring import Centre

WHOLE: Squares = {"35.05.01": (6, 0, 9, 1), "35.72.01": (0, 0, 6, 1)}
SPLIT: Squares = {"35.05.01": (6, 0, 9, 1), "35.05.02": (4, 0, 6, 1), "35.72.01": (0, 0, 4, 1)}
MOVES = {"lat_deg": -7.995, "lon_deg": 112.05}
MIDNIGHT_WIB = datetime(2026, 12, 31, 17, tzinfo=UTC)
LOST = (
    '<findService xmlns="urn:ietf:params:xml:ns:lost1" serviceBoundary="reference"><location id="a" '
    'profile="geodetic-2d"><Point xmlns="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326">'
    "<pos>-7.995 112.05</pos></Point></location><service>urn:service:sos</service></findService>"
)


@pytest.fixture
def clock() -> MovableClock:
    """The clock stands one minute before midnight WIB on 31 December 2026."""
    clock = MovableClock()
    clock.stop()
    clock.ahead = MIDNIGHT_WIB - timedelta(minutes=1) - clock.now()
    return clock


@pytest.fixture
def centre(make_centre: MakeCentre, tmp_path: Path) -> Centre:
    return make_centre(boundaries_dir=write_set(tmp_path / "build", WHOLE, version="whole"))


def enter(centre: Centre, *, valid_from: date | None) -> Path:
    sets_dir = centre.settings.boundary_sets_dir
    fresh = write_set(sets_dir.parent / "fresh", SPLIT, version="split")
    return put_in_force(fresh, sets_dir=sets_dir, valid_from=valid_from, name="Pemekaran", now=centre.clock.now())


@pytest.fixture
def client(centre: Centre) -> Iterator[TestClient]:
    enter(centre, valid_from=date(2027, 1, 1))
    centre.boundaries.look()
    with new_client(centre) as client:
        client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD}).raise_for_status()
        yield client


def add_fix(client: TestClient, call: str, *, north_deg: float = 0.0) -> dict[str, Any]:
    body = {**MOVES, "lat_deg": MOVES["lat_deg"] + north_deg, "radius_m": 30.0, "confidence_share": 0.95}
    answer = client.post(f"/api/v1/calls/{call}/fixes", json=body)
    assert answer.status_code == 201, answer.text
    return cast("dict[str, Any]", answer.json())


def take_call(client: TestClient, number: str = "+6281234567890") -> str:
    answer = client.post("/api/v1/calls", json={"number": number})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["call_id"])


def resolved(client: TestClient) -> tuple[str, str]:
    answer = client.get("/api/v1/resolve", params=MOVES).json()
    return answer["centre"]["kode"], answer["boundaries"]


def test_a_split_takes_over_at_midnight_without_a_restart(
    centre: Centre, client: TestClient, clock: MovableClock
) -> None:
    before = take_call(client)
    first = add_fix(client, before)
    assert first["jurisdiction"]["boundaries"] == "whole"
    assert resolved(client) == ("35.72", "whole")
    tile = client.get("/api/v1/tiles/8/207/133.mvt", params={"v": "whole"})
    assert (tile.headers["etag"], "immutable" in tile.headers["cache-control"]) == ('"whole"', True)
    lost = client.post("/lost", content=LOST).text
    assert "112 Kota Blitar" in lost
    assert 'expires="2026-12-31T17:00:00Z"' in lost

    clock.ahead += timedelta(minutes=1)
    assert resolved(client) == ("35.05", "split")
    assert client.get("/readyz").json()["boundaries"] == "split"
    assert client.get("/api/v1/map").json()["boundaries"] == "split"
    stale = client.get("/api/v1/tiles/8/207/133.mvt", params={"v": "whole"}, headers={"If-None-Match": '"whole"'})
    assert (stale.status_code, stale.headers["etag"], stale.headers["cache-control"]) == (
        200,
        '"split"',
        "private, no-cache",
    )
    lost = client.post("/lost", content=LOST).text
    assert "112 Kab. Blitar" in lost
    assert 'lastUpdated="2026-12-31T17:00:00Z"' in lost

    # The call that came before midnight keeps what it was decided with; a new fix is decided anew.
    kept = client.get(f"/api/v1/calls/{before}").json()
    assert (kept["jurisdiction"]["centre"]["kode"], kept["jurisdiction"]["boundaries"]) == ("35.72", "whole")
    moved = add_fix(client, before, north_deg=0.0001)
    assert (moved["jurisdiction"]["centre"]["kode"], moved["jurisdiction"]["boundaries"]) == ("35.05", "split")
    after = add_fix(client, take_call(client, "+6281234567891"))
    assert (after["jurisdiction"]["centre"]["kode"], after["jurisdiction"]["boundaries"]) == ("35.05", "split")
    recorded = [one.event for one in centre.log.read(after=0) if isinstance(one.event, CallLocated)]
    assert [one.jurisdiction.shares.boundaries for one in recorded] == ["whole", "split", "split"]


def test_readiness_tells_the_change_that_waits(client: TestClient) -> None:
    answer = client.get("/readyz").json()
    assert (answer["boundaries"], answer["boundaries_sound"]) == ("whole", True)
    assert answer["boundaries_change_at"] == "2026-12-31T17:00:00Z"


def test_a_broken_set_is_told_by_readiness_and_doctor_and_changes_nothing(centre: Centre) -> None:
    placed = enter(centre, valid_from=None)
    (placed / "basemap.geo112").write_bytes(b"broken")
    centre.boundaries.look()
    with new_client(centre) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["boundaries"], answer.json()["boundaries_sound"]) == (200, "whole", False)
    (found,) = [one for one in examine(centre.settings, now=centre.clock.now()) if one.check == "boundaries"]
    assert found.level is Level.FAIL
    assert "the set split for 2026-12-31 is not used" in found.says


def test_doctor_tells_the_change_that_waits(centre: Centre) -> None:
    enter(centre, valid_from=date(2027, 1, 1))
    (found,) = [one for one in examine(centre.settings, now=centre.clock.now()) if one.check == "boundaries"]
    assert (found.level, "take over at 2026-12-31 17:00 UTC" in found.says) == (Level.OK, True)


def test_a_running_server_takes_up_a_new_set_by_itself(centre: Centre) -> None:
    with new_client(centre) as client:
        client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD}).raise_for_status()
        assert resolved(client) == ("35.72", "whole")
        enter(centre, valid_from=None)
        waited = 0
        while resolved(client) == ("35.72", "whole"):
            waited += 1
            assert waited < 20_000
        assert resolved(client) == ("35.05", "split")
