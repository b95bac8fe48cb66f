"""The measure of LoST: a real centre and a bare route, by the same client, with answers that are looked at."""

from pathlib import Path

from geo112.bench.frame import Room
from geo112.bench.lost import requests_per_s


def test_lost_is_measured_beside_a_bare_route(boundaries_dir: Path, tmp_path: Path) -> None:
    room = Room(boundaries=boundaries_dir, folder=tmp_path, tell=lambda _: None)
    (result,) = requests_per_s(room, rounds=1, requests=16)
    assert result["job"] == "LoST"
    assert result["disagreements"] == 0
    assert result["ours"] > 0
    assert set(result["ratio"]) == set(result["goal"]) == {"FastAPI no-op"}
