/**
 * The list of calls. Rows never slide under the pointer: while it moves over the list, new rows wait.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { arrange, byId, el } from "../dom.js";
import { t } from "../i18n.js";
import { doneCalls, queue, rings } from "../state.js";
import { secondsSince, timer } from "../timers.js";
import { numberOf, positionLine, shortCategory, shortName, stateOf } from "../words.js";
import { miniShare } from "./share.js";

/** How long a resting pointer holds the list still, in milliseconds. */
const HOLD_MS = 4000;

/** @type {Map<string, { row: HTMLLIElement, button: HTMLButtonElement, drawn: string }>} */
const rows = new Map();
/** @type {string[]} */
let order = [];
let movedAt = -HOLD_MS;
let over = false;
let filtered = "";

/** @param {() => void} release called when rows that wait may come in */
export function watchPointer(release) {
  const list = byId("calls");
  const moved = () => {
    over = true;
    movedAt = performance.now();
  };
  list.addEventListener("pointermove", moved);
  list.addEventListener("pointerenter", moved);
  list.addEventListener("pointerleave", () => {
    over = false;
    release();
  });
}

export function isHeld() {
  return over && performance.now() - movedAt < HOLD_MS;
}

/**
 * The ids in the order in which they stand on the screen, for the arrow keys.
 *
 * @returns {string[]}
 */
export function callOrder() {
  return order;
}

/**
 * @param {View} view
 * @param {Actions} actions
 */
export function renderCalls(view, actions) {
  const all = queue(view.state);
  const wanted = all.filter((call) => matches(call, view));
  // Who filters wants to see the list change.
  const held = isHeld() && view.filter === filtered;
  filtered = view.filter;
  const ids = wanted.map((call) => call.call_id);
  let waiting = 0;
  if (held) {
    const there = order.filter((id) => view.state.calls.has(id));
    waiting = ids.filter((id) => !there.includes(id)).length;
    order = there;
  } else order = ids;
  const list = byId("calls");
  arrange(
    list,
    order.map((id) => row(id, view, actions)),
  );
  list.hidden = order.length === 0;
  byId("calls-held").textContent = waiting ? t("calls.held", { n: waiting }) : "";
  const empty = byId("calls-empty");
  empty.hidden = order.length > 0;
  empty.textContent = all.length ? t("calls.nomatch") : t("calls.none");
  const oldest = all.filter((call) => call.state !== "ended").at(-1);
  const count = byId("calls-count");
  if (oldest) {
    const age = timer(oldest.received_at, view.format);
    age.className = "";
    count.replaceChildren(`${t("calls.count", { n: all.length })} `, age);
  } else count.textContent = String(all.length);
  renderDone(view, actions);
}

/**
 * @param {View} view
 * @param {Actions} actions
 */
function renderDone(view, actions) {
  const done = doneCalls(view.state).filter((call) => secondsSince(call.received_at) < 86400);
  byId("done-count").textContent = String(done.length);
  const list = byId("done");
  if (list.hidden) return;
  const found = done.filter((call) => matches(call, view)).slice(0, 200);
  arrange(
    list,
    found.map((call) => row(call.call_id, view, actions)),
  );
}

/**
 * @param {string} id
 * @param {View} view
 * @param {Actions} actions
 */
function row(id, view, actions) {
  const call = /** @type {Call} */ (view.state.calls.get(id));
  let known = rows.get(id);
  if (!known) {
    const button = el("button", { class: "q", type: "button", "data-call": id });
    button.addEventListener("click", () => actions.select({ kind: "call", id }));
    known = { row: el("li", {}, button), button, drawn: "" };
    rows.set(id, known);
  }
  const selected = view.selection?.kind === "call" && view.selection.id === id;
  if (selected) known.button.setAttribute("aria-current", "true");
  else known.button.removeAttribute("aria-current");
  const drawn = `${call.n} ${document.documentElement.lang}`;
  if (known.drawn !== drawn) {
    known.drawn = drawn;
    known.button.classList.toggle("over", call.state === "ended");
    known.button.replaceChildren(...lines(call, view));
  }
  return known.row;
}

/**
 * @param {Call} call
 * @param {View} view
 */
function lines(call, view) {
  const kind = rings(call) ? "ringing" : call.state === "waiting" ? "waiting" : "";
  const since = call.state === "answered" && call.answered_at ? call.answered_at : call.received_at;
  return [
    el(
      "span",
      {},
      el("span", { class: "st el" }, stateOf(call)),
      el("span", { class: "sp" }),
      timer(since, view.format, { kind, until: call.ended_at }),
    ),
    el(
      "span",
      {},
      el("span", { class: "no el" }, numberOf(call)),
      el("span", { class: "sp" }),
      el(
        "span",
        { class: "d s el" },
        call.category ? shortCategory(call.category) : view.format.minute(new Date(call.received_at)),
      ),
    ),
    el(
      "span",
      { class: "s m" },
      el("span", { class: "el" }, positionLine(call, view.format)),
      el("span", { class: "sp" }),
      ...miniShare(call.jurisdiction, view),
    ),
  ];
}

/**
 * @param {Call} call
 * @param {View} view
 */
function matches(call, view) {
  const wanted = view.filter.trim().toLowerCase();
  if (!wanted) return true;
  const digits = wanted.replace(/[\s.+-]/g, "");
  if (/^\d{3,}$/.test(digits) && call.number?.includes(digits.replace(/^0/, ""))) return true;
  const text = [
    stateOf(call),
    numberOf(call),
    shortName(call, view.format),
    positionLine(call, view.format),
    call.category ?? "",
    call.note,
    ...(call.jurisdiction?.kecamatan ?? []).map((one) => one.nama),
    ...(call.jurisdiction?.shares ?? []).map((one) => one.nama),
  ];
  return text.join(" ").toLowerCase().includes(wanted);
}
