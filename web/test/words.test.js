import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CATEGORIES, centreName, outsideWord, secondLines, sentence, shortCategory } from "../js/words.js";

const read = async (name) => JSON.parse(await readFile(new URL(`../i18n/${name}.json`, import.meta.url), "utf-8"));

test("both languages have the same words with the same gaps", async () => {
  const [id, en] = [await read("id"), await read("en")];
  assert.deepEqual(Object.keys(id), Object.keys(en));
  const gaps = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [key, text] of Object.entries(id)) assert.deepEqual(gaps(text), gaps(en[key]), key);
});

test("the page carries the Indonesian words before any script runs", async () => {
  const page = await readFile(new URL("../index.html", import.meta.url), "utf-8");
  const id = await read("id");
  const found = [...page.matchAll(/data-i18n="([^"]+)"\s*>([^<]*)</g)];
  assert.ok(found.length > 20);
  for (const [, key, text] of found) assert.equal(text.trim(), id[key], key);
});

test("the twenty categories of the centre read as sentences", () => {
  assert.equal(CATEGORIES.length, 20);
  assert.equal(sentence("PERMASALAHAN PJU"), "Permasalahan PJU");
  assert.equal(shortCategory("ORANG DENGAN GANGGUAN JIWA (ODGJ)"), "Orang dengan gangguan jiwa");
  assert.equal(sentence("Kebakaran rumah"), "Kebakaran rumah");
});

test("a kabupaten is written short", () => {
  assert.equal(centreName("Kabupaten Blitar"), "Kab. Blitar");
  assert.equal(centreName("Kota Blitar"), "Kota Blitar");
});

test("at sea Basarnas is named besides the centre, abroad the neighbour", async () => {
  const line = (why) => ({ number: "115", nama: "Basarnas", why });
  assert.deepEqual(secondLines({ second_line: [line("laut"), line("luar negeri")] }), [
    "area.second.laut",
    "area.second",
  ]);
  assert.deepEqual(secondLines({}), []);
  assert.equal((await read("id"))["area.second.laut"], "Laut: hubungi juga {nama} {number}.");
});

test("what is outside has its own word in both languages", async () => {
  const [id, en] = [await read("id"), await read("en")];
  for (const outside_kind of ["sea", "abroad", "lake", "gap"]) {
    const key = outsideWord({ outside_kind });
    assert.ok(key in id && key in en, key);
  }
  assert.equal(outsideWord({ outside_kind: null }), "area.sea");
});
