/**
 * The reserved place at the top of the queue: the call that rings longest, or quiet.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { arrange, byId, el } from "../dom.js";
import { t } from "../i18n.js";
import { ringing } from "../state.js";
import { timer } from "../timers.js";
import { numberOf, positionLine } from "../words.js";
import { miniShare } from "./share.js";

let shown = "";

/**
 * @param {View} view
 * @param {Actions} actions
 */
export function renderRing(view, actions) {
  const calls = ringing(view.state);
  const first = calls[0];
  const counts = { ringing: 0, answered: 0, waiting: 0, ended: 0 };
  for (const call of view.state.calls.values()) counts[call.state] += 1;
  const key = JSON.stringify([first?.call_id, first?.n, calls.length, counts, document.documentElement.lang]);
  if (key === shown) return;
  shown = key;
  arrange(byId("ring"), [first ? card(first, calls.length - 1, view, actions) : quiet(view, counts)]);
}

/**
 * @param {Call} call
 * @param {number} more
 * @param {View} view
 * @param {Actions} actions
 */
function card(call, more, view, actions) {
  const answer = el(
    "button",
    { class: "act go", type: "button" },
    el("kbd", { "aria-hidden": "true" }, "A"),
    t("act.answer"),
  );
  answer.addEventListener("click", () => {
    actions.select({ kind: "call", id: call.call_id });
    actions.answer();
  });
  return el(
    "div",
    { class: "ring", role: "group", "aria-label": t("ring.title") },
    el(
      "div",
      { class: "h" },
      el("span", {}, t(call.state === "ringing" ? "ring.title" : "ring.panic").toUpperCase()),
      el("span", { class: "sp" }),
      timer(call.ringing_at ?? call.received_at, view.format),
    ),
    el("div", { class: "big el" }, numberOf(call)),
    el("div", { class: "el s" }, positionLine(call, view.format)),
    el("div", { class: "el s m" }, where(call, view)),
    el("div", { class: "a" }, answer, more > 0 ? el("span", { class: "s m" }, t("ring.more", { n: more })) : null),
  );
}

/**
 * @param {Call} call
 * @param {View} view
 */
function where(call, view) {
  if (!call.jurisdiction) return t("position.ask");
  const text = miniShare(call.jurisdiction, view).at(-1)?.textContent ?? "";
  if (call.jurisdiction.outcome !== "straddles") return text;
  return call.jurisdiction.shares
    .slice(0, 2)
    .map((one) => `${one.nama} ${view.format.percent(one.share)}`)
    .join(" · ");
}

/**
 * @param {View} view
 * @param {Record<string, number>} counts
 */
function quiet(view, counts) {
  const last = [...view.state.calls.values()].reduce(
    (latest, call) => (call.received_at > latest ? call.received_at : latest),
    "",
  );
  const at = last ? t("ring.last", { at: view.format.clock(new Date(last)), zone: view.format.zone }) : t("calls.none");
  const tally = el("div", { class: "tally" });
  for (const state of ["ringing", "answered", "waiting", "ended"])
    tally.append(el("div", {}, el("b", {}, String(counts[state] ?? 0)), t(`tally.${state}`)));
  return el(
    "div",
    { class: "quiet" },
    el("div", { class: "big" }, t("ring.none")),
    el("div", { class: "s d" }, at),
    tally,
  );
}
