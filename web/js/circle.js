/** Circles on the ellipsoid, and what lies on which side of a border in them. */

const A_M = 6378137;
const F = 1 / 298.257223563;
const B_M = A_M * (1 - F);
const RAD = Math.PI / 180;

/** @typedef {[number, number]} LonLat */

/**
 * Where one arrives after a distance in a direction (Vincenty 1975, direct solution, WGS 84).
 *
 * @param {LonLat} from lon, lat in degrees
 * @param {number} bearing_deg clockwise from north
 * @param {number} distance_m
 * @returns {LonLat}
 */
export function destination(from, bearing_deg, distance_m) {
  const alpha = bearing_deg * RAD;
  const tanU = (1 - F) * Math.tan(from[1] * RAD);
  const cosU = 1 / Math.hypot(1, tanU);
  const sinU = tanU * cosU;
  const sigma1 = Math.atan2(tanU, Math.cos(alpha));
  const sinAlpha = cosU * Math.sin(alpha);
  const cos2Alpha = 1 - sinAlpha ** 2;
  const u2 = (cos2Alpha * (A_M ** 2 - B_M ** 2)) / B_M ** 2;
  const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  let sigma = distance_m / (B_M * a);
  for (let round = 0; round < 20; round += 1) {
    const cos2 = Math.cos(2 * sigma1 + sigma);
    const delta =
      b *
      Math.sin(sigma) *
      (cos2 +
        (b / 4) *
          (Math.cos(sigma) * (2 * cos2 ** 2 - 1) -
            (b / 6) * cos2 * (4 * Math.sin(sigma) ** 2 - 3) * (4 * cos2 ** 2 - 3)));
    const next = distance_m / (B_M * a) + delta;
    if (Math.abs(next - sigma) < 1e-13) break;
    sigma = next;
  }
  const cos2 = Math.cos(2 * sigma1 + sigma);
  const x = sinU * Math.sin(sigma) - cosU * Math.cos(sigma) * Math.cos(alpha);
  const lat = Math.atan2(
    sinU * Math.cos(sigma) + cosU * Math.sin(sigma) * Math.cos(alpha),
    (1 - F) * Math.hypot(sinAlpha, x),
  );
  const lambda = Math.atan2(
    Math.sin(sigma) * Math.sin(alpha),
    cosU * Math.cos(sigma) - sinU * Math.sin(sigma) * Math.cos(alpha),
  );
  const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
  const lon =
    lambda -
    (1 - c) * F * sinAlpha * (sigma + c * Math.sin(sigma) * (cos2 + c * Math.cos(sigma) * (2 * cos2 ** 2 - 1)));
  return [from[0] + lon / RAD, lat / RAD];
}

/**
 * The ring of points at a distance, closed.
 *
 * @param {LonLat} middle
 * @param {number} radius_m
 * @param {number} [steps]
 * @returns {LonLat[]}
 */
export function circleRing(middle, radius_m, steps = 96) {
  const ring = Array.from({ length: steps }, (_, step) => destination(middle, -(step * 360) / steps, radius_m));
  const first = /** @type {LonLat} */ (ring[0]);
  return [...ring, first];
}

/**
 * Hatches an area where it lies outside of the given polygons, and says where a word for each side may stand.
 *
 * @param {LonLat[][]} area its rings: the outer one, then holes
 * @param {LonLat[][][]} polygons own centre; pieces may overlap
 * @param {number} [lines]
 * @returns {{ outside: LonLat[][], insideAt: LonLat | null, outsideAt: LonLat | null }}
 */
export function hatch(area, polygons, lines = 15) {
  const start = area[0]?.[0] ?? /** @type {LonLat} */ ([0, 0]);
  const kx = (destination(start, 90, 1000)[0] - start[0]) / 1000;
  const ky = (destination(start, 0, 1000)[1] - start[1]) / 1000;
  // Metres around the first corner, turned by 45 degrees, so that the hatch runs along x.
  const turn = Math.SQRT1_2;
  /** @param {LonLat} p @returns {LonLat} */
  const plane = (p) => {
    const x = (p[0] - start[0]) / kx;
    const y = (p[1] - start[1]) / ky;
    return [(x + y) * turn, (y - x) * turn];
  };
  /** @param {LonLat} p @returns {LonLat} */
  const back = (p) => [start[0] + (p[0] - p[1]) * turn * kx, start[1] + (p[0] + p[1]) * turn * ky];
  const flatArea = area.map((ring) => ring.map(plane));
  const flat = polygons.map((rings) => rings.map((ring) => ring.map(plane)));
  const ys = (flatArea[0] ?? []).map(([, y]) => y);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  /** @type {LonLat[][]} */
  const outside = [];
  const sums = { in: [0, 0, 0], out: [0, 0, 0] };
  for (let line = 0; line < lines; line += 1) {
    const y = low + ((high - low) * (line + 0.5)) / lines;
    /** @type {number[]} */
    const cuts = [];
    for (const ring of flatArea) crossings(ring, y, cuts);
    for (const rings of flat) for (const ring of rings) crossings(ring, y, cuts);
    cuts.sort((a, b) => a - b);
    for (let index = 1; index < cuts.length; index += 1) {
      const from = cuts[index - 1] ?? 0;
      const to = cuts[index] ?? 0;
      const middle = (from + to) / 2;
      if (to - from < (high - low) * 1e-6 || !covers(flatArea, middle, y)) continue;
      const inside = flat.some((rings) => covers(rings, middle, y));
      const sum = inside ? sums.in : sums.out;
      sum[0] += middle * (to - from);
      sum[1] += y * (to - from);
      sum[2] += to - from;
      if (!inside) outside.push([back([from, y]), back([to, y])]);
    }
  }
  /** @param {number[]} sum @returns {LonLat | null} */
  const at = (sum) => (sum[2] ? back([(sum[0] ?? 0) / sum[2], (sum[1] ?? 0) / sum[2]]) : null);
  return { outside, insideAt: at(sums.in), outsideAt: at(sums.out) };
}

/**
 * @param {LonLat[]} ring
 * @param {number} y
 * @param {number[]} cuts
 */
function crossings(ring, y, cuts) {
  for (let index = 1; index < ring.length; index += 1) {
    const [x1, y1] = /** @type {LonLat} */ (ring[index - 1]);
    const [x2, y2] = /** @type {LonLat} */ (ring[index]);
    if (y1 > y === y2 > y) continue;
    cuts.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
}

/**
 * @param {LonLat[][]} rings
 * @param {number} x
 * @param {number} y
 */
function covers(rings, x, y) {
  let inside = false;
  for (const ring of rings)
    for (let index = 1; index < ring.length; index += 1) {
      const [x1, y1] = /** @type {LonLat} */ (ring[index - 1]);
      const [x2, y2] = /** @type {LonLat} */ (ring[index]);
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
  return inside;
}
