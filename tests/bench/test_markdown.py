"""Tables for the docs: every figure of a result, put between the marks of its job and nowhere else."""

from datetime import UTC, datetime
from pathlib import Path

from geo112.bench.markdown import put, section

AT = datetime(2026, 12, 1, 13, 5, tzinfo=UTC)
RESULT = {
    "job": "zones", "unit": "points/s", "ours": 24_600_000.0,
    "others": {"sjoin(within)": 989_000.0, "STRtree": 2_000_000.0, "limit: reads": 5e7},
    "ratio": {"sjoin(within)": 24.87, "STRtree": 12.3, "limit: reads": 0.49},
    "goal": {"sjoin(within)": 25.0, "STRtree": 12.0}, "met": False, "rounds": 7, "machine": "Linux, 2 cores, load 0.1",
    "disagreements": 0, "error": 2e-7, "error_of_others": {"shapely": 5e-4}, "p99_us": {"geo112": 1.55},
    "p50_ms": {"geo112": 3.14159}, "p99_ms": {"geo112": 12.0}, "compared": {"country": 5_000_000},
}  # fmt: skip


def test_a_section_says_what_when_and_where() -> None:
    text = section("zones", [RESULT], at=AT)
    assert text.startswith("Measured on 2026-12-01 13:05 UTC, `geo112 bench zones`; Linux, 2 cores, load 0.1; numpy ")
    assert "| zones | **24,600,000** points/s | sjoin(within) | 989,000 | **24.9** (goal 25, **missed**) |" in text
    assert "| STRtree | 2,000,000 | **12.3** (goal 12, met) |" in text
    assert "| limit: reads | 50,000,000 | 0.49 (a limit, not a goal) |" in text
    for note in (
        "- zones: country 5,000,000",
        "- zones: 0 disagreements",
        "- zones: largest error 2e-07 (goal 1e-05); shapely 5e-04",
        "- zones, p99 in µs: geo112 1.55",
        "- zones, p50 in ms: geo112 3.14",
        "- zones, p99 in ms: geo112 12",
    ):
        assert note in text.splitlines()


def test_a_result_without_rivals_has_its_row() -> None:
    alone = {"job": "agreement", "unit": "points", "ours": 5.0, "others": {}, "machine": "m"}
    assert "| agreement | **5** points | | | |" in section("agreement", [alone], at=AT)


def test_a_section_replaces_its_older_one_alone(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.md"
    put(file, "zones", "one")
    assert file.read_text() == "<!-- geo112 bench zones -->\none\n<!-- end of zones -->\n"
    file.write_text(f"# Title\n\n{file.read_text()}\nwords\n")
    put(file, "http", "other")
    put(file, "zones", "two")
    assert file.read_text() == (
        "# Title\n\n<!-- geo112 bench zones -->\ntwo\n<!-- end of zones -->\n\nwords\n\n"
        "<!-- geo112 bench http -->\nother\n<!-- end of http -->\n"
    )
