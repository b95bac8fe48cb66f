import assert from "node:assert/strict";
import { test } from "node:test";
import { asDecided, withDecision } from "../js/decided.js";

const KOTA = { kode: "35.72", nama: "Kota Blitar" };
const KABUPATEN = { kode: "35.05", nama: "Kab. Blitar" };

/** @param {Record<string, unknown>} given */
function jurisdiction(given) {
  return {
    outcome: "inside",
    centre: KOTA,
    shares: [{ ...KOTA, share: 0.95 }],
    kecamatan: [],
    outside_share: 0,
    unknown_share: 0.05,
    nearest: null,
    gap_m: null,
    question: null,
    boundaries: "v",
    warnings: [],
    decision: null,
    ...given,
  };
}

/** @param {number} share @param {Record<string, unknown>} [given] */
function decision(share, given = {}) {
  return {
    centre: { ...KOTA, share },
    sure: share >= 0.9,
    tell: share < 0.9 ? [{ ...KABUPATEN, share: 1 - share }] : [],
    shares: [
      { ...KOTA, share },
      { ...KABUPATEN, share: 1 - share },
    ],
    kecamatan: [{ kode: "35.72.01", nama: "Kepanjenkidul", share }],
    outside_share: 0,
    boundary_accuracy_m: 30,
    boundaries: "v",
    ...given,
  };
}

test("a dot just inside a line that is not known well stands on the border", () => {
  const shown = asDecided(jurisdiction({ decision: decision(0.63) }));
  assert.equal(shown.outcome, "straddles");
  assert.deepEqual(
    shown.shares.map((one) => one.share),
    [0.63, 1 - 0.63],
  );
  assert.equal(shown.unknown_share, 0);
});

test("an area that reaches over the line by a hair is taken as inside", () => {
  const shown = asDecided(jurisdiction({ outcome: "straddles", decision: decision(0.99) }));
  assert.equal(shown.outcome, "inside");
  assert.equal(shown.centre.kode, "35.72");
});

test("who is at sea stays at sea, with the nearest centre and the gap", () => {
  const said = jurisdiction({ outcome: "outside", centre: KABUPATEN, shares: [], outside_share: 0.95, gap_m: 900 });
  const tail = decision(0.02, { sure: false, outside_share: 0.97, shares: [{ ...KOTA, share: 0.02 }] });
  assert.equal(asDecided({ ...said, decision: tail }).gap_m, 900);
  const nobody = decision(0, { centre: null, shares: [], outside_share: 1 });
  assert.equal(asDecided({ ...said, decision: nobody }).outcome, "outside");
});

test("logs without decisions are shown as they were written", () => {
  const old = jurisdiction({});
  assert.equal(asDecided(old), old);
  const call = { jurisdiction: null };
  assert.equal(withDecision(call), call);
});
