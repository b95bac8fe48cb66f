/**
 * Ages that run on the screen, all by the server's clock.
 *
 * @typedef {import("./format.js").Format} Format
 */

import { el } from "./dom.js";

/** From which age a timer turns amber and red, in seconds. */
const LIMITS_S = /** @type {Record<string, [number, number]>} */ ({
  ringing: [10, 20],
  waiting: [60, 180],
  fix: [1800, Number.POSITIVE_INFINITY],
});

/** Server time less the time of this computer, in milliseconds. */
let offsetMs = 0;

/** @param {string} at time of the server as it was just heard */
export function hearServerTime(at) {
  const server = Date.parse(at);
  if (Number.isFinite(server)) offsetMs = server - Date.now();
}

export function serverNow() {
  return new Date(Date.now() + offsetMs);
}

/** @param {string} at */
export function secondsSince(at) {
  return (Date.now() + offsetMs - Date.parse(at)) / 1000;
}

/**
 * An age that goes on running; `until` stops it.
 *
 * @param {string} since
 * @param {Format} format
 * @param {{ kind?: string, until?: string | null }} [how]
 */
export function timer(since, format, { kind = "", until = null } = {}) {
  const node = el("span", { class: "t", "data-since": since, "data-kind": kind, "data-until": until });
  show(node, format);
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {Format} format
 */
function show(node, format) {
  const { since = "", until, kind = "" } = node.dataset;
  const seconds = until ? (Date.parse(until) - Date.parse(since)) / 1000 : secondsSince(since);
  const text = format.age(seconds);
  if (node.textContent !== text) node.textContent = text;
  const [amber, red] = LIMITS_S[kind] ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  node.classList.toggle("rd", seconds >= red);
  node.classList.toggle("am", seconds >= amber && seconds < red);
}

/** @param {Format} format */
export function tick(format) {
  for (const node of document.querySelectorAll("[data-since]")) show(/** @type {HTMLElement} */ (node), format);
}
