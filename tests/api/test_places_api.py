"""Jurisdiction, register and map over HTTP."""

import json
from collections.abc import Callable

import pytest
from api_words import AT_SEA, IN_KAB, IN_KOTA
from fastapi.testclient import TestClient
from httpx import Response

from geo112.api.answers import CentreOut, CentresOut, JurisdictionOut, MapOut

BAND = {"inner_m": 500, "outer_m": 900, "start_deg": 300, "opening_deg": 120}


@pytest.fixture
def planner(as_user: Callable[[str], TestClient]) -> TestClient:
    return as_user("agus")


@pytest.mark.parametrize(
    ("place", "outcome", "kode"), [(IN_KOTA, "inside", "35.72"), (IN_KAB, "inside", "35.05"), (AT_SEA, "outside", None)]
)
def test_both_ways_of_asking_give_the_same(
    planner: TestClient, place: dict[str, float], outcome: str, kode: str | None
) -> None:
    asked = planner.get("/api/v1/resolve", params={**place, "radius_m": 100, "confidence_share": 0.9})
    told = planner.post("/api/v1/resolve", json={**place, "radius_m": 100, "confidence_share": 0.9})
    assert asked.status_code == told.status_code == 200
    assert asked.json() == told.json()
    answer = JurisdictionOut.model_validate(told.json())
    assert answer.outcome == outcome
    assert answer.boundaries == "kecil-1"
    assert kode is None or answer.centre.kode == kode


def test_a_bare_point_says_that_its_radius_is_unknown(planner: TestClient) -> None:
    answer = planner.get("/api/v1/resolve", params=IN_KOTA).json()
    assert answer["shares"] == [{"kode": "35.72", "nama": "Kota Blitar", "share": 1.0}]
    assert "radius unknown" in answer["warnings"]


def test_a_radius_of_nought_is_a_point_of_unknown_radius(planner: TestClient) -> None:
    for answer in (
        planner.get("/api/v1/resolve", params={**IN_KOTA, "radius_m": 0}),
        planner.post("/api/v1/resolve", json={**IN_KOTA, "radius_m": 0.0}),
    ):
        assert answer.json()["warnings"].count("radius unknown") == 1


@pytest.mark.parametrize("body", [{**IN_KOTA, "radius_m": 5000.0, "confidence_share": 0.9}, AT_SEA, IN_KAB])
def test_the_quick_way_and_the_long_way_give_the_same(planner: TestClient, body: dict[str, float]) -> None:
    def told(content_type: str) -> Response:
        return planner.post("/api/v1/resolve", content=json.dumps(body), headers={"Content-Type": content_type})

    # What is JSON only in more words goes by the route.
    quick, long = told("application/json"), told("application/json; charset=utf-8")
    assert quick.status_code == long.status_code == 200
    assert quick.content == long.content
    assert quick.headers == long.headers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"lat_deg": -8.1, "lat_deg": -8.1, "lon_deg": 112.15}', "invalid"),
        ('{"lat_deg": -8.1, "lon_deg": "112.15"}', "invalid"),
        ('{"lat_deg": -8.1, "lon_deg": 112.15, "when": 1}', "invalid"),
        ('{"lat_deg": -8.1, "lon_deg": NaN}', "invalid"),
        ("[" * 20_000, "invalid"),
        ('{"lat_deg": -98.1, "lon_deg": 112.15}', "bad_position"),
        ("{}", "bad_position"),
    ],
)
def test_what_the_quick_way_does_not_take_is_refused_in_full(planner: TestClient, text: str, code: str) -> None:
    answer = planner.post("/api/v1/resolve", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["lat_deg=-8.1&lat_deg=-8.1&lon_deg=112.15", "lat_deg=-8.1&lon_deg=112.15&when=1"])
def test_a_query_that_says_too_much_is_refused_both_ways(planner: TestClient, query: str) -> None:
    assert planner.get(f"/api/v1/resolve?{query}").status_code == 422
    told = planner.post(f"/api/v1/resolve?{query}", json={"lat_deg": -8.1, "lon_deg": 112.15})
    assert told.status_code == 422


def test_the_quick_way_is_for_those_with_a_session(client: TestClient) -> None:
    for answer in (client.get("/api/v1/resolve", params=IN_KOTA), client.post("/api/v1/resolve", json=IN_KOTA)):
        assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("shape", "outcome"),
    [
        ({**IN_KOTA, "semi_major_m": 300, "semi_minor_m": 30, "orientation_deg": 90}, "inside"),
        ({**IN_KOTA, **BAND}, "inside"),
        ({"lat_deg": -8.1, "lon_deg": 112.2, **BAND}, "straddles"),
        ({"ring": [[112.19, -8.1], [112.21, -8.1], [112.21, -8.09], [112.19, -8.09], [112.19, -8.1]]}, "straddles"),
    ],
    ids=["ellipse", "band", "band over the border", "polygon"],
)
def test_every_shape_has_its_centre(planner: TestClient, shape: dict[str, object], outcome: str) -> None:
    said = planner.post("/api/v1/resolve", json=shape)
    assert JurisdictionOut.model_validate(said.json()).outcome == outcome, said.text
    query = {name: json.dumps(value) if name == "ring" else value for name, value in shape.items()}
    assert planner.get("/api/v1/resolve", params=query).json() == said.json()


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"lat_deg": 112.15, "lon_deg": -8.1}, "lat_deg"),
        ({"lat_deg": 0, "lon_deg": 0}, "lat_deg"),
        ({"lat_deg": "NaN", "lon_deg": 112}, "lat_deg"),
        ({"lat_deg": -8.1, "lon_deg": "inf"}, "lon_deg"),
        ({"lat_deg": -8.1, "lon_deg": 200}, "lon_deg"),
        ({"lat_deg": -8.1}, "lon_deg"),
        ({"lat_deg": "utara", "lon_deg": 112}, "lat_deg"),
        ({**IN_KOTA, "radius_m": -1}, "radius_m"),
        ({"lon_deg": 112.15}, "lat_deg"),
        ({**IN_KOTA, "semi_major_m": 5, "semi_minor_m": 5}, "orientation_deg"),
        ({**IN_KOTA, "radius_m": 5, "outer_m": 5}, "outer_m"),
        ({"ring": "[[112.1, -8.1], [112.2]]"}, "ring"),
        ({"ring": "utara"}, "ring"),
        ({"ring": "[[112.1, -8.1], [112.2, -8.1]]"}, "ring"),
        ({**IN_KOTA, "radius_m": "nan"}, "radius_m"),
        ({**IN_KOTA, "radius_m": 5, "confidence_share": 95}, "confidence_share"),
        ({**IN_KOTA, "confidence_share": 0.5}, "confidence_share"),
        ({**IN_KOTA, "colour": "red"}, "colour"),
    ],
)
def test_a_place_that_cannot_be_meant_is_refused_by_name(
    planner: TestClient, place: dict[str, object], field: str
) -> None:
    answer = planner.get("/api/v1/resolve", params=place)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


def test_the_register_has_every_centre(planner: TestClient) -> None:
    register = CentresOut.model_validate(planner.get("/api/v1/centres").json())
    assert len(register.centres) == 514
    one = planner.get("/api/v1/centres/35.72").json()
    assert CentreOut.model_validate(one).nama == "Kota Blitar"
    assert planner.get("/api/v1/centres/99.99").status_code == 404


def test_the_map_knows_centre_neighbours_and_box(planner: TestClient) -> None:
    answer = MapOut.model_validate(planner.get("/api/v1/map").json())
    assert answer.centre.kode == "35.72"
    assert [one.kode for one in answer.neighbours] == ["35.05"]
    assert answer.bounds_deg == pytest.approx((112.10, -8.20, 112.20, -8.00), abs=1e-5)
    assert answer.boundaries == "kecil-1"


def test_tiles_of_land_and_sea(planner: TestClient) -> None:
    land = planner.get("/api/v1/tiles/10/831/535.mvt")
    assert land.status_code == 200
    assert land.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert b"Sananwetan" in land.content
    same = planner.get("/api/v1/tiles/10/831/535.mvt", headers={"If-None-Match": land.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert planner.get("/api/v1/tiles/10/0/0.mvt").status_code == 204


@pytest.mark.parametrize(("tile", "status"), [("17/0/0", 404), ("3/8/0", 404), ("3/0/-1", 404), ("a/0/0", 422)])
def test_tiles_that_cannot_be(planner: TestClient, tile: str, status: int) -> None:
    answer = planner.get(f"/api/v1/tiles/{tile}.mvt")
    assert answer.status_code == status
    assert answer.json()["field"] in {"x", "y", "z"}
