import assert from "node:assert/strict";
import { test } from "node:test";
import { createFormat, duration, phone } from "../js/format.js";

const id = createFormat({ language: "id", timeZone: "Asia/Jakarta" });
const en = createFormat({ language: "en", timeZone: "Asia/Makassar" });

test("telephone numbers are grouped, and nothing is made up", () => {
  assert.equal(phone("+6281200004471"), "+62 812-0000-4471");
  assert.equal(phone("+62342801112"), "+62 342-801-112");
  assert.equal(phone("+62215551234"), "+62 21-555-1234");
  assert.equal(phone("112"), "112");
  assert.equal(phone(null), null);
  assert.equal(phone(""), null);
});

test("a share below one is never 100 per cent, one above zero never 0", () => {
  assert.equal(id.percent(0.9999), "99\u00a0%");
  assert.equal(id.percent(1), "100\u00a0%");
  assert.equal(id.percent(0.0001), "<1\u00a0%");
  assert.equal(id.percent(0), "0\u00a0%");
  assert.equal(id.percent(0.626), "63\u00a0%");
});

test("distances carry their unit and the decimal mark of the language", () => {
  assert.equal(id.distance(14.2), "14 m");
  assert.equal(id.distance(852), "850 m");
  assert.equal(id.distance(1240), "1,2 km");
  assert.equal(en.distance(1240), "1.2 km");
  assert.equal(id.distance(998), "1,0 km");
  assert.equal(id.distance(40200), "40 km");
});

test("times are those of the centre, with its zone", () => {
  const at = new Date("2026-11-22T12:42:08Z");
  assert.equal(id.clock(at), "19.42.08");
  assert.equal(id.date(at), "22/11/2026");
  assert.equal(id.full(at), "22/11/2026 19.42 WIB");
  assert.equal(en.full(at), "22/11/2026 20.42 WITA");
  assert.equal(id.clock(new Date("2026-11-22T17:00:00Z")), "00.00.00");
});

test("ages run from seconds to days and never below zero", () => {
  assert.equal(duration(4.9), "00.04");
  assert.equal(duration(86), "01.26");
  assert.equal(duration(11105), "3.05.05");
  assert.equal(duration(-3), "00.00");
  assert.equal(duration(86400 * 4), "4 hari");
  assert.equal(en.age(86400 * 4), "4 days");
  assert.equal(id.seconds(0.84), "0,8 dtk");
  assert.equal(id.seconds(12.4), "12 dtk");
});
