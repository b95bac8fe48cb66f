"""What the repository must never hold, and what it promises to hold."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file that git knows, or would take with the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in out.split("\0") if name]
    return [file for file in files if file.is_file()]


def test_no_file_is_large(tracked: list[Path]) -> None:
    large = {str(file.relative_to(ROOT)): file.stat().st_size for file in tracked if file.stat().st_size > 500_000}
    assert large == {}


def test_no_boundary_geometry_is_kept(tracked: list[Path]) -> None:
    forbidden = {".parquet", ".geojson", ".shp", ".fgb", ".gpkg", ".geo112", ".mbtiles", ".pmtiles", ".gdb"}
    assert [file for file in tracked if file.suffix in forbidden] == []


def test_locks_name_no_host() -> None:
    for name in ("requirements.lock", "tools/uv-pinned.txt", "package-lock.json", ".npmrc"):
        text = (ROOT / name).read_text()
        assert "http://" not in text, name
        assert "https://" not in text, name
        assert "--index-url" not in text, name
        assert "--find-links" not in text, name


def test_every_locked_python_package_has_a_hash() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text().strip())
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[><=; ]", entry)[0].lower().replace("_", "-") for entry in wanted}
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert names - locked == set()


def test_readme_begins_with_what_a_fresh_machine_needs() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert "apt-get install" in lines[0]
    text = "\n".join(lines)
    assert text.index("make demo") < text.index("make test") < text.index(".png")


def test_pages_load_nothing_from_elsewhere(tracked: list[Path]) -> None:
    pages = [file for file in tracked if file.is_relative_to(ROOT / "web") and file.suffix in {".html", ".css", ".js"}]
    assert pages
    outside = re.compile(r"""(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'(]+\s*(?:https?:)?//""")
    assert [file for file in pages if "test" not in file.parts and outside.search(file.read_text())] == []


def test_every_link_between_documents_leads_somewhere(tracked: list[Path]) -> None:
    link = re.compile(r"\]\(([^)#:]+?)(?:#[^)]*)?\)")
    broken = [
        f"{file.relative_to(ROOT)} -> {target}"
        for file in tracked
        if file.suffix == ".md"
        for target in link.findall(file.read_text())
        if not (file.parent / target).exists()
    ]
    assert broken == []
