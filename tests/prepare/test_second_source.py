"""Other boundaries of the same place, where somebody has laid them beside the project; most machines have none."""

from pathlib import Path

from geo112.prepare.compare import compare_with

ROOT = Path(__file__).resolve().parents[2]
# How far the share of 100,000 random points may be off by chance.
CHANCE_SHARE = 2e-4


def test_the_build_agrees_with_other_boundaries_no_less_than_the_source_does(boundaries_dir: Path) -> None:
    for reference in sorted((ROOT.parent / "shared" / "boundaries").glob("*.fgb")):
        found = compare_with(reference, boundaries_dir, ROOT / "node_modules", ROOT / "data" / "boundaries")
        assert found["kabkota_covered_share"] >= found["gadm_kabkota_covered_share"]
        assert found["kabkota_share"] >= found["gadm_kabkota_share"] - CHANCE_SHARE
