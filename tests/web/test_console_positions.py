"""What a call taker sees and does about where a caller is: all positions, spoken places, the link."""

import re
from typing import Any

import httpx
from browser_words import Desk
from playwright.sync_api import Locator, Page, expect

KOTA = (-8.1, 112.15)


def pick(page: Page, call_id: str) -> Locator:
    """Select a call in the list; gives the panel that tells all about it."""
    page.locator(f"[data-call='{call_id}']").click()
    return page.locator("#detail")


def fix(desk: Desk, call_id: str, source: str, **more: Any) -> None:
    body = {"lat_deg": KOTA[0], "lon_deg": KOTA[1], "confidence_share": 0.95, "source": source, **more}
    desk.send(f"/calls/{call_id}/fixes", body)


def lines(detail: Locator) -> list[str]:
    return [re.sub(r"\s+", " ", text) for text in detail.locator(".fx tbody tr").all_inner_texts()]


def test_every_position_stands_beside_the_one_in_use_with_its_shape_and_reason(page: Page, desk: Desk):
    call = desk.ring("semua-1", "+6281200003001")
    fix(desk, call, "CELL", inner_m=500.0, outer_m=2500.0, start_deg=20.0, opening_deg=80.0, method="cell")
    fix(desk, call, "OPERATOR", semi_major_m=900.0, semi_minor_m=400.0, orientation_deg=40.0, method="cell")
    fix(desk, call, "AML", radius_m=30.0, method="gnss")
    detail = pick(page, call)
    expect(detail.locator(".fx tbody tr")).to_have_count(3)
    first, second, third = lines(detail)
    assert first.startswith("●") and "GPS ponsel · paling teliti" in first and "± 30 m (95 %)" in first  # noqa: PT018
    assert {"Operator seluler" in one for one in (second, third)} == {True, False}
    assert "± 900 m × 400 m" in detail.inner_text()
    assert "500 m–2,5 km" in detail.inner_text()


def test_a_contradiction_is_said_with_its_distance(page: Page, desk: Desk):
    call = desk.ring("beda-1", "+6281200003002")
    fix(desk, call, "AML", radius_m=30.0)
    fix(desk, call, "OPERATOR", radius_m=300.0, lat_deg=-8.13)
    warning = pick(page, call).locator(".warn", has_text="bertentangan")
    expect(warning).to_have_text("AML bertentangan dengan Operator seluler (3,0 km). Tanyakan patokan.")
    expect(warning).to_have_attribute("role", "alert")


def test_a_spoken_place_is_found_while_it_is_typed_and_taken_with_enter(page: Page, desk: Desk):
    call = desk.ring("ucap-1", "+6281200003003")
    detail = pick(page, call)
    page.keyboard.press("o")
    expect(page.locator("#form-place")).to_be_focused()
    page.keyboard.type("kepanjen kidool")
    options = detail.get_by_role("option")
    expect(options.first).to_contain_text("Kepanjenkidul")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(detail.locator(".fx tbody tr")).to_have_count(1)
    assert "Patokan" in lines(detail)[0]


def test_coordinates_in_the_same_field_are_read_as_typed(page: Page, desk: Desk):
    call = desk.ring("ucap-2", "+6281200003004")
    detail = pick(page, call)
    page.keyboard.press("o")
    page.keyboard.type("-8.1, 112.15")
    page.keyboard.press("Enter")
    expect(detail.locator(".fx tbody tr")).to_have_count(1)
    assert "Diketik" in lines(detail)[0]


def test_the_link_is_sent_with_three_keys_and_its_progress_shows(page: Page, desk: Desk):
    call = desk.ring("tautan-1", "+6281200003005")
    detail = pick(page, call)
    page.keyboard.press("s")
    expect(page.locator("#form-number")).to_have_value("+6281200003005")
    page.keyboard.press("Control+Enter")
    box = detail.locator("textarea")
    expect(box).to_have_value(re.compile(r"http://127\.0\.0\.1:\d+/l/\S{20,}"))
    expect(detail.locator(".lk b")).to_have_text("Dibuat")
    found = re.search(r"http\S+", box.input_value())
    assert found is not None
    address = found.group()
    opened = httpx.post(f"{address}/state", json={"state": "asked", "device": "a" * 32})
    assert opened.is_success, opened.text
    expect(detail.locator(".lk b")).to_have_text("Menunggu izin")
    expect(detail).to_contain_text("Minta pelapor mengetuk Izinkan.")
    detail.get_by_role("button", name="Akhiri").click()
    expect(detail.locator(".lk b")).to_have_text("Diakhiri")


def test_a_link_without_a_number_is_read_out(page: Page, desk: Desk):
    call = desk.ring("tautan-2")
    detail = pick(page, call)
    page.keyboard.press("s")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#say")).to_contain_text("isi nomor, atau pilih Bacakan")
    detail.get_by_text("Bacakan", exact=True).click()
    page.keyboard.press("Control+Enter")
    expect(detail.locator("textarea")).to_be_visible()
