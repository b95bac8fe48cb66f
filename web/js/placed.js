/**
 * What of the calls and incidents stands on the map, as plain GeoJSON.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Fix} Fix
 * @typedef {import("./types.js").Jurisdiction} Jurisdiction
 * @typedef {import("./types.js").View} View
 * @typedef {import("./circle.js").LonLat} LonLat
 * @typedef {{
 *   kind: "call" | "incident", id: string, fix: Fix, jurisdiction: Jurisdiction | null, icon: string, label: string,
 *   sel: boolean, order: number, others: Fix[]
 * }} Placed
 */

import { circleRing, destination } from "./circle.js";
import { priorityKey } from "./marks.js";
import { openIncidents, queue } from "./state.js";
import { namedSource, radiusOf, shortCategory, shortName, sourceOf } from "./words.js";

/** Below this radius a fix is drawn as a small ring, in metres. */
const RING_M = 50;

/**
 * The middle of an area; a band names its antenna, and its centre of mass lies ahead of that (RFC 7459, 5.1.1).
 *
 * @param {Fix} fix
 * @returns {LonLat}
 */
export function middleOf(fix) {
  const { opening_deg, inner_m, outer_m, start_deg } = fix;
  if (!opening_deg || opening_deg >= 360 || !outer_m) return [fix.lon_deg, fix.lat_deg];
  const inner = inner_m ?? 0;
  const half = (opening_deg * Math.PI) / 360;
  const ahead = (2 * Math.sin(half) * (outer_m ** 2 + outer_m * inner + inner ** 2)) / (3 * half * (outer_m + inner));
  return destination([fix.lon_deg, fix.lat_deg], (start_deg ?? 0) + opening_deg / 2, ahead);
}

/**
 * The rings of the 95 % area; none where the uncertainty is unknown.
 *
 * @param {Fix} fix
 * @returns {LonLat[][]}
 */
export function ringsOf(fix) {
  if (fix.outline_95) return fix.outline_95;
  return fix.radius_95_m === null ? [] : [circleRing(middleOf(fix), fix.radius_95_m)];
}

/**
 * @param {View} view
 * @returns {Placed[]}
 */
export function placedOf(view) {
  const { state, selection, format } = view;
  /** @param {string} kind @param {string} id */
  const chosen = (kind, id) => selection?.kind === kind && selection.id === id;
  /** @type {Placed[]} */
  const placed = [];
  const calls = queue(state).filter((call) => call.state !== "ended" && !call.incident_id);
  const extra = selection?.kind === "call" ? state.calls.get(selection.id) : undefined;
  if (extra && !calls.includes(extra)) calls.push(extra);
  for (const call of calls) {
    if (!call.fix) continue;
    const sel = chosen("call", call.call_id);
    const name = shortName(call, format);
    const what = `${name} ${radiusOf(call.fix, format)}`;
    const title = call.category ? `${name} ${shortCategory(call.category)}` : name;
    const label = sel ? `${title}\n${sourceOf(call.fix)} ${radiusOf(call.fix, format)}` : what;
    placed.push({
      kind: "call",
      id: call.call_id,
      fix: call.fix,
      jurisdiction: call.jurisdiction,
      icon: iconOf(call.fix),
      label,
      sel,
      order: call.state === "ringing" ? 0 : 2,
      others: sel ? othersOf(call) : [],
    });
  }
  for (const incident of openIncidents(state)) {
    if (!incident.fix) continue;
    const number = String(incident.number).padStart(4, "0");
    const sel = chosen("incident", incident.incident_id);
    const word = shortCategory(incident.category);
    const label = sel
      ? `${number} ${word}\n${sourceOf(incident.fix)} ${radiusOf(incident.fix, format)}`
      : `${number} ${word}`;
    placed.push({
      kind: "incident",
      id: incident.incident_id,
      fix: incident.fix,
      jurisdiction: incident.jurisdiction,
      icon: `p${priorityKey(incident.priority)}`,
      label,
      sel,
      order: 1,
      others: [],
    });
  }
  return placed;
}

/**
 * What is drawn beside the used position: all that counts, and what contradicts it though it counts no more.
 *
 * @param {Call} call
 */
function othersOf(call) {
  const against = new Set((call.contradictions ?? []).flatMap(({ fix_n }) => fix_n));
  return call.fixes.filter(
    (fix) => fix.status !== "used" && fix.why !== "same_as" && (fix.status === "known" || against.has(fix.n)),
  );
}

/** @param {Fix} fix */
function iconOf(fix) {
  if (fix.radius_95_m === null) return "unknown";
  return fix.radius_95_m <= RING_M ? "ring" : "cross";
}

/** @param {Placed} one */
export function point(one) {
  const { kind, id, icon, label, sel, order } = one;
  const offset = icon === "unknown" ? 1.6 : 0.95;
  return feature(
    { type: "Point", coordinates: middleOf(one.fix) },
    { kind, id, icon, label: sel ? "" : label, sel, order, offset },
  );
}

/**
 * What the selected circle is stands below it, where it covers neither its shares nor its middle.
 *
 * @param {Placed} one
 */
export function nameTag(one) {
  const radius_m = one.fix.radius_95_m ?? 0;
  const lowest = Math.min(
    ...ringsOf(one.fix)
      .flat()
      .map(([, lat]) => lat),
    middleOf(one.fix)[1],
  );
  const coordinates = [middleOf(one.fix)[0], lowest];
  const offset = one.icon === "unknown" ? 1.5 : radius_m <= RING_M || one.kind === "incident" ? 0.9 : 0.4;
  return feature({ type: "Point", coordinates }, { label: one.label, offset: [0, offset] });
}

/**
 * The names of the other positions stand on top of their areas, one for each source: a dashed line alone could be a border.
 *
 * @param {Placed} one
 */
export function otherTags(one) {
  /** @type {Map<string, Fix>} */
  const newest = new Map();
  for (const fix of one.others) {
    const name = namedSource(fix);
    if (fix.radius_95_m !== null && !newest.has(name)) newest.set(name, fix);
  }
  return [...newest].map(([label, fix]) => {
    const corners = ringsOf(fix).flat();
    const top = corners.reduce((best, corner) => (corner[1] > best[1] ? corner : best), middleOf(fix));
    return feature({ type: "Point", coordinates: top }, { label, other: true });
  });
}

/**
 * The 95 % area, and inside a circle the one that the message stated.
 *
 * @param {Placed} one
 */
export function areas(one) {
  const { radius_95_m, radius_m, outline_95 } = one.fix;
  if (radius_95_m === null) return [];
  const common = { kind: one.kind, id: one.id, sel: one.sel, radius: radius_95_m };
  const area = feature({ type: "Polygon", coordinates: ringsOf(one.fix) }, { ...common, role: "area" });
  // What else is known of the selected caller is drawn thin: it shows at a glance whether the positions agree.
  const drawn = [area, ...one.others.filter((fix) => fix.radius_95_m !== null).map((fix) => otherArea(fix, common))];
  if (!one.sel || outline_95 || radius_m === null || radius_m > radius_95_m * 0.95) return drawn;
  const stated = circleRing(middleOf(one.fix), radius_m);
  return [...drawn, feature({ type: "Polygon", coordinates: [stated] }, { ...common, role: "stated" })];
}

/**
 * @param {Fix} fix
 * @param {Record<string, string | number | boolean>} common
 */
function otherArea(fix, common) {
  return feature({ type: "Polygon", coordinates: ringsOf(fix) }, { ...common, role: "other" });
}

/**
 * @param {Placed} one
 * @param {{ insideAt: LonLat | null, outsideAt: LonLat | null }} sides
 * @param {View} view
 */
export function partLabels(one, sides, view) {
  if (one.jurisdiction?.outcome !== "straddles") return [];
  const own = one.jurisdiction.shares.find((share) => share.kode === view.info.centre.kode);
  const other = one.jurisdiction.shares.find((share) => share.kode !== view.info.centre.kode);
  /** @type {GeoJSON.Feature<GeoJSON.Point>[]} */
  const labels = [];
  if (own && sides.insideAt)
    labels.push(feature({ type: "Point", coordinates: sides.insideAt }, { label: view.format.percent(own.share) }));
  if (other && sides.outsideAt)
    labels.push(feature({ type: "Point", coordinates: sides.outsideAt }, { label: view.format.percent(other.share) }));
  return labels;
}

/**
 * @template {GeoJSON.Geometry} G
 * @param {G} geometry
 * @param {Record<string, string | number | boolean | number[]>} properties
 * @returns {GeoJSON.Feature<G>}
 */
export function feature(geometry, properties) {
  return { type: "Feature", geometry, properties };
}

/**
 * West, south, east, north of an area with room around it; of a bare place a square.
 *
 * @param {Fix} fix
 * @returns {[number, number, number, number]}
 */
export function boxOf(fix) {
  const reach_m = 330;
  const [west, south, east, north] = boxAround(middleOf(fix), reach_m);
  const corners = ringsOf(fix).flat();
  if (!corners.length) return [west, south, east, north];
  const lons = corners.map(([lon]) => lon);
  const lats = corners.map(([, lat]) => lat);
  const [l, b, r, t] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  // An area fills a good part of the picture, and its surroundings are still seen.
  const [x, y] = [(r - l) * 0.6, (t - b) * 0.6];
  return [Math.min(west, l - x), Math.min(south, b - y), Math.max(east, r + x), Math.max(north, t + y)];
}

/**
 * @param {LonLat} middle
 * @param {number} radius_m
 * @returns {[number, number, number, number]}
 */
export function boxAround(middle, radius_m) {
  const [east] = destination(middle, 90, radius_m);
  const [, north] = destination(middle, 0, radius_m);
  return [2 * middle[0] - east, 2 * middle[1] - north, east, north];
}
