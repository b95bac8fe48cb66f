"""The command prints what was built, as lines or as one JSON object."""

import json
from pathlib import Path

import geopandas
import typer
from typer.testing import CliRunner

from geo112.cli import prepare_cmd


def run(source: Path, tables: Path, tmp_path: Path, *more: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    prepare_cmd.register(app)
    paths = ["--source", str(source), "--tables", str(tables), "--out", str(tmp_path / "out")]
    command = ["prepare", "boundaries", *paths, "--cache", str(tmp_path / "home"), *more]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_lines_name_the_licences(source: Path, tables: Path, tmp_path: Path) -> None:
    text = run(source, tables, tmp_path)
    assert "6 dari 6 kecamatan, 3 dari 3 kabupaten/kota" in text
    assert "ODbL" in text
    assert "tidak boleh disebarluaskan" in text


def test_json_compares_with_other_boundaries(source: Path, tables: Path, tmp_path: Path) -> None:
    run(source, tables, tmp_path)
    reference = tmp_path / "out" / "kecamatan.parquet"
    kept = tmp_path / "reference.fgb"
    geopandas.read_parquet(reference).to_file(kept)
    facts = json.loads(run(source, tables, tmp_path, "--json", "--compare", str(kept)))
    assert facts["from_cache"]
    assert facts["coverage"]["kecamatan"]["share"] == 1.0
    assert facts["comparison"]["kabkota_share"] == 1.0
    assert 0.85 < facts["comparison"]["gadm_kabkota_share"] < 0.95, "Kab. Baru is one square of ten"
