"""The JSON of a jurisdiction."""

import json

import pytest
from shapely import box
from zone_maps import DrawMap

from geo112.core.geo import Position
from geo112.core.shapes import Circle, Point
from geo112.zones.index import ZoneIndex
from geo112.zones.wire import jurisdiction_to_dict

KEYS = [
    "outcome", "centre", "shares", "kecamatan", "outside_share", "outside_kind", "sea_share", "abroad_share",
    "lake_share", "gap_share", "abroad", "unknown_share", "nearest", "gap_m", "question", "decision", "boundaries",
    "warnings", "second_line",
]  # fmt: skip


@pytest.fixture(scope="module")
def two(draw_map: DrawMap) -> ZoneIndex:
    return draw_map({"35.72.01": box(112.0, -8.0, 112.1, -7.9), "35.05.01": box(112.1, -8.0, 112.2, -7.9)})


def told(index: ZoneIndex, lon: float, radius_m: float | None) -> dict[str, object]:
    middle = Position(lon_deg=lon, lat_deg=-7.95)
    area = Circle(middle=middle, radius_m=radius_m) if radius_m else Point(middle=middle)
    answer = jurisdiction_to_dict(index.jurisdiction(area))
    assert list(answer) == KEYS
    assert answer["question"] is None
    assert answer["boundaries"] == "test"
    restored: dict[str, object] = json.loads(json.dumps(answer, allow_nan=False))
    assert restored == answer
    return answer


def test_inside(two: ZoneIndex) -> None:
    answer = told(two, 112.05, None)
    assert answer["outcome"] == "inside"
    assert answer["centre"] == {"kode": "35.72", "nama": "Kota 35.72"}
    assert answer["shares"] == [{"kode": "35.72", "nama": "Kota 35.72", "share": 1.0}]
    assert answer["kecamatan"] == [{"kode": "35.72.01", "nama": "Kecamatan 35.72.01", "share": 1.0}]
    assert (answer["outside_share"], answer["unknown_share"]) == (0.0, 0.0)
    assert (answer["nearest"], answer["gap_m"]) == (None, None)
    assert answer["warnings"] == ["radius unknown"]


def test_straddles(two: ZoneIndex) -> None:
    answer = told(two, 112.1001, 100.0)
    assert answer["outcome"] == "straddles"
    assert answer["centre"] == {"kode": "35.05", "nama": "Kota 35.05"}
    shares = answer["shares"]
    assert isinstance(shares, list)
    assert [share["kode"] for share in shares] == ["35.05", "35.72"]
    assert sum(share["share"] for share in shares) == pytest.approx(0.95)
    assert answer["unknown_share"] == pytest.approx(0.05)


def test_outside(two: ZoneIndex) -> None:
    answer = told(two, 112.3, 100.0)
    assert answer["outcome"] == "outside"
    assert answer["centre"] == {"kode": "35.05", "nama": "Kota 35.05"}
    assert answer["nearest"] == {
        "kode": "35.05",
        "nama": "Kota 35.05",
        "kecamatan": {"kode": "35.05.01", "nama": "Kecamatan 35.05.01"},
        "gap_m": answer["gap_m"],
    }
    assert answer["gap_m"] == pytest.approx(11_023, abs=10)
    assert answer["outside_share"] == pytest.approx(0.95)
