"""What a call taker is told to ask a caller on a border, and what the reply does to the screen."""

import re

from browser_words import Desk, NewPage
from playwright.sync_api import Locator, Page, expect

BORDER = (-8.1, 112.2)


def on_border(desk: Desk, page: Page, ref: str, number: str) -> Locator:
    """A call whose circle lies half in Kota Blitar and half in Kab. Blitar, selected."""
    call = desk.ring(ref, number)
    desk.place(call, *BORDER, radius_m=400.0)
    page.locator(f"[data-call='{call}']").click()
    return page.locator("#detail")


def first_share(detail: Locator) -> float:
    """Per cent of the own centre in the wide bar."""
    said = detail.locator(".share").get_attribute("aria-label") or ""
    return float((re.search(r"Kota Blitar (\d+)", said) or re.search(r"(\d+)", said))[1])  # type: ignore[index]


def test_a_border_call_shows_what_to_ask_and_one_key_takes_the_reply_down(page: Page, desk: Desk):
    detail = on_border(desk, page, "tanya-1", "+6281200004001")
    ask = detail.locator(".ask")
    expect(ask).to_contain_text("Apakah Bapak/Ibu")
    question = (ask.inner_text()).strip("“”")
    expect(detail.get_by_role("group", name=re.compile("Apakah"))).to_be_visible()
    assert detail.locator(".replies kbd").all_inner_texts() == ["Y", "T", "K"]
    before = first_share(detail)
    page.keyboard.press("y")
    answered = detail.locator(".answered").first
    expect(answered).to_contain_text("Ya")
    expect(answered).to_contain_text(question)
    expect(detail.locator(".area h3")).to_contain_text("setelah jawaban")
    expect(detail.locator(".question .plain")).to_contain_text("Sebelum jawaban:")
    assert abs(first_share(detail) - before) > 10


def test_a_reply_can_be_taken_back_and_then_nothing_was_answered(page: Page, desk: Desk):
    detail = on_border(desk, page, "tanya-2", "+6281200004002")
    expect(detail.locator(".ask")).to_be_visible()
    before = first_share(detail)
    page.keyboard.press("t")
    expect(detail.locator(".area h3")).to_contain_text("setelah jawaban")
    detail.get_by_role("button", name=re.compile("Batalkan jawaban")).click()
    expect(detail.locator(".answered")).to_have_count(0)
    expect(detail.locator(".area h3")).not_to_contain_text("setelah jawaban")
    assert first_share(detail) == before


def test_who_does_not_know_is_asked_something_else_and_no_share_moves(page: Page, desk: Desk):
    detail = on_border(desk, page, "tanya-3", "+6281200004003")
    first = detail.locator(".ask").inner_text()
    before = first_share(detail)
    page.keyboard.press("k")
    expect(detail.locator(".answered")).to_contain_text("Tidak tahu")
    assert first_share(detail) == before
    expect(detail.locator(".ask")).not_to_have_text(first)


def test_a_call_that_lies_clear_of_the_border_asks_nothing(page: Page, desk: Desk):
    call = desk.ring("tanya-4", "+6281200004004")
    desk.place(call, -8.1, 112.15, radius_m=30.0)
    page.locator(f"[data-call='{call}']").click()
    expect(page.locator("#detail .share")).to_be_visible()
    expect(page.locator("#detail .question")).to_have_count(0)


def test_the_question_is_shown_on_a_telephone_and_answered_by_touch(new_page: NewPage, desk: Desk):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    detail = on_border(desk, page, "tanya-5", "+6281200004005")
    button = detail.locator("[data-reply='tidak']")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    button.tap()
    expect(detail.locator(".answered").first).to_contain_text("Tidak")
