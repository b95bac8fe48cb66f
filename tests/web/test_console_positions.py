"""What a call taker sees and does about where a caller is: all positions, spoken places, the link."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from browser_words import PATIENCE_S, Desk, NewPage, Watch
from playwright.sync_api import Locator, Page, Route, expect

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
    call = desk.ring("kirim-1", "+6281200003005")
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
    opened = httpx.post(f"{address}/state", json={"state": "asked", "device": "a" * 32}, timeout=PATIENCE_S)
    assert opened.is_success, opened.text
    expect(detail.locator(".lk b")).to_have_text("Menunggu izin")
    expect(detail).to_contain_text("Minta pelapor mengetuk Izinkan.")
    detail.get_by_role("button", name="Akhiri").click()
    expect(detail.locator(".lk b")).to_have_text("Diakhiri")


def test_a_link_without_a_number_is_read_out(page: Page, desk: Desk):
    call = desk.ring("kirim-2")
    detail = pick(page, call)
    page.keyboard.press("s")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#say")).to_contain_text("isi nomor, atau pilih Bacakan")
    detail.get_by_text("Bacakan", exact=True).click()
    page.keyboard.press("Control+Enter")
    expect(detail.locator("textarea")).to_be_visible()


NAMES = [("Pasar Teluk", 0.75, 1_434_000.0), ("Sananwetan", 1.0, 700.0), ("Penataran", 0.64, 9_000.0)]


def found(name: str, score_share: float, distance_m: float) -> dict[str, Any]:
    """A place as the gazetteer gives it."""
    return {
        "name": name, "kind": "desa", "kode": None, "kecamatan": "Kec", "kabkota": "Kab", "lat_deg": -8.1,
        "lon_deg": 112.15, "radius_m": 900.0, "confidence_share": 0.95, "score_share": score_share,
        "distance_m": distance_m, "why": ["nama cocok"],
    }  # fmt: skip


def answer_searches(page: Page, by_text: dict[str, list[dict[str, Any]]]) -> list[Route]:
    """Answer searches from a list; a text that is not in it stays without an answer, and is given back."""
    waiting: list[Route] = []

    def answer(route: Route) -> None:
        text = parse_qs(urlsplit(route.request.url).query)["q"][0]
        if text in by_text:
            route.fulfill(json={"query": text, "places": by_text[text]})
        else:
            waiting.append(route)

    page.route("**/api/v1/places?*", answer)
    return waiting


def test_enter_before_the_answer_takes_no_place_of_an_older_text(page: Page, desk: Desk):
    call = desk.ring("ucap-3", "+6281200003010")
    detail = pick(page, call)
    waiting = answer_searches(page, {"sanan": [found("Sanankulon", 1.0, 0.0)]})
    page.keyboard.press("o")
    page.keyboard.type("sanan")
    expect(detail.get_by_role("option")).to_have_count(1)
    with page.expect_request("**/api/v1/places?q=sananwetan*"):
        page.keyboard.type("wetan")
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(detail.locator(".fx")).to_have_count(0)
    for route in waiting:
        route.fulfill(json={"query": "", "places": [found("Sananwetan", 1.0, 700.0)]})
    expect(detail.get_by_role("option")).to_contain_text("Sananwetan")
    expect(page.locator("#form-place")).to_be_focused()
    page.keyboard.press("Enter")
    expect(detail.locator(".fx tbody tr")).to_have_count(1)


@pytest.mark.parametrize(("name", "score_share", "distance_m"), NAMES)
def test_enter_takes_unasked_only_what_fits_or_lies_nearby(
    page: Page, desk: Desk, name: str, score_share: float, distance_m: float
):
    call = desk.ring(f"ragu-{name}", None)
    detail = pick(page, call)
    answer_searches(page, {"kata": [found(name, score_share, distance_m)]})
    page.keyboard.press("o")
    page.keyboard.type("kata")
    option = detail.get_by_role("option")
    if name != "Pasar Teluk":
        expect(option).to_have_attribute("aria-selected", "true")
        return
    expect(option).to_contain_text("1434 km")
    expect(detail.get_by_role("status")).to_contain_text("Tidak ada yang cocok betul.")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("pilih tempat dengan panah")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(detail.locator(".fx tbody tr")).to_have_count(1)


def test_a_search_that_failed_is_said_and_made_again(page: Page, desk: Desk, watch: Watch):
    watch.expected.append("ERR_FAILED")
    detail = pick(page, desk.ring("gagal-1"))
    page.route("**/api/v1/places?*", lambda route: route.abort())
    page.keyboard.press("o")
    page.keyboard.type("gedog")
    expect(detail.get_by_role("status")).to_have_text("Pencarian gagal. Tekan Enter untuk mencari lagi.")
    page.unroute("**/api/v1/places?*")
    page.keyboard.press("Enter")
    expect(detail.get_by_role("option").first).to_be_visible()


def test_what_is_not_found_is_not_sent_as_coordinates(page: Page, desk: Desk):
    call = desk.ring("tiada-1")
    pick(page, call)
    answer_searches(page, {"xqzwv": []})
    page.keyboard.press("o")
    page.keyboard.type("xqzwv")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("tempat tidak ditemukan")
    assert desk.client.get(f"/api/v1/calls/{call}").json()["refused"] == []


def test_positions_come_in_while_a_form_is_open_and_typing_goes_on(page: Page, desk: Desk):
    call = desk.ring("ketik-1", "+6281200003011")
    detail = pick(page, call)
    expect(detail).to_contain_text("Tanpa posisi.")
    page.keyboard.press("e")
    page.locator("#form-note").focus()
    page.keyboard.type("api dari ")
    field = page.locator("#form-note").element_handle()
    fix(desk, call, "AML", radius_m=30.0)
    expect(detail.locator(".fx tbody tr")).to_have_count(1)
    expect(detail).not_to_contain_text("Tanpa posisi.")
    page.keyboard.type("dapur")
    expect(page.locator("#form-note")).to_have_value("api dari dapur")
    assert page.evaluate("field => field === document.activeElement", field)


def test_the_focus_in_the_panel_stays_when_a_position_comes(page: Page, desk: Desk):
    call = desk.ring("fokus-1")
    detail = pick(page, call)
    desk.send(f"/calls/{call}/links", {"via": "none"})
    button = detail.get_by_role("button", name="Perpanjang")
    button.focus()
    fix(desk, call, "AML", radius_m=30.0)
    expect(detail.locator(".fx tbody tr")).to_have_count(1)
    expect(button).to_be_focused()


def test_who_hung_up_can_still_be_sent_a_link(page: Page, desk: Desk):
    call = desk.ring("putus-1", "+6281200003012")
    detail = pick(page, call)
    desk.hang_up("putus-1")
    expect(detail).to_contain_text("pelapor menutup")
    page.keyboard.press("s")
    page.keyboard.press("Control+Enter")
    expect(detail.locator("textarea")).to_have_value(re.compile("/l/"))


def test_more_positions_than_rows_are_counted(page: Page, desk: Desk):
    call = desk.ring("banyak-1")
    for step in range(8):
        fix(desk, call, "AML", radius_m=30.0, lat_deg=-8.1 - step / 1000)
    expect(pick(page, call)).to_contain_text("+2 posisi lain")


def test_a_form_opened_by_key_on_a_narrow_screen_takes_what_is_typed(new_page: NewPage, desk: Desk):
    page = new_page(viewport={"width": 390, "height": 844})
    call = desk.ring("sempit-1", "+6281200003013")
    page.locator(f"[data-call='{call}']").click()
    page.locator("#tabs [data-view=panggilan]").click()
    page.keyboard.press("o")
    expect(page.locator("#form-place")).to_be_focused()
    page.keyboard.type("pasar")
    expect(page.locator("#form-place")).to_have_value("pasar")
    found_call = desk.client.get(f"/api/v1/calls/{call}").json()
    assert (found_call["state"], found_call["disposition"]) == ("ringing", None)


def test_two_telephones_at_one_link_are_told_apart_in_the_contradiction(page: Page, desk: Desk):
    call = desk.ring("dua-1", "+6281200003014")
    given = desk.send(f"/calls/{call}/links", {"via": "none"})
    for device, lat_deg in (("a" * 26, -8.1), ("b" * 26, -8.19)):
        body = {"lat_deg": lat_deg, "lon_deg": 112.15, "accuracy_m": 20, "taken_at_ms": 1, "now_ms": 2}
        assert httpx.post(f"{given['url']}/fix", json={**body, "device": device}).is_success
    warning = pick(page, call).locator(".warn", has_text="bertentangan")
    expect(warning).to_contain_text("Tautan SMS bertentangan dengan Tautan SMS, ponsel lain (9,9 km).")
