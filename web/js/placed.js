/**
 * What of the calls and incidents stands on the map, as plain GeoJSON.
 *
 * @typedef {import("./types.js").Fix} Fix
 * @typedef {import("./types.js").Jurisdiction} Jurisdiction
 * @typedef {import("./types.js").View} View
 * @typedef {import("./circle.js").LonLat} LonLat
 * @typedef {{
 *   kind: "call" | "incident", id: string, fix: Fix, jurisdiction: Jurisdiction | null, icon: string, label: string,
 *   sel: boolean, order: number
 * }} Placed
 */

import { circleRing, destination } from "./circle.js";
import { priorityKey } from "./marks.js";
import { openIncidents, queue } from "./state.js";
import { radiusOf, shortCategory, shortName, sourceOf } from "./words.js";

/** Below this radius a fix is drawn as a small ring, in metres. */
const RING_M = 50;

/**
 * @param {Fix} fix
 * @returns {LonLat}
 */
export const middleOf = (fix) => [fix.lon_deg, fix.lat_deg];

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
    });
  }
  return placed;
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
  const coordinates = destination(middleOf(one.fix), 180, radius_m);
  const offset = one.icon === "unknown" ? 1.5 : radius_m <= RING_M || one.kind === "incident" ? 0.9 : 0.4;
  return feature({ type: "Point", coordinates }, { label: one.label, offset: [0, offset] });
}

/**
 * The 95 % circle, and inside it the one that the message stated.
 *
 * @param {Placed} one
 */
export function circles(one) {
  const { radius_95_m, radius_m } = one.fix;
  if (radius_95_m === null) return [];
  const common = { kind: one.kind, id: one.id, sel: one.sel, radius: radius_95_m };
  const area = feature(
    { type: "Polygon", coordinates: [circleRing(middleOf(one.fix), radius_95_m)] },
    { ...common, role: "area" },
  );
  if (!one.sel || radius_m === null || radius_m > radius_95_m * 0.95) return [area];
  return [
    area,
    feature({ type: "Polygon", coordinates: [circleRing(middleOf(one.fix), radius_m)] }, { ...common, role: "stated" }),
  ];
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
  const labels = [];
  if (own && sides.insideAt)
    labels.push(feature({ type: "Point", coordinates: sides.insideAt }, { label: view.format.percent(own.share) }));
  if (other && sides.outsideAt)
    labels.push(feature({ type: "Point", coordinates: sides.outsideAt }, { label: view.format.percent(other.share) }));
  return labels;
}

/**
 * @param {GeoJSON.Geometry} geometry
 * @param {Record<string, string | number | boolean | number[]>} properties
 * @returns {GeoJSON.Feature}
 */
export function feature(geometry, properties) {
  return { type: "Feature", geometry, properties };
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
