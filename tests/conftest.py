"""Fixtures that several rooms share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright

# The same examples at every run; `tools/fuzz` looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, derandomize=False, max_examples=3_000, print_blob=True)
settings.load_profile("same")


def pytest_report_header() -> str:
    """Say which examples this run draws: `--hypothesis-profile` is read after the line above."""
    now = settings.default
    assert now is not None
    kind = "the same" if now.derandomize else "new"
    return f"properties: up to {now.max_examples} examples each, {kind} at every run"


CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def boundaries_dir() -> Path:
    """The boundaries that `make setup` built for the whole country."""
    built = ROOT / "data" / "boundaries" / "build"
    assert (built / "kecamatan.parquet").is_file(), "run `make setup` first: it builds the boundaries"
    return built


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all rooms: a second one beside it would refuse to start."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, drawing maps in software."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
    yield browser
    browser.close()
