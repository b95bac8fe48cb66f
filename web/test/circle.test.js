import assert from "node:assert/strict";
import { test } from "node:test";
import { circleRing, destination, hatch } from "../js/circle.js";

test("a step on the ellipsoid agrees with the published example", () => {
  // Flinders Peak to Buninyong, 54,972.271 m on GRS 80, which WGS 84 equals here to the millimetre.
  const [lon, lat] = destination(
    [144 + 25 / 60 + 29.5244 / 3600, -(37 + 57 / 60 + 3.7203 / 3600)],
    306 + 52 / 60 + 5.37 / 3600,
    54972.271,
  );
  assert.ok(Math.abs(lon - (143 + 55 / 60 + 35.3839 / 3600)) < 1e-7);
  assert.ok(Math.abs(lat + (37 + 39 / 60 + 10.1561 / 3600)) < 1e-7);
});

test("a ring is closed and runs once around its middle", () => {
  const ring = circleRing([112.17, -8.1], 850);
  assert.deepEqual(ring[0], ring.at(-1));
  assert.equal(ring.length, 97);
  for (const [lon, lat] of ring) {
    const metres = Math.hypot((lon - 112.17) * 110206, (lat + 8.1) * 110592);
    assert.ok(Math.abs(metres - 850) < 1.5, String(metres));
  }
});

const west = [
  [
    [
      [112, -9],
      [112.17, -9],
      [112.17, -7],
      [112, -7],
      [112, -9],
    ],
  ],
];

test("half of a circle on a straight border is hatched, the other half is not", () => {
  const { outside, insideAt, outsideAt } = hatch([circleRing([112.17, -8.1], 1000)], west);
  const metres = outside.reduce((sum, [a, b]) => sum + Math.hypot((b[0] - a[0]) * 110206, (b[1] - a[1]) * 110592), 0);
  const whole = hatch([circleRing([112.17, -8.1], 1000)], []).outside;
  const all = whole.reduce((sum, [a, b]) => sum + Math.hypot((b[0] - a[0]) * 110206, (b[1] - a[1]) * 110592), 0);
  assert.ok(Math.abs(metres / all - 0.5) < 0.01);
  for (const [from, to] of outside) assert.ok(from[0] >= 112.17 - 1e-9 && to[0] >= 112.17 - 1e-9);
  assert.ok(insideAt[0] < 112.17 && outsideAt[0] > 112.17);
});

test("a circle wholly inside has no hatch, also where pieces of tiles overlap", () => {
  const { outside, outsideAt } = hatch([circleRing([112.1, -8.1], 500)], [...west, ...west]);
  assert.deepEqual(outside, []);
  assert.equal(outsideAt, null);
});

test("the hole of a ring is neither hatched nor counted", () => {
  const ring = [circleRing([112.1, -8.1], 1000), circleRing([112.1, -8.1], 800).reverse()];
  const { outside } = hatch(ring, [], 41);
  for (const line of outside)
    for (const t of [0.25, 0.5, 0.75]) {
      const [a, b] = line;
      const x = (a[0] + (b[0] - a[0]) * t - 112.1) * 110206;
      const y = (a[1] + (b[1] - a[1]) * t + 8.1) * 110592;
      assert.ok(Math.hypot(x, y) > 790 && Math.hypot(x, y) < 1005, String(Math.hypot(x, y)));
    }
});
