"""What a dispatcher sees and does on the console, in a real browser against a real centre."""

import re
from typing import Any

import pytest
from browser_words import PASSWORD, USER, Desk, NewPage, Server, Watch, enter
from playwright.sync_api import Page, expect

WEST = (-8.1, 112.15)
EAST = (-8.1, 112.25)
BORDER_LON = 112.2
TOUCH_PX = 44
AXE = "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])"


def row(page: Page, call_id: str) -> Any:
    return page.locator(f"[data-call='{call_id}']")


def pick(page: Page, call_id: str) -> Any:
    """Select a call in the list; gives the panel that tells all about it."""
    row(page, call_id).click()
    return page.locator("#detail")


def test_a_wrong_password_is_said_in_words_and_the_right_one_opens_the_console(new_page: NewPage, watch: Watch):
    page = new_page(log_in=False)
    watch.expected.append(r"401.*/api/v1/login")
    page.fill("#user", USER)
    page.fill("#password", "bukan-ini-lagi")
    page.click("button[type=submit]")
    expect(page.locator("#login-error")).to_have_text("Nama pengguna atau kata sandi salah.")
    expect(page.locator("#console")).to_be_hidden()
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page.locator("#who")).to_have_text("Rina A. call taker, dispatcher")
    expect(page.locator("#centre")).to_have_text("112 Kota Blitar")
    expect(page.locator("#simulated")).to_be_visible()
    assert page.input_value("#password") == ""


def test_the_session_holds_over_a_reload(page: Page):
    page.reload()
    expect(page.locator("#centre")).to_have_text("112 Kota Blitar")
    page.click("[data-action=logout]")
    expect(page.locator("#login")).to_be_visible()


def test_a_call_appears_by_itself_with_number_position_and_centre(page: Page, desk: Desk):
    call = desk.ring("muncul-1", "+6281200001001")
    expect(row(page, call)).to_contain_text("Berdering")
    expect(row(page, call)).to_contain_text("+62 812-0000-1001")
    expect(row(page, call)).to_contain_text("Tanpa posisi")
    desk.place(call, *WEST, 14)
    expect(row(page, call)).to_contain_text("GPS ponsel ± 14 m · Sananwetan")
    expect(row(page, call)).to_contain_text("Kota Blitar")
    expect(pick(page, call)).to_contain_text("Di dalam Kota Blitar.")


def test_a_call_on_the_border_warns_with_both_shares(page: Page, desk: Desk):
    call = desk.ring("batas-1", "+6281200001002")
    desk.place(call, -8.1, BORDER_LON - 0.0005, 400)
    detail = pick(page, call)
    warning = detail.locator(".warn").first
    expect(warning).to_contain_text("Perbatasan: Kota Blitar 5")
    expect(warning).to_contain_text("Kab. Blitar 4")
    # The decision leaves nothing open: the caller's error is normal, and the boundary's own is in it.
    expect(warning).not_to_contain_text("tidak diketahui")
    expect(warning).to_contain_text("Tanyakan patokan sebelum mengirim.")
    bar = detail.locator(".share")
    expect(bar.locator(".k")).to_contain_text("Kota Blitar")
    expect(bar.locator(".o")).to_contain_text("Kab. Blitar")
    widths = bar.locator("> *").evaluate_all("parts => parts.map(part => part.getBoundingClientRect().width)")
    assert len(widths) == 2
    assert widths[0] > widths[1] > 0


def test_the_caller_is_a_circle_on_the_map_and_the_neighbours_part_is_hatched(page: Page, desk: Desk):
    call = desk.ring("peta-1", "+6281200001003")
    desk.place(call, -8.12, BORDER_LON, 400)
    pick(page, call)
    page.keyboard.press("Enter")
    page.wait_for_function(
        """id => {
          const { map } = window.geo112;
          const drawn = layer => map.queryRenderedFeatures({ layers: [layer] });
          return drawn("lingkar").some(one => one.properties.id === id && one.properties.sel)
            && drawn("arsir").length && drawn("bagian").length === 2;
        }""",
        arg=call,
    )
    east_only = page.evaluate(
        """border => window.geo112.map.queryRenderedFeatures({ layers: ["arsir"] })
          .flatMap(one => one.geometry.coordinates.flat(one.geometry.type === "LineString" ? 0 : 1))
          .every(([lon]) => lon > border - 0.0001)""",
        BORDER_LON,
    )
    assert east_only
    kinds = page.evaluate(
        """() => [...new Set(window.geo112.map.queryRenderedFeatures({ layers: ["tetangga", "sendiri"] })
          .map(one => `${one.layer.id} ${one.properties.kode}`))].sort()"""
    )
    assert kinds == ["sendiri 35.72", "tetangga 35.05"]


def test_the_wrong_centre_is_named(page: Page, desk: Desk):
    call = desk.ring("salah-1", "+6281200001004")
    desk.place(call, *EAST, 14)
    expect(pick(page, call)).to_contain_text("Wilayah 112 Kab. Blitar, bukan Kota Blitar.")


def test_outside_of_all_centres_the_nearest_is_named_with_its_distance(page: Page, desk: Desk):
    call = desk.ring("luar-1", "+6281200001005")
    desk.place(call, -8.1, 112.311, 10)
    expect(pick(page, call)).to_contain_text("Di luar wilayah terdaftar, terdekat Kab. Blitar 1,2 km.")
    expect(row(page, call)).to_contain_text("di luar")


def test_a_call_without_position_says_what_to_do(page: Page, desk: Desk):
    call = desk.ring("tanpa-1")
    expect(row(page, call)).to_contain_text("Tanpa nomor")
    expect(pick(page, call)).to_contain_text("Tanpa posisi. Tanyakan patokan.")


def test_a_point_of_unknown_radius_never_looks_exact(page: Page, desk: Desk):
    call = desk.ring("titik-1", "+6281200001006")
    desk.place(call, -8.05, 112.12)
    detail = pick(page, call)
    expect(detail).to_contain_text("± tidak diketahui")
    expect(detail).to_contain_text("Ketelitian tidak diketahui")
    page.keyboard.press("Enter")
    page.wait_for_function(
        """id => window.geo112.map.queryRenderedFeatures({ layers: ["titik-terpilih"] })
          .some(one => one.properties.id === id && one.properties.icon === "unknown")""",
        arg=call,
    )


def test_a_refused_position_is_shown_with_its_field(page: Page, desk: Desk):
    call = desk.ring("tukar-1", "+6281200001007")
    answer = desk.client.post(f"/api/v1/calls/{call}/fixes", json={"lat_deg": 112.15, "lon_deg": -8.1})
    assert answer.status_code == 422
    refused = pick(page, call).locator(".refused")
    expect(refused).to_contain_text("Tidak dipakai: lintang, 112.15 mirip bujur: lintang dan bujur tertukar")


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=\"document.title='kena'\">", "</li><script>document.title='kena'</script>"]
)
def test_what_callers_send_stays_text(page: Page, desk: Desk, text: str):
    call = desk.ring(f"xss-{len(text)}", "+6281200001008")
    desk.send(f"/calls/{call}/note", {"note": text, "category": text[:80]})
    desk.send("/sms", {"sender": "+6281200001009", "text": text}, **{"X-Api-Key": desk.keys["sms"]})
    detail = pick(page, call)
    expect(detail.locator(".note")).to_have_text(f"“{text}”")
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "geo112 · 112 Kota Blitar"


def test_the_keys_take_a_call_make_an_incident_and_close_it(page: Page, desk: Desk):
    call = desk.ring("tuts-1", "+6281200001010")
    desk.place(call, *WEST, 20)
    row(page, call).click()
    page.keyboard.press("a")
    expect(row(page, call)).to_contain_text("Bicara · rina")
    page.keyboard.press("j")
    page.select_option("#form-category", "KEBAKARAN")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#say")).to_contain_text("Tidak disimpan: pilih prioritas.")
    page.locator("label:has(input[name=priority][value='1'])").click()
    page.fill("#form-note", "api dari dapur tuts-1")
    page.keyboard.press("Control+Enter")
    incident = page.locator("#incidents li", has_text="api dari dapur tuts-1")
    expect(incident).to_contain_text("Kebakaran")
    expect(incident.locator(".pr")).to_have_attribute("aria-label", "P1 Darurat")
    incident.locator("button").click()
    page.keyboard.press("x")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(incident).to_have_count(0)


def test_one_key_closes_a_prank(page: Page, desk: Desk):
    call = desk.ring("prank-1", "+6281200001011")
    row(page, call).click()
    page.keyboard.press("p")
    expect(page.locator("#say")).to_contain_text("Ditutup sebagai prank.")
    expect(page.locator("#calls").locator(f"[data-call='{call}']")).to_have_count(0)
    page.click("#done-toggle")
    expect(page.locator("#done").locator(f"[data-call='{call}']")).to_contain_text("Prank")


def test_keys_do_nothing_while_a_field_has_the_focus(page: Page, desk: Desk):
    call = desk.ring("medan-1", "+6281200001012")
    row(page, call).click()
    page.keyboard.press("/")
    page.keyboard.type("pax 0812-0000-1012")
    expect(page.locator("#filter")).to_have_value("pax 0812-0000-1012")
    page.fill("#filter", "0812-0000-1012")
    expect(page.locator("#calls .q")).to_have_count(1)
    expect(row(page, call)).to_contain_text("Berdering")
    page.keyboard.press("Escape")
    expect(page.locator("#filter")).to_have_value("")


def test_a_row_stays_under_the_pointer_while_new_calls_wait(page: Page, desk: Desk):
    call = desk.ring("diam-1", "+6281200001013")
    row(page, call).hover()
    before = row(page, call).bounding_box()
    other = desk.ring("diam-2", "+6281200001014")
    expect(page.locator("#calls-held")).to_contain_text("baru")
    assert row(page, call).bounding_box() == before
    page.locator("#detail").hover()
    expect(row(page, other)).to_be_visible()


def test_the_call_that_rings_longest_has_the_only_inverted_block(page: Page, desk: Desk):
    desk.ring("dering-1", "+6281200001015")
    expect(page.locator(".ring")).to_have_count(1)
    expect(page.locator(".ring")).to_contain_text("BERDERING")


def test_a_lost_line_is_said_and_mended_by_itself(page: Page, server: Server, watch: Watch, desk: Desk):
    watch.expected.append(
        r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"
    )
    expect(page.locator("#link")).to_have_attribute("data-link", "live")
    server.stop()
    expect(page.locator("#band")).to_contain_text("Data berhenti")
    expect(page.locator("#band")).to_contain_text("Menyambung lagi.")
    assert "frozen" in (page.locator("#map-box").get_attribute("class") or "")
    server.start()
    call = desk.ring("kembali-1", "+6281200001016")
    expect(row(page, call)).to_be_visible(timeout=30_000)
    expect(page.locator("#band")).to_be_hidden()
    assert "frozen" not in (page.locator("#map-box").get_attribute("class") or "")


def test_english_is_one_key_away_and_remembered(page: Page):
    page.keyboard.press("i")
    expect(page.locator("#calls-title")).to_have_text("Calls")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("#calls-title")).to_have_text("Calls")
    page.keyboard.press("i")
    expect(page.locator("#calls-title")).to_have_text("Panggilan")


def test_the_light_theme_reaches_the_map(page: Page):
    page.wait_for_function("() => window.geo112.map.getLayer('sendiri')")
    colour = "() => window.geo112.map.getPaintProperty('sendiri', 'fill-color')"
    dark = page.evaluate(colour)
    page.keyboard.press("c")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate(colour) not in (dark, "")


# The style of a map is read in the next frame: this one comes when the test lets it.
HELD_FRAMES = """() => {
  const real = window.requestAnimationFrame.bind(window);
  const held = [];
  window.requestAnimationFrame = ask => (held.isOver ? real(ask) : held.push(ask));
  window.letGo = () => { held.isOver = true; held.forEach(real); };
}"""


def test_a_theme_chosen_before_the_map_is_there_is_the_one_it_gets(new_page: NewPage):
    page = new_page(log_in=False)
    page.add_init_script(f"({HELD_FRAMES})()")
    page.reload()
    enter(page)
    assert page.evaluate("() => !window.geo112.map.getLayer('sendiri')")
    page.keyboard.press("c")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.evaluate("letGo()")
    page.wait_for_function("() => window.geo112.map.getLayer('sendiri')")
    before = page.evaluate("() => window.geo112.map.getPaintProperty('sendiri', 'fill-color')")
    page.keyboard.press("c")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("() => window.geo112.map.getPaintProperty('sendiri', 'fill-color')") != before


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768), (1024, 768), (390, 844)])
def test_nothing_is_wider_than_the_screen(new_page: NewPage, desk: Desk, width: int, height: int):
    call = desk.ring(f"lebar-{width}", "+6281200001017")
    desk.place(call, -8.1, BORDER_LON, 400)
    page = new_page(viewport={"width": width, "height": height})
    row(page, call).click()
    expect(page.locator("#detail .warn").first).to_be_visible()
    too_wide = page.evaluate(
        """() => [...document.querySelectorAll("#console *")]
          .filter(node => node.getClientRects().length && node.getBoundingClientRect().right > innerWidth + 0.5)
          .filter(node => !node.closest(".maplibregl-map"))
          .map(node => `${node.tagName} ${node.className}`)"""
    )
    assert too_wide == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_on_a_phone_a_menu_holds_the_name_language_theme_and_the_way_out(new_page: NewPage, axe: str):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    button, menu = page.locator("#menu-button"), page.locator("#menu")
    expect(menu).to_be_hidden()
    button.tap()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#who")).to_have_text("Rina A. call taker, dispatcher")
    touched = [button, *menu.locator("button").all()]
    boxes = [box for box in (one.bounding_box() for one in touched) if box is not None]
    assert len(boxes) == 4
    assert all(min(box["width"], box["height"]) >= TOUCH_PX for box in boxes)
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    button.tap()
    page.locator("#calls-title").tap()
    expect(menu).to_be_hidden()
    button.tap()
    menu.get_by_text("Terang/gelap").tap()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(menu).to_be_hidden()
    button.tap()
    menu.get_by_text("English").tap()
    expect(page.locator("#calls-title")).to_have_text("Calls")
    button.tap()
    menu.get_by_text("Log out").tap()
    expect(page.locator("#login")).to_be_visible()


def test_a_note_of_markup_and_endless_words_wraps_on_a_phone(new_page: NewPage, desk: Desk):
    call = desk.ring("panjang-1", "+6281200001020")
    desk.place(call, -8.1, BORDER_LON, 400)
    text = f"<b>{'kebakaran' * 40}</b> https://contoh.id/{'a' * 200}"
    desk.send(f"/calls/{call}/note", {"note": text, "category": "W" * 80})
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    row(page, call).tap()
    note = page.locator("#detail .note")
    expect(note).to_have_text(f"“{text}”")
    box = note.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    assert box["height"] > 100, "the note is shown whole, in several lines"
    assert note.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert page.locator("#detail .scroll").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_a_share_is_never_torn_from_its_percent_sign(page: Page, desk: Desk):
    call = desk.ring("persen-1", "+6281200001021")
    desk.place(call, -8.1, BORDER_LON, 400)
    detail = pick(page, call)
    expect(detail.locator(".warn").first).to_contain_text("Perbatasan")
    said = detail.inner_text()
    assert "\u00a0%" in said
    assert not re.search("[^\u00a0]%", said)


def test_on_a_phone_three_tabs_hold_the_console(new_page: NewPage, desk: Desk):
    call = desk.ring("hp-1", "+6281200001018")
    desk.place(call, *WEST, 20)
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    row(page, call).tap()
    expect(page.locator("#detail")).to_contain_text("Di dalam Kota Blitar.")
    expect(row(page, call)).to_be_hidden()
    page.locator(".back").tap()
    expect(row(page, call)).to_be_visible()
    page.locator("#tabs [data-view=peta]").tap()
    expect(page.locator("#peta canvas")).to_be_visible()
    page.wait_for_function("() => window.geo112.map.queryRenderedFeatures({ layers: ['sendiri'] }).length > 0")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_console_has_no_barrier_that_a_checker_finds(new_page: NewPage, desk: Desk, axe: str, theme: str):
    call = desk.ring(f"akses-{theme}", "+6281200001019")
    desk.place(call, -8.1, BORDER_LON, 400)
    page = new_page(color_scheme=theme)
    row(page, call).click()
    expect(page.locator("#detail .share")).to_be_visible()
    page.evaluate(axe)
    found = page.evaluate(
        "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes[0].html.slice(0, 200)])"
    )
    assert found == []


def test_the_log_in_page_has_no_barrier_that_a_checker_finds(new_page: NewPage, axe: str):
    page = new_page(log_in=False)
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    enter(page)
