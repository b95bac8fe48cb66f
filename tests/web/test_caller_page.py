"""What a caller sees and does on the page behind a link, in a real browser against a real centre."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from time import monotonic

import httpx
import pytest
from browser_words import PATIENCE_S, Desk, Server, Watch, watched_page
from playwright.sync_api import Browser, Page, expect

from geo112.settings import installed_root

KOTA = {"latitude": -8.1, "longitude": 112.15}
MOVED = {"latitude": -8.104, "longitude": 112.15}
PHONE = {"width": 360, "height": 640}
STATES = ("awal", "izin", "ditolak", "tidakada", "lambat", "mencari", "terkirim", "luring", "selesai", "kedaluwarsa")
AXE = "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])"
NO_INTERNET = r"ERR_INTERNET_DISCONNECTED"
GONE = r"status of 410"
_refs = count(1)

OpenPhone = Callable[..., Page]


class Shared:
    """A call with a link."""

    def __init__(self, desk: Desk, call_id: str, given: dict[str, str]) -> None:
        self.desk, self.call_id, self.given = desk, call_id, given

    def call(self) -> dict[str, object]:
        answer = self.desk.client.get(f"/api/v1/calls/{self.call_id}")
        assert answer.is_success, answer.text
        return answer.json()

    def link(self) -> dict[str, object]:
        return self.call()["links"][0]

    def wait_for(self, state: str, page: Page) -> dict[str, object]:
        """Wait until the call taker sees this state."""
        until = monotonic() + PATIENCE_S
        while (found := self.link()["state"]) != state:
            assert monotonic() < until, f"{found} instead of {state}"
            page.wait_for_timeout(50)
        return self.call()


@pytest.fixture
def shared(desk: Desk) -> Shared:
    call = desk.ring(f"tautan-{next(_refs)}", "+6281230001001")
    return Shared(desk, call, desk.send(f"/calls/{call}/links", {"via": "none"}))


@pytest.fixture
def phone(browser: Browser, server: Server, watch: Watch) -> Iterator[OpenPhone]:
    """Opens a link on a telephone of its own, with a clock that a test can set forward."""
    with ExitStack() as stack:

        def open_link(url: str, *, allowed: bool = True, clock: bool = False, **how: object) -> Page:
            options = {"viewport": PHONE, "color_scheme": "light", "is_mobile": True, "has_touch": True, **how}
            if allowed:
                options |= {"permissions": ["geolocation"], "geolocation": {**KOTA, "accuracy": 18}, **how}
            page = stack.enter_context(watched_page(browser, watch, **options))
            if clock:
                page.clock.install()
            page.goto(url)
            return page

        yield open_link


def screen(page: Page, name: str) -> None:
    """Expect one screen, and no other."""
    expect(page.locator(f"#{name}")).to_be_visible()
    assert page.locator("section:visible").count() == 1


def tap(page: Page, what: str) -> None:
    page.locator(f"[data-do={what}]:visible").click()


def share(page: Page) -> None:
    """Tap, and wait until the centre has answered both the step and the position.

    While an answer is on its way the page leaves its next beat out, which a clock that is set forward would jump over.
    """
    with page.expect_response(lambda answer: '"asked"' in (answer.request.post_data or "")) as told:
        tap(page, "minta")
        screen(page, "terkirim")
    told.value.finished()


def move(page: Page, accuracy: float, **to: float) -> None:
    page.context.set_geolocation({**KOTA, **to, "accuracy": accuracy})


def test_one_tap_sends_the_place_and_the_page_says_what_the_centre_sees(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"])
    screen(page, "awal")
    assert shared.wait_for("opened", page)["fixes"] == []
    tap(page, "minta")
    screen(page, "terkirim")
    expect(page.locator("#terkirim .val")).to_have_text("± 18 m")
    expect(page.locator("#terkirim .unit")).to_have_text(re.compile(r"^Sananwetan, pukul \d\d\.\d\d WIB$"))
    call = shared.wait_for("shared", page)
    assert call["fix"] | {
        "source": "SMS_LINK", "method": "unknown", "radius_m": 18.0, "confidence_share": 0.95, "warnings": []
    } == call["fix"]  # fmt: skip
    assert (call["fix"]["lat_deg"], call["fix"]["lon_deg"]) == (-8.1, 112.15)
    assert call["jurisdiction"]["centre"]["nama"] == "Kota Blitar"
    assert shared.link()["openers"] == 1


def test_who_refuses_is_told_what_to_say_and_the_call_taker_hears_of_it(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], allowed=False, permissions=[])
    tap(page, "minta")
    screen(page, "ditolak")
    expect(page.locator("#ditolak")).to_contain_text("Anda tetap ditolong.")
    assert shared.wait_for("denied", page)["fix"] is None
    page.context.grant_permissions(["geolocation"])
    move(page, 18)
    tap(page, "minta")
    screen(page, "terkirim")
    shared.wait_for("shared", page)


def test_a_coarse_place_goes_at_once_and_a_better_one_after_ten_seconds(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], clock=True, geolocation={**KOTA, "accuracy": 240})
    tap(page, "minta")
    screen(page, "mencari")
    expect(page.locator("#mencari .unit")).to_have_text("lokasi kasar sudah terkirim")
    expect(page.locator("#mencari .val")).to_have_text("± 240 m")
    move(page, 12)
    page.clock.run_for(4_000)
    assert [fix["radius_m"] for fix in shared.call()["fixes"]] == [240.0]
    page.clock.run_for(8_000)
    screen(page, "terkirim")
    assert [fix["radius_m"] for fix in shared.call()["fixes"]] == [12.0, 240.0]
    # Neither better nor elsewhere: nothing is sent.
    move(page, 30)
    page.clock.run_for(30_000)
    move(page, 30, **MOVED)
    page.clock.run_for(15_000)
    expect(page.locator("#terkirim .val")).to_have_text("± 30 m")
    found = shared.call()["fixes"]
    assert [(fix["radius_m"], fix["lat_deg"]) for fix in found] == [(30.0, -8.104), (12.0, -8.1), (240.0, -8.1)]


def test_a_place_that_stays_coarse_is_shown_as_one(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], clock=True, geolocation={**KOTA, "accuracy": 3_400})
    tap(page, "minta")
    screen(page, "mencari")
    expect(page.locator("#mencari .unit")).to_have_text("lokasi kasar sudah terkirim")
    page.clock.run_for(21_000)
    screen(page, "terkirim")
    expect(page.locator("#terkirim .val")).to_have_text("± 3,4 km")
    expect(page.locator("#terkirim")).to_contain_text("Sebutkan juga tempat Anda di telepon")


def test_without_internet_the_place_is_kept_read_out_and_sent_when_it_is_back(
    phone: OpenPhone, shared: Shared, watch: Watch
):
    watch.expected.append(NO_INTERNET)
    page = phone(shared.given["url"], clock=True)
    page.context.set_offline(True)
    tap(page, "minta")
    screen(page, "luring")
    expect(page.locator("#luring .val")).to_have_text(re.compile(r"-8,1000\s*112,1500"))
    expect(page.locator("#luring")).to_contain_text("± 18 m tersimpan di ponsel ini")
    assert shared.call()["fixes"] == []
    page.context.set_offline(False)
    screen(page, "terkirim")
    assert len(shared.call()["fixes"]) == 1


def test_a_page_that_was_thrown_away_offline_sends_what_it_kept(phone: OpenPhone, shared: Shared, watch: Watch):
    watch.expected.append(NO_INTERNET)
    page = phone(shared.given["url"])
    page.context.set_offline(True)
    tap(page, "minta")
    screen(page, "luring")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(shared.given["url"])
    screen(page, "terkirim")
    shared.wait_for("shared", page)


def test_a_question_that_nobody_answers_is_told_after_half_a_minute(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], allowed=False, clock=True)
    page.evaluate(
        """() => {
          const never = { watchPosition: () => 1, getCurrentPosition: () => {}, clearWatch: () => {} };
          Object.defineProperty(navigator, "geolocation", { value: never });
          navigator.permissions.query = () => Promise.resolve({ state: "prompt" });
        }"""
    )
    tap(page, "minta")
    screen(page, "izin")
    shared.wait_for("asked", page)
    page.clock.run_for(32_000)
    shared.wait_for("timed_out", page)
    screen(page, "izin")


@pytest.mark.parametrize(("code", "shown", "state"), [(2, "tidakada", "unavailable"), (3, "lambat", "timed_out")])
def test_a_telephone_without_a_position_says_why(phone: OpenPhone, shared: Shared, code: int, shown: str, state: str):
    page = phone(shared.given["url"])
    page.evaluate(
        """code => {
          const real = navigator.geolocation;
          const fails = {
            watchPosition: (done, failed) => { setTimeout(() => failed({ code }), 10); return 1; },
            getCurrentPosition: () => {}, clearWatch: () => {}, real,
          };
          Object.defineProperty(navigator, "geolocation", { value: fails, configurable: true });
        }""",
        code,
    )
    tap(page, "minta")
    screen(page, shown)
    assert shared.wait_for(state, page)["fix"] is None
    page.evaluate("Object.defineProperty(navigator, 'geolocation', { value: navigator.geolocation.real })")
    tap(page, "minta")
    screen(page, "terkirim")
    shared.wait_for("shared", page)


def test_the_page_hears_that_the_call_taker_closed_the_link(phone: OpenPhone, shared: Shared, watch: Watch):
    watch.expected.append(GONE)
    page = phone(shared.given["url"], clock=True)
    share(page)
    shared.desk.send(f"/calls/{shared.call_id}/links/{shared.given['link_id']}/close", {})
    page.clock.run_for(21_000)
    screen(page, "selesai")
    move(page, 5, **MOVED)
    page.clock.run_for(60_000)
    page.goto(shared.given["url"])
    screen(page, "selesai")
    assert len(shared.call()["fixes"]) == 1


def test_the_page_ends_with_the_call(phone: OpenPhone, shared: Shared, watch: Watch):
    watch.expected.append(GONE)
    page = phone(shared.given["url"], clock=True)
    share(page)
    shared.desk.send(f"/calls/{shared.call_id}/end", {"reason": "caller_hung_up"})
    page.clock.run_for(21_000)
    screen(page, "selesai")
    assert shared.link()["state"] == "closed"


def test_the_caller_can_stop(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"])
    tap(page, "minta")
    screen(page, "terkirim")
    tap(page, "berhenti")
    screen(page, "selesai")
    assert shared.wait_for("closed", page)["links"][0]["closed_by"] == "caller"


def test_a_caller_who_moved_sends_again_by_hand(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], clock=True)
    tap(page, "minta")
    screen(page, "terkirim")
    page.clock.run_for(11_000)
    tap(page, "lagi")
    screen(page, "terkirim")
    assert len(shared.call()["fixes"]) == 2


def test_a_second_telephone_is_counted_and_moves_nothing(phone: OpenPhone, shared: Shared):
    first = phone(shared.given["url"])
    tap(first, "minta")
    screen(first, "terkirim")
    second = phone(shared.given["url"], geolocation={"latitude": -8.1, "longitude": 112.25, "accuracy": 5})
    tap(second, "minta")
    screen(second, "terkirim")
    call = shared.call()
    assert call["links"][0]["openers"] == 2
    assert call["fix"]["lon_deg"] == 112.15
    assert [fix["warnings"] for fix in call["fixes"]] == [["dibuka di ponsel lain"], []]


def test_a_reload_is_the_same_telephone(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"])
    tap(page, "minta")
    screen(page, "terkirim")
    page.reload()
    screen(page, "terkirim")
    assert shared.link()["openers"] == 1


def test_without_script_the_page_says_what_to_do(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], java_script_enabled=False)
    screen(page, "tanpa")
    expect(page.locator("#tanpa .big")).to_have_attribute("href", "tel:112")
    assert shared.link()["state"] == "made"


def test_a_link_that_never_was_says_so(phone: OpenPhone, server: Server, watch: Watch):
    watch.expected.append(r"status of 404")
    page = phone(f"{server.url}/l/{'a' * 26}")
    screen(page, "kedaluwarsa")


def test_the_page_is_small_and_asks_nobody_else(phone: OpenPhone, shared: Shared):
    asked: list[str] = []
    answer = httpx.get(shared.given["url"], timeout=PATIENCE_S)
    page = phone("about:blank")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shared.given["url"])
    tap(page, "minta")
    screen(page, "terkirim")
    assert len(answer.content) < 30_000
    assert {url.removeprefix(shared.given["url"]) for url in asked} <= {"", "/state", "/fix", "data:,"}


@pytest.mark.parametrize(("width", "height"), [(320, 480), (360, 640), (412, 915), (1280, 800)])
def test_every_screen_is_readable_and_its_button_large(
    phone: OpenPhone, shared: Shared, axe: str, width: int, height: int
):
    page = phone(shared.given["url"], viewport={"width": width, "height": height}, bypass_csp=True)
    page.add_script_tag(content=axe)
    for name in STATES:
        page.evaluate("name => { document.body.className = name; }", name)
        screen(page, name)
        found = page.evaluate(
            """() => {
              const sizes = [], flat = [];
              for (const one of document.querySelectorAll("header *, section *")) {
                if (!one.offsetParent || !one.textContent.trim()) continue;
                sizes.push([parseFloat(getComputedStyle(one).fontSize), one.tagName]);
              }
              for (const one of document.querySelectorAll(".big")) if (one.offsetParent) flat.push(one.offsetHeight);
              return { sizes, flat, wide: document.documentElement.scrollWidth > innerWidth };
            }"""
        )
        assert min(size for size, tag in found["sizes"] if tag != "SMALL") >= 19, name
        assert min(size for size, _ in found["sizes"]) >= 15, name
        assert all(height_px >= 112 for height_px in found["flat"]), (name, found["flat"])
        assert not found["wide"], name
        assert page.evaluate(AXE) == [], name


def test_on_a_small_telephone_nothing_has_to_be_scrolled(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"])
    for name in STATES:
        page.evaluate("name => { document.body.className = name; }", name)
        assert page.evaluate("document.documentElement.scrollHeight") <= PHONE["height"], name


def test_on_a_telephone_on_its_side_the_button_is_seen_at_once(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"], viewport={"width": 640, "height": 320})
    bottom = page.evaluate("document.querySelector('#awal .big').getBoundingClientRect().bottom")
    assert bottom <= 320


def test_a_long_name_of_a_kecamatan_pushes_no_button_off_the_screen(phone: OpenPhone, shared: Shared):
    page = phone(shared.given["url"])
    page.evaluate(
        """() => {
          document.body.className = "terkirim";
          document.querySelector("#terkirim .val").textContent = "± 12 m";
          document.querySelector("#terkirim .unit").textContent = "Kepanjenkidul, pukul 05.27 WIB";
        }"""
    )
    assert page.evaluate("document.documentElement.scrollHeight") <= PHONE["height"]


# What browsers learnt after 2013, as far as a page is tempted to use it.
OLD_BROWSER = """() => {
  for (const name of ["hasOwn", "assign", "entries", "values", "fromEntries"]) delete Object[name];
  for (const name of ["includes", "find", "findIndex", "fill", "at", "flat"]) delete Array.prototype[name];
  for (const name of ["includes", "startsWith", "endsWith", "padStart", "repeat", "at"]) delete String.prototype[name];
  for (const name of ["isFinite", "isInteger", "isNaN"]) delete Number[name];
  for (const name of ["closest", "append", "remove", "matches"]) delete Element.prototype[name];
  for (const name of ["fetch", "URL", "URLSearchParams", "isSecureContext"]) delete window[name];
  for (const name of ["permissions", "wakeLock", "sendBeacon"]) delete Navigator.prototype[name];
}"""


def test_a_browser_of_2013_sends_the_place(phone: OpenPhone, shared: Shared):
    page = phone("about:blank")
    page.add_init_script(f"({OLD_BROWSER})()")
    page.goto(shared.given["url"])
    assert page.evaluate("typeof Object.hasOwn + typeof window.fetch") == "undefinedundefined"
    tap(page, "minta")
    screen(page, "terkirim")
    shared.wait_for("shared", page)


def test_the_script_is_of_the_year_2009():
    script = (installed_root() / "web" / "caller" / "page.js").read_text(encoding="utf-8")
    code = re.sub(r"//.*|/\*.*?\*/", "", script)
    newer = (
        r"=>|`|\b(let|const|class|async|await|fetch|import|export|Promise|URLSearchParams)\b|\?\.|\?\?|\.\.\.|catch \{"
        r"|,\s*\)|Object\.(?!create|keys)\w+|\*\*"
    )
    assert re.findall(newer, code) == []
    style = (installed_root() / "web" / "caller" / "page.css").read_text(encoding="utf-8")
    assert re.findall(r":has\(|var\(|:target|grid|\bgap:|inset", re.sub(r"/\*.*?\*/", "", style)) == []
