"""Every answer as `covers` gives it: a small draw of what `geo112 bench agreement` compares in millions."""

from pathlib import Path

from geo112.bench.agreement import ENCLAVES, agreement
from geo112.bench.frame import Room


def test_country_enclaves_and_borders_agree_with_covers(boundaries_dir: Path, tmp_path: Path) -> None:
    told: list[str] = []
    room = Room(boundaries=boundaries_dir, folder=tmp_path, tell=told.append)
    borders = ("35.72", "35.05", "31.71", "62.71")
    (result,) = agreement(room, points=60_000, per_enclave=2_000, per_border=3_000, kabkota=borders, seed=5)
    assert result["disagreements"] == 0
    assert result["met"] is True
    assert set(result["disagreements_of"].values()) == {0}
    compared = result["compared"]
    assert len(ENCLAVES) == 17
    assert (compared["country"], compared["enclaves"]) == (60_000, 2_000 * len(ENCLAVES))
    assert compared["on borders"] == compared["within 50 m of borders"] == 3_000 * len(borders)
    assert compared["corners of borders"] > 1_000
    assert result["ours"] == sum(compared.values())
    assert told[0] == "agreement: country, 60,000 points"
