"""Spoken places over HTTP: near the centre unless something else is said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from api_words import BASE_URL, PASSWORD
from fastapi.testclient import TestClient

from geo112.api.app import create_app
from geo112.api.routes.gazetteer import PlacesOut
from geo112.locate.places.kinds import Kind
from geo112.locate.places.table import PlaceRow, write_places
from geo112.wiring import Centre

ROWS = (
    ("Kab. Blitar", Kind.KABKOTA, "35.05", -1, -8.13, 112.22, 32_000.0),
    ("Kota Blitar", Kind.KABKOTA, "35.72", -1, -8.10, 112.15, 4_800.0),
    ("Udanawu", Kind.KECAMATAN, "35.05.02", 0, -8.00, 112.05, 5_000.0),
    ("Sukorejo", Kind.KECAMATAN, "35.72.02", 1, -8.10, 112.14, 2_600.0),
    ("Sukorejo", Kind.DESA, "35.05.02.2009", 2, -7.80, 111.80, 2_700.0),
    ("Sukorejo", Kind.DESA, "35.72.02.1006", 3, -8.10, 112.14, 1_400.0),
)


@pytest.fixture
def centre(make_centre: Callable[..., Centre], tmp_path: Path) -> Centre:
    rows = [
        PlaceRow(name=name, kind=kind, kode=kode, parent=parent, lat_deg=lat_deg, lon_deg=lon_deg, radius_m=radius_m)
        for name, kind, kode, parent, lat_deg, lon_deg, radius_m in ROWS
    ]
    write_places(tmp_path / "places.geo112", rows, version="kecil")
    return make_centre(places_file=tmp_path / "places.geo112")


@pytest.fixture
def taker(as_user: Callable[[str], TestClient]) -> TestClient:
    return as_user("siti")


def found(client: TestClient, **query: object) -> list[str | None]:
    answer = client.get("/api/v1/places", params=query)
    assert answer.status_code == 200, answer.text
    body = PlacesOut.model_validate(answer.json())
    assert body.query == query["q"]
    return [one.kode for one in body.places]


def test_the_centre_prefers_its_own_area_unless_told(taker: TestClient) -> None:
    assert found(taker, q="desa soekoredjo")[0] == "35.72.02.1006"
    assert found(taker, q="desa sukorejo", lat_deg=-7.8, lon_deg=111.8)[0] == "35.05.02.2009"
    assert found(taker, q="desa sukorejo", lat_deg=-7.8, lon_deg=111.8, radius_m=3000, limit=1) == ["35.05.02.2009"]
    assert found(taker, q="sukorejo kec udanawu")[0] == "35.05.02.2009"
    assert found(taker, q="tidak ada di sini") == []


def test_each_place_is_an_area_with_its_reasons(taker: TestClient) -> None:
    first = taker.get("/api/v1/places", params={"q": "desa Sukorejo"}).json()["places"][0]
    assert (first["name"], first["kind"], first["kecamatan"], first["kabkota"]) == (
        "Sukorejo", "desa", "Sukorejo", "Kota Blitar",
    )  # fmt: skip
    assert (first["shape"], first["radius_m"], first["confidence_share"]) == ("Circle", 1400.0, 0.95)
    assert first["score_share"] == 1.0
    assert first["distance_m"] > 0
    assert "nama cocok" in first["why"]


def test_coordinates_are_places_too(taker: TestClient) -> None:
    [only] = taker.get("/api/v1/places", params={"q": "-8.1, 112.15"}).json()["places"]
    assert (only["kind"], only["lat_deg"], only["lon_deg"], only["radius_m"]) == ("koordinat", -8.1, 112.15, None)


@pytest.mark.parametrize("said", ["112.15, -8.1", "-8.1", "8,1 112,15 0", "081234567890"])
def test_numbers_that_are_no_place_find_no_village(taker: TestClient, said: str) -> None:
    assert found(taker, q=said) == []


@pytest.mark.parametrize("near", [{}, {"lat_deg": -8.09, "lon_deg": 112.17}])
def test_a_short_plus_code_is_completed_around_the_caller_or_the_centre(
    taker: TestClient, near: dict[str, float]
) -> None:
    [only] = taker.get("/api/v1/places", params={"q": "W52P+8F Blitar", **near}).json()["places"]
    assert only["kind"] == "koordinat"
    assert (only["lat_deg"], only["lon_deg"]) == (pytest.approx(-8.0991, abs=1e-3), pytest.approx(112.1862, abs=1e-3))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "x", "limit": 0}, "limit"),
        ({"q": "x", "limit": 51}, "limit"),
        ({"q": "x", "lat_deg": -8}, "lon_deg"),
        ({"q": "x", "lon_deg": 112}, "lat_deg"),
        ({"q": "x", "lat_deg": 112, "lon_deg": -8}, "lat_deg"),
        ({"q": "x", "lat_deg": "nan", "lon_deg": 112}, "lat_deg"),
        ({"q": "x", "radius_m": 5}, "radius_m"),
        ({"q": "x", "lat_deg": -8, "lon_deg": 112, "radius_m": 0}, "radius_m"),
        ({"q": "x", "warna": "merah"}, "warna"),
    ],
)
def test_bad_input_names_the_field(taker: TestClient, query: dict[str, object], field: str) -> None:
    answer = taker.get("/api/v1/places", params=query)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


def test_a_centre_without_the_file_says_so(make_centre: Callable[..., Centre], tmp_path: Path) -> None:
    centre = make_centre(places_file=tmp_path / "none")
    with TestClient(create_app(centre), base_url=BASE_URL, raise_server_exceptions=False) as client:
        client.post("/api/v1/login", json={"user": "siti", "password": PASSWORD})
        answer = client.get("/api/v1/places", params={"q": "Sukorejo"})
    assert (answer.status_code, answer.json()["code"]) == (503, "data_missing")
