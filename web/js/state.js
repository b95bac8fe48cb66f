/**
 * What the screen knows, merged purely: an update that comes late never undoes a newer one.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Incident} Incident
 * @typedef {import("./types.js").Snapshot} Snapshot
 * @typedef {{
 *   n: number, simulated: boolean, calls: ReadonlyMap<string, Call>, incidents: ReadonlyMap<string, Incident>
 * }} State
 */

import { withDecision } from "./decided.js";

/** @returns {State} */
export function emptyState() {
  return { n: 0, simulated: false, calls: new Map(), incidents: new Map() };
}

/**
 * Takes a whole snapshot. What is newer than the snapshot stays; what the snapshot no longer has goes.
 * A snapshot that is older than what is known comes from a log that was started afresh, and replaces all
 * when `afresh` is set.
 *
 * @param {State} state
 * @param {Snapshot} snapshot
 * @param {{ afresh?: boolean }} [how]
 * @returns {State}
 */
export function mergeSnapshot(state, snapshot, { afresh = false } = {}) {
  if (afresh && snapshot.n < state.n) state = emptyState();
  return {
    n: Math.max(state.n, snapshot.n),
    simulated: snapshot.simulated,
    calls: replaced(state.calls, snapshot.calls, (call) => call.call_id, snapshot.n),
    incidents: replaced(state.incidents, snapshot.incidents, (incident) => incident.incident_id, snapshot.n),
  };
}

/**
 * @param {State} state
 * @param {Call} call
 * @returns {State}
 */
export function mergeCall(state, call) {
  const calls = newer(state.calls, call.call_id, call);
  return calls === state.calls ? state : { ...state, n: Math.max(state.n, call.n), calls };
}

/**
 * @param {State} state
 * @param {Incident} incident
 * @returns {State}
 */
export function mergeIncident(state, incident) {
  const incidents = newer(state.incidents, incident.incident_id, incident);
  return incidents === state.incidents ? state : { ...state, n: Math.max(state.n, incident.n), incidents };
}

/**
 * @template {{ n: number, jurisdiction: import("./types.js").Jurisdiction | null }} T
 * @param {ReadonlyMap<string, T>} known
 * @param {string} id
 * @param {T} item
 * @returns {ReadonlyMap<string, T>}
 */
function newer(known, id, item) {
  const before = known.get(id);
  if (before && before.n >= item.n) return known;
  return new Map(known).set(id, withDecision(item));
}

/**
 * @template {{ n: number, jurisdiction: import("./types.js").Jurisdiction | null }} T
 * @param {ReadonlyMap<string, T>} known
 * @param {T[]} items
 * @param {(item: T) => string} idOf
 * @param {number} n
 * @returns {ReadonlyMap<string, T>}
 */
function replaced(known, items, idOf, n) {
  const result = new Map([...known].filter(([, item]) => item.n > n));
  for (const item of items) {
    const before = known.get(idOf(item));
    result.set(idOf(item), before && before.n > item.n ? before : withDecision(item));
  }
  return result;
}

/**
 * A call leaves the queue when no line is open and somebody said what it was.
 *
 * @param {Call} call
 */
export function isDone(call) {
  if (call.state === "ringing" || call.state === "answered") return false;
  return call.disposition !== null || call.incident_id !== null;
}

/**
 * The queue, newest first; a call keeps its place whatever its state does.
 *
 * @param {State} state
 * @returns {Call[]}
 */
export function queue(state) {
  return [...state.calls.values()].filter((call) => !isDone(call)).sort(newestFirst);
}

/**
 * Calls that are done with, newest first.
 *
 * @param {State} state
 * @returns {Call[]}
 */
export function doneCalls(state) {
  return [...state.calls.values()].filter(isDone).sort(newestFirst);
}

/**
 * Whether somebody has to take the call now: the telephone rings, or a panic button was pressed.
 *
 * @param {Call} call
 */
export function rings(call) {
  return call.state === "ringing" || (call.state === "waiting" && call.channel === "app");
}

/**
 * Calls that ring, the one that waits longest first.
 *
 * @param {State} state
 * @returns {Call[]}
 */
export function ringing(state) {
  return queue(state).filter(rings).reverse();
}

/**
 * Open incidents, newest number first.
 *
 * @param {State} state
 * @returns {Incident[]}
 */
export function openIncidents(state) {
  return [...state.incidents.values()]
    .filter((incident) => incident.state === "open")
    .sort((a, b) => b.number - a.number);
}

/**
 * @param {Call} a
 * @param {Call} b
 */
function newestFirst(a, b) {
  if (a.received_at !== b.received_at) return a.received_at < b.received_at ? 1 : -1;
  return a.call_id < b.call_id ? 1 : -1;
}
