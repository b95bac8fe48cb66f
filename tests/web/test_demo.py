"""The demonstration as somebody sees it who just started it: both centres, a call in Sentul, one across the border."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_words import GEO112, Watch, free_port, watched_page
from playwright.sync_api import Browser, Page, expect

SENTUL, ACROSS = "+62 857-0000-2290", "+62 812-0000-4471"
KOTA, KABUPATEN = "35.72", "35.05"
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
DRAWN = """id => window.geo112.map.queryRenderedFeatures({ layers: ["lingkar"] })
  .some(one => one.properties.id === id && one.properties.sel)"""
LAND = """([layer, kode]) => window.geo112.map.queryRenderedFeatures({ layers: [layer] })
  .some(one => one.properties.kode === kode)"""


@pytest.fixture(scope="module")
def demo(boundaries_dir: Path) -> Iterator[dict[str, Any]]:
    """Start `geo112 demo` on free ports; gives what its DEMO lines say, by kode."""
    assert boundaries_dir.is_dir()
    environment = {**os.environ, "GEO112_DEMO_PORTS": f"{free_port()},{free_port()}"}
    process = subprocess.Popen([*GEO112, "demo"], env=environment, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = {}
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("DEMO "):
            centre = json.loads(line.removeprefix("DEMO "))
            said[centre["kode"]] = centre
        if len(said) == 2:
            break
    yield said
    process.terminate()
    process.communicate(timeout=30)


def enter(page: Page, centre: dict[str, Any]) -> None:
    """Log in as the dispatcher of a centre."""
    who = centre["users"]["dispatcher"]
    page.goto(centre["url"])
    page.fill("#user", who["user"])
    page.fill("#password", who["password"])
    page.click("button[type=submit]")
    page.wait_for_selector("#console:not([hidden])")


def show(page: Page, number: str) -> str:
    """Select the call of a number, bring it onto the map and wait for its circle; gives its id."""
    row = page.locator("#calls .q", has_text=number)
    expect(row).to_have_count(1, timeout=60_000)
    expect(row).to_contain_text("±", timeout=30_000)
    row.click()
    page.keyboard.press("Enter")
    call_id = row.get_attribute("data-call")
    page.wait_for_function(DRAWN, arg=call_id)
    return str(call_id)


def test_a_call_in_sentul_and_one_across_the_border_reach_the_map_with_centre_and_shares(
    demo: dict[str, Any], browser: Browser
):
    SCREENS.mkdir(parents=True, exist_ok=True)
    with watched_page(browser, Watch()) as page:
        enter(page, demo[KOTA])
        expect(page.locator("#simulated")).to_have_text("SIMULASI")
        show(page, SENTUL)
        detail = page.locator("#detail")
        expect(detail).to_contain_text("Di dalam Kota Blitar.")
        expect(detail.locator(".area")).to_contain_text("Kepanjenkidul 100")
        expect(detail.locator(".share .k")).to_contain_text("Kota Blitar 100 %")
        page.wait_for_function(LAND, arg=["sendiri", KOTA])
        page.screenshot(path=SCREENS / "sentul.png")

        show(page, ACROSS)
        expect(detail.locator(".area")).to_have_attribute("data-outcome", "straddles")
        warning = detail.locator(".warn").first
        expect(warning).to_contain_text("Perbatasan: Kab. Blitar")
        expect(warning).to_contain_text("Kota Blitar")
        expect(warning).to_contain_text("Tanyakan patokan sebelum mengirim.")
        expect(detail.locator("#question-text")).to_contain_text("Apakah Bapak/Ibu")
        widths = detail.locator(".share > *").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
        assert widths[1] > widths[0] > 0, "the neighbour's part is the larger one"
        page.wait_for_function("() => window.geo112.map.queryRenderedFeatures({ layers: ['bagian'] }).length === 2")
        page.wait_for_function(LAND, arg=["tetangga", KABUPATEN])
        page.screenshot(path=SCREENS / "perbatasan.png")


def test_the_neighbour_sees_its_own_land_and_gets_calls_of_its_own(demo: dict[str, Any], browser: Browser):
    with watched_page(browser, Watch()) as page:
        enter(page, demo[KABUPATEN])
        expect(page.locator("#centre")).to_have_text("112 Kab. Blitar")
        page.wait_for_function(LAND, arg=["sendiri", KABUPATEN])
        page.wait_for_function("() => document.querySelectorAll('#calls .q, #done .q').length > 0", timeout=90_000)
