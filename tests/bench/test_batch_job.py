"""The measure of files of points: the command itself beside joins that read and write the same rows."""

from pathlib import Path

from geo112.bench.batch import DASK, GOAL, POSTGIS, SEDONA, STARTED, batch
from geo112.bench.frame import Room


def test_files_of_points_are_measured_and_right(boundaries_dir: Path, tmp_path: Path) -> None:
    room = Room(boundaries=boundaries_dir, folder=tmp_path, tell=lambda _: None)
    results = list(batch(room, points=400, rounds=1))
    assert [result["job"] for result in results] == ["batch parquet", "batch csv"]
    for result in results:
        assert result["disagreements"] == 0
        assert set(result["others"]) == {STARTED, "geopandas sjoin(within)", SEDONA, DASK, POSTGIS}
        assert result["goal"] == GOAL
        assert result["ratio"][STARTED] > 1
    assert list(tmp_path.iterdir()) == []
