"""What `geo112 bench calibration` says is what happens: the evidence that decisions can be trusted."""

from pathlib import Path

import pytest

from geo112.bench.calibration import MOST_ERROR, calibration
from geo112.bench.frame import Result, Room

# Kota Blitar, Kediri, Malang and Mojokerto lie in Jawa Timur as holes; Bukittinggi and Payakumbuh in Sumatera Barat.
PROVINCES = ("35", "13")


@pytest.fixture(scope="module")
def room(boundaries_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(boundaries=boundaries_dir, folder=tmp_path_factory.mktemp("bench"), tell=lambda _said: None)


@pytest.mark.parametrize("line_error_m", [0.0, 30.0])
def test_the_stated_probability_of_a_centre_is_what_happens(room: Room, line_error_m: float) -> None:
    """Over all shapes and radii of 50 m to 5 km, with lines that are where they are drawn and with lines that err."""
    results = calibration(room, provinces=PROVINCES, count=120, line_error_m=line_error_m)
    by_shape: dict[str, Result] = {result["job"].removeprefix("calibration "): result for result in results}
    assert list(by_shape) == ["circle", "ellipse", "arc band", "ring", "polygon", "all shapes"]
    every = by_shape["all shapes"]
    assert every["callers"] == 5 * 4 * 120
    assert every["ours"] <= MOST_ERROR
    assert every["met"]
    # Sharper and better calibrated than what leaves a twentieth open, and than the rules that know no doubt.
    assert every["others"]["RFC 7459"] > 2 * every["ours"]
    for rule in ("RFC 7459", "largest part", "middle"):
        assert every["brier"][rule] > every["brier"]["normal"]
