import assert from "node:assert/strict";
import { test } from "node:test";
import { areas, otherTags, placedOf } from "../js/placed.js";

const fix = (n, more) => ({
  n,
  shape: "Circle",
  lat_deg: -8.1,
  lon_deg: 112.17,
  radius_m: 100,
  radius_95_m: 100,
  outline_95: null,
  source: "CELL",
  method: "cell",
  status: "known",
  why: "wider",
  warnings: [],
  ...more,
});

const placed = (fixes, contradictions = []) => {
  const call = {
    call_id: "a",
    state: "answered",
    incident_id: null,
    number: null,
    fix: fixes[0],
    fixes,
    contradictions,
  };
  const state = { calls: new Map([["a", { ...call, received_at: "2026-11-22T10:00:00Z" }]]), incidents: new Map() };
  const format = { distance: (metres) => `${metres} m`, clock: () => "10.00", minute: () => "10.00" };
  return placedOf({ state, selection: { kind: "call", id: "a" }, format })[0];
};

test("a position that contradicts the used one is drawn although it is not used", () => {
  const used = fix(3, { status: "used", why: "moved", source: "OPERATOR" });
  const left = fix(2, { status: "not_used", why: "left_behind", source: "AML", method: "gnss" });
  const wide = fix(1, { status: "not_used", why: "much_wider" });
  const one = placed([used, left, wide], [{ fix_n: [2, 3], gap_m: 485 }]);
  assert.deepEqual(
    one.others.map(({ n }) => n),
    [2],
  );
  assert.equal(areas(one).filter((area) => area.properties.role === "other").length, 1);
});

test("other positions are named once for each source, on top of their areas", () => {
  const used = fix(9, { status: "used", why: "smallest" });
  const others = [fix(3, { source: "SMS_LINK" }), fix(2, { source: "SMS_LINK" }), fix(1, { source: "APP" })];
  const tags = otherTags(placed([used, ...others, fix(5, { source: "TYPED", radius_95_m: null })]));
  assert.equal(tags.length, 2);
  for (const tag of tags) assert.ok(tag.geometry.coordinates[1] > -8.1 + 0.0008);
});
